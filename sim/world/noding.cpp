#include "sim/world/detail/noding.hpp"

#include "sim/world/detail/orientation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_map>

namespace throng::detail {
namespace {

bool before(Vec2 a, Vec2 b) { return a.x != b.x ? a.x < b.x : a.y < b.y; }

/// Square cells over a box, and the cells near a segment.
struct Cells {
  Vec2 origin;
  double size = 1.0;
  std::int64_t nx = 1, ny = 1;

  Cells(const Box& box, std::size_t n_items) {
    if (box.empty()) return;
    const Vec2 extent = box.size();
    origin = box.min;
    size = std::max({0.05, std::sqrt(extent.x * extent.y / (static_cast<double>(n_items) + 1.0)),
                     std::max(extent.x, extent.y) / 4096.0});
    nx = static_cast<std::int64_t>(std::floor(extent.x / size)) + 1;
    ny = static_cast<std::int64_t>(std::floor(extent.y / size)) + 1;
  }
  std::size_t count() const { return static_cast<std::size_t>(nx * ny); }
  std::int64_t column(double x) const {
    return std::clamp(static_cast<std::int64_t>(std::floor((x - origin.x) / size)), std::int64_t{0}, nx - 1);
  }
  std::int64_t row(double y) const {
    return std::clamp(static_cast<std::int64_t>(std::floor((y - origin.y) / size)), std::int64_t{0}, ny - 1);
  }
  std::size_t at(Vec2 p) const { return static_cast<std::size_t>(row(p.y) * nx + column(p.x)); }

  /// Call visit(cell) for every cell within `reach` of the segment (and some more).
  template <class F>
  void near_segment(Vec2 a, Vec2 b, double reach, F&& visit) const {
    if (a.y > b.y) std::swap(a, b);
    for (std::int64_t j = row(a.y - reach); j <= row(b.y + reach); ++j) {
      const double y0 = origin.y + static_cast<double>(j) * size - reach, y1 = y0 + size + 2.0 * reach;
      double x0 = a.x, x1 = b.x;
      if (b.y > a.y) {
        const double s = (b.x - a.x) / (b.y - a.y);
        x0 = a.x + s * (std::clamp(y0, a.y, b.y) - a.y);
        x1 = a.x + s * (std::clamp(y1, a.y, b.y) - a.y);
      }
      if (x0 > x1) std::swap(x0, x1);
      for (std::int64_t i = column(x0 - reach); i <= column(x1 + reach); ++i)
        visit(static_cast<std::size_t>(j * nx + i));
    }
  }
};

/// Items by cell, compressed rows.
struct Buckets {
  std::vector<std::int32_t> begin, items;

  template <class EachCellOfItem>
  Buckets(std::size_t n_cells, std::size_t n_items, EachCellOfItem&& each_cell) : begin(n_cells + 1, 0) {
    for (std::size_t i = 0; i < n_items; ++i) each_cell(i, [&](std::size_t cell) { ++begin[cell + 1]; });
    for (std::size_t c = 0; c < n_cells; ++c) begin[c + 1] += begin[c];
    items.resize(static_cast<std::size_t>(begin.back()));
    std::vector<std::int32_t> fill(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < n_items; ++i)
      each_cell(
          i, [&](std::size_t cell) { items[static_cast<std::size_t>(fill[cell]++)] = static_cast<std::int32_t>(i); });
  }
  template <class F>
  void each(std::size_t cell, F&& visit) const {
    for (std::int32_t n = begin[cell]; n < begin[cell + 1]; ++n) visit(items[static_cast<std::size_t>(n)]);
  }
};

Box box_of(const std::vector<Vec2>& points) {
  Box box;
  for (const Vec2 p : points) box.add(p);
  return box;
}

/// Vertices by cell, for "what is near here".
class VertexIndex {
 public:
  explicit VertexIndex(const std::vector<Vec2>& vertex)
      : vertex_(vertex),
        cells_(box_of(vertex), vertex.size()),
        buckets_(cells_.count(), vertex.size(), [&](std::size_t i, auto&& put) { put(cells_.at(vertex[i])); }) {}

