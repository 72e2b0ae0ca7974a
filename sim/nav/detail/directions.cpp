#include "sim/nav/detail/directions.hpp"

#include "sim/core/error.hpp"

#include <algorithm>
#include <array>
#include <atomic>
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
const std::array<float, star_cells> star_length = star_lengths();

/// How the aim of a node is written down: a cell of its star, one of its eight links, or one of its extra links.
constexpr std::uint8_t aim_unknown = 0, aim_none = 1, aim_star = 2, aim_link = aim_star + star_cells;
constexpr std::uint8_t aim_extra = aim_link + 8;
constexpr int most_extras = 255 - aim_extra;

/// What walking clear of walls is worth when choosing an aim [cells].
constexpr float comfort_bonus = 0.1F;
/// What room for another beside is worth on top of it, where the way gets shorter by at least this share of the length
/// walked: two streams that both cut a corner would meet at its very edge.
constexpr float spacious_bonus = 1.5F, spacious_progress = 0.5F;
/// And what it costs to make for a neighbour round a corner, which a body cannot walk to straight [cells].
constexpr float unseen_malus = 1.0F;

/// Upwind gradient, first order: unit vector downhill; zero in a hollow.
Vec2 downhill(std::uint32_t u, std::uint32_t e, std::uint32_t w, std::uint32_t n, std::uint32_t s) {
  const std::uint32_t lx = std::min(e, w), ly = std::min(n, s);
  float dx = lx < u ? static_cast<float>(static_cast<std::int32_t>(u - lx)) : 0.0F;
  float dy = ly < u ? static_cast<float>(static_cast<std::int32_t>(u - ly)) : 0.0F;
  const float size = std::sqrt(dx * dx + dy * dy);
  const float scale = size > 0.0F ? 1.0F / size : 0.0F;
  dx *= w < e ? -scale : scale;
  dy *= s < n ? -scale : scale;
  return {static_cast<double>(dx), static_cast<double>(dy)};
}

}  // namespace

Descent::Descent(const Graph& graph, const DistanceField& field)
    : graph_(graph),
      cost_(field.cost.data()),
      goal_(*field.goal),
      crossing_(field.ground->crossing.data()),
      memory_(field.aim),
      walker_(field.ground->of(field.mobility)) {}

const Aim* Descent::aim(std::int32_t node, std::uint32_t cost) const {
  if (cost > goal_.greatest_seed) return nullptr;
  const auto found = std::lower_bound(goal_.aims.begin(), goal_.aims.end(), node,
                                      [](const Aim& a, std::int32_t n) { return a.node < n; });
  return found != goal_.aims.end() && found->node == node ? &*found : nullptr;
}

Pointer Descent::at(std::int32_t node) const {
  const std::uint32_t u = cost(node);
  if (u == no_cost) return {};
  if (const Aim* own = aim(node, u)) return own->arrived ? Pointer{} : Pointer{Pointer::Kind::target, own->offset};
  if (graph_.kind[static_cast<std::size_t>(node)] != NodeKind::open) {
    bool found = false;
    const Vec2 target = sight_target(node, found);
    return found ? Pointer{Pointer::Kind::target, target} : Pointer{};
  }
  const LevelGrid& grid = graph_.lattice.levels[static_cast<std::size_t>(graph_.lattice.grid_of_cell(node))];
  const std::size_t i = graph_.ground.position(node);
  const Vec2 e = downhill(u, cost_[i + 1], cost_[i - 1], cost(node + grid.nx), cost(node - grid.nx));
  return norm2(e) > 0.0 ? Pointer{Pointer::Kind::unit, e} : Pointer{};
}

Vec2 Descent::blend(std::int32_t south_west, std::int32_t row, const std::array<double, 4>& weight) const {
  const std::array<std::int32_t, 4> node{south_west, south_west + 1, south_west + row, south_west + row + 1};
  const NodeKind* kind = graph_.kind.data();
  const bool all_open = kind[node[0]] == NodeKind::open && kind[node[1]] == NodeKind::open &&
                        kind[node[2]] == NodeKind::open && kind[node[3]] == NodeKind::open;
  Vec2 sum{};
  if (all_open) {
    // All neighbours of an open node are ground, so the costs of a row of them follow each other.
    const std::uint32_t* a = cost_ + graph_.ground.position(south_west);
    const std::uint32_t* b = cost_ + graph_.ground.position(south_west + row);
    const std::uint32_t least = std::min({a[0], a[1], b[0], b[1]}), most = std::max({a[0], a[1], b[0], b[1]});
    if (least > goal_.greatest_seed && most != no_cost) {
      const std::uint32_t* below = cost_ + graph_.ground.position(south_west - row);
      const std::uint32_t* above = cost_ + graph_.ground.position(south_west + 2 * row);
      sum += weight[0] * downhill(a[0], a[1], a[-1], b[0], below[0]);
      sum += weight[1] * downhill(a[1], a[2], a[0], b[1], below[1]);
      sum += weight[2] * downhill(b[0], b[1], b[-1], above[0], a[0]);
      sum += weight[3] * downhill(b[1], b[2], b[0], above[1], a[1]);
      return sum;
    }
  }
  for (std::size_t k = 0; k < 4; ++k) {
    if (kind[node[k]] != NodeKind::open) continue;
    const Pointer pointer = at(node[k]);
    if (pointer.kind == Pointer::Kind::unit) sum += weight[k] * pointer.value;
  }
  return sum;
}

