#include "sim/core/loops.hpp"
#include "sim/nav/detail/build.hpp"

namespace throng::detail {
namespace {

Vec2 corner(const WalkableMesh& mesh, const MeshFace& face, std::size_t k) {
  return mesh.vertex[static_cast<std::size_t>(face.vertex[k % 3])];
}

std::array<Vec2, 3> corners(const WalkableMesh& mesh, const MeshFace& face) {
  return {corner(mesh, face, 0), corner(mesh, face, 1), corner(mesh, face, 2)};
}

}  // namespace

void lay_lattice(Build& build) {
  const WalkableMesh& mesh = build.world.mesh();
  Lattice& lattice = build.graph.lattice;
  lattice.cell = build.options.cell;
  std::vector<std::pair<int, Box>> boxes;  // (levels) ascending
  for (const MeshFace& face : mesh.face) {
    const int id = static_cast<int>(face.level);
    auto at = std::lower_bound(boxes.begin(), boxes.end(), id, [](const auto& b, int i) { return b.first < i; });
    if (at == boxes.end() || at->first != id) at = boxes.insert(at, {id, Box{}});
    for (const Vec2 p : corners(mesh, face)) at->second.add(p);
  }
  if (boxes.empty()) return;
  Box all;
  for (const auto& [id, box] : boxes) all.add(box.min), all.add(box.max);
  const double wide = Navigation::congestion_cell;
  lattice.origin = {(std::floor(all.min.x / wide) - 2.0) * wide, (std::floor(all.min.y / wide) - 2.0) * wide};
  lattice.lowest_level = boxes.front().first;
  lattice.level_index.assign(static_cast<std::size_t>(boxes.back().first - boxes.front().first) + 1, -1);
  std::int64_t n_cells = 0, n_congestion = 0;
  for (const auto& [id, box] : boxes) {
    LevelGrid grid;
    grid.level = LevelId{static_cast<std::int16_t>(id)};
    const auto to_cell = [&](double v, double origin) {
      return static_cast<int>(std::floor((v - origin) / lattice.cell));
    };
    const auto to_wide = [&](double v, double origin) { return static_cast<int>(std::floor((v - origin) / wide)); };
    constexpr int margin = star_reach + 1;
    grid.x0 = to_cell(box.min.x, lattice.origin.x) - margin;
    grid.y0 = to_cell(box.min.y, lattice.origin.y) - margin;
    grid.nx = to_cell(box.max.x, lattice.origin.x) + margin + 1 - grid.x0;
    grid.ny = to_cell(box.max.y, lattice.origin.y) + margin + 1 - grid.y0;
    grid.base = static_cast<std::int32_t>(n_cells);
    grid.cx0 = to_wide(box.min.x, lattice.origin.x) - 1;
    grid.cy0 = to_wide(box.min.y, lattice.origin.y) - 1;
    grid.ncx = to_wide(box.max.x, lattice.origin.x) + 2 - grid.cx0;
    grid.ncy = to_wide(box.max.y, lattice.origin.y) + 2 - grid.cy0;
    grid.congestion_base = static_cast<std::int32_t>(n_congestion);
    lattice.level_index[static_cast<std::size_t>(id - lattice.lowest_level)] =
        static_cast<std::int32_t>(lattice.levels.size());
    lattice.levels.push_back(grid);
    n_cells += static_cast<std::int64_t>(grid.nx) * grid.ny;
    n_congestion += static_cast<std::int64_t>(grid.ncx) * grid.ncy;
  }
  THRONG_CHECK(n_cells < (std::int64_t{1} << 30), "the navigation grid has too many cells");
  lattice.n_cells = static_cast<std::int32_t>(n_cells);
  build.graph.congestion.assign(static_cast<std::size_t>(n_congestion), -1);
}

namespace {

/// Directions in which walls leave a vertex; ways bend there unless it is two opposite ones.
struct WallsAt {
  std::array<Vec2, 3> direction;
  int n = 0;
  int grid = 0;
  void add(Vec2 d) {
    constexpr double same = 0.9999;
    for (int k = 0; k < std::min(n, 3); ++k)
      if (dot(direction[static_cast<std::size_t>(k)], d) > same) return;
    if (n < 3) direction[static_cast<std::size_t>(n)] = d;
    ++n;
  }
  bool bends() const {
    constexpr double straight = -0.97;
    return n > 0 && !(n == 2 && dot(direction[0], direction[1]) < straight);
  }
};

}  // namespace

void collect_edges(Build& build) {
  const WalkableMesh& mesh = build.world.mesh();
  std::vector<WallsAt> walls_at(mesh.vertex.size());
  for (std::size_t f = 0; f < mesh.face.size(); ++f)
    for (std::size_t k = 0; k < 3; ++k) {
      const MeshFace& face = mesh.face[f];
      const std::int32_t neighbour = face.neighbour[k], barrier = face.barrier[k];
      MeshEdge edge{corner(mesh, face, k), corner(mesh, face, k + 1), static_cast<std::int32_t>(f), neighbour};
      edge.grid = build.graph.lattice.grid_of(face.level);
      if (barrier == edge_wall || neighbour < 0) {
        edge.other = edge.grid;
        build.edges.walls.push_back(edge);
        const Vec2 along = normalized(edge.b - edge.a);
        for (const auto& [v, d] : {std::pair{face.vertex[k], along}, std::pair{face.vertex[(k + 1) % 3], -along}}) {
          walls_at[static_cast<std::size_t>(v)].grid = edge.grid;
          walls_at[static_cast<std::size_t>(v)].add(d);
        }
        continue;
      }
      if (barrier >= 0) edge.leaving = condition_of(barrier >> 1, (barrier & 1) != 0);
      if (static_cast<std::int32_t>(f) > neighbour) continue;  // once per pair of faces
      edge.other = build.graph.lattice.grid_of(mesh.face[static_cast<std::size_t>(neighbour)].level);
      if (edge.other != edge.grid)
        build.edges.seams.push_back(edge);
      else if (barrier >= 0)
        build.edges.doors.push_back(edge);
    }
  for (std::size_t v = 0; v < walls_at.size(); ++v)
    if (walls_at[v].bends()) build.edges.corners.emplace_back(mesh.vertex[v], walls_at[v].grid);
}

namespace {

/// Metres between cell centres and walls where they are close, by the rows of each wall's neighbourhood.
void measure_walls(Build& build, double reach) {
  const Lattice& lattice = build.graph.lattice;
  for (const MeshEdge& wall : build.edges.walls) {
    const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(wall.grid)];
    const double x_left = lattice.origin.x + grid.x0 * lattice.cell, y_low = lattice.origin.y + grid.y0 * lattice.cell;
    const auto column = [&](double x) { return static_cast<int>(std::floor((x - x_left) / lattice.cell)); };
    const auto row = [&](double y) { return static_cast<int>(std::floor((y - y_low) / lattice.cell)); };
    const int y0 = std::max(row(std::min(wall.a.y, wall.b.y) - reach), 0);
    const int y1 = std::min(row(std::max(wall.a.y, wall.b.y) + reach), grid.ny - 1);
    const Vec2 along = wall.b - wall.a;
    for (int y = y0; y <= y1; ++y) {
      // part of the wall within reach of this row
      const double centre = y_low + (y + 0.5) * lattice.cell;
      double xa = wall.a.x, xb = wall.b.x;
      if (along.y != 0.0) {
        const double t0 = std::clamp((centre - reach - wall.a.y) / along.y, 0.0, 1.0);
        const double t1 = std::clamp((centre + reach - wall.a.y) / along.y, 0.0, 1.0);
        xa = wall.a.x + t0 * along.x;
        xb = wall.a.x + t1 * along.x;
      }
      const int c0 = std::max(column(std::min(xa, xb) - reach), 0);
      const int c1 = std::min(column(std::max(xa, xb) + reach), grid.nx - 1);
      for (int c = c0; c <= c1; ++c) {
        const Vec2 p = lattice.centre(grid, c, y);
        const auto d = static_cast<float>(distance(nearest_on_segment(p, wall.a, wall.b), p));
        float& least = build.wall_distance[static_cast<std::size_t>(grid.cell(c, y))];
        least = std::min(least, d);
      }
    }
  }
}

}  // namespace

