#include "sim/agents/evacuate.hpp"

#include "sim/agents/detail/rules.hpp"
#include "sim/core/error.hpp"
#include "sim/fields/zone_meter.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace throng {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::vector<PlaceId> exits_of(const World& world) {
  std::vector<PlaceId> out;
  for (std::size_t p = 0; p < world.places().size(); ++p)
    if (world.places()[p].shape.kind == PlaceKind::exit) out.push_back(static_cast<PlaceId>(p));
  return out;
}

std::string name_of(const World& world, PlaceId id) {
  const PlaceShape& shape = world.places()[index(id)].shape;
  return shape.name.empty() ? shape.id : shape.name;
}

/// The demand with dry sources and one more stage per exit, straight out. Old stage numbers stay valid. Whoever reaches
/// an exit served by a timetable is out: nobody waits for a tram or a ferry in danger.
Demand leave_now(Demand demand, const World& world, const std::vector<PlaceId>& exits) {
  for (Demand::Source& source : demand.sources) {
    source.rates.clear();
    source.pulses.clear();
    source.initial = 0.0;
  }
  for (Demand::Stage& stage : demand.stages) stage.departures.clear();
  const int journey = static_cast<int>(demand.journeys.size());
  demand.journeys.push_back("evacuation");
  for (const PlaceId exit : exits) {
    Demand::Stage stage;
    stage.name = "evacuation/" + world.places()[index(exit)].shape.id;
    stage.kind = StageKind::exit;
    stage.places = {exit};
    stage.journey = journey;
    demand.stages.push_back(std::move(stage));
  }
  return demand;
}

/// Nobody waits for service any more and nobody waits outside.
void dissolve_queues(CrowdState& state) {
  for (QueueState& queue : state.queues) {
    queue.waiting.clear();
    queue.joined.clear();
    std::fill(queue.service_end.begin(), queue.service_end.end(), 0u);
    std::fill(queue.in_service.begin(), queue.in_service.end(), AgentId{});
  }
  std::fill(state.waiting_outside.begin(), state.waiting_outside.end(), 0u);
}

/// Send everyone to the cheapest of these exits; who has a way to none keeps aiming at the first.
void send_out(const Simulation& rules, CrowdState& state, const std::vector<PlaceId>& exits, StageId first_stage) {
  const Navigation& navigation = rules.navigation();
  RouteCosts costs;
  costs.doors = state.controls.door;
  costs.seal();
  const AgentColumns& agents = state.agents;
  std::vector<float> best(agents.size(), std::numeric_limits<float>::infinity());
  std::vector<std::size_t> chosen(agents.size(), 0);
  std::vector<bool> step_free(agents.size());
  for (std::size_t r = 0; r < agents.size(); ++r)
    step_free[r] = rules.demand().population[agents.population[r]].impaired;
  for (const bool free_of_steps : {false, true}) {
    if (std::find(step_free.begin(), step_free.end(), free_of_steps) == step_free.end()) continue;
    for (std::size_t e = 0; e < exits.size(); ++e) {
      const DistanceField field =
          navigation.solve(exits[e], free_of_steps ? Mobility::step_free : Mobility::walking, costs);
      for (std::size_t r = 0; r < agents.size(); ++r) {
        if (step_free[r] != free_of_steps) continue;
        const LevelId level = rules.world().mesh().face[index(agents.face[r])].level;
        const auto cost = static_cast<float>(navigation.cost(field, agents.position[r], level, agents.face[r]));
        if (cost < best[r]) best[r] = cost, chosen[r] = e;
      }
    }
  }
  for (std::size_t r = 0; r < agents.size(); ++r)
    rules.impl().enter_stage(state, r, static_cast<StageId>(index(first_stage) + chosen[r]), {});
}

/// Times at which shares of the people had left.
class Watch {
 public:
  Watch(const World& world, const CrowdState& state)
      : meter_(world), begin_(state.agents.size()), last_seen_(world.zones().size(), -1.0) {
    look(state, 0.0);
  }
  void look(const CrowdState& state, double t) {
    meter_.add(people(state));
    for (std::size_t z = 0; z < last_seen_.size(); ++z)
      if (meter_.present(z) > 0) last_seen_[z] = t;
    const double gone = static_cast<double>(begin_ - state.agents.size());
    for (std::size_t k = 0; k < shares_.size(); ++k)
      if (std::isnan(times_[k]) && gone >= shares_[k] * static_cast<double>(begin_)) times_[k] = t;
    time_ = t;
  }
  ClearanceCase figures(const CrowdState& state) const {
    ClearanceCase out;
    out.people = begin_;
    out.remaining = state.agents.size();
    out.time_half = times_[0];
    out.time_95 = times_[1];
    out.time_all = times_[2];
    for (const double seen : last_seen_)
      out.zone_cleared.push_back(seen < 0.0 ? 0.0 : seen >= time_ && out.remaining > 0 ? unknown : seen + 1.0);
    return out;
  }

