#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/vec2.hpp"
#include "sim/scenario/site_geometry.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace throng {

/// What stands on a mesh edge. `wall` and above are decoded by the helpers of MeshFace.
inline constexpr std::int32_t edge_open = -1;
inline constexpr std::int32_t edge_wall = -2;

/// A triangle of the walkable mesh, vertices counter-clockwise. Edge k runs from vertex k to vertex (k + 1) % 3.
struct MeshFace {
  std::array<std::int32_t, 3> vertex{};
  std::array<std::int32_t, 3> neighbour{-1, -1, -1};  ///< face across edge k; -1 where the ground ends
  /// edge_open, edge_wall, or 2 * door + s: a door stands on the edge, s = 0 when leaving this face through it is the
  /// door's forward direction, 1 when it is backward. An edge without neighbour is always edge_wall.
  std::array<std::int32_t, 3> barrier{edge_wall, edge_wall, edge_wall};
  LevelId level{};
  Surface surface = Surface::undefined;
  float speed_factor = 1.0F;  ///< (0, 1.2]
};

struct WalkableMesh {
  std::vector<Vec2> vertex;    ///< (v) [m]
  std::vector<float> height;   ///< (v) above level 0 [m]
  std::vector<MeshFace> face;  ///< (f)
  double face_area(FaceId f) const;
};

/// Passable or not, now. A value of Controls.
enum class DoorState : std::uint8_t { open, closed, forward_only, backward_only };

/// A gate, or the border of an area that can be closed (forward = leaving the area).
struct Door {
  std::string id, name;
  bool is_area = false;                       ///< border of a closure area
  std::vector<std::array<Vec2, 2>> segments;  ///< forward = from the left to the right of a -> b
  LevelId level{};
  double width = 0.0;  ///< sum of segment lengths [m]
  DoorState initial = DoorState::open;
  double capacity_per_min = 0.0;  ///< metering default; 0 = none
  PlaceId area = PlaceId::none;   ///< the closure area
};

/// Static blocked segment: border of the ground, wall or fence. Walkable ground may lie on one or both sides.
struct Wall {
  Vec2 a, b;
  LevelId level{};
  bool see_through = false;
  bool two_sided = false;  ///< ground on both sides; else on the left only
};

/// A place compiled onto the mesh: every face lies wholly inside or outside of it.
struct Place {
  PlaceShape shape;
  std::vector<FaceId> faces;  ///< ascending; for a line: faces that it touches
  double area = 0.0;          ///< walkable area [m²]; 0 for lines
};

struct MeasurementZone {
  std::string id, name;
  ZoneKind kind{};
  PlaceId place{};
  double area = 0.0;  ///< walkable [m²]
};

struct MeasurementLine {
  std::string id, name;
  std::vector<Vec2> line;
  LevelId level{};
  double width = 0.0;  ///< effective width: walkable part of the line [m]
};

/// Two sheets share ground near a portal: people there see each other across it.
struct SheetLink {
  LevelId a{}, b{};
  Vec2 p, q;  ///< the portal segment
};

/// One connected part of the walkable ground.
struct Component {
  double area = 0.0;  ///< [m²]
  std::size_t n_faces = 0;
  std::vector<PlaceId> places;
};

/// Outline of a level for maps and WKT: polygons with holes, one per connected part, largest first.
struct LevelOutline {
  LevelId level{};
  std::vector<Polygon> parts;
};

/// Everything a World is made of, as plain data: what sim/io stores and reads.
struct WorldData {
  std::string name;
  SiteFrame frame;
  std::vector<DataSource> sources;
  std::vector<Level> levels;
  WalkableMesh mesh;
  std::vector<Door> doors;
  std::vector<Place> places;
  std::vector<MeasurementZone> zones;
  std::vector<MeasurementLine> lines;
  std::vector<Post> posts;
  std::vector<SheetLink> links;
  std::vector<Obstacle> obstacles;  ///< for drawing
  std::vector<Landmark> landmarks;  ///< for drawing
  std::vector<SensorSite> sensors;  ///< for the twin
  std::vector<DrawingDefault> defaults;
  /// Wall edges that one can look across, each as 3 * face + edge, ascending; both sides of an edge are listed.
  std::vector<std::int32_t> see_through;
};

