#include "sim/core/random.hpp"

#include "sim/core/math.hpp"

namespace throng {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> c, std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * c[2];
    c = {static_cast<std::uint32_t>(b >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(b),
         static_cast<std::uint32_t>(a >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(a)};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  return c;
}

// Counter: {subject, tick low, tick high (16) | draw block (16), stream}.
Random::Random(std::uint64_t seed, Stream stream, std::uint32_t subject, Tick tick)
    : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
      counter_{subject, static_cast<std::uint32_t>(tick.count), static_cast<std::uint32_t>(tick.count >> 32) << 16,
               static_cast<std::uint32_t>(stream)} {}

std::uint32_t Random::bits() {
  if (used_ == 4) {
    block_ = philox(counter_, key_);
    ++counter_[2];
    used_ = 0;
  }
  return block_[static_cast<std::size_t>(used_++)];
}

double Random::uniform() {
  const std::uint64_t high = bits();
  const std::uint64_t low = bits();
  const std::uint64_t mantissa = ((high << 32) | low) >> 12;  // 52 bits
  return (static_cast<double>(mantissa) + 0.5) * 0x1p-52;
}

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

std::uint32_t Random::below(std::uint32_t n) { return static_cast<std::uint32_t>((std::uint64_t{bits()} * n) >> 32); }

double Random::normal() { return inverse_normal_cdf(uniform()); }

double Random::truncated_normal(double mean, double sd, double low, double high) {
  if (sd <= 0.0) return mean < low ? low : (mean > high ? high : mean);
  const double a = normal_cdf((low - mean) / sd);
  const double b = normal_cdf((high - mean) / sd);
  const double x = mean + sd * inverse_normal_cdf(a + (b - a) * uniform());
  return x < low ? low : (x > high ? high : x);
}

double Random::exponential(double mean) { return -mean * math::log(uniform()); }
double Random::lognormal(double mu, double sigma) { return math::exp(mu + sigma * normal()); }

double Random::gamma(double shape, double scale) {
  if (shape < 1.0) {
    const double boost = math::exp(math::log(uniform()) / shape);
    return gamma(shape + 1.0, scale) * boost;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = normal();
    const double v0 = 1.0 + c * x;
    if (v0 <= 0.0) continue;
    const double v = v0 * v0 * v0;
    if (math::log(uniform()) < 0.5 * x * x + d - d * v + d * math::log(v)) return d * v * scale;
  }
}

double Random::weibull(double scale, double shape) {
  return scale * math::exp(math::log(-math::log(uniform())) / shape);
}

std::uint32_t Random::poisson(double mean) {
  if (!(mean > 0.0)) return 0;
  if (mean > 30.0) return poisson(0.5 * mean) + poisson(0.5 * mean);
  const double limit = math::exp(-mean);
  double product = uniform();
  std::uint32_t n = 0;
  while (product > limit) {
    product *= uniform();
    ++n;
  }
  return n;
}

std::uint64_t derive(std::uint64_t seed, std::uint64_t k) {
  if (k == 0) return seed;
  const auto block = philox({static_cast<std::uint32_t>(k), static_cast<std::uint32_t>(k >> 32), 0,
                             static_cast<std::uint32_t>(Stream::ensemble)},
                            {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
  return (std::uint64_t{block[0]} << 32) | block[1];
}

}  // namespace throng
