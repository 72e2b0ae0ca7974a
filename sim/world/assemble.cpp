#include "sim/world/detail/compile.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace throng::detail {
namespace {

/// Position along a Morton curve of 0.25 m cells: neighbours in the plane lie near in memory.
std::uint64_t morton(Vec2 p, Vec2 origin) {
  const auto spread = [](std::uint64_t x) {
    x &= 0xffffffffU;
    x = (x | (x << 16U)) & 0x0000ffff0000ffffU;
    x = (x | (x << 8U)) & 0x00ff00ff00ff00ffU;
    x = (x | (x << 4U)) & 0x0f0f0f0f0f0f0f0fU;
    x = (x | (x << 2U)) & 0x3333333333333333U;
    return (x | (x << 1U)) & 0x5555555555555555U;
  };
  const auto cell = [](double d) { return static_cast<std::uint64_t>(std::floor(std::max(0.0, d) * 4.0)); };
  return spread(cell(p.x - origin.x)) | (spread(cell(p.y - origin.y)) << 1U);
}

class Assembler {
 public:
  Assembler(const SiteGeometry& site, const Canonical& in, const Arrangement& arrangement, Draft draft,
            std::vector<Door> doors, const BuildOptions& options, Notes& notes)
      : site_(site), in_(in), arrangement_(arrangement), draft_(std::move(draft)), options_(options), notes_(notes) {
    out_.doors = std::move(doors);
  }

  WorldData run() {
    drop_components();
    number_rows();
    fill_mesh();
    fill_doors();
    fill_places();
    fill_lines();
    find_see_through();
    copy_rest();
    return std::move(out_);
  }

 private:
  Vec2 at(const DraftFace& face, std::size_t k) const {
    return draft_.vertex[static_cast<std::size_t>(face.vertex[k % 3])].position;
  }
  double area_of(const DraftFace& face) const { return 0.5 * orient(at(face, 0), at(face, 1), at(face, 2)); }
  Vec2 centre_of(const DraftFace& face) const { return (at(face, 0) + at(face, 1) + at(face, 2)) / 3.0; }

  /// Places that make ground worth keeping; an event ground as a whole or a closure does not.
  static bool is_needed(const PlaceShape& place) {
    if (place.kind == PlaceKind::zone) return place.zone_kind != ZoneKind::site;
    return place.kind != PlaceKind::perimeter && place.kind != PlaceKind::closure;
  }
  bool is_needed(const DraftFace& face) const {
    for (const std::int32_t p : draft_.place_sets[static_cast<std::size_t>(face.places)])
      if (is_needed(in_.places[static_cast<std::size_t>(p)])) return true;
    for (const std::int32_t group : face.group)
      for (const EdgeLabel& label : arrangement_.labels(group))
        if (label.kind == EdgeKind::place_line || label.kind == EdgeKind::count_line) return true;
    return false;
  }

  void drop_components() {
    const bool has_places = !in_.lines.empty() || std::any_of(in_.places.begin(), in_.places.end(),
                                                              [](const PlaceShape& p) { return is_needed(p); });
    kept_.assign(draft_.face.size(), false);
    const std::vector<bool> below_lane = faces_below_lanes();
    std::vector<bool> seen(draft_.face.size());
    for (std::size_t start = 0; start < draft_.face.size(); ++start) {
      if (seen[start]) continue;
      std::vector<std::size_t> part{start};
      seen[start] = true;
      double area = 0.0;
      bool needed = false;
      for (std::size_t i = 0; i < part.size(); ++i) {
        const DraftFace& face = draft_.face[part[i]];
        area += area_of(face);
        needed = needed || below_lane[part[i]] || is_needed(face);
        for (std::size_t k = 0; k < 3; ++k) {
          if (face.barrier[k] == edge_wall) continue;
          const auto next = static_cast<std::size_t>(face.neighbour[k]);
          if (!seen[next]) part.push_back(next);
          seen[next] = true;
        }
      }
      if (has_places ? needed : area >= options_.min_component_area) {
        for (const std::size_t f : part) kept_[f] = true;
      } else {
        dropped(part, area, has_places);
      }
    }
  }

