#include "sim/agents/detail/rules.hpp"
#include "sim/core/loops.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace throng {
namespace {

constexpr double density_interval = 1.0;  ///< the density that routes are judged by is sampled this often [s]
constexpr double meter_burst = 1.0;       ///< credit that a metered door gathers at most [s of its rate]
constexpr double slowest = 0.1;           ///< walking speed never falls below this share, for route costs

/// Walking speed at a density over the free one. Weidmann (1993), doi:10.3929/ethz-b-000242008.
double relative_speed(double rho) {
  if (rho < 0.3) return 1.0;
  return std::max(slowest, 1.0 - math::exp(-1.913 * (1.0 / rho - 1.0 / 5.4)));
}

DoorState door_state(GateDirection direction) {
  switch (direction) {
    case GateDirection::forward:
      return DoorState::forward_only;
    case GateDirection::backward:
      return DoorState::backward_only;
    case GateDirection::both:
      break;
  }
  return DoorState::open;
}

std::shared_ptr<const RouteCosts> costs_of(std::vector<DoorState> doors, std::vector<float> slowness) {
  auto costs = std::make_shared<RouteCosts>();
  costs->doors = std::move(doors);
  costs->slowness = std::move(slowness);
  costs->seal();
  return costs;
}

}  // namespace

/// Timed changes of this tick. A closed area still lets people out.
void Simulation::Impl::apply_changes(CrowdState& state, StepReport* report) const {
  const auto first = std::lower_bound(demand.changes.begin(), demand.changes.end(), state.tick,
                                      [](const Demand::Change& c, Tick t) { return c.tick < t; });
  for (auto change = first; change != demand.changes.end() && change->tick == state.tick; ++change) {
    const auto target = static_cast<std::size_t>(change->target);
    Vec2 at{};
    switch (change->kind) {
      case ChangeKind::gate_open:
        state.controls.door[target] = DoorState::open;
        break;
      case ChangeKind::gate_close:
        state.controls.door[target] = DoorState::closed;
        break;
      case ChangeKind::gate_meter:
        state.controls.meter_per_min[target] = change->value;
        break;
      case ChangeKind::gate_direction:
        state.controls.door[target] = door_state(change->direction);
        break;
      case ChangeKind::area_close:
        state.controls.door[target] = DoorState::forward_only;
        break;
      case ChangeKind::area_open:
        state.controls.door[target] = DoorState::open;
        break;
      case ChangeKind::source_factor:
        state.controls.arrival_factor[target] = change->value;
        break;
    }
    if (change->kind != ChangeKind::source_factor && !world->doors()[target].segments.empty())
      at = 0.5 * (world->doors()[target].segments.front()[0] + world->doors()[target].segments.front()[1]);
    if (report != nullptr)
      report->events.push_back(
          {.tick = state.tick,
           .kind = EventKind::change,
           .subject = change->kind == ChangeKind::source_factor ? demand.sources[target].id : world->doors()[target].id,
           .text = change->text,
           .at = at,
           .value = change->value});
  }
}

/// Exponentially smoothed density of the congestion cells, sampled once per second.
void Simulation::Impl::smooth_density(CrowdState& state) const {
  const std::size_t n = navigation->n_congestion_cells();
  std::vector<float> count(n, 0.0F);
  state.routes.smoothed.resize(n, 0.0F);
  std::vector<std::int32_t> cell(state.agents.size());
  for_each_agent(cell.size(), [&](std::size_t r) {
    cell[r] = navigation->congestion_cell_of(state.agents.position[r], level_of(state.agents.face[r]));
  });
  for (const std::int32_t c : cell)
    if (c >= 0) count[index(c)] += 1.0F;
  const double tau = options.routing.smoothing;
  const auto share = static_cast<float>(tau > 0.0 ? 1.0 - math::exp(-density_interval / tau) : 1.0);
  const std::vector<float> density = navigation->congestion_density(count);
  for_each_agent(
      n,
      [&](std::size_t c) {
        float& smooth = state.routes.smoothed[c];
        smooth += (density[c] - smooth) * share;
        if (smooth < 1e-6F) smooth = 0.0F;
      },
      8192);
}

std::vector<float> Simulation::Impl::slowness_of(const CrowdState& state) const {
  std::vector<float> slowness(state.routes.smoothed.size());
  bool any = false;
  for (std::size_t c = 0; c < slowness.size(); ++c) {
    const double extra = 1.0 / relative_speed(state.routes.smoothed[c]) - 1.0;
    slowness[c] = static_cast<float>(1.0 + options.routing.congestion_weight * extra);
    any = any || slowness[c] > 1.0F;
  }
  if (!any) slowness.clear();
  return slowness;
}

