#include "sim/agents/detail/recorder.hpp"

#include "sim/core/hash.hpp"
#include "sim/fields/level_of_service.hpp"
#include "sim/fields/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throng::detail {
namespace {

/// Local densities are judged this often [s]: their averaging time is 30 s.
constexpr double judge_interval = 5.0;

const char* word(int level) { return to_string(static_cast<AlertLevel>(level)); }

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

bool in_region(const Ring& region, Vec2 x) { return region.empty() || contains(region, x); }

}  // namespace

Recorder::Recorder(const Simulation& simulation, const Scenario& scenario, RunHeader header,
                   std::vector<RunSink*> sinks, Tick begin)
    : simulation_(simulation),
      sinks_(std::move(sinks)),
      output_(scenario.output),
      begin_(begin),
      zones_(simulation.world(), LocalDensity::window(scenario.output.measure_interval)),
      local_(simulation.world(), scenario.output.measure_interval),
      density_(simulation.world(), scenario.output.grid_cell) {
  const TimeAxis axis(simulation.dt());
  frame_.every = axis.ticks(output_.frame_interval);
  grid_.every = axis.ticks(output_.grid_interval);
  sample_.every = axis.ticks(output_.measure_interval);
  judge_.every = axis.ticks(std::max(judge_interval, output_.measure_interval));
  report_.every = axis.ticks(output_.report_interval);
  judge_seconds_ = static_cast<double>(judge_.every) * simulation.dt();
  results_.header = std::move(header);
  for (const ZoneInfo& zone : results_.header.zones) {
    ZoneWatch watch;
    watch.limits = zone.limits;
    watch_.push_back(watch);
  }
  forward_.assign(simulation.world().lines().size(), 0);
  backward_ = forward_;
  travel_.resize(simulation.demand().journeys.size());
  const auto places = simulation.world().places();
  waits_.resize(places.size());
  for (std::size_t p = 0; p < places.size(); ++p)
    if (places[p].shape.kind == PlaceKind::server) servers_.push_back(static_cast<PlaceId>(p));
  longest_.assign(servers_.size(), 0.0);
  for (RunSink* sink : sinks_) sink->begin(results_.header);
}

void Recorder::after_step(const CrowdState& state, const StepReport& news) {
  take_news(state, news);
  const std::uint64_t tick = state.tick.count - begin_.count;
  if (sample_.due(tick)) sample(state);
  if (judge_.due(tick) && tick > 0) judge(state);
  if (output_.trajectory && frame_.due(tick)) emit_frame(state);
  if (grid_.due(tick) && tick > 0) emit_grids(state);
  if (report_.due(tick)) report(state);
}

void Recorder::take_news(const CrowdState& state, const StepReport& news) {
  const double dt = simulation_.dt();
  for (const Event& event : news.events) tell(event);
  for (const auto& departure : news.departed) {
    if (departure.exit_stage == StageId::none) continue;
    const auto journey = static_cast<std::size_t>(simulation_.demand().stages[index(departure.exit_stage)].journey);
    travel_[journey].push_back(static_cast<double>(state.tick.count - departure.entered) * dt);
  }
  for (const auto& service : news.served)
    if (service.server != PlaceId::none) waits_[index(service.server)].push_back(service.waited_s);
  for (const StuckReport& stuck : news.stuck) {
    StuckFigure figure;
    figure.id = stuck.id;
    figure.time = static_cast<double>(stuck.tick.count) * dt;
    figure.at = stuck.at;
    figure.level = stuck.level;
    figure.place = stuck.place == PlaceId::none ? "" : simulation_.world().places()[index(stuck.place)].shape.id;
    figure.stage = stuck.stage == StageId::none ? "" : simulation_.demand().stages[index(stuck.stage)].name;
    figure.cause = stuck.cause;
    tell({stuck.tick, EventKind::stuck, std::to_string(static_cast<std::uint32_t>(stuck.id)),
          "no progress for 30 s towards " + figure.stage + ": " + figure.cause, figure.at, 0.0});
    results_.stuck.push_back(std::move(figure));
  }
}

void Recorder::tell(Event event) {
  for (RunSink* sink : sinks_) sink->event(event);
  results_.events.push_back(std::move(event));
}