  void dropped(const std::vector<std::size_t>& part, double area, bool has_places) {
    const auto first = std::min_element(part.begin(), part.end(), [&](std::size_t a, std::size_t b) {
      const Vec2 p = centre_of(draft_.face[a]), q = centre_of(draft_.face[b]);
      return std::tuple(p.x, p.y) < std::tuple(q.x, q.y);
    });
    const std::int32_t source = draft_.face[*first].part;
    notes_.info("G302", in_.parts[static_cast<std::size_t>(source)].source_id, centre_of(draft_.face[*first]),
                "a part of the ground of " + metres(area, 1) + " m² was dropped: " +
                    (has_places ? "no way leads from it to any place of the event" : "it is too small"));
    for (const std::size_t f : part)  // ground that goes on behind a wall must not point to it any more
      for (std::size_t k = 0; k < 3; ++k)
        if (const std::int32_t next = draft_.face[f].neighbour[k]; next >= 0)
          for (std::int32_t& back : draft_.face[static_cast<std::size_t>(next)].neighbour)
            if (back == static_cast<std::int32_t>(f)) back = -1;
  }

  void number_rows() {
    Vec2 origin{1e300, 1e300};
    for (const DraftVertex& v : draft_.vertex)
      origin = {std::min(origin.x, v.position.x), std::min(origin.y, v.position.y)};
    std::vector<bool> used(draft_.vertex.size());
    for (std::size_t f = 0; f < kept_.size(); ++f)
      if (kept_[f])
        for (const std::int32_t v : draft_.face[f].vertex) used[static_cast<std::size_t>(v)] = true;
    vertex_row_.assign(draft_.vertex.size(), -1);
    std::vector<std::tuple<std::int32_t, std::uint64_t, double, double, std::size_t>> vertices;
    for (std::size_t v = 0; v < used.size(); ++v) {
      const DraftVertex& it = draft_.vertex[v];
      if (used[v]) vertices.emplace_back(it.level, morton(it.position, origin), it.position.x, it.position.y, v);
    }
    std::sort(vertices.begin(), vertices.end());
    for (std::size_t row = 0; row < vertices.size(); ++row) {
      const DraftVertex& it = draft_.vertex[std::get<4>(vertices[row])];
      vertex_row_[std::get<4>(vertices[row])] = static_cast<std::int32_t>(row);
      out_.mesh.vertex.push_back(it.position);
      out_.mesh.height.push_back(it.height);
    }
    face_row_.assign(draft_.face.size(), -1);
    std::vector<std::tuple<std::int32_t, std::uint64_t, std::array<std::int32_t, 3>, std::size_t>> faces;
    for (std::size_t f = 0; f < kept_.size(); ++f) {
      if (!kept_[f]) continue;
      DraftFace& face = draft_.face[f];
      turn_to_lowest(face);
      std::array<std::int32_t, 3> rows{};
      for (std::size_t k = 0; k < 3; ++k) rows[k] = vertex_row_[static_cast<std::size_t>(face.vertex[k])];
      faces.emplace_back(face.level, morton(centre_of(face), origin), rows, f);
    }
    std::sort(faces.begin(), faces.end());
    for (const auto& entry : faces) {
      face_row_[std::get<3>(entry)] = static_cast<std::int32_t>(order_.size());
      order_.push_back(std::get<3>(entry));
    }
  }

  /// Start a face at its lowest vertex, so that it does not matter how it was found.
  void turn_to_lowest(DraftFace& face) const {
    const auto row = [&](std::size_t k) { return vertex_row_[static_cast<std::size_t>(face.vertex[k])]; };
    const std::ptrdiff_t first = row(0) < row(1) ? (row(0) < row(2) ? 0 : 2) : (row(1) < row(2) ? 1 : 2);
    for (auto* column : {&face.vertex, &face.neighbour, &face.barrier, &face.group})
      std::rotate(column->begin(), column->begin() + first, column->end());
  }

  void fill_mesh() {
    for (const std::size_t f : order_) {
      const DraftFace& from = draft_.face[f];
      const WalkablePart& part = in_.parts[static_cast<std::size_t>(from.part)];
      MeshFace face;
      for (std::size_t k = 0; k < 3; ++k) {
        face.vertex[k] = vertex_row_[static_cast<std::size_t>(from.vertex[k])];
        face.neighbour[k] = from.neighbour[k] < 0 ? -1 : face_row_[static_cast<std::size_t>(from.neighbour[k])];
        face.barrier[k] = face.neighbour[k] < 0 ? edge_wall : from.barrier[k];
      }
      face.level = in_.levels[static_cast<std::size_t>(from.level)].id;
      face.surface = part.surface;
      face.speed_factor = static_cast<float>(part.speed_factor);
      out_.mesh.face.push_back(face);
    }
  }

