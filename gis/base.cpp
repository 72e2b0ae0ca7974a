#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

// The base map: what city data say, without the event.
namespace throng::gis::detail {
namespace {

constexpr int order_blocked = 1000;  // mouths of decks and tunnels
constexpr int order_joint = 900;     // aprons at joints
constexpr int order_over = 500;      // passages and decks: above obstacles
constexpr int order_obstacle = 400;
constexpr int order_gap = -1;  // slivers: below all that is mapped

bool touches(const Box& a, const Box& b) {
  return a.min.x <= b.max.x && a.max.x >= b.min.x && a.min.y <= b.max.y && a.max.y >= b.min.y;
}

/// Leave out what lies outside of the requested area, cut lines and points to it.
void clip(Layers& layers, const Polygon& area) {
  const Box box = bounds(area);
  std::erase_if(layers.ground, [&](const GroundPiece& g) { return !touches(box, bounds(g.shape)); });
  std::erase_if(layers.lines,
                [&](const GroundLine& l) { return !touches(box, grown(bounds_of_line(l.line), l.width)); });
  std::erase_if(layers.obstacles, [&](const Obstacle& o) { return !touches(box, bounds(o.shape)); });
  for (Deck& d : layers.decks)
    std::erase_if(d.pieces, [&](const GroundPiece& g) { return !touches(box, bounds(g.shape)); });
  std::erase_if(layers.gaps, [&](const BarrierGap& g) { return !contains(area, g.at); });
  std::erase_if(layers.posts, [&](const Post& p) { return !contains(area, p.position); });
  const auto clip_each = [&](auto& rows) {
    std::remove_reference_t<decltype(rows)> kept;
    for (const auto& row : rows) {
      if (!touches(box, bounds_of_line(row.line))) continue;
      for (Line& piece : clip_lines({row.line}, {area}, true)) {
        kept.push_back(row);
        kept.back().line = std::move(piece);
      }
    }
    rows = std::move(kept);
  };
  clip_each(layers.barriers);
  clip_each(layers.streets);
}

/// City rings that cross themselves are repaired and told.
template <class Row>
void repair(std::vector<Row>& rows, ImportReport& report) {
  std::vector<Row> out;
  out.reserve(rows.size());
  for (Row& row : rows) {
    const auto bad = find_invalid(row.shape);
    if (bad.empty()) {
      normalise(row.shape);
      out.push_back(std::move(row));
      continue;
    }
    const Polygons fixed = make_valid(row.shape);
    report.add(fixed.empty() ? "G105" : "G104", Severity::warning, row.source_id, bad[0].at,
               fixed.empty() ? bad[0].reason + "; nothing areal remains, left out."
                             : fmt::format("{}; repaired by the structure method.", bad[0].reason));
    for (const Polygon& p : fixed) {
      Row copy = row;
      copy.shape = p;
      out.push_back(std::move(copy));
    }
  }
  rows = std::move(out);
}

/// Ground by class and obstacles by level, each united, as painted areas.
void paint_layers(const std::vector<GroundPiece>& pieces, const std::vector<Obstacle>& obstacles,
                  const std::optional<Polygon>& area, OverlayInput& input) {
  using Key = std::tuple<int, bool, Surface, double>;
  std::map<Key, Polygons> groups;
  for (const GroundPiece& g : pieces) groups[{g.level, g.over_obstacles, g.surface, g.speed_factor}].push_back(g.shape);
  const auto united = [&](const Polygons& shapes) {
    Polygons out = unite(shapes, 0.0);
    return area ? intersect(out, {*area}, 0.0) : out;
  };
  for (const auto& [key, shapes] : groups) {
    const auto& [level, over, surface, speed] = key;
    input.areas.push_back({united(shapes), level, (over ? order_over : 0) + rank_of(surface), false, surface, speed});
  }
  std::map<int, Polygons> solid;
  for (const Obstacle& o : obstacles) solid[static_cast<int>(o.level)].push_back(o.shape);
  for (const auto& [level, shapes] : solid)
    input.areas.push_back({united(shapes), level, order_obstacle, true, Surface::undefined, 1.0});
}

/// Walls, posts and obstacles of sheets that went back to the ground go with them; below the ground they vanish.
void ground_stray_levels(Layers& layers) {
  std::set<int> sheets{0};
  for (const GroundPiece& g : layers.ground) sheets.insert(g.level);
  for (const GroundLine& l : layers.lines) sheets.insert(l.level);
  const auto settle = [&](auto& rows) {
    std::erase_if(rows, [&](const auto& r) {
      return static_cast<int>(r.level) < 0 && !sheets.contains(static_cast<int>(r.level));
    });
    for (auto& r : rows)
      if (!sheets.contains(static_cast<int>(r.level))) r.level = LevelId{};
  };
  settle(layers.barriers);
  settle(layers.posts);
  settle(layers.streets);
  for (BarrierGap& g : layers.gaps)
    if (!sheets.contains(g.level)) g.level = 0;
  settle(layers.obstacles);
}

/// Without any tagged ground the whole box is open space.
void paint_open_space(const Layers& layers, ImportReport& report, OverlayInput& input) {
  const Box box = bounds_of(layers);
  if (box.empty()) return;
  const Polygon all{{box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}}, {}};
  input.areas.push_back({{all}, 0, -1, false, Surface::undefined, 1.0});
  report.add("G316", Severity::warning, "", 0.5 * (box.min + box.max),
             "The data describe no walkable ground; the bounding box minus the obstacles is taken as open space.");
}

/// Stairs have square ends; a little more length joins them to what they lead to.
Line lengthened(Line line, double by) {
  const std::size_t n = line.size();
  const Vec2 first = line[0] + by * normalized(line[0] - line[1]);
  line[n - 1] += by * normalized(line[n - 1] - line[n - 2]);
  line[0] = first;
  return line;
}

std::vector<GateRequest> requests_of(const std::vector<BarrierGap>& gaps) {
  std::vector<GateRequest> out;
  for (const BarrierGap& g : gaps) {
    GateRequest r;
    r.city = r.drawn_as_point = true;
    r.label = g.source_id;
    r.span.id = g.source_id;
    r.span.name = g.name.empty() ? g.source_id : g.name;
    r.span.a = r.span.b = g.at;
    r.span.width = g.width;
    r.span.level = static_cast<LevelId>(g.level);
    r.span.initial = g.closed ? GateState::closed : GateState::open;
    out.push_back(std::move(r));
  }
  return out;
}

}  // namespace

