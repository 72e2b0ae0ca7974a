#include "sim/world/detail/checks.hpp"
#include "sim/world/detail/topology.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace throng::detail {
namespace {

/// Rings of the border between faces of one level and everything else.
class Borders {
 public:
  explicit Borders(const WorldData& data)
      : mesh_(data.mesh), part_(mesh_.face.size(), -1), done_(3 * mesh_.face.size()) {
    for (std::size_t f = 0; f < mesh_.face.size(); ++f)
      if (part_[f] < 0) flood(static_cast<std::int32_t>(f), n_parts_++);
  }

  std::vector<LevelOutline> outlines(const std::vector<Level>& levels) {
    std::vector<std::vector<Ring>> rings(static_cast<std::size_t>(n_parts_));
    std::vector<LevelId> level(static_cast<std::size_t>(n_parts_));
    for (std::size_t f = 0; f < mesh_.face.size(); ++f) {
      level[static_cast<std::size_t>(part_[f])] = mesh_.face[f].level;
      for (int k = 0; k < 3; ++k) {
        const auto face = static_cast<std::int32_t>(f);
        if (done_[3 * f + static_cast<std::size_t>(k)] || !is_border(face, k)) continue;
        for (Ring& ring : split(ring_from(face, k)))
          rings[static_cast<std::size_t>(part_[f])].push_back(std::move(ring));
      }
    }
    std::vector<LevelOutline> out;
    for (const Level& l : levels) {
      LevelOutline outline{l.id, {}};
      for (std::size_t p = 0; p < rings.size(); ++p)
        if (level[p] == l.id && !rings[p].empty()) outline.parts.push_back(polygon_of(std::move(rings[p])));
      std::stable_sort(outline.parts.begin(), outline.parts.end(),
                       [](const Polygon& a, const Polygon& b) { return area(a) > area(b); });
      out.push_back(std::move(outline));
    }
    return out;
  }

 private:
  const MeshFace& face(std::int32_t f) const { return mesh_.face[static_cast<std::size_t>(f)]; }
  bool is_border(std::int32_t f, int k) const {
    const std::int32_t next = face(f).neighbour[static_cast<std::size_t>(k)];
    return next < 0 || face(next).level != face(f).level;
  }

  void flood(std::int32_t start, int part) {
    std::vector<std::int32_t> stack{start};
    part_[static_cast<std::size_t>(start)] = part;
    while (!stack.empty()) {
      const std::int32_t f = stack.back();
      stack.pop_back();
      for (int k = 0; k < 3; ++k) {
        if (is_border(f, k)) continue;
        const std::int32_t next = face(f).neighbour[static_cast<std::size_t>(k)];
        if (part_[static_cast<std::size_t>(next)] >= 0) continue;
        part_[static_cast<std::size_t>(next)] = part;
        stack.push_back(next);
      }
    }
  }

  /// Vertices of the ring that begins with border edge k of face f. Turning inside the fan of each vertex keeps rings
  /// that touch in a point apart.
  std::vector<std::int32_t> ring_from(std::int32_t f, int k) {
    std::vector<std::int32_t> ring;
    while (!done_[static_cast<std::size_t>(3 * f + k)]) {
      done_[static_cast<std::size_t>(3 * f + k)] = true;
      ring.push_back(face(f).vertex[static_cast<std::size_t>(k)]);
      k = (k + 1) % 3;
      while (!is_border(f, k)) {
        const int twin = twin_edge(mesh_, f, k);
        f = face(f).neighbour[static_cast<std::size_t>(k)];
        k = (twin + 1) % 3;
      }
    }
    return ring;
  }

  /// A ring that meets a vertex twice becomes two rings: outlines must not touch themselves.
  std::vector<Ring> split(const std::vector<std::int32_t>& ring) const {
    std::vector<Ring> out;
    std::vector<std::int32_t> open;
    std::map<std::int32_t, std::size_t> seen;
    const auto emit = [&](std::size_t begin) {
      Ring points;
      for (std::size_t i = begin; i < open.size(); ++i) {
        points.push_back(mesh_.vertex[static_cast<std::size_t>(open[i])]);
        seen.erase(open[i]);
      }
      open.resize(begin);
      if (points.size() >= 3) out.push_back(without_collinear_points(points, 1e-6));
    };
    for (const std::int32_t v : ring) {
      if (const auto before = seen.find(v); before != seen.end()) emit(before->second);
      seen[v] = open.size();
      open.push_back(v);
    }
    emit(0);
    return out;
  }