  void fill_doors() {
    for (const MeshFace& face : out_.mesh.face)
      for (std::size_t k = 0; k < 3; ++k) {
        if (face.barrier[k] < 0 || face.barrier[k] % 2 != 0) continue;
        const Vec2 a = out_.mesh.vertex[static_cast<std::size_t>(face.vertex[k])];
        const Vec2 b = out_.mesh.vertex[static_cast<std::size_t>(face.vertex[(k + 1) % 3])];
        out_.doors[static_cast<std::size_t>(face.barrier[k] / 2)].segments.push_back({a, b});
      }
    for (std::size_t d = 0; d < out_.doors.size(); ++d) {
      Door& door = out_.doors[d];
      for (const auto& s : door.segments) door.width += distance(s[0], s[1]);
      if (!door.is_area) join_segments(door, in_.gates[d]);
    }
  }

  /// Pieces of a gate from a to b, joined where they touch.
  static void join_segments(Door& door, const GateSpan& gate) {
    const Vec2 way = gate.b - gate.a;
    std::sort(door.segments.begin(), door.segments.end(),
              [&](const auto& s, const auto& t) { return dot(s[0], way) < dot(t[0], way); });
    std::vector<std::array<Vec2, 2>> joined;
    for (const auto& s : door.segments) {
      if (!joined.empty() && joined.back()[1] == s[0])
        joined.back()[1] = s[1];
      else
        joined.push_back(s);
    }
    door.segments = std::move(joined);
  }

  void fill_places() {
    for (const PlaceShape& shape : in_.places) out_.places.push_back({shape, {}, 0.0});
    for (std::size_t row = 0; row < order_.size(); ++row) {
      const DraftFace& face = draft_.face[order_[row]];
      const FaceId id{static_cast<std::int32_t>(row)};
      for (const std::int32_t p : draft_.place_sets[static_cast<std::size_t>(face.places)]) {
        out_.places[static_cast<std::size_t>(p)].faces.push_back(id);
        out_.places[static_cast<std::size_t>(p)].area += area_of(face);
      }
    }
    for (std::size_t p = 0; p < in_.places.size(); ++p) {
      const PlaceShape& shape = in_.places[p];
      if (shape.kind != PlaceKind::zone || shape.areas.empty()) continue;
      out_.zones.push_back(
          {shape.id, shape.name, shape.zone_kind, PlaceId{static_cast<std::int32_t>(p)}, out_.places[p].area});
    }
  }

  void fill_lines() {
    for (const CountLine& line : in_.lines) out_.lines.push_back({line.id, line.name, line.line, line.level, 0.0});
    for (std::size_t row = 0; row < order_.size(); ++row) {
      const DraftFace& from = draft_.face[order_[row]];
      const MeshFace& face = out_.mesh.face[row];
      for (std::size_t k = 0; k < 3; ++k)
        for (const EdgeLabel& label : arrangement_.labels(from.group[k])) {
          const auto object = static_cast<std::size_t>(label.object);
          if (label.kind == EdgeKind::place_line) {
            auto& faces = out_.places[object].faces;
            if (faces.empty() || index(faces.back()) != row) faces.push_back(FaceId{static_cast<std::int32_t>(row)});
          }
          if (label.kind != EdgeKind::count_line || face.barrier[k] == edge_wall) continue;
          // An edge is seen from both sides, but only once on each level when it is a portal.
          const bool portal = out_.mesh.face[static_cast<std::size_t>(face.neighbour[k])].level != face.level;
          out_.lines[object].width += (portal ? 1.0 : 0.5) * distance(at(from, k), at(from, k + 1));
        }
    }
    add_lane_faces();
  }

  static bool is_lane(const PlaceShape& place) {
    return place.areas.empty() && (place.kind == PlaceKind::queue_lane || place.kind == PlaceKind::service_lane);
  }
  bool is_below(const PlaceShape& lane, const DraftFace& face) const {
    return in_.levels[static_cast<std::size_t>(face.level)].id == lane.level && runs_through(lane.line, face);
  }

