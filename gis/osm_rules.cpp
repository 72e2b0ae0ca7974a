#include "gis/detail/crs.hpp"
#include "gis/detail/osm.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

// Areas and points of OpenStreetMap: obstacles, walkable areas, posts. Rules: docs/methods/import.md.
namespace throng::gis::detail {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double headroom = 2.2;  ///< people walk below what starts higher [m]

bool below_ground(const Tags& tags) {
  return tags.whole("layer", 0) < 0 || tags.is("location", {"underground"}) ||
         (tags.yes("tunnel") && !is_passage(tags));
}

bool above_heads(const Tags& tags) {
  return tags.metres("min_height").value_or(0.0) > headroom || tags.whole("building:min_level", 0) > 0 ||
         tags.whole("min_level", 0) > 0;
}

double height_of(const Tags& tags) {
  for (const char* key : {"height", "building:height"})
    if (const auto h = tags.metres(key)) return *h;
  const int levels = tags.whole("building:levels", 0) + tags.whole("roof:levels", 0);
  return levels > 0 ? 3.2 * levels : 0.0;
}

/// What an area takes away from the ground; nothing when it does not.
std::optional<ObstacleKind> obstacle_kind(const Tags& t) {
  if (below_ground(t)) return std::nullopt;
  if (t.yes("building")) {
    if (t.is("building", {"roof", "canopy"}) || above_heads(t)) return std::nullopt;
    if (t.is("building", {"carport"}) && !t.is("wall", {"yes"})) return std::nullopt;
    return ObstacleKind::building;
  }
  if (t.is("man_made", {"storage_tank", "silo", "tower", "chimney", "water_tower", "gasometer", "wastewater_plant"}))
    return ObstacleKind::structure;
  if (t.is("natural", {"water", "bay"}) || t.is("waterway", {"riverbank", "dock", "river", "canal"}) ||
      t.is("leisure", {"swimming_pool"}) || t.is("landuse", {"reservoir", "basin"}))
    return ObstacleKind::water;
  if (t.is("amenity", {"fountain"})) return ObstacleKind::structure;
  if (t.is("landuse", {"construction"}) || t.is("power", {"substation", "transformer"})) return ObstacleKind::structure;
  if (t.is("landuse", {"flowerbed"}) || t.is("natural", {"scrub", "shrubbery"}) || (t.is("barrier", {"hedge"})))
    return ObstacleKind::vegetation;
  if (t.is("barrier", {"wall", "city_wall", "retaining_wall", "block"})) return ObstacleKind::structure;
  if (t.is("natural", {"bare_rock", "cliff"})) return ObstacleKind::other;
  return std::nullopt;
}

std::optional<Surface> highway_area(const std::string& word) {
  static const std::map<std::string, Surface> table{
      {"pedestrian", Surface::pedestrian}, {"footway", Surface::footway},
      {"path", Surface::footway},          {"crossing", Surface::footway},
      {"sidewalk", Surface::footway},      {"steps", Surface::steps},
      {"platform", Surface::platform},     {"cycleway", Surface::cycleway},
      {"service", Surface::road},          {"living_street", Surface::road},
      {"residential", Surface::road},      {"unclassified", Surface::road},
      {"tertiary", Surface::road},         {"secondary", Surface::road},
      {"primary", Surface::road},          {"track", Surface::road},
      {"rest_area", Surface::parking},     {"traffic_island", Surface::paved}};
  const auto at = table.find(word);
  return at == table.end() ? std::nullopt : std::optional(at->second);
}

/// The class of ground an area is, or nothing.
std::optional<Surface> ground_class(const OsmArea& a) {
  const Tags& t = a.tags;
  if (below_ground(t) || t.yes("indoor")) return std::nullopt;
  if (t.has("area:highway")) return highway_area(t["area:highway"]).value_or(Surface::road);
  if (t.has("highway") && (!a.from_way || t.is("area", {"yes"}))) {
    const auto surface = highway_area(t["highway"]);
    return surface == Surface::pedestrian && t.is("place", {"square"}) ? std::optional(Surface::square) : surface;
  }
  if (t.has("highway")) return std::nullopt;  // a ring road is a line
  if (t.is("place", {"square"})) return Surface::square;
  if (t.is("public_transport", {"platform"}) || t.is("railway", {"platform"})) return Surface::platform;
  if (t.is("man_made", {"pier", "breakwater", "quay"})) return Surface::platform;
  if (t.is("amenity", {"marketplace"})) return Surface::square;
  if (t.is("amenity", {"parking"}) && !t.is("parking", {"underground", "multi-storey", "rooftop"}))
    return Surface::parking;
  if (t.is("leisure",
           {"park", "garden", "playground", "pitch", "dog_park", "common", "recreation_ground", "fitness_station"}))
    return t.is("garden:type", {"residential", "private"}) ? Surface::private_ground : Surface::grass;
  if (t.is("leisure", {"track"})) return Surface::paved;
  if (t.is("landuse", {"grass", "recreation_ground", "village_green", "meadow"})) return Surface::grass;
  if (t.is("natural", {"grassland", "beach", "sand"})) return Surface::grass;
  return std::nullopt;
}

void add_ground(const OsmArea& a, Surface surface, Layers& layers) {
  const bool pier = a.tags.is("man_made", {"pier", "breakwater"});
  const double speed = surface == Surface::steps ? 0.5 : surface == Surface::grass ? 0.9 : 1.0;
  if (is_private(a.tags)) surface = Surface::private_ground;
  for (const Polygon& p : a.shape)
    layers.ground.push_back({p, surface, 0, speed, pier || is_passage(a.tags), a.source_id()});
}

/// building:part counts only where no outline covers it.
void add_orphan_parts(const std::vector<const OsmArea*>& parts, Layers& layers, ImportReport& report) {
  std::vector<Box> boxes;
  for (const Obstacle& o : layers.obstacles) boxes.push_back(bounds(o.shape));
  const BoxIndex index(std::move(boxes), 30.0);
  const std::size_t outlines = layers.obstacles.size();
  std::vector<Obstacle> orphans;
  for (const OsmArea* a : parts)
    for (const Polygon& p : a->shape) {
      const Vec2 c = inner_point(p);
      bool covered = false;
      for (const std::size_t i : index.find({c, c}))
        if (i < outlines && contains(layers.obstacles[i].shape, c)) covered = true;
      if (covered) continue;
      report.add("O405", Severity::info, a->source_id(), c, "building:part without an outline; taken as a building.");
      orphans.push_back({p, ObstacleKind::building, LevelId{}, 0.0, height_of(a->tags), a->source_id()});
    }
  layers.obstacles.insert(layers.obstacles.end(), orphans.begin(), orphans.end());
}

std::optional<double> post_radius(const Tags& t) {
  const auto by_diameter = [&](double otherwise) {
    const auto d = t.metres("diameter");
    return d && *d > 0.02 && *d < 5.0 ? 0.5 * *d : otherwise;
  };
  if (t.is("barrier", {"bollard"})) return by_diameter(0.1);
  if (t.is("barrier", {"block", "jersey_barrier", "planter"})) return by_diameter(0.4);
  if (t.is("natural", {"tree"})) {
    const auto girth = t.metres("circumference");
    return girth && *girth > 0.05 && *girth < 15.0 ? *girth / (2.0 * pi) : 0.2;
  }
  if (t.is("highway", {"street_lamp"})) return 0.1;
  if (t.is("advertising", {"column"})) return 0.6;
  if (t.is("man_made", {"flagpole", "mast"})) return 0.15;
  if (t.is("amenity", {"fountain"})) return by_diameter(0.75);
  if (t.is("historic", {"memorial", "monument"}) && !t.is("memorial", {"plaque", "stolperstein"})) return 0.4;
  return std::nullopt;
}

void project_data(OsmData& data, const Transformer& transformer) {
  for (OsmNode& n : data.nodes) n.at = transformer.forward(n.at);
  for (OsmWay& w : data.ways) transformer.forward(w.line);
  for (OsmArea& a : data.areas)
    for (Polygon& p : a.shape) {
      transformer.forward(p.outer);
      for (Ring& h : p.holes) transformer.forward(h);
    }
  const auto bad = [](const Line& l) {
    return !std::all_of(l.begin(), l.end(),
                        [](Vec2 p) { return is_finite(p) && std::fabs(p.x) < 1e8 && std::fabs(p.y) < 1e8; });
  };
  std::erase_if(data.nodes, [&](const OsmNode& n) { return bad({n.at}); });
  std::erase_if(data.ways, [&](const OsmWay& w) { return bad(w.line); });
  for (OsmArea& a : data.areas) std::erase_if(a.shape, [&](const Polygon& p) { return bad(p.outer); });
  for (OsmProblem& p : data.problems)
    if (p.at) p.at = transformer.forward(*p.at);
  const auto forward = [&](Box& box) {
    if (box.empty()) return;
    const Box d = box;
    box = {};
    for (const Vec2 corner : {d.min, Vec2{d.max.x, d.min.y}, d.max, Vec2{d.min.x, d.max.y}}) {
      const Vec2 p = transformer.forward(corner);
      if (is_finite(p)) box.add(p);
    }
  };
  forward(data.extent);
  for (auto& [id, box] : data.extent_of) forward(box);
}

/// Does an area matter for the ground?
bool matters(const OsmArea& a) {
  if (a.tags.is("type", {"boundary"})) return false;
  return obstacle_kind(a.tags) || ground_class(a) || a.tags.has("building:part") || a.tags.is("man_made", {"bridge"});
}

/// Tells each lost area once, with the first reason known; areas that would not change the ground or lie outside of
/// the part that is imported are not of interest.
class Losses {
 public:
  Losses(const OsmData& data, Box clip) : data_(data), clip_(clip) {
    for (const OsmArea& a : data.areas) areas_.emplace(a.source_id(), &a);
  }
  void tell(ImportReport& report) {
    std::map<std::string, double> counts;
    for (const OsmProblem& p : data_.problems) {
      if (p.code == "O403" || !told_.insert(p.source_id).second || !of_interest(p)) continue;
      report.add(p.code, Severity::warning, p.source_id, p.at ? p.at : middle(p.source_id),
                 p.text + "; the area is left out.");
      ++counts[p.code];
    }
    for (const OsmArea& a : data_.areas)
      if (a.shape.empty() && matters(a) && inside(a.source_id()) && told_.insert(a.source_id()).second)
        report.add("O410", Severity::warning, a.source_id(), middle(a.source_id()),
                   "The area could not be assembled (cut by the extract or broken); left out.");
    tell_cut_ways(report, counts);
    for (const auto& [code, n] : counts) report.figures.emplace_back("osm_n_" + code, n);
  }

