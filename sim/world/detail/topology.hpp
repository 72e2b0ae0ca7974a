#pragma once
#include "sim/world/world.hpp"

#include <cstdint>
#include <vector>

namespace throng::detail {

/// Blocked edges, one for both sides of a barrier, joined along straight runs. A dropped point lies within 1 mm of its
/// wall. Walls with ground on one side only have it on their left.
std::vector<Wall> collect_walls(const WorldData&);

/// Border rings per level. Parts are joined by shared edges of the level, whatever stands on them.
std::vector<LevelOutline> collect_outlines(const WorldData&);

/// Parts of the ground that hang together with all doors open, across sheets, largest first; `face_component` gets one
/// number per face.
std::vector<Component> collect_components(const WorldData&, std::vector<std::int32_t>& face_component);

FaceGrid make_grid(const WorldData&, LevelId);

/// Drop points of a closed ring that lie within `tolerance` [m] of the line between their kept neighbours.
Ring without_collinear_points(const Ring&, double tolerance);

}  // namespace throng::detail