  std::vector<bool> faces_below_lanes() const {
    std::vector<bool> out(draft_.face.size());
    for (const PlaceShape& place : in_.places)
      if (is_lane(place))
        for (std::size_t f = 0; f < out.size(); ++f) out[f] = out[f] || is_below(place, draft_.face[f]);
    return out;
  }

  /// Lanes are lines without constraint edges: they get the faces that they run through.
  void add_lane_faces() {
    for (Place& place : out_.places)
      if (is_lane(place.shape))
        for (std::size_t row = 0; row < order_.size(); ++row)
          if (is_below(place.shape, draft_.face[order_[row]]))
            place.faces.push_back(FaceId{static_cast<std::int32_t>(row)});
  }

  bool runs_through(const std::vector<Vec2>& line, const DraftFace& face) const {
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      double low = 0.0, high = 1.0;  // part of the segment inside all three half planes
      for (std::size_t k = 0; k < 3; ++k) {
        const double a = orient(at(face, k), at(face, k + 1), line[i]),
                     b = orient(at(face, k), at(face, k + 1), line[i + 1]);
        if (a < 0.0 && b < 0.0) high = -1.0;
        if (a < 0.0 && b >= 0.0) low = std::max(low, a / (a - b));
        if (a >= 0.0 && b < 0.0) high = std::min(high, a / (a - b));
      }
      if (low <= high) return true;
    }
    return false;
  }

  void find_see_through() {
    std::vector<Box> boxes;
    for (const Obstacle& obstacle : site_.obstacles) boxes.push_back(bounds(obstacle.shape));
    for (std::size_t row = 0; row < order_.size(); ++row)
      for (std::size_t k = 0; k < 3; ++k)
        if (out_.mesh.face[row].barrier[k] == edge_wall && see_through(draft_.face[order_[row]], k, boxes))
          out_.see_through.push_back(static_cast<std::int32_t>(3 * row + k));
  }

  /// One looks across fences and across water, not into buildings.
  bool see_through(const DraftFace& face, std::size_t k, const std::vector<Box>& boxes) const {
    bool barrier = false;
    for (const EdgeLabel& label : arrangement_.labels(face.group[k])) {
      if (label.kind != EdgeKind::barrier) continue;
      barrier = true;
      if (!in_.barriers[static_cast<std::size_t>(label.object)].see_through) return false;
    }
    if (barrier && face.neighbour[k] >= 0) return true;
    const Vec2 a = at(face, k), b = at(face, k + 1);
    const Vec2 beyond = 0.5 * (a + b) - 0.05 * perp(normalized(b - a));
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const Obstacle& obstacle = site_.obstacles[i];
      const bool opaque = obstacle.kind != ObstacleKind::water && obstacle.kind != ObstacleKind::closure;
      if (opaque && obstacle.level == in_.levels[static_cast<std::size_t>(face.level)].id &&
          boxes[i].contains(beyond) && contains(obstacle.shape, beyond))
        return false;
    }
    return true;
  }

  void copy_rest() {
    out_.name = site_.name;
    out_.frame = site_.frame;
    out_.sources = site_.sources;
    out_.levels = in_.levels;
    out_.posts = in_.posts;
    out_.links = draft_.links;
    out_.obstacles = site_.obstacles;
    out_.landmarks = site_.event.landmarks;
    out_.sensors = site_.event.sensors;
    out_.defaults = site_.event.defaults;
  }

  const SiteGeometry& site_;
  const Canonical& in_;
  const Arrangement& arrangement_;
  Draft draft_;
  const BuildOptions& options_;
  Notes& notes_;
  std::vector<bool> kept_;
  std::vector<std::int32_t> vertex_row_, face_row_;
  std::vector<std::size_t> order_;  // draft rows in final order
  WorldData out_;
};

}  // namespace

WorldData assemble(const SiteGeometry& site, const Canonical& in, const Arrangement& arrangement, Draft draft,
                   std::vector<Door> doors, const BuildOptions& options, Notes& notes) {
  return Assembler(site, in, arrangement, std::move(draft), std::move(doors), options, notes).run();
}

}  // namespace throng::detail
