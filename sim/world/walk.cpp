#include "sim/world/detail/orientation.hpp"
#include "sim/world/world.hpp"

#include <algorithm>
#include <cstddef>

namespace throng {
namespace {

using detail::orientation;

constexpr double stop_short = 1e-6;       // distance kept from what blocks the way [m]
constexpr double coordinate_limit = 1e9;  // targets beyond are nonsense [m]

Vec2 corner(const WalkableMesh& mesh, const MeshFace& face, std::size_t k) {
  return mesh.vertex[static_cast<std::size_t>(face.vertex[k % 3])];
}

/// Edge of the neighbour across edge k of face f; -1 when the mesh is broken.
int twin_edge(const WalkableMesh& mesh, std::int32_t f, std::size_t k) {
  const MeshFace& face = mesh.face[static_cast<std::size_t>(f)];
  const MeshFace& next = mesh.face[static_cast<std::size_t>(face.neighbour[k])];
  const Vec2 a = corner(mesh, face, k), b = corner(mesh, face, k + 1);
  for (std::size_t m = 0; m < 3; ++m)
    if (next.neighbour[m] == f && corner(mesh, next, m) == b && corner(mesh, next, m + 1) == a)
      return static_cast<int>(m);
  return -1;
}

/// How a straight line through the triangles ended.
struct Trace {
  enum class End { reached, blocked, lost } end = End::lost;
  std::int32_t face = -1;  ///< holds the target, or the side from which the blocked edge was met
  int edge = -1;           ///< the blocked edge
  bool ambiguous = false;  ///< the line met a vertex: another way round it may be free
  std::int32_t door = -1;
  bool door_forward = false;
};

/// The edges through which a line may leave a face: at most two, and two only when it meets a vertex.
struct Leaving {
  int first = -1, second = -1;
  bool inside = false;  ///< the target is in the face
};

Leaving leaving_edges(const WalkableMesh& mesh, const MeshFace& face, int entry, Vec2 from, Vec2 to) {
  std::array<int, 3> excluding{};
  int n = 0;
  for (int k = 0; k < 3; ++k) {
    const auto uk = static_cast<std::size_t>(k);
    if (k != entry && orientation(corner(mesh, face, uk), corner(mesh, face, uk + 1), to) < 0)
      excluding[static_cast<std::size_t>(n++)] = k;
  }
  Leaving out;
  out.inside = n == 0;
  if (n == 1) out.first = excluding[0];
  if (n < 2) return out;
  for (int i = 0; i < n; ++i) {
    // A convex face is left through an edge whose start is not left of the line and whose end is not right of it.
    const int k = excluding[static_cast<std::size_t>(i)];
    const auto uk = static_cast<std::size_t>(k);
    if (orientation(from, to, corner(mesh, face, uk)) > 0 || orientation(from, to, corner(mesh, face, uk + 1)) < 0)
      continue;
    (out.first < 0 ? out.first : out.second) = k;
  }
  if (out.first < 0) {  // `from` is not in the face: any way that ends in a face that holds the target will do
    out.first = excluding[0];
    out.second = excluding[1];
  }
  return out;
}

Trace trace(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId start, Vec2 from, Vec2 to,
            bool prefer_second) {
  Trace out;
  out.face = static_cast<std::int32_t>(start);
  int entry = -1;
  const std::size_t limit = mesh.face.size() + 8;  // a straight line meets a face once
  for (std::size_t n = 0; n < limit; ++n) {
    const MeshFace& face = mesh.face[static_cast<std::size_t>(out.face)];
    const Leaving leaving = leaving_edges(mesh, face, entry, from, to);
    if (leaving.inside) {
      out.end = Trace::End::reached;
      return out;
    }
    if (leaving.first < 0) return out;
    int edge = leaving.first;
    if (leaving.second >= 0) {
      out.ambiguous = true;
      const bool free_first = passable(face, leaving.first, doors), free_second = passable(face, leaving.second, doors);
      if (free_second && (prefer_second || !free_first)) edge = leaving.second;
    }
    const auto k = static_cast<std::size_t>(edge);
    if (face.neighbour[k] < 0 || !passable(face, edge, doors)) {
      out.end = Trace::End::blocked;
      out.edge = edge;
      return out;
    }
    if (face.barrier[k] >= 0) {
      out.door = face.barrier[k] >> 1;
      out.door_forward = (face.barrier[k] & 1) == 0;
    }
    entry = twin_edge(mesh, out.face, k);
    if (entry < 0) return out;
    out.face = face.neighbour[k];
  }
  return out;
}

/// Both ways round a vertex that the line meets exactly.
Trace trace_both(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId face, Vec2 from, Vec2 to) {
  const Trace first = trace(mesh, doors, face, from, to, false);
  if (first.end == Trace::End::reached || !first.ambiguous) return first;
  const Trace second = trace(mesh, doors, face, from, to, true);
  return second.end == Trace::End::reached ? second : first;
}

bool sane(Vec2 x) { return std::fabs(x.x) < coordinate_limit && std::fabs(x.y) < coordinate_limit; }  // false for NaN

/// Point of from -> to at `stop_short` from the line of a blocked edge; `from` when it is nearer already.
Vec2 before_edge(const WalkableMesh& mesh, const Trace& blocked, Vec2 from, Vec2 to, Vec2& along) {
  const MeshFace& face = mesh.face[static_cast<std::size_t>(blocked.face)];
  const auto k = static_cast<std::size_t>(blocked.edge);
  const Vec2 a = corner(mesh, face, k);
  along = normalized(corner(mesh, face, k + 1) - a, {1.0, 0.0});
  const double height_from = cross(along, from - a), height_to = cross(along, to - a);
  if (!(height_from > stop_short) || !(height_from > height_to)) return from;
  const double t = (height_from - stop_short) / (height_from - height_to);
  return t < 1.0 ? from + t * (to - from) : from;
}

}  // namespace

namespace detail {

Stride walk_far(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId face, Vec2 from, Vec2 to) {
  Stride out{.position = from, .face = face};
  if (!sane(to) || !sane(from)) {
    out.blocked = true;
    return out;
  }
  Vec2 target = to;
  for (int attempt = 0; attempt < 8; ++attempt) {  // a shorter target may meet another edge near a corner
    const Trace way = trace_both(mesh, doors, face, from, target);
    if (way.end == Trace::End::reached) {
      out.position = target;
      out.face = FaceId{way.face};
      out.door_passed = way.door;
      out.door_forward = way.door_forward;
      return out;
    }
    out.blocked = true;
    if (way.end == Trace::End::lost) break;
    Vec2 along;
    target = before_edge(mesh, way, from, target, along);
    if (attempt == 0) out.wall_direction = along;
    if (target == from) break;
  }
  return out;
}

Stride slide_far(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId face, Vec2 from, Vec2 to) {
  const Stride first = walk_far(mesh, doors, face, from, to);
  if (!first.blocked || first.wall_direction == Vec2{}) return first;
  const double remaining = dot(to - first.position, first.wall_direction);
  Stride second = walk(mesh, doors, first.face, first.position, first.position + remaining * first.wall_direction);
  if (second.door_passed < 0) {
    second.door_passed = first.door_passed;
    second.door_forward = first.door_forward;
  }
  if (!second.blocked || second.wall_direction == Vec2{}) second.wall_direction = first.wall_direction;
  second.blocked = true;
  return second;
}

}  // namespace detail

bool sees(const WalkableMesh& mesh, std::span<const DoorState> doors, FaceId face, Vec2 from, Vec2 to) {
  if (detail::surely_inside(mesh, mesh.face[index(face)], to)) return true;
  return sane(from) && sane(to) && trace_both(mesh, doors, face, from, to).end == Trace::End::reached;
}

bool contains(const WalkableMesh& mesh, FaceId f, Vec2 x) {
  const MeshFace& face = mesh.face[index(f)];
  if (!sane(x)) return false;
  for (std::size_t k = 0; k < 3; ++k)
    if (orientation(corner(mesh, face, k), corner(mesh, face, k + 1), x) < 0) return false;
  return true;
}

}  // namespace throng
