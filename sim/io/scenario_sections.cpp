// The one table of every key in a scenario file. Adding a key: one line here or in the file of its part; the page, the
// schema and the messages follow.
#include "sim/io/detail/scenario_parts.hpp"

#include <cmath>

namespace throng::io::detail {
namespace {

using Type = KeyInfo::Type;
const std::vector<std::string> direction_words{"both", "forward", "backward"};

// ---- [scenario] [model] [routing] [output] --------------------------------------------------------------------------

const Section<Scenario>& general_keys() {
  static const Section<Scenario> section(
      "scenario", "What is run, when and for how long.",
      {
          required(text<Scenario>("name", &Scenario::name, "Short name of the scenario.")),
          text<Scenario>("description", &Scenario::description, "One or more sentences for reports."),
          required(text<Scenario>("site", &Scenario::site,
                                  "Site file (written by `throng import`), relative to this file.")),
          text<Scenario>("site_hash", &Scenario::site_hash,
                         "Expected hash of the site file; a different site is then refused. Empty: any."),
          moment<Scenario>("start", &Scenario::start_of_day, limits::clock, "Clock time at which the run starts.",
                           true),
          moment<Scenario>("duration", &Scenario::duration, limits::duration, "Length of the run."),
          number<Scenario>("time_step_s", &Scenario::time_step, limits::time_step, "s", "Time step of the simulation."),
          custom<Scenario>(Type::integer, "seed", "", {0.0, 9223372036854775807.0}, "1",
                           "Seed of all random numbers; replication k derives its own from it.",
                           [](ReadContext& context, const Node& node, const std::string& path, Scenario& out) {
                             context.integer(node, path, {0.0, 9223372036854775807.0}, out.seed);
                           }),
          number<Scenario>("licensed_capacity", &Scenario::licensed_capacity, limits::people, "persons",
                           "Most people allowed on the event ground at once; 0: not given."),
      });
  return section;
}

const Section<ModelChoice>& model_keys() {
  static const Section<ModelChoice> section(
      "model", "The operational model: how a pedestrian chooses a velocity.",
      {
          text<ModelChoice>("name", &ModelChoice::name,
                            "Name of the model: behavioural_heuristics or collision_free_speed."),
          text<ModelChoice>("profile", &ModelChoice::profile, "Calibration profile of the model."),
          custom<ModelChoice>(Type::parameters, "parameters", "", {-1e9, 1e9}, "{}",
                              "Overrides of single model parameters by name, such as `time_gap_s = 1.0`.",
                              [](ReadContext& context, const Node& node, const std::string& path, ModelChoice& out) {
                                if (node.kind != Node::Kind::table)
                                  return context.fault_type(node, path, "a table of numbers");
                                for (const auto& [name, value] : node.members) {
                                  context.remember(path + "." + name, value.at);
                                  double number = 0.0;
                                  if (context.number(value, path + "." + name, {-1e9, 1e9}, "", number))
                                    out.parameters[name] = number;
                                }
                              }),
      });
  return section;
}

const Section<RoutingOptions>& routing_keys() {
  using R = RoutingOptions;
  static const Section<R> section(
      "routing", "How people choose their way.",
      {
          number<R>("reroute_interval_s", &R::reroute_interval, limits::reroute_interval, "s",
                    "Time between looks at congestion; 0: never, else at least 1."),
          number<R>("reroute_share", &R::reroute_share, limits::share, "", "Share of people who act on congestion."),
          number<R>("update_delay_s", &R::update_delay, limits::update_delay, "s",
                    "Time from a change of density or doors to new routes."),
          number<R>("congestion_weight", &R::congestion_weight, limits::congestion_weight, "",
                    "0: density is ignored; 1: travel time by Weidmann's speed."),
          number<R>("smoothing_s", &R::smoothing, limits::smoothing, "s",
                    "Time constant of the density by which routes are judged."),
          number<R>("clearance_m", &R::clearance, limits::clearance, "m",
                    "Distance to walls below which walking costs more."),
          number<R>("body_radius_m", &R::body_radius, limits::body_radius, "m",
                    "No route leads through gaps narrower than twice this."),
      });
  return section;
}

void read_region(ReadContext& context, const Node& node, const std::string& path, std::vector<Vec2>& out) {
  if (node.kind != Node::Kind::array) return context.fault_type(node, path, "a list of points [x, y]");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    const Node& point = node.items[i];
    context.remember(item, point.at);
    if (point.kind != Node::Kind::array || point.items.size() != 2) {
      context.fault_type(point, item, "a point [x, y]");
      continue;
    }
    Vec2 value;
    const bool x = context.number(point.items[0], item + "[0]", limits::coordinate, "m", value.x);
    const bool y = context.number(point.items[1], item + "[1]", limits::coordinate, "m", value.y);
    if (x && y) out.push_back(value);
  }
}

const Section<Scenario>& output_keys() {
  using S = Scenario;
  static const Section<S> section(
      "output", "What is stored, and how often.",
      {
          boolean<S>(
              "trajectory", [](S& s) -> bool& { return s.output.trajectory; }, "Store where everybody is."),
          number<S>(
              "frame_interval_s", [](S& s) -> double& { return s.output.frame_interval; }, limits::interval, "s",
              "Time between stored positions; a whole multiple of the time step."),
          custom<S>(Type::points, "region", "m", limits::coordinate, "[]",
                    "Polygon in the site frame outside which no trajectory is stored; empty: everywhere.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      read_region(context, node, path, out.output.region);
                    }),
          number<S>(
              "grid_cell_m", [](S& s) -> double& { return s.output.grid_cell; }, limits::grid_cell, "m",
              "Cell size of the density maps."),
          number<S>(
              "grid_interval_s", [](S& s) -> double& { return s.output.grid_interval; }, limits::interval, "s",
              "Time between density maps; a whole multiple of the time step."),
          number<S>(
              "measure_interval_s", [](S& s) -> double& { return s.output.measure_interval; }, limits::interval, "s",
              "Time between samples of zones; a whole multiple of the time step."),
          number<S>(
              "report_interval_s", [](S& s) -> double& { return s.output.report_interval; }, limits::interval, "s",
              "Length of one row of the zone and line series; a whole multiple of measure_interval_s."),
          texts<S>("zones", &S::zones, "[]", "Ids of the zones to report; empty: all zones of the drawing."),
      });
  return section;
}

