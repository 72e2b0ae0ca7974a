#include "gis/detail/event.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

// A plan: the ground itself drawn as GeoJSON. docs/formats/event-drawing.md §4.
namespace throng::gis::detail {
namespace {

const std::vector<std::string> plan_kinds{"walkable", "obstacle", "building", "water",  "wall",      "barrier",
                                          "hedge",    "railing",  "post",     "portal", "vegetation"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The kind that a foreign word means, or nothing.
std::optional<std::string> kind_from_words(const Feature& f) {
  static const std::vector<std::pair<const char*, const char*>> words{
      {"building", "building"},   {"pand", "building"},     {"house", "building"}, {"bollard", "post"},
      {"tree", "post"},           {"pole", "post"},         {"lamp", "post"},      {"column", "obstacle"},
      {"fountain", "obstacle"},   {"stair", "steps"},       {"step", "steps"},     {"prohibited", "obstacle"},
      {"forbidden", "obstacle"},  {"obstacle", "obstacle"}, {"water", "water"},    {"wall", "wall"},
      {"fence", "barrier"},       {"railing", "railing"},   {"hedge", "hedge"},    {"footway", "walkable"},
      {"pedestrian", "walkable"}, {"walkable", "walkable"}, {"floor", "walkable"}};
  for (const char* key : {"type", "Type", "class", "building"}) {
    const auto text = f.text(key);
    if (!text) continue;
    const std::string word = lower(*text);
    for (const auto& [part, kind] : words)
      if (word.find(part) != std::string::npos) return kind;
  }
  return std::nullopt;
}

class PlanReader {
 public:
  PlanReader(Layers& layers, Faults& faults, ImportReport& report)
      : layers_(layers), faults_(faults), report_(report) {}
  PlanParts parts;

  void read(const Feature& f) {
    std::string kind = f.text("kind").value_or("");
    id_ = f.has_id ? "plan/" + f.id : fmt::format("plan/{}", f.number);
    if (kind.empty()) kind = guess(f);
    const auto level = f.number_of("level", faults_).value_or(0.0);
    if (level < -100.0 || level > 1000.0)
      faults_.add(f.label + ".level", "E608 out of range", fmt::format("{}", level), "-100 to 1000");
    level_ = static_cast<int>(std::clamp(level, -100.0, 1000.0));
    if (kind == "walkable" || kind == "steps")
      walkable(f, kind == "steps");
    else if (kind == "obstacle" || kind == "building" || kind == "water" || kind == "vegetation")
      obstacle(f, kind);
    else if (kind == "wall" || kind == "barrier" || kind == "hedge" || kind == "railing")
      barrier(f, kind);
    else if (kind == "post")
      post(f);
    else if (kind == "portal")
      portal(f);
    else
      event(f, kind);
  }

 private:
  std::string guess(const Feature& f) {
    const auto named = kind_from_words(f);
    std::string kind = named.value_or(f.is_polygonal() ? "building" : f.lines.empty() ? "post" : "barrier");
    // Outlined posts (bollards, columns) that are more than a square metre large are obstacles.
    if (kind == "post" && f.is_polygonal() && total_area(f.polygons) > 1.0) kind = "obstacle";
    ++guessed_[kind];
    return kind;
  }
  bool wrong(const Feature& f, const char* wanted) {
    faults_.add(f.label, "E603 wrong geometry", to_string(f.shape), wanted);
    return false;
  }
  bool polygonal(const Feature& f) { return f.is_polygonal() || wrong(f, "Polygon, MultiPolygon"); }
  /// Polygons made valid, each repair noted.
  Polygons repaired(const Feature& f) {
    Polygons out;
    for (const Polygon& p : f.polygons) {
      const auto bad = find_invalid(p);
      if (bad.empty()) {
        out.push_back(p);
        continue;
      }
      Polygons fixed = make_valid(p);
      report_.add("G104", Severity::warning, id_, bad[0].at,
                  fmt::format("{}; repaired by the structure method, {} part(s) remain.", bad[0].reason, fixed.size()));
      out.insert(out.end(), fixed.begin(), fixed.end());
    }
    normalise(out);
    return out;
  }
  void walkable(const Feature& f, bool steps) {
    if (!polygonal(f)) return;
    Surface surface = steps ? Surface::steps : Surface::pedestrian;
    if (const auto word = f.text("surface")) {
      if (const auto named = surface_from(*word))
        surface = *named;
      else
        faults_.add(f.label + ".surface", "E605 unknown word", *word, "a surface of docs/formats/event-drawing.md");
    }
    const double speed = f.number_of("speed_factor", faults_).value_or(surface == Surface::steps ? 0.5 : 1.0);
    if (speed < 0.05 || speed > 1.2)
      faults_.add(f.label + ".speed_factor", "E608 out of range", fmt::format("{}", speed), "0.05 to 1.2");
    if (!steps) ++parts.n_walkable;
    for (Polygon& p : repaired(f)) layers_.ground.push_back({std::move(p), surface, level_, speed, false, id_});
  }
  void obstacle(const Feature& f, const std::string& kind) {
    if (!polygonal(f)) return;
    const ObstacleKind what = kind == "building"     ? ObstacleKind::building
                              : kind == "water"      ? ObstacleKind::water
                              : kind == "vegetation" ? ObstacleKind::vegetation
                                                     : ObstacleKind::other;
    const double height = std::clamp(f.number_of("height_m", faults_).value_or(0.0), 0.0, 2000.0);
    for (Polygon& p : repaired(f))
      layers_.obstacles.push_back({std::move(p), what, static_cast<LevelId>(level_), 0.0, height, id_});
  }
  void barrier(const Feature& f, const std::string& kind) {
    std::vector<Line> lines = f.lines;
    for (const Line& c : f.corners) {
      lines.push_back(c);
      lines.back().push_back(c.front());
    }
    if (lines.empty()) {
      wrong(f, "LineString");
      return;
    }
    const BarrierKind what = kind == "wall"      ? BarrierKind::wall
                             : kind == "hedge"   ? BarrierKind::hedge
                             : kind == "railing" ? BarrierKind::railing
                                                 : BarrierKind::fence;
    const bool clear =
        f.flag("see_through", faults_).value_or(what == BarrierKind::fence || what == BarrierKind::railing);
    for (Line& l : lines) layers_.barriers.push_back({std::move(l), what, static_cast<LevelId>(level_), clear, id_});
  }
  void post(const Feature& f) {
    const auto radius = f.number_of("radius_m", faults_);
    for (const Vec2 p : f.points)
      layers_.posts.push_back({p, std::clamp(radius.value_or(0.15), 0.01, 5.0), static_cast<LevelId>(level_), id_});
    for (const Polygon& p : f.polygons) {
      const double r = std::sqrt(area(p) / 3.14159265358979323846);
      layers_.posts.push_back(
          {centroid(p), std::clamp(radius.value_or(r), 0.01, 5.0), static_cast<LevelId>(level_), id_});
    }
    if (f.points.empty() && f.polygons.empty()) wrong(f, "Point");
  }
  void portal(const Feature& f) {
    if (f.lines.size() != 1 || f.lines[0].size() != 2) {
      wrong(f, "LineString of 2 points");
      return;
    }
    const double from = std::clamp(f.number_of("from_level", faults_).value_or(0.0), -100.0, 1000.0);
    const double to = std::clamp(f.number_of("to_level", faults_).value_or(0.0), -100.0, 1000.0);
    if (from == to)
      faults_.add(f.label, "E608 a portal joins two different levels", fmt::format("{}", from), "from_level, to_level");
    layers_.portals.push_back({f.lines[0][0], f.lines[0][1], static_cast<LevelId>(static_cast<int>(from)),
                               static_cast<LevelId>(static_cast<int>(to)), id_});
  }
  void event(const Feature& f, const std::string& kind) {
    const auto known = event_kinds();
    if (std::find(known.begin(), known.end(), kind) == known.end()) {
      std::vector<std::string> all = known;
      all.insert(all.end(), plan_kinds.begin(), plan_kinds.end());
      const std::string near = nearest_word(kind, all);
      faults_.add(f.label + ".kind", "E604 unknown kind", kind,
                  near.empty() ? fmt::format("{}", fmt::join(all, ", ")) : "nearest: " + near);
      return;
    }
    parts.event.push_back(f);
  }

 public:
  void tell_guesses(const std::string& file) {
    for (const auto& [kind, n] : guessed_)
      report_.add("E622", Severity::info, file, std::nullopt,
                  fmt::format("{} feature(s) without \"kind\" are read as {}.", n, kind));
  }

 private:
  Layers& layers_;
  Faults& faults_;
  ImportReport& report_;
  std::string id_;
  int level_ = 0;
  std::map<std::string, int> guessed_;
};

}  // namespace

PlanParts read_plan(const FeatureFile& file, Layers& layers, Faults& faults, ImportReport& report) {
  PlanReader reader(layers, faults, report);
  for (const Feature& f : file.features) reader.read(f);
  reader.tell_guesses(file.path.filename().string());
  return std::move(reader.parts);
}

}  // namespace throng::gis::detail
