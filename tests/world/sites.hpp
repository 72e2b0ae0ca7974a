#pragma once
#include "sim/core/math.hpp"
#include "sim/core/random.hpp"
#include "sim/world/world.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

/// Site geometry made by hand or at random, for tests of build_world().
namespace throng::test {

inline Ring box_ring(double x0, double y0, double x1, double y1) { return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}; }
inline Polygon box(double x0, double y0, double x1, double y1) { return {box_ring(x0, y0, x1, y1), {}}; }

struct SiteMaker {
  SiteGeometry site;

  SiteMaker() { site.levels = {{LevelId{0}, "ground", 0.0}}; }
  SiteMaker& ground(Polygon shape, LevelId level = LevelId{0}, Surface surface = Surface::square, double factor = 1.0) {
    site.walkable.push_back({std::move(shape), surface, level, factor, "part/" + std::to_string(site.walkable.size())});
    return *this;
  }
  SiteMaker& fence(std::vector<Vec2> line, LevelId level = LevelId{0}, bool see_through = true) {
    site.barriers.push_back(
        {std::move(line), BarrierKind::fence, level, see_through, "fence/" + std::to_string(site.barriers.size())});
    return *this;
  }
  SiteMaker& gate(std::string id, Vec2 a, Vec2 b, GateState state = GateState::open,
                  GateDirection direction = GateDirection::both) {
    site.gates.push_back({id, id, a, b, distance(a, b), LevelId{0}, state, direction, 0.0});
    return *this;
  }
  SiteMaker& portal(Vec2 a, Vec2 b, LevelId level_a, LevelId level_b) {
    site.portals.push_back({a, b, level_a, level_b, "portal/" + std::to_string(site.portals.size())});
    return *this;
  }
  PlaceShape& place(std::string id, PlaceKind kind, std::vector<Polygon> areas, LevelId level = LevelId{0}) {
    PlaceShape shape;
    shape.id = id;
    shape.name = id;
    shape.kind = kind;
    shape.level = level;
    shape.areas = std::move(areas);
    site.event.places.push_back(std::move(shape));
    return site.event.places.back();
  }
  PlaceShape& line_place(std::string id, PlaceKind kind, std::vector<Vec2> line) {
    PlaceShape& shape = place(std::move(id), kind, {});
    shape.line = std::move(line);
    return shape;
  }
  SiteMaker& count(std::string id, std::vector<Vec2> line) {
    site.event.lines.push_back({id, id, std::move(line), LevelId{0}, ""});
    return *this;
  }
};

inline double centimetres(double x) { return std::round(x * 100.0) / 100.0; }

/// Star-shaped simple polygon around a centre, corners on centimetres.
inline Ring random_star(Random& random, Vec2 centre, double r_min, double r_max, int corners) {
  Ring ring;
  for (int i = 0; i < corners; ++i) {
    const double angle = 2.0 * math::pi * (i + 0.8 * random.uniform()) / corners, r = random.uniform(r_min, r_max);
    ring.push_back({centimetres(centre.x + r * math::cos(angle)), centimetres(centre.y + r * math::sin(angle))});
  }
  return ring;
}
inline Ring reversed(Ring ring) {
  std::reverse(ring.begin(), ring.end());
  return ring;
}

/// Ground with holes, fences across it, a gate, and places that overlap each other and the border.
inline SiteGeometry random_site(std::uint32_t number) {
  Random random(5, Stream::test, number, Tick{});
  SiteMaker maker;
  Polygon ground{random_star(random, {50.0, 50.0}, 35.0, 49.0, 12 + static_cast<int>(random.below(30))), {}};
  for (const Vec2 centre : {Vec2{40, 40}, Vec2{62, 42}, Vec2{48, 62}})
    if (random.below(3) > 0)
      ground.holes.push_back(reversed(random_star(random, centre, 1.0, 6.0, 3 + static_cast<int>(random.below(9)))));
  maker.ground(ground);
  for (int n = 0; n < 6; ++n) {
    std::vector<Vec2> line;
    for (std::uint32_t i = 2 + random.below(3); i > 0; --i)
      line.push_back({random.uniform(10, 90), random.uniform(10, 90)});
    if (n % 2 == 0) line.back() = line.front() + Vec2{0.0, std::round(random.uniform(5, 30))};
    maker.fence(line, LevelId{0}, n % 3 == 0);
  }
  constexpr PlaceKind kinds[]{PlaceKind::zone, PlaceKind::source, PlaceKind::exit, PlaceKind::audience,
                              PlaceKind::closure};
  for (int n = 0; n < 10; ++n) {
    std::vector<Polygon> areas;
    for (std::uint32_t i = 1 + random.below(2); i > 0; --i) {
      const Vec2 centre{random.uniform(20, 80), random.uniform(20, 80)};
      areas.push_back({random_star(random, centre, 2.0, 15.0, 3 + static_cast<int>(random.below(8))), {}});
    }
    maker.place("place " + std::to_string(n), kinds[n % 5], areas);
  }
  maker.count("count", {{5.0, 50.0}, {95.0, 50.3}});
  return maker.site;
}

inline bool has_note(const BuildResult& result, const std::string& code, const std::string& id = {}) {
  return std::any_of(result.notes.begin(), result.notes.end(),
                     [&](const WorldNote& n) { return n.code == code && (id.empty() || n.object_id == id); });
}
inline std::string notes_text(const BuildResult& result) {
  std::string out;
  for (const WorldNote& n : result.notes) out += n.code + " " + n.severity + " " + n.object_id + ": " + n.text + "\n";
  return out;
}

}  // namespace throng::test
