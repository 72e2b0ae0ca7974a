#include "gis/geojson_export.hpp"
#include "tests/gis/gis_support.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {
const std::string floor60 = area_feature(R"("kind":"walkable")", 0, 0, 60, 40);
std::string fence(const std::string& id, const std::string& coordinates) {
  return feature(R"("id":")" + id + R"(","kind":"fence")", "LineString", coordinates);
}
std::string gate(const std::string& id, const std::string& more, const std::string& point) {
  return feature(R"("id":")" + id + R"(","kind":"gate",)" + more, "Point", point);
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
}  // namespace

TEST_CASE("a plan in metres becomes walkable parts without overlap and with common nodes", "[gis][unit]") {
  const auto result = import_plan({floor60, area_feature(R"("kind":"walkable","surface":"road")", 60, 10, 80, 14),
                                   area_feature(R"("kind":"obstacle")", 10, 10, 12, 12)});
  const SiteGeometry& site = result.site;
  CHECK(site.frame.crs == "local");
  CHECK(walkable_area(site) == Approx(2400.0 - 4.0 + 80.0));
  CHECK(walkable_area(site, Surface::road) == Approx(80.0));
  CHECK(unnoded_vertices(site) == 0);
  CHECK(overlapping_points(site, 2000) == 0);
  CHECK_FALSE(walkable_at(site, {11, 11}));
  CHECK(site.obstacles.size() == 1);
  CHECK(site.sources.at(0).kind == "plan");
  CHECK_FALSE(result.report.has_errors());
}

TEST_CASE("a gate is a straight span of exactly its width on the fence", "[gis][unit]") {
  const auto result =
      import_plan({floor60, fence("f", "[[10,0],[10,20],[14,40]]"), gate("g", R"("width_m":3.617)", "[10.4,19.8]")});
  REQUIRE(result.site.gates.size() == 1);
  const GateSpan& g = result.site.gates[0];
  CHECK(distance(g.a, g.b) == Approx(3.617).epsilon(1e-12));
  CHECK(g.width == 3.617);
  REQUIRE(result.site.barriers.size() == 1);
  const auto& line = result.site.barriers[0].line;
  const auto a = std::find(line.begin(), line.end(), g.a);
  const auto b = std::find(line.begin(), line.end(), g.b);
  REQUIRE(a != line.end());
  REQUIRE(b != line.end());
  CHECK(std::abs(a - b) == 1);  // the section between them is one straight piece of the fence
  CHECK(result.site.gates[0].direction == GateDirection::both);
}

TEST_CASE("in and out of a gate follow the perimeter, whatever way it was drawn", "[gis][unit]") {
  for (const bool turned : {false, true}) {
    const std::string line = turned ? "[[20,24],[20,20]]" : "[[20,20],[20,24]]";
    const auto result = import_plan({floor60, area_feature(R"("id":"p","kind":"perimeter")", 20, 0, 60, 40),
                                     fence("f", "[[20,0],[20,40]]"),
                                     feature(R"("id":"g","kind":"gate","direction":"in")", "LineString", line)});
    REQUIRE(result.site.gates.size() == 1);
    const GateSpan& g = result.site.gates[0];
    const Vec2 left = perp(g.b - g.a);
    // forward = from left to right; inside is at larger x
    const bool right_is_inside = (-left).x > 0.0;
    CHECK((g.direction == GateDirection::forward) == right_is_inside);
    CHECK(g.direction != GateDirection::both);
  }
}

TEST_CASE("all faults of a drawing are told at once", "[gis][unit]") {
  const std::string text = faults_of([] {
    import_plan({floor60, fence("f", "[[10,0],[10,40]]"), gate("far", R"("width_m":2.0)", "[14,20]"),
                 gate("thin", R"("width_m":0.5)", "[10,20]"), gate("twin", R"("width_m":1.0)", "[10,5]"),
                 gate("twin", R"("width_m":1.0)", "[10,9]"), gate("long", R"("width_m":50)", "[10,20]"),
                 gate("inward", R"("width_m":1.0,"direction":"in")", "[10,35]"),
                 feature(R"("id":"x","kind":"podum")", "Point", "[1,1]"),
                 feature(R"("id":"z","kind":"zone","zone_kind":"pasage")", "Polygon", box(1, 1, 3, 3)),
                 feature(R"("id":"q","kind":"queue_lane","belongs_to":"nobody")", "LineString", "[[1,1],[2,2]]"),
                 feature(R"("id":"l","kind":"fence")", "Point", "[1,1]")});
  });
  CHECK(has(text, "E611"));
  CHECK(has(text, "4.00 m from the nearest"));
  CHECK(has(text, "E602"));
  CHECK(has(text, "E601"));
  CHECK(has(text, "E613"));
  CHECK(has(text, "E617"));
  CHECK(has(text, "E604"));
  CHECK(has(text, "nearest: podium"));
  CHECK(has(text, "E605"));
  CHECK(has(text, "nearest: passage"));
  CHECK(has(text, "E609"));
  CHECK(has(text, "E603"));
}

