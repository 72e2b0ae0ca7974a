#pragma once
#include "sim/fields/ground_grid.hpp"
#include "sim/fields/people.hpp"

#include <vector>

namespace throng {

/// Classic density on a grid: people in a cell divided by its walkable area, mean over the samples since the last
/// take(). Cells with less than a tenth of walkable ground are left out (NaN): a handful of square centimetres has no
/// density.
class DensityField {
 public:
  DensityField(const World&, double cell);
  void add(const World&, const PeopleView&);  ///< one sample
  struct Means {
    std::vector<float> density;  ///< (rows x columns) [1/m²]; NaN off the ground
    std::vector<float> speed;    ///< (rows x columns) [m/s]; NaN where nobody was
  };
  Means take(std::size_t grid);                         ///< of one grid since the last take of it
  std::vector<float> run_mean(std::size_t grid) const;  ///< density over all samples so far
  const std::vector<GroundGrid>& grids() const { return grids_; }

 private:
  struct Sheet {
    std::vector<std::uint32_t> people, total;  ///< (cells) since the last take, and in all
    std::vector<float> speed;                  ///< (cells) sum of speeds [m/s]
    std::uint64_t samples = 0, all_samples = 0;
  };
  std::vector<GroundGrid> grids_;
  std::vector<Sheet> sheets_;
};

}  // namespace throng
