#include "gis/detail/overlay.hpp"

#include "gis/detail/geos.hpp"
#include "tests/gis/gis_support.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;
using namespace throng::gis::detail;

namespace {

Polygon turned_box(Vec2 c, double w, double h, double angle) {
  Polygon p;
  for (const Vec2 v : {Vec2{-w, -h}, Vec2{w, -h}, Vec2{w, h}, Vec2{-w, h}})
    p.outer.push_back(
        c + 0.5 * Vec2{v.x * std::cos(angle) - v.y * std::sin(angle), v.x * std::sin(angle) + v.y * std::cos(angle)});
  return p;
}
std::string coordinates(const Polygon& p) {
  std::string out = "[[";
  for (std::size_t i = 0; i <= p.outer.size(); ++i) {
    char text[80];
    const Vec2 v = p.outer[i % p.outer.size()];
    std::snprintf(text, sizeof text, "%s[%.6f,%.6f]", i > 0 ? "," : "", v.x, v.y);
    out += text;
  }
  return out + "]]";
}

/// A random town: overlapping streets, houses and walls.
std::vector<std::string> town(unsigned seed, Vec2 shift = {}, double turn = 0.0) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const auto place = [&](Vec2 p) {
    return shift + Vec2{p.x * std::cos(turn) - p.y * std::sin(turn), p.x * std::sin(turn) + p.y * std::cos(turn)};
  };
  std::vector<std::string> out;
  const char* surfaces[] = {"pedestrian", "road", "footway", "grass"};
  for (int i = 0; i < 30; ++i) {
    const Vec2 c{100.0 * unit(random), 100.0 * unit(random)};
    const Polygon p =
        turned_box(place(c), 5.0 + 40.0 * unit(random), 3.0 + 10.0 * unit(random), turn + 3.0 * unit(random));
    const std::string id = std::to_string(100 + i);
    if (i % 3 == 2)
      out.push_back(feature(R"("kind":"building","id":"b)" + id + "\"", "Polygon", coordinates(p)));
    else
      out.push_back(feature(R"("kind":"walkable","id":"w)" + id + R"(","surface":")" + surfaces[i % 4] + "\"",
                            "Polygon", coordinates(p)));
  }
  for (int i = 0; i < 5; ++i) {
    const Polygon p = turned_box(place({100.0 * unit(random), 100.0 * unit(random)}), 20.0, 20.0, turn);
    const std::string ring = coordinates(p);
    out.push_back(
        feature(R"("kind":"wall","id":"v)" + std::to_string(i) + "\"", "LineString", ring.substr(1, ring.size() - 2)));
  }
  return out;
}

}  // namespace

TEST_CASE("the order of features does not change the result", "[gis][property]") {
  for (const unsigned seed : {1u, 2u, 3u}) {
    std::vector<std::string> features = town(seed);
    const std::string first = fingerprint(import_plan(features).site);
    std::mt19937 random(seed);
    std::shuffle(features.begin(), features.end(), random);
    CHECK(fingerprint(import_plan(features).site) == first);
    std::reverse(features.begin(), features.end());
    CHECK(fingerprint(import_plan(features).site) == first);
  }
}

TEST_CASE("moving and turning the input keeps areas and topology", "[gis][property]") {
  for (const unsigned seed : {4u, 5u, 6u}) {
    const auto still = import_plan(town(seed));
    const auto moved = import_plan(town(seed, {1000.0, -500.0}));
    const auto turned = import_plan(town(seed, {}, 0.7));
    CHECK(moved.site.walkable.size() == still.site.walkable.size());
    CHECK(walkable_area(moved.site) == Approx(walkable_area(still.site)).epsilon(1e-6));
    CHECK(walkable_area(turned.site) == Approx(walkable_area(still.site)).epsilon(2e-3));
  }
}

