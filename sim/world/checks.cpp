#include "sim/world/detail/checks.hpp"

#include "sim/world/detail/orientation.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace throng::detail {
namespace {

constexpr double coordinate_limit = 1e7;   // [m]; beyond it a site has the wrong origin
constexpr double portal_tolerance = 1e-6;  // [m]

bool sound(Vec2 x) { return std::fabs(x.x) <= coordinate_limit && std::fabs(x.y) <= coordinate_limit; }
bool sound(const std::vector<Vec2>& points) {
  return std::all_of(points.begin(), points.end(), [](Vec2 p) { return sound(p); });
}
bool sound(const Polygon& polygon) {
  return sound(polygon.outer) &&
         std::all_of(polygon.holes.begin(), polygon.holes.end(), [](const Ring& r) { return sound(r); });
}
bool sound(double value, double low, double high) { return value >= low && value <= high; }  // false for NaN

std::string text_of(Vec2 p) { return std::to_string(p.x) + " " + std::to_string(p.y); }

class Checker {
 public:
  Checker(const WorldData& data, const std::string& file, std::size_t limit)
      : data_(data), file_(file), limit_(limit), n_faces_(static_cast<std::int64_t>(data.mesh.face.size())) {
    for (const Level& level : data.levels) levels_.push_back(level.id);
    std::sort(levels_.begin(), levels_.end());
  }

  std::vector<Fault> run() {
    check_levels();
    check_vertices();
    if (faults_.empty()) check_faces();
    if (faults_.empty()) check_adjacency();
    check_see_through();
    check_doors();
    check_places();
    check_rest();
    return std::move(faults_);
  }

 private:
  void fault(const std::string& column, std::size_t row, const std::string& what, std::string value = {},
             std::string allowed = {}) {
    if (faults_.size() < limit_)
      faults_.push_back(
          {file_ + ": " + column + "[" + std::to_string(row) + "]", what, std::move(value), std::move(allowed)});
  }
  bool known(LevelId level) const { return std::binary_search(levels_.begin(), levels_.end(), level); }
  void check_level(const std::string& column, std::size_t row, LevelId level) {
    if (!known(level)) fault(column, row, "unknown level", std::to_string(static_cast<int>(level)));
  }

  void check_levels() {
    for (std::size_t i = 0; i < data_.levels.size(); ++i)
      if (!sound(data_.levels[i].height, -1e5, 1e5)) fault("levels", i, "the height is not a sound number");
    if (std::adjacent_find(levels_.begin(), levels_.end()) != levels_.end())
      fault("levels", 0, "a level appears twice");
  }

  void check_vertices() {
    const WalkableMesh& mesh = data_.mesh;
    if (mesh.height.size() != mesh.vertex.size())
      fault("mesh.height", 0, "one height for each vertex is needed", std::to_string(mesh.height.size()),
            std::to_string(mesh.vertex.size()));
    if (mesh.vertex.size() > 500'000'000 || mesh.face.size() > 500'000'000) fault("mesh", 0, "the mesh is too large");
    for (std::size_t v = 0; v < mesh.vertex.size(); ++v)
      if (!sound(mesh.vertex[v]))
        fault("mesh.vertex", v, "a coordinate is not a sound number", text_of(mesh.vertex[v]), "within 1e7 m");
    for (std::size_t v = 0; v < mesh.height.size(); ++v)
      if (!sound(static_cast<double>(mesh.height[v]), -1e5, 1e5))
        fault("mesh.height", v, "the height is not a sound number");
  }

  void check_faces() {
    for (std::size_t f = 0; f < data_.mesh.face.size() && faults_.size() < limit_; ++f) check_face(f);
  }

