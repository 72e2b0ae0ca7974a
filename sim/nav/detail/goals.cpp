#include "sim/nav/detail/goals.hpp"

#include "sim/nav/detail/raster.hpp"
#include "sim/nav/detail/sight.hpp"

#include <algorithm>
#include <map>

namespace throng::detail {
namespace {

std::uint32_t units(const Graph& graph, double metres) {
  return static_cast<std::uint32_t>(metres / graph.lattice.cell * cost_units_per_cell);
}

/// What of a goal lies on one node: samples, their mean, the nearest to the cell centre.
struct Cover {
  std::int32_t node = -1;
  int n = 0;
  bool centre = false;
  std::uint32_t bits = 0;  // samples of the node's own cell
  Vec2 sum;                // of offsets from the centre of the node's cell [m]
  double nearest = 1e300;  // [m]
};

class Covers {
 public:
  explicit Covers(const Graph& graph) : graph_(graph) {}

  /// Merge what one cell's samples say; cells come in ascending order.
  void add(std::int32_t cell, std::uint32_t bits) {
    if (!graph_.cut.has(cell)) {
      if (graph_.kind[static_cast<std::size_t>(cell)] == NodeKind::none) return;
      for (int s = 0; s < samples_per_cell; ++s)
        if (((bits >> s) & 1U) != 0) put(cell, s, graph_.lattice.sample_offset(s));
      return;
    }
    const CellRecord& record = graph_.cells[graph_.cut.position(cell)];
    for (int s = 0; s < samples_per_cell; ++s) {
      const std::uint8_t label = record.label[static_cast<std::size_t>(s)];
      if (((bits >> s) & 1U) == 0 || label == no_label) continue;
      const std::int32_t node = record.node[label], home = graph_.cell_of_node(node);
      const Vec2 shift = home == cell ? Vec2{} : graph_.lattice.centre(cell) - graph_.lattice.centre(home);
      put(node, s, shift + graph_.lattice.sample_offset(s));
    }
  }

  Goal goal() {
    std::sort(covers_.begin(), covers_.end(), [](const Cover& a, const Cover& b) { return a.node < b.node; });
    Goal out;
    for (std::size_t i = 0; i < covers_.size();) {
      Cover all = covers_[i];
      for (++i; i < covers_.size() && covers_[i].node == all.node; ++i) {
        all.n += covers_[i].n;
        all.sum += covers_[i].sum;
        all.nearest = std::min(all.nearest, covers_[i].nearest);
        all.centre = all.centre || covers_[i].centre;
        all.bits |= covers_[i].bits;
      }
      const double d = all.centre ? 0.0 : std::max(0.0, all.nearest - graph_.lattice.sample() / 2.0);
      out.seeds.push_back({all.node, units(graph_, d)});
      out.aims.push_back({all.node, all.sum / static_cast<double>(all.n), all.n >= size_of(all.node)});
      add_beside(all, out.seeds);
    }
    return out;
  }

 private:
  /// The nodes next to a covered one begin at their own distance, so that the border of the goal lies where it is
  /// drawn.
  void add_beside(const Cover& cover, std::vector<Seed>& seeds) const {
    const NodeRecord* record = graph_.record(cover.node);
    const std::int32_t cell = graph_.cell_of_node(cover.node);
    const LevelGrid& grid = graph_.lattice.levels[static_cast<std::size_t>(graph_.lattice.grid_of_cell(cell))];
    for (std::size_t d = 0; d < 8; ++d) {
      if (record != nullptr && ((record->links >> d) & 1U) == 0) continue;
      if (record != nullptr && record->door >= 0 && graph_.doors[static_cast<std::size_t>(record->door)].link[d] != 0)
        continue;
      const std::int32_t node = record != nullptr ? record->neighbour[d] : cell + step_x[d] + grid.nx * step_y[d];
      const auto covered = std::lower_bound(covers_.begin(), covers_.end(), node,
                                            [](const Cover& c, std::int32_t n) { return c.node < n; });
      if (covered != covers_.end() && covered->node == node) continue;
      const Vec2 centre = graph_.lattice.cell * Vec2{static_cast<double>(step_x[d]), static_cast<double>(step_y[d])};
      const double half = 0.5 * graph_.lattice.sample();
      double nearest = 1e300;
      for (int s = 0; s < samples_per_cell; ++s) {
        if (((cover.bits >> s) & 1U) == 0) continue;
        const Vec2 apart = graph_.lattice.sample_offset(s) - centre;
        nearest = std::min(
            nearest, norm(Vec2{std::max(std::abs(apart.x) - half, 0.0), std::max(std::abs(apart.y) - half, 0.0)}));
      }
      if (nearest < 1e299) seeds.push_back({node, units(graph_, nearest)});
    }
  }

