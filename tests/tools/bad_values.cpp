// Sound files with wrong content: each is refused with the file, the place, the value and what is allowed.
#include "tests/tools/program.hpp"

#include <cstdio>

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace throng;
using namespace throng::test;
namespace fs = std::filesystem;

namespace {

/// One change to a sound file.
struct Slip {
  const char* what;
  std::string before, after;
  Words said;
};

void refuse_slips(const Workshop& shop, const std::string& good, const std::string& bad, const Words& command,
                  const std::vector<Slip>& slips) {
  for (const Slip& one : slips) {
    shop.derive(good, bad, {{one.before, one.after}});
    check_refused(shop, {one.what, command, one.said});
  }
}

std::string feature(const std::string& properties, const std::string& type, const std::string& coordinates) {
  return R"({"type": "Feature", "properties": {)" + properties + R"(}, "geometry": {"type": ")" + type +
         R"(", "coordinates": )" + coordinates + "}},\n";
}
std::string square(double x, double y, double side) {
  const auto p = [](double a, double b) { return "[" + std::to_string(a) + ", " + std::to_string(b) + "]"; };
  return "[[" + p(x, y) + ", " + p(x + side, y) + ", " + p(x + side, y + side) + ", " + p(x, y + side) + ", " +
         p(x, y) + "]]";
}

const std::string first = "{\"type\": \"Feature\", \"properties\": {\"id\": \"west\"";  // of the drawing
std::string before_first(const std::string& more) { return more + first; }

}  // namespace