  static Polygon polygon_of(std::vector<Ring> rings) {
    std::size_t outer = 0;
    for (std::size_t i = 1; i < rings.size(); ++i)
      if (area(rings[i]) > area(rings[outer])) outer = i;
    Polygon out;
    out.outer = std::move(rings[outer]);
    for (std::size_t i = 0; i < rings.size(); ++i)
      if (i != outer) out.holes.push_back(std::move(rings[i]));
    return out;
  }

  const WalkableMesh& mesh_;
  std::vector<int> part_;
  std::vector<bool> done_;
  int n_parts_ = 0;
};

}  // namespace

Ring without_collinear_points(const Ring& ring, double tolerance) {
  const std::size_t n = ring.size();
  const auto bends = [&](std::size_t i) {
    const Vec2 a = ring[(i + n - 1) % n], b = ring[(i + 1) % n];
    return distance(nearest_on_segment(ring[i], a, b), ring[i]) > tolerance;
  };
  std::size_t first = 0;
  while (first < n && !bends(first)) ++first;
  if (first == n) return ring;
  Ring out{ring[first]};
  std::vector<Vec2> dropped;
  for (std::size_t step = 1; step < n; ++step) {
    const Vec2 p = ring[(first + step) % n], next = ring[(first + step + 1) % n];
    dropped.push_back(p);
    const bool straight = std::all_of(dropped.begin(), dropped.end(), [&](Vec2 q) {
      return distance(nearest_on_segment(q, out.back(), next), q) <= tolerance;
    });
    if (straight) continue;
    out.push_back(p);
    dropped.clear();
  }
  return out.size() >= 3 ? out : ring;
}

std::vector<LevelOutline> collect_outlines(const WorldData& data) { return Borders(data).outlines(data.levels); }

std::vector<Component> collect_components(const WorldData& data, std::vector<std::int32_t>& face_component) {
  const WalkableMesh& mesh = data.mesh;
  const std::size_t n = mesh.face.size();
  std::vector<Component> found;
  face_component.assign(n, -1);
  for (std::size_t start = 0; start < n; ++start) {
    if (face_component[start] >= 0) continue;
    const auto number = static_cast<std::int32_t>(found.size());
    std::vector<std::size_t> stack{start};
    face_component[start] = number;
    Component component;
    while (!stack.empty()) {
      const std::size_t f = stack.back();
      stack.pop_back();
      component.area += mesh.face_area(FaceId{static_cast<std::int32_t>(f)});
      ++component.n_faces;
      for (std::size_t k = 0; k < 3; ++k) {
        if (mesh.face[f].barrier[k] == edge_wall) continue;
        const auto next = static_cast<std::size_t>(mesh.face[f].neighbour[k]);
        if (face_component[next] >= 0) continue;
        face_component[next] = number;
        stack.push_back(next);
      }
    }
    found.push_back(component);
  }
  std::vector<std::int32_t> order(found.size()), rank(found.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int32_t>(i);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return found[static_cast<std::size_t>(a)].area > found[static_cast<std::size_t>(b)].area;
  });
  std::vector<Component> out;
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
    out.push_back(std::move(found[static_cast<std::size_t>(order[i])]));
  }
  for (std::int32_t& c : face_component) c = rank[static_cast<std::size_t>(c)];
  for (std::size_t p = 0; p < data.places.size(); ++p)
    for (const FaceId f : data.places[p].faces) {
      auto& places = out[static_cast<std::size_t>(face_component[index(f)])].places;
      const PlaceId id{static_cast<std::int32_t>(p)};
      if (places.empty() || places.back() != id) places.push_back(id);
    }
  return out;
}

}  // namespace throng::detail