  void put(std::int32_t node, int sample, Vec2 offset) {
    if (covers_.empty() || covers_.back().node != node) {
      covers_.emplace_back();
      covers_.back().node = node;
    }
    Cover& cover = covers_.back();
    ++cover.n;
    if (std::abs(offset.x) < half_cell() && std::abs(offset.y) < half_cell()) cover.bits |= 1U << sample;
    cover.sum += offset;
    cover.nearest = std::min(cover.nearest, norm(offset));
    cover.centre = cover.centre || (norm2(offset) < 1e-12 && sample == samples_per_cell / 2);
  }

  /// Samples of a node within its own cell.
  int size_of(std::int32_t node) const {
    const CellRecord* record = graph_.cell_record(graph_.cell_of_node(node));
    if (record == nullptr) return samples_per_cell;
    int n = 0;
    for (const std::uint8_t label : record->label) n += label != no_label && record->node[label] == node ? 1 : 0;
    return std::max(n, 1);
  }

  double half_cell() const { return 0.5 * graph_.lattice.cell; }

  const Graph& graph_;
  std::vector<Cover> covers_;
};

Goal goal_of_area(const Graph& graph, const World& world, const std::vector<FaceId>& faces, bool steps) {
  std::vector<std::pair<std::int32_t, std::uint32_t>> runs;
  for (const FaceId f : faces) {
    const MeshFace& face = world.mesh().face[index(f)];
    if (!steps && face.surface == Surface::steps) continue;
    const int g = graph.lattice.grid_of(face.level);
    const SampleScan scan(graph.lattice, graph.lattice.levels[static_cast<std::size_t>(g)]);
    std::array<Vec2, 3> p{};
    for (std::size_t k = 0; k < 3; ++k) p[k] = world.mesh().vertex[static_cast<std::size_t>(face.vertex[k])];
    scan.convex(p, [&](int row, int first, int last) {
      scan.run(row, first, last, [&](std::int32_t cell, std::uint32_t bits) { runs.emplace_back(cell, bits); });
    });
  }
  std::sort(runs.begin(), runs.end());
  Covers covers(graph);
  for (std::size_t i = 0; i < runs.size();) {
    const std::int32_t cell = runs[i].first;
    std::uint32_t bits = 0;
    for (; i < runs.size() && runs[i].first == cell; ++i) bits |= runs[i].second;
    covers.add(cell, bits);
  }
  return covers.goal();
}

/// Nodes of the cells that come within a cell of the line, at their distance to it.
Goal goal_of_line(const Graph& graph, const World& world, const Place& place, bool steps) {
  bool on_steps = false;
  for (const FaceId f : place.faces) on_steps = on_steps || world.mesh().face[index(f)].surface == Surface::steps;
  Goal out;
  const Lattice& lattice = graph.lattice;
  const int g = lattice.grid_of(place.shape.level);
  if (g < 0 || (on_steps && !steps)) return out;
  const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(g)];
  const SampleScan scan(lattice, grid);
  std::map<std::int32_t, Aim> aims;  // by node, with the nearest point of the line
  for (std::size_t i = 0; i + 1 < place.shape.line.size(); ++i) {
    const Vec2 a = place.shape.line[i], b = place.shape.line[i + 1];
    scan.capsule(a, b, 0.75 * lattice.cell, [&](int row, int first, int last) {
      for (int column = std::max(first, 0); column < std::min(last, scan.columns()); ++column) {
        const std::int32_t cell = scan.cell(column, row);
        const CellRecord* record = graph.cell_record(cell);
        std::int32_t node = -1;
        if (record != nullptr) {
          const std::uint8_t label = record->label[static_cast<std::size_t>(SampleScan::bit(column, row))];
          if (label != no_label) node = record->node[label];
        } else if (graph.kind[static_cast<std::size_t>(cell)] != NodeKind::none) {
          node = cell;
        }
        if (node < 0) continue;
        const Vec2 centre = lattice.centre(graph.cell_of_node(node));
        const Vec2 offset = nearest_on_segment(centre, a, b) - centre;
        const auto [known, added] = aims.try_emplace(node, Aim{node, offset});
        if (!added && norm2(offset) < norm2(known->second.offset)) known->second.offset = offset;
      }
    });
  }
  for (const auto& [node, aim] : aims) {
    out.seeds.push_back({node, units(graph, norm(aim.offset))});
    out.aims.push_back(aim);
  }
  return out;
}

}  // namespace

