#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

// Sea from coastline ways: they are lines with the water on their right; no polygon exists in an extract.
namespace throng::gis::detail {
namespace {

constexpr double reach = 0.25;  ///< cut coastlines are led to the frame when nearer than this share of its shorter side

/// Coastlines that the extract cut short of the frame go straight on to its nearest side.
std::vector<Line> completed(const std::vector<Line>& coastlines, Box box, ImportReport& report) {
  std::vector<Line> out = coastlines;
  const auto is_shared = [&](std::size_t own, Vec2 p) {
    for (std::size_t k = 0; k < coastlines.size(); ++k)
      if (k != own && (coastlines[k].front() == p || coastlines[k].back() == p)) return true;
    return false;
  };
  const double limit = reach * std::min(box.size().x, box.size().y);
  for (std::size_t i = 0; i < out.size(); ++i)
    for (const bool front : {true, false}) {
      const Vec2 end = front ? coastlines[i].front() : coastlines[i].back();
      if (!box.contains(end) || coastlines[i].front() == coastlines[i].back() || is_shared(i, end)) continue;
      const Vec2 sides[4] = {
          {box.min.x - 1.0, end.y}, {box.max.x + 1.0, end.y}, {end.x, box.min.y - 1.0}, {end.x, box.max.y + 1.0}};
      const Vec2* best = std::min_element(std::begin(sides), std::end(sides),
                                          [&](Vec2 a, Vec2 b) { return distance(a, end) < distance(b, end); });
      if (distance(*best, end) > limit) continue;
      report.add("O411", Severity::warning, "coastline", end,
                 fmt::format("The coastline ends {:.0f} m inside of the data; led straight on to their border.",
                             distance(*best, end)));
      if (front)
        out[i].insert(out[i].begin(), *best);
      else
        out[i].push_back(*best);
    }
  return out;
}

}  // namespace

Polygons sea_from_coastlines(const std::vector<Line>& drawn, Box box, ImportReport& report) {
  if (drawn.empty() || box.empty()) return {};
  const std::vector<Line> coastlines = completed(drawn, box, report);
  const Polygon frame{{box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}}, {}};
  std::vector<Line> lines = clip_lines(coastlines, {frame}, true);
  if (lines.empty()) return {};
  Line rim = frame.outer;
  rim.push_back(rim.front());
  lines.push_back(rim);
  const Polygons faces = polygonize(node_lines(lines, 0.01));
  Polygons sea;
  for (const Polygon& face : faces) {
    double water = 0.0;  // length of coast with its water side in this face, minus the land side
    for (const Line& coast : coastlines)
      for (std::size_t i = 0; i + 1 < coast.size(); ++i) {
        const Vec2 middle = 0.5 * (coast[i] + coast[i + 1]);
        if (!grown(bounds(face), 1.0).contains(middle)) continue;
        const Vec2 right = -perp(normalized(coast[i + 1] - coast[i]));
        const double length = distance(coast[i], coast[i + 1]);
        if (contains(face, middle + 0.05 * right)) water += length;
        if (contains(face, middle - 0.05 * right)) water -= length;
      }
    if (water > 0.0) sea.push_back(face);
  }
  if (sea.empty())
    report.add(
        "O407", Severity::warning, "coastline", lines[0][0],
        "The coastline does not divide the area of the data; no sea was built. Give --bbox, or draw a perimeter.");
  else
    report.add("O406", Severity::info, "coastline", inner_point(sea[0]),
               fmt::format("Sea of {:.0f} m² built from the coastline and the bounds of the data.", total_area(sea)));
  return sea;
}

}  // namespace throng::gis::detail