  /// The vertex that an edge u v must be led through: nearest to it, within the tolerance, between its ends; -1 if
  /// none.
  std::int32_t nearest_to_edge(std::int32_t u, std::int32_t v, double tolerance) const {
    const Vec2 a = vertex_[static_cast<std::size_t>(u)], b = vertex_[static_cast<std::size_t>(v)];
    const double length2 = norm2(b - a);
    std::int32_t best = -1;
    double best2 = tolerance * tolerance;
    cells_.near_segment(a, b, tolerance, [&](std::size_t cell) {
      buckets_.each(cell, [&](std::int32_t w) {
        if (w == u || w == v) return;
        const Vec2 p = vertex_[static_cast<std::size_t>(w)];
        const double along = dot(p - a, b - a);
        if (along <= 0.0 || along >= length2 || norm2(p - a) >= length2 || norm2(p - b) >= length2) return;
        const double off = cross(b - a, p - a);
        const double d2 = off * off / length2;
        if (d2 > best2 || (d2 == best2 && best >= 0 && w > best)) return;
        best2 = d2;
        best = w;
      });
    });
    return best;
  }

  std::int32_t nearest_to_point(Vec2 p, double tolerance) const {
    std::int32_t best = -1;
    double best2 = tolerance * tolerance;
    cells_.near_segment(p, p, tolerance, [&](std::size_t cell) {
      buckets_.each(cell, [&](std::int32_t w) {
        const double d2 = norm2(vertex_[static_cast<std::size_t>(w)] - p);
        if (d2 > best2 || (d2 == best2 && best >= 0 && w > best)) return;
        best2 = d2;
        best = w;
      });
    });
    return best;
  }

 private:
  const std::vector<Vec2>& vertex_;
  Cells cells_;
  Buckets buckets_;
};

/// A point and how firmly it stands: low ranks stay where they are.
struct Candidate {
  Vec2 at;
  int rank = 0;
};

/// One of each group of points nearer than the tolerance, by rank; the choice depends on the points only.
std::vector<Vec2> thinned(std::vector<Candidate> points, double tolerance) {
  std::sort(points.begin(), points.end(), [](const Candidate& a, const Candidate& b) {
    return a.rank != b.rank ? a.rank < b.rank : before(a.at, b.at);
  });
  std::unordered_map<std::uint64_t, std::vector<Vec2>> kept_in_cell;  // looked up, never iterated
  const auto key = [](std::int64_t i, std::int64_t j) {
    return (static_cast<std::uint64_t>(i) << 32U) ^ (static_cast<std::uint64_t>(j) & 0xffffffffU);
  };
  std::vector<Vec2> kept;
  for (const Candidate& c : points) {
    const auto i = static_cast<std::int64_t>(std::floor(c.at.x / tolerance));
    const auto j = static_cast<std::int64_t>(std::floor(c.at.y / tolerance));
    bool near = false;
    for (std::int64_t di = -1; di <= 1 && !near; ++di)
      for (std::int64_t dj = -1; dj <= 1 && !near; ++dj)
        if (const auto cell = kept_in_cell.find(key(i + di, j + dj)); cell != kept_in_cell.end())
          near = std::any_of(cell->second.begin(), cell->second.end(),
                             [&](Vec2 q) { return norm2(c.at - q) <= tolerance * tolerance; });
    if (near) continue;
    kept.push_back(c.at);
    kept_in_cell[key(i, j)].push_back(c.at);
  }
  std::sort(kept.begin(), kept.end(), before);
  return kept;
}

/// Segments of rank 0, onto which points of other ranks are moved when they are near.
class Rails {
 public:
  Rails(const std::vector<std::array<Vec2, 2>>& segments, const std::vector<int>& rank)
      : rails_(firm(segments, rank)),
        cells_(box(rails_), rails_.size()),
        buckets_(cells_.count(), rails_.size(),
                 [&](std::size_t i, auto&& put) { cells_.near_segment(rails_[i][0], rails_[i][1], 0.0, put); }) {}

  Vec2 moved(Vec2 p, double tolerance) const {
    Vec2 best = p;
    double best2 = tolerance * tolerance;
    cells_.near_segment(p, p, tolerance, [&](std::size_t cell) {
      buckets_.each(cell, [&](std::int32_t i) {
        const auto& [a, b] = rails_[static_cast<std::size_t>(i)];
        const Vec2 q = before(a, b) ? nearest_on_segment(p, a, b) : nearest_on_segment(p, b, a);
        const double d2 = norm2(q - p);
        if (d2 > best2 || (d2 == best2 && !before(q, best))) return;
        best2 = d2;
        best = q;
      });
    });
    return on_grid(best);
  }

