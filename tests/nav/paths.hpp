#pragma once
#include "sim/nav/navigation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

/// Walking down a field without a crowd.
namespace throng::test {

struct Trace {
  std::vector<Vec2> points;
  LevelId level{};  ///< at the end
  FaceId face{};
  double length = 0.0;
  bool arrived = false;
  int blocked = 0;           ///< steps that a wall stopped
  double clearance = 1e300;  ///< least distance to a wall of the level after the first metre [m]
};

inline double wall_distance(const World& world, Vec2 x, LevelId level) {
  double best = 1e300;
  for (const Wall& wall : world.walls())
    if (wall.level == level) best = std::min(best, distance(nearest_on_segment(x, wall.a, wall.b), x));
  return best;
}

/// Follow the directions of a field in steps of `step` [m] until inside the place or `limit` metres.
inline Trace follow(const Navigation& navigation, const DistanceField& field, PlaceId goal,
                    const std::vector<DoorState>& doors, Vec2 x, LevelId level, double limit = 2000.0,
                    double step = 0.05) {
  const World& world = navigation.world();
  Trace out;
  const auto start = world.locate(x, level);
  if (!start) return out;
  out.face = *start;
  out.points.push_back(x);
  while (out.length < limit) {
    out.level = world.mesh().face[index(out.face)].level;
    if (world.in_place(out.face, goal)) {
      out.arrived = true;
      break;
    }
    const Vec2 e = navigation.direction(field, x, out.level, out.face);
    if (norm(e) < 0.5) break;
    const Stride stride = walk_and_slide(world.mesh(), doors, out.face, x, x + step * e);
    const Stride straight = walk(world.mesh(), doors, out.face, x, x + step * e);
    if (straight.blocked) ++out.blocked;
    const double moved = distance(x, stride.position);
    if (moved < 1e-4) break;
    out.length += step;
    x = stride.position;
    out.face = stride.face;
    out.points.push_back(x);
    if (out.length > 1.0) out.clearance = std::min(out.clearance, wall_distance(world, x, out.level));
  }
  return out;
}

}  // namespace throng::test