/// Is there congestion ahead that one can see from here?
bool Simulation::Impl::sees_congestion(const CrowdState& state, std::size_t row) const {
  constexpr double reach = 12.0, stride = 3.0;  // [m]
  constexpr float congested = 1.5F;             // relative walking time
  const AgentColumns& a = state.agents;
  const auto& slowness = state.routes.current->slowness;
  const LevelId level = level_of(a.face[row]);
  const Vec2 e{static_cast<double>(a.way[row].x), static_cast<double>(a.way[row].y)};
  for (double ahead = 0.0; ahead <= reach; ahead += stride) {
    const Vec2 x = a.position[row] + ahead * e;
    const std::int32_t cell = navigation->congestion_cell_of(x, level);
    if (cell >= 0 && slowness[index(cell)] >= congested &&
        in_sight(state.controls.door, a.face[row], a.position[row], x))
      return true;
  }
  return false;
}

/// People to whom congestion has come into sight since they last looked decide anew whether to go round it.
void Simulation::Impl::notice_congestion(CrowdState& state) const {
  const bool any = !state.routes.current->slowness.empty();
  for_each_agent(state.agents.size(), [&](std::size_t r) {
    std::uint8_t& informed = state.agents.informed[r];
    const bool sees = any && follows_field(state, r) && sees_congestion(state, r);
    const bool news = sees && (informed & 4U) == 0;
    informed = static_cast<std::uint8_t>((informed & 3U) | (sees ? 4U : 0U));
    if (!news || (informed & 1U) != 0) return;
    Random random(state.seed, Stream::reroute, static_cast<std::uint32_t>(state.agents.id[r]), state.tick);
    if (random.uniform() >= options.routing.reroute_share) return;
    informed |= 1U;
    state.agents.way[r] = {};
  });
}

/// New costs lengthen or shorten the way that people still have to go; that is neither progress nor the want of it.
void Simulation::Impl::rebase_progress(CrowdState& state, const std::shared_ptr<const RouteCosts>& before) const {
  AgentColumns& a = state.agents;
  const std::vector<detail::FieldGoal> goals = goals_of(state, true);
  const auto was = fields.get(goals, before), is = fields.get(goals, state.routes.current);
  for_each_agent(a.size(), [&](std::size_t r) {
    if ((a.informed[r] & 1U) == 0 || !follows_field(state, r) || !std::isfinite(a.best_cost[r])) return;
    const detail::FieldGoal goal{a.place[r], mobility(state, r)};
    const auto k = static_cast<std::size_t>(std::lower_bound(goals.begin(), goals.end(), goal) - goals.begin());
    const auto cost = [&](const DistanceField& field) {
      return navigation->cost(field, a.position[r], level_of(a.face[r]), a.face[r]);
    };
    const double change = cost(*is[k]) - cost(*was[k]);
    if (std::isfinite(change)) a.best_cost[r] += static_cast<float>(change);
  });
}

/// Costs take effect `update_delay` after the moment they were judged at; their fields are solved meanwhile.
void Simulation::Impl::update_routes(CrowdState& state) const {
  RouteState& routes = state.routes;
  const bool rerouting = options.routing.reroute_interval > 0.0 && options.routing.congestion_weight > 0.0;
  if (state.tick.count % time.ticks(density_interval) == 0 && !demand.stages.empty()) smooth_density(state);
  if (routes.pending && state.tick >= routes.pending_at) {
    const auto before = std::exchange(routes.current, std::move(routes.pending));
    routes.pending.reset();
    rebase_progress(state, before);
    notice_congestion(state);
  }
  const RouteCosts& newest = routes.pending ? *routes.pending : *routes.current;
  const bool doors_changed = newest.doors != state.controls.door;
  const bool snapshot = rerouting && state.tick.count > 0 && !routes.pending &&
                        state.tick.count % time.ticks(options.routing.reroute_interval) == 0;
  if (!doors_changed && !snapshot) return;
  auto costs = costs_of(state.controls.door, rerouting ? slowness_of(state) : std::vector<float>{});
  if (costs->hash == newest.hash) return;
  routes.pending = std::move(costs);
  routes.pending_at = {state.tick.count +
                       (options.routing.update_delay > 0.0 ? time.ticks(options.routing.update_delay) : 1)};
  fields.prefetch(goals_of(state, true), routes.pending);
  if (doors_changed) fields.prefetch(goals_of(state, false), free_flow_of(routes.pending));
}

