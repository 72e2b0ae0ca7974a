#include "sim/scenario/drawing_defaults.hpp"

#include <catch2/catch.hpp>

using namespace throng;

namespace {

std::string text_of(const std::string& schedule) {
  const auto entries = parse_schedule(schedule);
  if (!entries) return "nothing";
  std::string out;
  for (const ScheduleEntry& e : *entries)
    out += std::to_string(static_cast<int>(e.clock / 60.0)) + (e.open ? "o " : "c ");
  return out;
}

Scenario evening() {
  Scenario out;
  out.start_of_day = 18 * 3600.0;
  out.duration = 3 * 3600.0;
  return out;
}

const SiteNames site{{}, {"gate", "other"}, {"street", "square"}, {}};
const std::vector<std::pair<std::string, ZoneKind>> kinds{{"street", ZoneKind::passage},
                                                          {"square", ZoneKind::standing}};

}  // namespace

TEST_CASE("schedules are read in the forms in which people write them", "[scenario][unit]") {
  CHECK(text_of("18:30 open, 22:00 closed") == "1110o 1320c ");
  CHECK(text_of(R"([{"at":"18:30","state":"open"},{"at":"22:00","state":"closed"}])") == "1110o 1320c ");
  CHECK(text_of(R"([{"from":"18:30","to":"22:00"}])") == "1110o 1320c ");
  CHECK(text_of(R"([{"from":"18:30","state":"closed","to":"22:00"}])") == "1110c 1320o ");
  CHECK(text_of("18:30-22:00") == "1110o 1320c ");
  CHECK(text_of("18:30-19:00, 20:00-22:00") == "1110o 1140c 1200o 1320c ");
  CHECK(text_of("2026-06-01T18:30:00+02:00 open; 2026-06-01T22:00:00-05:00 closed") == "1110o 1320c ");
  CHECK(text_of("22:00 closed, 18:30 open") == "1110o 1320c ");
  CHECK(text_of("") == "nothing");
  CHECK(text_of("in the evening") == "nothing");
  CHECK(text_of("1830") == "nothing");
  CHECK(text_of("25:61") == "nothing");
}

TEST_CASE("limits are four rising densities", "[scenario][unit]") {
  CHECK(parse_density_limits("[1.5,2.5,3.5,5]") == std::array<double, 4>{1.5, 2.5, 3.5, 5.0});
  CHECK(parse_density_limits("1; 2; 3; 4") == std::array<double, 4>{1.0, 2.0, 3.0, 4.0});
  for (const char* bad : {"", "1, 2, 3", "4, 3, 2, 1", "1, 2, 3, nan", "many", "1, 2, 3, 400", "0, 1, 2, 3"})
    CHECK_FALSE(parse_density_limits(bad));
}

TEST_CASE("a schedule of the drawing becomes changes, unless the scenario has its own", "[scenario][unit]") {
  const std::vector<DrawingDefault> drawn{{"gate", "schedule", "17:00 closed, 18:30 open, 20:00 closed, 23:00 open"}};
  Scenario free = evening();
  const auto told = apply_drawing_defaults(free, drawn, site, kinds);
  REQUIRE(free.changes.size() == 3);
  CHECK(free.changes[0].time == 0.0);  // what 17:00 left it as
  CHECK(free.changes[0].kind == ChangeKind::gate_close);
  CHECK(free.changes[1].time == 1800.0);
  CHECK(free.changes[1].kind == ChangeKind::gate_open);
  CHECK(free.changes[1].target == "gate");
  CHECK(free.changes[2].time == 7200.0);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("\"gate\" is taken from the drawing") && Catch::Contains("18:30:00 open"));

  Scenario own = evening();
  TimedChange change;
  change.time = 60.0;
  change.kind = ChangeKind::gate_open;
  change.target = "gate";
  own.changes = {change};
  CHECK_THAT(apply_drawing_defaults(own, drawn, site, kinds).at(0), Catch::Contains("overridden by the scenario"));
  CHECK(own.changes.size() == 1);
  own.changes[0].target = "other";
  apply_drawing_defaults(own, drawn, site, kinds);
  CHECK(own.changes.size() == 4);

  SiteNames with_area = site;
  with_area.places = {{"gate", PlaceKind::closure, true, 50.0}};
  Scenario area = evening();
  apply_drawing_defaults(area, {{"gate", "schedule", "18:30 closed"}}, with_area, kinds);
  CHECK(area.changes.at(0).kind == ChangeKind::area_close);

  Scenario unknown = evening();
  CHECK(apply_drawing_defaults(unknown, {{"podium", "schedule", "18:30 open"}}, site, kinds).empty());
  CHECK(unknown.changes.empty());
}

TEST_CASE("a schedule goes on past midnight", "[scenario][unit]") {
  Scenario night = evening();
  night.start_of_day = 22 * 3600.0;
  night.duration = 6 * 3600.0;
  apply_drawing_defaults(night, {{"gate", "schedule", "01:00 closed, 21:00 open"}}, site, kinds);
  REQUIRE(night.changes.size() == 2);
  CHECK(night.changes[0].time == 0.0);
  CHECK(night.changes[0].kind == ChangeKind::gate_open);
  CHECK(night.changes[1].time == 3 * 3600.0);
  CHECK(night.changes[1].kind == ChangeKind::gate_close);
}

TEST_CASE("limits of the drawing hold for their zone, unless the scenario has its own", "[scenario][unit]") {
  const std::vector<DrawingDefault> drawn{{"street", "limits", "[1,2,3,4]"}};
  Scenario free = evening();
  CHECK_THAT(apply_drawing_defaults(free, drawn, site, kinds).at(0), Catch::Contains("are taken from the drawing"));
  CHECK(thresholds_for(free, "street", ZoneKind::passage).density == std::array<double, 4>{1, 2, 3, 4});
  CHECK(thresholds_for(free, "square", ZoneKind::passage).density != std::array<double, 4>{1, 2, 3, 4});
  for (const char* kind : {"zone:street", "passage"}) {
    Scenario own = evening();
    ThresholdSet set;
    set.zone_kind = kind;
    set.density = {0.5, 0.6, 0.7, 0.8};
    own.thresholds = {set};
    CHECK_THAT(apply_drawing_defaults(own, drawn, site, kinds).at(0), Catch::Contains("overridden"));
    CHECK(thresholds_for(own, "street", ZoneKind::passage).density[0] == 0.5);
  }
}

TEST_CASE("the time that people may spend on the site bounds a trajectory", "[scenario][unit]") {
  Scenario s;
  CHECK(most_person_seconds(s, 100.0) == 0.0);
  SourceDemand source;
  source.initial = 2.0;
  source.rates = {{0.0, 50.0, 1.0}, {200.0, 300.0, 5.0}};
  source.pulses = {{90.0, 3.0, 10.0}, {150.0, 9.0, 10.0}};
  s.sources = {source};
  // 2 x 100, 50 people who arrive at 25 in the mean, 3 for the last 10 s
  CHECK(most_person_seconds(s, 100.0) == Approx(200.0 + 50.0 * 75.0 + 30.0));
}
