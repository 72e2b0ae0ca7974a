#include "gis/detail/bgt.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/format.h>

namespace throng::gis::detail {
namespace {

constexpr double wall_thickness = 0.8;  ///< polygons thinner than this become lines [m]

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}
bool has(const std::string& text, std::initializer_list<const char*> parts) {
  return std::any_of(parts.begin(), parts.end(), [&](const char* p) { return text.find(p) != std::string::npos; });
}

BgtRule ground(Surface surface, double speed = 1.0) {
  return {BgtRule::What::ground, surface, speed, {}, {}, 0.0, true};
}
BgtRule obstacle(ObstacleKind kind) { return {BgtRule::What::obstacle, {}, 1.0, kind, {}, 0.0, true}; }
BgtRule barrier(BarrierKind kind) { return {BgtRule::What::barrier, {}, 1.0, {}, kind, 0.0, true}; }
BgtRule post(double radius) { return {BgtRule::What::post, {}, 1.0, {}, {}, radius, true}; }

BgtRule road_part(const std::string& f) {
  if (has(f, {"trap"})) return ground(Surface::steps, 0.5);
  if (has(f, {"voetgangersgebied"})) return ground(Surface::pedestrian);
  if (has(f, {"voetpad", "inrit", "ruiterpad"})) return ground(Surface::footway);
  if (has(f, {"woonerf"})) return ground(Surface::pedestrian);
  if (has(f, {"fietspad"})) return ground(Surface::cycleway);
  if (has(f, {"parkeervlak"})) return ground(Surface::parking);
  if (has(f, {"autosnelweg", "autoweg", "spoorbaan", "vliegverkeer"})) return ground(Surface::private_ground);
  return ground(Surface::road);
}

BgtRule plants(const std::string& f, const std::string& plus) {
  const std::string all = f + " " + plus;
  if (has(all, {"heesters", "bosplantsoen", "struikrozen", "bodembedekkers", "planten", "rietland", "moeras", "kwelder",
                "struiken"}))
    return obstacle(ObstacleKind::vegetation);
  if (has(all, {"bos"})) return ground(Surface::grass, 0.8);
  return ground(Surface::grass, 0.9);
}

BgtRule separation(const std::string& f) {
  if (has(f, {"kademuur", "damwand", "walbescherming"})) return barrier(BarrierKind::kerb_drop);
  if (has(f, {"hek", "raster"})) return barrier(BarrierKind::fence);
  if (has(f, {"haag", "heg"})) return barrier(BarrierKind::hedge);
  return barrier(BarrierKind::wall);
}

BgtRule construction(const std::string& f) {
  if (has(f, {"steiger", "perron", "vlonder"})) return ground(Surface::platform);
  if (has(f, {"strekdam"})) return ground(Surface::paved);
  return obstacle(ObstacleKind::structure);
}

BgtRule by_word(const std::string& f) {
  if (has(f, {"boom"})) return post(0.2);
  if (has(f, {"terras"})) return obstacle(ObstacleKind::other);
  if (has(f, {"paal", "mast", "bord"})) return post(0.1);
  if (has(f, {"afvalbak", "bank", "bak", "kast", "fietsenrek", "put"})) return post(0.4);
  if (has(f, {"voetpad", "voetgangersgebied", "rijbaan", "fietspad", "inrit"})) return road_part(f);
  if (has(f, {"water"})) return obstacle(ObstacleKind::water);
  if (has(f, {"pand", "gebouw"})) return obstacle(ObstacleKind::building);
  BgtRule unknown;
  unknown.known = false;
  return unknown;
}

/// Touching pieces of one level that is not the ground become one deck each.
void add_decks(std::map<int, std::vector<GroundPiece>>& raised, Layers& layers) {
  for (auto& [level, pieces] : raised) {
    Polygons shapes;
    for (const GroundPiece& g : pieces) shapes.push_back(g.shape);
    for (const Polygon& part : buffer_polygons(shapes, 0.05)) {
      Deck deck;
      deck.level = level;
      deck.automatic_ends = true;
      for (const GroundPiece& g : pieces)
        if (contains(part, inner_point(g.shape))) deck.pieces.push_back(g);
      if (!deck.pieces.empty()) layers.decks.push_back(std::move(deck));
    }
  }
}

class Adder {
 public:
  Adder(Layers& layers, ImportReport& report) : layers_(layers), report_(report) {}

