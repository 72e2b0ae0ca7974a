#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/vec2.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The place as city data and the event drawing describe it: plain data in the site frame, no topology.
/// gis produces it, sim/world compiles it, sim/io stores it. All lengths [m].
namespace throng {

using Ring =
    std::vector<Vec2>;  ///< closed implicitly, at least 3 points; outer rings counter-clockwise, holes clockwise

struct Polygon {
  Ring outer;
  std::vector<Ring> holes;
};

/// Where the numbers come from and how they map to the earth.
struct SiteFrame {
  std::string crs;              ///< "EPSG:28992", or "local"
  double origin_x = 0.0;        ///< integer offset subtracted from projected easting [m]
  double origin_y = 0.0;        ///< same for northing [m]
  double crs_accuracy_m = 0.0;  ///< stated accuracy of the operation; 0 = exact or unknown
};

/// Credit and provenance of one input data set.
struct DataSource {
  std::string name;     ///< file name without folder
  std::string kind;     ///< "OSM", "BGT", "CityJSON", "plan", "event"
  std::string licence;  ///< e.g. "ODbL 1.0, © OpenStreetMap contributors"
  std::string date;     ///< date of the data where the file tells it, else empty
  std::string hash;     ///< XXH3-64 of the file, hex
};

enum class Surface : std::uint8_t {
  pedestrian,
  footway,
  steps,
  road,
  cycleway,
  parking,
  square,
  grass,
  paved,
  bridge,
  platform,
  temporary,
  private_ground,
  undefined,
  count_
};

/// A sheet of ground. Level 0 is the ground itself.
struct Level {
  LevelId id{};
  std::string name;
  double height = 0.0;  ///< above level 0 [m]
};

struct WalkablePart {
  Polygon shape;
  Surface surface = Surface::undefined;
  LevelId level{};
  double speed_factor = 1.0;  ///< (0, 1.2]; 0.5 on steps
  std::string source_id;      ///< e.g. "way/123", "bgt/L0002.ab"
};

enum class ObstacleKind : std::uint8_t {
  building,
  water,
  structure,
  podium,
  container,
  closure,
  vegetation,
  other,
  count_
};

/// Areal obstacle; already cut out of the walkable parts. Kept for drawing and for reports.
struct Obstacle {
  Polygon shape;
  ObstacleKind kind = ObstacleKind::other;
  LevelId level{};
  double base = 0.0;    ///< height of the underside above ground [m]
  double height = 0.0;  ///< of the top above ground [m]; 0 = unknown
  std::string source_id;
};

enum class BarrierKind : std::uint8_t { wall, fence, hedge, railing, kerb_drop, event_fence, other, count_ };

/// Zero-width barrier; becomes blocked constraint edges. Gates cut passable spans out of it.
struct Barrier {
  std::vector<Vec2> line;  ///< (>= 2)
  BarrierKind kind = BarrierKind::wall;
  LevelId level{};
  bool see_through = true;
  std::string source_id;
};

/// Where two sheets meet: the same segment on both. A walker passes it without noticing.
struct Portal {
  Vec2 a, b;
  LevelId level_a{}, level_b{};
  std::string source_id;
};

/// A way of the city data that a drawing may close by its name or number.
struct Street {
  std::string source_id;   ///< "way/123"
  std::string name;        ///< may be empty
  std::vector<Vec2> line;  ///< centre line (>= 2)
  double width = 0.0;      ///< with its sidewalks [m]
  LevelId level{};
};

/// Small round obstacle (bollard, tree, lamp): in the collision layer only.
struct Post {
  Vec2 position;
  double radius = 0.15;  ///< [m]
  LevelId level{};
  std::string source_id;
};

enum class GateState : std::uint8_t { open, closed };
enum class GateDirection : std::uint8_t { both, forward, backward };  ///< forward = from left to right of a -> b

/// A passable span in a fence. It is a straight segment of exactly `width`.
struct GateSpan {
  std::string id, name;
  Vec2 a, b;
  double width = 0.0;  ///< clear width [m] (>= 0.6)
  LevelId level{};
  GateState initial = GateState::open;
  GateDirection direction = GateDirection::both;
  double capacity_per_min = 0.0;  ///< metering as drawn; 0 = none. A default that the scenario overrides.
};

enum class PlaceKind : std::uint8_t {
  zone,          ///< measurement area with a zone kind and thresholds
  source,        ///< people appear here
  exit,          ///< people leave here
  waypoint,      ///< to be passed
  audience,      ///< visit: stand in it, facing the podium
  stay,          ///< spend time in it
  server,        ///< service point of a queue (bar, toilet, ticket check)
  queue_lane,    ///< line along which people wait for a server
  service_lane,  ///< must stay clear for emergency services
  perimeter,     ///< event ground
  closure,       ///< area that a timed change may close
  count_
};
enum class ZoneKind : std::uint8_t { passage, standing, queue, stairs, keep_clear, site, count_ };

/// A named area (ring) or line (path) of the event drawing.
struct PlaceShape {
  std::string id, name;
  PlaceKind kind = PlaceKind::zone;
  ZoneKind zone_kind = ZoneKind::passage;  ///< zones only
  LevelId level{};
  std::vector<Polygon> areas;  ///< empty when the place is a line
  std::vector<Vec2> line;      ///< empty when the place is an area
  std::string belongs_to;      ///< queue_lane: id of its server(s); audience: id of its podium
  double clear_width = 0.0;    ///< service_lane: required width [m]
  bool step_free = false;      ///< source, exit: claims step-free access
};

/// Counting line. Positive direction is from the left to the right of the drawn line.
struct CountLine {
  std::string id, name;
  std::vector<Vec2> line;
  LevelId level{};
  std::string sensor;  ///< channel id of a real sensor, or empty
};

/// Area or point sensor of the drawing, kept for the twin.
struct SensorSite {
  std::string id, name, type;  ///< "line_counter", "area_counter", "wifi"
  std::string channel;
  std::vector<Vec2> line;
  std::optional<Polygon> area;
  Vec2 point;
  double radius = 0.0;
  LevelId level{};
  double bias = 0.0, sigma = 0.0;
};

/// Text or furniture for maps: podium outline, label, tent.
struct Landmark {
  std::string id, name, kind;
  Polygon shape;
  Vec2 point;
  double height = 0.0;
  LevelId level{};
};

/// Times, rates and limits found in a drawing: defaults, reported, overridden by the scenario.
struct DrawingDefault {
  std::string object_id, key, value;
};

/// The event drawing after projection and checking.
struct EventLayer {
  std::vector<WalkablePart> added;  ///< openings, walkways, stairs, pontoons, roads closed to traffic
  std::vector<Obstacle> removed;    ///< podia, structures, containers, closures to pedestrians
  std::vector<Barrier> fences;
  std::vector<GateSpan> gates;
  std::vector<PlaceShape> places;
  std::vector<CountLine> lines;
  std::vector<SensorSite> sensors;
  std::vector<Landmark> landmarks;
  std::vector<DrawingDefault> defaults;
  std::vector<Portal> portals;
};

/// What city data say, after the overlay, without the event.
struct BaseMap {
  std::vector<Level> levels;
  std::vector<WalkablePart> walkable;  ///< non-overlapping per level, noded: shared borders have the same points
  std::vector<Obstacle> obstacles;
  std::vector<Barrier> barriers;
  std::vector<GateSpan> gates;  ///< gaps in barriers of the city (gates, entrances)
  std::vector<Portal> portals;
  std::vector<Post> posts;
  std::vector<Street> streets;  ///< for closures by name, also when the event is redone
};

/// Base and event apart, and the merged result that sim/world compiles.
struct SiteGeometry {
  std::string name;
  SiteFrame frame;
  std::vector<DataSource> sources;
  BaseMap base;
  EventLayer event;
  // merged:
  std::vector<Level> levels;
  std::vector<WalkablePart> walkable;
  std::vector<Obstacle> obstacles;
  std::vector<Barrier> barriers;
  std::vector<GateSpan> gates;
  std::vector<Portal> portals;
  std::vector<Post> posts;
};

const char* to_string(Surface);
const char* to_string(ObstacleKind);
const char* to_string(BarrierKind);
const char* to_string(PlaceKind);
const char* to_string(ZoneKind);
std::optional<Surface> surface_from(std::string_view);
std::optional<PlaceKind> place_kind_from(std::string_view);
std::optional<ZoneKind> zone_kind_from(std::string_view);

double area(const Ring&);          ///< signed, > 0 when counter-clockwise [m²]
double area(const Polygon&);       ///< outer minus holes [m²]
bool contains(const Ring&, Vec2);  ///< even-odd; border undefined
bool contains(const Polygon&, Vec2);
Vec2 centroid(const Polygon&);  ///< of the outer ring
Box bounds(const Polygon&);

}  // namespace throng
