#include "sim/agents/detail/rules.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace throng {
namespace {

constexpr double line_reach = 0.35;  ///< a line is reached within this distance [m]
constexpr double free_lane = 12.0;   ///< greatest length of a lane that nobody drew [m]
constexpr double body = 0.25;        ///< kept from walls where people queue or stand [m]

/// Point of a polyline at an arc length, its end beyond.
Vec2 point_at(std::span<const Vec2> line, double arc) {
  for (std::size_t k = 0; k + 1 < line.size(); ++k) {
    const double length = distance(line[k], line[k + 1]);
    if (arc <= length)
      return length > 0.0 ? line[k] + (std::max(arc, 0.0) / length) * (line[k + 1] - line[k]) : line[k];
    arc -= length;
  }
  return line.back();
}

double length_of(std::span<const Vec2> line) {
  double length = 0.0;
  for (std::size_t k = 0; k + 1 < line.size(); ++k) length += distance(line[k], line[k + 1]);
  return length;
}

Vec2 middle_of(const WalkableMesh& mesh, FaceId f) {
  const MeshFace& face = mesh.face[index(f)];
  return (1.0 / 3.0) *
         (mesh.vertex[index(face.vertex[0])] + mesh.vertex[index(face.vertex[1])] + mesh.vertex[index(face.vertex[2])]);
}

/// Point of a place that certainly is walkable: in its largest face.
std::pair<Vec2, FaceId> anchor_of(const World& world, const Place& place) {
  FaceId best = place.faces.front();
  for (const FaceId f : place.faces)
    if (world.mesh().face_area(f) > world.mesh().face_area(best)) best = f;
  return {middle_of(world.mesh(), best), best};
}

/// Where people wait for a server without a lane: the longest free straight line away from it, of 16.
std::vector<Vec2> free_lane_of(const World& world, const Place& place) {
  const auto [start, face] = anchor_of(world, place);
  const std::vector<DoorState> doors(world.doors().size(), DoorState::closed);  // a queue keeps gates free
  std::vector<Vec2> best{start, start};
  for (int k = 0; k < 16; ++k) {
    const double angle = math::pi * k / 8.0;
    const Vec2 e{math::cos(angle), math::sin(angle)};
    const Stride stride = walk(world.mesh(), doors, face, start, start + free_lane * e);
    const double free = distance(start, stride.position) - (stride.blocked ? body : 0.0);
    if (free > length_of(best) + 0.01) best[1] = start + free * e;
  }
  return best;
}

}  // namespace

/// A source may lie over ground in several parts: people appear on those from which every journey can begin, where
/// there are such parts.
std::vector<int> Simulation::Impl::starts_of(PlaceId p) const {
  const auto components = [&](PlaceId place) {
    std::set<int> out;
    for (const FaceId f : world->places()[index(place)].faces) out.insert(world->component_of(f));
    return out;
  };
  std::set<int> allowed = components(p);
  for (const Demand::Source& source : demand.sources) {
    if (source.place != p) continue;
    for (const Demand::Transition& journey : source.journeys) {
      if (!(journey.weight > 0.0) || journey.to == StageId::none) continue;
      std::set<int> reached;
      for (const PlaceId place : demand.stages[index(journey.to)].places) reached.merge(components(place));
      std::erase_if(allowed, [&](int c) { return !reached.contains(c); });
    }
  }
  return {allowed.begin(), allowed.end()};
}

bool Simulation::Impl::may_start(PlaceId p, FaceId f) const {
  const std::vector<int>& starts = places[index(p)].starts;
  return starts.empty() || std::binary_search(starts.begin(), starts.end(), world->component_of(f));
}

