#include "gis/detail/osm.hpp"

#include "tests/gis/osm_town.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

TEST_CASE("OSM in the Netherlands is projected to RD with credit", "[gis][unit]") {
  Town town;
  town.ring(0, 0, 50, 50, "highway=pedestrian;area=yes");
  const auto result = town.import();
  CHECK(result.site.frame.crs == "EPSG:28992");
  CHECK(result.site.frame.origin_x == std::floor(result.site.frame.origin_x / 1000.0) * 1000.0);
  CHECK(result.site.sources.at(0).licence == "ODbL 1.0, © OpenStreetMap contributors");
  CHECK(walkable_area(result.site, Surface::pedestrian) == Approx(2500.0).epsilon(0.01));
  const auto back = gis::to_lonlat(result.site.frame, Town::in(result.site, 25, 25));
  REQUIRE(back);
  CHECK(back->lon == Approx(5.12 + 25 / 68400.0).margin(1e-5));
}

TEST_CASE("a passage through a building opens its courtyard", "[gis][unit]") {
  Town town;
  const int outer = town.ring(0, 0, 40, 40, "");
  const int inner = town.ring(10, 10, 30, 30, "");
  town.relation({{outer, "outer"}, {inner, "inner"}}, "type=multipolygon;building=yes");
  town.ring(10, 10, 30, 30, "highway=pedestrian;area=yes");
  const int a = town.node(20, -10);
  const int b = town.node(20, 0);
  const int c = town.node(20, 10);
  town.way({a, b}, "highway=footway");
  town.way({b, c}, "highway=footway;tunnel=building_passage");
  const auto result = town.import();
  CHECK(walkable_at(result.site, Town::in(result.site, 20, 5)));
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, 15, 5)));
  CHECK(walkable_at(result.site, Town::in(result.site, 20, 20)));
  CHECK(figure(result.report, "osm_n_passages") == 1.0);
}

TEST_CASE("a bridge over water lies on the ground, one over a path has a sheet with portals", "[gis][unit]") {
  for (const bool path_below : {false, true}) {
    Town town;
    town.ring(-40, 20, 40, 40, "natural=water");
    if (path_below) {
      const int p = town.node(-40, 15);
      const int q = town.node(40, 15);
      town.way({p, q}, "highway=footway;width=4");
    }
    const int a = town.node(0, -20);
    const int b = town.node(0, 5);
    const int c = town.node(0, 45);
    const int d = town.node(0, 70);
    town.way({a, b}, "highway=pedestrian");
    town.way({b, c}, "highway=footway;width=3;bridge=yes;layer=1");
    town.way({c, d}, "highway=pedestrian");
    const auto result = town.import();
    const Vec2 middle = Town::in(result.site, 0, 30);
    if (!path_below) {
      CHECK(walkable_at(result.site, middle, 0));
      CHECK(result.site.portals.empty());
    } else {
      CHECK(walkable_at(result.site, middle, 1));
      CHECK_FALSE(walkable_at(result.site, middle, 0));
      CHECK(walkable_at(result.site, Town::in(result.site, 0, 15), 0));
      CHECK(walkable_at(result.site, Town::in(result.site, 0, 15), 1));
      double width = 0.0;
      for (const Portal& p : result.site.portals) width += distance(p.a, p.b);
      CHECK(width == Approx(6.0).margin(0.6));
      CHECK(count_code(result.report, "L201") == 1);
    }
    CHECK(unnoded_vertices(result.site) == 0);
  }
}

TEST_CASE("railings and bollards of a bridge stand on its level", "[gis][unit]") {
  Town town;
  const int p = town.node(-40, 15), q = town.node(40, 15);
  town.way({p, q}, "highway=footway;width=4");
  const int a = town.node(0, -20), b = town.node(0, 5), m = town.node(0, 25, "barrier=bollard");
  const int c = town.node(0, 45), d = town.node(0, 70);
  town.way({a, b}, "highway=pedestrian");
  town.way({b, m, c}, "highway=footway;width=3;bridge=yes;layer=1");
  town.way({c, d}, "highway=pedestrian");
  const int r0 = town.node(1.5, 10), r1 = town.node(1.5, 40);
  const int rail = town.way({r0, r1}, "barrier=railing;layer=1");
  const int w0 = town.node(20, 10), w1 = town.node(20, 40);
  town.way({w0, w1}, "barrier=wall;layer=1");
  const auto result = town.import();
  REQUIRE(result.site.barriers.size() == 1);
  CHECK(result.site.barriers[0].source_id == "way/" + std::to_string(rail));
  CHECK(result.site.barriers[0].level == LevelId{1});
  REQUIRE(result.site.posts.size() == 1);
  CHECK(result.site.posts[0].level == LevelId{1});
  CHECK(count_code(result.report, "O413") == 1);  // the wall stands on no bridge
}