void Recorder::sample(const CrowdState& state) {
  const PeopleView view = people(state);
  zones_.add(view);
  local_.add(simulation_.world(), view);
  density_.add(simulation_.world(), view);
  for (std::size_t q = 0; q < std::min(longest_.size(), state.queues.size()); ++q)
    longest_[q] = std::max(longest_[q], static_cast<double>(state.queues[q].waiting.size()));
}

void Recorder::judge(const CrowdState& state) {
  local_.evaluate();
  for (std::size_t z = 0; z < watch_.size(); ++z) {
    const ZoneInfo& zone = results_.header.zones[z];
    LocalMaximum worst = local_.zone_maximum(z);
    if (!local_.has_squares(z) && !zone.shape.empty())
      worst = {static_cast<float>(zones_.recent_density(z)), centroid(zone.shape.front())};
    if (worst.density > watch_[z].worst.density) watch_[z].worst = worst;
    if (zone.kind == ZoneKind::site)
      watch(z, Quantity::density, zones_.recent_density(z), worst.at, state.tick);
    else
      watch(z, Quantity::density, worst.density, worst.at, state.tick);
    const Vec2 middle = zone.shape.empty() ? worst.at : centroid(zone.shape.front());
    watch(z, Quantity::flow, 60.0 * zones_.recent_flow(z), middle, state.tick);
  }
}

void Recorder::watch(std::size_t z, Quantity quantity, double value, Vec2 at, Tick tick) {
  ZoneWatch& zone = watch_[z];
  ZoneWatch::Limit& watched = zone.watched[static_cast<std::size_t>(quantity)];
  const auto& limits = quantity == Quantity::density ? zone.limits.density : zone.limits.flow;
  const char* unit = quantity == Quantity::density ? " /m²" : " /(m min)";
  for (int k = 0; k < 4; ++k) {
    const double limit = limits[static_cast<std::size_t>(k)];
    if (!(value > limit)) continue;  // also when the limit is not set
    auto& above = watched.above[static_cast<std::size_t>(k)];
    if (!above) {
      above = Exceedance{};
      above->zone = static_cast<std::uint32_t>(z);
      above->level = static_cast<AlertLevel>(k + 1);
      above->limit = limit;
      above->quantity = quantity;
      above->first_at = static_cast<double>(tick.count) * simulation_.dt();
    }
    above->duration += judge_seconds_;
    if (value > above->peak) above->peak = value, above->at = at;
    zone.level = std::max(zone.level, k + 1);
    if (k + 1 <= watched.announced) continue;
    watched.announced = k + 1;
    tell({tick, EventKind::threshold, results_.header.zones[z].id,
          results_.header.zones[z].name + " is above " + word(k + 1) + ": " + number(value) + unit + ", limit " +
              number(limit) + unit,
          at, value});
  }
}

void Recorder::report(const CrowdState& state) {
  std::vector<ZoneSample> zones;
  for (std::size_t z = 0; z < watch_.size(); ++z) {
    const ZoneMeans means = zones_.means(z);
    ZoneSample row;
    row.tick = state.tick;
    row.zone = static_cast<std::uint32_t>(z);
    row.people = static_cast<float>(means.people);
    row.density = static_cast<float>(means.density);
    row.local_density = watch_[z].worst.density;
    row.local_at = watch_[z].worst.at;
    row.speed = static_cast<float>(means.speed);
    row.flow = static_cast<float>(means.flow);
    row.waiting = static_cast<float>(means.waiting);
    row.level = static_cast<AlertLevel>(watch_[z].level);
    row.service = level_of_service(results_.header.zones[z].kind, means.density);
    zones.push_back(row);
    watch_[z].worst = {};
    watch_[z].level = 0;
  }
  zones_.reset();
  std::vector<LineSample> lines;
  for (std::size_t l = 0; l < forward_.size(); ++l) {
    lines.push_back({state.tick, static_cast<std::uint32_t>(l),
                     static_cast<std::uint32_t>(state.counters.line_forward[l] - forward_[l]),
                     static_cast<std::uint32_t>(state.counters.line_backward[l] - backward_[l])});
    forward_[l] = state.counters.line_forward[l];
    backward_[l] = state.counters.line_backward[l];
  }
  std::vector<ExitSample> exits;
  for (std::size_t e = 0; e < state.counters.exited.size(); ++e)
    exits.push_back({state.tick, static_cast<std::uint32_t>(e), state.counters.exited[e]});
  const LedgerSample row = ledger(state);
  for (RunSink* sink : sinks_) {
    sink->zones(zones);
    sink->lines(lines);
    sink->exits(exits);
    sink->ledger(row);
  }
  results_.zones.insert(results_.zones.end(), zones.begin(), zones.end());
  results_.lines.insert(results_.lines.end(), lines.begin(), lines.end());
  results_.exits.insert(results_.exits.end(), exits.begin(), exits.end());
  results_.ledger.push_back(row);
}