 private:
  static std::vector<std::array<Vec2, 2>> firm(const std::vector<std::array<Vec2, 2>>& segments,
                                               const std::vector<int>& rank) {
    std::vector<std::array<Vec2, 2>> out;
    for (std::size_t i = 0; i < segments.size(); ++i)
      if (rank[i] == 0) out.push_back({on_grid(segments[i][0]), on_grid(segments[i][1])});
    return out;
  }
  static Box box(const std::vector<std::array<Vec2, 2>>& segments) {
    Box out;
    for (const auto& s : segments) out.add(s[0]), out.add(s[1]);
    return out;
  }

  std::vector<std::array<Vec2, 2>> rails_;
  Cells cells_;
  Buckets buckets_;
};

class Noder {
 public:
  Noder(const std::vector<std::array<Vec2, 2>>& segments, const std::vector<int>& rank, double tolerance)
      : tolerance_(tolerance) {
    const Rails rails(segments, rank);
    std::vector<Vec2> ends;
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < segments.size(); ++i)
      for (const Vec2 end : segments[i]) {
        ends.push_back(rank[i] == 0 ? on_grid(end) : rails.moved(end, tolerance));
        candidates.push_back({ends.back(), rank[i]});
      }
    out_.vertex = thinned(std::move(candidates), tolerance);
    const VertexIndex index(out_.vertex);
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const std::int32_t u = index.nearest_to_point(ends[2 * i], tolerance);
      const std::int32_t v = index.nearest_to_point(ends[2 * i + 1], tolerance);
      roots_.push_back({u, v});
      if (u != v) edge(u, v);
    }
  }

  Noded run() {
    constexpr int max_rounds = 40;
    for (int round = 0; round < max_rounds; ++round) {
      lead_through_vertices();
      if (!add_crossings(round + 1 == max_rounds)) break;
    }
    for (const auto& [u, v] : roots_) {
      std::vector<std::int32_t> chain{u};
      if (u != v) append(u, v, chain);
      out_.chain.push_back(std::move(chain));
    }
    return std::move(out_);
  }

 private:
  struct Edge {
    std::int32_t u, v;      // u < v
    std::int32_t via = -1;  // cut there
  };

  Vec2 point(std::int32_t v) const { return out_.vertex[static_cast<std::size_t>(v)]; }

  std::size_t edge(std::int32_t u, std::int32_t v) {
    if (u > v) std::swap(u, v);
    const std::uint64_t key = (static_cast<std::uint64_t>(u) << 32U) | static_cast<std::uint32_t>(v);
    const auto [at, added] = number_.try_emplace(key, edges_.size());
    if (added) edges_.push_back({u, v});
    return at->second;
  }

  void cut(std::size_t e, std::int32_t w) {
    edges_[e].via = w;
    const Edge cut_edge = edges_[e];
    edge(cut_edge.u, w);
    edge(w, cut_edge.v);
  }

  void lead_through_vertices() {
    const VertexIndex index(out_.vertex);
    for (std::size_t e = 0; e < edges_.size(); ++e) {  // grows while it runs
      if (edges_[e].via >= 0) continue;
      const std::int32_t w = index.nearest_to_edge(edges_[e].u, edges_[e].v, tolerance_);
      if (w >= 0) cut(e, w);
    }
  }

  bool cross_properly(const Edge& e, const Edge& f) const {
    if (e.u == f.u || e.u == f.v || e.v == f.u || e.v == f.v) return false;
    const Vec2 a = point(e.u), b = point(e.v), c = point(f.u), d = point(f.v);
    if (std::max(a.x, b.x) < std::min(c.x, d.x) || std::max(c.x, d.x) < std::min(a.x, b.x) ||
        std::max(a.y, b.y) < std::min(c.y, d.y) || std::max(c.y, d.y) < std::min(a.y, b.y))
      return false;
    return orientation(a, b, c) * orientation(a, b, d) < 0 && orientation(c, d, a) * orientation(c, d, b) < 0;
  }