 private:
  /// An extract cuts ways by the hundred: one note for all of them.
  void tell_cut_ways(ImportReport& report, std::map<std::string, double>& counts) const {
    const OsmProblem* first = nullptr;
    std::string ids;
    std::size_t n = 0;
    for (const OsmProblem& p : data_.problems) {
      if (p.code != "O403" || !inside(p.source_id)) continue;
      if (first == nullptr) first = &p;
      if (++n <= 3) ids += (n > 1 ? ", " : "") + p.source_id;
    }
    if (first == nullptr) return;
    counts["O403"] = static_cast<double>(n);
    report.add("O403", Severity::info, n == 1 ? first->source_id : "osm", first->at,
               n == 1 ? first->text + "; the rest of it is used."
                      : fmt::format("{} ways lack nodes in this extract ({}{}); the rest of them is used.", n, ids,
                                    n > 3 ? ", ..." : ""));
  }
  bool of_interest(const OsmProblem& p) const {
    if (!inside(p.source_id)) return false;
    const auto at = areas_.find(p.source_id);
    if (at != areas_.end()) return matters(*at->second);
    OsmArea lost;
    lost.from_way = p.source_id.front() == 'w';
    lost.tags = p.tags;
    return matters(lost);
  }
  bool inside(const std::string& source_id) const {
    const auto at = data_.extent_of.find(source_id);
    if (clip_.empty() || at == data_.extent_of.end() || at->second.empty()) return true;
    const Box& box = at->second;
    return box.min.x <= clip_.max.x && clip_.min.x <= box.max.x && box.min.y <= clip_.max.y && clip_.min.y <= box.max.y;
  }
  std::optional<Vec2> middle(const std::string& source_id) const {
    const auto at = data_.extent_of.find(source_id);
    if (at == data_.extent_of.end() || at->second.empty()) return std::nullopt;
    return 0.5 * (at->second.min + at->second.max);
  }
  const OsmData& data_;
  Box clip_;
  std::map<std::string, const OsmArea*> areas_;
  std::set<std::string> told_;
};

/// A street that is closed by works is `highway=construction`; one that is mapped as open leads through the site.
void open_ways_through_works(const OsmData& data, Layers& layers) {
  std::set<std::string> works;
  for (const OsmArea& a : data.areas)
    if (a.tags.is("landuse", {"construction"}) && !a.tags.yes("building")) works.insert(a.source_id());
  if (works.empty()) return;
  const std::vector<GroundPiece> ways = pieces_of(layers.lines);
  std::vector<Box> boxes;
  for (const GroundPiece& g : ways) boxes.push_back(bounds(g.shape));
  const BoxIndex index(std::move(boxes), 50.0);
  std::vector<Obstacle> cut;
  for (const Obstacle& o : layers.obstacles) {
    Polygons crossing;
    if (works.contains(o.source_id))
      for (const std::size_t i : index.find(bounds(o.shape)))
        if (ways[i].surface != Surface::private_ground) crossing.push_back(ways[i].shape);
    if (crossing.empty()) {
      cut.push_back(o);
      continue;
    }
    for (Polygon& rest : subtract({o.shape}, crossing, 0.0)) {
      cut.push_back(o);
      cut.back().shape = std::move(rest);
    }
  }
  layers.obstacles = std::move(cut);
}

}  // namespace