LedgerSample Recorder::ledger(const CrowdState& state) const {
  return {state.tick,          state.counters.scheduled, simulation_.n_waiting_outside(state), state.counters.entered,
          state.agents.size(), state.counters.left};
}

void Recorder::emit_frame(const CrowdState& state) {
  const World& world = simulation_.world();
  const AgentColumns& agents = state.agents;
  Frame frame;
  frame.tick = state.tick;
  frame.number = n_frames_++;
  for (std::size_t i = 0; i < agents.size(); ++i) {
    if (!in_region(output_.region, agents.position[i])) continue;
    frame.id.push_back(agents.id[i]);
    frame.position.push_back(agents.position[i]);
    frame.height.push_back(static_cast<float>(world.height_at(agents.position[i], agents.face[i])));
    frame.vx.push_back(static_cast<float>(agents.velocity[i].x));
    frame.vy.push_back(static_cast<float>(agents.velocity[i].y));
    frame.level.push_back(world.mesh().face[index(agents.face[i])].level);
    frame.activity.push_back(agents.activity[i]);
    frame.compression.push_back(agents.compression[i]);
  }
  for (RunSink* sink : sinks_) sink->frame(frame);
}

void Recorder::emit_grids(const CrowdState& state) {
  for (std::size_t g = 0; g < density_.grids().size(); ++g) {
    auto means = density_.take(g);
    const GridFrame frame{state.tick, static_cast<std::uint32_t>(g), std::move(means.density), std::move(means.speed)};
    for (RunSink* sink : sinks_) sink->grid(frame);
  }
}

RunResults Recorder::finish(const CrowdState& state) {
  if (results_.ledger.empty() || results_.ledger.back().tick != state.tick) report(state);
  for (const ZoneWatch& zone : watch_)
    for (const ZoneWatch::Limit& watched : zone.watched)
      for (const auto& above : watched.above)
        if (above) results_.exceedances.push_back(*above);
  for (std::size_t q = 0; q < servers_.size(); ++q) {
    const auto& waits = waits_[index(servers_[q])];
    QueueFigure figure;
    figure.place = simulation_.world().places()[index(servers_[q])].shape.id;
    figure.longest = longest_[q];
    figure.wait_median = quantile(waits, 0.5);
    figure.wait_95 = quantile(waits, 0.95);
    figure.served = q < state.queues.size() ? state.queues[q].served : 0;
    figure.unserved = q < state.queues.size() ? state.queues[q].waiting.size() : 0;
    results_.queues.push_back(std::move(figure));
  }
  for (std::size_t j = 0; j < travel_.size(); ++j)
    results_.travel.push_back({simulation_.demand().journeys[j], travel_[j].size(), mean(travel_[j]),
                               quantile(travel_[j], 0.5), quantile(travel_[j], 0.95)});
  for (std::size_t g = 0; g < density_.grids().size(); ++g) {
    results_.mean_density.push_back(density_.run_mean(g));
    results_.peak_density.push_back(peak_on(g));
  }
  results_.state_hash = to_hex(hash_of(state));
  results_.simulated = static_cast<double>(state.tick.count) * simulation_.dt();
  return std::move(results_);
}

/// The run's maximum of the 5 x 5 m density, looked up at the centres of the output grid's cells.
std::vector<float> Recorder::peak_on(std::size_t g) const {
  const GroundGrid& out = density_.grids()[g];
  const GroundGrid& fine = local_.grids()[g];
  const std::vector<float> peak = local_.peak(g);
  std::vector<float> values(out.area.size(), std::numeric_limits<float>::quiet_NaN());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = fine.cell_of(out.centre(static_cast<int>(i)));
    if (at >= 0 && out.area[i] > 0.0F) values[i] = peak[static_cast<std::size_t>(at)];
  }
  return values;
}

}  // namespace throng::detail