TEST_CASE("railings of a bridge without a sheet stand on the ground", "[gis][unit]") {
  Town town;
  town.ring(-40, 20, 40, 40, "natural=water");
  const int a = town.node(0, -20), b = town.node(0, 5), m = town.node(0, 25, "barrier=bollard");
  const int c = town.node(0, 45), d = town.node(0, 70);
  town.way({a, b}, "highway=pedestrian");
  town.way({b, m, c}, "highway=footway;width=3;bridge=yes;layer=1");
  town.way({c, d}, "highway=pedestrian");
  const int r0 = town.node(1.5, 10), r1 = town.node(1.5, 40);
  town.way({r0, r1}, "barrier=railing;bridge=yes");
  const auto result = town.import();
  REQUIRE(result.site.barriers.size() == 1);
  CHECK(result.site.barriers[0].level == LevelId{0});
  REQUIRE(result.site.posts.size() == 1);
  CHECK(result.site.posts[0].level == LevelId{0});
}

TEST_CASE("opening hours are told, not used", "[gis][unit]") {
  Town town;
  town.ring(-30, -30, 30, 30, "highway=pedestrian;area=yes");
  const int a = town.node(-30, 0), b = town.node(0, 0, "barrier=gate;opening_hours=Mo-Fr 08:00-20:00"),
            c = town.node(30, 0);
  town.way({a, b, c}, "barrier=fence");
  const int d = town.node(0, 30), e = town.node(0, 60);
  town.way({d, e}, "highway=footway;opening_hours=sunrise-sunset");
  const auto result = town.import();
  REQUIRE(result.site.gates.size() == 1);
  CHECK(result.site.gates[0].initial == GateState::open);
  CHECK(count_code(result.report, "O412") == 2);
  CHECK(gis::report_json(result.report).find("Mo-Fr 08:00-20:00") != std::string::npos);
}

TEST_CASE("a drawing closes a street by its name or its number", "[gis][unit]") {
  Town town;
  const int a = town.node(0, 0), b = town.node(50, 0), c = town.node(100, 0);
  const int high = town.way({a, b}, "highway=residential;name=Hoge Weg;width=6");
  town.way({b, c}, "highway=residential;name=Hoge Weg;width=6");
  const int d = town.node(0, 50), e = town.node(100, 50);
  town.way({d, e}, "highway=residential;name=Lage Weg;width=6");
  const TempFolder folder;
  const auto closure = [](const std::string& what, const std::string& effect) {
    return R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"c","kind":"closure","effect":")" +
           effect + "\"," + what + R"(},"geometry":null}]})";
  };
  const auto import = [&](const std::string& drawing) {
    gis::ImportRequest request;
    request.event = {folder.write("event.geojson", drawing)};
    return town.import(request);
  };
  const double all = walkable_area(town.import().site);
  const auto by_name = import(closure(R"("street":"hoge weg")", "close_to_pedestrians"));
  CHECK(walkable_area(by_name.site) == Approx(all - 600.0).epsilon(0.05));
  CHECK(count_code(by_name.report, "E625") == 1);
  CHECK_FALSE(by_name.report.has_errors());
  const auto by_number = import(closure("\"osm_id\":" + std::to_string(high), "close_to_pedestrians"));
  CHECK(walkable_area(by_number.site) == Approx(all - 300.0).epsilon(0.05));
  const auto timed = import(closure(R"("street":"Hoge Weg")", "timed"));
  REQUIRE(timed.site.event.places.size() == 1);
  CHECK(timed.site.event.places[0].kind == PlaceKind::closure);
  CHECK(walkable_area(timed.site) == Approx(all).epsilon(0.01));
  CHECK_THAT(faults_of([&] { import(closure(R"("street":"Hooge Weg")", "timed")); }),
             Catch::Contains("E624") && Catch::Contains("nearest: Hoge Weg"));
  // the site remembers its streets: the event can be redone
  const auto again = gis::replace_event(
      town.import().site, {folder.write("event.geojson", closure(R"("street":"Hoge Weg")", "close_to_pedestrians"))});
  CHECK(fingerprint(again.site) == fingerprint(by_name.site));
}