TEST_CASE("an event polygon that crosses itself is refused with the crossing, a plan polygon is repaired",
          "[gis][unit]") {
  const std::string bow = "[[[10,10],[14,14],[14,10],[10,14],[10,10]]]";
  const TempFolder folder;
  gis::ImportRequest request;
  request.plan = {folder.write("plan.geojson", collection({floor60}))};
  request.event = {folder.write("event.geojson", collection({feature(R"("id":"z","kind":"zone")", "Polygon", bow)}))};
  const std::string text = faults_of([&] { gis::import_site(request); });
  CHECK(has(text, "G104"));
  CHECK(has(text, "(12, 12)"));
  const auto repaired = import_plan({floor60, feature(R"("kind":"obstacle")", "Polygon", bow)});
  CHECK(count_code(repaired.report, "G104") == 1);
  CHECK(walkable_area(repaired.site) == Approx(2400.0 - 8.0));
}

TEST_CASE("coordinates must be finite and on the earth", "[gis][unit]") {
  CHECK(has(faults_of([] { import_plan({floor60, feature(R"("kind":"post")", "Point", "[1e300,2]")}); }), "E607"));
  CHECK_FALSE(faults_of([] { import_plan({floor60, feature(R"("kind":"post")", "Point", "[NaN,2]")}); }).empty());
  CHECK(has(faults_of([] { import_plan({feature(R"("kind":"walkable")", "Polygon", box(500, 500, 600, 600))}, ""); }),
            "X701"));
  CHECK(has(faults_of([] { import_plan({floor60}, "urn:ogc:def:crs:EPSG::99999"); }), "X702"));
}

TEST_CASE("a fence end that nearly touches is closed with a warning", "[gis][unit]") {
  const auto result = import_plan({floor60, fence("a", "[[10,0],[10,20]]"), fence("b", "[[10.3,20.2],[30,20.2]]"),
                                   area_feature(R"("kind":"building")", 30.25, 15, 35, 25)});
  CHECK(count_code(result.report, "E610") >= 2);
  REQUIRE(result.site.barriers.size() == 2);
  const auto& first = result.site.barriers[0].line;
  const auto& second = result.site.barriers[1].line;
  CHECK(second.back().x == Approx(30.25));
  CHECK(first.back() == second.front());
}

TEST_CASE("podia and closures take ground away, openings and walkways add it", "[gis][unit]") {
  const auto result =
      import_plan({floor60, area_feature(R"("kind":"building")", 40, 0, 60, 40),
                   area_feature(R"("id":"s","kind":"podium")", 5, 5, 15, 10),
                   area_feature(R"("id":"c","kind":"closure","effect":"close_to_pedestrians")", 20, 5, 25, 10),
                   area_feature(R"("id":"t","kind":"closure","effect":"timed")", 20, 20, 25, 25),
                   area_feature(R"("id":"o","kind":"opening")", 40, 18, 60, 22)});
  CHECK(walkable_area(result.site) == Approx(1600.0 - 50.0 - 25.0 + 80.0));
  CHECK(walkable_at(result.site, {50, 20}));
  CHECK(walkable_at(result.site, {22, 22}));
  REQUIRE(result.site.event.places.size() == 1);
  CHECK(result.site.event.places[0].kind == PlaceKind::closure);
  CHECK(result.site.event.landmarks.at(0).kind == "podium");
}

TEST_CASE("a walkway between levels joins sheets by portals at both ends", "[gis][unit]") {
  const auto result =
      import_plan({floor60, feature(R"("id":"bridge","kind":"walkway","level":1,"from_level":0,"to_level":0)",
                                    "Polygon", "[[[20,22],[20,18],[40,18],[40,22],[20,22]]]")});
  const SiteGeometry& site = result.site;
  REQUIRE(site.portals.size() == 2);
  CHECK(walkable_at(site, {30, 20}, 1));
  CHECK(walkable_at(site, {30, 20}, 0));
  CHECK_FALSE(walkable_at(site, {20.5, 20}, 0));  // below the first metre
  for (const Portal& p : site.portals) {
    CHECK(distance(p.a, p.b) == Approx(4.0));
    for (const LevelId level : {p.level_a, p.level_b}) {
      std::size_t found = 0;
      for (const WalkablePart& w : site.walkable)
        if (w.level == level)
          for_each_ring(w.shape, [&](const Ring& r) {
            for (const Vec2 v : r) found += v == p.a || v == p.b ? 1U : 0U;
          });
      CHECK(found >= 2);
    }
  }
  CHECK(site.levels.size() == 2);
  CHECK_FALSE(result.report.has_errors());
}

TEST_CASE("replacing the event gives what importing with it gives", "[gis][property]") {
  const TempFolder folder;
  gis::ImportRequest base;
  base.plan = {
      folder.write("plan.geojson", collection({floor60, area_feature(R"("kind":"building")", 50, 10, 55, 15)}))};
  const auto event = folder.write(
      "event.geojson",
      collection({area_feature(R"("id":"p","kind":"perimeter")", 10, 5, 50, 35), fence("f", "[[10,5],[10,35]]"),
                  gate("g", R"("width_m":2.5,"direction":"out")", "[10,20]"),
                  area_feature(R"("id":"s","kind":"podium")", 30, 15, 40, 25)}));
  gis::ImportRequest both = base;
  both.event = {event};
  const auto once = gis::import_site(both);
  const auto later = gis::replace_event(gis::import_site(base).site, {event});
  CHECK(fingerprint(once.site) == fingerprint(later.site));
  const auto again = gis::replace_event(once.site, {});
  CHECK(again.site.gates.empty());
  CHECK(fingerprint(again.site) == fingerprint(gis::import_site(base).site));
}

