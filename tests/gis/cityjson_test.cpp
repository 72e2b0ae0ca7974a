#include "tests/gis/gis_support.hpp"

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

const std::string cube_vertices =
    "[[0,0,0],[10000,0,0],[10000,8000,0],[0,8000,0],[0,0,6000],[10000,0,6000],[10000,8000,6000],[0,8000,6000]]";
const std::string cube = "[[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]]";
const std::string header =
    R"("type":"CityJSON","version":"2.0","transform":{"scale":[0.001,0.001,0.001],"translate":[100000,450000,0]},)"
    R"("metadata":{"referenceSystem":"https://www.opengis.net/def/crs/EPSG/0/7415"})";
std::string solid(const std::string& semantics, const std::string& boundaries = cube) {
  return R"({"type":"Building","geometry":[{"type":"Solid","lod":"2.2","boundaries":)" + boundaries + semantics + "}]}";
}
const std::string ground_semantics =
    R"(,"semantics":{"surfaces":[{"type":"GroundSurface"},{"type":"RoofSurface"},{"type":"WallSurface"}],"values":[[0,1,2,2,2,2]]})";

gis::ImportResult import_text(const std::string& text, const std::string& name = "a.city.json",
                              const std::string& crs = "") {
  const TempFolder folder;
  gis::ImportRequest request;
  request.cityjson = {folder.write(name, text)};
  request.crs = crs;
  return gis::import_site(request);
}

}  // namespace

TEST_CASE("a CityJSON solid gives footprint and height", "[gis][unit]") {
  const auto with = import_text("{" + header + R"(,"CityObjects":{"b":)" + solid(ground_semantics) +
                                R"(},"vertices":)" + cube_vertices + "}");
  REQUIRE(with.site.obstacles.size() == 1);
  CHECK(area(with.site.obstacles[0].shape) == Approx(80.0));
  CHECK(with.site.obstacles[0].height == Approx(6.0));
  CHECK(with.site.obstacles[0].source_id == "cityjson/b");
  CHECK(with.site.frame.crs == "EPSG:28992");
  CHECK(count_code(with.report, "C502") == 0);
  const auto without =
      import_text("{" + header + R"(,"CityObjects":{"b":)" + solid("") + R"(},"vertices":)" + cube_vertices + "}");
  CHECK(area(without.site.obstacles.at(0).shape) == Approx(80.0));
  CHECK(count_code(without.report, "C502") == 1);
}

TEST_CASE("a CityJSON text sequence is read line by line", "[gis][unit]") {
  const std::string feature_line = R"({"type":"CityJSONFeature","id":"b","CityObjects":{"b":)" +
                                   solid(ground_semantics) + R"(},"vertices":)" + cube_vertices + "}";
  const auto result =
      import_text("{" + header + R"(,"CityObjects":{},"vertices":[]})" + "\n" + feature_line + "\n", "a.city.jsonl");
  REQUIRE(result.site.obstacles.size() == 1);
  CHECK(area(result.site.obstacles[0].shape) == Approx(80.0));
}

TEST_CASE("a vertex index out of range loses its surface, with a note", "[gis][unit]") {
  const auto result = import_text("{" + header + R"(,"CityObjects":{"b":)" + solid("", "[[[[0,3,2,1]],[[4,5,6,99]]]]") +
                                  R"(},"vertices":)" + cube_vertices + "}");
  CHECK(count_code(result.report, "C504") == 1);
  CHECK(result.site.obstacles.size() == 1);
}

TEST_CASE("CityJSON without a reference system needs one to be named", "[gis][unit]") {
  const std::string text = R"({"type":"CityJSON","version":"1.1","CityObjects":{"b":)" + solid("") +
                           R"(},"vertices":)" + cube_vertices + "}";
  CHECK(faults_of([&] { import_text(text); }).find("C501") != std::string::npos);
  const auto result = import_text(text, "a.city.json", "EPSG:28992");
  CHECK(count_code(result.report, "C501") == 1);
  CHECK(faults_of([] { import_text(R"({"type":"CityJSON","version":"0.6","CityObjects":{}})"); }).find("C500") !=
        std::string::npos);
}
