#include "gis/geojson_export.hpp"
#include "tests/gis/gis_support.hpp"
#include "tests/support/shared_data.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

TEST_CASE("Breda, Grote Markt: one square with 42 houses around it", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  request.osm = {*data / "osm" / "breda_grote_markt.osm"};
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:28992");
  CHECK(result.site.frame.crs_accuracy_m <= 0.3);
  CHECK(figure(result.report, "osm_n_buildings") == 42);
  CHECK(walkable_area(result.site) == Approx(6564.0).epsilon(0.01));
  CHECK(result.site.posts.size() == 9);
  CHECK(unnoded_vertices(result.site) == 0);
  const TempFolder folder;
  gis::export_geojson(result, folder.path());
  CHECK(fs::file_size(folder.path() / "walkable.geojson") > 1000);
}

TEST_CASE("Helsinki centre: streets connected, tunnels on their own sheet, noded without overlap",
          "[gis][regression][slow]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  request.osm = {*data / "osm" / "helsinki_center.osm.pbf"};
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:25835");
  CHECK(figure(result.report, "osm_n_passages") == 34);
  CHECK(figure(result.report, "osm_n_buildings") == Approx(430).margin(8));
  CHECK(walkable_area(result.site) == Approx(562500.0).epsilon(0.03));
  CHECK(result.site.levels.size() >= 2);
  CHECK(result.site.portals.size() > 20);
  CHECK(result.site.base.gates.size() > 80);
  CHECK(result.site.gates.size() > 60);  // those between grounds where nobody walks are left out
  CHECK(unnoded_vertices(result.site) == 0);
  CHECK(overlapping_points(result.site, 3000) == 0);
  for (const GateSpan& g : result.site.gates) CHECK(distance(g.a, g.b) == Approx(g.width).epsilon(1e-9));
}

TEST_CASE("Monaco, old town and harbour: the sea is water", "[gis][regression][slow]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  request.osm = {*data / "osm" / "monaco.osm.pbf"};
  request.bbox = {7.4150, 43.7280, 7.4275, 43.7370};  // about 1 km²
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:25832");
  CHECK(count_code(result.report, "O406") == 1);
  double sea = 0.0;
  for (const Obstacle& o : result.site.obstacles)
    if (o.source_id == "sea") sea += area(o.shape);
  CHECK(sea > 150000.0);
  CHECK(walkable_area(result.site) > 100000.0);
  CHECK(unnoded_vertices(result.site) == 0);
}

TEST_CASE("Berlin, Siegessäule from a packed file: underpasses and the round wall with its gaps", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  request.osm = {*data / "osm" / "berlin_siegessaeule.osm.gz"};
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:25833");
  CHECK(walkable_area(result.site) == Approx(238000.0).epsilon(0.03));
  CHECK(result.site.levels.size() == 2);
  CHECK_FALSE(result.site.portals.empty());
}

TEST_CASE("Delft from BGT and CityJSON: bridges lie over the canal, houses have heights", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  for (const auto& entry : fs::directory_iterator(*data / "bgt"))
    if (entry.path().extension() == ".sqlite") request.bgt.push_back(entry.path());
  request.cityjson = {*data / "citymodel" / "delft.city.json"};
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:28992");
  CHECK(result.site.frame.origin_x == 84000.0);
  CHECK(result.site.levels.size() == 1);  // decks over water only
  CHECK(figure(result.report, "n_heights_from_cityjson") == 160);
  CHECK(walkable_area(result.site) == Approx(13450.0).epsilon(0.02));
  CHECK(walkable_area(result.site, Surface::road) == Approx(3720.0).epsilon(0.03));
  CHECK(unnoded_vertices(result.site) == 0);
  CHECK(overlapping_points(result.site, 3000) == 0);
}

TEST_CASE("Amsterdam BGT extracts: footpaths, terraces and trees from GeoPackage", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  for (const char* name : {"amsterdam_bgt_voetpad.gpkg", "amsterdam_obstacle_data.gpkg", "amsterdam_terras_data.gpkg"})
    request.bgt.push_back(*data / "bgt" / name);
  const auto result = gis::import_site(request);
  CHECK(walkable_area(result.site, Surface::footway) == Approx(3594.0).epsilon(0.02));
  CHECK(result.site.posts.size() == 8);
  CHECK(result.site.obstacles.size() == 3);
}

TEST_CASE("a folder with files of two towns is told, not imported as one site", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  request.bgt = {*data / "bgt"};  // Delft and Amsterdam
  const std::string faults = faults_of([&] { gis::import_site(request); });
  CHECK(faults.find("X708") != std::string::npos);
  CHECK(faults.find("amsterdam_bgt_voetpad.gpkg") != std::string::npos);
  CHECK(faults.find("bgt_wegdeel.sqlite") == std::string::npos);
}

TEST_CASE("Lyon, Place des Terreaux: a foreign GeoJSON in Lambert 93", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  gis::ImportRequest request;
  request.plan = {*data / "trajectories" / "lyon" / "geometry_terreaux_epsg2154.geojson"};
  const auto result = gis::import_site(request);
  CHECK(result.site.frame.crs == "EPSG:2154");
  CHECK(result.site.posts.size() == 260);
  CHECK(result.site.obstacles.size() == 25);
  CHECK(walkable_area(result.site) == Approx(41079.0).epsilon(0.005));
  CHECK(walkable_area(result.site, Surface::steps) == Approx(115.9).epsilon(0.01));
  CHECK(count_code(result.report, "G316") == 1);
}

TEST_CASE("The Hague, Zurich and 3D BAG buildings have footprints and heights", "[gis][regression]") {
  const auto data = shared_data();
  if (!data) return;
  const auto read = [&](const char* name, const char* crs = "") {
    gis::ImportRequest request;
    request.cityjson = {*data / "citymodel" / name};
    request.crs = crs;
    return gis::import_site(request);
  };
  const auto hague = read("denhaag_01.city.json");
  CHECK(figure(hague.report, "cityjson_n_buildings") == 1989);
  CHECK(figure(hague.report, "cityjson_n_projected") == 0);
  double footprints = 0.0;
  for (const Obstacle& o : hague.site.obstacles) footprints += area(o.shape);
  CHECK(footprints == Approx(82002.0).epsilon(0.005));  // sum of ground surfaces, measured independently
  CHECK(read("denhaag_01_subset.city.json", "EPSG:28992").site.obstacles.size() >= 9);
  CHECK(figure(read("denhaag_random_5.city.jsonl").report, "cityjson_n_buildings") == 14);
  CHECK(figure(read("3dbag_5870_ext.city.jsonl").report, "cityjson_n_buildings") >= 54);
  CHECK(read("zurich_subset_lod2.city.json").site.frame.crs == "EPSG:2056");
  for (const char* name : {"val3dity_several_lods_valid.city.json", "val3dity_several_lods_invalid.city.json"}) {
    const auto one = read(name);
    REQUIRE_FALSE(one.site.obstacles.empty());
    CHECK(one.site.obstacles[0].height == Approx(8.0).margin(1.5));
  }
}
