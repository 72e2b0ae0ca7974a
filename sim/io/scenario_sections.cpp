// The one table of every key in a scenario file. Adding a key: one line here; the page, the schema and the messages
// follow.
#include "sim/io/detail/scenario_csv.hpp"
#include "sim/io/detail/scenario_keys.hpp"

#include <algorithm>
#include <limits>

namespace throng::io::detail {
namespace {

using Type = KeyInfo::Type;
constexpr double unset = std::numeric_limits<double>::quiet_NaN();
const std::vector<std::string> choice_words{"fixed", "weighted", "least_loaded"};
const std::vector<std::string> direction_words{"both", "forward", "backward"};

// ---- small shapes that several keys share --------------------------------------------------------------------------

const Section<Share>& share_keys() {
  static const Section<Share> section(
      "share", "A name with a relative weight.",
      {
          required(text<Share>("id", &Share::id, "Name of what is chosen.")),
          number<Share>("weight", &Share::weight, limits::weight, "", "Relative weight; weights need not sum to 1."),
      });
  return section;
}

/// "id", ["id", ...] or [{id = "id", weight = 1.0}, ...].
void read_shares(ReadContext& context, const Node& node, const std::string& path, std::vector<Share>& out) {
  if (node.kind == Node::Kind::text) {
    out.push_back({node.text, 1.0});
    return;
  }
  if (node.kind != Node::Kind::array)
    return context.fault_type(node, path, "\"id\", [\"id\", ...] or [{id = \"id\", weight = 1.0}, ...]");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    context.remember(item, node.items[i].at);
    Share share;
    if (node.items[i].kind == Node::Kind::text)
      share.id = node.items[i].text;
    else
      read_table(context, node.items[i], share_keys(), item, share);
    out.push_back(std::move(share));
  }
}

template <class T, class Access>
Key<T> shares(const char* name, Access access, const char* fallback, const char* doc) {
  KeyInfo info{Type::shares, name, "", limits::weight, fallback, doc, {}, false, &share_keys()};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            read_shares(context, node, path, std::invoke(access, out));
          }};
}

void read_texts(ReadContext& context, const Node& node, const std::string& path, std::vector<std::string>& out) {
  if (node.kind != Node::Kind::array) return context.fault_type(node, path, "a list of texts");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    context.remember(item, node.items[i].at);
    std::string value;
    context.text(node.items[i], item, value);
    out.push_back(std::move(value));
  }
}

template <class T, class Access>
Key<T> texts(const char* name, Access access, const char* fallback, const char* doc) {
  return custom<T>(Type::texts, name, "", {}, fallback, doc,
                   [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
                     read_texts(context, node, path, std::invoke(access, out));
                   });
}

const Section<ArrivalPulse>& pulse_keys() {
  static const Section<ArrivalPulse> section(
      "pulse", "People that arrive together, such as with a tram or a ferry.",
      {
          required(moment<ArrivalPulse>("at", &ArrivalPulse::time, limits::moment,
                                        "When the pulse begins, since the start.")),
          required(number<ArrivalPulse>("people", &ArrivalPulse::people, limits::people, "persons",
                                        "How many people arrive.")),
          number<ArrivalPulse>("spread_s", &ArrivalPulse::spread, limits::pulse_spread, "s",
                               "They arrive within this time."),
      });
  return section;
}

const Section<ArrivalPulse>& departure_keys() {
  static const Section<ArrivalPulse> section(
      "departure", "A tram, bus or ferry that leaves with a number of places.",
      {
          required(moment<ArrivalPulse>("at", &ArrivalPulse::time, limits::moment,
                                        "When boarding begins, since the start.")),
          required(
              number<ArrivalPulse>("people", &ArrivalPulse::people, limits::people, "persons", "Places on board.")),
          number<ArrivalPulse>("boarding_s", &ArrivalPulse::spread, limits::pulse_spread, "s",
                               "Doors are open for this time."),
      });
  return section;
}

// ---- [scenario] [model] [routing] [output]
// ---------------------------------------------------------------------------

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

// ---- [[population]]
// --------------------------------------------------------------------------------------------------