void add_areas(const OsmData& data, Box clip, Layers& layers, ImportReport& report) {
  Losses(data, clip).tell(report);
  std::vector<const OsmArea*> parts;
  double n_buildings = 0.0;
  for (const OsmArea& a : data.areas) {
    if (a.tags.is("type", {"boundary"})) continue;
    if (a.tags.has("building:part") && !a.tags.yes("building")) {
      if (!below_ground(a.tags) && !above_heads(a.tags)) parts.push_back(&a);
      continue;
    }
    // Line-like closed ways (a fence around a plot, a ring road) are not areas.
    const bool closed_line =
        a.from_way && a.tags.has("barrier") && !a.tags.is("area", {"yes"}) && !a.tags.yes("building");
    if (const auto kind = obstacle_kind(a.tags); kind && !closed_line) {
      if (*kind == ObstacleKind::building) ++n_buildings;
      for (const Polygon& p : a.shape)
        layers.obstacles.push_back(
            {p, *kind, LevelId{}, a.tags.metres("min_height").value_or(0.0), height_of(a.tags), a.source_id()});
      continue;
    }
    if (a.tags.is("man_made", {"bridge"}) || sheet_of(a.tags) != 0) continue;  // add_decks
    if (const auto surface = ground_class(a)) add_ground(a, *surface, layers);
  }
  add_orphan_parts(parts, layers, report);
  report.figures.emplace_back("osm_n_buildings", n_buildings);
}