void Goal::close() {
  std::sort(aims.begin(), aims.end(), [](const Aim& a, const Aim& b) { return a.node < b.node; });
  for (const Seed& seed : seeds) greatest_seed = std::max(greatest_seed, seed.cost);
}

Goal goal_of_place(const Graph& graph, const World& world, const Place& place, bool steps) {
  Goal goal = place.shape.line.empty() ? goal_of_area(graph, world, place.faces, steps)
                                       : goal_of_line(graph, world, place, steps);
  goal.close();
  return goal;
}

Goal goal_of_point(const Graph& graph, const World& world, Vec2 x, FaceId face, bool steps) {
  Goal out;
  if (face == FaceId::none || (!steps && world.mesh().face[index(face)].surface == Surface::steps)) return out;
  const LevelId level = world.mesh().face[index(face)].level;
  const std::int32_t own = node_below(graph, x, level);
  if (own < 0) return out;
  const Lattice& lattice = graph.lattice;
  const std::int32_t cell = graph.cell_of_node(own);
  const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(lattice.grid_of_cell(cell))];
  constexpr int reach = 4;
  using Window = SampleWindow<reach>;
  Window window;
  window.clear();
  const int cell_x = (cell - grid.base) % grid.nx, cell_y = (cell - grid.base) / grid.nx;
  const auto known = [&](int cx, int cy) {
    const int gx = cell_x + cx - reach, gy = cell_y + cy - reach;
    return gx >= 0 && gy >= 0 && gx < grid.nx && gy < grid.ny;
  };
  for (int cy = 0; cy < Window::side; ++cy)
    for (int cx = 0; cx < Window::side; ++cx) {
      if (!known(cx, cy)) continue;
      const std::int32_t other = cell + (cx - reach) + grid.nx * (cy - reach);
      if (const CellRecord* record = graph.cell_record(other))
        window.put(cx, cy, record->free, record->cut_east, record->cut_north);
      else if (graph.kind[static_cast<std::size_t>(other)] != NodeKind::none)
        window.put(cx, cy, all_samples, 0, 0);
    }
  const NodeRecord* own_record = graph.record(own);
  const Vec2 centre = lattice.centre(grid, cell_x, cell_y);
  const auto sample_of = [&](double v) {
    return std::clamp(static_cast<int>(std::floor(v / lattice.sample())), 0, Window::size - 1);
  };
  int sx = sample_of(x.x - centre.x + (reach + 0.5) * lattice.cell);
  int sy = sample_of(x.y - centre.y + (reach + 0.5) * lattice.cell);
  if (!window.free(sx, sy)) {
    const int stand = own_record != nullptr ? own_record->stand : samples_per_cell / 2;
    sx = reach * samples_per_side + stand % samples_per_side;
    sy = reach * samples_per_side + stand / samples_per_side;
  }
  const auto add = [&](std::int32_t node, Vec2 offset) {
    out.seeds.push_back({node, units(graph, norm(offset))});
    out.aims.push_back({node, offset});
  };
  add(own, x - centre);
  for (int cy = 0; cy < Window::side; ++cy)
    for (int cx = 0; cx < Window::side; ++cx) {
      const std::int32_t other = cell + (cx - reach) + grid.nx * (cy - reach);
      if (!known(cx, cy) || other == own || graph.kind[static_cast<std::size_t>(other)] == NodeKind::none) continue;
      const NodeRecord* record = graph.record(other);
      const int stand = record != nullptr ? record->stand : samples_per_cell / 2;
      if (!window.sees(sx, sy, cx * samples_per_side + stand % samples_per_side,
                       cy * samples_per_side + stand / samples_per_side))
        continue;
      add(other, x - centre - lattice.cell * Vec2{static_cast<double>(cx - reach), static_cast<double>(cy - reach)});
    }
  out.close();
  return out;
}

