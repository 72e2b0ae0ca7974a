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
