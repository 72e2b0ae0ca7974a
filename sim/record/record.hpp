#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/core/vec2.hpp"
#include "sim/scenario/activity.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/site_geometry.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// What leaves a run: plain data, and the interface of those who take it.
namespace throng {

struct ZoneInfo {
  std::string id, name;
  ZoneKind kind{};
  double area = 0.0;  ///< walkable [m²]
  ThresholdSet limits;
  std::vector<Polygon> shape;
  LevelId level{};
};
struct LineInfo {
  std::string id, name;
  std::vector<Vec2> line;
  double width = 0.0;  ///< effective [m]
  LevelId level{};
};
struct ExitInfo {
  std::string id, name;
};

/// Regular grid over one level.
struct GridSpec {
  Vec2 origin;                          ///< lower left corner [m]
  double cell = 1.0;                    ///< [m]
  std::uint32_t rows = 0, columns = 0;  ///< y, x
  LevelId level{};
};

struct RunHeader {
  std::string program_version, build;  ///< version, compiler
  std::string created;                 ///< ISO 8601 UTC, passed in by the program
  std::string scenario_name, scenario_text, scenario_file;
  std::string site_name, site_hash;
  SiteFrame frame;
  std::vector<DataSource> sources;
  std::uint64_t seed = 0;
  std::string model, profile;
  std::map<std::string, double> model_parameters;
  double time_step = 0.05;        ///< [s]
  double start_of_day = 0.0;      ///< [s]
  double duration = 0.0;          ///< planned [s]
  double frame_interval = 1.0;    ///< [s]
  double report_interval = 60.0;  ///< [s]
  double licensed_capacity = 0.0;
  std::vector<ZoneInfo> zones;
  std::vector<LineInfo> lines;
  std::vector<ExitInfo> exits;
  std::vector<GridSpec> grids;  ///< one per level
  std::vector<Level> levels;
  std::vector<std::string> outline_wkt;      ///< (levels) POLYGON of the largest part
  std::vector<std::vector<Polygon>> ground;  ///< (levels) walkable outlines for maps
  std::vector<Obstacle> obstacles;           ///< for maps
  std::vector<Landmark> landmarks;
  std::vector<std::string> assumptions;    ///< sentences, English; stated limits of validity
  std::vector<std::string> import_faults;  ///< unresolved faults of the import
};

/// People at one moment, ordered by id. All columns have the same length.
struct Frame {
  Tick tick;
  std::uint64_t number = 0;  ///< 0, 1, 2, ... at the frame rate
  std::vector<AgentId> id;
  std::vector<Vec2> position;  ///< [m]
  std::vector<float> height;   ///< above level 0 [m]
  std::vector<float> vx, vy;   ///< [m/s]
  std::vector<LevelId> level;
  std::vector<Activity> activity;
  std::vector<float> compression;  ///< sum of body overlaps [m]; an indicator, not a force
};

/// Density of one level at one moment: (rows x columns), row 0 in the south [1/m²]; NaN where nobody can walk.
struct GridFrame {
  Tick tick;
  std::uint32_t grid = 0;      ///< index into RunHeader::grids
  std::vector<float> density;  ///< mean over the interval
  std::vector<float> speed;    ///< mean speed of those present [m/s]; NaN where nobody was
};

/// A zone over one report interval.
struct ZoneSample {
  Tick tick;  ///< end of the interval
  std::uint32_t zone = 0;
  float people = 0;                       ///< mean number inside
  float density = 0;                      ///< mean over zone and interval [1/m²]
  float local_density = 0;                ///< maximum over 5 x 5 m squares of the 30 s mean [1/m²]
  Vec2 local_at;                          ///< centre of that square
  float speed = 0;                        ///< space-mean speed [m/s]; NaN when empty
  float flow = 0;                         ///< specific flow density * speed [1/(m s)]
  float waiting = 0;                      ///< mean number standing in queues
  AlertLevel level = AlertLevel::normal;  ///< by local_density; by density for kind site, and where no 5 x 5 m fit
  char service = 'A';                     ///< level of service by zone kind, 'A'..'F'
};
struct LineSample {
  Tick tick;
  std::uint32_t line = 0;
  std::uint32_t forward = 0, backward = 0;  ///< crossings in the interval
};
struct ExitSample {
  Tick tick;
  std::uint32_t exit = 0;
  std::uint64_t total = 0;  ///< left through it since the start
};
/// Conservation: entered = inside + left; scheduled = entered + waiting_outside.
struct LedgerSample {
  Tick tick;
  std::uint64_t scheduled = 0, waiting_outside = 0, entered = 0, inside = 0, left = 0;
};
enum class EventKind : std::uint8_t { change, threshold, stuck, overflow, exit_closed, note };
struct Event {
  Tick tick;
  EventKind kind{};
  std::string subject;  ///< zone, gate, agent, source id
  std::string text;     ///< English sentence with units
  Vec2 at;
  double value = 0.0;
};

/// Time a zone spent above each of its limits.
/// What a limit is set on.
enum class Quantity : std::uint8_t { density, flow, count_ };
struct Exceedance {
  std::uint32_t zone = 0;
  AlertLevel level{};
  double limit = 0.0;     ///< density [1/m²], specific flow [1/(m min)]
  double first_at = 0.0;  ///< [s since start]
  double duration = 0.0;  ///< [s]
  double peak = 0.0;      ///< as the limit
  Vec2 at;
  Quantity quantity = Quantity::density;
};
struct QueueFigure {
  std::string place;
  double longest = 0;                   ///< people
  double wait_median = 0, wait_95 = 0;  ///< [s]
  std::uint64_t served = 0, unserved = 0;
};
struct TravelFigure {
  std::string journey;
  std::uint64_t n = 0;
  double mean = 0, median = 0, p95 = 0;  ///< [s]
};
struct StuckFigure {
  AgentId id{};
  double time = 0.0;  ///< [s since start] when reported
  Vec2 at;
  LevelId level{};
  std::string place, stage, cause;
};

/// The whole of a run that fits in memory: what reports and comparisons read. Hdf5Source yields the same.
struct RunResults {
  RunHeader header;
  std::vector<ZoneSample> zones;
  std::vector<LineSample> lines;
  std::vector<ExitSample> exits;
  std::vector<LedgerSample> ledger;
  std::vector<Event> events;
  std::vector<Exceedance> exceedances;
  std::vector<QueueFigure> queues;
  std::vector<TravelFigure> travel;
  std::vector<StuckFigure> stuck;
  std::vector<std::vector<float>>
      peak_density;  ///< (grids)(rows x columns) maximum over the run [1/m²]; NaN off the ground
  std::vector<std::vector<float>> mean_density;  ///< same shape
  std::string state_hash;
  double simulated = 0.0;   ///< [s]
  double wall_clock = 0.0;  ///< [s]; not part of anything compared
  bool interrupted = false;
};

/// Takes what a run gives. Virtual calls at the edges only, some per second, never per agent.
struct RunSink {
  virtual ~RunSink() = default;
  virtual void begin(const RunHeader&) = 0;
  virtual void frame(const Frame&) {}
  virtual void grid(const GridFrame&) {}
  virtual void zones(const std::vector<ZoneSample>&) {}
  virtual void lines(const std::vector<LineSample>&) {}
  virtual void exits(const std::vector<ExitSample>&) {}
  virtual void ledger(const LedgerSample&) {}
  virtual void event(const Event&) {}
  virtual void end(const RunResults&) = 0;
};

const char* to_string(EventKind);

}  // namespace throng