std::int32_t node_below(const Graph& graph, Vec2 x, LevelId level) {
  const Lattice& lattice = graph.lattice;
  const int g = lattice.grid_of(level);
  if (g < 0) return -1;
  const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(g)];
  const double fx = (x.x - lattice.origin.x) / lattice.cell - grid.x0,
               fy = (x.y - lattice.origin.y) / lattice.cell - grid.y0;
  if (!(fx >= 1.0 && fy >= 1.0 && fx < grid.nx - 1 && fy < grid.ny - 1)) return -1;
  const int cx = static_cast<int>(fx), cy = static_cast<int>(fy);
  const std::int32_t cell = grid.cell(cx, cy);
  const bool plain = !graph.cut.has(cell);
  if (plain && graph.kind[static_cast<std::size_t>(cell)] != NodeKind::none) return cell;
  const int sx = std::min(static_cast<int>((fx - cx) * samples_per_side), samples_per_side - 1);
  const int sy = std::min(static_cast<int>((fy - cy) * samples_per_side), samples_per_side - 1);
  const auto node_of = [&](std::int32_t at, int sample) {
    if (!graph.cut.has(at)) return graph.kind[static_cast<std::size_t>(at)] == NodeKind::none ? -1 : at;
    const CellRecord& record = graph.cells[graph.cut.position(at)];
    const std::uint8_t label = record.label[static_cast<std::size_t>(sample)];
    return label == no_label ? -1 : record.node[label];
  };
  if (!plain)
    if (const std::int32_t node = node_of(cell, sy * samples_per_side + sx); node >= 0) return node;
  // The point lies at the very edge of the ground: take the nearest sample beside it.
  std::int32_t best = -1;
  int least = 1000;
  for (int dy = -2; dy <= 2; ++dy)
    for (int dx = -2; dx <= 2; ++dx) {
      const int column = cx * samples_per_side + sx + dx, row = cy * samples_per_side + sy + dy;
      const std::int32_t node =
          node_of(grid.cell(column / samples_per_side, row / samples_per_side), SampleScan::bit(column, row));
      if (node < 0 || dx * dx + dy * dy >= least) continue;
      least = dx * dx + dy * dy;
      best = node;
    }
  return best;
}

bool is_cramped(const Graph& graph, std::int32_t node, Vec2 x, Vec2 centre) {
  const CellRecord* record = graph.cell_record(graph.cell_of_node(node));
  const NodeRecord* links = graph.record(node);
  if (record == nullptr || links == nullptr || ((record->comfort >> links->stand) & 1U) == 0) return false;
  const double half = 0.5 * graph.lattice.cell, step = graph.lattice.sample();
  const int sx = static_cast<int>(std::floor((x.x - centre.x + half) / step));
  const int sy = static_cast<int>(std::floor((x.y - centre.y + half) / step));
  if (sx < 0 || sy < 0 || sx >= samples_per_side || sy >= samples_per_side) return true;  // squeezed into another cell
  return ((record->comfort >> (sy * samples_per_side + sx)) & 1U) == 0;
}

}  // namespace throng::detail
