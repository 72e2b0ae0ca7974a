#include "tests/agents/scenes.hpp"

#include <catch2/catch.hpp>

using namespace throng;

namespace {

constexpr const char* room_plan = R"(
    ############
    #aaaaa.....#
    #aaaaa.....#
    #aaaaa.....D
    #aaaaa.....#
    ############)";

}  // namespace

TEST_CASE("walls of a stair below a deck do not stand on the deck", "[agents][regression]") {
  const LevelId deck{1};
  test::WorldBuilder builder;  // a stair leads down to the north below a deck that goes on behind its end
  builder.ground({{0, 0}, {10, 0}, {10, 6}, {6, 6}, {4, 6}, {0, 6}}, deck);
  builder.ground({{0, 6}, {4, 6}, {4, 6.5}, {0, 6.5}}, deck);
  builder.ground({{6, 6}, {10, 6}, {10, 6.5}, {6, 6.5}}, deck);
  builder.ground({{10, 14}, {0, 14}, {0, 6.5}, {4, 6.5}, {6, 6.5}, {10, 6.5}}, deck);
  builder.ground({{-2, 6.5}, {0, 6.5}, {0, 14}, {-2, 14}}, deck);
  builder.ground({{4, 6}, {6, 6}, {6, 9}, {4, 9}});
  builder.portal({4, 6}, {6, 6}, deck, LevelId{0});
  builder.place("D", PlaceKind::exit, {Polygon{{{-2, 6.5}, {0, 6.5}, {0, 14}, {-2, 14}}, {}}}, deck);
  const auto simulation = test::simulation(builder.shared(), test::to_exits({"D"}));
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, {{9, 7.5}, {9, 8}}, deck);
  test::run_for(*simulation, state, 20.0);
  CHECK(state.counters.left == 2);
}

TEST_CASE("people appear where their journeys can begin", "[agents][regression]") {
  const auto initial = GENERATE(0.0, 30.0);
  test::WorldBuilder builder;  // a source over two grounds, only one of which leads to the exit
  builder.ground({{0, 0}, {10, 0}, {10, 5}, {0, 5}});
  builder.ground({{10, 0}, {20, 0}, {20, 5}, {10, 5}});
  builder.ground({{0, 6}, {10, 6}, {10, 20}, {0, 20}});
  builder.place("S", PlaceKind::source,
                {Polygon{{{0, 0}, {10, 0}, {10, 5}, {0, 5}}, {}}, Polygon{{{0, 6}, {10, 6}, {10, 20}, {0, 20}}, {}}});
  builder.place("D", PlaceKind::exit, {Polygon{{{10, 0}, {20, 0}, {20, 5}, {10, 5}}, {}}});
  Scenario scenario = test::to_exits({"D"});
  SourceDemand source;
  source.place = "S";
  source.initial = initial;
  if (initial == 0.0) source.rates = {{0.0, 30.0, 1.0}};
  source.journeys = {{"out", 1.0}};
  scenario.sources = {source};
  const auto simulation = test::simulation(builder.shared(), scenario);
  CrowdState state = simulation->initial_state(3);
  test::run_for(*simulation, state, 60.0, [&](const CrowdState& now) {
    for (const Vec2 x : now.agents.position) REQUIRE(x.y < 5.5);
  });
  CHECK(state.counters.entered >= 15);
  CHECK(state.counters.left == state.counters.entered);
}

TEST_CASE("agents leave a room through its only door", "[agents][property]") {
  const auto seed = GENERATE(range(1u, 21u));
  const auto world = test::shared_world_from_plan(room_plan);
  const auto simulation = test::simulation(world, test::to_exits({"D"}));
  CrowdState state = simulation->initial_state(seed);
  test::populate(*simulation, state, test::start_positions(room_plan));
  REQUIRE(state.agents.size() == 20);
  test::run_for(*simulation, state, 60.0, [&](const CrowdState& now) {
    REQUIRE(test::all_inside(*world, now));
    REQUIRE(now.counters.entered == now.agents.size() + now.counters.left);
  });
  CHECK(state.agents.size() == 0);
  CHECK(state.counters.exited == std::vector<std::uint64_t>{20});
}
