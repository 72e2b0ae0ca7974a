#include "sim/scenario/site_geometry.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace throng {
namespace {

template <class Enum>
using Names = std::array<const char*, static_cast<std::size_t>(Enum::count_)>;

constexpr Names<Surface> surface_names{"pedestrian", "footway",   "steps",   "road",     "cycleway",
                                       "parking",    "square",    "grass",   "paved",    "bridge",
                                       "platform",   "temporary", "private", "undefined"};
constexpr Names<ObstacleKind> obstacle_kind_names{"building",  "water",   "structure",  "podium",
                                                  "container", "closure", "vegetation", "other"};
constexpr Names<BarrierKind> barrier_kind_names{"wall",      "fence",       "hedge", "railing",
                                                "kerb_drop", "event_fence", "other"};
constexpr Names<PlaceKind> place_kind_names{"zone",   "source",     "exit",         "waypoint",  "audience", "stay",
                                            "server", "queue_lane", "service_lane", "perimeter", "closure"};
constexpr Names<ZoneKind> zone_kind_names{"passage", "standing", "queue", "stairs", "keep_clear", "site"};

template <class Enum>
std::optional<Enum> from(const Names<Enum>& names, std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (word == names[i]) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

const char* to_string(Surface value) { return surface_names[static_cast<std::size_t>(value)]; }
const char* to_string(ObstacleKind value) { return obstacle_kind_names[static_cast<std::size_t>(value)]; }
const char* to_string(BarrierKind value) { return barrier_kind_names[static_cast<std::size_t>(value)]; }
const char* to_string(PlaceKind value) { return place_kind_names[static_cast<std::size_t>(value)]; }
const char* to_string(ZoneKind value) { return zone_kind_names[static_cast<std::size_t>(value)]; }
std::optional<Surface> surface_from(std::string_view word) { return from<Surface>(surface_names, word); }
std::optional<PlaceKind> place_kind_from(std::string_view word) { return from<PlaceKind>(place_kind_names, word); }
std::optional<ZoneKind> zone_kind_from(std::string_view word) { return from<ZoneKind>(zone_kind_names, word); }

double area(const Ring& ring) {
  double twice = 0.0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vec2 a = ring[i] - ring[0];
    const Vec2 b = ring[(i + 1) % ring.size()] - ring[0];
    twice += cross(a, b);
  }
  return 0.5 * twice;
}

double area(const Polygon& polygon) {
  double sum = std::fabs(area(polygon.outer));
  for (const Ring& hole : polygon.holes) sum -= std::fabs(area(hole));
  return sum;
}

bool contains(const Ring& ring, Vec2 p) {
  bool inside = false;
  for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    const Vec2 a = ring[i];
    const Vec2 b = ring[j];
    if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

bool contains(const Polygon& polygon, Vec2 p) {
  if (polygon.outer.empty() || !contains(polygon.outer, p)) return false;
  for (const Ring& hole : polygon.holes)
    if (!hole.empty() && contains(hole, p)) return false;
  return true;
}

Vec2 centroid(const Polygon& polygon) {
  const Ring& ring = polygon.outer;
  if (ring.empty()) return {};
  Vec2 sum{};
  double weight = 0.0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Vec2 a = ring[i] - ring[0];
    const Vec2 b = ring[(i + 1) % ring.size()] - ring[0];
    const double w = cross(a, b);
    sum += w * (a + b);
    weight += w;
  }
  return std::fabs(weight) > 1e-12 ? ring[0] + sum / (3.0 * weight) : ring[0];
}

Box bounds(const Polygon& polygon) {
  Box box;
  for (const Vec2 p : polygon.outer) box.add(p);
  return box;
}

}  // namespace throng