void scan_ground(Build& build) {
  const WalkableMesh& mesh = build.world.mesh();
  const Lattice& lattice = build.graph.lattice;
  build.inside.assign(static_cast<std::size_t>(lattice.n_cells), 0);
  bool has_steps = false;
  for (const MeshFace& face : mesh.face) has_steps = has_steps || face.surface == Surface::steps;
  if (has_steps) build.steps.assign(build.inside.size(), 0);
  std::vector<SampleScan> scans;
  for (const LevelGrid& grid : lattice.levels) scans.emplace_back(lattice, grid);
  for (const MeshFace& face : mesh.face) {
    const SampleScan& scan = scans[static_cast<std::size_t>(lattice.grid_of(face.level))];
    const bool stairs = face.surface == Surface::steps;
    scan.convex(corners(mesh, face), [&](int row, int first, int last) {
      scan.run(row, first, last, [&](std::int32_t cell, std::uint32_t bits) {
        build.inside[static_cast<std::size_t>(cell)] |= bits;
        if (stairs) build.steps[static_cast<std::size_t>(cell)] |= bits;
      });
    });
  }
  // A sample has room when it and half a step around it are clear: then so is every step between two such samples.
  build.free = build.inside;
  const double half = lattice.sample() / 2.0;
  const double radius = std::sqrt(build.options.body_radius * build.options.body_radius + half * half);
  for (const MeshEdge& wall : build.edges.walls) {
    const SampleScan& scan = scans[static_cast<std::size_t>(wall.grid)];
    scan.capsule(wall.a, wall.b, radius, [&](int row, int first, int last) {
      scan.run(row, first, last,
               [&](std::int32_t cell, std::uint32_t bits) { build.free[static_cast<std::size_t>(cell)] &= ~bits; });
    });
  }
  build.comfort = build.free;
  const double most = std::max(build.options.clearance, build.options.body_radius);
  const double ample = 0.5 * (build.options.body_radius + most);
  for (const MeshEdge& wall : build.edges.walls) {
    const SampleScan& scan = scans[static_cast<std::size_t>(wall.grid)];
    scan.capsule(wall.a, wall.b, std::max(ample, radius), [&](int row, int first, int last) {
      scan.run(row, first, last,
               [&](std::int32_t cell, std::uint32_t bits) { build.comfort[static_cast<std::size_t>(cell)] &= ~bits; });
    });
  }
  build.spacious = build.comfort;
  const double wide = std::max(build.options.clearance + build.options.berth, 2.0 * ample) / 2.0;
  for (const MeshEdge& wall : build.edges.walls) {
    const SampleScan& scan = scans[static_cast<std::size_t>(wall.grid)];
    scan.capsule(wall.a, wall.b, wide, [&](int row, int first, int last) {
      scan.run(row, first, last,
               [&](std::int32_t cell, std::uint32_t bits) { build.spacious[static_cast<std::size_t>(cell)] &= ~bits; });
    });
  }
  build.near_corner.assign(build.inside.size(), 0);
  constexpr double corner_reach = 3.0;  // cells
  for (const auto& [corner_at, g] : build.edges.corners) {
    const SampleScan& scan = scans[static_cast<std::size_t>(g)];
    scan.capsule(corner_at, corner_at, corner_reach * lattice.cell, [&](int row, int first, int last) {
      scan.run(row, first, last,
               [&](std::int32_t cell, std::uint32_t) { build.near_corner[static_cast<std::size_t>(cell)] = 1; });
    });
  }
  const double reach = std::max({build.options.berth, build.options.clearance, build.options.body_radius});
  build.wall_distance.assign(build.inside.size(), static_cast<float>(reach));
  measure_walls(build, reach);
}