TEST_CASE("times and rates of a drawing are kept as defaults and told", "[gis][unit]") {
  const auto result = import_plan(
      {floor60,
       area_feature(R"("id":"in","kind":"source","rate":40,"valid_from":"2026-07-01T18:00+02:00")", 0, 0, 5, 5),
       area_feature(R"("id":"out","kind":"exit","step_fre":true)", 55, 0, 60, 5)});
  CHECK(result.site.event.defaults.size() == 2);
  CHECK(count_code(result.report, "E620") == 2);
  CHECK(count_code(result.report, "E621") <= 1);
}

TEST_CASE("a schedule that cannot be read is told", "[gis][unit]") {
  const auto with = [](const std::string& schedule) {
    return import_plan(
        {floor60, fence("f", "[[10,0],[10,40]]"), gate("g", R"("width_m":2,"schedule":)" + schedule, "[10,20]")});
  };
  CHECK(count_code(with(R"("18:30 open, 22:00 closed")").report, "E623") == 0);
  CHECK(count_code(with(R"([{"from":"18:30","to":"22:00"}])").report, "E623") == 0);
  CHECK(count_code(with(R"("when it is dark")").report, "E623") == 1);
}

TEST_CASE("an object far outside of the data is an error", "[gis][unit]") {
  const auto result = import_plan({floor60, area_feature(R"("id":"tent","kind":"structure")", 5000, 0, 5010, 10)});
  CHECK(count_code(result.report, "E612") == 1);
  CHECK(result.report.has_errors());
}

TEST_CASE("the map for QGIS is one collection or a folder of layers", "[gis][unit]") {
  const auto result =
      import_plan({floor60, area_feature(R"("kind":"building")", 50, 10, 55, 15), fence("f", "[[10,0],[10,40]]"),
                   gate("g", R"("width_m":2)", "[10,20]"), area_feature(R"("id":"z","kind":"zone")", 20, 10, 30, 20)});
  const TempFolder folder;
  CHECK(gis::is_one_geojson_file(folder.path() / "maps.geojson"));
  CHECK_FALSE(gis::is_one_geojson_file(folder.path() / "maps"));
  gis::export_geojson(result, folder.path() / "maps.geojson");
  gis::export_geojson(result, folder.path() / "maps");
  const auto read = [](const fs::path& file) {
    std::ifstream stream(file);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  const std::string one = read(folder.path() / "maps.geojson");
  CHECK(has(one, R"("name":"local")"));
  for (const char* layer : {"walkable", "obstacles", "barriers", "event"}) {
    CHECK(has(one, R"("layer":")" + std::string(layer) + "\""));
    CHECK(has(read(folder.path() / "maps" / (std::string(layer) + ".geojson")), R"("features":[{)"));
  }
  CHECK(has(one, R"("class":"pedestrian","level":0)"));
  CHECK(fs::exists(folder.path() / "maps" / "dropped.geojson"));
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) CHECK(entry.path().extension() != ".part");
  CHECK_THROWS_AS(gis::export_geojson(result, folder.path() / "none" / "maps.geojson"), IoError);
}

TEST_CASE("places off the ground are errors of the report", "[gis][unit]") {
  const auto result = import_plan({floor60, area_feature(R"("id":"z","kind":"zone")", 100, 100, 110, 110),
                                   area_feature(R"("id":"e","kind":"exit")", 59.5, 0, 70, 1)});
  CHECK(count_code(result.report, "E615") == 1);
  CHECK(count_code(result.report, "E616") == 1);
  CHECK(result.report.has_errors());
}

TEST_CASE("QGIS files with null columns and multi geometries are read", "[gis][unit]") {
  const auto result = import_plan(
      {floor60, feature(R"("id":7,"kind":"fence","width_m":null,"name":null)", "MultiLineString", "[[[5,0],[5,40]]]"),
       feature(R"("id":"g","kind":"gate","width_m":"2.0","state":"closed")", "MultiPoint", "[[5,20]]")});
  REQUIRE(result.site.gates.size() == 1);
  CHECK(result.site.gates[0].initial == GateState::closed);
  CHECK(result.site.event.fences.at(0).source_id == "event/7");
}

TEST_CASE("the report is JSON with stable codes", "[gis][unit]") {
  gis::ImportReport report;
  report.add("G302", gis::Severity::info, "way/1", Vec2{1.5, 2.0}, "text \xff with a broken byte");
  report.figures.emplace_back("x", 2.0);
  const std::string json = gis::report_json(report);
  CHECK(has(json, R"("code": "G302")"));
  CHECK(has(json, R"("severity": "info")"));
  CHECK_FALSE(report.has_errors());
}
