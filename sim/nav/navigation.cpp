#include "sim/nav/navigation.hpp"

#include "sim/core/error.hpp"
#include "sim/core/hash.hpp"
#include "sim/nav/detail/directions.hpp"
#include "sim/nav/detail/goals.hpp"
#include "sim/nav/detail/graph.hpp"
#include "sim/nav/detail/solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throng {

void RouteCosts::seal() {
  Hasher hasher;
  hasher.column(doors);
  hasher.column(slowness);
  hash = hasher.value();
}

struct Navigation::Impl {
  std::shared_ptr<const World> world;
  detail::Graph graph;

  DistanceField solve(const detail::Goal& goal, Mobility mobility, const RouteCosts& costs) const {
    THRONG_CHECK(costs.doors.empty() || costs.doors.size() == world->doors().size(), "one state per door");
    THRONG_CHECK(costs.slowness.empty() || costs.slowness.size() == graph.congestion_area.size(),
                 "one slowness per congestion cell");
    const std::vector<DoorState> initial = costs.doors.empty() ? world->initial_doors() : std::vector<DoorState>{};
    const detail::Passage passage(costs.doors.empty() ? initial : costs.doors, mobility == Mobility::walking);
    const detail::DoorMasks masks = detail::door_masks(graph, passage);
    const auto crossing = detail::crossing_costs(graph, costs.slowness);
    const auto cost = detail::march(graph, crossing, passage, masks, goal.seeds);
    DistanceField out;
    detail::find_directions(graph, cost, crossing, passage, masks, goal.aims, out);
    return out;
  }

  /// Centre of the cell of the node that stands for x.
  Vec2 centre(std::int32_t node) const { return graph.lattice.centre(graph.cell_of_node(node)); }
};

Navigation::Navigation(std::shared_ptr<const World> world, NavigationOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->graph = detail::build_graph(*world, options);
  impl->world = std::move(world);
  impl_ = std::move(impl);
}

Navigation::~Navigation() = default;

const World& Navigation::world() const { return *impl_->world; }
std::size_t Navigation::n_nodes() const { return static_cast<std::size_t>(impl_->graph.n_nodes); }
std::size_t Navigation::n_congestion_cells() const { return impl_->graph.congestion_area.size(); }
std::span<const float> Navigation::congestion_cell_area() const { return impl_->graph.congestion_area; }

std::int32_t Navigation::congestion_cell_of(Vec2 x, LevelId level) const {
  const detail::Lattice& lattice = impl_->graph.lattice;
  const int g = lattice.grid_of(level);
  if (g < 0) return -1;
  const detail::LevelGrid& grid = lattice.levels[static_cast<std::size_t>(g)];
  const double fx = (x.x - lattice.origin.x) / congestion_cell - grid.cx0;
  const double fy = (x.y - lattice.origin.y) / congestion_cell - grid.cy0;
  if (!(fx >= 0.0 && fy >= 0.0 && fx < grid.ncx && fy < grid.ncy)) return -1;
  return impl_->graph.congestion[static_cast<std::size_t>(grid.congestion_base + static_cast<int>(fy) * grid.ncx +
                                                          static_cast<int>(fx))];
}

DistanceField Navigation::solve(PlaceId goal, Mobility mobility, const RouteCosts& costs) const {
  const Place& place = impl_->world->places()[index(goal)];
  return impl_->solve(goal_of_place(impl_->graph, *impl_->world, place, mobility == Mobility::walking), mobility,
                      costs);
}

DistanceField Navigation::solve_to(Vec2 goal, FaceId face, Mobility mobility, const RouteCosts& costs) const {
  return impl_->solve(goal_of_point(impl_->graph, *impl_->world, goal, face, mobility == Mobility::walking), mobility,
                      costs);
}

std::int32_t Navigation::node_at(Vec2 x, LevelId level, FaceId) const {
  return detail::node_below(impl_->graph, x, level);
}

Vec2 Navigation::node_position(std::int32_t node) const {
  const detail::NodeRecord* record = impl_->graph.record(node);
  return impl_->centre(node) + impl_->graph.lattice.sample_offset(record != nullptr ? record->stand : 12);
}

LevelId Navigation::node_level(std::int32_t node) const {
  const detail::Lattice& lattice = impl_->graph.lattice;
  return lattice.levels[static_cast<std::size_t>(lattice.grid_of_cell(impl_->graph.cell_of_node(node)))].level;
}

