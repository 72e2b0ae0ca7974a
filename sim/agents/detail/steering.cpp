#include "sim/agents/detail/rules.hpp"
#include "sim/core/loops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throng {
namespace {

constexpr std::size_t ahead = 8;                 ///< rows between asking for a face and using it
constexpr double gate_reach = 0.5;               ///< people stop this far from a gate that is shut for them [m]
constexpr double enough = 0.5;                   ///< progress [m of remaining cost]
constexpr double crowded = 2.15;                 ///< level of service F of walkways, Fruin (1971) [1/m²]
constexpr double waiting_room = 20.0;            ///< who is this near to an exit that is full waits for it [m]
constexpr double easing = 0.5;                   ///< people slow down over this time before their spot [s]
constexpr std::uint32_t reported = 0xFFFFFFFFU;  ///< in `progress`: this stall was reported

}  // namespace

/// Unit direction towards the stage's place; zero when there is none. `detour` = only shut doors lead there.
Vec2 Simulation::Impl::way(const CrowdState& state, std::size_t row, const detail::StepScratch& scratch,
                           bool& detour) const {
  using detail::RouteKind;
  const AgentColumns& a = state.agents;
  const PlaceId place = a.place[row];
  const LevelId level = level_of(a.face[row]);
  const RouteKind kind = (a.informed[row] & 1U) != 0 ? RouteKind::congested : RouteKind::free_flow;
  const DistanceField* field = scratch.field[key(place, mobility(state, row), kind)];
  detour = false;
  const Vec2 e = navigation->direction(*field, a.position[row], level, a.face[row]);
  if (norm2(e) > 0.25) return e;
  if (std::isfinite(navigation->cost(*field, a.position[row], level, a.face[row]))) {
    const Vec2 to = nearest_point(place, a.position[row]) - a.position[row];
    if (norm2(to) > 1e-6) return normalized(to);
    return normalized(world->mesh().vertex[index(world->mesh().face[index(a.face[row])].vertex[0])] - a.position[row]);
  }
  const DistanceField* open = scratch.field[key(place, mobility(state, row), RouteKind::all_open)];
  if (open == nullptr) return {};
  detour = true;
  return navigation->direction(*open, a.position[row], level, a.face[row]);
}

/// Is there a door right ahead that is shut for someone here?
bool Simulation::Impl::gate_ahead(const CrowdState& state, std::size_t row, Vec2 e,
                                  const detail::StepScratch& scratch) const {
  const detail::FixedFrame& frame = locomotion.frame();
  const detail::WallGrid& grid = locomotion.walls();
  const Vec2 x = state.agents.position[row];
  const std::int32_t fx = frame.x(x.x), fy = frame.y(x.y);
  const std::uint32_t list = grid.list_of(fx, fy, level_of(state.agents.face[row]));
  for (std::uint32_t k = grid.begin()[list]; k < grid.begin()[list + 1]; ++k) {
    const detail::WallSegment& wall = grid.walls()[grid.list()[k]];
    if (wall.door < 0) continue;
    const Vec2 a{(wall.ax - fx) / frame.units_per_metre, (wall.ay - fy) / frame.units_per_metre};
    const Vec2 u{wall.ux, wall.uy};
    const bool left = cross(a, u) > 0.0;  // of the door as drawn: forward leads away from here
    const DoorState door = scratch.doors[index(wall.door)];
    if (door == DoorState::open || (door == DoorState::forward_only && left) ||
        (door == DoorState::backward_only && !left))
      continue;
    if (norm2(nearest_on_segment({}, a, a + static_cast<double>(wall.length) * u)) > gate_reach * gate_reach) continue;
    // Whoever walks past its end does not stop.
    const double towards = cross(e, u);
    if (std::abs(towards) < 0.1) continue;
    const double ahead_of_it = cross(a, u) / towards, along = cross(a, e) / towards;
    if (ahead_of_it > 0.0 && along >= 0.0 && along <= static_cast<double>(wall.length)) return true;
  }
  return false;
}

/// Why somebody has got no further.
const char* Simulation::Impl::stall_cause(const CrowdState& state, std::size_t row, double cost, bool no_way) const {
  const AgentColumns& a = state.agents;
  if (a.activity[row] == Activity::waiting_at_gate || (a.informed[row] & 2U) != 0) return "closed gate";
  if (no_way) return "no way";
  const detail::PlaceInfo* goal = a.place[row] == PlaceId::none ? nullptr : &places[index(a.place[row])];
  const bool limited = goal != nullptr && goal->exit >= 0 && (goal->exit_rate > 0.0 || !goal->seats.empty());
  if (limited && cost < waiting_room) return "full exit";
  if (crowding_at(state, row) >= crowded) return "crowded";
  const std::uint32_t list = locomotion.walls().list_of(locomotion.frame().x(a.position[row].x),
                                                        locomotion.frame().y(a.position[row].y), level_of(a.face[row]));
  return locomotion.walls().empty(list) ? "people" : "wall";
}

/// Progress towards the stage: half a metre of remaining cost. Reports a stall once, at closed gates too.
void Simulation::Impl::watch_progress(CrowdState& state, std::size_t row, double cost, bool no_way,
                                      detail::BlockNews& news) const {
  AgentColumns& a = state.agents;
  const std::uint32_t now = tick32(state.tick);
  const bool nearer = cost < static_cast<double>(a.best_cost[row]) - enough;
  if (nearer || (a.activity[row] != Activity::walking && a.activity[row] != Activity::waiting_at_gate)) {
    if (nearer) a.best_cost[row] = static_cast<float>(cost);
    a.progress[row] = now;
    return;
  }
  if (a.progress[row] == reported || now - a.progress[row] < stuck_ticks) return;
  a.progress[row] = reported;
  const auto at = world->places_at(a.face[row]);
  news.stuck.push_back({.id = a.id[row],
                        .tick = state.tick,
                        .at = a.position[row],
                        .level = level_of(a.face[row]),
                        .stage = a.stage[row],
                        .place = at.empty() ? PlaceId::none : at.front(),
                        .cause = stall_cause(state, row, cost, no_way)});
}

