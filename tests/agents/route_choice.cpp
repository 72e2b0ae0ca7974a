#include "tests/agents/scenes.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

using namespace throng;

/// A hall with two equal doors, 1 m wide, in the wall x = 30 and one exit behind it.
namespace {

/// The crowd stands midway between the doors.
constexpr const char* midway = R"(
    #########################################
    #.............................#.........#
    #.............................#.........#
    #.............................#.........#
    #.............................#........D#
    #......................................D#
    #.............................#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #.............................#........D#
    #......................................D#
    #.............................#........D#
    #.............................#.........#
    #.............................#.........#
    #.............................#.........#
    #########################################)";

/// The crowd stands nearer to the upper door.
constexpr const char* nearer = R"(
    #########################################
    #.............................#.........#
    #.............................#.........#
    #...........aaaaaaaaaaaa......#.........#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa...............D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #...........aaaaaaaaaaaa......#........D#
    #.............................#........D#
    #.............................#........D#
    #.............................#........D#
    #.............................#........D#
    #.............................#........D#
    #......................................D#
    #.............................#........D#
    #.............................#.........#
    #.............................#.........#
    #.............................#.........#
    #########################################)";

struct Split {
  std::uint64_t upper = 0, lower = 0;
  std::vector<double> upper_share;  ///< of those who passed, by quarter of a minute
};

/// Four people per square of `a`, until all are out.
Split empty_hall(const char* plan, double reroute_share, std::uint64_t seed) {
  Scenario scenario = test::to_exits({"D"});
  scenario.routing.reroute_share = reroute_share;
  scenario.routing.reroute_interval = 10.0;
  const auto world = test::shared_world_from_plan(plan, {.cell_m = 1.0});
  const auto simulation = test::simulation(world, scenario);
  CrowdState state = simulation->initial_state(seed);
  std::vector<Vec2> start;
  for (const Vec2 x : test::start_positions(plan))
    for (const double dx : {-0.25, 0.25})
      for (const double dy : {-0.25, 0.25}) start.push_back(x + Vec2{dx, dy});
  test::populate(*simulation, state, start);
  std::vector<double> x_before(state.next_id, 0.0);
  Split split;
  std::uint64_t upper_then = 0, lower_then = 0;
  for (int quarter = 0; quarter < 40 && state.agents.size() > 0; ++quarter) {
    test::run_for(*simulation, state, 15.0, [&](const CrowdState& now) {
      for (std::size_t r = 0; r < now.agents.size(); ++r) {
        double& before = x_before[index(now.agents.id[r])];
        const Vec2 x = now.agents.position[r];
        if (before > 0.0 && before < 30.5 && x.x >= 30.5) ++(x.y > 10.5 ? split.upper : split.lower);
        before = x.x;
      }
    });
    const double upper = static_cast<double>(split.upper - upper_then),
                 lower = static_cast<double>(split.lower - lower_then);
    if (upper + lower > 30.0) split.upper_share.push_back(upper / (upper + lower));
    upper_then = split.upper;
    lower_then = split.lower;
  }
  CHECK(state.agents.size() == 0);
  return split;
}

}  // namespace

TEST_CASE("two equal doors split a crowd within a tenth, without swinging", "[agents][property]") {
  for (const double share : {0.5, 1.0})
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      const Split split = empty_hall(midway, share, seed);
      const double all = static_cast<double>(split.upper + split.lower);
      INFO("share " << share << ", seed " << seed << ": upper " << split.upper << ", lower " << split.lower);
      CHECK(static_cast<double>(split.upper) / all == Approx(0.5).margin(0.05));
      for (const double part : split.upper_share) CHECK(part == Approx(0.5).margin(0.2));
    }
}

// RiMEA 4.1.1, test 11 (exit choice): the nearer door is preferred, some use the farther one.
TEST_CASE("some of a crowd go round a jam to the farther door", "[agents][property]") {
  for (const std::uint64_t seed : {1U, 2U}) {
    const Split split = empty_hall(nearer, 0.5, seed);
    const double farther = static_cast<double>(split.lower) / static_cast<double>(split.upper + split.lower);
    CHECK(farther > 0.10);
    CHECK(farther < 0.45);
  }
}

TEST_CASE("next to nobody leaves the shortest way where nobody re-routes", "[agents][property]") {
  CHECK(empty_hall(nearer, 0.0, 1).lower <= 12);
}