TEST_CASE("wrong drawings are refused with object, value and what is allowed", "[tools][unit]") {
  const Workshop shop;
  const std::vector<Slip> slips{
      {"unknown CRS", "\"local\"", "\"urn:ogc:def:crs:EPSG::99999\"", {"bad.geojson", "X702", "99999", "allowed"}},
      {"nonsense CRS", "\"local\"", "\"here\"", {"bad.geojson", "X702", "here", "allowed"}},
      {"data outside of the site",
       "[[[8, 16], [12, 16], [12, 19], [8, 19], [8, 16]]]",
       square(80000, 16, 3),
       {"podium", "E612", "outside"}},
      {"self-crossing polygon",
       "[[[1, 5], [5, 5], [5, 15], [1, 15]",
       "[[[1, 5], [5, 15], [5, 5], [1, 15]",
       {"bad.geojson", "west", "G104", "Self-intersection", "(3, 10)"}},
      {"gate not on a fence", "[20, 10]", "[25, 10]", {"bad.geojson", "gate", "E611", "5.00 m"}},
      {"gate too narrow", "\"width_m\": 4", "\"width_m\": 0.5", {"gate", "width_m", "E602", "0.500", "0.6 to 200"}},
      {"negative gate", "\"width_m\": 4", "\"width_m\": -4", {"gate", "width_m", "E602", "-4"}},
      {"absurd gate", "\"width_m\": 4", "\"width_m\": 1e300", {"gate", "width_m", "0.6 to 200"}},
      {"gate wider than its fence", "\"width_m\": 4", "\"width_m\": 40", {"gate", "E613", "20.00 m"}},
      {"gate of text",
       "\"width_m\": 4",
       "\"width_m\": \"wide\"",
       {"gate", "width_m", "E608", "wide", "a finite number"}},
      {"gate without width", ", \"width_m\": 4", "", {"gate", "width_m", "E606", ">= 0.6"}},
      {"unknown word", "\"state\": \"open\"", "\"state\": \"ajar\"", {"gate", "state", "E605", "ajar", "open, closed"}},
      {"NaN in the JSON", "\"width_m\": 4", "\"width_m\": NaN", {"bad.geojson:9:", "not valid JSON", "N"}},
      {"number beyond double", "\"width_m\": 4", "\"width_m\": 1e999", {"bad.geojson", "not valid JSON", "1e999"}},
      {"coordinate beyond the earth", "[[20, 0], [20, 20]]", "[[20, 0], [20, 1e300]]", {"fence", "E607", "1e+300"}},
      {"coordinate of text", "[[20, 0], [20, 20]]", "[[20, 0], [20, \"north\"]]", {"fence", "north"}},
      {"line of one point", "[[20, 0], [20, 20]]", "[[20, 0], [20, 0]]", {"fence", "G101"}},
      {"ring of two points",
       "[[[36, 5], [39, 5], [39, 15], [36, 15], [36, 5]]]",
       "[[[36, 5], [39, 5], [36, 5]]]",
       {"east", "G101"}},
      {"zone off the walkable ground",
       "[[22, 2], [32, 2], [32, 18], [22, 18], [22, 2]]",
       "[[60, 2], [70, 2], [70, 18], [60, 18], [60, 2]]",
       {"event/middle", "E615", "65.0", "off the walkable ground"}},
      {"counting line off the ground", "[[34, 0], [34, 20]]", "[[64, 0], [64, 20]]", {"event/count", "E615"}},
      {"exit off the ground",
       "[[[36, 5], [39, 5], [39, 15], [36, 15], [36, 5]]]",
       square(50, 5, 3),
       {"event/east", "E616", "0.00 m²", "needs 1 m²"}},
      {"source without room",
       "[[1, 5], [5, 5], [5, 15], [1, 15], [1, 5]]",
       "[[1, 5], [1.2, 5], [1.2, 5.2], [1, 5]]",
       {"event/west", "E616", "0.02 m²"}},
      {"the same id twice", "\"id\": \"east\"", "\"id\": \"west\"", {"bad.geojson", "west", "E601", "features[0]"}},
      {"no id", "\"id\": \"east\", ", "", {"features[1]", "E600"}},
      {"unknown kind", "\"kind\": \"exit\"", "\"kind\": \"exitt\"", {"east", "E604", "exitt", "nearest: exit"}},
      {"no kind", ", \"kind\": \"exit\"", "", {"east", "kind", "E606"}},
      {"wrong geometry", "\"kind\": \"exit\"", "\"kind\": \"fence\"", {"east", "E603", "Polygon", "LineString"}},
      {"negative height",
       "\"height_m\": 1.5",
       "\"height_m\": -1.5",
       {"podium", "height_m", "E608", "-1.5", "0 to 500"}},
      {"level of a half",
       "\"kind\": \"podium\"",
       "\"kind\": \"podium\", \"level\": 0.5",
       {"podium", "level", "E608", "0.5", "an integer"}},
      {"absurd level",
       "\"kind\": \"podium\"",
       "\"kind\": \"podium\", \"level\": 1e18",
       {"podium", "level", "E608", "-100 to 1000"}},
      {"absurd joint",
       "\"kind\": \"podium\", \"height_m\": 1.5",
       "\"kind\": \"walkway\", \"to_level\": 1e18",
       {"podium", "to_level", "E608", "-100 to 1000"}},
      {"belongs to nothing",
       "\"kind\": \"zone\", \"zone_kind\": \"passage\"",
       "\"kind\": \"audience\", \"belongs_to\": \"nobody\"",
       {"middle", "belongs_to", "E609", "nobody"}},
      {"not a collection", "FeatureCollection", "Feature", {"bad.geojson", "FeatureCollection"}},
      {"nested a million deep",
       "\"height_m\": 1.5",
       "\"x\": " + std::string(1000000, '['),
       {"bad.geojson", "nested too deeply"}},
  };
  refuse_slips(shop, "event.geojson", "bad.geojson",
               {"import", "--plan", "plan.geojson", "--event", "bad.geojson", "--out", "new.h5"}, slips);
}

