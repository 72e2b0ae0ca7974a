#include "sim/core/loops.hpp"
#include "sim/nav/detail/build.hpp"

#include <algorithm>

namespace throng::detail {
namespace {

constexpr std::size_t block = 1024;
constexpr int last = samples_per_side - 1;

bool has(std::uint32_t bits, int sample) { return ((bits >> sample) & 1U) != 0; }

/// Two nodes that touch: from `outer` one may step to `inner` under `condition`.
struct Contact {
  std::int32_t inner = -1, outer = -1;
  Condition condition = 0;
};

/// The k-th of the five steps between a cell and its neighbour in even direction d, counted from the west or south.
Contact contact(const Build& build, std::int32_t cell, std::int32_t next, std::size_t d, int k) {
  const bool along_x = d == 0 || d == 4, forward = d == 0 || d == 2;
  const int here = along_x ? k * samples_per_side + (forward ? last : 0) : (forward ? last : 0) * samples_per_side + k;
  const int there = along_x ? k * samples_per_side + (forward ? 0 : last) : (forward ? 0 : last) * samples_per_side + k;
  Contact out{build.node_of(cell, here), build.node_of(next, there)};
  if (out.inner < 0 || out.outer < 0) return {};
  const std::int32_t first = forward ? cell : next;
  const int first_sample = forward ? here : there;
  const Graph& graph = build.graph;
  if (graph.cut.has(first) &&
      has((along_x ? build.cut_east : build.cut_north)[graph.cut.position(first)], first_sample)) {
    // Coming to `cell` goes backward through the step when the neighbour lies east or north.
    out.condition = build.crossing(first, first_sample, along_x, forward);
    if (out.condition == 0) return {};
  }
  if (build.on_steps(cell, here) != build.on_steps(next, there)) out.condition |= condition_steps;
  return out;
}

struct Tally {
  std::int32_t from = -1;
  Condition condition = 0;
  int n = 0;
};

void add(std::vector<Tally>& tallies, std::int32_t from, Condition condition) {
  for (Tally& t : tallies)
    if (t.from == from && t.condition == condition) {
      ++t.n;
      return;
    }
  tallies.push_back({from, condition, 1});
}

/// Unconditional first, then the widest contact, then the lowest node.
bool better(const Tally& a, const Tally& b) {
  if ((a.condition == 0) != (b.condition == 0)) return a.condition == 0;
  if (a.n != b.n) return a.n > b.n;
  return a.from != b.from ? a.from < b.from : a.condition < b.condition;
}

void side_contacts(const Build& build, std::int32_t node, std::int32_t cell, std::int32_t next, std::size_t d,
                   std::vector<Tally>& out) {
  for (int k = 0; k < samples_per_side; ++k)
    if (const Contact c = contact(build, cell, next, d, k); c.inner == node) add(out, c.outer, c.condition);
}

/// Ways round the corner to a diagonal neighbour: over one node of either cell between, close to the corner.
void corner_contacts(const Build& build, const LevelGrid& grid, std::int32_t node, std::int32_t cell, std::size_t d,
                     std::vector<Tally>& out) {
  constexpr int reach = 3;  // steps counted from the corner
  for (const std::size_t d1 : {(d + 7) % 8, (d + 1) % 8}) {
    const std::size_t d2 = d1 == (d + 7) % 8 ? (d + 1) % 8 : (d + 7) % 8;
    const std::int32_t via = cell + step_x[d1] + grid.nx * step_y[d1];
    const std::int32_t target = via + step_x[d2] + grid.nx * step_y[d2];
    // Along the shared side, the corner lies at the end towards the other axis step.
    const bool high1 = step_x[d2] + step_y[d2] > 0, high2 = step_x[d1] + step_y[d1] < 0;
    for (int i = 0; i < reach; ++i) {
      const Contact first = contact(build, cell, via, d1, high1 ? last - i : i);
      if (first.inner != node) continue;
      for (int j = 0; j < reach; ++j) {
        const Contact second = contact(build, via, target, d2, high2 ? last - j : j);
        if (second.inner != first.outer || second.inner < 0) continue;
        const Condition c1 = first.condition, c2 = second.condition;
        if (c1 != 0 && c2 != 0 && c1 != c2) continue;
        add(out, second.outer, c1 | c2);
      }
    }
  }
}

/// Ways between the parts of one cell, through a door or onto steps.
void inner_contacts(const Build& build, std::int32_t node, std::int32_t cell, std::vector<Tally>& out) {
  const Graph& graph = build.graph;
  if (!graph.cut.has(cell)) return;
  const std::size_t i = graph.cut.position(cell);
  const CellRecord& record = graph.cells[i];
  if (record.n_own < 2) return;
  const auto join = [&](int s, int t, bool east) {
    const std::int32_t a = build.node_of(cell, s), b = build.node_of(cell, t);
    if (a < 0 || b < 0 || a == b || (a != node && b != node)) return;
    Condition condition = 0;
    const bool reversed = a == node;  // coming to `node` goes from the later sample to the earlier
    if (has((east ? build.cut_east : build.cut_north)[i], s)) {
      condition = build.crossing(cell, s, east, reversed);
      if (condition == 0) return;
    }
    if (build.on_steps(cell, s) != build.on_steps(cell, t)) condition |= condition_steps;
    if (condition != 0) add(out, reversed ? b : a, condition);
  };
  for (int s = 0; s < samples_per_cell; ++s) {
    if (s % samples_per_side != last) join(s, s + 1, true);
    if (s / samples_per_side != last) join(s, s + samples_per_side, false);
  }
}

/// The free sample of a node nearest to the cell centre, one with room to spare if there is one; ties to the lowest.
std::uint8_t stand_of(const Build& build, std::int32_t node, std::int32_t cell) {
  int best = 12, least = 1000;
  for (int s = 0; s < samples_per_cell; ++s) {
    if (build.node_of(cell, s) != node) continue;
    const int dx = s % samples_per_side - 2, dy = s / samples_per_side - 2;
    const int rank = dx * dx + dy * dy + (has(build.comfort[static_cast<std::size_t>(cell)], s) ? 0 : 100);
    if (rank < least) {
      least = rank;
      best = s;
    }
  }
  return static_cast<std::uint8_t>(best);
}

void link_node(Build& build, std::size_t row) {
  const Graph& graph = build.graph;
  const std::int32_t node = build.candidates[row], cell = graph.cell_of_node(node);
  const LevelGrid& grid = graph.lattice.levels[static_cast<std::size_t>(graph.lattice.grid_of_cell(cell))];
  NodeRecord& record = build.graph.records[row];
  record.stand = stand_of(build, node, cell);
  std::vector<Tally> tallies;
  const auto keep_extra = [&](std::size_t first, ExtraLink::Length length) {
    for (std::size_t t = first; t < tallies.size(); ++t)
      build.extra[row].push_back({tallies[t].from, tallies[t].condition, length});
  };
  for (std::size_t d = 0; d < 8; ++d) {
    tallies.clear();
    if (d % 2 == 0)
      side_contacts(build, node, cell, cell + step_x[d] + grid.nx * step_y[d], d, tallies);
    else
      corner_contacts(build, grid, node, cell, d, tallies);
    if (tallies.empty()) continue;
    std::sort(tallies.begin(), tallies.end(), better);
    record.neighbour[d] = tallies[0].from;
    record.links = static_cast<std::uint8_t>(record.links | (1U << d));
    build.conditions[row][d] = tallies[0].condition;
    // A conditional second way to the same node matters only when the first is conditional, too.
    if (tallies[0].condition == 0)
      std::erase_if(tallies, [&, to = tallies[0].from](const Tally& t) { return t.from == to && t.condition != 0; });
    keep_extra(1, d % 2 == 1 ? ExtraLink::Length::diagonal : ExtraLink::Length::side);
  }
  tallies.clear();
  inner_contacts(build, node, cell, tallies);
  std::sort(tallies.begin(), tallies.end(), better);
  keep_extra(0, ExtraLink::Length::none);
}

}  // namespace

void link_nodes(Build& build) {
  Graph& graph = build.graph;
  Rank& irregular = graph.irregular;
  irregular.reset(static_cast<std::size_t>(graph.n_nodes));
  for (const LevelGrid& grid : graph.lattice.levels)
    for (int y = 1; y + 1 < grid.ny; ++y)
      for (int x = 1; x + 1 < grid.nx; ++x) {
        const std::int32_t cell = grid.cell(x, y);
        if (build.free[static_cast<std::size_t>(cell)] == 0) continue;
        bool plain = !graph.cut.has(cell) && build.near_corner[static_cast<std::size_t>(cell)] == 0;
        for (std::size_t d = 0; d < 8 && plain; ++d) {
          const std::int32_t next = grid.cell(x + step_x[d], y + step_y[d]);
          plain = build.free[static_cast<std::size_t>(next)] == all_samples && !graph.cut.has(next);
        }
        if (!plain) irregular.set(cell);
      }
  for (std::int32_t node = graph.lattice.n_cells; node < graph.n_nodes; ++node) irregular.set(node);
  irregular.close();
  build.candidates = irregular.rows();
  graph.records.assign(build.candidates.size(), {});
  build.conditions.assign(build.candidates.size(), {});
  build.extra.assign(build.candidates.size(), {});
  for_each_block(build.candidates.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) link_node(build, row);
  });
}

