#include "tests/validation/cases.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

/// Time until 1000 people left a room of 30 x 20 m through 1 m doors (IMO 9): two in the south, two in the north.
double empty_room(bool four, std::uint64_t seed) {
  WorldBuilder builder;
  builder.ground({{30, 10}, {0, 10}, {0, 0}, {7, 0}, {8, 0}, {22, 0}, {23, 0}, {30, 0}});
  builder.ground({{0, 10}, {30, 10}, {30, 20}, {23, 20}, {22, 20}, {8, 20}, {7, 20}, {0, 20}});
  std::vector<std::string> exits;
  const auto door = [&](double x, double y0, double y1) {
    builder.ground(rectangle(x, y0, x + 1, y1));
    exits.push_back("exit" + std::to_string(exits.size()));
    builder.place(exits.back(), PlaceKind::exit, {area_of(x, y0, x + 1, y1)});
  };
  door(7, -1, 0), door(22, -1, 0);
  if (four) door(7, 20, 21), door(22, 20, 21);
  Scenario scenario = to_exits(exits);
  scenario.journeys[0].stages[0].place_choice = Choice::fixed;
  scenario.journeys.clear();
  for (const std::string& exit : exits) {
    JourneyDemand journey;
    journey.id = exit;
    journey.stages = {stage("leave", StageKind::exit, {exit})};
    scenario.journeys.push_back(journey);
  }
  const auto sim = simulation(builder.shared(), scenario);
  CrowdState state = sim->initial_state(seed);
  for (const Vec2 x : spread(1000, {0.3, 0.3}, {29.7, 19.7})) {
    const int column = x.x < 15.0 ? 0 : 1, row = four && x.y > 10.0 ? 2 : 0;
    put(*sim, state, {x}, StageId{column + row}, 0.0, 0.05);
  }
  double t = 0.0;
  for (; t < 900.0 && state.agents.size() > 0; t += sim->dt()) sim->step(state);
  return t;
}

}  // namespace

TEST_CASE("a room empties about twice as slowly through half of its doors", "[validation][slow]") {
  double four = 0.0, two = 0.0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    four += empty_room(true, seed) / 3.0, two += empty_room(false, seed) / 3.0;
  const double ratio = two / four;
  report_row("RiMEA 9, IMO 9: 1000 people, four doors or two",
             number(four, 0) + " s and " + number(two, 0) + " s, ratio " + number(ratio), "1.6-2.4",
             "RiMEA 4.1.1; FDS+Evac 1.87", ratio > 1.6 && ratio < 2.4);
  CHECK(ratio > 1.6);
  CHECK(ratio < 2.4);
}

TEST_CASE("nobody cuts a corner", "[validation]") {
  WorldBuilder builder;
  builder.ground(rectangle(0, 0, 10, 2));
  builder.ground(rectangle(10, 0, 12, 2));
  builder.ground(rectangle(10, 2, 12, 10));
  builder.ground(rectangle(10, 10, 12, 12));
  builder.place("exit", PlaceKind::exit, {area_of(10, 10, 12, 12)});
  const auto world = builder.shared();
  const auto sim = simulation(world, to_exits({"exit"}));
  double deepest = 1.0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CrowdState state = sim->initial_state(seed);
    put(*sim, state, spread(20, {0.3, 0.3}, {6.0, 1.7}), StageId{0}, 0.0, 0.1);
    run_for(*sim, state, 60.0, [&](const CrowdState& now) {
      REQUIRE(all_inside(*world, now));
      for (const Vec2 x : now.agents.position)
        for (const Wall& wall : world->walls())
          deepest = std::min(deepest, distance(nearest_on_segment(x, wall.a, wall.b), x));
    });
    CHECK(state.agents.size() == 0);
  }
  report_row("RiMEA 6: corner, 20 people, 10 seeds", "all arrive; nearest to a wall " + number(deepest) + " m",
             "all arrive, hard disc (0.16 m) never in a wall by more than 20 mm", "RiMEA 4.1.1", deepest > 0.14);
  CHECK(deepest > 0.14);
}

TEST_CASE("people cross a bridge without meeting those below", "[validation]") {
  const auto world = bridge_over_street().shared();
  Scenario scenario = to_exits({"north"});
  JourneyDemand along;
  along.id = "along";
  along.stages = {stage("leave", StageKind::exit, {"east"})};
  scenario.journeys.push_back(along);
  const auto sim = simulation(world, scenario);
  CrowdState state = sim->initial_state(1);
  const auto at_place = [&](const char* id) {
    const Place& place = world->places()[index(*world->find_place(id))];
    return centroid(place.shape.areas.front());
  };
  const Vec2 south = at_place("south"), west = at_place("west");
  for (int k = 0; k < 6; ++k) {
    put(*sim, state, {south + Vec2{0.6 * (k % 3 - 1), 0.6 * (k / 3)}}, StageId{0});
    put(*sim, state, {west + Vec2{0.6 * (k % 3 - 1), 0.6 * (k / 3)}}, StageId{1});
  }
  const std::size_t n = state.agents.size();
  bool above = false;
  run_for(*sim, state, 120.0, [&](const CrowdState& now) {
    REQUIRE(all_inside(*world, now));
    for (const FaceId f : now.agents.face) above = above || world->mesh().face[index(f)].level != LevelId{0};
  });
  report_row("Street and bridge, " + std::to_string(n) + " people",
             std::to_string(n - state.agents.size()) + " arrived", "all", "own", state.agents.size() == 0 && above);
  CHECK(above);
  CHECK(state.agents.size() == 0);
}