TEST_CASE("overlay keeps the area of ground minus obstacles, without overlap and noded", "[gis][property]") {
  for (unsigned seed = 10; seed < 20; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    OverlayInput input;
    Polygons ground;
    Polygons solid;
    for (int i = 0; i < 25; ++i)
      (i % 3 == 0 ? solid : ground)
          .push_back(turned_box({80 * unit(random), 80 * unit(random)}, 4 + 30 * unit(random), 2 + 12 * unit(random),
                                3 * unit(random)));
    const Polygons half(ground.begin(), ground.begin() + 8);
    input.areas = {{unite(ground, 0.0), 0, 10, false, Surface::road, 1.0},
                   {unite(half, 0.0), 0, 20, false, Surface::footway, 1.0},
                   {unite(solid, 0.0), 0, 100, true, Surface::undefined, 1.0}};
    const double grid = 0.05;
    input.precision = {grid, grid, {}};
    const OverlayOutput out = overlay(input);
    double sum = 0.0;
    SiteGeometry site;
    site.walkable = out.parts;
    for (const WalkablePart& w : out.parts) sum += area(w.shape);
    const double exact = total_area(subtract(ground, solid, 0.0));
    CHECK(sum == Approx(exact).epsilon(0.01));
    CHECK(unnoded_vertices(site) == 0);
    CHECK(overlapping_points(site, 1000) == 0);
    for (const WalkablePart& w : out.parts) CHECK(find_invalid(w.shape).empty());
  }
}

TEST_CASE("both precisions meet in common nodes on the perimeter", "[gis][property]") {
  for (unsigned seed = 30; seed < 36; ++seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> unit(0.0, 1.0);
    Polygons ground;
    for (int i = 0; i < 20; ++i)
      ground.push_back(turned_box({80 * unit(random), 80 * unit(random)}, 4 + 30 * unit(random), 2 + 12 * unit(random),
                                  3 * unit(random)));
    OverlayInput input;
    input.areas = {{unite(ground, 0.0), 0, 10, false, Surface::road, 1.0}};
    const Polygon perimeter = turned_box({40, 40}, 33.3, 27.7, 0.31);
    input.areas.push_back({{perimeter}, 0, 5, false, Surface::undefined, 1.0});
    input.precision = {0.25, 0.05, {perimeter}};
    SiteGeometry site;
    site.walkable = overlay(input).parts;
    CHECK(unnoded_vertices(site) == 0);
    CHECK(overlapping_points(site, 1000) == 0);
    Polygons all = ground;
    all.push_back(perimeter);
    CHECK(walkable_area(site) == Approx(total_area(unite(all, 0.0))).epsilon(0.02));
    std::size_t fine = 0;
    for (const WalkablePart& w : site.walkable)
      for (const Vec2 v : w.shape.outer) {
        const bool coarse = std::fabs(std::remainder(v.x, 0.25)) < 1e-9 && std::fabs(std::remainder(v.y, 0.25)) < 1e-9;
        if (!coarse) {
          ++fine;
          CHECK(total_area(intersect({turned_box(v, 1.0, 1.0, 0.0)}, {perimeter}, 0.0)) >
                0.0);  // only in or near the perimeter
        }
      }
    CHECK(fine > 0);
  }
}

TEST_CASE("small parts are dropped and told unless something stands on them", "[gis][unit]") {
  const std::vector<std::string> features{area_feature(R"("kind":"walkable")", 0, 0, 20, 20),
                                          area_feature(R"("kind":"walkable")", 30, 0, 32, 2)};
  const auto result = import_plan(features);
  CHECK(walkable_area(result.site) == Approx(400.0));
  CHECK(count_code(result.report, "G302") == 1);
  REQUIRE(result.dropped.size() == 1);
  CHECK(area(result.dropped[0].shape) == Approx(4.0));
  auto with_exit = features;
  with_exit.push_back(area_feature(R"("id":"e","kind":"exit")", 30.2, 0.2, 31.8, 1.8));
  CHECK(walkable_area(import_plan(with_exit).site) == Approx(404.0));
}

TEST_CASE("a snapped barrier passes through the nodes of the ground that it crosses", "[gis][unit]") {
  const auto result = import_plan({area_feature(R"("kind":"walkable")", 0, 0, 10, 10),
                                   area_feature(R"("kind":"walkable","surface":"road")", 10, 0, 20, 10),
                                   feature(R"("kind":"wall")", "LineString", "[[2,1],[18,9]]")});
  const auto& line = result.site.barriers.at(0).line;
  REQUIRE(line.size() == 3);
  CHECK(distance(line[1], {10, 5}) < 1e-9);
  bool node = false;
  for (const WalkablePart& w : result.site.walkable)
    for (const Vec2 v : w.shape.outer) node = node || v == line[1];
  CHECK(node);
}
