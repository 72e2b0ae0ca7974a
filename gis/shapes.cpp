#include "gis/detail/geos.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

// Plain helpers on rings and boxes that need no geometry library.
namespace throng::gis::detail {
namespace {

bool less(Vec2 a, Vec2 b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); }

void normalise_ring(Ring& ring, bool counter_clockwise) {
  if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
  if (ring.size() < 3) return;
  if ((area(ring) > 0.0) != counter_clockwise) std::reverse(ring.begin(), ring.end());
  std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end(), less), ring.end());
}

bool less_ring(const Ring& a, const Ring& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), less);
}

}  // namespace

void normalise(Polygon& p) {
  normalise_ring(p.outer, true);
  for (Ring& hole : p.holes) normalise_ring(hole, false);
  std::sort(p.holes.begin(), p.holes.end(), less_ring);
}

void normalise(Polygons& polygons) {
  for (Polygon& p : polygons) normalise(p);
  std::sort(polygons.begin(), polygons.end(),
            [](const Polygon& a, const Polygon& b) { return less_ring(a.outer, b.outer); });
}

double total_area(const Polygons& polygons) {
  double sum = 0.0;
  for (const Polygon& p : polygons) sum += area(p);
  return sum;
}

Box bounds_of_line(const Line& line) {
  Box box;
  for (const Vec2 p : line) box.add(p);
  return box;
}

Box grown(Box box, double by) { return {{box.min.x - by, box.min.y - by}, {box.max.x + by, box.max.y + by}}; }

Locator::Locator(const Polygons& polygons) {
  std::size_t n = 0;
  for (const Polygon& p : polygons) {
    for (const Vec2 v : p.outer) box_.add(v);
    n += p.outer.size();
    for (const Ring& h : p.holes) n += h.size();
  }
  if (n == 0) return;
  const std::size_t rows = std::clamp<std::size_t>(n / 4, 1, 4096);
  band_ = std::max(1e-6, (box_.max.y - box_.min.y) / static_cast<double>(rows));
  bands_.resize(rows + 1);
  const auto add = [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2 a = ring[i];
      const Vec2 b = ring[(i + 1) % ring.size()];
      if (a.y == b.y) continue;
      const auto lo = static_cast<std::size_t>((std::min(a.y, b.y) - box_.min.y) / band_);
      const auto hi = static_cast<std::size_t>((std::max(a.y, b.y) - box_.min.y) / band_);
      for (std::size_t r = lo; r <= hi && r < bands_.size(); ++r) bands_[r].push_back({a, b});
    }
  };
  for (const Polygon& p : polygons) {
    add(p.outer);
    for (const Ring& h : p.holes) add(h);
  }
}

bool Locator::contains(Vec2 p) const {
  if (bands_.empty() || !box_.contains(p)) return false;
  const auto row = static_cast<std::size_t>((p.y - box_.min.y) / band_);
  bool inside = false;
  for (const Edge& e : bands_[std::min(row, bands_.size() - 1)])
    if ((e.a.y > p.y) != (e.b.y > p.y) && p.x < (e.b.x - e.a.x) * (p.y - e.a.y) / (e.b.y - e.a.y) + e.a.x)
      inside = !inside;
  return inside;
}

BoxIndex::BoxIndex(std::vector<Box> boxes, double cell) : boxes_(std::move(boxes)), cell_(cell) {
  for (const Box& b : boxes_) {
    if (b.empty()) continue;
    all_.add(b.min);
    all_.add(b.max);
  }
  if (all_.empty()) return;
  cell_ = std::max({cell_, all_.size().x / 1000.0, all_.size().y / 1000.0});
  nx_ = static_cast<int>(all_.size().x / cell_) + 1;
  ny_ = static_cast<int>(all_.size().y / cell_) + 1;
  cells_.resize(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_));
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    if (boxes_[i].empty()) continue;
    const int x0 = static_cast<int>((boxes_[i].min.x - all_.min.x) / cell_);
    const int x1 = static_cast<int>((boxes_[i].max.x - all_.min.x) / cell_);
    const int y0 = static_cast<int>((boxes_[i].min.y - all_.min.y) / cell_);
    const int y1 = static_cast<int>((boxes_[i].max.y - all_.min.y) / cell_);
    for (int y = y0; y <= std::min(y1, ny_ - 1); ++y)
      for (int x = x0; x <= std::min(x1, nx_ - 1); ++x)
        cells_[static_cast<std::size_t>(y * nx_ + x)].push_back(static_cast<std::uint32_t>(i));
  }
}

std::vector<std::size_t> BoxIndex::find(Box box) const {
  std::vector<std::size_t> out;
  if (all_.empty() || box.empty()) return out;
  const auto clampi = [](double v, int n) { return static_cast<int>(std::clamp(v, 0.0, static_cast<double>(n - 1))); };
  const int x0 = clampi((box.min.x - all_.min.x) / cell_, nx_);
  const int x1 = clampi((box.max.x - all_.min.x) / cell_, nx_);
  const int y0 = clampi((box.min.y - all_.min.y) / cell_, ny_);
  const int y1 = clampi((box.max.y - all_.min.y) / cell_, ny_);
  for (int y = y0; y <= y1; ++y)
    for (int x = x0; x <= x1; ++x)
      for (const std::uint32_t i : cells_[static_cast<std::size_t>(y * nx_ + x)]) {
        const Box& b = boxes_[i];
        if (b.min.x <= box.max.x && b.max.x >= box.min.x && b.min.y <= box.max.y && b.max.y >= box.min.y)
          out.push_back(i);
      }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace throng::gis::detail