  void add(const BgtFeature& f) {
    if (!is_current(f)) {
      ++n_old_;
      return;
    }
    const BgtRule rule = classify_bgt(f);
    const int level = bgt_level(f);
    if (!rule.known) ++unknown_[f.layer.substr(0, f.layer.find(' '))];
    switch (rule.what) {
      case BgtRule::What::skip:
        return;
      case BgtRule::What::ground:
        return add_ground(f, rule, level);
      case BgtRule::What::obstacle:
        return add_obstacle(f, rule, level);
      case BgtRule::What::barrier:
        return add_barrier(f, rule, level);
      case BgtRule::What::post:
        return add_post(f, rule, level);
    }
  }
  void finish() {
    add_decks(raised_, layers_);
    for (const auto& [layer, n] : unknown_)
      report_.add("B703", Severity::info, layer, std::nullopt,
                  fmt::format("{} object(s) of this layer have no rule; left out.", n));
    if (n_old_ > 0)
      report_.add("B704", Severity::info, "", std::nullopt,
                  fmt::format("{} object(s) ended or not existing; left out.", n_old_));
  }

 private:
  void add_ground(const BgtFeature& f, const BgtRule& rule, int level) {
    const bool over_water = rule.surface == Surface::platform;
    for (const Polygon& p : f.polygons) {
      GroundPiece piece{p, rule.surface, level, rule.speed_factor, over_water, f.id};
      if (level == 0)
        layers_.ground.push_back(std::move(piece));
      else
        raised_[level].push_back(std::move(piece));
    }
  }
  void add_obstacle(const BgtFeature& f, const BgtRule& rule, int level) {
    if (level < 0) return;
    if (level > 0 && rule.obstacle == ObstacleKind::water) level = 0;  // aqueducts are not modelled as sheets
    for (const Polygon& p : f.polygons)
      layers_.obstacles.push_back({p, rule.obstacle, static_cast<LevelId>(level), 0.0, 0.0, f.id});
    for (const Vec2 p : f.points) layers_.posts.push_back({p, 0.4, static_cast<LevelId>(level), f.id});
  }
  void add_barrier(const BgtFeature& f, const BgtRule& rule, int level) {
    const bool clear = rule.barrier != BarrierKind::wall && rule.barrier != BarrierKind::hedge;
    const auto line = [&](Line l) {
      layers_.barriers.push_back({std::move(l), rule.barrier, static_cast<LevelId>(level), clear, f.id});
    };
    for (const Line& l : f.lines) line(l);
    for (const Polygon& p : f.polygons) {
      Line middle = middle_line(p, wall_thickness);
      if (middle.size() >= 2)
        line(std::move(middle));
      else
        layers_.obstacles.push_back({p, ObstacleKind::structure, static_cast<LevelId>(level), 0.0, 0.0, f.id});
    }
  }
  void add_post(const BgtFeature& f, const BgtRule& rule, int level) {
    for (const Vec2 p : f.points) layers_.posts.push_back({p, rule.radius, static_cast<LevelId>(level), f.id});
    for (const Polygon& p : f.polygons) {
      if (area(p) > 4.0)
        layers_.obstacles.push_back({p, ObstacleKind::structure, static_cast<LevelId>(level), 0.0, 0.0, f.id});
      else
        layers_.posts.push_back(
            {centroid(p), std::sqrt(area(p) / 3.14159265358979323846), static_cast<LevelId>(level), f.id});
    }
  }
  Layers& layers_;
  ImportReport& report_;
  std::map<int, std::vector<GroundPiece>> raised_;
  std::map<std::string, int> unknown_;
  int n_old_ = 0;
};

}  // namespace