  void check_face(std::size_t f) {
    const MeshFace& face = data_.mesh.face[f];
    const auto n_vertices = static_cast<std::int64_t>(data_.mesh.vertex.size());
    for (const std::int32_t v : face.vertex)
      if (v < 0 || v >= n_vertices) {
        fault("mesh.face", f, "a vertex number is out of range", std::to_string(v));
        return;
      }
    const auto at = [&](std::size_t k) { return data_.mesh.vertex[static_cast<std::size_t>(face.vertex[k])]; };
    if (orientation(at(0), at(1), at(2)) <= 0) fault("mesh.face", f, "the vertices are not counter-clockwise");
    const auto n_doors = static_cast<std::int64_t>(data_.doors.size());
    for (std::size_t k = 0; k < 3; ++k) {
      const std::int32_t next = face.neighbour[k], barrier = face.barrier[k];
      if (next < -1 || next >= n_faces_ || next == static_cast<std::int64_t>(f))
        fault("mesh.face", f, "a neighbour number is out of range", std::to_string(next));
      if (barrier < edge_wall || barrier >= 2 * n_doors)
        fault("mesh.face", f, "a barrier number is out of range", std::to_string(barrier));
      if (next == -1 && barrier != edge_wall) fault("mesh.face", f, "an edge without neighbour must be a wall");
    }
    if (!known(face.level)) fault("mesh.face", f, "unknown level", std::to_string(static_cast<int>(face.level)));
    if (face.surface >= Surface::count_) fault("mesh.face", f, "unknown surface");
    if (!(face.speed_factor > 0.0F && face.speed_factor <= 1.2F))
      fault("mesh.face", f, "the speed factor is out of range", std::to_string(face.speed_factor), "0 < factor <= 1.2");
  }

  void check_adjacency() {
    for (std::size_t f = 0; f < data_.mesh.face.size() && faults_.size() < limit_; ++f) {
      const MeshFace& face = data_.mesh.face[f];
      for (int k = 0; k < 3; ++k) {
        const auto uk = static_cast<std::size_t>(k);
        if (face.neighbour[uk] < 0) continue;
        const int twin = twin_edge(data_.mesh, static_cast<std::int32_t>(f), k);
        if (twin < 0) {
          fault("mesh.face", f, "the neighbour does not share this edge", std::to_string(face.neighbour[uk]));
          continue;
        }
        const std::int32_t here = face.barrier[uk];
        const std::int32_t there =
            data_.mesh.face[static_cast<std::size_t>(face.neighbour[uk])].barrier[static_cast<std::size_t>(twin)];
        if (here < 0 ? there != here : there != (here ^ 1))
          fault("mesh.face", f, "the two sides of an edge disagree about what stands on it");
      }
    }
  }

  void check_see_through() {
    const auto& edges = data_.see_through;
    for (std::size_t i = 0; i < edges.size(); ++i)
      if (edges[i] < 0 || edges[i] / 3 >= n_faces_ || (i > 0 && edges[i - 1] >= edges[i]))
        fault("see_through", i, "edges must be in range and ascending", std::to_string(edges[i]));
  }

  void check_doors() {
    for (std::size_t i = 0; i < data_.doors.size(); ++i) {
      const Door& door = data_.doors[i];
      for (const auto& s : door.segments)
        if (!sound(s[0]) || !sound(s[1])) fault("doors", i, "a coordinate is not a sound number");
      check_level("doors", i, door.level);
      if (!sound(door.width, 0.0, 1e7)) fault("doors", i, "the width is not a sound number");
      if (!sound(door.capacity_per_min, 0.0, 1e9)) fault("doors", i, "the capacity is not a sound number");
      if (door.initial > DoorState::backward_only) fault("doors", i, "unknown door state");
      if (door.area != PlaceId::none && index(door.area) >= data_.places.size())
        fault("doors", i, "unknown closure area");
      if (door.is_area && door.area == PlaceId::none) fault("doors", i, "a closure needs its area");
    }
  }

  void check_places() {
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < data_.places.size(); ++i) {
      const Place& place = data_.places[i];
      if (place.shape.id.empty()) fault("places", i, "a place needs an id");
      if (!ids.insert(place.shape.id).second) fault("places", i, "a place id appears twice", place.shape.id);
      check_level("places", i, place.shape.level);
      if (place.shape.kind >= PlaceKind::count_ || place.shape.zone_kind >= ZoneKind::count_)
        fault("places", i, "unknown kind of place");
      const bool shape_sound =
          sound(place.shape.line) &&
          std::all_of(place.shape.areas.begin(), place.shape.areas.end(), [](const Polygon& p) { return sound(p); });
      if (!shape_sound) fault("places", i, "a coordinate is not a sound number", place.shape.id);
      if (!sound(place.area, 0.0, 1e12)) fault("places", i, "the area is not a sound number", place.shape.id);
      if (!sound(place.shape.clear_width, 0.0, 1e5)) fault("places", i, "the clear width is not a sound number");
      for (std::size_t j = 0; j < place.faces.size(); ++j) {
        const auto f = static_cast<std::int64_t>(place.faces[j]);
        if (f >= 0 && f < n_faces_ && (j == 0 || place.faces[j - 1] < place.faces[j])) continue;
        fault("places", i, "faces must be in range and ascending", place.shape.id);
        break;
      }
    }
  }

