#pragma once
#include "sim/core/vec2.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace throng::detail {

/// Constrained Delaunay triangulation of the convex hull of some points.
struct Triangulated {
  std::vector<std::array<std::int32_t, 3>> triangle;  ///< vertices counter-clockwise
  std::vector<std::array<std::int32_t, 3>>
      neighbour;                                      ///< across edge k = (vertex k, vertex k + 1); -1 outside the hull
  std::vector<std::array<std::int32_t, 2>> rejected;  ///< edges that cross others: a fault of the noding
};

/// @param point all points; @param used those to triangulate (rows of `point`, ascending);
/// @param edge constraints between used points that meet only in their ends.
Triangulated triangulate(const std::vector<Vec2>& point, const std::vector<std::int32_t>& used,
                         const std::vector<std::array<std::int32_t, 2>>& edge);

}  // namespace throng::detail
