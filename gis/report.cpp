#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace throng::gis {

bool ImportReport::has_errors() const {
  return std::any_of(notes.begin(), notes.end(), [](const ImportNote& n) { return n.severity == Severity::error; });
}

void ImportReport::add(std::string code, Severity severity, std::string source_id, std::optional<Vec2> at,
                       std::string text) {
  notes.push_back({std::move(code), severity, std::move(source_id), at, std::move(text)});
}

const char* to_string(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

std::string report_json(const ImportReport& report) {
  using Json = nlohmann::ordered_json;
  Json out;
  out["format"] = "throng-import-report";
  out["format_version"] = 1;
  std::map<std::string, int> counts;
  Json notes = Json::array();
  for (const ImportNote& n : report.notes) {
    ++counts[n.code];
    Json note{{"code", n.code}, {"severity", to_string(n.severity)}, {"source_id", n.source_id}};
    if (n.at) note["at"] = {n.at->x, n.at->y};
    note["text"] = n.text;
    notes.push_back(std::move(note));
  }
  out["counts"] = counts;
  Json figures = Json::object();
  for (const auto& [name, value] : report.figures) figures[name] = value;
  out["figures"] = std::move(figures);
  out["notes"] = std::move(notes);
  return out.dump(1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace throng::gis

namespace throng::gis::detail {
namespace {

/// Walkable area of a level inside a polygon.
class WalkableLookup {
 public:
  explicit WalkableLookup(const SiteGeometry& site) {
    std::map<LevelId, Polygons> by_level;
    for (const WalkablePart& w : site.walkable) by_level[w.level].push_back(w.shape);
    for (auto& [level, shapes] : by_level) {
      std::vector<Box> boxes;
      for (const Polygon& p : shapes) boxes.push_back(bounds(p));
      index_.emplace(level, std::pair{std::move(shapes), BoxIndex(std::move(boxes), 50.0)});
    }
  }
  bool holds(Vec2 p, LevelId level) const {
    const auto at = index_.find(level);
    if (at == index_.end()) return false;
    for (const std::size_t i : at->second.second.find({p, p}))
      if (contains(at->second.first[i], p)) return true;
    return false;
  }
  double area_in(const Polygon& shape, LevelId level) const {
    const auto at = index_.find(level);
    if (at == index_.end()) return 0.0;
    double sum = 0.0;
    for (const std::size_t i : at->second.second.find(bounds(shape)))
      sum += total_area(intersect({at->second.first[i]}, {shape}, 0.0));
    return sum;
  }
  bool touches(const std::vector<Vec2>& line, LevelId level) const {
    for (std::size_t i = 0; i + 1 < line.size(); ++i)
      for (int k = 0; k <= 8; ++k) {
        const Vec2 p = line[i] + (k / 8.0) * (line[i + 1] - line[i]);
        for (const Vec2 d : {Vec2{}, Vec2{0.3, 0.0}, Vec2{-0.3, 0.0}, Vec2{0.0, 0.3}, Vec2{0.0, -0.3}})
          if (holds(p + d, level)) return true;
      }
    return false;
  }

 private:
  std::map<LevelId, std::pair<Polygons, BoxIndex>> index_;
};

void check_place(const PlaceShape& p, const WalkableLookup& ground, ImportReport& report) {
  if (p.kind == PlaceKind::perimeter) return;
  const std::string id = "event/" + p.id;
  if (p.areas.empty()) {
    if (!p.line.empty() && !ground.touches(p.line, p.level))
      report.add("E615", Severity::error, id, p.line[0],
                 fmt::format("{} lies off the walkable ground.", to_string(p.kind)));
    return;
  }
  double sum = 0.0;
  for (const Polygon& a : p.areas) sum += ground.area_in(a, p.level);
  const bool flow = p.kind == PlaceKind::source || p.kind == PlaceKind::exit;
  if (flow && sum < 1.0)
    report.add("E616", Severity::error, id, inner_point(p.areas[0]),
               fmt::format("{} has {:.2f} m² of walkable ground, needs 1 m².", to_string(p.kind), sum));
  else if (sum < 0.01 && p.kind != PlaceKind::server)
    report.add("E615", Severity::error, id, inner_point(p.areas[0]),
               fmt::format("{} lies off the walkable ground.", to_string(p.kind)));
}

}  // namespace

void report_places(const SiteGeometry& site, ImportReport& report) {
  const WalkableLookup ground(site);
  for (const PlaceShape& p : site.event.places) check_place(p, ground, report);
  for (const CountLine& l : site.event.lines)
    if (!ground.touches(l.line, l.level))
      report.add("E615", Severity::error, "event/" + l.id, l.line[0], "counting line lies off the walkable ground.");
}

void report_narrow_passages(const SiteGeometry& site, const Precision& precision, ImportReport& report) {
  const WalkableLookup ground(site);
  const Locator fine(precision.fine_area);
  std::vector<Box> boxes;
  for (const Obstacle& o : site.obstacles) boxes.push_back(grown(bounds(o.shape), 1.5));
  const BoxIndex index(boxes, 25.0);
  std::map<std::size_t, Polygons> snapped;
  const auto snap = [&](std::size_t i) -> const Polygons& {
    const auto at = snapped.find(i);
    if (at != snapped.end()) return at->second;
    const Polygon& shape = site.obstacles[i].shape;
    const double grid = fine.contains(shape.outer[0]) ? precision.fine : precision.coarse;
    return snapped.emplace(i, snap_to_grid(shape, grid)).first->second;
  };
  double changed = 0.0;
  std::set<std::tuple<int, long long, long long>> told;
  for (std::size_t i = 0; i < site.obstacles.size(); ++i)
    for (const std::size_t k : index.find(boxes[i])) {
      if (k <= i || site.obstacles[i].level != site.obstacles[k].level) continue;
      for (const Gap& gap : gap_between(site.obstacles[i].shape, site.obstacles[k].shape, 3.0)) {
        const Vec2 middle = 0.5 * (gap.a + gap.b);
        if (gap.width < 0.5) continue;
        double after = 1e300;
        for (const Polygon& p : snap(i))
          for (const Polygon& q : snap(k)) after = std::min(after, distance_between(p, q));
        if (std::fabs(after - gap.width) < 0.05) continue;
        if (after > 0.1 && !ground.holds(middle, site.obstacles[i].level)) continue;
        const auto place =
            std::make_tuple(static_cast<int>(site.obstacles[i].level), std::llround(middle.x), std::llround(middle.y));
        if (!told.insert(place).second) continue;  // the same walls in another source, or houses in a row
        ++changed;
        report.add("G307", gap.width >= 0.6 && after < 0.6 ? Severity::warning : Severity::info,
                   site.obstacles[i].source_id + " / " + site.obstacles[k].source_id, middle,
                   fmt::format("Passage of {:.2f} m is {:.2f} m wide after rounding to the grid.", gap.width, after));
      }
    }
  report.figures.emplace_back("n_narrow_passages_changed", changed);
}

}  // namespace throng::gis::detail
