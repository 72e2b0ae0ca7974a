#include "sim/agents/run.hpp"

#include "sim/agents/detail/recorder.hpp"

#include <algorithm>
#include <cmath>

namespace throng {
namespace {

std::string ring_text(const Ring& ring) {
  std::string out = "(";
  char text[64];
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    const Vec2 p = ring[i % ring.size()];
    std::snprintf(text, sizeof text, "%s%.4f %.4f", i == 0 ? "" : ", ", p.x, p.y);
    out += text;
  }
  return out + ")";
}

std::string wkt(const Polygon& polygon) {
  std::string out = "POLYGON (" + ring_text(polygon.outer);
  for (const Ring& hole : polygon.holes) out += ", " + ring_text(hole);
  return out + ")";
}

/// A line on the map.
Landmark mark(const std::string& name, const char* kind, Ring line, LevelId level) {
  Landmark out;
  out.name = name;
  out.kind = kind;
  out.point = 0.5 * (line.front() + line.back());
  out.shape.outer = std::move(line);
  out.level = level;
  return out;
}

void describe_places(RunHeader& header, const World& world, const Scenario& scenario) {
  for (const MeasurementZone& zone : world.zones()) {
    const PlaceShape& shape = world.places()[index(zone.place)].shape;
    header.zones.push_back({zone.id, zone.name.empty() ? zone.id : zone.name, zone.kind, zone.area,
                            thresholds_for(scenario, zone.id, zone.kind), shape.areas, shape.level});
  }
  for (const MeasurementLine& line : world.lines())
    header.lines.push_back({line.id, line.name.empty() ? line.id : line.name, line.line, line.width, line.level});
  for (const Place& place : world.places())
    if (place.shape.kind == PlaceKind::exit)
      header.exits.push_back({place.shape.id, place.shape.name.empty() ? place.shape.id : place.shape.name});
}

void describe_ground(RunHeader& header, const World& world, double cell) {
  header.levels.assign(world.levels().begin(), world.levels().end());
  for (const GroundGrid& grid : make_ground_grids(world, cell))
    header.grids.push_back({grid.origin, grid.cell, static_cast<std::uint32_t>(grid.rows),
                            static_cast<std::uint32_t>(grid.columns), grid.level});
  for (const Level& level : world.levels()) {
    std::vector<Polygon> parts;
    for (const LevelOutline& outline : world.outlines())
      if (outline.level == level.id) parts = outline.parts;
    header.outline_wkt.push_back(parts.empty() ? "" : wkt(parts.front()));
    header.ground.push_back(std::move(parts));
  }
  header.obstacles = world.data().obstacles;
  header.landmarks = world.data().landmarks;
  for (const Wall& wall : world.walls())
    if (wall.see_through) header.landmarks.push_back(mark("", "fence", {wall.a, wall.b}, wall.level));
  for (const Door& door : world.doors())
    if (!door.is_area)
      for (const auto& [a, b] : door.segments)
        header.landmarks.push_back(mark(door.name.empty() ? door.id : door.name, "gate", {a, b}, door.level));
}

/// What a reader of the figures must know; checked against the model's validation, docs/validation.
std::vector<std::string> assumptions(const Scenario& scenario) {
  std::vector<std::string> out{
      "People walk alone: groups and families are not modelled yet.",
      "Speeds and door flows are calibrated for moving densities up to about 4 people/m²; above that the density shows "
      "that it "
      "is too full, not how full.",
      "Compression is a geometric indicator, not a force.",
      "No vehicles, weather, panic, falls or intoxication are modelled.",
      "Demand is as the scenario states it: arrivals, routes and times of stay are input, not outcome.",
      "Local density: densest 5 x 5 m square (at least 12.5 m² walkable), mean over 30 s, judged every 5 s.",
      "Zones without such a square, such as narrow alleys, are judged on their own mean over 30 s.",
      "Whole-site zones are judged on their mean density, all other zones on their densest 25 m².",
  };
  char text[160];
  std::snprintf(text, sizeof text,
                "%.0f %% of the people avoid congestion that they can see; the others take the shortest way.",
                100.0 * scenario.routing.reroute_share);
  out.emplace_back(text);
  return out;
}

}  // namespace

RunHeader make_header(const Simulation& simulation, const Scenario& scenario, std::uint64_t seed) {
  const World& world = simulation.world();
  RunHeader header;
  header.scenario_name = scenario.name;
  header.scenario_text = scenario.text;
  header.scenario_file = scenario.file;
  header.site_name = world.data().name;
  header.frame = world.data().frame;
  header.sources = world.data().sources;
  header.seed = seed;
  header.model = name_of(simulation.model());
  header.profile = scenario.model.profile;
  header.model_parameters = parameters_of(simulation.model());
  header.time_step = simulation.dt();
  header.start_of_day = scenario.start_of_day;
  header.duration = scenario.duration;
  header.frame_interval = scenario.output.frame_interval;
  header.report_interval = scenario.output.report_interval;
  header.licensed_capacity = scenario.licensed_capacity;
  header.assumptions = assumptions(scenario);
  describe_places(header, world, scenario);
  describe_ground(header, world, scenario.output.grid_cell);
  return header;
}

RunResults run(const Simulation& simulation, CrowdState& state, const Scenario& scenario, RunHeader header,
               std::vector<RunSink*> sinks, const RunOptions& options) {
  const double begun = options.clock ? options.clock() : 0.0;
  const TimeAxis axis(simulation.dt());
  const Tick end = axis.tick_at(options.until > 0.0 ? options.until : scenario.duration);
  const std::uint64_t progress_every = axis.ticks(2.5);
  detail::Recorder recorder(simulation, scenario, std::move(header), sinks, state.tick);
  StepReport report;
  recorder.after_step(state, report);
  bool interrupted = false;
  while (state.tick < end) {
    simulation.step(state, &report);
    recorder.after_step(state, report);
    if (options.progress && state.tick.count % progress_every == 0)
      options.progress(axis.seconds(state.tick), state.agents.size());
    if (options.stop != nullptr && options.stop->load(std::memory_order_relaxed)) {
      interrupted = true;
      break;
    }
  }
  RunResults results = recorder.finish(state);
  results.interrupted = interrupted;
  if (options.clock) results.wall_clock = options.clock() - begun;
  for (RunSink* sink : sinks) sink->end(results);
  return results;
}

}  // namespace throng
