#include "sim/nav/navigation.hpp"

#include "sim/core/error.hpp"
#include "sim/core/hash.hpp"
#include "sim/core/loops.hpp"
#include "sim/nav/detail/directions.hpp"
#include "sim/nav/detail/goals.hpp"
#include "sim/nav/detail/graph.hpp"
#include "sim/nav/detail/solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <utility>

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
  mutable detail::Marcher marcher;
  mutable std::mutex mutex;
  mutable std::map<std::pair<PlaceId, Mobility>, std::shared_ptr<const detail::Goal>> goals;  ///< found once

  std::shared_ptr<const detail::Goal> goal_of(PlaceId place, Mobility mobility) const {
    const std::lock_guard lock(mutex);
    auto& goal = goals[{place, mobility}];
    if (!goal)
      goal = std::make_shared<const detail::Goal>(
          goal_of_place(graph, *world, world->places()[index(place)], mobility == Mobility::walking));
    return goal;
  }

  DistanceField solve(std::shared_ptr<const detail::Goal> goal, Mobility mobility,
                      std::shared_ptr<const detail::PricedGround> ground) const {
    auto cost = marcher.march(graph, *ground, mobility, goal->seeds);
    return {std::move(cost), mobility, std::vector<std::uint8_t>(graph.records.size()), std::move(ground),
            std::move(goal)};
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
std::size_t Navigation::n_nodes() const { return impl_->graph.ground_node.size(); }
double Navigation::cost_unit() const { return impl_->graph.lattice.cell / detail::cost_units_per_cell; }
std::size_t Navigation::n_congestion_cells() const { return impl_->graph.congestion_area.size(); }
std::span<const float> Navigation::congestion_cell_area() const { return impl_->graph.congestion_area; }

std::vector<float> Navigation::congestion_density(std::span<const float> people) const {
  const detail::Graph& graph = impl_->graph;
  std::vector<float> density(people.size());
  for_each_block(density.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t c = begin; c < end; ++c) {
      float n = 0.0F, area = 0.0F;
      for (const std::int32_t near : graph.congestion_near[c]) {
        if (near < 0) break;
        n += people[static_cast<std::size_t>(near)];
        area += graph.congestion_area[static_cast<std::size_t>(near)];
      }
      density[c] = n / std::max(area, 0.5F);
    }
  });
  return density;
}

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

std::shared_ptr<const detail::PricedGround> Navigation::price(const RouteCosts& costs) const {
  THRONG_CHECK(costs.doors.empty() || costs.doors.size() == world().doors().size(), "one state per door");
  THRONG_CHECK(costs.slowness.empty() || costs.slowness.size() == n_congestion_cells(),
               "one slowness per congestion cell");
  const std::vector<DoorState> initial = costs.doors.empty() ? world().initial_doors() : std::vector<DoorState>{};
  return std::make_shared<const detail::PricedGround>(
      detail::price(impl_->graph, costs.doors.empty() ? initial : costs.doors, costs.slowness));
}

DistanceField Navigation::solve(PlaceId goal, Mobility mobility,
                                std::shared_ptr<const detail::PricedGround> ground) const {
  return impl_->solve(impl_->goal_of(goal, mobility), mobility, std::move(ground));
}

DistanceField Navigation::solve(PlaceId goal, Mobility mobility, const RouteCosts& costs) const {
  return solve(goal, mobility, price(costs));
}

DistanceField Navigation::solve_to(Vec2 goal, FaceId face, Mobility mobility, const RouteCosts& costs) const {
  return impl_->solve(std::make_shared<const detail::Goal>(
                          goal_of_point(impl_->graph, world(), goal, face, mobility == Mobility::walking)),
                      mobility, price(costs));
}