const Section<PopulationClass>& population_keys() {
  using P = PopulationClass;
  static const Section<P> section(
      "population", "A class of pedestrians. Without any, everybody is an adult with the defaults below.",
      {
          required(text<P>("id", &P::id, "Name of the class.")),
          number<P>("share", &P::share, limits::weight, "", "Relative share of this class."),
          number<P>("speed_mean_m_per_s", &P::speed_mean, limits::speed, "m/s",
                    "Mean of the desired speed (Weidmann 1993)."),
          number<P>("speed_sd_m_per_s", &P::speed_sd, limits::speed_sd, "m/s",
                    "Standard deviation of the desired speed."),
          number<P>("speed_min_m_per_s", &P::speed_min, limits::speed, "m/s", "Slowest desired speed drawn."),
          number<P>("speed_max_m_per_s", &P::speed_max, limits::speed, "m/s", "Fastest desired speed drawn."),
          text<P>("age_table", &P::age_table,
                  "`\"rimea\"`: speed by age (RiMEA test 7, Weidmann); empty: the normal law above."),
          number<P>("age_min_years", &P::age_min, limits::age, "years", "Youngest age, with an age table."),
          number<P>("age_max_years", &P::age_max, limits::age, "years",
                    "Oldest age, with an age table; ages are uniform."),
          number<P>("radius_m", &P::radius, limits::body_radius, "m", "Body radius."),
          number<P>("stairs_factor", &P::stairs_factor, limits::stairs_factor, "",
                    "Speed on steps relative to level ground."),
          boolean<P>("impaired", &P::impaired, "Reduced mobility: never routed over steps."),
          boolean<P>("luggage", &P::luggage, "With luggage: body radius 0.05 m larger."),
      });
  return section;
}

// ---- [[source]]
// ------------------------------------------------------------------------------------------------------

const Section<RatePiece>& rate_keys() {
  static const Section<RatePiece> section(
      "rate", "A constant stream between two times.",
      {
          required(moment<RatePiece>("from", &RatePiece::from, limits::moment, "Begin, since the start.")),
          required(moment<RatePiece>("to", &RatePiece::to, limits::moment, "End, since the start.")),
          required(number<RatePiece>("people_per_min", &RatePiece::rate, limits::rate_per_min, "1/min",
                                     "Arrivals per minute.", 1.0 / 60.0)),
      });
  return section;
}

struct Curve {
  double people = 0.0;
  std::vector<Vec2> points;  // x: time [s], y: cumulative share
};

void read_curve_points(ReadContext& context, const Node& node, const std::string& path, Curve& out) {
  if (node.kind != Node::Kind::array || node.items.size() < 2)
    return context.fault_type(node, path, "a list of at least two points [\"HH:MM\", share]");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    const Node& point = node.items[i];
    if (point.kind != Node::Kind::array || point.items.size() != 2) {
      context.fault_type(point, item, "a point [\"HH:MM\", share]");
      continue;
    }
    Vec2 value;
    const bool time = context.moment(point.items[0], item + "[0]", limits::moment, value.x);
    const bool share = context.number(point.items[1], item + "[1]", limits::share, "", value.y);
    if (!time || !share) continue;
    if (!out.points.empty() && value.x <= out.points.back().x)
      context.fault(point.items[0], item + "[0]", "is not after the point before it", short_text(point.items[0]),
                    "rising times");
    else if (!out.points.empty() && value.y < out.points.back().y)
      context.fault(point.items[1], item + "[1]", "is below the point before it", short_text(point.items[1]),
                    "a cumulative share never falls");
    else
      out.points.push_back(value);
  }
}

const Section<Curve>& curve_keys() {
  static const Section<Curve> section(
      "curve", "Arrivals by a cumulative curve; linear between its points.",
      {
          required(number<Curve>("people", &Curve::people, limits::people, "persons", "People in all.")),
          required(custom<Curve>(Type::curve_points, "points", "", limits::share, "",
                                 "`[time, cumulative share]`, times rising, shares from 0 to 1.", read_curve_points)),
      });
  return section;
}

void read_curve(ReadContext& context, const Node& node, const std::string& path, SourceDemand& out) {
  Curve curve;
  const std::size_t before = context.faults().size();
  read_table(context, node, curve_keys(), path, curve);
  if (context.faults().size() != before) return;
  for (std::size_t i = 0; i + 1 < curve.points.size(); ++i) {
    const Vec2 a = curve.points[i], b = curve.points[i + 1];
    if (b.y > a.y) out.rates.push_back({a.x, b.x, curve.people * (b.y - a.y) / (b.x - a.x)});
  }
  const double first = curve.points.front().y * curve.people;  // share present before the first point
  if (first > 0.0)
    context.fault(node, path + ".points[0][1]", "does not begin at 0", number_text(curve.points.front().y),
                  "0; use initial_people for those already there");
}

