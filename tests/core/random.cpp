#include "sim/core/random.hpp"

#include "sim/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

using namespace throng;

TEST_CASE("Philox gives the published test vectors", "[core][unit]") {
  // Known answers of Random123 1.14 (kat_vectors, philox4x32 10).
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
        Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a random number depends on its address only", "[core][unit]") {
  Random first(42, Stream::dwell, 17, Tick{1000});
  Random again(42, Stream::dwell, 17, Tick{1000});
  Random other(42, Stream::dwell, 18, Tick{1000});
  int equal = 0;
  for (int i = 0; i < 1000; ++i) {
    const double x = first.uniform();
    REQUIRE(x == again.uniform());
    equal += x == other.uniform() ? 1 : 0;
  }
  CHECK(equal == 0);
}

namespace {
/// Kolmogorov-Smirnov distance times sqrt(n); above 1.63 is p < 0.01.
template <class Cdf>
double kolmogorov(std::vector<double> sample, Cdf cdf) {
  std::sort(sample.begin(), sample.end());
  const double n = static_cast<double>(sample.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double f = cdf(sample[i]);
    distance =
        std::max({distance, std::fabs(f - static_cast<double>(i) / n), std::fabs(f - static_cast<double>(i + 1) / n)});
  }
  return distance * std::sqrt(n);
}
template <class Draw>
std::vector<double> sample(Draw draw) {
  std::vector<double> out;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    Random random(3, Stream::test, i, Tick{5});
    out.push_back(draw(random));
  }
  return out;
}
}  // namespace

TEST_CASE("own distributions follow their laws", "[core][unit]") {
  CHECK(kolmogorov(sample([](Random& r) { return r.uniform(); }), [](double x) { return x; }) < 1.63);
  CHECK(kolmogorov(sample([](Random& r) { return r.normal(1.0, 2.0); }),
                   [](double x) { return normal_cdf((x - 1.0) / 2.0); }) < 1.63);
  CHECK(kolmogorov(sample([](Random& r) { return r.exponential(3.0); }),
                   [](double x) { return 1.0 - math::exp(-x / 3.0); }) < 1.63);
  CHECK(kolmogorov(sample([](Random& r) { return r.weibull(139.285, 1.195); }),
                   [](double x) { return 1.0 - math::exp(-math::pow(x / 139.285, 1.195)); }) < 1.63);
  CHECK(kolmogorov(sample([](Random& r) { return r.lognormal(0.5, 0.8); }),
                   [](double x) { return normal_cdf((math::log(x) - 0.5) / 0.8); }) < 1.63);
  const double a = normal_cdf((0.6 - 1.34) / 0.26);
  const double b = normal_cdf((2.0 - 1.34) / 0.26);
  CHECK(kolmogorov(sample([](Random& r) { return r.truncated_normal(1.34, 0.26, 0.6, 2.0); }),
                   [&](double x) { return (normal_cdf((x - 1.34) / 0.26) - a) / (b - a); }) < 1.63);
}

TEST_CASE("gamma and Poisson draws have their mean and variance", "[core][unit]") {
  const auto moments = [](const std::vector<double>& xs) {
    double mean = 0.0, square = 0.0;
    for (const double x : xs) mean += x, square += x * x;
    mean /= static_cast<double>(xs.size());
    return std::pair{mean, square / static_cast<double>(xs.size()) - mean * mean};
  };
  const auto [gamma_mean, gamma_var] = moments(sample([](Random& r) { return r.gamma(1.291, 103.901); }));
  CHECK(gamma_mean == Approx(1.291 * 103.901).epsilon(0.03));
  CHECK(gamma_var == Approx(1.291 * 103.901 * 103.901).epsilon(0.06));
  for (const double mean : {0.02, 0.9, 12.0, 80.0}) {
    const auto [m, v] = moments(sample([&](Random& r) { return static_cast<double>(r.poisson(mean)); }));
    CHECK(m == Approx(mean).epsilon(0.08));
    CHECK(v == Approx(mean).epsilon(0.12));
  }
}

TEST_CASE("replications have distinct seeds and the first keeps its own", "[core][unit]") {
  CHECK(derive(99, 0) == 99);
  std::vector<std::uint64_t> seeds;
  for (std::uint64_t k = 0; k < 1000; ++k) seeds.push_back(derive(99, k));
  std::sort(seeds.begin(), seeds.end());
  CHECK(std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end());
}
