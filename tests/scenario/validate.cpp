#include "sim/scenario/validate.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

Scenario sound() {
  Scenario s;
  s.name = "a";
  s.site = "a.h5";
  s.file = "s.toml";
  s.population = {PopulationClass{}};
  SourceDemand source;
  source.id = source.place = "west";
  source.rates = {{0.0, 300.0, 1.0}};
  source.journeys = {{"out", 1.0}};
  s.sources = {source};
  StageDemand exit;
  exit.id = "leave";
  exit.kind = StageKind::exit;
  exit.places = {"east"};
  s.journeys = {JourneyDemand{"out", {exit}, {}}};
  return s;
}

std::string text_of(const std::vector<Fault>& faults) {
  std::string out;
  for (const Fault& fault : faults) out += fault.text() + "\n";
  return out;
}

SiteNames site() {
  SiteNames names;
  names.places = {{"west", PlaceKind::source, true, 50.0},
                  {"east", PlaceKind::exit, true, 20.0},
                  {"field", PlaceKind::closure, true, 100.0}};
  names.doors = {"gate", "field"};
  names.zones = {"square"};
  return names;
}

}  // namespace

TEST_CASE("a sound scenario has no faults", "[scenario][unit]") {
  CHECK(text_of(validate(sound())) == "");
  CHECK(text_of(validate(sound(), site())) == "");
}

TEST_CASE("numbers that are absurd or not finite are faults", "[scenario][unit]") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const auto check = [](auto change, const char* message) {
    Scenario s = sound();
    change(s);
    CHECK_THAT(text_of(validate(s)), Catch::Contains(message));
  };
  check([&](Scenario& s) { s.time_step = 0.0; },
        "scenario.time_step_s is out of range, found \"0\", allowed: 0.001 to 0.2");
  check([&](Scenario& s) { s.time_step = nan; }, "scenario.time_step_s is not a finite number");
  check([&](Scenario& s) { s.duration = inf; }, "scenario.duration is not a finite number");
  check([&](Scenario& s) { s.duration = -5.0; }, "scenario.duration is out of range");
  check([&](Scenario& s) { s.start_of_day = 86400.0; }, "scenario.start is out of range");
  check([&](Scenario& s) { s.population[0].speed_mean = nan; },
        "population[0].speed_mean_m_per_s is not a finite number");
  check([&](Scenario& s) { s.population[0].radius = 3.0; }, "population[0].radius_m is out of range");
  check([&](Scenario& s) { s.population[0].share = 0.0; }, "sum to zero");
  check([&](Scenario& s) { s.population[0].age_table = "other"; }, "population[0].age_table is not known");
  check([&](Scenario& s) { s.sources[0].rates[0].rate = 1e7; }, "source[0].rates[0].people_per_min is out of range");
  check(
      [&](Scenario& s) {
        s.sources[0].rates[0] = {0.0, 300.0, 1e4};
        s.sources[0].initial = 9e6;
      },
      "too many people in all");
  check([&](Scenario& s) { s.sources[0].initial = nan; }, "source[0].initial_people is not a finite number");
  check([&](Scenario& s) { s.routing.reroute_interval = 0.5; }, "routing.reroute_interval_s is out of range");
  check(
      [&](Scenario& s) {
        s.output.report_interval = 90.5;
        s.output.measure_interval = 1.0;
      },
      "not a whole multiple of measure_interval_s");
  check([&](Scenario& s) { s.output.grid_cell = 0.01; }, "output.grid_cell_m is out of range");
  check([&](Scenario& s) { s.output.region = {{0, 0}, {1, nan}, {1, 1}}; }, "output.region[1] is not finite");
  check([&](Scenario& s) { s.model.parameters["a"] = inf; }, "model.parameters.a is not finite");
  check([&](Scenario& s) { s.site_hash = "XYZ"; }, "scenario.site_hash is not a hash");
  check([&](Scenario& s) { s.thresholds = {{"", {1, 2, 3, 4}, {}, "", {}}}; }, "threshold[0].zone_kind is not known");
}