const Section<SourceDemand>& source_keys() {
  using S = SourceDemand;
  static const Section<S> section(
      "source", "People that appear at a source of the drawing. All profiles of one entry add up.",
      {
          text<S>("id", &S::id, "Name of this entry; default: the place."),
          required(text<S>("place", &S::place, "Id of a source in the drawing.")),
          number<S>("initial_people", &S::initial, limits::people, "persons",
                    "People who stand evenly in the source area at the start."),
          number<S>("premovement_s", &S::premovement_s, limits::premovement, "s",
                    "Mean reaction time before they walk off."),
          boolean<S>("poisson", &S::poisson, "Arrivals as a Poisson process; false: evenly spaced."),
          list<S>("rates", rate_keys(), &S::rates, "Constant streams."),
          list<S>("pulses", pulse_keys(), &S::pulses, "Groups that arrive together."),
          {KeyInfo{Type::table, "curve", "", {}, "", "Arrivals by a cumulative curve.", {}, false, &curve_keys()},
           read_curve},
          custom<S>(Type::text, "arrivals_csv", "", {}, "\"\"",
                    "CSV file, relative to this file, with rows `time,people`: the people who arrive from that time "
                    "until the time of the next row; the last row lasts as long as the one before it.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      std::string name;
                      if (context.text(node, path, name) && !name.empty())
                        read_arrivals_csv(context, node, path, name, out.rates);
                    }),
          shares<S>("journeys", &S::journeys, "the only journey, where there is one", "Which journeys they make."),
          shares<S>("population", &S::population, "the shares of the classes", "Which classes they are of."),
      });
  return section;
}

// ---- [[journey]]
// -----------------------------------------------------------------------------------------------------

struct DurationEntry {
  Duration::Law law = Duration::Law::fixed;
  double value = unset, low = unset, high = unset, mean = unset, sd = unset, shape = unset, scale = unset, at = unset,
         spread = unset;
};

const Section<DurationEntry>& duration_keys() {
  using D = DurationEntry;
  static const Section<D> section(
      "duration",
      "A law of durations: `fixed` value_s; `uniform` low_s high_s; `normal`, `lognormal` mean_s sd_s (of the duration "
      "itself); `exponential` mean_s; `gamma`, `weibull` shape scale_s; `until` at spread_s (stay until a time since "
      "the start).",
      {
          required(words<D>("law", &D::law,
                            {"fixed", "uniform", "normal", "exponential", "lognormal", "gamma", "weibull", "until"},
                            "Name of the law.")),
          number<D>("value_s", &D::value, limits::stay, "s", "fixed: the duration."),
          number<D>("low_s", &D::low, limits::stay, "s", "uniform: shortest."),
          number<D>("high_s", &D::high, limits::stay, "s", "uniform: longest."),
          number<D>("mean_s", &D::mean, limits::stay, "s", "normal, exponential, lognormal: mean."),
          number<D>("sd_s", &D::sd, limits::stay, "s", "normal, lognormal: standard deviation."),
          number<D>("shape", &D::shape, limits::law_shape, "", "gamma, weibull: shape."),
          number<D>("scale_s", &D::scale, limits::stay, "s", "gamma, weibull: scale."),
          custom<D>(Type::moment, "at", "s", limits::moment, "", "until: the time, since the start.",
                    [](ReadContext& context, const Node& node, const std::string& path, D& out) {
                      context.moment(node, path, limits::moment, out.at);
                    }),
          number<D>("spread_s", &D::spread, limits::stay, "s", "until: standard deviation around the time; default 0."),
      });
  return section;
}

/// Which numbers a law takes: {first, second} as key names.
std::pair<const char*, const char*> names_of(Duration::Law law) {
  using L = Duration::Law;
  switch (law) {
    case L::fixed:
      return {"value_s", ""};
    case L::uniform:
      return {"low_s", "high_s"};
    case L::normal:
    case L::lognormal:
      return {"mean_s", "sd_s"};
    case L::exponential:
      return {"mean_s", ""};
    case L::gamma:
    case L::weibull:
      return {"scale_s", "shape"};
    case L::until:
      return {"at", "spread_s"};
  }
  return {"", ""};
}

double value_of(const DurationEntry& entry, const std::string& name) {
  const std::pair<const char*, double> all[] = {
      {"value_s", entry.value}, {"low_s", entry.low}, {"high_s", entry.high},
      {"mean_s", entry.mean},   {"sd_s", entry.sd},   {"shape", entry.shape},
      {"scale_s", entry.scale}, {"at", entry.at},     {"spread_s", entry.spread}};
  for (const auto& [key, value] : all)
    if (name == key) return value;
  return unset;
}

void read_law(ReadContext& context, const Node& node, const std::string& path, Duration& out) {
  DurationEntry entry;
  const std::size_t before = context.faults().size();
  read_table(context, node, duration_keys(), path, entry);
  if (context.faults().size() != before) return;
  const auto [first, second] = names_of(entry.law);
  const std::string law = node.find("law")->text;
  for (const auto& [name, value] : node.members)
    if (name != "law" && name != first && name != second)
      context.fault(value, path + "." + name, "does not belong to the law " + law, {},
                    std::string(first) + (*second ? std::string(", ") + second : ""));
  for (const char* name : {first, second})
    if (*name != 0 && node.find(name) == nullptr && std::string(name) != "spread_s")
      context.fault(node, path + "." + name, "is missing for the law " + law);
  if (context.faults().size() != before) return;
  const double a = value_of(entry, first), b = *second ? value_of(entry, second) : 0.0;
  out = Duration{entry.law, a, std::isnan(b) ? 0.0 : b};
}

