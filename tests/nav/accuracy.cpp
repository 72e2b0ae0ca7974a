#include "sim/nav/navigation.hpp"
#include "tests/nav/scenes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

Vec2 turned(Vec2 p, double angle) {
  return {std::cos(angle) * p.x - std::sin(angle) * p.y, std::sin(angle) * p.x + std::cos(angle) * p.y};
}

struct Errors {
  double median = 0.0, p95 = 0.0, worst = 0.0;
  std::size_t n = 0;
};

/// Relative errors of a field against geodesics at free points at least `least` metres from the goal.
template <class Cost>
Errors compare(const test::LatticePlan& plan, const test::Geodesics& exact, double least, int n, std::uint64_t seed,
               Cost&& cost) {
  Random random(seed, Stream::test, 1, Tick{});
  std::vector<double> errors;
  while (static_cast<int>(errors.size()) < n) {
    const Vec2 x{random.uniform(0.0, plan.nx * plan.size), random.uniform(0.0, plan.ny * plan.size)};
    if (plan.blocked(static_cast<int>(x.x / plan.size), static_cast<int>(x.y / plan.size))) continue;
    const double d = exact(x);
    if (d < least || d > 1e299) continue;
    errors.push_back(cost(x) / d - 1.0);
  }
  std::vector<double> size = errors;
  for (double& e : size) e = std::abs(e);
  std::sort(size.begin(), size.end());
  return {size[size.size() / 2], size[size.size() * 95 / 100], size.back(), size.size()};
}

}  // namespace

TEST_CASE("a field to a point agrees with exact geodesics among many blocks", "[nav][validation]") {
  const double angle = GENERATE(0.0, 0.3, 0.7853981633974483);
  const auto seed = GENERATE(1u, 2u);
  const test::LatticePlan plan = test::town(130, 3.0, 160, 2, 9, seed);
  const auto world = test::shared_world_from_plan(plan.text(), {.cell_m = plan.size, .angle = angle});
  const Navigation navigation(world);
  Vec2 goal{};
  for (int x = 60; goal == Vec2{}; ++x)
    if (!plan.blocked(x, 66)) goal = {(x + 0.5) * plan.size, 66.5 * plan.size};
  const test::Geodesics exact(plan, {goal});
  const auto face = world->locate(turned(goal, angle), LevelId{0});
  REQUIRE(face);
  const DistanceField field =
      navigation.solve_to(turned(goal, angle), *face, Mobility::walking, {world->initial_doors(), {}, 0});
  const Errors errors = compare(plan, exact, 10.0, 1500, seed, [&](Vec2 x) {
    const Vec2 p = turned(x, angle);
    return navigation.cost(field, p, LevelId{0}, *world->locate(p, LevelId{0}));
  });
  std::printf("town %u, turned %.2f: median %.3f %%, p95 %.3f %%, worst %.3f %%\n", seed, angle, 100 * errors.median,
              100 * errors.p95, 100 * errors.worst);
  CHECK(errors.median < 0.01);
  CHECK(errors.p95 < 0.03);
}

TEST_CASE("a field to an exit area agrees with exact geodesics in a maze", "[nav][validation]") {
  const double angle = GENERATE(0.0, 0.2, 0.5);
  // Walls one square thick with gaps at alternate ends: long ways with many turns.
  test::LatticePlan plan(60, 41, 1.0);
  for (int wall = 1; wall < 10; ++wall) {
    const int y = 4 * wall;
    plan.fill(1, y, 59, y + 1, '#');
    const int gap = wall % 2 == 0 ? 2 : 55;
    plan.fill(gap, y, gap + 2, y + 1, '.');
  }
  plan.fill(1, 1, 2, 4, 'D');
  const auto world = test::shared_world_from_plan(plan.text(), {.cell_m = plan.size, .angle = angle});
  const Navigation navigation(world);
  std::vector<Vec2> goals;
  for (int k = 0; k <= 150; ++k) goals.push_back({2.0, 1.3 + 0.016 * k});
  // The way of a body: geodesics of the plan less body radius and 0.1 m (docs/methods/navigation.md).
  const test::LatticePlan room_for_body = plan.eroded(10, 3);
  const test::Geodesics exact(room_for_body, goals);
  const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, {world->initial_doors(), {}, 0});
  const Errors errors = compare(room_for_body, exact, 10.0, 1000, 3, [&](Vec2 x) {
    const Vec2 p = turned(x, angle);
    return navigation.cost(field, p, LevelId{0}, *world->locate(p, LevelId{0}));
  });
  std::printf("maze turned %.2f: median %.3f %%, p95 %.3f %%, worst %.3f %%\n", angle, 100 * errors.median,
              100 * errors.p95, 100 * errors.worst);
  CHECK(errors.median < 0.01);
  CHECK(errors.p95 < 0.03);
}