 private:
  ZoneMeter meter_;
  std::size_t begin_;
  std::vector<double> last_seen_;  ///< (zones) last look with somebody inside [s]; < 0 = never
  std::array<double, 3> shares_{0.5, 0.95, 1.0};
  std::array<double, 3> times_{unknown, unknown, unknown};
  double time_ = 0.0;
};

ClearanceCase run_case(const Simulation& rules, CrowdState state, const EvacuationOptions& options,
                       const std::string& lost) {
  const TimeAxis axis(rules.dt());
  const std::uint64_t second = axis.ticks(1.0);
  const std::uint64_t begin = state.tick.count;
  const std::uint64_t limit = axis.ticks(options.limit);
  const std::vector<std::uint64_t> exited = state.counters.exited;
  Watch watch(rules.world(), state);
  while (!state.agents.id.empty() && state.tick.count - begin < limit) {
    rules.step(state);
    const std::uint64_t done = state.tick.count - begin;
    if (done % second != 0 && !state.agents.id.empty()) continue;
    const double t = static_cast<double>(done) * rules.dt();
    watch.look(state, t);
    if (options.progress && done % (5 * second) == 0) options.progress(lost, t, state.agents.size());
    if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) break;
  }
  ClearanceCase out = watch.figures(state);
  out.lost_exit = lost;
  for (std::size_t e = 0; e < exited.size(); ++e) out.by_exit.push_back(state.counters.exited[e] - exited[e]);
  return out;
}

std::vector<PlaceId> usable_exits(const World& world, const std::vector<std::string>& closed) {
  std::vector<PlaceId> usable = exits_of(world);
  std::vector<Fault> faults;
  std::vector<std::string> ids;
  for (const PlaceId exit : usable) ids.push_back(world.places()[index(exit)].shape.id);
  for (const std::string& id : closed) {
    const auto found =
        std::find_if(usable.begin(), usable.end(), [&](PlaceId p) { return world.places()[index(p)].shape.id == id; });
    if (found != usable.end())
      usable.erase(found);
    else
      faults.push_back({"evacuation.close", "no such exit", id, nearest_word(id, ids)});
  }
  if (usable.empty() && faults.empty())
    faults.push_back({"evacuation", "no exit is left", "", "at least one open exit"});
  if (!faults.empty()) throw InputError(std::move(faults));
  return usable;
}

}  // namespace

EvacuationFigures evacuate(const Simulation& simulation, const CrowdState& at, const EvacuationOptions& options) {
  const World& world = simulation.world();
  const std::vector<PlaceId> usable = usable_exits(world, options.closed);
  const auto first_stage = static_cast<StageId>(simulation.demand().stages.size());
  EvacuationFigures out;
  out.at = static_cast<double>(at.tick.count) * simulation.dt();
  out.limit = options.limit;
  for (const PlaceId exit : exits_of(world)) {
    out.exits.push_back(name_of(world, exit));
    if (std::find(usable.begin(), usable.end(), exit) == usable.end()) out.closed.push_back(name_of(world, exit));
  }
  for (const MeasurementZone& zone : world.zones()) out.zones.push_back(zone.name.empty() ? zone.id : zone.name);
  const std::size_t n_cases = options.each_exit_lost && usable.size() > 1 ? usable.size() + 1 : 1;
  for (std::size_t k = 0; k < n_cases && !out.interrupted; ++k) {
    std::vector<PlaceId> open = usable;
    CrowdState state = at;
    dissolve_queues(state);
    if (k > 0) open.erase(open.begin() + static_cast<std::ptrdiff_t>(k) - 1);
    const Simulation here(simulation.impl().world, simulation.impl().navigation,
                          leave_now(simulation.demand(), world, open), simulation.model(), simulation.impl().options);
    send_out(here, state, open, first_stage);
    out.cases.push_back(run_case(here, std::move(state), options, k == 0 ? "" : name_of(world, usable[k - 1])));
    out.interrupted = options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
  }
  return out;
}

}  // namespace throng