namespace {

struct Entry {
  Vec2 value;
  bool target = false;
  bool none = false;
};

Entry entry_of(const DistanceField& field, std::int32_t node, double cell) {
  const std::int16_t* code = field.direction.data() + 2 * static_cast<std::size_t>(node);
  if ((code[0] & 1) != 0)
    return {(cell / detail::target_scale) * Vec2{static_cast<double>(code[0]), static_cast<double>(code[1])}, true};
  return {Vec2{static_cast<double>(code[0]), static_cast<double>(code[1])} / detail::unit_scale, false,
          code[0] == 0 && code[1] == 0};
}

/// The four cells around a point and the weights of their centres.
struct Four {
  std::array<std::int32_t, 4> node;
  std::array<double, 4> weight;
};

Four four_around(const detail::Lattice& lattice, const detail::LevelGrid& grid, Vec2 x) {
  const double fx = (x.x - lattice.origin.x) / lattice.cell - grid.x0 - 0.5;
  const double fy = (x.y - lattice.origin.y) / lattice.cell - grid.y0 - 0.5;
  const int cx = static_cast<int>(fx), cy = static_cast<int>(fy);
  const double tx = fx - cx, ty = fy - cy;
  const std::int32_t c = grid.cell(cx, cy);
  return {{c, c + 1, c + grid.nx, c + grid.nx + 1},
          {(1.0 - tx) * (1.0 - ty), tx * (1.0 - ty), (1.0 - tx) * ty, tx * ty}};
}

}  // namespace

Vec2 Navigation::direction(const DistanceField& field, Vec2 x, LevelId level, FaceId) const {
  const detail::Graph& graph = impl_->graph;
  const std::int32_t node = detail::node_below(graph, x, level);
  if (node < 0) return {};
  const detail::Lattice& lattice = graph.lattice;
  const Entry own = entry_of(field, node, lattice.cell);
  if (own.none) return {};
  if (own.target) {
    const Vec2 centre = impl_->centre(node), way = centre + own.value - x;
    if (norm2(way) <= 1e-4) return normalized(own.value);
    const Vec2 e = normalized(way);
    // Someone close to a wall steps aside while walking on, towards where the node stands; not on the last metre.
    if (field.cost[static_cast<std::size_t>(node)] < 1.0F || !detail::is_cramped(graph, node, x, centre)) return e;
    constexpr double strength = 4.0, most = 0.6;  // [1/m], [-]
    const Vec2 aside = centre + lattice.sample_offset(graph.record(node)->stand) - x;
    const Vec2 push = strength * (aside - dot(aside, e) * e);
    const double size = norm(push);
    return normalized(e + (size > most ? most / size : 1.0) * push, e);
  }
  const Four four = four_around(lattice, lattice.levels[static_cast<std::size_t>(lattice.grid_of(level))], x);
  Vec2 sum{};
  for (std::size_t k = 0; k < 4; ++k) {
    const Entry entry = entry_of(field, four.node[k], lattice.cell);
    if (!entry.target) sum += four.weight[k] * entry.value;
  }
  return norm2(sum) > 0.01 ? normalized(sum) : normalized(own.value);
}

double Navigation::cost(const DistanceField& field, Vec2 x, LevelId level, FaceId) const {
  const detail::Graph& graph = impl_->graph;
  const std::int32_t node = detail::node_below(graph, x, level);
  if (node < 0) return std::numeric_limits<double>::infinity();
  const detail::Lattice& lattice = graph.lattice;
  const double at_node = field.cost[static_cast<std::size_t>(node)];
  const Entry own = entry_of(field, node, lattice.cell);
  if (own.none) return at_node;
  if (own.target) {
    const Vec2 centre = impl_->centre(node);
    return std::max(0.0, at_node + norm(centre + own.value - x) - norm(own.value));
  }
  const Four four = four_around(lattice, lattice.levels[static_cast<std::size_t>(lattice.grid_of(level))], x);
  double sum = 0.0;
  for (std::size_t k = 0; k < 4; ++k)
    sum += four.weight[k] * static_cast<double>(field.cost[static_cast<std::size_t>(four.node[k])]);
  return sum;
}

}  // namespace throng
