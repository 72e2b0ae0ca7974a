#include "sim/world/detail/hash_world.hpp"

#include "sim/core/hash.hpp"

namespace throng::detail {
namespace {

template <class Enum>
void add_enum(Hasher& h, Enum value) {
  h.add(static_cast<std::int64_t>(value));
}
void add_real(Hasher& h, double value) { h.add(value == 0.0 ? 0.0 : value); }  // -0 and +0 are the same place
void add_point(Hasher& h, Vec2 p) {
  add_real(h, p.x);
  add_real(h, p.y);
}
void add_points(Hasher& h, const std::vector<Vec2>& points) {
  h.add(static_cast<std::uint64_t>(points.size()));
  for (const Vec2 p : points) add_point(h, p);
}

void add_mesh(Hasher& h, const WalkableMesh& mesh) {
  add_points(h, mesh.vertex);
  for (const float z : mesh.height) add_real(h, static_cast<double>(z));
  h.add(static_cast<std::uint64_t>(mesh.face.size()));
  for (const MeshFace& face : mesh.face) {
    for (std::size_t k = 0; k < 3; ++k) {
      h.add(face.vertex[k]);
      h.add(face.neighbour[k]);
      h.add(face.barrier[k]);
    }
    add_enum(h, face.level);
    add_enum(h, face.surface);
    add_real(h, static_cast<double>(face.speed_factor));
  }
}

void add_doors(Hasher& h, const std::vector<Door>& doors) {
  h.add(static_cast<std::uint64_t>(doors.size()));
  for (const Door& door : doors) {
    h.add(door.id);
    h.add(static_cast<std::uint64_t>(door.segments.size()));
    for (const auto& s : door.segments) {
      add_point(h, s[0]);
      add_point(h, s[1]);
    }
    add_enum(h, door.level);
    add_real(h, door.width);
    add_enum(h, door.initial);
    add_real(h, door.capacity_per_min);
    add_enum(h, door.area);
  }
}

void add_places(Hasher& h, const WorldData& data) {
  h.add(static_cast<std::uint64_t>(data.places.size()));
  for (const Place& place : data.places) {
    h.add(place.shape.id);
    add_enum(h, place.shape.kind);
    add_enum(h, place.shape.zone_kind);
    add_enum(h, place.shape.level);
    add_points(h, place.shape.line);
    h.add(place.shape.belongs_to);
    add_real(h, place.shape.clear_width);
    h.add(static_cast<std::uint64_t>(place.faces.size()));
    for (const FaceId f : place.faces) add_enum(h, f);
    add_real(h, place.area);
  }
  for (const MeasurementZone& zone : data.zones) {
    h.add(zone.id);
    add_enum(h, zone.kind);
    add_enum(h, zone.place);
    add_real(h, zone.area);
  }
  for (const MeasurementLine& line : data.lines) {
    h.add(line.id);
    add_points(h, line.line);
    add_enum(h, line.level);
    add_real(h, line.width);
  }
}

}  // namespace

std::uint64_t hash_of(const WorldData& data) {
  Hasher h;
  h.add(static_cast<std::uint64_t>(data.levels.size()));
  for (const Level& level : data.levels) {
    add_enum(h, level.id);
    add_real(h, level.height);
  }
  add_mesh(h, data.mesh);
  add_doors(h, data.doors);
  add_places(h, data);
  h.add(static_cast<std::uint64_t>(data.posts.size()));
  for (const Post& post : data.posts) {
    add_point(h, post.position);
    add_real(h, post.radius);
    add_enum(h, post.level);
  }
  for (const SheetLink& link : data.links) {
    add_enum(h, link.a);
    add_enum(h, link.b);
    add_point(h, link.p);
    add_point(h, link.q);
  }
  for (const std::int32_t edge : data.see_through) h.add(edge);
  return h.value();
}

}  // namespace throng::detail
