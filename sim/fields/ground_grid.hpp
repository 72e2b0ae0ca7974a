#pragma once
#include "sim/world/world.hpp"

#include <cstdint>
#include <vector>

namespace throng {

/// A regular grid over one level with the walkable area in each cell, clipped exactly from the mesh.
struct GroundGrid {
  LevelId level{};
  Vec2 origin;        ///< lower left corner [m]
  double cell = 1.0;  ///< [m] (> 0)
  int rows = 0, columns = 0;
  std::vector<float> area;  ///< (rows x columns) walkable [m²], row 0 in the south

  /// Row-major cell of a point; -1 outside the grid.
  int cell_of(Vec2 x) const {
    const int column = static_cast<int>(std::floor((x.x - origin.x) / cell));
    const int row = static_cast<int>(std::floor((x.y - origin.y) / cell));
    return column < 0 || row < 0 || column >= columns || row >= rows ? -1 : row * columns + column;
  }
  Vec2 centre(int index) const {
    return {origin.x + (index % columns + 0.5) * cell, origin.y + (index / columns + 0.5) * cell};
  }
};

/// One grid per level, with lower left corners on multiples of the cell size.
/// @param cell [m] (>= 0.25)
std::vector<GroundGrid> make_ground_grids(const World&, double cell);

}  // namespace throng