std::vector<GroundPiece> pieces_of(const std::vector<GroundLine>& lines) {
  std::vector<GroundPiece> out;
  const auto add = [&](const GroundLine& l, Polygons shapes, Surface surface) {
    for (Polygon& p : shapes)
      out.push_back({std::move(p), surface, l.level, l.speed_factor, l.over_obstacles, l.source_id});
  };
  for (const GroundLine& l : lines) {
    const bool steps = l.surface == Surface::steps && !l.flat_ends;
    add(l, buffer_line(steps ? lengthened(l.line, 0.3) : l.line, l.width, l.flat_ends || steps), l.surface);
    // Footways rank above roads, so only the rim of the wider strip may become sidewalk.
    if (l.sidewalk_left > 0.0)
      add(l,
          subtract(buffer_side(l.line, 0.5 * l.width + l.sidewalk_left, true), buffer_line(l.line, l.width, false),
                   0.0),
          Surface::footway);
    if (l.sidewalk_right > 0.0)
      add(l,
          subtract(buffer_side(l.line, 0.5 * l.width + l.sidewalk_right, false), buffer_line(l.line, l.width, false),
                   0.0),
          Surface::footway);
  }
  return out;
}

void assign_ids(std::vector<WalkablePart>& parts, const std::vector<NamedShape>& candidates) {
  std::vector<Box> boxes;
  boxes.reserve(candidates.size());
  for (const NamedShape& c : candidates) boxes.push_back(bounds(*c.shape));
  const BoxIndex index(std::move(boxes), 20.0);
  for (WalkablePart& part : parts) {
    const Vec2 p = inner_point(part.shape);
    const NamedShape* best = nullptr;
    for (const std::size_t i : index.find({p, p})) {
      const NamedShape& c = candidates[i];
      if (c.level != static_cast<int>(part.level) || c.surface != part.surface || !contains(*c.shape, p)) continue;
      if (best == nullptr || *c.id < *best->id) best = &c;
    }
    part.source_id = best != nullptr ? *best->id : "";
  }
}

