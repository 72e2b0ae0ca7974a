#pragma once
#include "sim/fields/ground_grid.hpp"
#include "sim/fields/people.hpp"

#include <cstdint>
#include <vector>

namespace throng {

/// The worst place of an area: the densest 5 x 5 m square.
struct LocalMaximum {
  float density = 0.0F;  ///< [1/m²]
  Vec2 at;               ///< centre of the square [m]
};

/// Density of every 5 x 5 m square moved in 1 m steps, as the mean over the last 30 s, divided by the walkable area of
/// the square, which must be at least 12.5 m². A zone mean hides a crush; this does not. Squares belong to the zone
/// that holds their central cell. The averaging area and time follow the practice of 10 m² or more and 30 s or more
/// that the thresholds were stated for (docs/methods/measures.md).
class LocalDensity {
 public:
  static constexpr double cell = 1.0;             ///< [m]
  static constexpr int square = 5;                ///< [cells]
  static constexpr double least_area = 12.5;      ///< [m²]
  static constexpr double averaging_time = 30.0;  ///< [s]

  /// @param sample_interval time between calls of add() [s] (> 0)
  LocalDensity(const World&, double sample_interval);
  /// Take one sample.
  void add(const World&, const PeopleView&);
  /// Recompute the density of all squares from the samples of the last 30 s, and the maximum over the run.
  void evaluate();
  /// Worst square of zone z (index into World::zones()) at the last evaluation.
  LocalMaximum zone_maximum(std::size_t z) const;
  /// Does any square belong to zone z? Narrow alleys have none and are judged on their own mean.
  bool has_squares(std::size_t z) const { return !zones_[z].cells.empty(); }
  static std::size_t window(double sample_interval);  ///< samples in the averaging time (>= 1)
  const std::vector<GroundGrid>& grids() const { return grids_; }
  /// (rows x columns) of grid g: maximum over the run so far [1/m²]; NaN where the square holds too little ground.
  std::vector<float> peak(std::size_t g) const;

 private:
  struct Sheet {
    std::vector<std::int32_t> count;   ///< (cells) people seen in the window
    std::vector<float> inverse_area;   ///< (cells) 1 / walkable area of the square around the cell; 0 = too little
    std::vector<std::int32_t> square;  ///< (cells) scratch: people in the square around the cell
    std::vector<std::int32_t> strip;   ///< (cells) scratch: sums along rows
    std::vector<float> density, peak;  ///< (cells) [1/m²]
  };
  std::vector<GroundGrid> grids_;
  std::vector<Sheet> sheets_;
  struct ZoneCells {
    std::size_t sheet = 0;
    std::vector<std::int32_t> cells;
  };
  std::vector<ZoneCells> zones_;
  std::size_t window_;                                                     ///< samples in 30 s
  std::vector<std::vector<std::pair<std::uint16_t, std::int32_t>>> ring_;  ///< (window) cells of each sample
  std::size_t next_ = 0, filled_ = 0;
};

}  // namespace throng