namespace {

/// The first of the four cells around a point, and the weights of their centres.
struct Four {
  std::int32_t south_west;
  std::array<double, 4> weight;
};

Four four_around(const detail::Lattice& lattice, const detail::LevelGrid& grid, Vec2 x) {
  const double fx = (x.x - lattice.origin.x) / lattice.cell - grid.x0 - 0.5;
  const double fy = (x.y - lattice.origin.y) / lattice.cell - grid.y0 - 0.5;
  const int cx = static_cast<int>(fx), cy = static_cast<int>(fy);
  const double tx = fx - cx, ty = fy - cy;
  return {grid.cell(cx, cy), {(1.0 - tx) * (1.0 - ty), tx * (1.0 - ty), (1.0 - tx) * ty, tx * ty}};
}

}  // namespace

Vec2 Navigation::direction(const DistanceField& field, Vec2 x, LevelId level, FaceId) const {
  const detail::Graph& graph = impl_->graph;
  const std::int32_t node = detail::node_below(graph, x, level);
  if (node < 0) return {};
  const detail::Lattice& lattice = graph.lattice;
  const detail::Descent descent(graph, field);
  const detail::LevelGrid& grid = lattice.levels[static_cast<std::size_t>(lattice.grid_of(level))];
  const bool open = graph.kind[static_cast<std::size_t>(node)] == detail::NodeKind::open;
  const std::uint32_t units = descent.cost(node);
  if (units == DistanceField::no_way) return {};
  if (open && units > field.goal->greatest_seed) {
    const Four four = four_around(lattice, grid, x);
    const Vec2 sum = descent.blend(four.south_west, grid.nx, four.weight);
    if (norm2(sum) > 0.01) return normalized(sum);
  }
  const detail::Pointer own = descent.at(node);
  switch (own.kind) {
    case detail::Pointer::Kind::none:
      return {};
    case detail::Pointer::Kind::unit: {
      if (units > field.goal->greatest_seed) return normalized(own.value);
      const Four four = four_around(lattice, grid, x);
      const Vec2 sum = descent.blend(four.south_west, grid.nx, four.weight);
      return norm2(sum) > 0.01 ? normalized(sum) : normalized(own.value);
    }
    case detail::Pointer::Kind::target:
      break;
  }
  const Vec2 centre = impl_->centre(node), way = centre + own.value - x;
  if (norm2(way) <= 1e-4) return normalized(own.value);
  const Vec2 e = normalized(way);
  // Someone close to a wall steps aside while walking on, towards where the node stands; not on the last metre.
  if (cost_unit() * units < 1.0 || !detail::is_cramped(graph, node, x, centre)) return e;
  constexpr double strength = 4.0, most = 0.6;  // [1/m], [-]
  const Vec2 aside = centre + lattice.sample_offset(graph.record(node)->stand) - x;
  const Vec2 push = strength * (aside - dot(aside, e) * e);
  const double size = norm(push);
  return normalized(e + (size > most ? most / size : 1.0) * push, e);
}

double Navigation::cost(const DistanceField& field, Vec2 x, LevelId level, FaceId) const {
  const detail::Graph& graph = impl_->graph;
  const std::int32_t node = detail::node_below(graph, x, level);
  if (node < 0) return std::numeric_limits<double>::infinity();
  const detail::Descent descent(graph, field);
  const std::uint32_t units = descent.cost(node);
  if (units == DistanceField::no_way) return std::numeric_limits<double>::infinity();
  const detail::Pointer own = descent.at(node);
  switch (own.kind) {
    case detail::Pointer::Kind::none:
      return cost_unit() * units;
    case detail::Pointer::Kind::target: {
      const Vec2 centre = impl_->centre(node);
      return std::max(0.0, cost_unit() * units + norm(centre + own.value - x) - norm(own.value));
    }
    case detail::Pointer::Kind::unit:
      break;
  }
  const detail::Lattice& lattice = graph.lattice;
  const detail::LevelGrid& grid = lattice.levels[static_cast<std::size_t>(lattice.grid_of(level))];
  const Four four = four_around(lattice, grid, x);
  const std::array<std::int32_t, 4> around{four.south_west, four.south_west + 1, four.south_west + grid.nx,
                                           four.south_west + grid.nx + 1};
  double sum = 0.0;
  for (std::size_t k = 0; k < 4; ++k) sum += four.weight[k] * static_cast<double>(descent.cost(around[k]));
  return cost_unit() * sum;
}

}  // namespace throng