void link_levels(Build& build) {
  Graph& graph = build.graph;
  const Lattice& lattice = graph.lattice;
  const auto link = [&](std::int32_t to, std::int32_t from, Condition condition, ExtraLink::Length length) {
    auto& list = build.extra[graph.irregular.position(to)];
    for (const ExtraLink& have : list)
      if (have.from == from && have.condition == condition) return;
    list.push_back({from, condition, length});
  };
  for (const MeshEdge& seam : build.edges.seams) {
    const LevelGrid& left = lattice.levels[static_cast<std::size_t>(seam.grid)];
    const LevelGrid& right = lattice.levels[static_cast<std::size_t>(seam.other)];
    const SampleScan scan(lattice, left);
    const int dx = (left.x0 - right.x0) * samples_per_side, dy = (left.y0 - right.y0) * samples_per_side;
    scan.cuts(seam.a, seam.b, [&](int column, int row, bool east, bool left_first) {
      const int next_column = column + (east ? 1 : 0), next_row = row + (east ? 0 : 1);
      const int lc = left_first ? column : next_column, lr = left_first ? row : next_row;
      const int rc = (left_first ? next_column : column) + dx, rr = (left_first ? next_row : row) + dy;
      const std::int32_t left_cell = left.cell(lc / samples_per_side, lr / samples_per_side);
      const std::int32_t right_cell = right.cell(rc / samples_per_side, rr / samples_per_side);
      const int left_bit = SampleScan::bit(lc, lr), right_bit = SampleScan::bit(rc, rr);
      const std::int32_t a = build.node_of(left_cell, left_bit), b = build.node_of(right_cell, right_bit);
      if (a < 0 || b < 0) return;
      Condition leaving = seam.leaving, entering = reversed(leaving);
      if (build.on_steps(left_cell, left_bit) != build.on_steps(right_cell, right_bit))
        leaving |= condition_steps, entering |= condition_steps;
      const bool same = lc / samples_per_side == (rc - dx) / samples_per_side &&
                        lr / samples_per_side == (rr - dy) / samples_per_side;
      const auto length = same ? ExtraLink::Length::none : ExtraLink::Length::side;
      link(b, a, leaving, length);
      link(a, b, entering, length);
    });
  }
}

