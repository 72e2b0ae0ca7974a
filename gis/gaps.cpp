#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

// Slivers between strips that were widened from centre lines: a morphological closing of the ground of level 0.
namespace throng::gis::detail {
namespace {

constexpr double smallest = 0.1;    ///< slivers below this area stay as they are [m²]
constexpr double spacing = 0.2;     ///< of the points on a border that are looked at [m]
constexpr double beside = 0.02;     ///< how far outside of a border they lie [m]
constexpr double most_solid = 0.3;  ///< share of a sliver's border along solid things that makes it one side of them

/// Does `solid` cut the sliver lengthwise, so that what is left of it lies on one side and joins nothing?
bool one_sided(const Polygon& sliver, const Locator& uncut) {
  std::size_t n = 0;
  std::size_t cut = 0;
  const auto look = [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Vec2 a = ring[i];
      const Vec2 way = ring[(i + 1) % ring.size()] - a;
      const double length = norm(way);
      if (length < 1e-6) continue;
      const Vec2 outwards = (-beside / length) * perp(way);  // the inside lies on the left
      const int pieces = std::max(1, static_cast<int>(std::ceil(length / spacing)));
      for (int k = 0; k < pieces; ++k, ++n)
        if (uncut.contains(a + ((k + 0.5) / pieces) * way + outwards)) ++cut;
    }
  };
  look(sliver.outer);
  for (const Ring& hole : sliver.holes) look(hole);
  return static_cast<double>(cut) > most_solid * static_cast<double>(n);
}

/// What nothing is filled near to: obstacles and barriers of the ground, grown by `clearance`, and what else is taken.
Polygons solid_near(const Polygons& slivers, const Polygons& taken, const Layers& layers, double clearance) {
  std::vector<Box> boxes;
  for (const Polygon& p : slivers) boxes.push_back(grown(bounds(p), clearance));
  const BoxIndex index(std::move(boxes), 50.0);
  Polygons areas;
  for (const Obstacle& o : layers.obstacles)
    if (o.level == LevelId{} && !index.find(bounds(o.shape)).empty()) areas.push_back(o.shape);
  Polygons out = buffer_polygons(areas, clearance);
  for (const Barrier& b : layers.barriers) {
    if (b.level != LevelId{} || index.find(bounds_of_line(b.line)).empty()) continue;
    Polygons band = buffer_line(b.line, 2.0 * clearance, false);
    out.insert(out.end(), std::make_move_iterator(band.begin()), std::make_move_iterator(band.end()));
  }
  for (const Polygon& p : taken)
    if (!index.find(bounds(p)).empty()) out.push_back(p);
  return out;
}

}  // namespace

Polygons close_gaps(const std::vector<PaintedArea>& areas, int order_over, const Layers& layers, double width,
                    ImportReport& report) {
  Polygons ground, taken;
  for (const PaintedArea& a : areas) {
    if (a.level != 0) continue;
    const bool open = !a.blocked && a.surface != Surface::private_ground && a.order < order_over;
    Polygons& into = open ? ground : taken;
    into.insert(into.end(), a.shape.begin(), a.shape.end());
  }
  // What is taken cuts the ground first: what lies below a building holds nothing together.
  Polygons uncut = gaps_of(ground, taken, 0.5 * width);
  std::erase_if(uncut, [](const Polygon& p) { return area(p) < smallest; });
  Polygons out = subtract(uncut, solid_near(uncut, taken, layers, 0.5 * width), 0.0);
  const Locator around(uncut);
  std::erase_if(out, [&](const Polygon& p) { return area(p) < smallest || one_sided(p, around); });
  report.figures.emplace_back("n_closed_gaps", static_cast<double>(out.size()));
  report.figures.emplace_back("closed_gaps_area_m2", total_area(out));
  if (out.empty()) return out;
  const auto largest =
      std::max_element(out.begin(), out.end(), [](const Polygon& a, const Polygon& b) { return area(a) < area(b); });
  report.add(
      "G317", Severity::info, "", inner_point(*largest),
      fmt::format("{} slivers below {:g} m between walkable strips, {:.0f} m² together, are taken as walkable; the "
                  "largest, {:.0f} m², lies here. Nothing mapped lies in them. --close-gaps 0 leaves them closed.",
                  out.size(), width, total_area(out), area(*largest)));
  return out;
}

}  // namespace throng::gis::detail
