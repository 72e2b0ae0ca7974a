#include "sim/core/loops.hpp"
#include "sim/nav/detail/build.hpp"

#include <algorithm>

namespace throng::detail {
namespace {

constexpr std::size_t block = 4096;  // rows per parallel block

bool has(std::uint32_t bits, int sample) { return ((bits >> sample) & 1U) != 0; }

/// Samples of a cell joined by steps that nothing cuts, from `seed` through the samples of `bits`.
std::uint32_t flood(std::uint32_t bits, std::uint32_t seed, std::uint32_t cut_east, std::uint32_t cut_north) {
  constexpr std::uint32_t column0 = 0x108421U, column4 = column0 << 4;
  std::uint32_t part = seed;
  for (std::uint32_t before = 0; part != before;) {
    before = part;
    part |= ((part & ~cut_east & ~column4) << 1) & bits;
    part |= ((part & ~column0) >> 1) & ~cut_east & bits;
    part |= ((part & ~cut_north) << samples_per_side) & bits & all_samples;
    part |= (part >> samples_per_side) & ~cut_north & bits;
  }
  return part;
}

int count(std::uint32_t bits) {
  int n = 0;
  for (; bits != 0; bits &= bits - 1) ++n;
  return n;
}

int lowest(std::uint32_t bits) {
  int n = 0;
  while (!has(bits, n)) ++n;
  return n;
}

/// Connected free parts of a cell, largest first (ties: lowest sample); parts on steps and beside them are apart.
std::vector<std::uint32_t> parts_of(std::uint32_t free, std::uint32_t steps, std::uint32_t cut_east,
                                    std::uint32_t cut_north) {
  std::vector<std::uint32_t> parts;
  for (const std::uint32_t kind : {free & ~steps, free & steps})
    for (std::uint32_t rest = kind; rest != 0;) {
      parts.push_back(flood(kind, rest & (~rest + 1), cut_east, cut_north));
      rest &= ~parts.back();
    }
  std::stable_sort(parts.begin(), parts.end(), [](std::uint32_t a, std::uint32_t b) {
    const int na = count(a), nb = count(b);
    return na != nb ? na > nb : lowest(a) < lowest(b);
  });
  return parts;
}

}  // namespace

void label_cells(Build& build) {
  Graph& graph = build.graph;
  const std::vector<std::int32_t> cut = graph.cut.rows();
  graph.cells.resize(cut.size());
  for_each_block(cut.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto cell = static_cast<std::size_t>(cut[i]);
      CellRecord& record = graph.cells[i];
      record.inside = build.inside[cell];
      record.free = build.free[cell];
      record.comfort = build.comfort[cell];
      record.cut_east = build.cut_east[i];
      record.cut_north = build.cut_north[i];
      record.node.fill(-1);
      record.label.fill(no_label);
      const auto parts =
          parts_of(record.free, build.steps.empty() ? 0 : build.steps[cell], build.cut_east[i], build.cut_north[i]);
      record.n_own = static_cast<std::uint8_t>(std::min(parts.size(), record.node.size()));
      for (std::uint8_t p = 0; p < record.n_own; ++p)
        for (int s = 0; s < samples_per_cell; ++s)
          if (has(parts[p], s)) record.label[static_cast<std::size_t>(s)] = p;
    }
  });
  graph.n_nodes = graph.lattice.n_cells;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    CellRecord& record = graph.cells[i];
    for (std::uint8_t p = 0; p < record.n_own; ++p) {
      record.node[p] = p == 0 ? cut[i] : graph.n_nodes++;
      if (p > 0) graph.extra_cell.push_back(cut[i]);
    }
  }
}

std::int32_t Build::node_of(std::int32_t cell, int sample) const {
  if (!has(free[static_cast<std::size_t>(cell)], sample)) return -1;
  if (!graph.cut.has(cell)) return cell;
  const CellRecord& record = graph.cells[graph.cut.position(cell)];
  const std::uint8_t label = record.label[static_cast<std::size_t>(sample)];
  return label == no_label ? -1 : record.node[label];
}

