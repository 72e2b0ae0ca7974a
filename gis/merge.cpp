#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

// Base map and event drawing into the ground that the run uses.
namespace throng::gis::detail {
namespace {

// Order of painting, docs/methods/import.md: base -> add -> subtract.
constexpr int order_removed = 2000;
constexpr int order_mouth = 1900;
constexpr int order_apron = 1850;
constexpr int order_added = 1700;
constexpr int order_base = 1000;
constexpr int order_closed_to_traffic = 950;
constexpr int order_private = 900;
constexpr int order_city_obstacle = 700;
constexpr int order_perimeter = 100;

void paint_base(const BaseMap& base, OverlayInput& input) {
  std::map<std::tuple<int, Surface, double>, Polygons> groups;
  for (const WalkablePart& w : base.walkable)
    groups[{static_cast<int>(w.level), w.surface, w.speed_factor}].push_back(w.shape);
  for (auto& [key, shapes] : groups) {
    const auto& [level, surface, speed] = key;
    const bool no_entry = surface == Surface::private_ground;
    input.areas.push_back({std::move(shapes), level, no_entry ? order_private : order_base, no_entry, surface, speed});
  }
  std::map<int, Polygons> solid;
  for (const Obstacle& o : base.obstacles) solid[static_cast<int>(o.level)].push_back(o.shape);
  for (const auto& [level, shapes] : solid)
    input.areas.push_back({unite(shapes, 0.0), level, order_city_obstacle, true, Surface::undefined, 1.0});
}

void paint_event(const Drawing& drawing, OverlayInput& input) {
  std::map<std::tuple<int, Surface, double>, Polygons> added;
  for (const WalkablePart& w : drawing.layer.added)
    added[{static_cast<int>(w.level), w.surface, w.speed_factor}].push_back(w.shape);
  for (const auto& [key, shapes] : added) {
    const auto& [level, surface, speed] = key;
    input.areas.push_back({unite(shapes, 0.0), level, order_added + rank_of(surface), false, surface, speed});
  }
  std::map<int, Polygons> traffic;
  for (const WalkablePart& w : drawing.traffic_closures) traffic[static_cast<int>(w.level)].push_back(w.shape);
  for (const auto& [level, shapes] : traffic)
    input.areas.push_back({unite(shapes, 0.0), level, order_closed_to_traffic, false, Surface::road, 1.0});
  std::map<int, Polygons> removed;
  for (const Obstacle& o : drawing.layer.removed) removed[static_cast<int>(o.level)].push_back(o.shape);
  for (const auto& [level, shapes] : removed)
    input.areas.push_back({unite(shapes, 0.0), level, order_removed, true, Surface::undefined, 1.0});
  if (!drawing.perimeter.empty())
    input.areas.push_back({unite(drawing.perimeter, 0.0), 0, order_perimeter, false, Surface::undefined, 1.0});
  for (const Joint& j : drawing.joints) add_joint(input, j, order_mouth, order_apron, Surface::temporary);
}

void keep_places(const Drawing& drawing, OverlayInput& input) {
  for (const PlaceShape& p : drawing.layer.places) {
    for (const Polygon& a : p.areas) {
      input.keep.push_back(inner_point(a));
      input.keep_level.push_back(p.level);
    }
    for (std::size_t i = 0; i + 1 < p.line.size(); ++i) {
      input.keep.push_back(0.5 * (p.line[i] + p.line[i + 1]));
      input.keep_level.push_back(p.level);
    }
  }
}

std::vector<GateRequest> again(const std::vector<GateSpan>& gates) {
  std::vector<GateRequest> out;
  for (const GateSpan& g : gates) {
    GateRequest r;
    r.span = g;
    r.label = g.id;
    r.side = g.direction == GateDirection::forward    ? GateRequest::Side::forward
             : g.direction == GateDirection::backward ? GateRequest::Side::backward
                                                      : GateRequest::Side::both;
    out.push_back(std::move(r));
  }
  return out;
}

/// Is there ground on both sides of some part of a gate?
bool leads_somewhere(const GateSpan& gate, const std::vector<WalkablePart>& ground) {
  constexpr int pieces = 12;
  const Vec2 way = gate.b - gate.a, aside = 0.1 * perp(normalized(way));
  const Vec2 middle = 0.5 * (gate.a + gate.b);
  std::vector<const WalkablePart*> near;
  for (const WalkablePart& part : ground)
    if (part.level == gate.level && grown(bounds(part.shape), gate.width).contains(middle)) near.push_back(&part);
  const auto walkable = [&](Vec2 p) {
    return std::any_of(near.begin(), near.end(), [&](const WalkablePart* part) { return contains(part->shape, p); });
  };
  for (int k = 0; k < pieces; ++k) {
    const Vec2 p = gate.a + ((k + 0.5) / pieces) * way;
    if (walkable(p + aside) && walkable(p - aside)) return true;
  }
  return false;
}

/// Gates of the city on private or empty ground are no doors of this site.
void drop_idle_gates(SiteGeometry& site, ImportReport& report) {
  std::erase_if(site.gates, [&](const GateSpan& gate) {
    const auto same = [&](const GateSpan& g) { return g.id == gate.id; };
    if (std::none_of(site.base.gates.begin(), site.base.gates.end(), same)) return false;
    if (leads_somewhere(gate, site.walkable)) return false;
    report.add("O409", Severity::info, gate.id, 0.5 * (gate.a + gate.b),
               "No walkable ground on both sides of this gate of the city; left out.");
    return true;
  });
}

/// Gates once more on the fences as the grid has left them; widths stay exact.
void settle_gates(SiteGeometry& site, const Drawing& drawing, ImportReport& report) {
  std::vector<GateRequest> requests = again(site.base.gates);
  for (GateRequest& r : requests) r.city = true;
  std::vector<GateRequest> event = again(site.event.gates);
  for (GateRequest& r : event)
    r.free_standing = std::any_of(drawing.gates.begin(), drawing.gates.end(),
                                  [&](const GateRequest& d) { return d.free_standing && d.span.id == r.span.id; });
  requests.insert(requests.end(), event.begin(), event.end());
  site.gates = place_gates(site.barriers, requests, 1.5, {}, nullptr, report);
  drop_idle_gates(site, report);
  std::vector<Vec2> points;
  std::vector<LevelId> levels;
  for (const GateSpan& g : site.gates)
    for (const Vec2 p : {g.a, g.b}) {
      points.push_back(p);
      levels.push_back(g.level);
    }
  insert_vertices(site.walkable, points, levels);
}

void report_outcome(const SiteGeometry& site, const OverlayOutput& cut, ImportReport& report) {
  double walkable = 0.0;
  for (const WalkablePart& w : site.walkable) walkable += area(w.shape);
  double no_entry = 0.0;
  for (const WalkablePart& w : site.base.walkable)
    if (w.surface == Surface::private_ground) no_entry += area(w.shape);
  double lost = 0.0;
  for (const WalkablePart& w : cut.dropped) {
    lost += area(w.shape);
    report.add("G302", Severity::info, w.source_id, inner_point(w.shape),
               fmt::format("Isolated ground of {:.1f} m² ({}) left out.", area(w.shape), to_string(w.surface)));
  }
  for (const Portal& p : cut.failed_portals)
    report.add(p.source_id.rfind("event/", 0) == 0 ? "E618" : "L203",
               p.source_id.rfind("event/", 0) == 0 ? Severity::error : Severity::warning, p.source_id,
               0.5 * (p.a + p.b),
               fmt::format("{} and {} have no common border here; the joint was left out.",
                           level_text(static_cast<int>(p.level_a)), level_text(static_cast<int>(p.level_b))));
  if (no_entry > 1.0)
    report.add(
        "G309", Severity::info, "", std::nullopt,
        fmt::format(
            "{:.0f} m² of private or no-entry ground are kept in the base map and left out of the walkable ground.",
            no_entry));
  const auto figure = [&](const char* name, double value) { report.figures.emplace_back(name, value); };
  figure("walkable_area_m2", walkable);
  figure("no_entry_area_m2", no_entry);
  figure("dropped_area_m2", lost);
  figure("n_walkable_parts", static_cast<double>(site.walkable.size()));
  figure("n_obstacles", static_cast<double>(site.obstacles.size()));
  figure("n_barriers", static_cast<double>(site.barriers.size()));
  figure("n_gates", static_cast<double>(site.gates.size()));
  figure("n_portals", static_cast<double>(site.portals.size()));
  figure("n_posts", static_cast<double>(site.posts.size()));
  figure("n_levels", static_cast<double>(site.levels.size()));
  figure("n_faces", static_cast<double>(cut.n_faces));
}

}  // namespace

void merge(SiteGeometry& site, const Drawing& drawing, const Grids& grids, double min_part_area, ImportReport& report,
           std::vector<WalkablePart>& dropped) {
  OverlayInput input;
  input.precision = {grids.coarse, grids.fine, unite(drawing.perimeter, grids.fine)};
  input.min_part_area = min_part_area;
  paint_base(site.base, input);
  paint_event(drawing, input);
  keep_places(drawing, input);
  input.barriers = site.base.barriers;
  input.barriers.insert(input.barriers.end(), site.event.fences.begin(), site.event.fences.end());
  input.portals.insert(input.portals.end(), site.base.portals.begin(), site.base.portals.end());
  OverlayOutput cut = overlay(input);

  site.walkable = std::move(cut.parts);
  std::vector<NamedShape> names;
  static const std::string perimeter_id = "event/perimeter";
  for (const WalkablePart& w : site.base.walkable)
    names.push_back({&w.shape, static_cast<int>(w.level), w.surface, &w.source_id});
  for (const WalkablePart& w : site.event.added)
    names.push_back({&w.shape, static_cast<int>(w.level), w.surface, &w.source_id});
  for (const Polygon& p : drawing.perimeter) names.push_back({&p, 0, Surface::undefined, &perimeter_id});
  assign_ids(site.walkable, names);
  assign_ids(cut.dropped, names);
  site.barriers = std::move(cut.barriers);
  site.portals = std::move(cut.portals);
  site.event.portals.clear();
  for (const Portal& p : site.portals)
    if (p.source_id.rfind("event/", 0) == 0) site.event.portals.push_back(p);
  site.obstacles = site.base.obstacles;
  site.obstacles.insert(site.obstacles.end(), site.event.removed.begin(), site.event.removed.end());
  site.posts = site.base.posts;
  settle_gates(site, drawing, report);
  std::vector<int> used;
  for (const WalkablePart& w : site.walkable) used.push_back(static_cast<int>(w.level));
  for (const PlaceShape& p : site.event.places) used.push_back(static_cast<int>(p.level));
  for (const Level& l : site.base.levels) used.push_back(static_cast<int>(l.id));
  site.levels = levels_of(used, site.base.levels);
  report_outcome(site, cut, report);
  dropped = std::move(cut.dropped);
  report_narrow_passages(site, input.precision, report);
  report_places(site, report);
}

}  // namespace throng::gis::detail
