#include "gis/detail/osm.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

// Highway and barrier lines. Default widths: docs/methods/import.md, after osm-public-space-mapper and national guides.
namespace throng::gis::detail {
namespace {

struct DefaultWidth {
  const char* highway;
  Surface surface;
  double width;  ///< [m]
};
constexpr DefaultWidth default_widths[] = {{"pedestrian", Surface::pedestrian, 5.0},
                                           {"footway", Surface::footway, 2.0},
                                           {"path", Surface::footway, 1.5},
                                           {"steps", Surface::steps, 2.0},
                                           {"platform", Surface::platform, 2.0},
                                           {"bridleway", Surface::footway, 2.0},
                                           {"track", Surface::road, 2.5},
                                           {"cycleway", Surface::cycleway, 2.0},
                                           {"living_street", Surface::road, 5.0},
                                           {"residential", Surface::road, 5.5},
                                           {"service", Surface::road, 4.0},
                                           {"unclassified", Surface::road, 5.5},
                                           {"tertiary", Surface::road, 6.5},
                                           {"tertiary_link", Surface::road, 4.5},
                                           {"secondary", Surface::road, 8.0},
                                           {"secondary_link", Surface::road, 5.0},
                                           {"primary", Surface::road, 8.0},
                                           {"primary_link", Surface::road, 5.0},
                                           {"trunk", Surface::road, 8.0},
                                           {"trunk_link", Surface::road, 5.0},
                                           {"motorway", Surface::road, 8.0},
                                           {"motorway_link", Surface::road, 5.0},
                                           {"busway", Surface::road, 6.0},
                                           {"road", Surface::road, 5.0}};

constexpr double sidewalk_width = 1.8;  ///< [m]

double width_of(const Tags& tags, const DefaultWidth& standard) {
  for (const char* key : {"width", "est_width"})
    if (const auto w = tags.metres(key); w && *w >= 0.3 && *w <= 60.0) return *w;
  if (standard.surface == Surface::road && tags.has("lanes")) {
    const int lanes = std::clamp(tags.whole("lanes", 0), 0, 12);
    if (lanes > 0) return 3.0 * lanes;
  }
  if (tags.is("highway", {"cycleway"}) && tags.is("oneway", {"yes"})) return 1.5;
  if (tags.is("footway", {"crossing"})) return 3.0;
  if (tags.is("service", {"alley"})) return 3.0;
  return standard.width;
}

void set_sidewalks(const Tags& tags, HighwayClass& out) {
  const auto width = [&](const char* key) { return std::clamp(tags.metres(key).value_or(sidewalk_width), 0.5, 15.0); };
  const bool both = tags.is("sidewalk", {"both", "yes"}) || tags.is("sidewalk:both", {"yes"});
  if (both || tags.is("sidewalk", {"left"}) || tags.is("sidewalk:left", {"yes"}))
    out.sidewalk_left = width("sidewalk:left:width");
  if (both || tags.is("sidewalk", {"right"}) || tags.is("sidewalk:right", {"yes"}))
    out.sidewalk_right = width("sidewalk:right:width");
}

struct GapKind {
  const char* barrier;
  double width;
};
constexpr GapKind gap_kinds[] = {{"gate", 3.0},
                                 {"lift_gate", 3.0},
                                 {"swing_gate", 3.0},
                                 {"sliding_gate", 3.0},
                                 {"entrance", 2.0},
                                 {"opening", 2.0},
                                 {"sally_port", 3.0},
                                 {"stile", 0.8},
                                 {"kissing_gate", 1.0},
                                 {"turnstile", 0.8},
                                 {"full-height_turnstile", 0.8},
                                 {"wicket_gate", 1.2},
                                 {"cycle_barrier", 1.5},
                                 {"motorcycle_barrier", 1.5},
                                 {"bollard", 1.5},
                                 {"toll_booth", 3.0},
                                 {"height_restrictor", 3.0}};

std::optional<BarrierKind> barrier_kind(const Tags& tags) {
  if (tags.is("barrier", {"wall", "city_wall", "retaining_wall", "jersey_barrier"})) return BarrierKind::wall;
  if (tags.is("barrier", {"fence", "chain", "cable_barrier", "wire_fence"})) return BarrierKind::fence;
  if (tags.is("barrier", {"hedge"})) return BarrierKind::hedge;
  if (tags.is("barrier", {"guard_rail", "railing", "handrail"})) return BarrierKind::railing;
  if (tags.is("natural", {"cliff"})) return BarrierKind::kerb_drop;
  if (tags.is("railway", {"rail", "light_rail", "subway", "narrow_gauge"})) return BarrierKind::other;
  return std::nullopt;
}

bool off_ground(const Tags& tags) {
  return tags.whole("layer", 0) != 0 || tags.yes("bridge") || tags.yes("tunnel") ||
         tags.is("location", {"underground"}) || tags.yes("covered");
}

/// Times are for the scenario: what the map says of them is told, not used.
void report_opening_hours(const Tags& tags, const std::string& id, Vec2 at, ImportReport& report) {
  for (const char* key : {"opening_hours", "access:conditional", "foot:conditional"})
    if (tags.has(key))
      report.add("O412", Severity::info, id, at,
                 fmt::format("{} \"{}\" is not used; {} all the time unless the scenario changes it.", key,
                             tags[key].substr(0, 80), is_private(tags) ? "closed" : "open"));
}

/// Gates, entrances and unmarked crossings of ways with a barrier.
class Gaps {
 public:
  /// `ground`: of ways on the ground, else of those on bridges.
  Gaps(const OsmData& data, bool roads_walkable, bool ground) {
    for (const OsmNode& n : data.nodes) nodes_.emplace(n.id, &n);
    for (const OsmWay& w : data.ways) {
      if (!w.tags.has("highway") || (sheet_of(w.tags) == 0) != ground) continue;
      const auto kind = classify_highway(w.tags, roads_walkable);
      if (!kind) continue;
      for (const std::int64_t n : w.nodes) {
        double& width = crossing_[n];
        width = std::max(width, kind->width);
      }
    }
  }
  void add(const OsmWay& barrier, int level, Layers& layers, ImportReport& report) {
    const bool rails = barrier.tags.has("railway");
    for (std::size_t i = 0; i < barrier.nodes.size(); ++i) {
      const std::int64_t n = barrier.nodes[i];
      if (!done_.insert(n).second) continue;
      const auto at = nodes_.find(n);
      const auto crossing = crossing_.find(n);
      BarrierGap gap{barrier.line[i], 0.0, false, "node/" + std::to_string(n), "", level};
      if (at != nodes_.end()) from_node(at->second->tags, gap);
      if (gap.width <= 0.0 && crossing != crossing_.end()) {
        gap.width = crossing->second;
        if (!rails && at == nodes_.end())
          report.add("O408", Severity::info, gap.source_id, gap.at,
                     fmt::format("A way crosses way/{} without a gate; taken as an opening of {:.1f} m.", barrier.id,
                                 gap.width));
      }
      if (gap.width <= 0.0) continue;
      if (at != nodes_.end()) report_opening_hours(at->second->tags, gap.source_id, gap.at, report);
      layers.gaps.push_back(std::move(gap));
    }
  }

