#pragma once
#include "sim/fields/people.hpp"
#include "sim/world/world.hpp"

#include <cstdint>
#include <vector>

namespace throng {

/// Means of one zone over a time.
struct ZoneMeans {
  double people = 0.0;   ///< mean number inside
  double density = 0.0;  ///< [1/m²]
  double speed = 0.0;    ///< space-mean speed of those present [m/s]; NaN when nobody was
  double flow = 0.0;     ///< specific flow: density * speed [1/(m s)]
  double waiting = 0.0;  ///< mean number queueing
};

/// Counts who is in which zone. People belong to a zone by the mesh face they stand on, exactly.
class ZoneMeter {
 public:
  /// @param window samples that recent_density() looks back on (>= 1)
  explicit ZoneMeter(const World&, std::size_t window = 1);
  void add(const PeopleView&);                                        ///< one sample
  std::uint32_t present(std::size_t z) const { return present_[z]; }  ///< at the last sample
  double recent_density(std::size_t z) const;                         ///< mean over the last `window` samples [1/m²]
  double recent_flow(std::size_t z) const;                            ///< specific flow over them [1/(m s)]
  ZoneMeans means(std::size_t z) const;                               ///< over the samples since reset()
  void reset();

 private:
  struct Sum {
    std::uint64_t people = 0, waiting = 0;
    double speed = 0.0;
  };
  const World& world_;
  std::vector<std::int32_t> begin_;  ///< (faces + 1) CSR into zone_
  std::vector<std::uint32_t> zone_;
  std::vector<Sum> sum_;
  std::vector<std::uint32_t> present_;
  std::uint64_t samples_ = 0;
  std::vector<std::vector<std::uint32_t>> ring_;  ///< (window)(zones) present in the last samples
  std::vector<std::uint64_t> recent_;             ///< (zones) sum over ring_
  std::vector<std::vector<double>> speeds_;       ///< (window)(zones) sum of speeds in the last samples [m/s]
  std::size_t next_ = 0, filled_ = 0;
};

}  // namespace throng