namespace detail {
/// Faces by square cells of one level, compressed rows: cell (i, j) holds faces[begin[j * nx + i] ...).
struct FaceGrid {
  LevelId level{};
  Vec2 origin;
  double cell = 4.0;  ///< [m]
  int nx = 0, ny = 0;
  std::vector<std::int32_t> begin;
  std::vector<std::int32_t> faces;
};
}  // namespace detail

/// An immutable place, compiled from geometry. Cheap to share, never changes.
class World {
 public:
  /// Checks the mesh (adjacency symmetric, faces counter-clockwise, ids in range) and builds the lookups.
  /// @throws InputError naming the first broken rows.
  explicit World(WorldData data, std::string file_for_messages = "site");

  const WorldData& data() const { return data_; }
  const WalkableMesh& mesh() const { return data_.mesh; }
  std::span<const Door> doors() const { return data_.doors; }
  std::span<const Place> places() const { return data_.places; }
  std::span<const MeasurementZone> zones() const { return data_.zones; }
  std::span<const MeasurementLine> lines() const { return data_.lines; }
  std::span<const Level> levels() const { return data_.levels; }
  std::span<const Wall> walls() const { return walls_; }  ///< static, merged where collinear
  std::span<const LevelOutline> outlines() const { return outlines_; }
  std::span<const Component> components() const { return components_; }
  int component_of(FaceId f) const { return face_component_[index(f)]; }  ///< with all doors open
  Box bounds() const { return bounds_; }
  double area() const { return area_; }         ///< of all faces [m²]
  std::uint64_t hash() const { return hash_; }  ///< of everything that a run depends on

  /// Face under a point on a level; nothing outside of the ground. O(1) expected.
  std::optional<FaceId> locate(Vec2 x, LevelId level) const;
  /// Nearest point of the ground on a level within `reach` [m], and its face.
  std::optional<std::pair<Vec2, FaceId>> nearest(Vec2 x, LevelId level, double reach) const;
  /// Row of a level in levels(); nothing when there is no such level.
  std::optional<std::size_t> level_index(LevelId level) const;
  std::optional<PlaceId> find_place(std::string_view id) const;
  /// All places that cover a face, ascending.
  std::span<const PlaceId> places_at(FaceId f) const;
  bool in_place(FaceId f, PlaceId p) const;
  /// Height of the ground above level 0 [m].
  double height_at(Vec2 x, FaceId f) const;
  std::vector<DoorState> initial_doors() const;

 private:
  WorldData data_;
  std::vector<Wall> walls_;
  std::vector<LevelOutline> outlines_;
  std::vector<Component> components_;
  std::vector<std::int32_t> face_component_;
  std::vector<std::int32_t> place_begin_;  // CSR over faces
  std::vector<PlaceId> place_of_face_;
  std::vector<std::pair<std::string, PlaceId>> place_names_;  // ascending
  Box bounds_;
  double area_ = 0.0;
  std::uint64_t hash_ = 0;
  std::vector<detail::FaceGrid> grids_;
};

/// Can someone pass this edge of this face, with the doors as they are?
inline bool passable(const MeshFace& face, int edge, std::span<const DoorState> doors) {
  const std::int32_t b = face.barrier[static_cast<std::size_t>(edge)];
  if (b == edge_open) return true;
  if (b < 0) return false;
  const DoorState state = doors[static_cast<std::size_t>(b >> 1)];
  return state == DoorState::open || (state == DoorState::forward_only && (b & 1) == 0) ||
         (state == DoorState::backward_only && (b & 1) == 1);
}