 private:
  static void from_node(const Tags& tags, BarrierGap& gap) {
    for (const GapKind& kind : gap_kinds)
      if (tags["barrier"] == kind.barrier) gap.width = kind.width;
    if (gap.width <= 0.0 && tags.yes("entrance")) gap.width = 1.5;
    if (gap.width <= 0.0 && tags.is("railway", {"level_crossing", "crossing"})) gap.width = 5.0;
    if (gap.width <= 0.0) return;
    for (const char* key : {"width", "maxwidth", "maxwidth:physical"})
      if (const auto w = tags.metres(key)) gap.width = std::clamp(*w, 0.6, 30.0);
    gap.closed = is_private(tags) || tags.is("locked", {"yes"});
    gap.name = tags["name"];
  }
  std::map<std::int64_t, const OsmNode*> nodes_;
  std::map<std::int64_t, double> crossing_;
  std::set<std::int64_t> done_;
};

/// The way as a street that a drawing may close. Those of bridges that need no sheet come back to the ground later.
void add_street(const OsmWay& w, const HighwayClass& kind, Layers& layers) {
  const double width = kind.width + kind.sidewalk_left + kind.sidewalk_right;
  const LevelId level{static_cast<std::int16_t>(sheet_of(w.tags))};
  layers.streets.push_back({"way/" + std::to_string(w.id), w.tags["name"], w.line, width, level});
}

void add_barrier(const OsmWay& w, BarrierKind kind, LevelId level, Layers& layers) {
  const bool low = w.tags.metres("height").value_or(9.0) < 1.2;
  const bool clear = low || (kind != BarrierKind::wall && kind != BarrierKind::hedge);
  layers.barriers.push_back({w.line, kind, level, clear, "way/" + std::to_string(w.id)});
}

}  // namespace

std::optional<double> Tags::metres(const char* key) const {
  const std::string& text = (*this)[key];
  if (text.empty()) return std::nullopt;
  std::string number = text;
  std::replace(number.begin(), number.end(), ',', '.');
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  if (end == number.c_str() || !std::isfinite(value) || value < 0.0 || value > 1e5) return std::nullopt;
  std::string unit(end);
  unit.erase(0, unit.find_first_not_of(' ') == std::string::npos ? unit.size() : unit.find_first_not_of(' '));
  if (unit == "ft" || unit == "'") return 0.3048 * value;
  if (unit == "cm") return 0.01 * value;
  return value;
}

int Tags::whole(const char* key, int otherwise) const {
  const std::string& text = (*this)[key];
  int value = otherwise;
  const char* begin = text.c_str() + (text.rfind('+', 0) == 0 ? 1 : 0);
  const auto result = std::from_chars(begin, text.c_str() + text.size(), value);
  if (result.ec != std::errc()) return otherwise;
  return std::clamp(value, -50, 50);
}

bool is_private(const Tags& tags) {
  if (tags.is("foot", {"no", "private"})) return true;
  if (tags.is("foot", {"yes", "designated", "permissive", "customers", "destination", "official"})) return false;
  return tags.is("access", {"no", "private", "military", "forestry", "agricultural"});
}

bool is_passage(const Tags& tags) {
  if (tags.whole("layer", 0) < 0) return false;
  return tags.is("tunnel", {"building_passage"}) || tags.yes("covered") ||
         tags.is("arcade", {"yes", "left", "right", "both"});
}

int sheet_of(const Tags& tags) {
  if (is_passage(tags)) return 0;
  const int layer = tags.whole("layer", 0);
  if (tags.yes("bridge")) return layer > 0 ? layer : 1;
  if (tags.yes("tunnel") || tags.is("location", {"underground"})) return layer < 0 ? layer : -1;
  return 0;
}

std::optional<HighwayClass> classify_highway(const Tags& tags, bool roads_walkable) {
  const std::string& word = tags["highway"];
  const auto standard = std::find_if(std::begin(default_widths), std::end(default_widths),
                                     [&](const DefaultWidth& d) { return word == d.highway; });
  if (standard == std::end(default_widths) || tags.yes("indoor")) return std::nullopt;
  HighwayClass out;
  out.surface = standard->surface;
  out.width = width_of(tags, *standard);
  if (out.surface == Surface::steps) out.speed_factor = 0.5;
  if (out.surface == Surface::road) set_sidewalks(tags, out);
  const bool fast = word.rfind("motorway", 0) == 0 || word.rfind("trunk", 0) == 0 || tags.is("motorroad", {"yes"});
  out.no_entry = is_private(tags) || (fast && !tags.is("foot", {"yes", "designated"}));
  if (out.no_entry && roads_walkable && out.surface == Surface::road) out.no_entry = false;
  if (out.no_entry) out.surface = Surface::private_ground;
  return out;
}

void add_lines(const OsmData& data, bool roads_walkable, Layers& layers, ImportReport& report) {
  Gaps gaps(data, roads_walkable, true);
  double n_highways = 0.0;
  double n_passages = 0.0;
  double n_default = 0.0;
  for (const OsmWay& w : data.ways) {
    if (w.tags.is("natural", {"coastline"})) layers.coastlines.push_back(w.line);
    if (const auto kind = barrier_kind(w.tags);
        kind && !off_ground(w.tags) && !(w.closed() && (w.tags.is("area", {"yes"}) || w.tags.yes("building")))) {
      add_barrier(w, *kind, LevelId{}, layers);
      gaps.add(w, 0, layers, report);
    }
    if (!w.tags.has("highway") || (w.closed() && w.tags.is("area", {"yes"}))) continue;
    const auto kind = classify_highway(w.tags, roads_walkable);
    if (!kind) continue;
    add_street(w, *kind, layers);
    if (sheet_of(w.tags) != 0) continue;
    report_opening_hours(w.tags, "way/" + std::to_string(w.id), w.line[w.line.size() / 2], report);
    ++n_highways;
    const bool passage = is_passage(w.tags);
    if (passage) ++n_passages;
    if (!w.tags.has("width") && !w.tags.has("est_width")) ++n_default;
    GroundLine line;
    line.line = w.line;
    line.width = passage && !w.tags.has("width") ? std::max(3.0, kind->width) : kind->width;
    line.surface = kind->surface;
    line.speed_factor = kind->speed_factor;
    line.over_obstacles = line.flat_ends = passage;
    line.sidewalk_left = kind->sidewalk_left;
    line.sidewalk_right = kind->sidewalk_right;
    line.source_id = "way/" + std::to_string(w.id);
    layers.lines.push_back(std::move(line));
  }
  report.figures.emplace_back("osm_n_highways", n_highways);
  report.figures.emplace_back("osm_n_passages", n_passages);
  report.figures.emplace_back("osm_n_default_widths", n_default);
}

namespace {

/// The level of the deck on which a line stands, by its middle; nothing when it stands on none.
std::optional<int> deck_below(const OsmWay& w, const Layers& layers) {
  const int layer = w.tags.whole("layer", 0);
  const int sheet = layer != 0 ? layer : w.tags.yes("bridge") ? 1 : 0;
  const std::size_t i = (w.line.size() - 1) / 2;
  const Vec2 middle = 0.5 * (w.line[i] + w.line[i + 1]);
  const Vec2 aside = 0.8 * perp(normalized(w.line[i + 1] - w.line[i]));  // railings stand on the rim
  for (const Deck& deck : layers.decks)
    for (const GroundPiece& piece : deck.pieces)
      for (const Vec2 p : {middle, middle + aside, middle - aside})
        if (deck.level == sheet && contains(piece.shape, p)) return sheet;
  return std::nullopt;
}

}  // namespace

void add_deck_barriers(const OsmData& data, bool roads_walkable, Layers& layers, ImportReport& report) {
  Gaps gaps(data, roads_walkable, false);
  double n = 0.0;
  for (const OsmWay& w : data.ways) {
    const auto kind = barrier_kind(w.tags);
    if (!kind || *kind == BarrierKind::other || !off_ground(w.tags) || w.tags.yes("tunnel")) continue;
    if (w.closed() && (w.tags.is("area", {"yes"}) || w.tags.yes("building"))) continue;
    const auto level = deck_below(w, layers);
    if (!level) {
      report.add("O413", Severity::info, "way/" + std::to_string(w.id), w.line[w.line.size() / 2],
                 "Barrier above or below the ground that stands on no bridge people walk on; left out.");
      continue;
    }
    ++n;
    add_barrier(w, *kind, static_cast<LevelId>(*level), layers);
    gaps.add(w, *level, layers, report);
  }
  report.figures.emplace_back("osm_n_deck_barriers", n);
}

}  // namespace throng::gis::detail