TEST_CASE("an exit that nobody can reach is refused", "[tools][unit]") {
  const Workshop shop;
  const std::string wall = feature(R"("id": "wall", "kind": "fence")", "LineString", "[[33, 0], [33, 20]]");
  shop.derive("event.geojson", "bad.geojson", {{first, before_first(wall)}});
  check_refused(shop, {"walled off",
                       {"import", "--plan", "plan.geojson", "--event", "bad.geojson", "--out", "new.h5"},
                       {"east", "G303", "cannot be reached", "37."}});
  const std::string islands = feature(R"("id": "rock", "kind": "walkable")", "Polygon", square(60, 0, 20));
  shop.derive("plan.geojson", "two.geojson", {{"\"features\": [\n", "\"features\": [\n" + islands}});
  shop.derive("event.geojson", "bad.geojson",
              {{"[[36, 5], [39, 5], [39, 15], [36, 15], [36, 5]]", "[[66, 5], [69, 5], [69, 15], [66, 15], [66, 5]]"}});
  check_refused(shop, {"on other ground",
                       {"import", "--plan", "two.geojson", "--event", "bad.geojson", "--out", "new.h5"},
                       {"east", "G303", "cannot be reached"}});
}

TEST_CASE("a source without room for a person is refused", "[tools][unit]") {
  const Workshop shop;
  // 1 m² and more of walkable ground, but nowhere 0.25 m from a wall.
  const std::string walls = feature(R"("id": "w1", "kind": "fence")", "LineString", "[[0, 5], [12, 5]]") +
                            feature(R"("id": "w2", "kind": "fence")", "LineString", "[[0, 5.3], [12, 5.3]]");
  shop.derive("event.geojson", "bad.geojson",
              {{first, before_first(walls)},
               {"[[1, 5], [5, 5], [5, 15], [1, 15], [1, 5]]", "[[1, 5], [11, 5], [11, 5.3], [1, 5.3], [1, 5]]"}});
  check_refused(shop, {"between two fences",
                       {"import", "--plan", "plan.geojson", "--event", "bad.geojson", "--out", "new.h5"},
                       {"west", "no room"}});
}

TEST_CASE("wrong city data and import options are refused", "[tools][unit]") {
  const Workshop shop;
  const auto refused = [&](const std::string& what, Words more, Words said) {
    Words command{"import", "--out", "new.h5"};
    command.insert(command.end(), more.begin(), more.end());
    check_refused(shop, {what, std::move(command), std::move(said)});
  };
  refused("nothing", {}, {"nothing to import", "--osm"});
  refused("unknown EPSG code", {"--osm", "town.osm", "--crs", "EPSG:99999"},
          {"--crs", "X702", "EPSG:99999", "EPSG:28992"});
  refused("degrees", {"--osm", "town.osm", "--crs", "EPSG:4326"}, {"--crs", "X703", "EPSG:4326", "in metres"});
  refused("nonsense", {"--osm", "town.osm", "--crs", "Amsterdam"}, {"--crs", "X702", "Amsterdam"});
  refused("empty box", {"--osm", "town.osm", "--bbox", "5", "52", "4", "53"}, {"--bbox", "empty box"});
  refused("NaN box", {"--osm", "town.osm", "--bbox", "nan", "52", "4", "53"}, {"--bbox", "nan"});
  refused("box elsewhere", {"--osm", "town.osm", "--bbox", "6", "53", "6.1", "53.1"},
          {"--bbox", "X709", "outside", "6 53 6.1 53.1"});
  refused("box of three numbers", {"--osm", "town.osm", "--bbox", "5", "52", "4"}, {"--bbox"});
  refused("base and city data", {"--base", "site.h5", "--osm", "town.osm"}, {"--base", "--event only"});
  shop.derive("city.json", "far.json", {{"140000, 455000", "240000, 555000"}});
  refused("data of two places", {"--osm", "town.osm", "--cityjson", "far.json"}, {"far.json", "X708", "km"});
  shop.derive("city.json", "crs.json", {{"0/7415", "0/999999"}});
  refused("CityJSON of an unknown system", {"--cityjson", "crs.json"}, {"crs.json", "X702", "999999"});
  shop.derive("city.json", "nocrs.json", {{"\"referenceSystem\"", "\"other\""}});
  refused("CityJSON without a system", {"--cityjson", "nocrs.json"}, {"nocrs.json", "C501", "--crs"});
  shop.derive("city.json", "v9.json", {{"\"2.0\"", "\"9.9\""}});
  refused("CityJSON of the future", {"--cityjson", "v9.json"}, {"v9.json", "C500", "9.9", "1.0 to 2.0"});
  shop.derive("city.json", "vertex.json", {{"[9000, 0, 0]", "[9000, null, 0]"}});
  refused("CityJSON with a vertex of nothing", {"--cityjson", "vertex.json"}, {"vertex.json", "C500"});
  shop.derive("town.osm", "lat.osm", {{"lat=\"52.0\"", "lat=\"152.0\""}, {"lat=\"52.0\"", "lat=\"abc\""}});
  refused("OSM with a latitude of text", {"--osm", "lat.osm"}, {"lat.osm", "O400"});
  shop.derive("plan.geojson", "degrees.geojson", {{"\"local\"", "\"EPSG:4326\""}, {"[40, 0]", "[400, 0]"}});
  refused("plan off the earth", {"--plan", "degrees.geojson"}, {"degrees.geojson", "X701", "-180..180"});
}