  void check_rest() {
    for (std::size_t i = 0; i < data_.zones.size(); ++i) {
      const MeasurementZone& zone = data_.zones[i];
      if (zone.kind >= ZoneKind::count_) fault("zones", i, "unknown kind of zone");
      if (zone.place == PlaceId::none || index(zone.place) >= data_.places.size()) fault("zones", i, "unknown place");
      if (!sound(zone.area, 0.0, 1e12)) fault("zones", i, "the area is not a sound number");
    }
    for (std::size_t i = 0; i < data_.lines.size(); ++i) {
      const MeasurementLine& line = data_.lines[i];
      if (line.line.size() < 2 || !sound(line.line)) fault("lines", i, "a line needs two sound points");
      check_level("lines", i, line.level);
      if (!sound(line.width, 0.0, 1e7)) fault("lines", i, "the width is not a sound number");
    }
    for (std::size_t i = 0; i < data_.posts.size(); ++i) {
      if (!sound(data_.posts[i].position) || !sound(data_.posts[i].radius, 0.0, 1e4))
        fault("posts", i, "position or radius is not a sound number");
      check_level("posts", i, data_.posts[i].level);
    }
    for (std::size_t i = 0; i < data_.links.size(); ++i) {
      if (!sound(data_.links[i].p) || !sound(data_.links[i].q)) fault("links", i, "a coordinate is not a sound number");
      check_level("links", i, data_.links[i].a);
      check_level("links", i, data_.links[i].b);
    }
  }

  const WorldData& data_;
  const std::string& file_;
  std::size_t limit_;
  std::int64_t n_faces_;
  std::vector<LevelId> levels_;
  std::vector<Fault> faults_;
};

}  // namespace

int twin_edge(const WalkableMesh& mesh, std::int32_t f, int k) {
  const MeshFace& face = mesh.face[static_cast<std::size_t>(f)];
  const MeshFace& next = mesh.face[static_cast<std::size_t>(face.neighbour[static_cast<std::size_t>(k)])];
  const auto at = [&](const MeshFace& t, int m) {
    return mesh.vertex[static_cast<std::size_t>(t.vertex[static_cast<std::size_t>(m % 3)])];
  };
  for (int m = 0; m < 3; ++m)
    if (next.neighbour[static_cast<std::size_t>(m)] == f && at(next, m) == at(face, k + 1) &&
        at(next, m + 1) == at(face, k))
      return m;
  return -1;
}

void weld_portals(WorldData& data) {
  WalkableMesh& mesh = data.mesh;
  const auto n_faces = static_cast<std::int64_t>(mesh.face.size());
  const auto n_vertices = static_cast<std::int64_t>(mesh.vertex.size());
  const auto weld = [&](std::int32_t u, std::int32_t v) {
    if (u == v || u < 0 || v < 0 || u >= n_vertices || v >= n_vertices) return;
    Vec2& a = mesh.vertex[static_cast<std::size_t>(std::min(u, v))];
    Vec2& b = mesh.vertex[static_cast<std::size_t>(std::max(u, v))];
    if (!(a == b) && distance(a, b) < portal_tolerance) b = a;
  };
  for (std::int64_t f = 0; f < n_faces; ++f) {
    const MeshFace& face = mesh.face[static_cast<std::size_t>(f)];
    for (std::size_t k = 0; k < 3; ++k) {
      if (face.neighbour[k] < 0 || face.neighbour[k] >= n_faces) continue;
      const MeshFace& next = mesh.face[static_cast<std::size_t>(face.neighbour[k])];
      if (next.level == face.level) continue;
      for (std::size_t m = 0; m < 3; ++m) {
        if (next.neighbour[m] != f) continue;
        weld(face.vertex[k], next.vertex[(m + 1) % 3]);
        weld(face.vertex[(k + 1) % 3], next.vertex[m]);
      }
    }
  }
}

std::vector<Fault> faults_of(const WorldData& data, const std::string& file, std::size_t limit) {
  return Checker(data, file, limit).run();
}

}  // namespace throng::detail
