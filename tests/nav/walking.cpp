#include "tests/nav/paths.hpp"
#include "tests/nav/scenes.hpp"

#include <catch2/catch.hpp>

using namespace throng;

namespace {

RouteCosts free_flow(const World& world) { return {world.initial_doors(), {}, 0}; }

}  // namespace

TEST_CASE("following the directions from anywhere leads to the goal without crossing walls", "[nav][property]") {
  const double angle = GENERATE(0.0, 0.37);
  test::LatticePlan plan = test::town(60, 2.0, 60, 1, 6, 5);
  plan.fill(1, 20, 2, 23, 'D');
  const auto world = test::shared_world_from_plan(plan.text(), {.cell_m = plan.size, .angle = angle});
  const Navigation navigation(world);
  const RouteCosts costs = free_flow(*world);
  const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
  Random random(4, Stream::test, 0, Tick{});
  const Box box = world->bounds();
  int n = 0, hindered = 0, steps = 0;
  double least = 1e300;
  std::vector<double> clearances;
  while (n < 1000) {
    const Vec2 x{random.uniform(box.min.x, box.max.x), random.uniform(box.min.y, box.max.y)};
    const auto face = world->locate(x, LevelId{0});
    if (!face) continue;
    ++n;
    const double cost = navigation.cost(field, x, LevelId{0}, *face);
    const test::Trace trace = test::follow(navigation, field, PlaceId{0}, costs.doors, x, LevelId{0}, 2.0 * cost + 5.0);
    INFO("from " << x.x << " " << x.y << " cost " << cost << " length " << trace.length << " stops at "
                 << trace.points.back().x << " " << trace.points.back().y);
    CHECK(trace.arrived);
    CHECK(trace.length < 1.1 * cost + 1.5);
    hindered += trace.blocked;
    steps += static_cast<int>(trace.points.size());
    if (trace.clearance < 1e200) clearances.push_back(trace.clearance);
    if (test::wall_distance(*world, x, LevelId{0}) > 0.25) least = std::min(least, trace.clearance);
  }
  std::sort(clearances.begin(), clearances.end());
  std::printf("turned %.2f: %d of %d steps hindered, clearance least %.3f 1%% %.3f 10%% %.3f median %.3f\n", angle,
              hindered, steps, least, clearances[10], clearances[100], clearances[clearances.size() / 2]);
  CHECK(hindered < steps / 10000);
  CHECK(least >= 0.12);
  CHECK(clearances[clearances.size() / 10] >= 0.2);
}
