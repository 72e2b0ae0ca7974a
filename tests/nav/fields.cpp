#include "tests/nav/paths.hpp"
#include "tests/nav/scenes.hpp"

#include <catch2/catch.hpp>

using namespace throng;

namespace {

double cost_at(const Navigation& navigation, const DistanceField& field, Vec2 x, LevelId level = LevelId{0}) {
  return navigation.cost(field, x, level, navigation.world().locate(x, level).value());
}

RouteCosts costs_of(const World& world) { return {world.initial_doors(), {}, 0}; }

}  // namespace

TEST_CASE("people cross the street on the bridge and pass under it at ground level", "[nav][unit]") {
  const double angle = GENERATE(0.0, 0.4);
  test::WorldBuilder builder = test::bridge_over_street();
  builder.transform(angle, {0.0, 0.0});
  const auto world = builder.shared();
  const Navigation navigation(world);
  const RouteCosts costs = costs_of(*world);
  const auto turned = [&](Vec2 p) {
    return Vec2{std::cos(angle) * p.x - std::sin(angle) * p.y, std::sin(angle) * p.x + std::cos(angle) * p.y};
  };
  const DistanceField north = navigation.solve(*world->find_place("north"), Mobility::walking, costs);
  const DistanceField east = navigation.solve(*world->find_place("east"), Mobility::walking, costs);
  CHECK(cost_at(navigation, north, turned({30.0, 5.0})) == Approx(37.1).margin(1.2));  // over the bridge
  CHECK(std::isinf(cost_at(navigation, north, turned({30.0, 25.0}))));                 // from the street below
  CHECK(cost_at(navigation, north, turned({30.0, 25.0}), LevelId{1}) == Approx(17.2).margin(1.0));
  CHECK(cost_at(navigation, east, turned({5.0, 25.0})) == Approx(53.0).margin(0.5));  // under the bridge
  CHECK(std::isinf(cost_at(navigation, east, turned({30.0, 25.0}), LevelId{1})));
  const auto over =
      test::follow(navigation, north, *world->find_place("north"), costs.doors, turned({30.0, 5.0}), LevelId{0}, 60.0);
  CHECK(over.arrived);
  const auto under =
      test::follow(navigation, east, *world->find_place("east"), costs.doors, turned({5.0, 25.0}), LevelId{0}, 80.0);
  CHECK(under.arrived);
}

TEST_CASE("step-free ways avoid stairs", "[nav][unit]") {
  const auto world = test::shared_world_from_plan(R"(
    ###############
    #.............#
    #.####====###.#
    #a.......D....#
    ###############)",
                                                  {.cell_m = 1.0});
  const auto stairs_only = test::shared_world_from_plan(R"(
    #########
    #a..==.D#
    #########)",
                                                        {.cell_m = 1.0});
  const Navigation navigation(stairs_only);
  const RouteCosts costs = costs_of(*stairs_only);
  const DistanceField walking = navigation.solve(PlaceId{0}, Mobility::walking, costs);
  const DistanceField step_free = navigation.solve(PlaceId{0}, Mobility::step_free, costs);
  CHECK(cost_at(navigation, walking, {1.5, 1.5}) == Approx(5.5 + 2.0).margin(0.5));  // stairs count twice
  CHECK(std::isinf(cost_at(navigation, step_free, {1.5, 1.5})));
  CHECK(cost_at(navigation, step_free, {6.2, 1.5}) < 1.2);
  const Navigation other(world);
  CHECK(std::isfinite(cost_at(other, other.solve(PlaceId{0}, Mobility::step_free, costs_of(*world)), {1.5, 3.5})));
}