void mark_cut_cells(Build& build) {
  const Lattice& lattice = build.graph.lattice;
  Rank& cut = build.graph.cut;
  cut.reset(static_cast<std::size_t>(lattice.n_cells));
  const auto has_ground = [&](std::int32_t cell) { return build.inside[static_cast<std::size_t>(cell)] != 0; };
  const auto mark = [&](std::int32_t cell) {
    if (has_ground(cell)) cut.set(cell);
  };
  for (std::int32_t cell = 0; cell < lattice.n_cells; ++cell)
    if (build.free[static_cast<std::size_t>(cell)] != all_samples) mark(cell);
  for (const LevelGrid& grid : lattice.levels) {
    if (build.steps.empty()) break;
    for (int y = 1; y + 1 < grid.ny; ++y)
      for (int x = 1; x + 1 < grid.nx; ++x) {
        const std::uint32_t own = build.steps[static_cast<std::size_t>(grid.cell(x, y))];
        bool border = own != 0 && own != all_samples;
        for (std::size_t d = 0; d < 8 && !border; ++d)
          border = build.steps[static_cast<std::size_t>(grid.cell(x + step_x[d], y + step_y[d]))] != own;
        if (border) mark(grid.cell(x, y));
      }
  }
  const auto each_cut = [&](const MeshEdge& edge, int grid_index, auto&& f) {
    const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(grid_index)];
    const SampleScan scan(lattice, grid);
    scan.cuts(edge.a, edge.b, [&](int column, int row, bool east, bool left_first) {
      f(scan.cell(column, row), scan.cell(column + (east ? 1 : 0), row + (east ? 0 : 1)), SampleScan::bit(column, row),
        east, left_first);
    });
  };
  for (const MeshEdge& door : build.edges.doors)
    each_cut(door, door.grid, [&](std::int32_t c, std::int32_t next, int, bool, bool) { mark(c), mark(next); });
  for (const MeshEdge& seam : build.edges.seams)
    for (const int grid : {seam.grid, seam.other})
      each_cut(seam, grid, [&](std::int32_t c, std::int32_t next, int, bool, bool) { mark(c), mark(next); });
  cut.close();

  build.cut_east.assign(cut.size(), 0);
  build.cut_north.assign(cut.size(), 0);
  const auto record = [&](std::int32_t cell, int bit, bool east) {
    if (cut.has(cell)) (east ? build.cut_east : build.cut_north)[cut.position(cell)] |= 1U << bit;
  };
  for (const MeshEdge& wall : build.edges.walls)
    each_cut(wall, wall.grid, [&](std::int32_t c, std::int32_t, int bit, bool east, bool) { record(c, bit, east); });
  for (const MeshEdge& door : build.edges.doors)
    each_cut(door, door.grid, [&](std::int32_t c, std::int32_t, int bit, bool east, bool left_first) {
      record(c, bit, east);
      // The face lies left of the edge: a step that begins left leaves it.
      const Condition leaving = door.leaving, entering = reversed(leaving);
      build.crossings.emplace_back(Build::step_key(c, bit, east), left_first ? leaving : entering);
    });
  std::sort(build.crossings.begin(), build.crossings.end());
}

Condition Build::crossing(std::int32_t cell, int sample, bool east, bool backward) const {
  const std::uint64_t key = step_key(cell, sample, east);
  const auto at = std::lower_bound(crossings.begin(), crossings.end(), std::pair<std::uint64_t, Condition>{key, 0});
  if (at == crossings.end() || at->first != key) return 0;
  return backward ? reversed(at->second) : at->second;
}

}  // namespace throng::detail
