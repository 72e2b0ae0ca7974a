#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

// Sheets: decks over water return to the ground; decks over walkable ground and tunnels keep a sheet and get joints.
namespace throng::gis::detail {
namespace {

constexpr double end_reach = 3.0;    ///< ground this close to an end of a deck does not count as being below it [m]
constexpr double below_area = 4.0;   ///< walkable ground below a deck that makes it a sheet [m²]
constexpr double mouth_depth = 1.0;  ///< ground taken away below the end of a deck [m]
constexpr double apron_depth = 0.5;  ///< ground added in front of the end of a deck [m]

Polygon rectangle(Vec2 a, Vec2 b, Vec2 direction, double depth) {
  Polygon p{{a, b, b + depth * direction, a + depth * direction}, {}};
  normalise(p);
  return p;
}

Polygon square_around(Vec2 c, double h) {
  return {{c + Vec2{-h, -h}, c + Vec2{h, -h}, c + Vec2{h, h}, c + Vec2{-h, h}}, {}};
}

/// Ground of level 0 near a box, as shapes.
class GroundBelow {
 public:
  explicit GroundBelow(const Layers& layers) : pieces_(pieces_of(layers.lines)) {
    std::vector<Box> boxes;
    pieces_.insert(pieces_.end(), layers.ground.begin(), layers.ground.end());
    for (const GroundPiece& g : pieces_) boxes.push_back(bounds(g.shape));
    index_.emplace(std::move(boxes), 50.0);
    std::vector<Box> solid;
    for (const Obstacle& o : layers.obstacles) solid.push_back(bounds(o.shape));
    obstacles_ = &layers.obstacles;
    solid_.emplace(std::move(solid), 50.0);
  }
  Polygons near(Box box, int level) const {
    Polygons out;
    for (const std::size_t i : index_->find(box))
      if (pieces_[i].level == level && pieces_[i].surface != Surface::private_ground) out.push_back(pieces_[i].shape);
    if (out.empty()) return out;
    Polygons solid;
    for (const std::size_t i : solid_->find(box))
      if (static_cast<int>((*obstacles_)[i].level) == level) solid.push_back((*obstacles_)[i].shape);
    return solid.empty() ? unite(out, 0.0) : subtract(out, solid, 0.0);
  }

 private:
  std::vector<GroundPiece> pieces_;
  const std::vector<Obstacle>* obstacles_;
  std::optional<BoxIndex> index_, solid_;
};

/// Area of ground below a deck, away from its ends. For decks without known ends, away from its rim.
double area_below(const Deck& deck, const Polygons& shape, const GroundBelow& ground) {
  Box box;
  for (const Polygon& p : shape) {
    box.add(bounds(p).min);
    box.add(bounds(p).max);
  }
  Polygons core = shape;
  if (deck.automatic_ends) {
    core = buffer_polygons(shape, -0.5);
  } else {
    Polygons ends;
    for (const DeckEnd& e : deck.ends) ends.push_back(square_around(e.at, 0.5 * e.width + end_reach));
    if (!ends.empty()) core = subtract(shape, ends, 0.0);
  }
  return total_area(intersect(core, ground.near(box, 0), 0.0));
}

}  // namespace

void add_joint(OverlayInput& input, const Joint& joint, int order_blocked, int order_ground, Surface apron) {
  const Vec2 in = joint.inward;
  const auto add = [&](Polygon shape, int level, bool blocked) {
    input.areas.push_back({{std::move(shape)}, level, blocked ? order_blocked : order_ground, blocked, apron, 1.0});
  };
  const double width = distance(joint.a, joint.b);
  const Vec2 along = (joint.b - joint.a) / std::max(1e-9, width);
  add(rectangle(joint.a, joint.b, in, mouth_depth), joint.level, false);
  add(rectangle(joint.a - 0.5 * along, joint.b + 0.5 * along, -in, apron_depth), joint.level, true);
  add(rectangle(joint.a, joint.b, in, mouth_depth), joint.other, true);
  add(rectangle(joint.a, joint.b, -in, apron_depth), joint.other, false);
  input.portals.push_back(
      {joint.a, joint.b, static_cast<LevelId>(joint.level), static_cast<LevelId>(joint.other), joint.source_id});
}

std::vector<Joint> resolve_decks(Layers& layers, std::vector<int>& automatic_levels, ImportReport& report) {
  std::vector<Joint> joints;
  if (layers.decks.empty()) return joints;
  const GroundBelow ground(layers);
  std::size_t sheets = 0;
  std::size_t merged = 0;
  for (Deck& deck : layers.decks) {
    if (deck.pieces.empty()) continue;
    Polygons shape;
    for (const GroundPiece& g : deck.pieces) shape.push_back(g.shape);
    shape = unite(shape, 0.0);
    const std::string& id = deck.pieces[0].source_id;
    const Vec2 at = shape.empty() ? Vec2{} : inner_point(shape[0]);
    const double below = area_below(deck, shape, ground);
    const bool joins = deck.automatic_ends || !deck.ends.empty();
    if (!joins && (below >= below_area || deck.level < 0)) {
      report.add("L202", Severity::info, id, at,
                 fmt::format("Bridge or tunnel on level {} has no end at walkable ground; left out.", deck.level));
      continue;
    }
    if (below < below_area) {
      ++merged;
      for (GroundPiece& g : deck.pieces) {
        g.level = 0;
        g.over_obstacles = true;
        layers.ground.push_back(std::move(g));
      }
      continue;
    }
    ++sheets;
    report.add("L201", Severity::info, id, at,
               fmt::format("Sheet of its own on level {}: {:.0f} m² of walkable ground lie below.", deck.level, below));
    for (GroundPiece& g : deck.pieces) {
      g.level = deck.level;
      g.over_obstacles = true;
      layers.ground.push_back(std::move(g));
    }
    if (deck.automatic_ends) automatic_levels.push_back(deck.level);
    for (const DeckEnd& e : deck.ends) {
      const Vec2 half = 0.5 * e.width * perp(e.outward);
      joints.push_back({e.at - half, e.at + half, -e.outward, e.level, e.other, e.source_id});
    }
  }
  std::sort(automatic_levels.begin(), automatic_levels.end());
  automatic_levels.erase(std::unique(automatic_levels.begin(), automatic_levels.end()), automatic_levels.end());
  report.figures.emplace_back("n_deck_sheets", static_cast<double>(sheets));
  report.figures.emplace_back("n_decks_on_ground", static_cast<double>(merged));
  return joints;
}

std::string level_text(int level) { return level == 0 ? "ground" : fmt::format("level {}", level); }

std::vector<Level> levels_of(const std::vector<int>& numbers, const std::vector<Level>& known) {
  std::set<int> all(numbers.begin(), numbers.end());
  all.insert(0);
  std::vector<Level> out;
  for (const int n : all) {
    const auto old =
        std::find_if(known.begin(), known.end(), [&](const Level& l) { return static_cast<int>(l.id) == n; });
    out.push_back(old != known.end() ? *old : Level{static_cast<LevelId>(n), level_text(n), 4.0 * n});
  }
  return out;
}

}  // namespace throng::gis::detail
