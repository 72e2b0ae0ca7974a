#include "tests/gis/osm_town.hpp"

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

constexpr double road_edge = 3.0;  // half of a road of 6 m along y = 0

/// A road and, `gap` metres beside it, a pavement of 2 m: two strips that meet nowhere.
Town street(double gap) {
  Town town;
  town.way({town.node(-60, 0), town.node(60, 0)}, "highway=residential;width=6");
  const double y = road_edge + gap + 1.0;
  town.way({town.node(-60, y), town.node(60, y)}, "highway=footway;width=2");
  return town;
}

gis::ImportRequest close(double gaps) {
  gis::ImportRequest request;
  request.close_gaps = gaps;
  request.roads_walkable = true;
  request.grid = 0.05;
  return request;
}

gis::ImportRequest by_default() {
  gis::ImportRequest request;
  request.roads_walkable = true;
  request.grid = 0.05;
  return request;
}

/// How many of the places across the strip at y, 2 m apart, can be walked on.
int open_places(const SiteGeometry& site, double y) {
  int n = 0;
  for (int x = -50; x <= 50; x += 2) n += walkable_at(site, Town::in(site, x, y)) ? 1 : 0;
  return n;
}
constexpr int all_places = 51;

}  // namespace

TEST_CASE("a road and a pavement mapped 1 m beside it become one ground", "[gis][unit]") {
  const auto result = street(1.0).import(by_default());
  CHECK(open_places(result.site, road_edge + 0.5) == all_places);
  CHECK(count_code(result.report, "G317") == 1);
  CHECK(figure(result.report, "n_closed_gaps") == 1.0);
  CHECK(figure(result.report, "closed_gaps_area_m2") == Approx(120.0).epsilon(0.03));
  CHECK(walkable_area(result.site, Surface::undefined) == Approx(120.0).epsilon(0.05));
  CHECK(unnoded_vertices(result.site) == 0);
  CHECK(overlapping_points(result.site, 5000) == 0);

  const auto open = street(1.0).import(close(0.0));
  CHECK(open_places(open.site, road_edge + 0.5) == 0);
  CHECK(count_code(open.report, "G317") == 0);
  CHECK(walkable_area(open.site, Surface::undefined) == 0.0);
}

TEST_CASE("strips farther apart than the gap to be closed stay apart", "[gis][unit]") {
  CHECK(open_places(street(2.5).import(by_default()).site, road_edge + 1.25) == 0);
  CHECK(open_places(street(2.5).import(close(3.0)).site, road_edge + 1.25) == all_places);
  CHECK(open_places(street(1.0).import(close(0.8)).site, road_edge + 0.5) == 0);
}

TEST_CASE("nothing mapped between two strips is filled", "[gis][unit]") {
  const auto between = [](const std::string& tags, double low, double high) {
    Town town = street(1.4);
    town.ring(-70, road_edge + low, 70, road_edge + high, tags);
    return town.import(by_default());
  };
  const char* areas[] = {"natural=water", "building=yes", "landuse=flowerbed", "natural=scrub",
                         "highway=service;area=yes;access=private"};
  for (const char* tags : areas) {
    CAPTURE(tags);
    const auto result = between(tags, 0.0, 1.4);
    CHECK(open_places(result.site, road_edge + 0.7) == 0);
  }
  // Half of the gap: what is left is too narrow to walk, and joins nothing.
  for (const char* tags : {"natural=water", "building=yes"}) {
    CAPTURE(tags);
    const auto result = between(tags, 0.6, 1.4);
    CHECK(open_places(result.site, road_edge + 0.3) == 0);
    CHECK(open_places(result.site, road_edge + 1.0) == 0);
  }
}

