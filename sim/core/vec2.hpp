#pragma once
#include <cmath>

namespace throng {

/// A point or vector in the site frame: x east, y north [m] unless said otherwise.
struct Vec2 {
  double x{};
  double y{};
  friend constexpr Vec2 operator+(Vec2 a, Vec2 b) { return {a.x + b.x, a.y + b.y}; }
  friend constexpr Vec2 operator-(Vec2 a, Vec2 b) { return {a.x - b.x, a.y - b.y}; }
  friend constexpr Vec2 operator*(double s, Vec2 a) { return {s * a.x, s * a.y}; }
  friend constexpr Vec2 operator*(Vec2 a, double s) { return {s * a.x, s * a.y}; }
  friend constexpr Vec2 operator/(Vec2 a, double s) { return {a.x / s, a.y / s}; }
  friend constexpr Vec2 operator-(Vec2 a) { return {-a.x, -a.y}; }
  constexpr Vec2& operator+=(Vec2 b) { return *this = *this + b; }
  constexpr Vec2& operator-=(Vec2 b) { return *this = *this - b; }
  friend constexpr bool operator==(const Vec2&, const Vec2&) = default;
};

constexpr double dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
constexpr double cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }
/// Twice the signed area of triangle a b c; > 0 when counter-clockwise [m²].
constexpr double orient(Vec2 a, Vec2 b, Vec2 c) { return cross(b - a, c - a); }
/// Left normal (rotated by +90°).
constexpr Vec2 perp(Vec2 a) { return {-a.y, a.x}; }
constexpr double norm2(Vec2 a) { return dot(a, a); }
inline double norm(Vec2 a) { return std::sqrt(norm2(a)); }
inline double distance(Vec2 a, Vec2 b) { return norm(a - b); }
/// Unit vector of a, or `otherwise` when a is (nearly) zero.
inline Vec2 normalized(Vec2 a, Vec2 otherwise = {}) {
  const double length = norm(a);
  return length > 1e-12 ? a / length : otherwise;
}
inline bool is_finite(Vec2 a) { return std::isfinite(a.x) && std::isfinite(a.y); }

/// Point of segment a b nearest to x.
inline Vec2 nearest_on_segment(Vec2 x, Vec2 a, Vec2 b) {
  const Vec2 s = b - a;
  const double length2 = norm2(s);
  if (length2 <= 0.0) return a;
  double t = dot(x - a, s) / length2;
  t = t < 0.0 ? 0.0 : (t > 1.0 ? 1.0 : t);
  return a + t * s;
}

/// Axis-aligned box [m].
struct Box {
  Vec2 min{1e300, 1e300};
  Vec2 max{-1e300, -1e300};
  void add(Vec2 p) {
    min = {p.x < min.x ? p.x : min.x, p.y < min.y ? p.y : min.y};
    max = {p.x > max.x ? p.x : max.x, p.y > max.y ? p.y : max.y};
  }
  bool empty() const { return min.x > max.x; }
  bool contains(Vec2 p) const { return p.x >= min.x && p.x <= max.x && p.y >= min.y && p.y <= max.y; }
  Vec2 size() const { return max - min; }
};

}  // namespace throng