namespace {

/// Node reached in direction d, and the condition of coming from there; -1 where there is none.
std::pair<std::int32_t, Condition> neighbour_of(const Build& build, std::int32_t node, std::size_t d) {
  const Graph& graph = build.graph;
  if (!graph.irregular.has(node)) {
    const LevelGrid& grid = graph.lattice.levels[static_cast<std::size_t>(graph.lattice.grid_of_cell(node))];
    return {node + step_x[d] + grid.nx * step_y[d], 0};
  }
  const std::size_t row = graph.irregular.position(node);
  return {graph.records[row].neighbour[d], build.conditions[row][d]};
}

/// Is the 3 x 3 block around a node a full square of joined nodes, without conditions?
bool is_complete(const Build& build, std::size_t row) {
  const NodeRecord& record = build.graph.records[row];
  if (record.links != 0xFF || !build.extra[row].empty() || build.candidates[row] >= build.graph.lattice.n_cells)
    return false;
  const std::int32_t n_cells = build.graph.lattice.n_cells;
  for (std::size_t d = 0; d < 8; ++d) {
    if (build.conditions[row][d] != 0 || record.neighbour[d] >= n_cells) return false;
    const auto joined = [&](std::size_t other, std::size_t direction) {
      return neighbour_of(build, record.neighbour[d], direction) ==
             std::pair<std::int32_t, Condition>{record.neighbour[other], 0};
    };
    // Around the ring: even cells to the next corner going +90°, corners to the next even cell going +135°.
    if (!joined((d + 1) % 8, d % 2 == 0 ? (d + 2) % 8 : (d + 3) % 8)) return false;
    if (d % 2 == 0 && !joined((d + 2) % 8, (d + 3) % 8)) return false;
  }
  return true;
}

}  // namespace

