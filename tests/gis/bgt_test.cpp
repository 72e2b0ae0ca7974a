#include "gis/detail/bgt.hpp"

#include "tests/gis/gis_support.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;
using namespace throng::gis::detail;

namespace {

BgtFeature object(const std::string& layer, std::initializer_list<std::pair<const char*, const char*>> attributes) {
  BgtFeature f;
  f.layer = layer;
  f.id = "bgt/x";
  for (const auto& [k, v] : attributes) f.attributes.emplace(k, v);
  return f;
}

std::string gml(const std::string& members) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:imgeo="http://www.geostandaarden.nl/imgeo/2.1">)" +
         members + "</gml:FeatureCollection>\n";
}
std::string road(const std::string& id, const std::string& function, const std::string& more,
                 const std::string& exterior) {
  return R"(<gml:featureMember><imgeo:Wegdeel gml:id=")" + id +
         R"("><imgeo:bgt-status>bestaand</imgeo:bgt-status><imgeo:function>)" + function + "</imgeo:function>" + more +
         R"(<imgeo:geometrie2dWegdeel><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior>)" + exterior +
         "</gml:exterior></gml:Polygon></imgeo:geometrie2dWegdeel></imgeo:Wegdeel></gml:featureMember>";
}
std::string ring(const std::string& positions) {
  return "<gml:LinearRing><gml:posList>" + positions + "</gml:posList></gml:LinearRing>";
}

}  // namespace

TEST_CASE("BGT functions become surfaces", "[gis][unit]") {
  CHECK(classify_bgt(object("wegdeel", {{"function", "voetpad"}})).surface == Surface::footway);
  CHECK(classify_bgt(object("wegdeel", {{"function", "voetpad op trap"}})).speed_factor == 0.5);
  CHECK(classify_bgt(object("trafficarea", {{"bgtfunctie", "rijbaan lokale weg"}})).surface == Surface::road);
  CHECK(classify_bgt(object("wegdeel", {{"function", "rijbaan autosnelweg"}})).surface == Surface::private_ground);
  CHECK(classify_bgt(object("onbegroeidterreindeel", {{"bgtfysiekvoorkomen", "erf"}})).surface ==
        Surface::private_ground);
  CHECK(
      classify_bgt(object("begroeidterreindeel", {{"class", "groenvoorziening"}, {"plusfysiekvoorkomen", "heesters"}}))
          .obstacle == ObstacleKind::vegetation);
  CHECK(classify_bgt(object("scheiding", {{"bgttype", "kademuur"}})).barrier == BarrierKind::kerb_drop);
  CHECK(classify_bgt(object("obstacledata", {{"naam", "boom"}})).what == BgtRule::What::post);
  CHECK_FALSE(classify_bgt(object("unknown", {})).known);
  CHECK_FALSE(is_current(object("wegdeel", {{"eindregistratie", "2020-01-01"}})));
  CHECK_FALSE(is_current(object("wegdeel", {{"bgtstatus", "plan"}})));
  CHECK(bgt_level(object("wegdeel", {{"relatievehoogteligging", "-1"}})) == -1);
}

TEST_CASE("a thin wall polygon becomes its middle line, a thick one does not", "[gis][unit]") {
  const Line line = middle_line({{{0, 0}, {5, 0}, {5, 5}, {4.8, 5}, {4.8, 0.2}, {0, 0.2}}, {}}, 0.8);
  REQUIRE(line.size() >= 3);
  for (const Vec2 p : line) CHECK((std::fabs(p.y - 0.1) < 0.15 || std::fabs(p.x - 4.9) < 0.15));
  CHECK(distance(line.front(), line.back()) > 6.0);
  CHECK(middle_line({{{0, 0}, {5, 0}, {5, 5}, {0, 5}}, {}}, 0.8).empty());
}

TEST_CASE("BGT GML is read with its arcs, and nothing is written beside it", "[gis][unit]") {
  const TempFolder folder;
  const std::string arc =
      "<gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:LineStringSegment><gml:posList>100000 450000 100020 "
      "450000</gml:posList></gml:LineStringSegment>"
      "<gml:Arc><gml:posList>100020 450000 100010 450010 100000 "
      "450000</gml:posList></gml:Arc></gml:segments></gml:Curve></gml:curveMember></gml:Ring>";
  const auto path = folder.write(
      "bgt_wegdeel.gml", gml(road("a", "voetpad", "", arc) +
                             road("b", "rijbaan lokale weg", "",
                                  ring("100000 450000 100000 449990 100020 449990 100020 450000 100000 450000")) +
                             road("c", "voetpad", "<imgeo:eindRegistratie>2020-01-01T00:00:00</imgeo:eindRegistratie>",
                                  ring("100050 450000 100070 450000 100070 450020 100050 450020 100050 450000"))));
  gis::ImportRequest request;
  request.bgt = {path};
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:28992");
  CHECK(result.site.frame.origin_x == 100000.0);
  CHECK(walkable_area(result.site, Surface::footway) == Approx(0.5 * 3.14159265 * 100.0).epsilon(0.02));  // half a disc
  CHECK(walkable_area(result.site, Surface::road) == Approx(200.0));
  CHECK(count_code(result.report, "B704") == 1);
  CHECK(unnoded_vertices(result.site) == 0);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder.path())) ++files;
  CHECK(files == 1);
}

TEST_CASE("raised BGT road over a road gets a sheet joined at common borders", "[gis][unit]") {
  const TempFolder folder;
  const std::string up = "<imgeo:relatieveHoogteligging>1</imgeo:relatieveHoogteligging>";
  const auto path = folder.write(
      "bgt_wegdeel.gml",
      gml(road("under", "voetpad", "", ring("100040 449950 100050 449950 100050 450050 100040 450050 100040 449950")) +
          road("west", "rijbaan lokale weg", "",
               ring("100000 450000 100020 450000 100020 450008 100000 450008 100000 450000")) +
          road("deck", "rijbaan lokale weg", up,
               ring("100020 450000 100070 450000 100070 450008 100020 450008 100020 450000")) +
          road("east", "rijbaan lokale weg", "",
               ring("100070 450000 100090 450000 100090 450008 100070 450008 100070 450000"))));
  gis::ImportRequest request;
  request.bgt = {path};
  const auto result = gis::import_site(request);
  CHECK(walkable_at(result.site, {45, 1004}, 0));
  CHECK(walkable_at(result.site, {45, 1004}, 1));
  double width = 0.0;
  for (const Portal& p : result.site.portals) width += distance(p.a, p.b);
  CHECK(width == Approx(16.0));
  CHECK(result.site.levels.size() == 2);
}