namespace {

/// Give each unlabelled sample of the ground the node of a neighbouring sample that no wall separates from it. One pass
/// over a cell; reads the labels of `before`.
bool spread_once(const Build& build, const std::vector<CellRecord>& before, std::int32_t cell, CellRecord& record) {
  const Graph& graph = build.graph;
  const LevelGrid& grid = graph.lattice.levels[static_cast<std::size_t>(graph.lattice.grid_of_cell(cell))];
  bool changed = false;
  const auto node_at = [&](std::int32_t other, int sample) {
    if (!has(build.inside[static_cast<std::size_t>(other)], sample)) return -1;
    if (!graph.cut.has(other)) return other;
    const CellRecord& its = other == cell ? record : before[graph.cut.position(other)];
    const std::uint8_t label = its.label[static_cast<std::size_t>(sample)];
    return label == no_label ? -1 : its.node[label];
  };
  const auto is_cut = [&](std::int32_t from, int sample, bool east) {
    return graph.cut.has(from) && has((east ? build.cut_east : build.cut_north)[graph.cut.position(from)], sample);
  };
  for (int s = 0; s < samples_per_cell; ++s) {
    if (record.label[static_cast<std::size_t>(s)] != no_label || !has(record.inside, s)) continue;
    const int sx = s % samples_per_side, sy = s / samples_per_side;
    std::int32_t found = -1;
    for (std::size_t d = 0; d < 8 && found < 0; d += 2) {
      const int x = sx + step_x[d], y = sy + step_y[d];
      const std::int32_t other = cell + (x < 0 ? -1 : (x >= samples_per_side ? 1 : 0)) +
                                 grid.nx * (y < 0 ? -1 : (y >= samples_per_side ? 1 : 0));
      const int sample =
          (y + samples_per_side) % samples_per_side * samples_per_side + (x + samples_per_side) % samples_per_side;
      const bool forward = d == 0 || d == 2, east = d == 0 || d == 4;
      if (!is_cut(forward ? cell : other, forward ? s : sample, east)) found = node_at(other, sample);
    }
    if (found < 0) continue;
    for (std::size_t p = 0; p < record.node.size(); ++p) {
      if (record.node[p] >= 0 && record.node[p] != found) continue;
      record.node[p] = found;
      record.label[static_cast<std::size_t>(s)] = static_cast<std::uint8_t>(p);
      changed = true;
      break;
    }
  }
  return changed;
}

}  // namespace

void spread_labels(Build& build) {
  Graph& graph = build.graph;
  const std::vector<std::int32_t> cut = graph.cut.rows();
  std::vector<std::uint8_t> open(cut.size(), 1);
  constexpr int passes = 6;  // a sample without room lies within a few cells of one with room, or in a niche
  for (int pass = 0; pass < passes; ++pass) {
    if (std::find(open.begin(), open.end(), std::uint8_t{1}) == open.end()) break;
    const std::vector<CellRecord> before = graph.cells;
    for_each_block(cut.size(), block, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        if (open[i] == 0) continue;
        while (spread_once(build, before, cut[i], graph.cells[i])) {
        }
        bool missing = false;
        for (int s = 0; s < samples_per_cell; ++s)
          missing = missing ||
                    (has(graph.cells[i].inside, s) && graph.cells[i].label[static_cast<std::size_t>(s)] == no_label);
        open[i] = missing ? 1 : 0;
      }
    });
  }
}