/// Where a node stands relative to the centre of cell `from` [m].
Vec2 Descent::stand(std::int32_t node, const LevelGrid& from_grid, std::int32_t from_cell) const {
  const Lattice& lattice = graph_.lattice;
  const std::int32_t cell = graph_.cell_of_node(node);
  const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(lattice.grid_of_cell(cell))];
  const int i = cell - grid.base, j = from_cell - from_grid.base;
  const double dx = (grid.x0 + i % grid.nx) - (from_grid.x0 + j % from_grid.nx);
  const double dy = (grid.y0 + i / grid.nx) - (from_grid.y0 + j / from_grid.nx);
  const NodeRecord* record = graph_.record(node);
  return lattice.cell * Vec2{dx, dy} + lattice.sample_offset(record != nullptr ? record->stand : 12);
}

/// Towards the node in sight, or the next link, that lies best on the way down. It is looked for once per field and
/// node: whoever comes next finds it written. Everyone would write the same.
Vec2 Descent::sight_target(std::int32_t node, bool& found) const {
  const std::size_t row = graph_.irregular.position(node);
  THRONG_ASSERT(graph_.irregular.has(node) && row < graph_.records.size() && row < memory_.size(), "no such node");
  const NodeRecord& record = graph_.records[row];
  const std::atomic_ref<std::uint8_t> memory(memory_[row]);
  std::uint8_t aim = memory.load(std::memory_order_relaxed);
  if (aim == aim_unknown) {
    aim = choose_aim(node, record);
    memory.store(aim, std::memory_order_relaxed);
  }
  found = aim != aim_none;
  if (!found) return {};
  const std::int32_t cell = graph_.cell_of_node(node);
  const LevelGrid& grid = graph_.lattice.levels[static_cast<std::size_t>(graph_.lattice.grid_of_cell(cell))];
  return stand(node_at(aim, node, record), grid, cell);
}

std::int32_t Descent::node_at(std::uint8_t aim, std::int32_t node, const NodeRecord& record) const {
  if (aim >= aim_extra) return graph_.extras[static_cast<std::size_t>(record.extra_begin + (aim - aim_extra))].from;
  if (aim >= aim_link) return record.neighbour[static_cast<std::size_t>(aim - aim_link)];
  const std::int32_t cell = graph_.cell_of_node(node);
  const LevelGrid& grid = graph_.lattice.levels[static_cast<std::size_t>(graph_.lattice.grid_of_cell(cell))];
  const int k = aim - aim_star;
  return cell + (k % star_side - star_reach) + grid.nx * (k / star_side - star_reach);
}

std::uint8_t Descent::choose_aim(std::int32_t node, const NodeRecord& record) const {
  const std::uint32_t u = cost(node);
  const auto s = static_cast<float>(crossing_[node]);
  std::uint8_t best = aim_none;
  float least = 0.0F;
  const auto offer = [&](std::uint8_t aim, std::uint32_t its, float cells) {
    if (its >= u) return;
    const float gain = static_cast<float>(u - its) - s * cells;
    if (best == aim_none || gain > least) {
      best = aim;
      least = gain;
    }
  };
  std::uint64_t sight = record.sight, comfort = record.comfort, spacious = record.spacious;
  std::uint32_t links = record.links;
  if (record.door >= 0) {
    const auto door = static_cast<std::size_t>(record.door);
    links = walker_.masks.exits[door];
    if (walker_.masks.all_open[door] != 0) {
      sight = graph_.doors[door].sight_open;
      comfort = graph_.doors[door].comfort_open;
      spacious = graph_.doors[door].spacious_open;
    }
  }
  for (std::uint64_t rest = sight; rest != 0; rest &= rest - 1) {
    const int k = std::countr_zero(rest);
    const auto aim = static_cast<std::uint8_t>(aim_star + k);
    const std::uint32_t its = cost(node_at(aim, node, record));
    const float length = star_length[static_cast<std::size_t>(k)];
    float bonus = ((comfort >> k) & 1U) != 0 ? comfort_bonus : 0.0F;
    if (((spacious >> k) & 1U) != 0 && its<u&& static_cast<float>(u - its)> spacious_progress * s * length)
      bonus += spacious_bonus;
    offer(aim, its, length - bonus);
  }
  for (std::size_t d = 0; d < 8; ++d) {
    if (((links >> d) & 1U) == 0) continue;
    const bool door = record.door >= 0 && graph_.doors[static_cast<std::size_t>(record.door)].link[d] != 0;
    offer(static_cast<std::uint8_t>(aim_link + d), cost(record.neighbour[d]),
          (d % 2 == 0 ? 1.0F : 1.4142F) + (door ? 0.0F : unseen_malus));
  }
  for (int k = 0; k < std::min<int>(record.n_extra, most_extras); ++k) {
    const ExtraLink& link = graph_.extras[static_cast<std::size_t>(record.extra_begin + k)];
    if (link.from >= 0 && may_go(node, link))
      offer(static_cast<std::uint8_t>(aim_extra + k), cost(link.from),
            link.length == ExtraLink::Length::none ? 0.0F : 1.0F);
  }
  return best;
}

/// Extra links say how one comes here; going there needs the condition of the opposite link.
bool Descent::may_go(std::int32_t node, const ExtraLink& link) const {
  const NodeRecord* other = graph_.record(link.from);
  if (other == nullptr) return walker_.passage.allows(link.condition);
  for (int k = 0; k < other->n_extra; ++k) {
    const ExtraLink& back = graph_.extras[static_cast<std::size_t>(other->extra_begin + k)];
    if (back.from == node && walker_.passage.allows(back.condition)) return true;
  }
  return false;
}

}  // namespace throng::detail
