#include "gis/detail/osm.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

// Bridges and tunnels of OpenStreetMap as decks: ways of one layer that share nodes, and where they meet the ground.
namespace throng::gis::detail {
namespace {

constexpr double absorbed_length = 60.0;  ///< longest stair or ramp that is counted to a deck [m]

struct DeckWay {
  const OsmWay* way = nullptr;
  HighwayClass kind;
  int sheet = 0;
  bool absorbed = false;  ///< a ground way that ends in the middle of a deck
};

class Groups {
 public:
  explicit Groups(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[std::max(find(a), find(b))] = std::min(find(a), find(b)); }

 private:
  std::vector<std::size_t> parent_;
};

double length_of(const Line& line) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) sum += distance(line[i], line[i + 1]);
  return sum;
}

Polygon disc(Vec2 c, double r) {
  Polygon out;
  for (int k = 0; k < 12; ++k) {
    const double a = k * 3.14159265358979323846 / 6.0;
    out.outer.push_back(c + r * Vec2{std::cos(a), std::sin(a)});
  }
  return out;
}

class DeckBuilder {
 public:
  DeckBuilder(const OsmData& data, bool roads_walkable) : data_(data), roads_walkable_(roads_walkable) {}

  void build(Layers& layers) {
    collect();
    absorb();
    std::map<std::pair<int, std::int64_t>, std::vector<std::size_t>> users;  // (sheet, node) -> rows
    for (std::size_t i = 0; i < ways_.size(); ++i)
      for (const std::int64_t n : ways_[i].way->nodes) users[{ways_[i].sheet, n}].push_back(i);
    Groups groups(ways_.size());
    for (const auto& [key, rows] : users)
      for (const std::size_t r : rows) groups.join(rows[0], r);
    std::map<std::size_t, Deck> decks;
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      Deck& deck = decks[groups.find(i)];
      deck.level = ways_[i].sheet;
      add_way(ways_[i], users, deck);
    }
    add_bridge_areas(groups, decks, layers);
    for (auto& [root, deck] : decks) layers.decks.push_back(std::move(deck));
  }

 private:
  void collect() {
    for (const OsmWay& w : data_.ways) {
      if (!w.tags.has("highway") || (w.closed() && w.tags.is("area", {"yes"}))) continue;
      const auto kind = classify_highway(w.tags, roads_walkable_);
      if (!kind) continue;
      const int sheet = sheet_of(w.tags);
      if (sheet == 0) {
        ground_.push_back(&w);
        if (!kind->no_entry)
          for (const std::int64_t n : w.nodes) ground_nodes_.insert(n);
        continue;
      }
      const bool car_tunnel = sheet < 0 && kind->surface == Surface::road && !w.tags.is("foot", {"yes", "designated"});
      if (kind->no_entry || car_tunnel) continue;
      ways_.push_back({&w, *kind, sheet, false});
    }
  }
  /// Stairs and short ramps that end in the middle of a deck belong to it.
  void absorb() {
    std::map<std::int64_t, int> inner;  // node -> sheet
    std::map<std::int64_t, int> seen_as_end;
    for (const DeckWay& d : ways_) {
      const auto& nodes = d.way->nodes;
      for (std::size_t i = 1; i + 1 < nodes.size(); ++i) inner[nodes[i]] = d.sheet;
      for (const std::int64_t n : {nodes.front(), nodes.back()})
        if (!seen_as_end.emplace(n, d.sheet).second) inner[n] = d.sheet;
    }
    for (const OsmWay* w : ground_) {
      const auto front = inner.find(w->nodes.front());
      const auto back = inner.find(w->nodes.back());
      const bool at_front = front != inner.end();
      const bool at_back = back != inner.end();
      if (at_front == at_back || length_of(w->line) > absorbed_length) continue;
      if (!w->tags.is("highway", {"steps", "footway", "path", "cycleway"})) continue;
      const auto kind = classify_highway(w->tags, roads_walkable_);
      if (kind && !kind->no_entry) {
        ways_.push_back({w, *kind, at_front ? front->second : back->second, true});
        absorbed_.insert(w->id);
      }
    }
  }
  void add_way(const DeckWay& d, const std::map<std::pair<int, std::int64_t>, std::vector<std::size_t>>& users,
               Deck& deck) {
    const std::string id = "way/" + std::to_string(d.way->id);
    const double width = d.kind.width + d.kind.sidewalk_left + d.kind.sidewalk_right;
    const Surface surface = d.kind.surface;
    for (Polygon& p : buffer_line(d.way->line, width, true))
      deck.pieces.push_back({std::move(p), surface, d.sheet, d.kind.speed_factor, true, id});
    const Line& line = d.way->line;
    for (const bool front : {true, false}) {
      const std::int64_t node = front ? d.way->nodes.front() : d.way->nodes.back();
      const Vec2 at = front ? line.front() : line.back();
      const Vec2 before = front ? line[1] : line[line.size() - 2];
      if (users.at({d.sheet, node}).size() > 1) {  // goes on within the deck: close the wedge at the bend
        deck.pieces.push_back({disc(at, 0.5 * width), surface, d.sheet, d.kind.speed_factor, true, id});
        continue;
      }
      if (!d.absorbed && !ground_nodes_.contains(node)) continue;
      if (d.absorbed && !continues(d.way->id, node)) continue;
      deck.ends.push_back({at, normalized(at - before, {1.0, 0.0}), width, d.sheet, 0, id});
    }
  }
  /// Is the node used by another ground way than this one?
  bool continues(std::int64_t way, std::int64_t node) const {
    return std::any_of(ground_.begin(), ground_.end(), [&](const OsmWay* w) {
      return w->id != way && std::find(w->nodes.begin(), w->nodes.end(), node) != w->nodes.end();
    });
  }
  void add_bridge_areas(Groups& groups, std::map<std::size_t, Deck>& decks, Layers& layers) {
    for (const OsmArea& a : data_.areas) {
      const bool outline = a.tags.is("man_made", {"bridge"});
      const bool plaza = a.tags.has("highway") && (a.tags.is("area", {"yes"}) || !a.from_way) && sheet_of(a.tags) > 0;
      if ((!outline && !plaza) || is_private(a.tags)) continue;
      const int layer = a.tags.whole("layer", 0);
      const int sheet = plaza ? sheet_of(a.tags) : layer > 0 ? layer : 1;
      for (const Polygon& p : a.shape) {
        std::optional<std::size_t> root;
        for (std::size_t i = 0; i < ways_.size() && !root; ++i) {
          const Line& line = ways_[i].way->line;
          if (ways_[i].sheet == sheet && contains(p, 0.5 * (line[0] + line[1]))) root = groups.find(i);
        }
        if (!root && outline) continue;  // nothing to walk on, e.g. a railway bridge
        Deck fresh;
        fresh.level = sheet;
        Deck& deck = root ? decks[*root] : fresh;
        deck.pieces.push_back({p, plaza ? Surface::pedestrian : Surface::bridge, sheet, 1.0, true, a.source_id()});
        if (!root) layers.decks.push_back(std::move(fresh));
      }
    }
  }
  const OsmData& data_;
  bool roads_walkable_;
  std::vector<DeckWay> ways_;
  std::vector<const OsmWay*> ground_;
  std::set<std::int64_t> ground_nodes_;

 public:
  std::set<std::int64_t> absorbed_;
};

}  // namespace

void add_decks(const OsmData& data, bool roads_walkable, Layers& layers, ImportReport& report) {
  DeckBuilder builder(data, roads_walkable);
  builder.build(layers);
  std::set<std::string> taken;
  for (const std::int64_t id : builder.absorbed_) taken.insert("way/" + std::to_string(id));
  std::erase_if(layers.lines, [&](const GroundLine& l) { return taken.contains(l.source_id); });
  report.figures.emplace_back("osm_n_decks", static_cast<double>(layers.decks.size()));
}

}  // namespace throng::gis::detail
