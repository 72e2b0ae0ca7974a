#include "sim/agents/detail/rules.hpp"
#include "sim/core/loops.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throng {
namespace {

constexpr Vec2 anywhere{std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
constexpr double at_spot = 0.4;           ///< a spot is reached within this distance [m]
constexpr int spots_tried = 8;            ///< to stay
constexpr int audience_spots_tried = 12;  ///< to visit
constexpr double give_up_after = 6.0;     ///< without nearing the spot, people stand where they are [s]
constexpr double approach = 15.0;         ///< people look for a spot from this distance to the place [m]
constexpr double comfortable = 2.5;       ///< standing density beyond which the audience prefers other spots [1/m²]

/// Duration drawn from its law [s] (>= 0). Parameters as struct Duration tells.
double draw(const Duration& law, Random& random) {
  const auto lognormal = [&](double mean, double sd) {
    if (mean <= 0.0) return 0.0;
    const double s2 = math::log(1.0 + sd * sd / (mean * mean));
    return random.lognormal(math::log(mean) - 0.5 * s2, std::sqrt(s2));
  };
  double value = 0.0;
  switch (law.law) {
    case Duration::Law::fixed:
      value = law.a;
      break;
    case Duration::Law::uniform:
      value = law.b > law.a ? random.uniform(law.a, law.b) : law.a;
      break;
    case Duration::Law::normal:
      value = law.b > 0.0 ? random.truncated_normal(law.a, law.b, 0.0, law.a + 6.0 * law.b) : law.a;
      break;
    case Duration::Law::exponential:
      value = random.exponential(law.a);
      break;
    case Duration::Law::lognormal:
      value = lognormal(law.a, law.b);
      break;
    case Duration::Law::gamma:
      value = random.gamma(law.b, law.a);
      break;
    case Duration::Law::weibull:
      value = random.weibull(law.a, law.b);
      break;
    case Duration::Law::until:
      value = 0.0;
      break;
  }
  return std::max(0.0, value);
}

}  // namespace

/// Tick at which a stay, service or reaction that begins now ends.
std::uint32_t Simulation::Impl::end_of(const CrowdState& state, std::size_t row, const Duration& law,
                                       Stream stream) const {
  Random random(state.seed, stream, static_cast<std::uint32_t>(state.agents.id[row]), state.tick);
  if (law.law != Duration::Law::until)
    return tick32(state.tick) + static_cast<std::uint32_t>(time.ticks(draw(law, random)));
  const double since_start = law.a + (law.b > 0.0 ? random.normal(0.0, law.b) : 0.0);
  const auto end = static_cast<std::uint32_t>(time.ticks(std::max(0.0, since_start)));
  return std::max(end, tick32(state.tick) + 1);
}

/// Agents per place they head for or are at.
void Simulation::Impl::count_headed(const CrowdState& state, detail::StepScratch& scratch) const {
  const bool needed = std::any_of(demand.stages.begin(), demand.stages.end(), [](const Demand::Stage& stage) {
    return stage.place_choice == Choice::least_loaded || stage.next_choice == Choice::least_loaded;
  });
  scratch.headed.assign(needed ? places.size() : 0, 0);
  if (!needed) return;
  for (const PlaceId place : state.agents.place)
    if (place != PlaceId::none) ++scratch.headed[index(place)];
}

/// Begin a stage: choose the place, forget the last one. Reads the old generation, writes row i.
void Simulation::Impl::enter_stage(CrowdState& state, std::size_t row, StageId id,
                                   std::span<const std::uint32_t> headed) const {
  AgentColumns& a = state.agents;
  const Demand::Stage& stage = demand.stages[index(id)];
  const auto subject = static_cast<std::uint32_t>(a.id[row]);
  std::size_t chosen = 0;
  if (stage.places.size() > 1 && stage.place_choice == Choice::weighted) {
    Random random(state.seed, Stream::transition, subject, {state.tick.count ^ 0x80000000ULL});
    chosen = random.below(static_cast<std::uint32_t>(stage.places.size()));
  } else if (stage.places.size() > 1 && stage.place_choice == Choice::least_loaded) {
    Random random(state.seed, Stream::transition, subject, {state.tick.count ^ 0x80000000ULL});
    const std::size_t first = random.below(static_cast<std::uint32_t>(stage.places.size()));
    const auto load = [&](std::size_t k) {  // people per server, ties broken by chance
      const std::size_t p = index(stage.places[k]);
      return (p < headed.size() ? headed[p] : 0U) / static_cast<double>(places[p].servers);
    };
    chosen = first;
    for (std::size_t k = 0; k < stage.places.size(); ++k)
      if (load((first + k) % stage.places.size()) < load(chosen)) chosen = (first + k) % stage.places.size();
  }
  a.stage[row] = id;
  a.place[row] = stage.places[chosen];
  a.spot[row] = anywhere;
  a.way[row] = {};
  a.until[row] = 0;
  a.best_cost[row] = std::numeric_limits<float>::infinity();
  a.progress[row] = tick32(state.tick);
  a.activity[row] = Activity::walking;
  Random random(state.seed, Stream::reroute, subject, state.tick);
  a.informed[row] = random.uniform() < options.routing.reroute_share ? 1 : 0;
}

StageId Simulation::Impl::next_stage(const CrowdState& state, std::size_t row,
                                     std::span<const std::uint32_t> headed) const {
  const Demand::Stage& stage = demand.stages[index(state.agents.stage[row])];
  if (stage.next.empty()) return StageId::none;
  if (stage.next.size() == 1 || stage.next_choice == Choice::fixed) return stage.next.front().to;
  if (stage.next_choice == Choice::least_loaded) {
    const auto load = [&](const Demand::Transition& t) {
      double sum = 0.0;
      for (const PlaceId p : demand.stages[index(t.to)].places)
        sum += (index(p) < headed.size() ? headed[index(p)] : 0U) / static_cast<double>(places[index(p)].servers);
      return sum / static_cast<double>(demand.stages[index(t.to)].places.size());
    };
    return std::min_element(stage.next.begin(), stage.next.end(),
                            [&](const auto& a, const auto& b) { return load(a) < load(b); })
        ->to;
  }
  Random random(state.seed, Stream::transition, static_cast<std::uint32_t>(state.agents.id[row]), state.tick);
  double sum = 0.0;
  for (const auto& t : stage.next) sum += t.weight;
  double u = random.uniform() * sum;
  for (const auto& t : stage.next)
    if ((u -= t.weight) < 0.0) return t.to;
  return stage.next.front().to;
}

/// A point of the place to stand at, in sight and not crowded: near the podium for an audience, anywhere else for a
/// stay. False when none was found.
bool Simulation::Impl::choose_spot(CrowdState& state, std::size_t row, const detail::StepScratch& scratch) const {
  AgentColumns& a = state.agents;
  const detail::PlaceInfo& info = places[index(a.place[row])];
  const bool audience = demand.stages[index(a.stage[row])].kind == StageKind::visit;
  Random random(state.seed, Stream::spot, static_cast<std::uint32_t>(a.id[row]), state.tick);
  double best = std::numeric_limits<double>::infinity();
  for (int k = 0; k < (audience ? audience_spots_tried : spots_tried); ++k) {
    FaceId face{};
    const Vec2 spot = random_point(a.place[row], random, face);
    if (level_of(face) != level_of(a.face[row]) || !in_sight(scratch.doors, a.face[row], a.position[row], spot))
      continue;
    const std::int32_t cell = navigation->congestion_cell_of(spot, level_of(face));
    const double rho =
        cell >= 0 && index(cell) < state.routes.smoothed.size() ? state.routes.smoothed[index(cell)] : 0.0;
    const double crowding = 20.0 * std::max(0.0, rho - comfortable);
    const double way = audience && info.focus ? distance(spot, *info.focus) : 0.3 * distance(spot, a.position[row]);
    const double score = crowding + (audience ? way : 0.0);
    if (score < best) best = score, a.spot[row] = spot;
    if (!audience && crowding == 0.0) break;
  }
  return std::isfinite(best);
}

/// Staying and visiting: choose a spot as soon as the place is near, walk there, stand until the time is over.
void Simulation::Impl::linger(CrowdState& state, std::size_t row, detail::StepScratch& scratch) const {
  AgentColumns& a = state.agents;
  const std::uint32_t now = tick32(state.tick);
  const auto set_out = [&] {
    a.progress[row] = now;
    a.best_cost[row] = std::numeric_limits<float>::infinity();
  };
  const bool gave_up = a.progress[row] <= now && now - a.progress[row] > time.ticks(give_up_after);
  if (a.until[row] == 0) {
    const bool chosen = is_finite(a.spot[row]);
    if (!reached(a.place[row], a.position[row], a.face[row])) {
      if (chosen && gave_up) {
        a.spot[row] = anywhere;
        set_out();
      } else if (!chosen && (state.tick.count + static_cast<std::uint64_t>(a.id[row])) % time.ticks(1.0) == 0 &&
                 places[index(a.place[row])].level == level_of(a.face[row]) &&
                 distance(nearest_point(a.place[row], a.position[row]), a.position[row]) < approach &&
                 choose_spot(state, row, scratch)) {
        set_out();
      }
      return;
    }
    a.until[row] = end_of(state, row, demand.stages[index(a.stage[row])].duration, Stream::dwell);
    if (!chosen) {
      if (!choose_spot(state, row, scratch)) a.spot[row] = a.position[row];
      set_out();
    }
    return;
  }
  if (now >= a.until[row]) {
    const StageId next = next_stage(state, row, scratch.headed);
    if (next != StageId::none) enter_stage(state, row, next, scratch.headed);
    return;
  }
  if (a.activity[row] == Activity::standing) return;
  const bool there = norm2(a.spot[row] - a.position[row]) < at_spot * at_spot;
  if (!there && gave_up && crowding_at(state, row) > comfortable && choose_spot(state, row, scratch))
    set_out();
  else if (there || gave_up)
    a.activity[row] = Activity::standing;
}

/// Smoothed density around an agent [1/m²].
double Simulation::Impl::crowding_at(const CrowdState& state, std::size_t row) const {
  const std::int32_t cell =
      navigation->congestion_cell_of(state.agents.position[row], level_of(state.agents.face[row]));
  return cell >= 0 && index(cell) < state.routes.smoothed.size() ? state.routes.smoothed[index(cell)] : 0.0;
}

void Simulation::Impl::advance(CrowdState& state, std::size_t row, detail::StepScratch& scratch,
                               detail::BlockNews& news) const {
  AgentColumns& a = state.agents;
  if (a.stage[row] == StageId::none) return;
  if (a.activity[row] == Activity::reacting) {
    if (tick32(state.tick) < a.until[row]) return;
    a.activity[row] = Activity::walking;
    a.until[row] = 0;
    a.progress[row] = tick32(state.tick);
  }
  switch (demand.stages[index(a.stage[row])].kind) {
    case StageKind::waypoint:
      if (reached(a.place[row], a.position[row], a.face[row]))
        if (const StageId next = next_stage(state, row, scratch.headed); next != StageId::none)
          enter_stage(state, row, next, scratch.headed);
      break;
    case StageKind::stay:
    case StageKind::visit:
      linger(state, row, scratch);
      break;
    case StageKind::queue:
      news.queueing.push_back(static_cast<std::uint32_t>(row));
      break;
    case StageKind::exit:
      if (reached(a.place[row], a.position[row], a.face[row])) news.at_exit.push_back(static_cast<std::uint32_t>(row));
      break;
  }
}

void Simulation::Impl::choose_stages(CrowdState& state, detail::StepScratch& scratch) const {
  const std::size_t n = state.agents.size(), grain = detail::Locomotion::grain;
  count_headed(state, scratch);
  scratch.news.resize((n + grain - 1) / grain);
  for_each_block(n, grain, [&](std::size_t begin, std::size_t end) {
    detail::BlockNews& news = scratch.news[begin / grain];
    news.clear();
    for (std::size_t r = begin; r < end; ++r) advance(state, r, scratch, news);
  });
}

}  // namespace throng