TEST_CASE("barriers become lines, their gates and crossings become passable spans", "[gis][unit]") {
  Town town;
  town.ring(-30, -30, 30, 30, "highway=pedestrian;area=yes");
  const int a = town.node(-30, 0);
  const int g = town.node(-10, 0, "barrier=gate;width=2.4;locked=yes");
  const int x = town.node(10, 0);
  const int b = town.node(30, 0);
  town.way({a, g, x, b}, "barrier=wall");
  const int p = town.node(10, -20);
  const int q = town.node(10, 20);
  town.way({p, x, q}, "highway=footway");
  const auto result = town.import();
  REQUIRE(result.site.barriers.size() == 1);
  CHECK(result.site.barriers[0].kind == BarrierKind::wall);
  CHECK_FALSE(result.site.barriers[0].see_through);
  REQUIRE(result.site.gates.size() == 2);
  for (const GateSpan& gate : result.site.gates) CHECK(distance(gate.a, gate.b) == Approx(gate.width));
  const auto& locked = result.site.gates[0].initial == GateState::closed ? result.site.gates[0] : result.site.gates[1];
  CHECK(locked.width == Approx(2.4));
  CHECK(count_code(result.report, "O408") == 1);
}

TEST_CASE("private ground stays in the base map and out of the walkable ground", "[gis][unit]") {
  Town town;
  town.ring(0, 0, 20, 20, "highway=pedestrian;area=yes");
  town.ring(20, 0, 40, 20, "leisure=garden;access=private");
  const auto result = town.import();
  CHECK(walkable_area(result.site) == Approx(400.0).epsilon(0.02));
  double no_entry = 0.0;
  for (const WalkablePart& w : result.site.base.walkable)
    if (w.surface == Surface::private_ground) no_entry += area(w.shape);
  CHECK(no_entry == Approx(400.0).epsilon(0.02));
  CHECK(count_code(result.report, "G309") == 1);
}

TEST_CASE("a gate of the map between grounds where nobody walks is left out, not a fault", "[gis][regression]") {
  Town town;
  town.ring(0, 0, 50, 50, "highway=pedestrian;area=yes");
  const int gate = town.node(100, 20, "barrier=gate");
  town.way({town.node(80, 20), gate, town.node(120, 20)}, "barrier=fence");
  town.way({town.node(100, 0), gate, town.node(100, 40)}, "highway=service;access=private");
  const int used = town.node(25, 30, "barrier=gate");
  town.way({town.node(-5, 30), used, town.node(55, 30)}, "barrier=fence");
  const auto result = town.import();
  REQUIRE(result.site.gates.size() == 1);
  CHECK(result.site.gates[0].id == "node/" + std::to_string(used));
  CHECK(result.site.base.gates.size() == 2);  // a drawing may open the ground around it
  CHECK(count_code(result.report, "O409") == 1);
}

TEST_CASE("an open street leads through a building site, a closed one does not", "[gis][regression]") {
  Town town;
  town.ring(-20, -20, 20, 20, "landuse=construction");
  town.way({town.node(-50, 10), town.node(50, 10)}, "highway=footway;width=4");
  town.way({town.node(-50, -10), town.node(50, -10)}, "highway=construction;construction=footway;width=4");
  town.way({town.node(-45, -30), town.node(-45, 30)}, "highway=footway;width=4");
  const auto result = town.import();
  CHECK(walkable_at(result.site, Town::in(result.site, 0, 10)));
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, 0, -10)));
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, 0, 0)));
  CHECK(result.site.obstacles.size() == 2);  // what is left of the works on both sides
}

TEST_CASE("a lost area is told once, where it would have changed the ground that is imported", "[gis][unit]") {
  Town town;
  town.ring(0, 0, 50, 50, "highway=pedestrian;area=yes");
  const auto lost = [&](double x, const std::string& tags) {
    const int way = town.way({town.node(x, 0), town.node(x + 10, 0), town.node(x + 10, 10)}, "");
    town.relation({{way, "outer"}, {900000, "outer"}}, "type=multipolygon;" + tags);  // the other way is not here
    const int open = town.way({town.node(x, 20), town.node(x + 10, 20), town.node(x + 10, 30)}, "");
    town.relation({{open, "outer"}}, "type=multipolygon;" + tags);
  };
  lost(20, "building=yes");
  lost(20, "place=quarter");
  lost(3000, "building=yes");
  const auto losses = [](const gis::ImportResult& result) {
    return count_code(result.report, "O401") + count_code(result.report, "O404") + count_code(result.report, "O410");
  };
  CHECK(losses(town.import()) == 4);
  gis::ImportRequest request;
  request.bbox = {5.12 - 50 / 68400.0, 52.09 - 50 / 111250.0, 5.12 + 90 / 68400.0, 52.09 + 90 / 111250.0};
  CHECK(losses(town.import(request)) == 2);
}