TEST_CASE("congestion sends people the other way round", "[nav][unit]") {
  const auto world = test::shared_world_from_plan(R"(
    ##################
    #................#
    #................#
    #..############..#
    #..############..#
    #a.############.D#
    #..############..#
    #..############..#
    #................#
    #................#
    ##################)",
                                                  {.cell_m = 1.0});
  const Navigation navigation(world);
  RouteCosts costs = costs_of(*world);
  const PlaceId exit = *world->find_place("D");
  const Vec2 start{2.5, 5.5};
  const auto upper_share = [&](const DistanceField& field) {
    const auto way = test::follow(navigation, field, exit, costs.doors, start, LevelId{0}, 60.0);
    REQUIRE(way.arrived);
    return static_cast<double>(std::count_if(way.points.begin(), way.points.end(), [](Vec2 p) { return p.y > 6.0; })) /
           static_cast<double>(way.points.size());
  };
  const double free_flow = cost_at(navigation, navigation.solve(exit, Mobility::walking, costs), start);
  for (const bool upper_busy : {true, false}) {
    costs.slowness.assign(navigation.n_congestion_cells(), 1.0F);
    for (double x = 4.0; x < 14.0; x += 1.0)
      for (double y = upper_busy ? 8.5 : 1.5; y < (upper_busy ? 10.0 : 3.0); y += 1.0)
        costs.slowness[static_cast<std::size_t>(navigation.congestion_cell_of({x, y}, LevelId{0}))] = 4.0F;
    const DistanceField field = navigation.solve(exit, Mobility::walking, costs);
    CHECK(cost_at(navigation, field, start) < free_flow + 3.0);
    CHECK((upper_busy ? upper_share(field) < 0.3 : upper_share(field) > 0.3));
  }
}

TEST_CASE("costs obey the triangle inequality and every direction leads down", "[nav][property]") {
  test::LatticePlan plan = test::town(50, 2.0, 40, 1, 5, 6);
  plan.fill(1, 20, 2, 23, 'D');
  const auto world = test::shared_world_from_plan(plan.text(), {.cell_m = plan.size, .angle = 0.15});
  const Navigation navigation(world);
  RouteCosts costs = costs_of(*world);
  costs.slowness.assign(navigation.n_congestion_cells(), 1.0F);
  Random random(3, Stream::test, 0, Tick{});
  for (float& s : costs.slowness) s = 1.0F + static_cast<float>(2.0 * random.uniform());
  const DistanceField busy = navigation.solve(PlaceId{0}, Mobility::walking, costs);
  costs.slowness.clear();
  const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
  const Box box = world->bounds();
  int n = 0, down = 0, jumps = 0;
  for (std::size_t i = 0; i < field.cost.size(); ++i) CHECK_FALSE(busy.cost[i] < field.cost[i]);
  while (n < 3000) {
    const Vec2 x{random.uniform(box.min.x, box.max.x), random.uniform(box.min.y, box.max.y)};
    const auto face = world->locate(x, LevelId{0});
    if (!face || test::wall_distance(*world, x, LevelId{0}) < 0.25) continue;
    const double cost = navigation.cost(field, x, LevelId{0}, *face);
    REQUIRE(std::isfinite(cost));
    if (cost < 1.0) continue;
    ++n;
    const Vec2 e = navigation.direction(field, x, LevelId{0}, *face);
    REQUIRE(norm(e) == Approx(1.0));  // whoever has a way has a direction
    const Stride stride = walk(world->mesh(), costs.doors, *face, x, x + 0.75 * e);
    down += navigation.cost(field, stride.position, LevelId{0}, stride.face) < cost - 0.2 ? 1 : 0;
    const double angle = random.uniform(0.0, 6.28);
    const Stride any = walk(world->mesh(), costs.doors, *face, x, x + Vec2{std::cos(angle), std::sin(angle)});
    if (test::wall_distance(*world, any.position, LevelId{0}) < 0.25) continue;
    const double there = navigation.cost(field, any.position, LevelId{0}, any.face);
    jumps += std::abs(there - cost) > 1.25 * distance(x, any.position) + 0.35 ? 1 : 0;
  }
  CHECK(down > n * 99 / 100);
  CHECK(jumps == 0);
}

