#include "sim/world/detail/topology.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace throng::detail {
namespace {

constexpr double margin = 1e-6;  // faces are registered a little beyond their border [m]

std::array<Vec2, 3> corners(const WalkableMesh& mesh, const MeshFace& face) {
  return {mesh.vertex[static_cast<std::size_t>(face.vertex[0])], mesh.vertex[static_cast<std::size_t>(face.vertex[1])],
          mesh.vertex[static_cast<std::size_t>(face.vertex[2])]};
}

/// Range of x of a triangle within y0 <= y <= y1; empty (first > second) when it does not reach there.
std::array<double, 2> span_in_strip(const std::array<Vec2, 3>& t, double y0, double y1) {
  std::array<double, 2> range{1e300, -1e300};
  const auto add = [&](double x) { range = {std::min(range[0], x), std::max(range[1], x)}; };
  for (std::size_t k = 0; k < 3; ++k) {
    const Vec2 a = t[k], b = t[(k + 1) % 3];
    if (a.y >= y0 && a.y <= y1) add(a.x);
    for (const double y : {y0, y1})
      if ((a.y < y) != (b.y < y)) add(a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)));
  }
  return range;
}

}  // namespace

FaceGrid make_grid(const WorldData& data, LevelId level) {
  FaceGrid grid;
  grid.level = level;
  Box box;
  std::size_t n_faces = 0;
  for (const MeshFace& face : data.mesh.face) {
    if (face.level != level) continue;
    ++n_faces;
    for (const Vec2 p : corners(data.mesh, face)) box.add(p);
  }
  if (n_faces == 0) return grid;
  const Vec2 size = box.size();
  grid.cell = std::max({1.0, std::sqrt(size.x * size.y / (4.0 * static_cast<double>(n_faces) + 16.0)),
                        std::max(size.x, size.y) / 4096.0});
  grid.origin = box.min;
  grid.nx = static_cast<int>(std::floor(size.x / grid.cell)) + 1;
  grid.ny = static_cast<int>(std::floor(size.y / grid.cell)) + 1;
  const auto column = [&](double x) {
    return std::clamp(static_cast<int>(std::floor((x - grid.origin.x) / grid.cell)), 0, grid.nx - 1);
  };
  const auto row = [&](double y) {
    return std::clamp(static_cast<int>(std::floor((y - grid.origin.y) / grid.cell)), 0, grid.ny - 1);
  };
  const auto each_cell = [&](auto&& visit) {
    for (std::size_t f = 0; f < data.mesh.face.size(); ++f) {
      if (data.mesh.face[f].level != level) continue;
      const auto t = corners(data.mesh, data.mesh.face[f]);
      const int j0 = row(std::min({t[0].y, t[1].y, t[2].y}) - margin);
      const int j1 = row(std::max({t[0].y, t[1].y, t[2].y}) + margin);
      for (int j = j0; j <= j1; ++j) {
        const double y = grid.origin.y + j * grid.cell;
        const auto range = span_in_strip(t, y - margin, y + grid.cell + margin);
        if (range[0] > range[1]) continue;
        for (int i = column(range[0] - margin); i <= column(range[1] + margin); ++i)
          visit(static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.nx) + static_cast<std::size_t>(i), f);
      }
    }
  };
  const std::size_t n_cells = static_cast<std::size_t>(grid.nx) * static_cast<std::size_t>(grid.ny);
  grid.begin.assign(n_cells + 1, 0);
  each_cell([&](std::size_t cell, std::size_t) { ++grid.begin[cell + 1]; });
  for (std::size_t c = 0; c < n_cells; ++c) grid.begin[c + 1] += grid.begin[c];
  grid.faces.resize(static_cast<std::size_t>(grid.begin.back()));
  std::vector<std::int32_t> fill(grid.begin.begin(), grid.begin.end() - 1);
  each_cell([&](std::size_t cell, std::size_t f) {
    grid.faces[static_cast<std::size_t>(fill[cell]++)] = static_cast<std::int32_t>(f);
  });
  return grid;
}

}  // namespace throng::detail