BgtRule classify_bgt(const BgtFeature& f) {
  std::string word;
  for (const char* key :
       {"function", "functie", "bgtfunctie", "class", "bgttype", "bgtfysiekvoorkomen", "type", "naam"})
    if (word.empty()) word = lower(f[key]);
  std::string plus;
  for (const char* key : {"plusfysiekvoorkomen", "plusfysiekvoorkomenbegroeidterreindeel", "plustype"})
    if (plus.empty()) plus = lower(f[key]);
  const std::string& l = f.layer;
  if (has(l, {"openbareruimtelabel", "functioneelgebied", "plaatsbepaling", "nummeraanduiding", "stadsdeel", "wijk",
              "buurt"}))
    return {};
  if (has(l, {"ondersteunendwegdeel", "auxiliarytraffic"}))
    return has(word, {"verkeerseiland"}) ? ground(Surface::paved) : ground(Surface::grass, 0.9);
  if (has(l, {"ondersteunendwaterdeel"})) return {};
  if (has(l, {"onbegroeidterrein"})) {
    if (has(word, {"erf"})) return ground(Surface::private_ground);
    return has(word, {"onverhard", "zand"}) ? ground(Surface::paved, 0.9) : ground(Surface::paved);
  }
  if (has(l, {"begroeidterrein", "plantcover"})) return plants(word, plus);
  if (has(l, {"wegdeel", "trafficarea"})) return road_part(word);
  if (has(l, {"waterdeel", "waterbody"})) return obstacle(ObstacleKind::water);
  if (has(l, {"overigbouwwerk"}))
    return has(word, {"overkapping", "loods"}) ? BgtRule{} : obstacle(ObstacleKind::structure);
  if (has(l, {"pand", "buildingpart"})) return obstacle(ObstacleKind::building);
  if (has(l, {"overbruggingsdeel", "bridgeconstruction"})) {
    if (has(word, {"dek"})) return ground(Surface::bridge);
    return has(word, {"pijler"}) ? obstacle(ObstacleKind::structure) : BgtRule{};
  }
  if (has(l, {"tunneldeel", "tunnelpart"})) return {};
  if (has(l, {"kunstwerkdeel"})) return construction(word);
  if (has(l, {"scheiding"})) return separation(word + " " + plus);
  if (has(l, {"vegetatieobject", "solitaryvegetation"}))
    return has(word + plus, {"haag"}) ? barrier(BarrierKind::hedge) : post(0.2);
  if (has(l, {"spoor", "railway"})) return has(word, {"tram", "sneltram"}) ? BgtRule{} : barrier(BarrierKind::other);
  if (has(l, {"paal", "mast", "bord", "sensor"})) return post(0.1);
  if (has(l, {"straatmeubilair", "bak", "kast", "installatie"})) return post(0.4);
  if (has(l, {"put"})) return {};
  return by_word(word.empty() ? l : word);
}

bool is_current(const BgtFeature& f) {
  if (!f["eindregistratie"].empty() || !f["terminationdate"].empty() || !f["objecteindtijd"].empty()) return false;
  const std::string status = lower(f["bgtstatus"]);
  return status.empty() || status == "bestaand";
}

int bgt_level(const BgtFeature& f) {
  return static_cast<int>(std::clamp(std::strtol(f["relatievehoogteligging"].c_str(), nullptr, 10), -20L, 20L));
}

Line middle_line(const Polygon& polygon, double max_thickness) {
  const Ring& ring = polygon.outer;
  const std::size_t n = ring.size();
  if (n < 3 || n > 2000) return {};
  double perimeter = 0.0;
  for (std::size_t i = 0; i < n; ++i) perimeter += distance(ring[i], ring[(i + 1) % n]);
  if (area(polygon) / std::max(1e-9, 0.5 * perimeter) > max_thickness) return {};
  std::size_t p = 0;
  std::size_t q = 1;
  double far = -1.0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t k = i + 1; k < n; ++k)
      if (const double d = distance(ring[i], ring[k]); d > far + 1e-9) {
        far = d;
        p = i;
        q = k;
      }
  // The two sides between the farthest corners; each corner is moved half way to the other side.
  Line side[2];
  for (std::size_t i = p; i != q; i = (i + 1) % n) side[0].push_back(ring[i]);
  side[0].push_back(ring[q]);
  for (std::size_t i = p; i != q; i = (i + n - 1) % n) side[1].push_back(ring[i]);
  side[1].push_back(ring[q]);
  const int longer = side[0].size() >= side[1].size() ? 0 : 1;
  const Line& other = side[1 - longer];
  Line out;
  for (const Vec2 v : side[longer]) {
    Vec2 best = other[0];
    for (std::size_t i = 0; i + 1 < other.size(); ++i) {
      const Vec2 c = nearest_on_segment(v, other[i], other[i + 1]);
      if (distance(v, c) < distance(v, best)) best = c;
    }
    const Vec2 middle = 0.5 * (v + best);
    if (out.empty() || distance(out.back(), middle) > 0.05) out.push_back(middle);
  }
  return out;
}

void add_bgt(const std::vector<BgtFeature>& features, Layers& layers, ImportReport& report) {
  Adder adder(layers, report);
  for (const BgtFeature& f : features) adder.add(f);
  adder.finish();
  const auto known = std::find_if(report.figures.begin(), report.figures.end(),
                                  [](const auto& f) { return f.first == "bgt_n_objects"; });
  if (known != report.figures.end())
    known->second += static_cast<double>(features.size());
  else
    report.figures.emplace_back("bgt_n_objects", static_cast<double>(features.size()));
}

}  // namespace throng::gis::detail
