#pragma once
#include "sim/world/world.hpp"

#include <cmath>

namespace throng::test {

/// Where a straight walk should end by comparing it with every blocked edge. For tests with one sheet.
struct BruteForce {
  Vec2 position;
  bool blocked = false;
  bool grazes = false;  ///< touches an end of a wall within 1e-5 m: either answer is right
  double tolerance = 1e-5;
};

inline BruteForce brute_force_end(const World& world, Vec2 from, Vec2 to, LevelId level = LevelId{0}) {
  BruteForce out{to};
  double first = 1.0;
  const Vec2 way = to - from;
  const double length = norm(way);
  for (const MeshFace& face : world.mesh().face) {
    if (face.level != level) continue;
    for (std::size_t k = 0; k < 3; ++k) {
      if (face.barrier[k] != edge_wall) continue;
      const Vec2 a = world.mesh().vertex[static_cast<std::size_t>(face.vertex[k])];
      const Vec2 b = world.mesh().vertex[static_cast<std::size_t>(face.vertex[(k + 1) % 3])];
      if (distance(nearest_on_segment(a, from, to), a) < 1e-5) out.grazes = true;
      if (distance(nearest_on_segment(from, a, b), from) < 1e-5 || distance(nearest_on_segment(to, a, b), to) < 1e-5)
        out.grazes = true;
      const double ha = cross(way, a - from), hb = cross(way, b - from);
      const double hf = cross(b - a, from - a), ht = cross(b - a, to - a);
      if ((ha > 0) == (hb > 0) || (hf > 0) == (ht > 0)) continue;
      const double t = hf / (hf - ht);
      if (t >= first) continue;
      first = t;
      out.blocked = true;
      out.position = from + t * way;
      out.tolerance = 1e-6 + 4e-6 * length * distance(a, b) / std::fabs(hf - ht);
    }
  }
  return out;
}

}  // namespace throng::test