TEST_CASE("a fence, wall or railway between two strips keeps them apart", "[gis][unit]") {
  for (const char* tags : {"barrier=fence", "barrier=wall", "barrier=hedge", "railway=rail"})
    for (const double at : {0.1, 0.5, 0.9}) {
      CAPTURE(tags, at);
      Town town = street(1.0);
      town.way({town.node(-70, road_edge + at), town.node(70, road_edge + at)}, tags);
      const auto result = town.import(by_default());
      CHECK(open_places(result.site, road_edge + 0.05) == 0);
      CHECK(open_places(result.site, road_edge + 0.5) == 0);
      CHECK(open_places(result.site, road_edge + 0.95) == 0);
      CHECK(count_code(result.report, "G317") == 0);
    }
}

TEST_CASE("a fence along half of a sliver closes that half only", "[gis][unit]") {
  Town town = street(1.0);
  town.way({town.node(-70, road_edge + 0.5), town.node(0, road_edge + 0.5)}, "barrier=fence");
  const auto result = town.import(by_default());
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, -20, road_edge + 0.5)));
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, 0.6, road_edge + 0.5)));  // not round its end
  CHECK(walkable_at(result.site, Town::in(result.site, 20, road_edge + 0.5)));
}

TEST_CASE("a slit between buildings is no passage, and a tunnel beside a road is not joined to it", "[gis][unit]") {
  Town town;
  town.way({town.node(-30, 0), town.node(30, 0)}, "highway=residential;width=6");
  town.ring(-30, 4.2, 30, 20, "highway=pedestrian;area=yes");  // a court, 1.2 m behind
  town.ring(-30, 3.1, -0.5, 4.1, "building=yes");
  town.ring(0.5, 3.1, 30, 4.1, "building=yes");
  const auto slit = town.import(by_default());
  CHECK_FALSE(walkable_at(slit.site, Town::in(slit.site, 0, 3.6)));

  Town below;
  below.way({below.node(-60, 0), below.node(60, 0)}, "highway=residential;width=6");
  below.way({below.node(-60, 5), below.node(60, 5)}, "highway=footway;width=2;tunnel=yes;layer=-1");
  below.way({below.node(-60, 30), below.node(-60, 5)}, "highway=footway;width=2");
  const auto tunnel = below.import(by_default());
  CHECK(open_places(tunnel.site, road_edge + 0.5) == 0);
}

TEST_CASE("closing gaps does not depend on the order of the data and gives the same again", "[gis][property]") {
  const auto town = [](bool turned) {
    Town out;
    const auto road = [&] { out.way({out.node(-60, 0), out.node(60, 7)}, "highway=residential;width=6"); };
    const auto path = [&] { out.way({out.node(-60, 5), out.node(60, 11)}, "highway=footway;width=2"); };
    const auto side = [&] { out.way({out.node(-10, -30), out.node(14, 40)}, "highway=footway;width=2"); };
    if (turned) side(), path(), road();
    if (!turned) road(), path(), side();
    return out.import(by_default());
  };
  const auto once = town(false);
  const auto again = town(false);
  const auto turned = town(true);
  REQUIRE(figure(once.report, "n_closed_gaps") >= 1.0);
  CHECK(fingerprint(once.site) == fingerprint(again.site));
  CHECK(walkable_area(once.site) == Approx(walkable_area(turned.site)).epsilon(1e-12));
  CHECK(figure(once.report, "closed_gaps_area_m2") ==
        Approx(figure(turned.report, "closed_gaps_area_m2")).epsilon(1e-9));
}

TEST_CASE("gaps of a plan are meant, and a width out of range is refused", "[gis][unit]") {
  const std::vector<std::string> plan{area_feature(R"("id":"a","kind":"walkable")", 0, 0, 20, 10),
                                      area_feature(R"("id":"b","kind":"walkable")", 0, 11, 20, 20)};
  CHECK_FALSE(walkable_at(import_plan(plan).site, {10, 10.5}));
  CHECK(faults_of([] { street(1.0).import(close(-1.0)); }).find("close_gaps") != std::string::npos);
  CHECK(faults_of([] { street(1.0).import(close(NAN)); }).find("close_gaps") != std::string::npos);
}
