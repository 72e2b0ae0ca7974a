#include "gis/detail/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace throng::gis::detail {
namespace {

double round_to(double x, double grid) {
  const double scale = 1.0 / grid;
  return std::floor(x * scale + 0.5) / scale;
}

/// Does segment a b meet the closed square of half width h around c?
bool meets_pixel(Vec2 a, Vec2 b, Vec2 c, double h) {
  double t0 = 0.0;
  double t1 = 1.0;
  const auto clip = [&](double start, double delta, double low, double high) {
    if (std::fabs(delta) < 1e-15) return start >= low && start <= high;
    double u = (low - start) / delta;
    double v = (high - start) / delta;
    if (u > v) std::swap(u, v);
    t0 = std::max(t0, u);
    t1 = std::min(t1, v);
    return t0 <= t1;
  };
  return clip(a.x, b.x - a.x, c.x - h, c.x + h) && clip(a.y, b.y - a.y, c.y - h, c.y + h);
}

double distance_to(const Polygons& polygons, Vec2 p) {
  double best = 1e300;
  const auto ring = [&](const Ring& r) {
    for (std::size_t i = 0; i < r.size(); ++i)
      best = std::min(best, norm2(p - nearest_on_segment(p, r[i], r[(i + 1) % r.size()])));
  };
  for (const Polygon& q : polygons) {
    ring(q.outer);
    for (const Ring& h : q.holes) ring(h);
  }
  return std::sqrt(best);
}

/// Edges of the coarse noding that lie outside of the fine area (or on its border).
std::vector<Line> outer_edges(const std::vector<Line>& noded, const Locator& zone, const Precision& precision) {
  std::vector<Line> out;
  for (const Line& line : noded)
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
      const Vec2 middle = 0.5 * (line[i] + line[i + 1]);
      if (!zone.contains(middle) || distance_to(precision.fine_area, middle) < 0.8 * precision.coarse)
        out.push_back({line[i], line[i + 1]});
    }
  return out;
}

}  // namespace

Arrangement::Arrangement(const std::vector<Line>& lines, Precision precision)
    : precision_(std::move(precision)), fine_zone_(precision_.fine_area) {
  std::vector<Line> noded;
  if (precision_.fine_area.empty()) {
    noded = node_lines(lines, precision_.coarse);
  } else {
    std::vector<Line> all = lines;
    for (const Polygon& p : precision_.fine_area) {
      const auto add = [&](Ring ring) {
        if (ring.empty()) return;
        ring.push_back(ring.front());
        all.push_back(std::move(ring));
      };
      add(p.outer);
      for (const Ring& h : p.holes) add(h);
    }
    std::vector<Line> both = outer_edges(node_lines(all, precision_.coarse), fine_zone_, precision_);
    // A strip of overlap, so that nothing is left open between the two precisions.
    const Polygons inner = buffer_polygons(precision_.fine_area, 1.2 * precision_.coarse);
    std::vector<Line> near = clip_lines(lines, inner, true);
    both.insert(both.end(), near.begin(), near.end());
    noded = node_lines(both, precision_.fine);
  }
  faces_ = polygonize(noded);
  index_vertices(noded);
}

void Arrangement::index_vertices(const std::vector<Line>& noded) {
  for (const Line& line : noded) vertices_.insert(vertices_.end(), line.begin(), line.end());
  std::sort(vertices_.begin(), vertices_.end(), [](Vec2 a, Vec2 b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); });
  vertices_.erase(std::unique(vertices_.begin(), vertices_.end()), vertices_.end());
  Box box;
  for (const Vec2 v : vertices_) box.add(v);
  if (box.empty()) return;
  corner_ = box.min;
  nx_ = std::clamp(static_cast<int>(box.size().x / 2.0) + 1, 1, 4000);
  ny_ = std::clamp(static_cast<int>(box.size().y / 2.0) + 1, 1, 4000);
  cells_.resize(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_));
  for (std::size_t i = 0; i < vertices_.size(); ++i) {
    const int x = std::clamp(static_cast<int>((vertices_[i].x - corner_.x) / 2.0), 0, nx_ - 1);
    const int y = std::clamp(static_cast<int>((vertices_[i].y - corner_.y) / 2.0), 0, ny_ - 1);
    cells_[static_cast<std::size_t>(y * nx_ + x)].push_back(static_cast<std::uint32_t>(i));
  }
}

double Arrangement::grid_at(Vec2 p) const { return fine_zone_.contains(p) ? precision_.fine : precision_.coarse; }

Vec2 Arrangement::rounded(Vec2 p) const {
  const double grid = grid_at(p);
  return {round_to(p.x, grid), round_to(p.y, grid)};
}

Line Arrangement::route(const Line& line) const {
  Line out;
  const auto push = [&](Vec2 p) {
    if (out.empty() || !(out.back() == p)) out.push_back(p);
  };
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vec2 a = line[i];
    const Vec2 b = line[i + 1];
    const Vec2 ra = rounded(a);
    const Vec2 rb = rounded(b);
    push(ra);
    std::vector<std::pair<double, Vec2>> hits;
    const Vec2 d = b - a;
    const double length2 = std::max(1e-12, norm2(d));
    if (nx_ > 0) {
      const int x0 = std::clamp(static_cast<int>((std::min(a.x, b.x) - 0.5 - corner_.x) / 2.0), 0, nx_ - 1);
      const int x1 = std::clamp(static_cast<int>((std::max(a.x, b.x) + 0.5 - corner_.x) / 2.0), 0, nx_ - 1);
      const int y0 = std::clamp(static_cast<int>((std::min(a.y, b.y) - 0.5 - corner_.y) / 2.0), 0, ny_ - 1);
      const int y1 = std::clamp(static_cast<int>((std::max(a.y, b.y) + 0.5 - corner_.y) / 2.0), 0, ny_ - 1);
      for (int y = y0; y <= y1; ++y)
        for (int x = x0; x <= x1; ++x)
          for (const std::uint32_t k : cells_[static_cast<std::size_t>(y * nx_ + x)]) {
            const Vec2 v = vertices_[k];
            const double t = dot(v - a, d) / length2;
            if (v == ra || v == rb || t <= 0.0 || t >= 1.0) continue;
            if (meets_pixel(a, b, v, 0.5 * grid_at(v) + 1e-9)) hits.emplace_back(t, v);
          }
    }
    std::sort(hits.begin(), hits.end(), [](const auto& p, const auto& q) {
      return std::tie(p.first, p.second.x, p.second.y) < std::tie(q.first, q.second.x, q.second.y);
    });
    for (const auto& [t, v] : hits) push(v);
    push(rb);
  }
  return out;
}

}  // namespace throng::gis::detail
