#include "sim/nav/detail/directions.hpp"

#include "sim/core/loops.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace throng::detail {
namespace {

/// Distances to the cells of a star, in cells, shortened a little so that the farther of two equal aims wins.
std::array<float, star_cells> star_lengths() {
  std::array<float, star_cells> out{};
  for (int k = 0; k < star_cells; ++k) {
    const double dx = k % star_side - star_reach, dy = k / star_side - star_reach;
    out[static_cast<std::size_t>(k)] = static_cast<float>(0.97 * std::sqrt(dx * dx + dy * dy));
  }
  return out;
}

/// What walking clear of walls is worth when choosing an aim [cells].
constexpr float comfort_bonus = 0.5F;
/// And what it costs to make for a neighbour round a corner, which a body cannot walk to straight [cells].
constexpr float unseen_malus = 1.0F;

struct Finder {
  const Graph& graph;
  const std::uint32_t* cost;
  const std::uint16_t* crossing;
  const Passage& passage;
  const DoorMasks& masks;
  std::array<float, star_cells> length = star_lengths();

  /// Upwind gradient, first order.
  void open(std::int32_t node, std::int32_t row, std::int16_t* out) const {
    const std::uint32_t u = cost[node];
    const std::uint32_t e = cost[node + 1], w = cost[node - 1], n = cost[node + row], o = cost[node - row];
    const std::uint32_t lx = std::min(e, w), ly = std::min(n, o);
    float dx = lx < u ? static_cast<float>(static_cast<std::int32_t>(u - lx)) : 0.0F;
    float dy = ly < u ? static_cast<float>(static_cast<std::int32_t>(u - ly)) : 0.0F;
    const float size = std::sqrt(dx * dx + dy * dy);
    const float scale = size > 0.0F ? static_cast<float>(unit_scale) / size : 0.0F;
    dx *= w < e ? -scale : scale;
    dy *= o < n ? -scale : scale;
    out[0] = static_cast<std::int16_t>(static_cast<int>(dx) & ~1);
    out[1] = static_cast<std::int16_t>(static_cast<int>(dy));
  }

  /// Where a node stands relative to the centre of cell `from` [m].
  Vec2 stand(std::int32_t node, const LevelGrid& from_grid, std::int32_t from_cell) const {
    const Lattice& lattice = graph.lattice;
    const std::int32_t cell = graph.cell_of_node(node);
    const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(lattice.grid_of_cell(cell))];
    const int i = cell - grid.base, j = from_cell - from_grid.base;
    const double dx = (grid.x0 + i % grid.nx) - (from_grid.x0 + j % from_grid.nx);
    const double dy = (grid.y0 + i / grid.nx) - (from_grid.y0 + j / from_grid.nx);
    const NodeRecord* record = graph.record(node);
    return lattice.cell * Vec2{dx, dy} + lattice.sample_offset(record != nullptr ? record->stand : 12);
  }