TEST_CASE("ways cut by the extract are one note", "[gis][unit]") {
  Town town;
  town.ring(0, 0, 50, 50, "highway=pedestrian;area=yes");
  for (int i = 0; i < 5; ++i)
    town.way({town.node(10.0 * i, 0), town.node(10.0 * i, 20), 900000 + i}, "highway=footway");
  const auto result = town.import();
  CHECK(count_code(result.report, "O403") == 1);
  CHECK(figure(result.report, "osm_n_O403") == 5.0);
}

TEST_CASE("roofs, bridges of buildings and cellars are no obstacles", "[gis][unit]") {
  Town town;
  town.ring(0, 0, 60, 20, "highway=pedestrian;area=yes");
  town.ring(5, 5, 10, 10, "building=roof");
  town.ring(15, 5, 20, 10, "building=yes;min_height=4");
  town.ring(25, 5, 30, 10, "building=yes;layer=-1");
  town.ring(35, 5, 40, 10, "building=yes;height=12 m");
  const auto result = town.import();
  CHECK(walkable_area(result.site) == Approx(1175.0).epsilon(0.01));
  REQUIRE(result.site.obstacles.size() == 1);
  CHECK(result.site.obstacles[0].height == Approx(12.0));
}

TEST_CASE("the sea lies to the right of the coastline", "[gis][unit]") {
  Town town;
  town.ring(-50, -50, 50, 50, "highway=pedestrian;area=yes");
  const int a = town.node(60, 0);
  const int b = town.node(-60, 0);
  town.way({a, b}, "natural=coastline");  // drawn westward: water in the north
  gis::ImportRequest request;
  request.bbox = {5.12 - 50 / 68400.0, 52.09 - 50 / 111250.0, 5.12 + 50 / 68400.0, 52.09 + 50 / 111250.0};
  const auto result = town.import(request);
  CHECK(walkable_at(result.site, Town::in(result.site, 0, -20)));
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, 0, 20)));
  CHECK(count_code(result.report, "O406") == 1);
}

TEST_CASE("the event perimeter opens untagged ground but not buildings", "[gis][unit]") {
  Town town;
  town.ring(0, 0, 20, 20, "highway=pedestrian;area=yes");
  town.ring(30, 5, 40, 15, "building=yes");
  const TempFolder folder;
  const auto corner = [](double x, double y) {
    return "[" + std::to_string(5.12 + x / 68400.0) + "0," + std::to_string(52.09 + y / 111250.0) + "0]";
  };
  const std::string ring = "[[" + corner(0, 0) + "," + corner(50, 0) + "," + corner(50, 20) + "," + corner(0, 20) +
                           "," + corner(0, 0) + "]]";
  gis::ImportRequest request;
  request.event = {
      folder.write("event.geojson", collection({feature(R"("id":"p","kind":"perimeter")", "Polygon", ring)}, ""))};
  const auto result = town.import(request);
  CHECK(walkable_at(result.site, Town::in(result.site, 25, 10)));
  CHECK_FALSE(walkable_at(result.site, Town::in(result.site, 35, 10)));
  CHECK(walkable_area(result.site) == Approx(900.0).epsilon(0.02));
}

TEST_CASE("highway tags give class, width and access", "[gis][unit]") {
  using gis::detail::classify_highway;
  using gis::detail::Tags;
  const auto of = [](std::initializer_list<std::pair<const char*, const char*>> list) {
    Tags tags;
    for (const auto& [k, v] : list) tags.set(k, v);
    return classify_highway(tags, false);
  };
  CHECK(of({{"highway", "footway"}})->width == 2.0);
  CHECK(of({{"highway", "footway"}, {"width", "3,5 m"}})->width == 3.5);
  CHECK(of({{"highway", "footway"}, {"width", "10 ft"}})->width == Approx(3.048));
  CHECK(of({{"highway", "residential"}, {"lanes", "2"}})->width == 6.0);
  CHECK(of({{"highway", "residential"}, {"sidewalk", "both"}})->sidewalk_left > 1.0);
  CHECK(of({{"highway", "steps"}})->speed_factor == 0.5);
  CHECK(of({{"highway", "motorway"}})->no_entry);
  CHECK(of({{"highway", "service"}, {"access", "private"}})->no_entry);
  CHECK_FALSE(of({{"highway", "service"}, {"access", "private"}, {"foot", "yes"}})->no_entry);
  CHECK_FALSE(of({{"highway", "proposed"}}).has_value());
  Tags broken;
  broken.set("layer", "99999999999999999999");
  broken.set("width", "-3");
  CHECK(broken.whole("layer", 7) == 7);
  CHECK_FALSE(broken.metres("width").has_value());
}
