#pragma once
#include "sim/core/vec2.hpp"

#include <cmath>

namespace throng::detail {

/// Sign of orient(a, b, c) without rounding error, for |coordinates| < 1e100: expansion arithmetic.
/// Shewchuk (1997), doi:10.1007/PL00009321.
int exact_orientation(Vec2 a, Vec2 b, Vec2 c);

/// +1 when a b c turn left, -1 when they turn right, 0 when they are collinear; exact.
inline int orientation(Vec2 a, Vec2 b, Vec2 c) {
  const double left = (b.x - a.x) * (c.y - a.y), right = (b.y - a.y) * (c.x - a.x);
  const double value = left - right;
  const double bound = 3.3306690738754716e-16 * (std::fabs(left) + std::fabs(right));
  if (value > bound) return 1;
  if (value < -bound) return -1;
  return exact_orientation(a, b, c);
}

}  // namespace throng::detail
