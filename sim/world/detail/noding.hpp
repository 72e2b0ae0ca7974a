#pragma once
#include "sim/core/vec2.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace throng::detail {

/// Segments cut wherever they meet, so that any two pieces share at most an end.
struct Noded {
  std::vector<Vec2> vertex;                      ///< on a grid of 2^-20 m; farther apart than the tolerance
  std::vector<std::vector<std::int32_t>> chain;  ///< (segments) vertices from a to b; one vertex when it collapsed
  std::vector<Vec2> unresolved;                  ///< crossings that could not be resolved; empty but for absurd input
};

/// Tolerance noding: ends nearer than `tolerance` [m] become one vertex, segments are led through vertices nearer than
/// that, crossings become vertices; repeated until nothing crosses. A point moves by little more than the tolerance.
/// Decisions rest on exact orientation tests and do not depend on the order or the direction of the segments. After
/// iterated snap rounding: Halperin and Packer (2002), doi:10.1016/S0925-7721(01)00064-5.
/// @param rank of each segment; lower ranks keep their place: points of higher ranks move onto points and segments of
/// rank 0 that are near.
Noded node_segments(const std::vector<std::array<Vec2, 2>>& segments, const std::vector<int>& rank, double tolerance);

/// Nearest point of the grid on which noding works.
Vec2 on_grid(Vec2);

}  // namespace throng::detail