/// Look up the way. People right before a gate that is shut for them stand there; those behind them do not push.
void Simulation::Impl::look(CrowdState& state, std::size_t row, const detail::StepScratch& scratch) const {
  AgentColumns& a = state.agents;
  bool detour = false;
  const Vec2 e = way(state, row, scratch, detour);
  const bool found = norm2(e) > 0.25;
  a.way[row] = found ? Way{static_cast<float>(e.x), static_cast<float>(e.y)} : Way{};
  a.informed[row] = static_cast<std::uint8_t>((a.informed[row] & 5U) | (detour ? 2U : 0U));
  if (a.activity[row] == Activity::waiting_at_gate) a.activity[row] = Activity::walking;
  if (scratch.any_shut && found && gate_ahead(state, row, e, scratch)) {
    a.way[row] = {};
    a.activity[row] = Activity::waiting_at_gate;
  } else if (detour && norm2(a.velocity[row]) < 0.09) {
    a.activity[row] = Activity::waiting_at_gate;
  }
}

/// Remaining cost of the way, for progress.
void Simulation::Impl::watch_route(CrowdState& state, std::size_t row, const detail::StepScratch& scratch,
                                   detail::BlockNews& news) const {
  using detail::RouteKind;
  const AgentColumns& a = state.agents;
  const bool no_way = a.way[row].x == 0.0F && a.way[row].y == 0.0F && a.activity[row] == Activity::walking;
  const RouteKind kind = (a.informed[row] & 2U) != 0   ? RouteKind::all_open
                         : (a.informed[row] & 1U) != 0 ? RouteKind::congested
                                                       : RouteKind::free_flow;
  const DistanceField* field = scratch.field[key(a.place[row], mobility(state, row), kind)];
  double cost = std::numeric_limits<double>::infinity();
  if (!no_way && field != nullptr) cost = navigation->cost(*field, a.position[row], level_of(a.face[row]), a.face[row]);
  watch_progress(state, row, cost, no_way, news);
}

detail::Intent Simulation::Impl::intent_of(CrowdState& state, std::size_t row, const detail::StepScratch& scratch,
                                           detail::BlockNews& news) const {
  AgentColumns& a = state.agents;
  const MeshFace& face = world->mesh().face[index(a.face[row])];
  const double factor = face.surface == Surface::steps ? demand.population[a.population[row]].stairs_factor
                                                       : static_cast<double>(face.speed_factor);
  const double free_speed = static_cast<double>(a.desired_speed[row]) * factor;
  detail::Intent intent;
  intent.squeeze = true;
  const auto walk_along = [&](Vec2 e, double speed) {
    intent.ex = static_cast<float>(e.x);
    intent.ey = static_cast<float>(e.y);
    intent.speed = static_cast<float>(speed);
    return intent;
  };
  if (a.stage[row] == StageId::none) return walk_along(a.spot[row], free_speed);
  if (a.activity[row] == Activity::standing || a.activity[row] == Activity::reacting) return intent;
  const std::uint32_t turn = tick32(state.tick) + static_cast<std::uint32_t>(a.id[row]);
  const bool watched = turn % watch_ticks == 0;
  if (is_finite(a.spot[row])) {
    const double left = distance(a.position[row], a.spot[row]);
    const bool queueing = a.activity[row] == Activity::queueing;
    if (watched) watch_progress(state, row, left, false, news);
    if (queueing) intent.squeeze = false;
    if (left < 0.15) return intent;
    Vec2 e = (a.spot[row] - a.position[row]) / left;
    if (queueing && left > 1.0 && !in_sight(scratch.doors, a.face[row], a.position[row], a.spot[row])) {
      bool detour = false;
      if (const Vec2 round = way(state, row, scratch, detour); norm2(round) > 0.25) e = round;
    }
    return walk_along(e, std::min(free_speed, std::max(0.3, left / easing)));
  }
  if ((a.way[row].x == 0.0F && a.way[row].y == 0.0F) || turn % look_ticks == 0) look(state, row, scratch);
  if (watched) watch_route(state, row, scratch, news);
  if (a.way[row].x == 0.0F && a.way[row].y == 0.0F) return intent;
  if ((a.informed[row] & 2U) != 0) intent.squeeze = false;
  intent.ex = a.way[row].x;
  intent.ey = a.way[row].y;
  intent.speed = static_cast<float>(free_speed);
  return intent;
}

void Simulation::Impl::choose_directions(CrowdState& state, detail::StepScratch& scratch) const {
  const std::size_t n = state.agents.size(), grain = detail::Locomotion::grain;
  detail::fit(scratch.intents, n);
  for_each_block(n, grain, [&](std::size_t begin, std::size_t end) {
    detail::BlockNews& news = scratch.news[begin / grain];
    for (std::size_t r = begin; r < end; ++r) {
      if (r + ahead < end) __builtin_prefetch(&world->mesh().face[index(state.agents.face[r + ahead])]);
      scratch.intents[r] = intent_of(state, r, scratch, news);
    }
  });
}

}  // namespace throng