TEST_CASE("wrong scenarios are refused with line, column, value and what is allowed", "[tools][unit]") {
  const Workshop shop;
  shop.make_site();
  const std::vector<Slip> slips{
      {"negative duration", "duration = 30", "duration = -30", {"bad.toml:6:", "scenario.duration", "-30", "allowed"}},
      {"NaN duration", "duration = 30", "duration = nan", {"bad.toml:6:", "scenario.duration", "nan", "allowed"}},
      {"infinite duration", "duration = 30", "duration = inf", {"bad.toml:6:", "scenario.duration", "inf", "allowed"}},
      {"absurd duration", "duration = 30", "duration = 1e18", {"bad.toml:6:", "scenario.duration", "allowed"}},
      {"no time step", "time_step_s = 0.05", "time_step_s = 0", {"bad.toml:7:", "time_step_s", "0.001 to 0.2"}},
      {"negative seed", "seed = 1", "seed = -1", {"bad.toml:8:", "scenario.seed", "-1"}},
      {"text for a number", "seed = 1", "seed = \"one\"", {"bad.toml:8:", "scenario.seed", "one", "whole number"}},
      {"negative people", "initial_people = 20", "initial_people = -20", {"bad.toml:22:", "initial_people", "-20"}},
      {"NaN people", "initial_people = 20", "initial_people = nan", {"bad.toml:22:", "initial_people", "nan"}},
      {"too many people for the place",
       "initial_people = 20",
       "initial_people = 5000",
       {"bad.toml:22:", "initial_people", "5000", "at most 240"}},
      {"absurd rate", "people_per_min = 60", "people_per_min = 1e12", {"bad.toml:23:", "people_per_min", "allowed"}},
      {"rate backwards", "from = 0, to = 20", "from = 20, to = 0", {"bad.toml:23:", "rates[0].to", "after 00:00:20"}},
      {"speed of light",
       "speed_mean_m_per_s = 1.34",
       "speed_mean_m_per_s = 3e8",
       {"bad.toml:19:", "speed_mean_m_per_s", "0.05 to 4"}},
      {"negative speed", "speed_mean_m_per_s = 1.34", "speed_mean_m_per_s = -1", {"bad.toml:19:", "-1", "0.05 to 4"}},
      {"unknown key", "seed = 1", "seeed = 1", {"bad.toml:8:1", "seeed", "seed"}},
      {"unknown section", "[output]", "[outputs]", {"bad.toml:12:", "outputs", "output"}},
      {"unknown model", "behavioural_heuristics", "magic", {"bad.toml:10:", "model.name", "magic", "allowed"}},
      {"unknown place", "place = \"west\"", "place = \"wset\"", {"bad.toml:21:", "wset", "west"}},
      {"unknown exit", "place = \"east\"", "place = \"nowhere\"", {"bad.toml:29:", "nowhere", "east"}},
      {"a source as an exit", "place = \"east\"", "place = \"west\"", {"bad.toml:29:", "is a source", "east"}},
      {"unknown gate", "target = \"gate\"", "target = \"gaet\"", {"bad.toml:33:", "gaet", "gate"}},
      {"change after the end", "at = 20", "at = 3000", {"bad.toml:31:", "after the end", "00:00:30"}},
      {"duplicate ids",
       "[[change]]",
       "[[journey]]\nid = \"through\"\n[[journey.stage]]\nid = \"o\"\nkind = \"exit\"\n"
       "place = \"east\"\n[[change]]",
       {"bad.toml:", "journey[1].id", "through", "twice"}},
      {"duplicate keys", "seed = 1", "seed = 1\nseed = 2", {"bad.toml:9:", "seed"}},
      {"journey without an end",
       "kind = \"exit\"\nplace = \"east\"",
       "kind = \"waypoint\"\nplace = \"middle\"",
       {"bad.toml:", "journey[0]", "exit"}},
      {"unknown format", "format = 1", "format = 99", {"bad.toml:1:", "format", "99"}},
      {"site that is not there", "site.h5", "sitt.h5", {"sitt.h5", "no such file"}},
      {"another site",
       "seed = 1",
       "seed = 1\nsite_hash = \"0123456789abcdef\"",
       {"bad.toml:9:", "scenario.site_hash", "0123456789abcdef", "is not the one", "remove site_hash"}},
      {"site that is a scenario", "site.h5", "scenario.toml", {"scenario.toml", "seal"}},
  };
  for (const Words& command : {Words{"validate", "bad.toml"}, Words{"run", "bad.toml", "--out", "new.h5"}})
    refuse_slips(shop, "scenario.toml", "bad.toml", command, slips);
}

