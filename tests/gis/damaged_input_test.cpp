#include "tests/gis/gis_support.hpp"
#include "tests/support/shared_data.hpp"

#include <fstream>
#include <functional>
#include <iterator>
#include <random>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

/// Flip, cut, repeat, insert: what broken transfers and foreign files look like.
std::string damaged(std::string bytes, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % std::max<std::size_t>(1, n)); };
  const std::size_t hits = 1 + below(6);
  for (std::size_t i = 0; i < hits && !bytes.empty(); ++i) {
    const std::size_t at = below(bytes.size());
    switch (random() % 7) {
      case 0:
        bytes[at] = static_cast<char>(random() % 256);
        break;
      case 1:
        bytes.resize(at);
        break;
      case 2:
        bytes.erase(at, 1 + below(40));
        break;
      case 3:
        bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(60)));
        break;
      case 4:
        bytes.insert(at, std::to_string(random()));
        break;
      case 5:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
        break;
      default:
        bytes.insert(at, "\xff\xfe\x00");
        break;
    }
  }
  return bytes;
}

using Use = std::function<void(gis::ImportRequest&, const fs::path&)>;

/// Every damaged copy is either imported or refused with an InputError: nothing else may happen.
void bombard(const std::string& seed_bytes, const std::string& name, int rounds, unsigned seed, const Use& use) {
  const TempFolder folder;
  std::mt19937 random(seed);
  int refused = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto path = folder.write(name, i == 0 ? std::string() : damaged(seed_bytes, random));
    gis::ImportRequest request;
    use(request, path);
    try {
      gis::import_site(request);
    } catch (const InputError& e) {
      REQUIRE_FALSE(e.faults().empty());
      ++refused;
    }
  }
  CHECK(refused > 0);
}

std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

const std::string drawing = collection({area_feature(R"("kind":"walkable","id":"w")", 0, 0, 30, 20),
                                        feature(R"("id":"f","kind":"fence")", "LineString", "[[10,0],[10,20]]"),
                                        feature(R"("id":"g","kind":"gate","width_m":2)", "Point", "[10,10]"),
                                        area_feature(R"("id":"s","kind":"podium")", 15, 5, 20, 8)});
const std::string osm =
    R"(<?xml version="1.0"?><osm version="0.6"><bounds minlat="52.0" minlon="5.0" maxlat="52.001" maxlon="5.001"/>
<node id="1" lat="52.0" lon="5.0"/><node id="2" lat="52.0" lon="5.001"/><node id="3" lat="52.001" lon="5.001"/><node id="4" lat="52.001" lon="5.0"><tag k="barrier" v="gate"/></node>
<way id="5"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/><tag k="highway" v="pedestrian"/><tag k="area" v="yes"/></way>
<way id="6"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/><tag k="bridge" v="yes"/></way><way id="7"><nd ref="2"/><nd ref="4"/><tag k="barrier" v="wall"/></way>
<relation id="8"><member type="way" ref="5" role="outer"/><tag k="type" v="multipolygon"/><tag k="building" v="yes"/></relation></osm>)";
const std::string city =
    R"({"type":"CityJSON","version":"2.0","transform":{"scale":[0.001,0.001,0.001],"translate":[100000,450000,0]},"metadata":{"referenceSystem":"https://www.opengis.net/def/crs/EPSG/0/7415"},"CityObjects":{"b":{"type":"Building","geometry":[{"type":"MultiSurface","lod":"1","boundaries":[[[0,1,2,3]],[[0,2,1]]]}]}},"vertices":[[0,0,0],[9000,0,0],[9000,9000,0],[0,9000,3000]]})";
const std::string gml =
    R"(<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:imgeo="http://x"><gml:featureMember><imgeo:Wegdeel gml:id="a"><imgeo:function>voetpad</imgeo:function><imgeo:g><gml:Polygon srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList>100000 450000 100020 450000 100020 450020 100000 450000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:g></imgeo:Wegdeel></gml:featureMember></gml:FeatureCollection>)";

}  // namespace

TEST_CASE("damaged drawings are refused, never fatal", "[gis][property]") {
  bombard(drawing, "plan.geojson", 500, 1, [](auto& r, const auto& p) { r.plan = {p}; });
}

TEST_CASE("damaged OSM XML is refused, never fatal", "[gis][property]") {
  bombard(osm, "a.osm", 500, 2, [](auto& r, const auto& p) { r.osm = {p}; });
}

TEST_CASE("damaged CityJSON is refused, never fatal", "[gis][property]") {
  bombard(city, "a.city.json", 500, 3, [](auto& r, const auto& p) { r.cityjson = {p}; });
}

TEST_CASE("damaged GML is refused, never fatal", "[gis][property]") {
  bombard(gml, "bgt_wegdeel.gml", 500, 4, [](auto& r, const auto& p) { r.bgt = {p}; });
}

TEST_CASE("damaged PBF, SQLite and GeoPackage files are refused, never fatal", "[gis][property]") {
  const auto data = shared_data();
  if (!data) return;
  bombard(bytes_of(*data / "osm" / "valhalla_amsterdam.osm.pbf"), "a.osm.pbf", 200, 5,
          [](auto& r, const auto& p) { r.osm = {p}; });
  bombard(bytes_of(*data / "bgt" / "bgt_overbruggingsdeel.sqlite"), "bgt_overbruggingsdeel.sqlite", 150, 6,
          [](auto& r, const auto& p) { r.bgt = {p}; });
  bombard(bytes_of(*data / "bgt" / "amsterdam_terras_data.gpkg"), "terras.gpkg", 150, 7,
          [](auto& r, const auto& p) { r.bgt = {p}; });
}

TEST_CASE("random bytes and wrong files are refused by every reader", "[gis][unit]") {
  const TempFolder folder;
  std::mt19937 random(9);
  std::string noise(5000, ' ');
  for (char& c : noise) c = static_cast<char>(random() % 256);
  for (const std::string& bytes :
       {noise, std::string("hello"), std::string("{}"), std::string("[1,2]"), std::string("\xff\xfe")})
    for (const char* name :
         {"x.osm", "x.osm.pbf", "x.osm.gz", "x.geojson", "x.gml", "x.gpkg", "x.sqlite", "x.city.json", "x.txt"}) {
      const auto path = folder.write(name, bytes);
      for (int reader = 0; reader < 5; ++reader) {
        gis::ImportRequest request;
        (reader == 0   ? request.osm
         : reader == 1 ? request.bgt
         : reader == 2 ? request.cityjson
         : reader == 3 ? request.plan
                       : request.event) = {path};
        INFO(name << " read by " << reader);
        CHECK_THROWS_AS(gis::import_site(request), InputError);
      }
    }
  gis::ImportRequest missing;
  missing.osm = {folder.path() / "absent.osm"};
  CHECK_THROWS_AS(gis::import_site(missing), InputError);
  CHECK_THROWS_AS(gis::import_site({}), InputError);
}
