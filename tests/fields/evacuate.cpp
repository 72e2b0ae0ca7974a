#include "sim/agents/evacuate.hpp"

#include "sim/core/error.hpp"
#include "tests/agents/scenes.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

constexpr const char* hall = R"(
    ######################
    #....................#
    1..aaaaZZZZZZZZ......2
    1..aaaaZZZZZZZZ......#
    #..aaaaZZZZZZZZ......#
    #....................#
    ######################)";

}  // namespace

TEST_CASE("everyone leaves by the nearest exit, and by the other when it is lost", "[fields][property]") {
  const auto world = test::shared_world_from_plan(hall);
  const auto simulation = test::simulation(world, test::to_exits({"2"}));
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(hall));
  REQUIRE(state.agents.size() == 12);
  const std::uint64_t before = hash_of(state);
  const EvacuationFigures figures = evacuate(*simulation, state);
  CHECK(hash_of(state) == before);
  REQUIRE(figures.cases.size() == 3);
  REQUIRE(figures.exits == std::vector<std::string>{"1", "2"});
  const ClearanceCase& all = figures.cases[0];
  CHECK(all.lost_exit.empty());
  CHECK(all.people == 12);
  CHECK(all.remaining == 0);
  CHECK(all.by_exit == std::vector<std::uint64_t>{12, 0});
  CHECK(all.zone_cleared == std::vector<double>{0.0});  // nobody went through it
  const ClearanceCase& first_lost = figures.cases[1];
  CHECK(first_lost.lost_exit == "1");
  CHECK(first_lost.by_exit == std::vector<std::uint64_t>{0, 12});
  CHECK(first_lost.time_all > all.time_all + 5.0);
  CHECK(first_lost.time_half <= first_lost.time_95);
  CHECK(first_lost.zone_cleared[0] > 3.0);
  CHECK(first_lost.zone_cleared[0] < first_lost.time_all);
  CHECK(figures.cases[2].by_exit == std::vector<std::uint64_t>{12, 0});
}

TEST_CASE("a closed exit is not used, and a wrong one is named", "[fields][unit]") {
  const auto world = test::shared_world_from_plan(hall);
  const auto simulation = test::simulation(world, test::to_exits({"2"}));
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(hall));
  EvacuationOptions options;
  options.closed = {"1"};
  const EvacuationFigures figures = evacuate(*simulation, state, options);
  REQUIRE(figures.cases.size() == 1);
  CHECK(figures.cases[0].by_exit == std::vector<std::uint64_t>{0, 12});
  CHECK(figures.closed == std::vector<std::string>{"1"});
  options.limit = 3.0;
  const EvacuationFigures brief = evacuate(*simulation, state, options);
  CHECK(brief.cases[0].remaining == 12);
  CHECK(std::isnan(brief.cases[0].time_all));
  options.closed = {"1", "2"};
  CHECK_THROWS_AS(evacuate(*simulation, state, options), InputError);
  options.closed = {"3"};
  CHECK_THROWS_AS(evacuate(*simulation, state, options), InputError);
}

TEST_CASE("in danger nobody waits for a tram", "[fields][unit]") {
  Scenario scenario = test::to_exits({"2"});
  scenario.journeys[0].stages[0].departures = {{3600.0, 100.0, 60.0}};
  const auto simulation = test::simulation(test::shared_world_from_plan(hall), scenario);
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(hall));
  EvacuationOptions options;
  options.closed = {"1"};
  const EvacuationFigures figures = evacuate(*simulation, state, options);
  CHECK(figures.cases[0].remaining == 0);
  CHECK(figures.cases[0].time_all < 120.0);
}

TEST_CASE("the capacity sheet is the least of four products", "[fields][unit]") {
  const World world = test::world_from_plan(R"(
      ##########
      S..ZZZZ..1
      S..ZZZZ..1
      #..ZZZZ..2
      ##########)");
  const CapacitySheet sheet = capacity_sheet(world);
  CHECK(sheet.entry_width == Approx(2.0));
  CHECK(sheet.exit_width == Approx(3.0));
  CHECK(sheet.holding_area == Approx(12.0));
  CHECK(sheet.holding_area_of == "standing zones");
  CHECK(sheet.holding_capacity == Approx(12.0 / 10.0 * 47.0));
  CHECK(sheet.entry == Approx(82.0 * sheet.entry_width * 60.0));
  CHECK(sheet.exit == Approx(82.0 * sheet.exit_width * 8.0));
  CHECK(sheet.emergency_width == Approx(1.0));
  CHECK(sheet.emergency == Approx(82.0 * 8.0));
  CHECK(sheet.final_capacity == Approx(sheet.holding_capacity));
  CHECK(sheet.limited_by == "holding");
  CapacityInputs inputs;
  inputs.safety.value = 0.5;
  CHECK(capacity_sheet(world, inputs).holding_capacity == Approx(0.5 * sheet.holding_capacity));
  CHECK_FALSE(inputs.exit_time.citation.empty());
}