/// The same doors without congestion: one object for the same doors, so that its fields are solved once. The last few
/// are kept, for gates that open and close again.
std::shared_ptr<const RouteCosts> Simulation::Impl::free_flow_of(const std::shared_ptr<const RouteCosts>& costs) const {
  constexpr std::size_t kept = 4;
  const std::lock_guard lock(mutex);
  auto found =
      std::find_if(free_flow.begin(), free_flow.end(), [&](const auto& free) { return free->doors == costs->doors; });
  if (found == free_flow.end()) {
    if (free_flow.size() >= kept) free_flow.pop_back();
    found = free_flow.insert(free_flow.begin(), costs->slowness.empty() ? costs : costs_of(costs->doors, {}));
  }
  std::rotate(free_flow.begin(), found, found + 1);
  return free_flow.front();
}

/// Does somebody walk by a field, rather than stand or go to a spot that they see?
bool Simulation::Impl::follows_field(const CrowdState& state, std::size_t row) const {
  const AgentColumns& a = state.agents;
  if (a.place[row] == PlaceId::none || a.stage[row] == StageId::none) return false;
  if (a.activity[row] == Activity::standing || a.activity[row] == Activity::reacting) return false;
  return !is_finite(a.spot[row]) || a.activity[row] == Activity::queueing;
}

std::vector<detail::FieldGoal> Simulation::Impl::goals_of(const CrowdState& state, bool informed) const {
  std::set<detail::FieldGoal> goals;
  for (std::size_t r = 0; r < state.agents.size(); ++r)
    if (follows_field(state, r) && ((state.agents.informed[r] & 1U) != 0) == informed)
      goals.insert({state.agents.place[r], mobility(state, r)});
  return {goals.begin(), goals.end()};
}

/// What stops people now: shut doors, and metered ones until there is credit for one more person.
void Simulation::Impl::effective_doors(CrowdState& state, detail::StepScratch& scratch) const {
  scratch.doors = state.controls.door;
  scratch.any_shut = false;
  for (std::size_t d = 0; d < scratch.doors.size(); ++d) {
    const double rate = state.controls.meter_per_min[d] / 60.0;
    if (rate > 0.0) {
      state.meter_credit[d] = std::min(std::max(1.0, rate * meter_burst), state.meter_credit[d] + rate * options.dt);
      if (state.meter_credit[d] < 1.0) scratch.doors[d] = DoorState::closed;
    }
    scratch.any_shut = scratch.any_shut || scratch.doors[d] != DoorState::open;
  }
}

/// Fields of every goal in use, and pointers to them for the step.
void Simulation::Impl::resolve_fields(const CrowdState& state, detail::StepScratch& scratch) const {
  using detail::RouteKind;
  const std::size_t n = places.size() * 2 * static_cast<std::size_t>(RouteKind::count_);
  scratch.wanted.assign(n, 0);
  scratch.field.assign(n, nullptr);
  scratch.held.clear();
  for (std::size_t r = 0; r < state.agents.size(); ++r) {
    if (!follows_field(state, r)) continue;
    const RouteKind kind = (state.agents.informed[r] & 1U) != 0 ? RouteKind::congested : RouteKind::free_flow;
    scratch.wanted[key(state.agents.place[r], mobility(state, r), kind)] = 1;
  }
  const auto resolve = [&](RouteKind kind, const std::shared_ptr<const RouteCosts>& costs) {
    std::vector<detail::FieldGoal> goals;
    std::vector<std::size_t> keys;
    for (std::size_t p = 0; p < places.size(); ++p)
      for (const Mobility m : {Mobility::walking, Mobility::step_free}) {
        const PlaceId place{static_cast<int>(p)};
        const std::size_t k = key(place, m, kind);
        const bool any = scratch.wanted[key(place, m, RouteKind::congested)] != 0 ||
                         scratch.wanted[key(place, m, RouteKind::free_flow)] != 0;
        if (kind == RouteKind::all_open ? !any : scratch.wanted[k] == 0) continue;
        goals.push_back({place, m});
        keys.push_back(k);
      }
    auto found = fields.get(goals, costs);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      scratch.field[keys[k]] = found[k].get();
      scratch.held.push_back(std::move(found[k]));
    }
  };
  resolve(RouteKind::congested, state.routes.current);
  resolve(RouteKind::free_flow, free_flow_of(state.routes.current));
  const auto shut = [](DoorState door) { return door != DoorState::open; };
  if (std::any_of(state.routes.current->doors.begin(), state.routes.current->doors.end(), shut)) {
    {
      const std::lock_guard lock(mutex);
      if (!all_open) all_open = costs_of(std::vector<DoorState>(state.controls.door.size(), DoorState::open), {});
    }
    resolve(RouteKind::all_open, all_open);
  }
}

}  // namespace throng