/// End of a straight walk over the mesh.
struct Stride {
  Vec2 position;  ///< inside (or on the border of) `face`
  FaceId face{};
  bool blocked = false;           ///< stopped by a wall or closed door before the target
  Vec2 wall_direction{};          ///< unit vector along the edge that stopped it; zero when not blocked
  std::int32_t door_passed = -1;  ///< last door crossed, or -1
  bool door_forward = false;
};

namespace detail {
Stride walk_far(const WalkableMesh&, std::span<const DoorState>, FaceId face, Vec2 from, Vec2 to);
Stride slide_far(const WalkableMesh&, std::span<const DoorState>, FaceId face, Vec2 from, Vec2 to);

/// Is x inside the face beyond doubt of rounding? Error bound of orient(): Shewchuk (1997), doi:10.1007/PL00009321.
inline bool surely_inside(const WalkableMesh& mesh, const MeshFace& face, Vec2 x) {
  const Vec2 a = mesh.vertex[static_cast<std::size_t>(face.vertex[0])] - x;
  const Vec2 b = mesh.vertex[static_cast<std::size_t>(face.vertex[1])] - x;
  const Vec2 c = mesh.vertex[static_cast<std::size_t>(face.vertex[2])] - x;
  const auto left = [](Vec2 p, Vec2 q) {
    const double l = p.x * q.y, r = p.y * q.x;
    return l - r > 3.3306690738754716e-16 * (std::fabs(l) + std::fabs(r));
  };
  return left(a, b) && left(b, c) && left(c, a);
}
}  // namespace detail

/// Walk straight from a point in `face` towards `to`; stop just short (1e-6 m) of what blocks the way. Never leaves the
/// ground, whatever the rounding: when in doubt it stays where it was. Orientation tests are exact, so the result lies
/// in its face exactly; a target that is not finite means to stay. Nanoseconds when the face stays the same.
inline Stride walk(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId face, Vec2 from, Vec2 to) {
  if (detail::surely_inside(mesh, mesh.face[index(face)], to)) return {.position = to, .face = face};
  return detail::walk_far(mesh, doors, face, from, to);
}
/// The same, then slide once along what stopped it with the remaining displacement. `blocked` and `wall_direction` tell
/// of the last edge that stopped it.
inline Stride walk_and_slide(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId face, Vec2 from,
                             Vec2 to) {
  if (detail::surely_inside(mesh, mesh.face[index(face)], to)) return {.position = to, .face = face};
  return detail::slide_far(mesh, doors, face, from, to);
}
/// Does the straight line from a point in `face` to `to` stay on ground that can be passed with the doors as they are?
bool sees(const WalkableMesh&, std::span<const DoorState>, FaceId face, Vec2 from, Vec2 to);
/// Exact test: is x inside the closed triangle of a face?
bool contains(const WalkableMesh&, FaceId face, Vec2 x);

/// One line of a compile report.
struct WorldNote {
  std::string code;      ///< stable: "G302", "G303", "M805", ...
  std::string severity;  ///< "info", "warning", "error"
  std::string object_id;
  Vec2 at;
  std::string text;
};

struct BuildResult {
  WorldData data;
  std::vector<WorldNote> notes;
};

/// Triangulate and compile geometry (CGAL constrained Delaunay per level, sheets sewn at portals). Components without
/// any source, exit, zone or other place are dropped when the event has places, else parts below `min_component_area`;
/// every drop is a note. Errors (gate off its fence, zone off the ground, exit unreachable in every gate state, source
/// without room, ...) are notes of severity "error"; the caller decides.
struct BuildOptions {
  double min_component_area = 10.0;  ///< [m²]
  double max_edge = 0.0;             ///< refine long edges to this length [m]; 0 = coarse mesh
};
BuildResult build_world(const SiteGeometry&, const BuildOptions& = {});

}  // namespace throng
