// Gates that open and close: what the drawing says is a default, what cannot be reached is told with the time it opens.
#include "sim/io/io.hpp"
#include "tests/tools/program.hpp"

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

const std::string change = "[[change]]\nat = 20\naction = \"gate_close\"\ntarget = \"gate\"\n";

/// A site whose only gate is drawn closed, and a scenario with these changes.
void make(const Workshop& shop, const std::string& gate_properties, const std::string& changes) {
  shop.derive("event.geojson", "closed.geojson", {{"\"state\": \"open\"", "\"state\": \"closed\"" + gate_properties}});
  shop.derive("scenario.toml", "closed.toml", {{change, changes}});
  const Ran ran = shop.run(
      {"import", "--plan", "plan.geojson", "--event", "closed.geojson", "--out", "site.h5", "--report", "report.json"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(shop.read("report.json"), Catch::Contains("G308"));
}

std::string changes_of(const Workshop& shop) {
  const Ran ran = shop.run({"run", "closed.toml", "--out", "new.h5", "--summary", "pages"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  std::string out;
  for (const Event& event : io::Hdf5Source(shop / "new.h5").results().events)
    if (event.kind == EventKind::change) out += std::to_string(event.tick.count) + " " + event.text + "; ";
  return out;
}

}  // namespace

TEST_CASE("an exit that no change of the scenario opens is refused", "[tools][unit]") {
  const Workshop shop;
  make(shop, "", "");
  for (const Words& command : {Words{"validate", "closed.toml"}, Words{"run", "closed.toml", "--out", "new.h5"}})
    check_refused(shop,
                  {"never open",
                   command,
                   {"closed.toml:29:", "journey[0].stage[0].places[0]", "cannot be reached", "east", "a change"}});
}

TEST_CASE("an exit that opens later is a warning with the time", "[tools][unit]") {
  const Workshop shop;
  make(shop, "", "[[change]]\nat = 20\naction = \"gate_open\"\ntarget = \"gate\"\n");
  const Ran ran = shop.run({"validate", "closed.toml"});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Catch::Contains("warning: exit \"east\" cannot be reached from any source at the start") &&
                          Catch::Contains("opens after 00:00:20, at 18:00:20"));
  make(shop, "", "[[change]]\nat = 0\naction = \"gate_open\"\ntarget = \"gate\"\n");
  CHECK(shop.run({"validate", "closed.toml"}).err.empty());
}

TEST_CASE("a schedule in the drawing is a default", "[tools][unit]") {
  const Workshop shop;
  make(shop, ", \"schedule\": \"18:00:10 open, 18:00:25 closed\"", "");
  CHECK_THAT(shop.read("report.json"), Catch::Contains("opens a way at 18:00:10") && Catch::Contains("E620"));
  const Ran ran = shop.run({"validate", "closed.toml"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Catch::Contains("note: schedule of \"gate\" is taken from the drawing") &&
                          Catch::Contains("opens after 00:00:10, at 18:00:10"));
  CHECK(changes_of(shop) == "200 gate_open gate; 500 gate_close gate; ");
}

TEST_CASE("the scenario overrides a schedule of the drawing", "[tools][unit]") {
  const Workshop shop;
  make(shop, ", \"schedule\": \"18:00:10 open, 18:00:25 closed\"",
       "[[change]]\nat = 5\naction = \"gate_open\"\ntarget = \"gate\"\n");
  const Ran ran = shop.run({"validate", "closed.toml"});
  CHECK_THAT(ran.err, Catch::Contains("note: schedule of \"gate\" in the drawing is overridden by the scenario"));
  CHECK(changes_of(shop) == "100 gate_open gate; ");
}

TEST_CASE("limits in the drawing are defaults of their zone", "[tools][unit]") {
  const Workshop shop;
  shop.derive("event.geojson", "limits.geojson",
              {{"\"zone_kind\": \"passage\"", "\"zone_kind\": \"passage\", \"limits\": [0.1, 0.2, 0.3, 0.4]"}});
  REQUIRE(shop.run({"import", "--plan", "plan.geojson", "--event", "limits.geojson", "--out", "site.h5"}).code == 0);
  const auto limits_of_run = [&](const char* scenario) {
    const Ran ran = shop.run({"run", scenario, "--until", "00:00:02", "--out", "new.h5", "--summary", "pages"});
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    return std::pair(io::Hdf5Source(shop / "new.h5").header().zones.at(0).limits.density, ran.err);
  };
  const auto [drawn, told] = limits_of_run("scenario.toml");
  CHECK(drawn == std::array<double, 4>{0.1, 0.2, 0.3, 0.4});
  CHECK_THAT(told, Catch::Contains("note: limits of \"middle\" are taken from the drawing"));
  shop.write("own.toml",
             shop.read("scenario.toml") + "[[threshold]]\nzone = \"middle\"\ndensity_per_m2 = [1.0, 2.0, 3.0, 4.0]\n");
  const auto [own, said] = limits_of_run("own.toml");
  CHECK(own == std::array<double, 4>{1.0, 2.0, 3.0, 4.0});
  CHECK_THAT(said, Catch::Contains("overridden by the scenario"));
}