BaseMap make_base(Layers& layers, const BaseOptions& options, ImportReport& report) {
  sort_canonically(layers);
  repair(layers.ground, report);
  repair(layers.obstacles, report);
  const Box data = options.clip ? bounds(*options.clip) : layers.extent.empty() ? bounds_of(layers) : layers.extent;
  for (Polygon& sea : sea_from_coastlines(layers.coastlines, data, report))
    layers.obstacles.push_back({std::move(sea), ObstacleKind::water, LevelId{}, 0.0, 0.0, "sea"});
  if (options.clip) clip(layers, *options.clip);

  OverlayInput input;
  const std::vector<Joint> joints = resolve_decks(layers, input.automatic_levels, report);
  std::vector<GroundPiece> pieces = pieces_of(layers.lines);
  ground_stray_levels(layers);
  pieces.insert(pieces.end(), layers.ground.begin(), layers.ground.end());
  input.precision = {options.grids.fine, options.grids.fine, {}};
  paint_layers(pieces, layers.obstacles, options.clip, input);
  Polygons slivers;
  if (options.close_gaps > 0.0 && !pieces.empty()) {
    slivers = close_gaps(input.areas, order_over, layers, options.close_gaps, report);
    input.areas.push_back({slivers, 0, order_gap, false, Surface::undefined, 1.0});
  }
  if (pieces.empty() && options.open_space_if_empty) paint_open_space(layers, report, input);
  for (const Joint& j : joints) add_joint(input, j, order_blocked, order_joint, Surface::footway);
  input.portals.insert(input.portals.end(), layers.portals.begin(), layers.portals.end());
  OverlayOutput cut = overlay(input);

  BaseMap base;
  base.walkable = std::move(cut.parts);
  std::vector<NamedShape> names;
  static const std::string sliver_id = "import/gap";
  for (const Polygon& p : slivers) names.push_back({&p, 0, Surface::undefined, &sliver_id});
  for (const GroundPiece& g : pieces) names.push_back({&g.shape, g.level, g.surface, &g.source_id});
  assign_ids(base.walkable, names);
  base.portals = std::move(cut.whole_portals);
  for (const Portal& p : cut.failed_portals)
    report.add("L203", Severity::warning, p.source_id, 0.5 * (p.a + p.b),
               fmt::format("No common border of {} and {} here; the joint was left out.",
                           level_text(static_cast<int>(p.level_a)), level_text(static_cast<int>(p.level_b))));
  base.obstacles = std::move(layers.obstacles);
  base.barriers = std::move(layers.barriers);
  base.posts = std::move(layers.posts);
  base.streets = std::move(layers.streets);
  base.gates = place_gates(base.barriers, requests_of(layers.gaps), 1.0, {}, nullptr, report);
  std::vector<int> used;
  for (const WalkablePart& w : base.walkable) used.push_back(static_cast<int>(w.level));
  for (const Barrier& b : base.barriers) used.push_back(static_cast<int>(b.level));
  base.levels = levels_of(used, {});
  return base;
}

}  // namespace throng::gis::detail
