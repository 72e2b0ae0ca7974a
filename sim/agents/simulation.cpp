#include "sim/agents/simulation.hpp"

#include "sim/agents/detail/rules.hpp"
#include "sim/core/error.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

namespace throng {
namespace {

constexpr double look_interval = 0.2;   ///< the way is looked up this often [s]
constexpr double watch_interval = 1.0;  ///< progress is looked at this often [s]

/// Adds the time since the last mark to a phase; does nothing when it is off.
class PhaseClock {
 public:
  explicit PhaseClock(bool on) : on_(on), last_(on ? now() : 0.0) {}
  void mark(double& phase) {
    if (!on_) return;
    const double t = now();
    phase += t - last_;
    last_ = t;
  }

 private:
  static double now() {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  bool on_;
  double last_;
};

}  // namespace

Simulation::Impl::Impl(std::shared_ptr<const World> w, std::shared_ptr<const Navigation> nav, Demand d, Model m,
                       StepOptions o)
    : world(std::move(w)),
      navigation(std::move(nav)),
      demand(std::move(d)),
      model(std::move(m)),
      options(o),
      time(o.dt, demand.start_of_day),
      period{o.period_min, o.period_length},
      locomotion(*world, model, o.dt, o.isa, period),
      look_ticks(tick32({time.ticks(look_interval)})),
      watch_ticks(tick32({time.ticks(watch_interval)})),
      stuck_ticks(tick32({time.ticks(o.stuck_after)})),
      fields(navigation) {
  THRONG_CHECK(o.dt > 0.0 && o.dt <= 0.2, "time step out of range");
  if (demand.population.empty()) demand.population.emplace_back();
  describe_places();
  for (const Demand::Stage& stage : demand.stages) {
    if (stage.kind != StageKind::exit) continue;
    for (const PlaceId p : stage.places) {
      detail::PlaceInfo& info = places[index(p)];
      info.exit_rate = std::max(info.exit_rate, stage.exit_capacity_per_min / 60.0);
      if (info.seats.empty()) info.seats = stage.departures;
    }
  }
}

std::unique_ptr<detail::StepScratch> Simulation::Impl::take_scratch() const {
  const std::lock_guard lock(mutex);
  if (pool.empty()) return std::make_unique<detail::StepScratch>();
  auto scratch = std::move(pool.back());
  pool.pop_back();
  return scratch;
}

void Simulation::Impl::give_back(std::unique_ptr<detail::StepScratch> scratch) const {
  const std::lock_guard lock(mutex);
  pool.push_back(std::move(scratch));
}

Simulation::Simulation(std::shared_ptr<const World> world, std::shared_ptr<const Navigation> navigation, Demand demand,
                       Model model, StepOptions options)
    : impl_(std::make_unique<Impl>(std::move(world), std::move(navigation), std::move(demand), std::move(model),
                                   options)) {}

Simulation::~Simulation() = default;

CrowdState Simulation::initial_state(std::uint64_t seed) const {
  const std::size_t n_doors = world().doors().size();
  CrowdState state;
  state.seed = seed;
  state.controls.arrival_factor.assign(demand().sources.size(), 1.0);
  state.controls.door = world().initial_doors();
  for (const Door& door : world().doors()) state.controls.meter_per_min.push_back(door.capacity_per_min);
  state.meter_credit.assign(n_doors, 0.0);
  state.queues.resize(impl_->servers.size());
  for (std::size_t q = 0; q < state.queues.size(); ++q) {
    const auto n = static_cast<std::size_t>(impl_->places[index(impl_->servers[q])].servers);
    state.queues[q].service_end.assign(n, 0);
    state.queues[q].in_service.assign(n, AgentId{});
  }
  state.waiting_outside.assign(demand().sources.size(), 0);
  state.exit_credit.assign(impl_->exits.size(), 0.0);
  state.counters.line_forward.assign(world().lines().size(), 0);
  state.counters.line_backward.assign(world().lines().size(), 0);
  state.counters.exited.assign(impl_->exits.size(), 0);
  state.counters.door_passed.assign(n_doors, 0);
  auto costs = std::make_shared<RouteCosts>();
  costs->doors = state.controls.door;
  costs->seal();
  state.routes.current = std::move(costs);
  impl_->place_initial(state);
  return state;
}

void Simulation::step(CrowdState& state, StepReport* report) const {
  const Impl& rules = *impl_;
  auto scratch = rules.take_scratch();
  PhaseTimes times;
  const bool timed = rules.timed;
  PhaseClock clock(timed);
  if (report != nullptr) *report = {};
  rules.apply_changes(state, report);
  rules.insert_arrivals(state, report);
  clock.mark(times.demand);
  rules.update_routes(state);
  rules.effective_doors(state, *scratch);
  clock.mark(times.fields);
  rules.choose_stages(state, *scratch);
  rules.run_queues(state, *scratch, report);
  clock.mark(times.demand);
  rules.resolve_fields(state, *scratch);
  clock.mark(times.fields);
  rules.choose_directions(state, *scratch);
  clock.mark(times.navigation);
  detail::LocomotionTimes moving;
  rules.locomotion.move(state.agents, scratch->intents, scratch->doors, state.tick, scratch->slots,
                        timed ? &moving : nullptr);
  double total = 0.0;
  clock.mark(total);
  rules.keep_inside(state, *scratch);
  clock.mark(times.walls);
  if (report != nullptr)
    for (const detail::BlockNews& news : scratch->news)
      report->stuck.insert(report->stuck.end(), news.stuck.begin(), news.stuck.end());
  rules.remove_departures(state, *scratch, report);
  clock.mark(times.demand);
  ++state.tick.count;
  if (timed) {
    const std::lock_guard lock(rules.mutex);
    rules.times.sort += moving.sort;
    rules.times.perceive += moving.perceive;
    rules.times.heading += moving.heading;
    rules.times.contact += moving.contact;
    rules.times.walls += times.walls;
    rules.times.navigation += times.navigation;
    rules.times.fields += times.fields;
    rules.times.demand += times.demand;
  }
  rules.give_back(std::move(scratch));
}

const World& Simulation::world() const { return *impl_->world; }
const Navigation& Simulation::navigation() const { return *impl_->navigation; }
const Demand& Simulation::demand() const { return impl_->demand; }
const Model& Simulation::model() const { return impl_->model; }
double Simulation::dt() const { return impl_->options.dt; }

std::size_t Simulation::n_waiting_outside(const CrowdState& state) const {
  std::size_t n = 0;
  for (const std::uint32_t waiting : state.waiting_outside) n += waiting;
  return n;
}

void Simulation::enable_phase_times(bool on) const {
  const std::lock_guard lock(impl_->mutex);
  impl_->timed = on;
  impl_->times = {};
}

Simulation::PhaseTimes Simulation::phase_times() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->times;
}

}  // namespace throng
