#pragma once
#include "sim/scenario/site_geometry.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What may be asked of a run: plain, validated data. Places are named by the ids of the event drawing.
/// sim/io reads it from TOML; `validate()` checks it against itself and, with a site, against the drawing.
namespace throng {

/// Where in the TOML text a thing stands, for messages.
struct TextPosition {
  int line = 0;
  int column = 0;
};

/// Speeds and bodies of one class of pedestrians.
struct PopulationClass {
  std::string id = "adult";
  double share = 1.0;  ///< relative weight (>= 0)
  std::string
      age_table;  ///< "" = use the normal law below; "rimea" = RiMEA 7 ages (Weidmann), ages from age_min..age_max
  double age_min = 18, age_max = 75;        ///< [years], uniform
  double speed_mean = 1.34;                 ///< [m/s], Weidmann 1993
  double speed_sd = 0.26;                   ///< [m/s] (>= 0)
  double speed_min = 0.6, speed_max = 2.0;  ///< truncation [m/s]
  double radius = 0.18;                     ///< body radius [m]
  double stairs_factor = 0.5;  ///< speed on steps relative to level ground (up 0.61/1.34, down 0.694/1.34, Weidmann)
  bool impaired = false;       ///< reduced mobility: never routed over steps
  bool luggage = false;        ///< radius + 0.05 m
  TextPosition at;
};

/// One piece of an arrival profile: `people_per_s` between two times.
struct RatePiece {
  double from = 0.0, to = 0.0;  ///< [s since start]
  double rate = 0.0;            ///< [1/s] (>= 0)
};
/// A timetable pulse: `people` arriving within `spread` seconds after `time` (tram, ferry).
struct ArrivalPulse {
  double time = 0.0;     ///< [s since start]
  double people = 0.0;   ///< (>= 0)
  double spread = 60.0;  ///< [s] (> 0)
};
struct Share {
  std::string id;
  double weight = 1.0;  ///< (>= 0)
};

struct SourceDemand {
  std::string id;     ///< of this entry; defaults to the place
  std::string place;  ///< source in the drawing
  std::vector<RatePiece> rates;
  std::vector<ArrivalPulse> pulses;
  double initial = 0.0;           ///< people placed evenly in the source area at tick 0 (>= 0)
  double premovement_s = 0.0;     ///< mean reaction time before walking off [s]; 0 = at once
  std::vector<Share> journeys;    ///< OD shares: which journey
  std::vector<Share> population;  ///< class shares; empty = the scenario's own
  bool poisson = true;            ///< arrivals as a Poisson process; false = evenly spaced
  TextPosition at;
};

/// A law of durations.
struct Duration {
  enum class Law : std::uint8_t {
    fixed,
    uniform,
    normal,
    exponential,
    lognormal,
    gamma,
    weibull,
    until
  } law = Law::fixed;
  double a = 0.0;  ///< fixed: value; uniform: low; normal, exponential: mean; lognormal: mean of the duration; until:
                   ///< time since the start [s]
  double b = 0.0;  ///< uniform: high; normal: sd; lognormal: sd of the duration; gamma, weibull: shape (a = scale);
                   ///< until: spread sd [s]
};

enum class StageKind : std::uint8_t { waypoint, stay, visit, queue, exit };
enum class Choice : std::uint8_t { fixed, weighted, least_loaded };

struct StageDemand {
  std::string id;  ///< unique within its journey
  StageKind kind = StageKind::waypoint;
  std::vector<std::string> places;  ///< one or more; with several, `choice` picks one on entering the stage
  Choice place_choice = Choice::fixed;
  Duration duration;                     ///< stay, visit: time spent; queue: service time of one person at one server
  double exit_capacity_per_min = 0.0;    ///< exit: 0 = unlimited
  std::vector<ArrivalPulse> departures;  ///< exit: tram or bus: `people` seats at `time`; empty = continuous
  Choice next_choice = Choice::fixed;
  std::vector<Share> next;  ///< stage ids; empty on exits; a fixed choice has one
  TextPosition at;
};

struct JourneyDemand {
  std::string id;
  std::vector<StageDemand> stages;  ///< the first is where a journey begins
  TextPosition at;
};

enum class ChangeKind : std::uint8_t {
  gate_open,
  gate_close,
  gate_meter,
  gate_direction,
  area_close,
  area_open,
  source_factor
};
struct TimedChange {
  double time = 0.0;  ///< [s since start]
  ChangeKind kind{};
  std::string target;  ///< gate, place or source id
  double value = 0.0;  ///< gate_meter: persons per minute (0 = unmetered); source_factor: [-]
  GateDirection direction = GateDirection::both;
  TextPosition at;
};

/// Four rising limits: yellow, orange, red, critical. NaN = not set.
struct ThresholdSet {
  std::string zone_kind;            ///< "passage", ... or "zone:<id>" for one zone
  std::array<double, 4> density{};  ///< [1/m²]
  std::array<double, 4> flow{};     ///< [1/(m min)] of effective width
  std::string citation;             ///< source of the numbers
  TextPosition at;
};

struct ModelChoice {
  std::string name = "behavioural_heuristics";
  std::string profile = "regulatory";
  std::map<std::string, double> parameters;  ///< overrides by parameter name
  TextPosition at;
};

struct RoutingOptions {
  double reroute_interval = 20.0;  ///< [s] (>= 1); 0 = never
  double reroute_share = 0.5;      ///< share of agents that act on congestion they see [0, 1]
  double update_delay = 2.0;       ///< k: a rebuild begun at tick t takes effect at t + k [s]
  double congestion_weight = 1.0;  ///< 0 = ignore density; 1 = travel time by Weidmann
  double smoothing = 30.0;         ///< time constant of the density that routes are judged by [s]
  double clearance = 0.40;         ///< distance to walls below which walking costs more [m]
  double body_radius = 0.20;       ///< no path through gaps narrower than twice this [m]
};

struct OutputOptions {
  double frame_interval = 1.0;  ///< trajectory frames [s]
  bool trajectory = true;
  std::vector<Vec2> region;       ///< polygon outside which no trajectory is stored; empty = everywhere
  double grid_cell = 1.0;         ///< density grid [m] (>= 0.25)
  double grid_interval = 10.0;    ///< [s]
  double measure_interval = 1.0;  ///< sampling of zones and lines [s]
  double report_interval = 60.0;  ///< rows of the zone and line series [s]
};

struct Scenario {
  std::string name, description;
  std::string site;                   ///< path of the site file, relative to the scenario file
  std::string site_hash;              ///< expected, or empty
  double start_of_day = 12 * 3600.0;  ///< clock time of tick 0 [s since midnight]
  double duration = 600.0;            ///< [s]
  double time_step = 0.05;            ///< [s]
  std::uint64_t seed = 1;
  double licensed_capacity = 0.0;  ///< people on the event ground at once; 0 = not given
  ModelChoice model;
  RoutingOptions routing;
  OutputOptions output;
  std::vector<PopulationClass> population;
  std::vector<SourceDemand> sources;
  std::vector<JourneyDemand> journeys;
  std::vector<TimedChange> changes;
  std::vector<ThresholdSet> thresholds;  ///< scenario's own; defaults fill the rest
  std::vector<std::string> zones;        ///< ids of zones to report; empty = all of the drawing
  std::string text;                      ///< the file verbatim
  std::string file;                      ///< name for messages
};

/// Cited default limits per zone kind (twin design §3.2: Fruin/HCM, Event Safety Guide, Green Guide, Dutch practice).
std::vector<ThresholdSet> default_thresholds();
/// The limits that hold for a zone: by id, else by kind in the scenario, else the default.
ThresholdSet thresholds_for(const Scenario&, const std::string& zone_id, ZoneKind);

/// Time that all people together spend on the site until `end` [s], if nobody leaves before: an upper bound of what a
/// trajectory holds. Changes of sources are not looked at.
double most_person_seconds(const Scenario&, double end);

const char* to_string(StageKind);
const char* to_string(Choice);
const char* to_string(ChangeKind);

}  // namespace throng