void classify_nodes(Build& build) {
  Graph& graph = build.graph;
  graph.kind.assign(static_cast<std::size_t>(graph.n_nodes), NodeKind::none);
  for (std::int32_t cell = 0; cell < graph.lattice.n_cells; ++cell)
    if (build.free[static_cast<std::size_t>(cell)] != 0) graph.kind[static_cast<std::size_t>(cell)] = NodeKind::open;
  std::vector<std::array<Condition, 8>> outer(build.candidates.size());
  for_each_block(build.candidates.size(), block, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      NodeRecord& record = graph.records[row];
      const std::int32_t node = build.candidates[row];
      for (std::size_t d = 0; d < 8; d += 2)
        for (std::size_t side = 0; side < 2; ++side) {
          const std::int32_t i = record.neighbour[d], b = record.neighbour[(d + (side == 0 ? 2 : 6)) % 8];
          if (i < 0 || b < 0) continue;
          // One comes from i, so the far side is crossed from i to b.
          const std::size_t from_b = (d + (side == 0 ? 7 : 1)) % 8;
          const auto [back, condition] = neighbour_of(build, b, from_b);
          if (back != i) continue;
          record.triangles = static_cast<std::uint8_t>(record.triangles | (1U << (d + side)));
          outer[row][d + side] = condition;
        }
      const bool full = node < graph.lattice.n_cells && !graph.cut.has(node) &&
                        build.near_corner[static_cast<std::size_t>(node)] == 0;
      const bool complete = is_complete(build, row);
      graph.kind[static_cast<std::size_t>(node)] =
          !complete ? NodeKind::irregular : (full ? NodeKind::open : NodeKind::complete);
    }
  });
  for (std::size_t row = 0; row < build.candidates.size(); ++row) {
    NodeRecord& record = graph.records[row];
    THRONG_CHECK(build.extra[row].size() < 256, "too many ways into one node");
    record.extra_begin = static_cast<std::int32_t>(graph.extras.size());
    record.n_extra = static_cast<std::uint8_t>(build.extra[row].size());
    graph.extras.insert(graph.extras.end(), build.extra[row].begin(), build.extra[row].end());
    bool conditional = false;
    for (std::size_t d = 0; d < 8; ++d)
      conditional = conditional || build.conditions[row][d] != 0 || outer[row][d] != 0;
    if (!conditional) continue;
    record.door = static_cast<std::int32_t>(graph.doors.size());
    graph.doors.push_back({.node = build.candidates[row], .link = build.conditions[row], .triangle = outer[row]});
  }
}

}  // namespace throng::detail