  /// Towards the node in sight, or the next link, that lies best on the way down.
  void by_sight(std::int32_t node, std::int16_t* out) const {
    const NodeRecord& record = graph.records[graph.irregular.position(node)];
    const std::int32_t cell = graph.cell_of_node(node);
    const LevelGrid& grid = graph.lattice.levels[static_cast<std::size_t>(graph.lattice.grid_of_cell(cell))];
    const std::uint32_t u = cost[node];
    const auto s = static_cast<float>(crossing[node]);
    std::int32_t best = -1;
    float least = 0.0F;
    const auto offer = [&](std::int32_t other, float cells) {
      const std::uint32_t its = cost[other];
      if (its >= u) return;
      const float gain = static_cast<float>(u - its) - s * cells;
      if (best < 0 || gain > least) {
        best = other;
        least = gain;
      }
    };
    std::uint64_t sight = record.sight, comfort = record.comfort;
    std::uint32_t links = record.links;
    if (record.door >= 0) {
      const auto door = static_cast<std::size_t>(record.door);
      links = masks.exits[door];
      if (masks.all_open[door] != 0) {
        sight = graph.doors[door].sight_open;
        comfort = graph.doors[door].comfort_open;
      }
    }
    for (std::uint64_t rest = sight; rest != 0; rest &= rest - 1) {
      const int k = std::countr_zero(rest);
      const float bonus = ((comfort >> k) & 1U) != 0 ? comfort_bonus : 0.0F;
      offer(cell + (k % star_side - star_reach) + grid.nx * (k / star_side - star_reach),
            length[static_cast<std::size_t>(k)] - bonus);
    }
    for (std::size_t d = 0; d < 8; ++d) {
      if (((links >> d) & 1U) == 0) continue;
      const bool door = record.door >= 0 && graph.doors[static_cast<std::size_t>(record.door)].link[d] != 0;
      offer(record.neighbour[d], (d % 2 == 0 ? 1.0F : 1.4142F) + (door ? 0.0F : unseen_malus));
    }
    for (int k = 0; k < record.n_extra; ++k) {
      const ExtraLink& link = graph.extras[static_cast<std::size_t>(record.extra_begin + k)];
      if (link.from >= 0 && may_go(node, link)) offer(link.from, link.length == ExtraLink::Length::none ? 0.0F : 1.0F);
    }
    if (best < 0) {
      out[0] = out[1] = 0;
      return;
    }
    encode_target(stand(best, grid, cell), graph.lattice.cell, out);
  }

  /// Extra links say how one comes here; going there needs the condition of the opposite link.
  bool may_go(std::int32_t node, const ExtraLink& link) const {
    const NodeRecord* other = graph.record(link.from);
    if (other == nullptr) return passage.allows(link.condition);
    for (int k = 0; k < other->n_extra; ++k) {
      const ExtraLink& back = graph.extras[static_cast<std::size_t>(other->extra_begin + k)];
      if (back.from == node && passage.allows(back.condition)) return true;
    }
    return false;
  }
};

}  // namespace

void find_directions(const Graph& graph, const std::vector<std::uint32_t>& cost,
                     const std::vector<std::uint16_t>& crossing, const Passage& passage, const DoorMasks& masks,
                     const std::vector<Aim>& aims, DistanceField& out) {
  const Finder finder{graph, cost.data(), crossing.data(), passage, masks};
  const auto n = static_cast<std::size_t>(graph.n_nodes);
  out.cost.resize(n);
  out.direction.resize(2 * n);
  const auto unit = static_cast<float>(graph.lattice.cell / cost_units_per_cell);
  const auto fill = [&](std::size_t begin, std::size_t end, std::int32_t row) {
    for (std::size_t i = begin; i < end; ++i) {
      std::int16_t* direction = out.direction.data() + 2 * i;
      if (cost[i] == no_cost) {
        out.cost[i] = std::numeric_limits<float>::infinity();
        direction[0] = direction[1] = 0;
        continue;
      }
      out.cost[i] = unit * static_cast<float>(cost[i]);
      if (graph.kind[i] == NodeKind::open)
        finder.open(static_cast<std::int32_t>(i), row, direction);
      else
        finder.by_sight(static_cast<std::int32_t>(i), direction);
    }
  };
  for (const LevelGrid& grid : graph.lattice.levels)
    for_each_block(static_cast<std::size_t>(grid.ny), 32, [&](std::size_t begin, std::size_t end) {
      fill(static_cast<std::size_t>(grid.cell(0, static_cast<int>(begin))),
           static_cast<std::size_t>(grid.cell(0, static_cast<int>(end))), grid.nx);
    });
  fill(static_cast<std::size_t>(graph.lattice.n_cells), n, 0);
  for (const Aim& aim : aims) {
    std::int16_t* direction = out.direction.data() + 2 * static_cast<std::size_t>(aim.node);
    direction[0] = direction[1] = 0;
    if (!aim.arrived) encode_target(aim.offset, graph.lattice.cell, direction);
  }
}

}  // namespace throng::detail
