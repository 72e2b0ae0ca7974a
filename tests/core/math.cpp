#include "sim/core/math.hpp"

#include "sim/core/random.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;

namespace {
double relative_error(double got, double want) { return std::fabs(got - want) / std::max(1e-300, std::fabs(want)); }
}  // namespace

TEST_CASE("own elementary functions agree with the C library to a few units in the last place", "[core][unit]") {
  Random random(7, Stream::test, 0, Tick{0});
  for (int i = 0; i < 200000; ++i) {
    const double x = random.uniform(-700.0, 700.0);
    REQUIRE(relative_error(math::exp(x), std::exp(x)) < 4e-15);
    const double small = random.uniform(-1.0, 1.0);
    REQUIRE(relative_error(math::exp(small), std::exp(small)) < 4e-15);
    const double positive = std::exp(x);
    REQUIRE(std::fabs(math::log(positive) - std::log(positive)) < 4e-15 * std::max(1.0, std::fabs(x)));
    const double angle = random.uniform(-1000.0, 1000.0);
    REQUIRE(std::fabs(math::sin(angle) - std::sin(angle)) < 4e-15);
    REQUIRE(std::fabs(math::cos(angle) - std::cos(angle)) < 4e-15);
    const double a = random.uniform(-3.0, 3.0);
    const double b = random.uniform(-3.0, 3.0);
    REQUIRE(std::fabs(math::atan2(a, b) - std::atan2(a, b)) < 4e-15);
  }
}

TEST_CASE("elementary functions have the right edges", "[core][unit]") {
  CHECK(math::exp(0.0) == 1.0);
  CHECK(math::exp(-1e4) == 0.0);
  CHECK(std::isinf(math::exp(1e4)));
  CHECK(math::log(1.0) == 0.0);
  CHECK(std::isnan(math::log(-1.0)));
  CHECK(std::isinf(math::log(0.0)));
  CHECK(relative_error(math::log(5e-310), std::log(5e-310)) < 1e-14);
  CHECK(math::atan2(0.0, 0.0) == 0.0);
  CHECK(math::atan2(0.0, -1.0) == Approx(math::pi));
  CHECK(math::pow(2.0, 10.0) == Approx(1024.0));
}

TEST_CASE("the normal distribution function and its inverse undo each other", "[core][unit]") {
  CHECK(normal_cdf(0.0) == Approx(0.5).margin(1e-15));
  CHECK(normal_cdf(1.959963984540054) == Approx(0.975).margin(1e-12));
  for (double p = 0.0005; p < 1.0; p += 0.0005) {
    CHECK(normal_cdf(inverse_normal_cdf(p)) == Approx(p).margin(1e-11));
    CHECK(inverse_normal_cdf(p) == Approx(-inverse_normal_cdf(1.0 - p)).margin(1e-9));
  }
}
