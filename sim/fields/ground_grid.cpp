#include "sim/fields/ground_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace throng {
namespace {

/// A convex polygon of at most 16 points: a triangle clipped by four half planes has at most 7.
struct SmallPolygon {
  std::array<Vec2, 16> point;
  int n = 0;
  void add(Vec2 p) { point[static_cast<std::size_t>(n++)] = p; }
  double area() const {
    double twice = 0.0;
    for (int i = 1; i + 1 < n; ++i)
      twice += orient(point[0], point[static_cast<std::size_t>(i)], point[static_cast<std::size_t>(i + 1)]);
    return 0.5 * twice;
  }
};

/// Part of a polygon where sign * (coordinate - limit) >= 0. Sutherland and Hodgman (1974), doi:10.1145/360767.360802.
template <class Coordinate>
SmallPolygon clip(const SmallPolygon& in, Coordinate coordinate, double limit, double sign) {
  SmallPolygon out;
  for (int i = 0; i < in.n; ++i) {
    const Vec2 a = in.point[static_cast<std::size_t>(i)];
    const Vec2 b = in.point[static_cast<std::size_t>((i + 1) % in.n)];
    const double da = sign * (coordinate(a) - limit);
    const double db = sign * (coordinate(b) - limit);
    if (da >= 0.0) out.add(a);
    if ((da >= 0.0) != (db >= 0.0)) out.add(a + (da / (da - db)) * (b - a));
  }
  return out;
}

void add_triangle(GroundGrid& grid, const std::array<Vec2, 3>& corners) {
  const auto x = [](Vec2 p) { return p.x; };
  const auto y = [](Vec2 p) { return p.y; };
  SmallPolygon triangle;
  Box box;
  for (const Vec2 p : corners) triangle.add(p), box.add(p);
  const auto first = [&](double value, double origin) {
    return static_cast<int>(std::floor((value - origin) / grid.cell));
  };
  const int row_end = std::min(grid.rows - 1, first(box.max.y, grid.origin.y));
  for (int row = std::max(0, first(box.min.y, grid.origin.y)); row <= row_end; ++row) {
    const double south = grid.origin.y + row * grid.cell;
    const SmallPolygon strip = clip(clip(triangle, y, south, 1.0), y, south + grid.cell, -1.0);
    if (strip.n < 3) continue;
    Box part;
    for (int i = 0; i < strip.n; ++i) part.add(strip.point[static_cast<std::size_t>(i)]);
    const int column_end = std::min(grid.columns - 1, first(part.max.x, grid.origin.x));
    for (int column = std::max(0, first(part.min.x, grid.origin.x)); column <= column_end; ++column) {
      const double west = grid.origin.x + column * grid.cell;
      const SmallPolygon piece = clip(clip(strip, x, west, 1.0), x, west + grid.cell, -1.0);
      if (piece.n >= 3)
        grid.area[static_cast<std::size_t>(row * grid.columns + column)] += static_cast<float>(piece.area());
    }
  }
}

}  // namespace

std::vector<GroundGrid> make_ground_grids(const World& world, double cell) {
  const WalkableMesh& mesh = world.mesh();
  const auto corners = [&](const MeshFace& face) {
    std::array<Vec2, 3> out;
    for (std::size_t k = 0; k < 3; ++k) out[k] = mesh.vertex[static_cast<std::size_t>(face.vertex[k])];
    return out;
  };
  std::vector<GroundGrid> grids;
  for (const Level& level : world.levels()) {
    Box box;
    for (const MeshFace& face : mesh.face)
      if (face.level == level.id)
        for (const Vec2 p : corners(face)) box.add(p);
    if (box.empty()) box.add({0.0, 0.0});
    GroundGrid grid;
    grid.level = level.id;
    grid.cell = cell;
    grid.origin = {std::floor(box.min.x / cell) * cell, std::floor(box.min.y / cell) * cell};
    grid.columns = static_cast<int>(std::floor((box.max.x - grid.origin.x) / cell)) + 1;
    grid.rows = static_cast<int>(std::floor((box.max.y - grid.origin.y) / cell)) + 1;
    grid.area.assign(static_cast<std::size_t>(grid.rows) * static_cast<std::size_t>(grid.columns), 0.0F);
    for (const MeshFace& face : mesh.face)
      if (face.level == level.id) add_triangle(grid, corners(face));
    grids.push_back(std::move(grid));
  }
  return grids;
}

}  // namespace throng