void read_duration(ReadContext& context, const Node& node, const std::string& path, Duration& out) {
  if (node.kind == Node::Kind::table) return read_law(context, node, path, out);
  if (context.moment(node, path, limits::stay, out.a)) out.law = Duration::Law::fixed;
}

/// What the file says of a stage; choices not given follow from the number of places and next stages.
struct StageEntry {
  StageDemand stage;
  bool place_choice_given = false, next_choice_given = false;
};

template <class Access>
Key<StageEntry> choice(const char* name, Access access, bool StageEntry::*given, const char* fallback,
                       const char* doc) {
  KeyInfo info{Type::words, name, "", {}, fallback, doc, choice_words, false, nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, StageEntry& out) {
            std::size_t which = 0;
            if (context.word(node, path, choice_words, which)) std::invoke(access, out) = static_cast<Choice>(which);
            out.*given = true;
          }};
}

const Section<StageEntry>& stage_keys() {
  using S = StageEntry;
  static const Section<S> section(
      "stage", "One step of a journey. The first is where the journey begins.",
      {
          required(text<S>(
              "id", [](S& s) -> std::string& { return s.stage.id; }, "Name, unique within the journey.")),
          required(words<S>(
              "kind", [](S& s) -> StageKind& { return s.stage.kind; }, {"waypoint", "stay", "visit", "queue", "exit"},
              "`waypoint`: pass it; `stay`: spend time in an area; `visit`: stand in an audience; `queue`: be served "
              "at a server; `exit`: leave.")),
          custom<S>(Type::text, "place", "", {}, "", "Id of the place in the drawing; or `places`.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      std::string place;
                      context.remember(path + "s[0]", node.at);
                      if (context.text(node, path, place)) out.stage.places.push_back(place);
                    }),
          texts<S>(
              "places", [](S& s) -> std::vector<std::string>& { return s.stage.places; }, "",
              "Ids of several places of which `choice` picks one."),
          choice(
              "choice", [](S& s) -> Choice& { return s.stage.place_choice; }, &S::place_choice_given,
              "\"least_loaded\" with several places, else \"fixed\"",
              "How one of several places is picked on entering the stage."),
          custom<S>(Type::duration, "duration", "s", limits::stay, "0",
                    "stay, visit: time spent; queue: service time of one person at one server. A time or a law.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      read_duration(context, node, path, out.stage.duration);
                    }),
          number<S>(
              "capacity_per_min", [](S& s) -> double& { return s.stage.exit_capacity_per_min; }, limits::rate_per_min,
              "1/min", "exit: most people who leave per minute; 0: unlimited."),
          list<S>(
              "departures", departure_keys(), [](S& s) -> std::vector<ArrivalPulse>& { return s.stage.departures; },
              "exit: people leave with these only; none: continuously."),
          shares<S>(
              "next", [](S& s) -> std::vector<Share>& { return s.stage.next; }, "",
              "Id of the next stage, or several with weights; none on exits."),
          choice(
              "next_choice", [](S& s) -> Choice& { return s.stage.next_choice; }, &S::next_choice_given,
              "\"weighted\" with several next stages, else \"fixed\"", "How one of several next stages is picked."),
      });
  return section;
}

void read_stages(ReadContext& context, const Node& node, const std::string& path, JourneyDemand& out) {
  read_list(context, node, stage_keys(), path, [&](StageEntry&& entry, bool) {
    if (!entry.place_choice_given && entry.stage.places.size() > 1) entry.stage.place_choice = Choice::least_loaded;
    if (!entry.next_choice_given && entry.stage.next.size() > 1) entry.stage.next_choice = Choice::weighted;
    const std::size_t i = out.stages.size();
    const std::string item = path + "[" + std::to_string(i) + "]";
    entry.stage.at = node.items[i].at;
    if (node.items[i].find("place") != nullptr && node.items[i].find("places") != nullptr)
      context.fault(*node.items[i].find("places"), item + ".places", "is given beside place", {}, "one of the two");
    out.stages.push_back(std::move(entry.stage));
  });
}

const Section<JourneyDemand>& journey_keys() {
  using J = JourneyDemand;
  static const Section<J> section(
      "journey", "What people do from their arrival to their exit.",
      {
          required(text<J>("id", &J::id, "Name of the journey.")),
          required(
              Key<J>{KeyInfo{Type::list, "stage", "", {}, "", "The steps.", {}, false, &stage_keys()}, read_stages}),
      });
  return section;
}

// ---- [[change]] [[threshold]]
// ----------------------------------------------------------------------------------------

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
const SectionInfo& duration_section() { return duration_keys(); }

}  // namespace throng::io::detail