// ---- [[change]] [[threshold]] ---------------------------------------------------------------------------------------

const Section<TimedChange>& change_keys() {
  using C = TimedChange;
  static const Section<C> section(
      "change", "Something that an operator does at a known time.",
      {
          required(moment<C>("at", &C::time, limits::moment, "When, since the start.")),
          required(words<C>(
              "action", &C::kind,
              {"gate_open", "gate_close", "gate_meter", "gate_direction", "area_close", "area_open", "source_factor"},
              "What is done.")),
          required(text<C>("target", &C::target, "Id of the gate, area or source.")),
          number<C>("value", &C::value, limits::rate_per_min, "",
                    "gate_meter: persons per minute (0: unmetered); source_factor: factor on arrivals."),
          words<C>("direction", &C::direction, direction_words, "gate_direction: which way is allowed."),
      });
  return section;
}

void read_limits(ReadContext& context, const Node& node, const std::string& path, Limits range, const char* unit,
                 std::array<double, 4>& out) {
  if (node.kind != Node::Kind::array || node.items.size() != 4)
    return context.fault_type(node, path, "four numbers [yellow, orange, red, critical]; nan: not set");
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    context.remember(item, node.items[i].at);
    if (node.items[i].kind == Node::Kind::number && std::isnan(node.items[i].real)) continue;
    context.number(node.items[i], item, range, unit, out[i]);
  }
}

struct ThresholdEntry {
  ThresholdSet set{"", {unset, unset, unset, unset}, {unset, unset, unset, unset}, "", {}};
  std::string zone;
};

const Section<ThresholdEntry>& threshold_keys() {
  using T = ThresholdEntry;
  static const Section<T> section(
      "threshold", "Limits of one kind of zone, or of one zone. Kinds without an entry keep the cited defaults.",
      {
          words<T>(
              "zone_kind", [](T& t) -> std::string& { return t.set.zone_kind; },
              {"passage", "standing", "queue", "stairs", "keep_clear", "site"}, "Kind of zone; or `zone`."),
          text<T>("zone", &T::zone, "Id of one zone; or `zone_kind`."),
          custom<T>(Type::limits, "density_per_m2", "1/m²", limits::density_limit, "[nan, nan, nan, nan]",
                    "Rising limits [yellow, orange, red, critical]; nan: not set.",
                    [](ReadContext& context, const Node& node, const std::string& path, T& out) {
                      read_limits(context, node, path, limits::density_limit, "1/m²", out.set.density);
                    }),
          custom<T>(Type::limits, "flow_per_m_min", "1/(m min)", limits::flow_limit, "[nan, nan, nan, nan]",
                    "Rising limits of the flow per metre of effective width.",
                    [](ReadContext& context, const Node& node, const std::string& path, T& out) {
                      read_limits(context, node, path, limits::flow_limit, "1/(m min)", out.set.flow);
                    }),
          text<T>(
              "citation", [](T& t) -> std::string& { return t.set.citation; }, "Where the numbers come from."),
      });
  return section;
}

void read_thresholds(ReadContext& context, const Node& node, const std::string& path, Scenario& out) {
  read_list(context, node, threshold_keys(), path, [&](ThresholdEntry&& entry, bool) {
    const std::size_t i = out.thresholds.size();
    const Node& item = node.items[i];
    const bool kind = item.find("zone_kind") != nullptr, zone = item.find("zone") != nullptr;
    if (kind == zone)
      context.fault(item, path + "[" + std::to_string(i) + "]",
                    kind ? "names both zone_kind and zone" : "names neither zone_kind nor zone", {}, "one of the two");
    if (zone) entry.set.zone_kind = "zone:" + entry.zone;
    entry.set.at = item.at;
    out.thresholds.push_back(std::move(entry.set));
  });
}

}  // namespace

const Section<Scenario>& scenario_keys() {
  using S = Scenario;
  const auto self = [](S& s) -> S& { return s; };
  static const Section<S> section(
      "", "A scenario: one TOML file.",
      {
          required(custom<S>(Type::integer, "format", "", {1.0, 1.0}, "", "Version of this format.",
                             [](ReadContext& context, const Node& node, const std::string& path, S&) {
                               std::uint64_t version = 0;
                               context.integer(node, path, {1.0, 1.0}, version);
                             })),
          required(table<S>("scenario", general_keys(), self, "What is run, when and for how long.")),
          table<S>("model", model_keys(), &S::model, "The operational model."),
          table<S>("routing", routing_keys(), &S::routing, "How people choose their way."),
          table<S>("output", output_keys(), self, "What is stored, and how often."),
          list<S>("population", population_keys(), &S::population, "Classes of pedestrians."),
          list<S>("source", source_keys(), &S::sources, "Where and when people appear."),
          list<S>("journey", journey_keys(), &S::journeys, "What they do."),
          list<S>("change", change_keys(), &S::changes, "Timed operations."),
          {KeyInfo{Type::list, "threshold", "", {}, "", "Limits for alerts.", {}, false, &threshold_keys()},
           read_thresholds},
      });
  return section;
}

const SectionInfo& scenario_section() { return scenario_keys(); }

}  // namespace throng::io::detail