TEST_CASE("a goal off the ground that people reach gives no way", "[nav][unit]") {
  const auto world = test::shared_world_from_plan(R"(
    ###########
    #a...#....#
    #....#..D.#
    ###########)",
                                                  {.cell_m = 1.0});
  const Navigation navigation(world);
  const RouteCosts costs = costs_of(*world);
  const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
  CHECK(std::isinf(cost_at(navigation, field, {1.5, 2.5})));
  CHECK(norm(navigation.direction(field, {1.5, 2.5}, LevelId{0}, *world->locate({1.5, 2.5}, LevelId{0}))) == 0.0);
  CHECK(std::isinf(navigation.cost(field, {-50.0, 2.0}, LevelId{0}, FaceId::none)));
  CHECK(std::isinf(navigation.cost(field, {std::nan(""), 2.0}, LevelId{0}, FaceId::none)));
  CHECK(norm(navigation.direction(field, {1.5, 2.5}, LevelId{7}, FaceId::none)) == 0.0);
  test::WorldBuilder empty;
  empty.ground({{0.0, 0.0}, {5.0, 0.0}, {5.0, 5.0}, {0.0, 5.0}});
  empty.place("nowhere", PlaceKind::waypoint, {});
  const auto bare = empty.shared();
  const Navigation bare_navigation(bare);
  const DistanceField nowhere = bare_navigation.solve(PlaceId{0}, Mobility::walking, costs_of(*bare));
  for (const std::uint32_t c : nowhere.cost) CHECK(c == DistanceField::no_way);
}

TEST_CASE("an exit drawn as a line is walked to where it is nearest", "[nav][unit]") {
  PlaceShape line;
  line.id = "line";
  line.kind = PlaceKind::exit;
  line.line = {{10.0, 1.0}, {10.0, 6.0}};
  const auto world = test::shared_world_from_plan(R"(
    ############
    #..........#
    #..........#
    #..........#
    #..........#
    #..........#
    ############)",
                                                  {.cell_m = 1.0, .lines = {line}});
  const Navigation navigation(world);
  const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs_of(*world));
  for (const double y : {1.5, 3.5, 5.5}) {
    CHECK(cost_at(navigation, field, {2.0, y}) == Approx(8.0).margin(0.3));
    const Vec2 e = navigation.direction(field, {4.1, y}, LevelId{0}, *world->locate({4.1, y}, LevelId{0}));
    CHECK(e.x > 0.97);  // straight on, not to the middle of the exit
  }
}

TEST_CASE("people walk to the nearest part of a wide exit, not to its middle", "[nav][unit]") {
  const auto world = test::shared_world_from_plan(R"(
    ##############
    #............D
    #............D
    #............D
    #............D
    #............D
    #............D
    ##############)",
                                                  {.cell_m = 1.0});
  const Navigation navigation(world);
  const RouteCosts costs = costs_of(*world);
  const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
  for (const double y : {1.3, 2.6, 4.1, 6.4}) {
    const auto way = test::follow(navigation, field, PlaceId{0}, costs.doors, {3.2, y}, LevelId{0}, 30.0);
    CHECK(way.arrived);
    CHECK(std::abs(way.points.back().y - y) < 0.5);
  }
}

TEST_CASE("congestion cells cover the walkable ground once", "[nav][unit]") {
  test::LatticePlan plan = test::town(40, 2.5, 20, 1, 5, 4);
  const auto world = test::shared_world_from_plan(plan.text(), {.cell_m = plan.size, .angle = 0.33});
  const Navigation navigation(world);
  double area = 0.0;
  for (const float a : navigation.congestion_cell_area()) {
    area += static_cast<double>(a);
    CHECK(a > 0.0F);
    CHECK(a <= 4.001F);
  }
  CHECK(area == Approx(world->area()).epsilon(0.001));
  CHECK(navigation.congestion_cell_of({-500.0, 0.0}, LevelId{0}) == -1);
}