TEST_CASE("journeys that never end are faults", "[scenario][unit]") {
  Scenario s = sound();
  StageDemand a;
  a.id = "a";
  a.kind = StageKind::waypoint;
  a.places = {"field"};
  a.next = {{"b", 1.0}, {"leave", 0.0}};
  a.next_choice = Choice::weighted;
  StageDemand b = a;
  b.id = "b";
  b.next = {{"a", 1.0}};
  s.journeys[0].stages = {a, b, s.journeys[0].stages[0]};
  const std::string faults = text_of(validate(s));
  CHECK_THAT(faults, Catch::Contains("journey[0].stage[0] never leads to an exit"));
  CHECK_THAT(faults, Catch::Contains("journey[0].stage[1] never leads to an exit"));
  CHECK_THAT(faults, Catch::Contains("journey[0].stage[2] is never reached"));
  s.journeys[0].stages.clear();
  CHECK_THAT(text_of(validate(s)), Catch::Contains("journey[0].stage is missing"));
}

TEST_CASE("a scenario that does not fit its site is told what the site has", "[scenario][unit]") {
  Scenario s = sound();
  s.sources[0].place = "wesst";
  s.journeys[0].stages[0].places = {"field"};
  s.zones = {"sqare"};
  s.changes = {TimedChange{10.0, ChangeKind::gate_open, "field", 0.0, GateDirection::both, {}},
               TimedChange{10.0, ChangeKind::area_close, "gate", 0.0, GateDirection::both, {}},
               TimedChange{10.0, ChangeKind::gate_close, "gatee", 0.0, GateDirection::both, {}}};
  s.thresholds = {{"zone:sq", {1, 2, 3, 4}, {}, "", {}}};
  const std::string faults = text_of(validate(s, site()));
  CHECK_THAT(faults, Catch::Contains("source[0].place is not a known source of the site; did you mean \"west\"?"));
  CHECK_THAT(faults, Catch::Contains(
                         "journey[0].stage[0].places[0] is a closure, not a exit, found \"field\", allowed: east") ||
                         Catch::Contains("is a closure, not an exit"));
  CHECK_THAT(faults, Catch::Contains("output.zones[0] is not a known zone of the site; did you mean \"square\"?"));
  CHECK_THAT(faults, Catch::Contains("change[0].target is an area, not a gate"));
  CHECK_THAT(faults, Catch::Contains("change[1].target is a gate, not an area"));
  CHECK_THAT(faults, Catch::Contains("change[2].target is not a known gate of the site; did you mean \"gate\"?"));
  CHECK_THAT(faults, Catch::Contains("threshold[0].zone is not a known zone of the site"));
}

TEST_CASE("more people than a source holds are a fault", "[scenario][unit]") {
  Scenario s = sound();
  s.sources[0].initial = 301.0;  // 50 m²
  CHECK_THAT(text_of(validate(s, site())),
             Catch::Contains("source[0].initial_people do not fit into the 50 m²") && Catch::Contains("at most 300"));
  s.sources[0].initial = 300.0;
  CHECK(text_of(validate(s, site())) == "");
}

TEST_CASE("models and their parameters are checked against those known", "[scenario][unit]") {
  const KnownModels known{{{"csm", {"regulatory"}, {{"time_gap_s", 0.1, 10.0}}}}};
  CHECK(validate(ModelChoice{"csm", "regulatory", {{"time_gap_s", 1.0}}, {}}, known, "f").empty());
  const std::string faults =
      text_of(validate(ModelChoice{"csm", "regulator", {{"time_gap_s", 11.0}, {"tme_gap_s", 1.0}}, {}}, known, "f"));
  CHECK_THAT(faults, Catch::Contains("model.profile is not a known calibration profile; did you mean \"regulatory\"?"));
  CHECK_THAT(faults, Catch::Contains("model.parameters.time_gap_s is out of range, found \"11\", allowed: 0.1 to 10"));
  CHECK_THAT(faults, Catch::Contains(
                         "model.parameters.tme_gap_s is not a known parameter of csm; did you mean \"time_gap_s\"?"));
  CHECK_THAT(text_of(validate(ModelChoice{"avm", "", {}, {}}, known, "f")),
             Catch::Contains("model.name is not a known model"));
  CHECK(validate(ModelChoice{"anything", "", {}, {}}, KnownModels{}, "f").empty());
}
