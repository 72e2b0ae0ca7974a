#include "sim/world/detail/checks.hpp"
#include "sim/world/detail/topology.hpp"

#include <algorithm>
#include <map>

namespace throng::detail {
namespace {

constexpr double tolerance = 1e-3;  // a dropped point may lie off the joined wall by this [m]

struct Edge {
  std::int32_t from, to;  // vertices; ground on the left
  LevelId level{};
  bool two_sided = false, see_through = false;
  bool used = false;
};

std::vector<Edge> blocked_edges(const WorldData& data) {
  std::vector<Edge> out;
  for (std::size_t f = 0; f < data.mesh.face.size(); ++f) {
    const MeshFace& face = data.mesh.face[f];
    for (std::size_t k = 0; k < 3; ++k) {
      if (face.barrier[k] != edge_wall) continue;
      const bool two_sided = face.neighbour[k] >= 0;
      const bool other_is_first = two_sided && face.neighbour[k] < static_cast<std::int32_t>(f);
      if (other_is_first && data.mesh.face[static_cast<std::size_t>(face.neighbour[k])].level == face.level) continue;
      const bool see_through =
          std::binary_search(data.see_through.begin(), data.see_through.end(), static_cast<std::int32_t>(3 * f + k));
      out.push_back({face.vertex[k], face.vertex[(k + 1) % 3], face.level, two_sided, see_through, false});
    }
  }
  return out;
}

/// Walks runs of edges of one kind through vertices where nothing else meets.
class Joiner {
 public:
  Joiner(const WalkableMesh& mesh, std::vector<Edge> edges) : mesh_(mesh), edges_(std::move(edges)) {
    for (std::size_t e = 0; e < edges_.size(); ++e) {
      at_[edges_[e].from].push_back(e);
      at_[edges_[e].to].push_back(e);
    }
  }

  std::vector<Wall> run() {
    std::vector<Wall> out;
    for (std::size_t e = 0; e < edges_.size(); ++e)
      if (!edges_[e].used) join(e, out);
    return out;
  }

 private:
  Vec2 point(std::int32_t v) const { return mesh_.vertex[static_cast<std::size_t>(v)]; }

  /// The one edge that goes on from edge e at vertex v, or e itself.
  std::size_t next(std::size_t e, std::int32_t v) const {
    const auto& here = at_.at(v);
    if (here.size() != 2) return e;
    const std::size_t other = here[0] == e ? here[1] : here[0];
    const Edge &a = edges_[e], &b = edges_[other];
    const bool goes_on = a.two_sided || (a.to == v) != (b.to == v);  // the ground stays on the left
    const bool alike = goes_on && a.level == b.level && a.two_sided == b.two_sided && a.see_through == b.see_through;
    return alike && !b.used ? other : e;
  }

  /// Vertices of the run from `v` on, leaving edge e behind.
  std::vector<std::int32_t> follow(std::size_t e, std::int32_t v) {
    std::vector<std::int32_t> chain;
    for (std::size_t on = next(e, v); on != e; on = next(e, v)) {
      edges_[on].used = true;
      v = edges_[on].from == v ? edges_[on].to : edges_[on].from;
      chain.push_back(v);
      e = on;
    }
    return chain;
  }

  void join(std::size_t e, std::vector<Wall>& out) {
    edges_[e].used = true;
    const std::vector<std::int32_t> forward = follow(e, edges_[e].to), backward = follow(e, edges_[e].from);
    std::vector<std::int32_t> chain(backward.rbegin(), backward.rend());
    chain.push_back(edges_[e].from);
    chain.push_back(edges_[e].to);
    chain.insert(chain.end(), forward.begin(), forward.end());
    if (chain.front() == chain.back()) begin_at_bend(chain);
    for (std::size_t begin = 0; begin + 1 < chain.size();) {
      std::size_t end = begin + 1;
      while (end + 1 < chain.size() && straight(chain, begin, end + 1)) ++end;
      out.push_back(
          {point(chain[begin]), point(chain[end]), edges_[e].level, edges_[e].see_through, edges_[e].two_sided});
      begin = end;
    }
  }

  /// A closed run starts at a corner, so that no straight wall is cut in two.
  void begin_at_bend(std::vector<std::int32_t>& chain) const {
    for (std::size_t i = 1; i + 1 < chain.size(); ++i) {
      if (straight({chain[i - 1], chain[i], chain[i + 1]}, 0, 2)) continue;
      chain.pop_back();
      std::rotate(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(i), chain.end());
      chain.push_back(chain.front());
      return;
    }
  }

  bool straight(const std::vector<std::int32_t>& chain, std::size_t begin, std::size_t end) const {
    const Vec2 a = point(chain[begin]), b = point(chain[end]);
    for (std::size_t i = begin + 1; i < end; ++i) {
      const Vec2 p = point(chain[i]);
      if (distance(nearest_on_segment(p, a, b), p) > tolerance) return false;
      if (dot(p - point(chain[i - 1]), point(chain[i + 1]) - p) <= 0.0) return false;
    }
    return true;
  }

  const WalkableMesh& mesh_;
  std::vector<Edge> edges_;
  std::map<std::int32_t, std::vector<std::size_t>> at_;
};

}  // namespace

std::vector<Wall> collect_walls(const WorldData& data) { return Joiner(data.mesh, blocked_edges(data)).run(); }

}  // namespace throng::detail