void Simulation::Impl::describe_places() {
  places.resize(world->places().size());
  for (std::size_t p = 0; p < places.size(); ++p) {
    const Place& place = world->places()[p];
    detail::PlaceInfo& info = places[p];
    info.level = place.shape.level;
    info.is_line = place.shape.areas.empty();
    for (const Vec2 x : place.shape.line) info.box.add(x);
    if (place.shape.kind == PlaceKind::source) info.starts = starts_of(PlaceId{static_cast<int>(p)});
    double area = 0.0;
    for (const FaceId f : place.faces) {
      if (may_start(PlaceId{static_cast<int>(p)}, f)) area += world->mesh().face_area(f);
      info.cumulative_area.push_back(area);
      if (!info.is_line)
        for (const std::int32_t v : world->mesh().face[index(f)].vertex) info.box.add(world->mesh().vertex[index(v)]);
    }
    if (place.shape.kind == PlaceKind::exit) {
      info.exit = static_cast<int>(exits.size());
      exits.push_back(PlaceId{static_cast<int>(p)});
    }
    if (place.shape.kind == PlaceKind::server && !place.faces.empty()) {
      info.queue = static_cast<int>(servers.size());
      info.servers = std::max(1, static_cast<int>(place.shape.areas.size()));
      servers.push_back(PlaceId{static_cast<int>(p)});
      info.lane = free_lane_of(*world, place);
    }
    if (place.shape.kind != PlaceKind::audience) continue;
    for (const Landmark& landmark : world->data().landmarks)
      if (landmark.id == place.shape.belongs_to)
        info.focus = landmark.shape.outer.empty() ? landmark.point : centroid(landmark.shape);
    for (const Obstacle& obstacle : world->data().obstacles)
      if (!info.focus && !obstacle.source_id.empty() && obstacle.source_id == place.shape.belongs_to)
        info.focus = centroid(obstacle.shape);
  }
  for (const Place& place : world->places())
    if (place.shape.kind == PlaceKind::queue_lane && place.shape.line.size() > 1)
      if (const auto server = world->find_place(place.shape.belongs_to); server && places[index(*server)].queue >= 0)
        places[index(*server)].lane = place.shape.line;
  for (detail::PlaceInfo& info : places) info.lane_length = length_of(info.lane);
}

/// A point of a place, evenly drawn.
Vec2 Simulation::Impl::random_point(PlaceId p, Random& random, FaceId& face) const {
  const Place& place = world->places()[index(p)];
  const detail::PlaceInfo& info = places[index(p)];
  if (info.is_line) {
    const double length = length_of(place.shape.line), arc = random.uniform() * length;
    const Vec2 x = point_at(place.shape.line, arc), before = point_at(place.shape.line, std::max(0.0, arc - 0.05)),
               after = point_at(place.shape.line, std::min(length, arc + 0.05));
    const double aside = random.uniform(0.25, 0.75);
    const double first = random.uniform() < 0.5 ? aside : -aside;
    for (const double offset : {first, -first})
      if (const auto found = world->locate(x + offset * perp(normalized(after - before)), info.level)) {
        face = *found;
        return x + offset * perp(normalized(after - before));
      }
    const auto [anchor, f] = anchor_of(*world, place);
    face = f;
    return anchor;
  }
  const double u = random.uniform() * info.cumulative_area.back();
  const auto k = std::upper_bound(info.cumulative_area.begin(), info.cumulative_area.end() - 1, u);
  face = place.faces[static_cast<std::size_t>(k - info.cumulative_area.begin())];
  const MeshFace& f = world->mesh().face[index(face)];
  double s = random.uniform(), t = random.uniform();
  if (s + t > 1.0) s = 1.0 - s, t = 1.0 - t;
  const Vec2 a = world->mesh().vertex[index(f.vertex[0])];
  return a + s * (world->mesh().vertex[index(f.vertex[1])] - a) + t * (world->mesh().vertex[index(f.vertex[2])] - a);
}

Vec2 Simulation::Impl::nearest_point(PlaceId p, Vec2 x) const {
  const Place& place = world->places()[index(p)];
  Vec2 best = x;
  double least = std::numeric_limits<double>::infinity();
  const auto consider = [&](Vec2 q) {
    if (const double d = norm2(q - x); d < least) least = d, best = q;
  };
  if (places[index(p)].is_line) {
    for (std::size_t k = 0; k + 1 < place.shape.line.size(); ++k)
      consider(nearest_on_segment(x, place.shape.line[k], place.shape.line[k + 1]));
    return best;
  }
  for (const FaceId f : place.faces) {
    const MeshFace& face = world->mesh().face[index(f)];
    for (std::size_t k = 0; k < 3; ++k)
      consider(nearest_on_segment(x, world->mesh().vertex[index(face.vertex[k])],
                                  world->mesh().vertex[index(face.vertex[(k + 1) % 3])]));
  }
  return best;
}

bool Simulation::Impl::reached(PlaceId p, Vec2 x, FaceId face) const {
  if (world->places_at(face).empty()) return false;
  if (!places[index(p)].is_line) return world->in_place(face, p);
  return world->in_place(face, p) && norm2(nearest_point(p, x) - x) < line_reach * line_reach;
}

bool Simulation::Impl::in_sight(std::span<const DoorState> doors, FaceId face, Vec2 from, Vec2 to) const {
  return !walk(world->mesh(), doors, face, from, to).blocked;
}

Vec2 Simulation::Impl::lane_point(PlaceId server, double arc) const {
  return point_at(places[index(server)].lane, arc);
}

}  // namespace throng