  Vec2 crossing(const Edge& e, const Edge& f) const {
    const Vec2 a = point(e.u), b = point(e.v), c = point(f.u), d = point(f.v);
    const double from = cross(d - c, a - c), to = cross(d - c, b - c);
    return on_grid(a + (from / (from - to)) * (b - a));
  }

  /// Pairs of uncut edges that cross, each once, in a fixed order.
  std::vector<std::array<std::size_t, 2>> crossing_pairs() const {
    std::vector<std::size_t> leaf;
    for (std::size_t e = 0; e < edges_.size(); ++e)
      if (edges_[e].via < 0) leaf.push_back(e);
    std::sort(leaf.begin(), leaf.end(), [&](std::size_t x, std::size_t y) {
      return std::pair{edges_[x].u, edges_[x].v} < std::pair{edges_[y].u, edges_[y].v};
    });
    const Cells cells(box_of(out_.vertex), leaf.size());
    const Buckets buckets(cells.count(), leaf.size(), [&](std::size_t i, auto&& put) {
      cells.near_segment(point(edges_[leaf[i]].u), point(edges_[leaf[i]].v), 1e-6, put);
    });
    std::vector<std::array<std::size_t, 2>> pairs;
    for (std::size_t cell = 0; cell < cells.count(); ++cell)
      for (std::int32_t m = buckets.begin[cell]; m < buckets.begin[cell + 1]; ++m)
        for (std::int32_t n = m + 1; n < buckets.begin[cell + 1]; ++n) {
          const auto i = static_cast<std::size_t>(buckets.items[static_cast<std::size_t>(m)]);
          const auto j = static_cast<std::size_t>(buckets.items[static_cast<std::size_t>(n)]);
          if (cross_properly(edges_[leaf[i]], edges_[leaf[j]])) pairs.push_back({i, j});
        }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    for (auto& pair : pairs) pair = {leaf[pair[0]], leaf[pair[1]]};
    return pairs;
  }

  /// Cut edge e at a vertex that is a little farther off than the tolerance. Edges must become shorter, so that it
  /// ends.
  bool force_cut(std::size_t e, std::int32_t w) {
    const Edge& it = edges_[e];
    if (it.via >= 0) return true;
    if (it.u == w || it.v == w) return false;
    const double length2 = norm2(point(it.v) - point(it.u));
    if (norm2(point(w) - point(it.u)) >= length2 || norm2(point(w) - point(it.v)) >= length2) return false;
    cut(e, w);
    return true;
  }

  bool add_crossings(bool last) {
    const auto pairs = crossing_pairs();
    if (pairs.empty()) return false;
    if (last) {
      for (const auto& [e, f] : pairs) out_.unresolved.push_back(crossing(edges_[e], edges_[f]));
      return false;
    }
    const VertexIndex index(out_.vertex);
    std::vector<Candidate> added;
    for (const auto& [e, f] : pairs) {
      const Vec2 p = crossing(edges_[e], edges_[f]);
      const std::int32_t w = index.nearest_to_point(p, tolerance_);
      if (w >= 0) {
        const bool one = force_cut(e, w), two = force_cut(f, w);
        if (one || two || point(w) == p) continue;
      }
      added.push_back({p, 0});
    }
    for (const Vec2 p : thinned(std::move(added), tolerance_)) out_.vertex.push_back(p);
    return true;
  }

  void append(std::int32_t u, std::int32_t v, std::vector<std::int32_t>& chain) {
    const std::int32_t via = edges_[edge(u, v)].via;
    if (via < 0) {
      chain.push_back(v);
      return;
    }
    append(u, via, chain);
    append(via, v, chain);
  }

  double tolerance_;
  Noded out_;
  std::vector<std::array<std::int32_t, 2>> roots_;
  std::vector<Edge> edges_;
  std::unordered_map<std::uint64_t, std::size_t> number_;  // looked up, never iterated
};

}  // namespace

Vec2 on_grid(Vec2 p) {
  constexpr double cells = 1048576.0;  // 2^20 per metre
  const auto round = [](double x) { return std::round(x * cells) / cells + 0.0; };
  return {round(p.x), round(p.y)};
}

Noded node_segments(const std::vector<std::array<Vec2, 2>>& segments, const std::vector<int>& rank, double tolerance) {
  return Noder(segments, rank, tolerance).run();
}

}  // namespace throng::detail
