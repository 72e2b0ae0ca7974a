// `throng info` on every kind of file, ours and foreign.
#include "tests/support/shared_data.hpp"
#include "tests/tools/program.hpp"

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;
namespace fs = std::filesystem;

namespace {
void check_info(const Workshop& shop, const std::string& file, const Words& said) {
  const Ran ran = shop.run({"info", file});
  INFO(file << ": " << ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(ran.err.empty());
  for (const std::string& text : said) CHECK_THAT(ran.out, Catch::Contains(text));
}
}  // namespace

TEST_CASE("throng info describes each of our files", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  check_info(shop, "site.h5",
             {"site file", "hash", "local", "m² walkable", "door:", "gate", "source:", "west", "exit:", "east",
              "zone:", "middle", "line:", "count"});
  check_info(shop, "run.h5", {"result file of \"Hall\"", "behavioural_heuristics", "seed 1", "frames:", "state hash:"});
  check_info(shop, "ten.h5", {"2 replications of \"Hall\""});
  check_info(shop, "scenario.toml", {"scenario \"Hall\"", "site.h5", "about 40 people", "through", "gate_close gate"});
  REQUIRE(shop.run({"export", "run.h5", "--pedpy", "ped.h5"}).code == 0);
  check_info(shop, "ped.h5", {"trajectories", "people", "1.00 frames per second", "walkable area"});
  REQUIRE(shop.run({"import", "--plan", "plan.geojson", "--event", "event.geojson", "--out", "x.h5", "--report",
                    "report.json", "--geojson", "maps.geojson"})
              .code == 0);
  check_info(shop, "report.json", {"import report", "walkable_area_m2"});
  check_info(shop, "event.geojson", {"GeoJSON", "7 features", "local", "gate", "podium"});
  check_info(shop, "maps.geojson", {"GeoJSON", "features", "walkable", "barriers"});
}

TEST_CASE("throng info says what a foreign file is and what reads it", "[tools][unit]") {
  const Workshop shop;
  const auto refused = [&](const std::string& file, Words said) {
    said.push_back(file);
    check_refused(shop, {"info", {"info", file}, std::move(said)});
  };
  refused("town.osm", {"OpenStreetMap", "throng import --osm"});
  refused("city.json", {"CityJSON", "throng import --cityjson"});
  refused("bgt_wegdeel.gml", {"GML", "throng import --bgt"});
  shop.write("picture.png", "\x89PNG\r\n\x1a\n and more");
  refused("picture.png", {"PNG"});
  shop.write("notes.txt", "milk, bread");
  refused("notes.txt", {"not a file that throng knows", "a site, result or scenario file"});
  fs::create_directory(shop / "folder");
  refused("folder", {"not a regular file"});
  refused("/dev/zero", {"not a regular file"});
  refused("none.h5", {"no such file"});
  if (const auto data = shared_data()) {
    fs::create_symlink(*data / "osm" / "valhalla_amsterdam.osm.pbf", shop / "map.osm.pbf");
    refused("map.osm.pbf", {"OpenStreetMap", "throng import --osm"});
  }
}
