#include "gis/detail/overlay.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

namespace throng::gis::detail {
namespace {

/// Class of a face on one level.
struct Paint {
  int level = 0;
  Surface surface = Surface::undefined;
  double speed_factor = 1.0;
  friend bool operator<(const Paint& a, const Paint& b) {
    return std::tie(a.level, a.surface, a.speed_factor) < std::tie(b.level, b.surface, b.speed_factor);
  }
};

/// A directed border edge of a face; the face lies on its left.
struct FaceEdge {
  Vec2 a, b;
  std::size_t face = 0;
};
bool less_edge(const FaceEdge& p, const FaceEdge& q) {
  return std::tie(p.a.x, p.a.y, p.b.x, p.b.y) < std::tie(q.a.x, q.a.y, q.b.x, q.b.y);
}

class Joiner {  // disjoint sets
 public:
  explicit Joiner(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

class Subdivision {
 public:
  Subdivision(const Arrangement& arrangement, const OverlayInput& input) : faces_(arrangement.faces()) {
    for (const PaintedArea& area : input.areas) levels_.push_back(area.level);
    std::sort(levels_.begin(), levels_.end());
    levels_.erase(std::unique(levels_.begin(), levels_.end()), levels_.end());
    paint(input);
    collect_edges();
  }

  std::size_t n_faces() const { return faces_.size(); }
  std::vector<Portal> sew(const Portal& portal, const Line& route);
  void sew_borders(int level, std::vector<Portal>& portals);
  void read_off(const OverlayInput& input, OverlayOutput& out);

 private:
  std::size_t slot(std::size_t face, int level) const {
    const auto at = std::lower_bound(levels_.begin(), levels_.end(), level) - levels_.begin();
    return face * levels_.size() + static_cast<std::size_t>(at);
  }
  void paint(const OverlayInput&);
  void collect_edges();
  std::optional<std::size_t> left_of(Vec2 a, Vec2 b) const {
    const FaceEdge key{a, b, 0};
    const auto at = std::lower_bound(edges_.begin(), edges_.end(), key, less_edge);
    if (at == edges_.end() || !(at->a == a) || !(at->b == b)) return std::nullopt;
    return at->face;
  }
  bool walkable(std::optional<std::size_t> face, int level) const {
    return face && std::binary_search(levels_.begin(), levels_.end(), level) &&
           painted_[slot(*face, level)].has_value();
  }
  const Polygons& faces_;
  std::vector<int> levels_;
  std::vector<std::optional<Paint>> painted_;  // (faces x levels)
  std::vector<FaceEdge> edges_;
  std::vector<std::pair<std::size_t, std::size_t>> sewn_;
};

void Subdivision::paint(const OverlayInput& input) {
  std::vector<Locator> locators;
  locators.reserve(input.areas.size());
  std::vector<Box> boxes;
  for (const PaintedArea& area : input.areas) locators.emplace_back(area.shape);
  painted_.resize(faces_.size() * std::max<std::size_t>(1, levels_.size()));
  std::vector<std::size_t> by_order(input.areas.size());
  std::iota(by_order.begin(), by_order.end(), std::size_t{0});
  std::stable_sort(by_order.begin(), by_order.end(), [&](std::size_t a, std::size_t b) {
    const PaintedArea& p = input.areas[a];
    const PaintedArea& q = input.areas[b];
    return std::make_tuple(-p.order, p.surface, p.speed_factor) < std::make_tuple(-q.order, q.surface, q.speed_factor);
  });
  std::vector<char> decided(levels_.size());
  for (std::size_t f = 0; f < faces_.size(); ++f) {
    const Vec2 p = inner_point(faces_[f]);
    std::fill(decided.begin(), decided.end(), char{0});
    std::size_t left = levels_.size();
    for (const std::size_t k : by_order) {
      const PaintedArea& area = input.areas[k];
      const std::size_t s = slot(f, area.level);
      char& done = decided[s - f * levels_.size()];
      if (done != 0 || !locators[k].contains(p)) continue;
      done = 1;
      if (!area.blocked) painted_[s] = Paint{area.level, area.surface, area.speed_factor};
      if (--left == 0) break;
    }
  }
}

void Subdivision::collect_edges() {
  const auto add = [&](const Ring& ring, std::size_t face) {
    for (std::size_t i = 0; i < ring.size(); ++i) edges_.push_back({ring[i], ring[(i + 1) % ring.size()], face});
  };
  for (std::size_t f = 0; f < faces_.size(); ++f) {
    add(faces_[f].outer, f);
    for (const Ring& h : faces_[f].holes) add(h, f);
  }
  std::sort(edges_.begin(), edges_.end(), less_edge);
}

std::vector<Portal> Subdivision::sew(const Portal& portal, const Line& route) {
  std::vector<Portal> out;
  const int la = static_cast<int>(portal.level_a);
  const int lb = static_cast<int>(portal.level_b);
  for (std::size_t i = 0; i + 1 < route.size(); ++i) {
    const auto left = left_of(route[i], route[i + 1]);
    const auto right = left_of(route[i + 1], route[i]);
    const bool a_left = walkable(left, la) && !walkable(right, la);
    const bool a_right = walkable(right, la) && !walkable(left, la);
    const bool b_left = walkable(left, lb) && !walkable(right, lb);
    const bool b_right = walkable(right, lb) && !walkable(left, lb);
    if (!(a_left && b_right) && !(a_right && b_left)) continue;
    sewn_.emplace_back(slot(a_left ? *left : *right, la), slot(b_left ? *left : *right, lb));
    out.push_back({route[i], route[i + 1], portal.level_a, portal.level_b, portal.source_id});
  }
  return out;
}

void Subdivision::sew_borders(int level, std::vector<Portal>& portals) {
  for (const FaceEdge& e : edges_) {  // e.face lies left, and carries the sheet
    if (!walkable(e.face, level)) continue;
    const auto right = left_of(e.b, e.a);
    if (!right || walkable(right, level)) continue;
    for (const int other : levels_) {
      if (other == level || !walkable(right, other) || walkable(e.face, other)) continue;
      sewn_.emplace_back(slot(e.face, level), slot(*right, other));
      portals.push_back({e.a, e.b, static_cast<LevelId>(level), static_cast<LevelId>(other), "border"});
      break;
    }
  }
}

void Subdivision::read_off(const OverlayInput& input, OverlayOutput& out) {
  const std::size_t n_levels = levels_.size();
  Joiner joiner(painted_.size());
  for (const FaceEdge& e : edges_) {
    const auto right = left_of(e.b, e.a);
    if (!right || *right < e.face) continue;
    for (std::size_t l = 0; l < n_levels; ++l)
      if (painted_[e.face * n_levels + l] && painted_[*right * n_levels + l])
        joiner.join(e.face * n_levels + l, *right * n_levels + l);
  }
  for (const auto& [a, b] : sewn_) joiner.join(a, b);
  std::vector<double> size(painted_.size(), 0.0);
  std::vector<char> kept(painted_.size(), 0);
  for (std::size_t s = 0; s < painted_.size(); ++s)
    if (painted_[s]) size[joiner.find(s)] += area(faces_[s / n_levels]);
  for (std::size_t k = 0; k < input.keep.size(); ++k) {
    const int level = static_cast<int>(input.keep_level[k]);
    if (!std::binary_search(levels_.begin(), levels_.end(), level)) continue;
    for (std::size_t f = 0; f < faces_.size(); ++f)
      if (painted_[slot(f, level)] && contains(faces_[f], input.keep[k])) kept[joiner.find(slot(f, level))] = 1;
  }
  std::map<std::pair<bool, Paint>, Polygons> groups;
  for (std::size_t s = 0; s < painted_.size(); ++s) {
    if (!painted_[s]) continue;
    const std::size_t root = joiner.find(s);
    const bool drop = kept[root] == 0 && size[root] < input.min_part_area;
    groups[{drop, *painted_[s]}].push_back(faces_[s / n_levels]);
  }
  for (const auto& [key, faces] : groups)
    for (Polygon& shape : dissolve(faces)) {
      const Paint& paint = key.second;
      (key.first ? out.dropped : out.parts)
          .push_back({std::move(shape), paint.surface, static_cast<LevelId>(paint.level), paint.speed_factor, ""});
    }
}

std::vector<Line> lines_of(const OverlayInput& input) {
  std::vector<Line> lines;
  const auto add = [&](const Ring& ring) {
    if (ring.size() < 3) return;
    Line line = ring;
    line.push_back(ring.front());
    lines.push_back(std::move(line));
  };
  for (const PaintedArea& area : input.areas)
    for (const Polygon& p : area.shape) {
      add(p.outer);
      for (const Ring& h : p.holes) add(h);
    }
  for (const Barrier& b : input.barriers) lines.push_back(b.line);
  for (const Portal& p : input.portals) lines.push_back({p.a, p.b});
  return lines;
}

}  // namespace

OverlayOutput overlay(const OverlayInput& input) {
  OverlayOutput out;
  const Arrangement arrangement(lines_of(input), input.precision);
  Subdivision subdivision(arrangement, input);
  out.n_faces = subdivision.n_faces();
  for (const Portal& portal : input.portals) {
    std::vector<Portal> pieces = subdivision.sew(portal, arrangement.route({portal.a, portal.b}));
    (pieces.empty() ? out.failed_portals : out.whole_portals).push_back(portal);
    out.portals.insert(out.portals.end(), pieces.begin(), pieces.end());
  }
  const std::size_t drawn = out.portals.size();
  for (const int level : input.automatic_levels) subdivision.sew_borders(level, out.portals);
  out.whole_portals.insert(out.whole_portals.end(), out.portals.begin() + static_cast<std::ptrdiff_t>(drawn),
                           out.portals.end());
  for (const Barrier& barrier : input.barriers) {
    Barrier routed = barrier;
    routed.line = arrangement.route(barrier.line);
    if (routed.line.size() >= 2) out.barriers.push_back(std::move(routed));
  }
  subdivision.read_off(input, out);
  return out;
}

void insert_vertices(std::vector<WalkablePart>& parts, const std::vector<Vec2>& points,
                     const std::vector<LevelId>& levels) {
  const auto into = [](Ring& ring, Vec2 p) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2 a = ring[i];
      const Vec2 b = ring[(i + 1) % ring.size()];
      if (distance(p, nearest_on_segment(p, a, b)) > 1e-4) continue;
      if (distance(p, a) < 1e-9 || distance(p, b) < 1e-9) return;
      ring.insert(ring.begin() + static_cast<std::ptrdiff_t>(i) + 1, p);
      return;
    }
  };
  for (WalkablePart& part : parts) {
    const Box box = grown(bounds(part.shape), 0.01);
    for (std::size_t k = 0; k < points.size(); ++k) {
      if (levels[k] != part.level || !box.contains(points[k])) continue;
      into(part.shape.outer, points[k]);
      for (Ring& h : part.shape.holes) into(h, points[k]);
    }
  }
}

}  // namespace throng::gis::detail