void add_nodes(const OsmData& data, Layers& layers, ImportReport& report) {
  double n = 0.0;
  std::map<std::int64_t, int> sheets;  // nodes of bridges and tunnels; their ends, shared with the ground, stay there
  for (const OsmWay& w : data.ways)
    if (w.tags.has("highway") && sheet_of(w.tags) != 0)
      for (std::size_t i = 1; i + 1 < w.nodes.size(); ++i) sheets.emplace(w.nodes[i], sheet_of(w.tags));
  for (const OsmNode& node : data.nodes) {
    if (below_ground(node.tags) || node.tags.yes("indoor")) continue;
    const auto radius = post_radius(node.tags);
    if (!radius) continue;
    ++n;
    const auto sheet = sheets.find(node.id);
    const LevelId level{static_cast<std::int16_t>(sheet == sheets.end() ? 0 : sheet->second)};
    layers.posts.push_back({node.at, *radius, level, "node/" + std::to_string(node.id)});
  }
  report.figures.emplace_back("osm_n_posts", n);
}

void read_osm(const std::filesystem::path& path, ReadContext& context, Layers& layers) {
  if (context.target == crs_local)
    throw InputError(Fault{path.string(), "X705 OSM data cannot be read into a local plan", "local", "--crs EPSG:n"});
  const std::string bytes = read_bytes(path);
  OsmData data = read_osm_data(path);
  const Transformer transformer(crs_lonlat, context.target, path.string());
  project_data(data, transformer);
  context.accuracy = std::max(context.accuracy, transformer.accuracy());
  Layers own;
  add_areas(data, context.clip, own, context.report);
  add_lines(data, context.request.roads_walkable, own, context.report);
  open_ways_through_works(data, own);
  add_decks(data, context.request.roads_walkable, own, context.report);
  add_deck_barriers(data, context.request.roads_walkable, own, context.report);
  add_nodes(data, own, context.report);
  DataSource source = describe(path, bytes, "OSM", "ODbL 1.0, © OpenStreetMap contributors");
  source.date = data.date;
  layers.sources.push_back(std::move(source));
  own.extent = data.extent;
  append(layers, std::move(own));
}

}  // namespace throng::gis::detail