void price_nodes(Build& build) {
  Graph& graph = build.graph;
  const Lattice& lattice = graph.lattice;
  // Free-flow cost of a cell: its length over the speed factor of the ground, more where walls are close.
  std::vector<float> speed;
  for (const MeshFace& face : build.world.mesh().face)
    if (face.speed_factor != 1.0F) {
      speed.assign(static_cast<std::size_t>(lattice.n_cells), 1.0F);
      break;
    }
  if (!speed.empty())
    for (const MeshFace& face : build.world.mesh().face) {
      if (face.speed_factor == 1.0F) continue;
      const SampleScan scan(lattice, lattice.levels[static_cast<std::size_t>(lattice.grid_of(face.level))]);
      std::array<Vec2, 3> p{};
      for (std::size_t k = 0; k < 3; ++k) p[k] = build.world.mesh().vertex[static_cast<std::size_t>(face.vertex[k])];
      scan.convex(p, [&](int row, int first, int last) {
        scan.run(row, first, last, [&](std::int32_t cell, std::uint32_t bits) {
          // The cell's first node walks on the ground below its stand.
          const NodeRecord* record = graph.record(cell);
          if (has(bits, record != nullptr ? record->stand : 12))
            speed[static_cast<std::size_t>(cell)] = face.speed_factor;
        });
      });
    }
  graph.cost.assign(static_cast<std::size_t>(graph.n_nodes), 0);
  const double near = build.options.clearance, least = build.options.body_radius;
  const double far = std::max(near, build.options.berth);
  const auto room_around = [&](std::size_t cell, double own) {
    if (build.wall_distance[cell] >= static_cast<float>(far)) return std::max(own, least);
    const LevelGrid& grid =
        lattice.levels[static_cast<std::size_t>(lattice.grid_of_cell(static_cast<std::int32_t>(cell)))];
    double room = std::max(own, least);
    for (std::size_t k = 0; k < 8; ++k) {
      const auto other = static_cast<std::size_t>(static_cast<std::int32_t>(cell) + step_x[k] + grid.nx * step_y[k]);
      if (has(build.free[other], 12)) room = std::max(room, static_cast<double>(build.wall_distance[other]));
    }
    return std::min(room, std::max(far, least));
  };
  constexpr double wall_surcharge = 0.15;   // at a wall that a body touches [-]
  constexpr double berth_surcharge = 0.01;  // where there is no room for another beside [-]
  for_each_block(static_cast<std::size_t>(graph.n_nodes), std::size_t{1} << 16,
                 [&](std::size_t begin, std::size_t end) {
                   for (std::size_t i = begin; i < end; ++i) {
                     const auto cell = static_cast<std::size_t>(graph.cell_of_node(static_cast<std::int32_t>(i)));
                     if (build.free[cell] == 0) continue;
                     double d = build.wall_distance[cell];
                     if (!has(build.free[cell], 12) || i != cell) d = least;
                     double factor = 1.0;
                     // Only where there is more room beside: a narrow lane is not longer for being narrow.
                     const double room = room_around(cell, d);
                     if (near > least)
                       factor += wall_surcharge * (std::min(room, near) - std::clamp(d, least, near)) / (near - least);
                     if (far > near)
                       factor += berth_surcharge * (std::max(room, near) - std::clamp(d, near, far)) / (far - near);
                     if (!speed.empty()) factor /= std::clamp(static_cast<double>(speed[cell]), 0.1, 1.2);
                     factor = std::min(factor, static_cast<double>(max_cost_factor));
                     graph.cost[i] = static_cast<std::uint16_t>(cost_units_per_cell * factor);
                   }
                 });
  // Congestion cells: those with ground, in row order.
  std::vector<std::int32_t> samples(graph.congestion.size(), 0);
  for (const LevelGrid& grid : lattice.levels)
    for (int y = 0; y < grid.ny; ++y)
      for (int x = 0; x < grid.nx; ++x) {
        const std::uint32_t bits = build.inside[static_cast<std::size_t>(grid.cell(x, y))];
        if (bits == 0) continue;
        const double wide = Navigation::congestion_cell;
        const int cx = static_cast<int>(std::floor((grid.x0 + x + 0.5) * lattice.cell / wide)) - grid.cx0;
        const int cy = static_cast<int>(std::floor((grid.y0 + y + 0.5) * lattice.cell / wide)) - grid.cy0;
        samples[static_cast<std::size_t>(grid.congestion_base + cy * grid.ncx + cx)] += count(bits);
      }
  const double sample_area = lattice.sample() * lattice.sample();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (samples[i] == 0) continue;
    graph.congestion[i] = static_cast<std::int32_t>(graph.congestion_area.size());
    graph.congestion_area.push_back(static_cast<float>(samples[i] * sample_area));
  }
}

}  // namespace throng::detail
