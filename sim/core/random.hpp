#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"

#include <array>
#include <cstdint>

namespace throng {

/// What a random number is for. Values have gaps so that new purposes never shift old ones.
enum class Stream : std::uint32_t {
  demand = 0x1000,
  desired_speed = 0x2000,
  population_class = 0x2100,
  age = 0x2200,
  journey = 0x3000,
  transition = 0x3100,
  dwell = 0x3200,
  service = 0x3300,
  spot = 0x3400,
  reroute = 0x4000,
  insertion = 0x5000,
  model = 0x6000,
  ensemble = 0x7000,
  sensor = 0x8000,
  test = 0xF000,
};

/// One block of Philox4x32-10. Salmon et al. (2011), doi:10.1145/2063384.2063405.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// Random numbers with an address and no memory: the same (seed, stream, subject, tick) gives the same draws anywhere,
/// in any order, on any thread. Each draw advances only this value's own draw counter.
class Random {
 public:
  Random(std::uint64_t seed, Stream stream, std::uint32_t subject, Tick tick);
  std::uint32_t bits();                     ///< uniform 32 bits
  double uniform();                         ///< uniform in (0, 1), 52-bit resolution, never 0 or 1
  double uniform(double low, double high);  ///< uniform in (low, high)
  std::uint32_t below(std::uint32_t n);     ///< uniform in [0, n); n >= 1; multiply-shift, bias < n / 2^32
  double normal();                          ///< standard normal by inversion (Acklam, one Halley step)
  double normal(double mean, double sd) { return mean + sd * normal(); }
  double truncated_normal(double mean, double sd, double low, double high);  ///< by inversion inside [low, high]
  double exponential(double mean);                                           ///< [unit of mean]
  double lognormal(double mu, double sigma);
  double gamma(double shape, double scale);  ///< Marsaglia and Tsang (2000), doi:10.1145/358407.358414
  double weibull(double scale, double shape);
  std::uint32_t poisson(double mean);  ///< by inversion below 30, else by halving the mean

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  int used_ = 4;
};

/// Seed of member k of an ensemble or replication k of a run; k = 0 gives the seed itself.
std::uint64_t derive(std::uint64_t seed, std::uint64_t k);

}  // namespace throng