TEST_CASE("paths that cannot be written are refused before any work", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  fs::create_directory(shop / "folder");
  const auto each = [&](const Words& command, const std::string& option) {
    const auto refused = [&](const char* what, const std::string& path, Words said) {
      Words words = command;
      words.push_back(option);
      words.push_back(path);
      said.push_back(path);
      check_refused(shop, {option + ", " + what, std::move(words), std::move(said)});
    };
    refused("no such folder", "none/new.h5", {"does not exist"});
    refused("a folder", "folder", {"is a folder"});
    refused("below a file", "plan.geojson/new.h5", {"does not exist"});
    refused("a device", "/dev/null", {"not a regular file"});
    refused("a file system that takes no files", "/proc/new.h5", {"cannot be written"});
  };
  const Words import{"import", "--plan", "plan.geojson", "--event", "event.geojson"};
  const auto import_with = [&](const Words& more) {
    Words out = import;
    out.insert(out.end(), more.begin(), more.end());
    return out;
  };
  each(import, "--out");
  for (const char* option : {"--report", "--picture"}) each(import_with({"--out", "new.h5"}), option);
  each({"run", "scenario.toml"}, "--out");
  each({"compare", "run.h5", "run.h5"}, "--out");
  each({"export", "run.h5"}, "--pedpy");
  each({"export", "run.h5"}, "--text");
  check_refused(shop, {"recover", {"recover", "run.h5", "none/new.h5"}, {"none/new.h5", "does not exist"}});
  check_refused(shop, {"maps",
                       import_with({"--out", "new.h5", "--geojson", "none/maps.geojson"}),
                       {"none/maps.geojson", "does not exist"}});
  check_refused(shop, {"summary",
                       {"run", "scenario.toml", "--out", "new.h5", "--summary", "plan.geojson/x"},
                       {"plan.geojson/x", "cannot be made"}});
  const Words before = files_below(shop.path());
  CHECK(shop.run(import_with({"--out", "new.h5", "--geojson", "plan.geojson/maps"})).code == 2);
  CHECK(files_below(shop.path()) == before);
}

