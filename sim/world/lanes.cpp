#include "sim/world/detail/compile.hpp"

#include <algorithm>
#include <cmath>

namespace throng::detail {
namespace {

constexpr double bin = 0.25;  // stations along a lane [m]

/// Free ground to both sides of one straight piece of a lane, station by station.
struct Section {
  Vec2 a, along;
  double length = 0.0, reach = 0.0;
  std::vector<double> left, right;  // [m]

  Section(Vec2 from, Vec2 to, double reach_) : a(from), length(distance(from, to)), reach(reach_) {
    along = normalized(to - from, {1.0, 0.0});
    const auto n = static_cast<std::size_t>(std::floor(length / bin)) + 1;
    left.assign(n, reach);
    right.assign(n, reach);
  }
  Vec2 at(std::size_t i) const { return a + std::min((static_cast<double>(i) + 0.5) * bin, length) * along; }

  /// A straight obstacle from p to q.
  void narrow(Vec2 p, Vec2 q) {
    double s0 = dot(p - a, along), s1 = dot(q - a, along), h0 = cross(along, p - a), h1 = cross(along, q - a);
    if (s0 > s1) std::swap(s0, s1), std::swap(h0, h1);
    if (s1 < 0.0 || s0 > length || std::min(h0, h1) > reach || std::max(h0, h1) < -reach) return;
    const auto offset = [&](double s) {
      return s1 > s0 ? h0 + (h1 - h0) * ((std::clamp(s, s0, s1) - s0) / (s1 - s0)) : h0;
    };
    const auto first = static_cast<std::size_t>(std::floor(std::max(s0, 0.0) / bin));
    const auto last = std::min(left.size() - 1, static_cast<std::size_t>(std::floor(std::min(s1, length) / bin)));
    for (std::size_t i = first; i <= last; ++i) {
      const double start = static_cast<double>(i) * bin;
      double low = offset(start), high = offset(start + bin);
      if (s1 == s0) low = h0, high = h1;
      if (low > high) std::swap(low, high);
      if (high >= 0.0) left[i] = std::min(left[i], std::max(low, 0.0));
      if (low <= 0.0) right[i] = std::min(right[i], std::max(-high, 0.0));
    }
  }
  void narrow(const Post& post) {
    const Vec2 side = post.radius * perp(along), ahead = post.radius * along;
    narrow(post.position - side - ahead, post.position - side + ahead);
    narrow(post.position + side - ahead, post.position + side + ahead);
    narrow(post.position - side, post.position + side);
  }
};

class LaneAuditor {
 public:
  LaneAuditor(const World& world, const Place& lane, Notes& notes)
      : world_(world), lane_(lane), notes_(notes), open_(world.doors().size(), DoorState::open) {}

  void run() {
    if (!lane_.shape.areas.empty())
      check_area();
    else if (lane_.shape.line.size() >= 2)
      check_line();
  }

 private:
  void interrupted(Vec2 at, const std::string& why) {
    notes_.error("E631", lane_.shape.id, at, "the service lane is interrupted: " + why);
  }

  void check_line() {
    const std::vector<Vec2>& line = lane_.shape.line;
    double narrowest = 1e300;
    Vec2 narrowest_at;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      if (!continuous(line[i], line[i + 1])) return;
      Section section(line[i], line[i + 1], lane_.shape.clear_width + 1.0);
      for (const Wall& wall : world_.walls())
        if (wall.level == lane_.shape.level) section.narrow(wall.a, wall.b);
      for (const Post& post : world_.data().posts)
        if (post.level == lane_.shape.level) section.narrow(post);
      for (std::size_t n = 0; n < section.left.size(); ++n)
        if (const double width = section.left[n] + section.right[n]; width < narrowest) {
          narrowest = width;
          narrowest_at = section.at(n);
        }
    }
    if (narrowest < lane_.shape.clear_width - 0.01)
      notes_.error("E630", lane_.shape.id, narrowest_at,
                   "the service lane is only " + metres(narrowest) + " m wide here, " +
                       metres(lane_.shape.clear_width) + " m are required");
  }

  /// Can one drive straight from a to b, with all gates open?
  bool continuous(Vec2 a, Vec2 b) {
    const auto steps = static_cast<int>(std::ceil(distance(a, b) / 0.5)) + 1;
    std::optional<FaceId> face = world_.locate(a, lane_.shape.level);
    Vec2 x = a;
    for (int n = 0; n <= steps; ++n) {
      const Vec2 next = a + (static_cast<double>(n) / steps) * (b - a);
      if (!face) {
        interrupted(next, "there is no walkable ground");
        return false;
      }
      const Stride stride = walk(world_.mesh(), open_, *face, x, next);
      if (stride.blocked) {
        interrupted(stride.position, "a wall, a fence or an obstacle crosses it");
        return false;
      }
      x = stride.position;
      face = stride.face;
    }
    return true;
  }

  void check_area() {
    double drawn = 0.0, narrow_side = 1e300;
    for (const Polygon& shape : lane_.shape.areas) {
      const double size = area(shape);
      drawn += size;
      double around = 0.0;
      for (std::size_t i = 0; i < shape.outer.size(); ++i)
        around += distance(shape.outer[i], shape.outer[(i + 1) % shape.outer.size()]);
      // Width of the band of the same area and circumference: w (P / 2 - w) = A.
      const double root = std::sqrt(std::max(0.0, around * around / 16.0 - size));
      narrow_side = std::min(narrow_side, around / 4.0 - root);
    }
    const Vec2 middle = centroid(lane_.shape.areas.front());
    if (drawn - lane_.area > std::max(0.5, 0.005 * drawn))
      interrupted(middle, metres(drawn - lane_.area, 1) + " m² of its " + metres(drawn, 1) + " m² are not walkable");
    for (const FaceId f : lane_.faces) {
      const MeshFace& face = world_.mesh().face[index(f)];
      for (std::size_t k = 0; k < 3; ++k) {
        const FaceId next{face.neighbour[k]};
        if (face.barrier[k] != edge_wall || next == FaceId::none) continue;
        if (!std::binary_search(lane_.faces.begin(), lane_.faces.end(), next)) continue;
        interrupted(world_.mesh().vertex[static_cast<std::size_t>(face.vertex[k])], "a fence or wall stands in it");
        return;
      }
    }
    for (const Post& post : world_.data().posts) {
      const auto face = world_.locate(post.position, post.level);
      if (!face || !std::binary_search(lane_.faces.begin(), lane_.faces.end(), *face)) continue;
      notes_.warning("E630", lane_.shape.id, post.position,
                     "a bollard, tree or post of " + metres(2.0 * post.radius) + " m stands in the service lane");
    }
    if (narrow_side < 0.98 * lane_.shape.clear_width)
      notes_.error("E630", lane_.shape.id, middle,
                   "the service lane is drawn " + metres(narrow_side) + " m wide, " + metres(lane_.shape.clear_width) +
                       " m are required");
  }

  const World& world_;
  const Place& lane_;
  Notes& notes_;
  std::vector<DoorState> open_;
};

}  // namespace

void audit_lanes(const World& world, Notes& notes) {
  for (const Place& place : world.places())
    if (place.shape.kind == PlaceKind::service_lane) LaneAuditor(world, place, notes).run();
}

}  // namespace throng::detail