TEST_CASE("a result never overwrites an input of its command", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  const auto refused = [&](const char* what, const Words& command, const char* input) {
    const std::string before = shop.read(input);
    check_refused(shop, {what, command, {input, "overwrite an input"}});
    CHECK(shop.read(input) == before);
  };
  refused("plan", {"import", "--plan", "plan.geojson", "--out", "plan.geojson"}, "plan.geojson");
  refused("report", {"import", "--plan", "plan.geojson", "--out", "new.h5", "--report", "./plan.geojson"},
          "plan.geojson");
  refused("scenario", {"run", "scenario.toml", "--out", "scenario.toml"}, "scenario.toml");
  refused("site", {"run", "scenario.toml", "--out", "site.h5"}, "site.h5");
  refused("results", {"compare", "run.h5", "run.h5", "--out", "run.h5"}, "run.h5");
  refused("export", {"export", "run.h5", "--text", "run.h5"}, "run.h5");
  check_refused(shop, {"twice the same",
                       {"import", "--plan", "plan.geojson", "--out", "new.h5", "--report", "new.h5"},
                       {"new.h5", "same name"}});
}

TEST_CASE("a folder without rights is refused", "[tools][unit]") {
  if (::geteuid() == 0) {
    std::printf("SKIPPED: rights do not bind root\n");
    return;
  }
  const Workshop shop;
  fs::create_directory(shop / "closed");
  ::chmod((shop / "closed").c_str(), 0500);
  check_refused(shop, {"no rights",
                       {"import", "--plan", "plan.geojson", "--out", "closed/new.h5"},
                       {"closed/new.h5", "cannot be written"}});
  ::chmod((shop / "plan.geojson").c_str(), 0000);
  check_refused(shop, {"no rights", {"import", "--plan", "plan.geojson", "--out", "new.h5"}, {"plan.geojson"}});
}

TEST_CASE("wrong words on the command line are refused", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  const auto refused = [&](Words command, Words said) { check_refused(shop, {"words", command, std::move(said)}); };
  refused({}, {"subcommand"});
  refused({"fly"}, {"fly"});
  refused({"run"}, {"scenario"});
  refused({"run", "scenario.toml"}, {"--out"});
  refused({"run", "scenario.toml", "--out", "new.h5", "--speed", "2"}, {"--speed"});
  const auto run_with = [&](const char* option, const char* value, const char* said) {
    refused({"run", "scenario.toml", "--out", "new.h5", option, value}, {option, said});
  };
  run_with("--threads", "-3", "1024");
  run_with("--threads", "many", "many");
  run_with("--seed", "-1", "-1");
  run_with("--seed", "abc", "abc");
  run_with("--seed", "1e999", "1e999");
  run_with("--replications", "0", "10000");
  run_with("--replications", "nan", "nan");
  run_with("--until", "later", "later");
  run_with("--until", "-5", "-5");
  run_with("--until", "0", "> 0");
  run_with("--until", "nan", "nan");
  run_with("--until", "99:00:00", "outside the scenario");
  run_with("--evacuate-at", "99:00:00", "outside the scenario");
  refused({"export", "run.h5"}, {"nothing to write", "--pedpy"});
  refused({"export", "run.h5", "--pedpy", "new.h5", "--level", "7"}, {"run.h5", "no such level", "7"});
  refused({"export", "run.h5", "--pedpy", "new.h5", "--level", "99999999999"}, {"--level"});
  refused({"export", "site.h5", "--text", "new.txt"}, {"site.h5", "another format"});
  refused({"compare", "run.h5", "site.h5", "--out", "new.html"}, {"site.h5", "not a result file"});
  refused({"bench", "moon"}, {"moon", "plaza"});
}
