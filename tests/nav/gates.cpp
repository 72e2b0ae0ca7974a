#include "sim/core/loops.hpp"
#include "tests/nav/paths.hpp"
#include "tests/nav/scenes.hpp"

#include <catch2/catch.hpp>

using namespace throng;

namespace {

/// A room of 12 x 6 m, cut in two by a thin fence at x = 6 with an opening of the given width whose lower end is at
/// y = low. Exit "D" at the western end; turned and shifted as a whole.
std::shared_ptr<const World> room_with_opening(double low, double width, double angle, Vec2 shift, bool as_gate = false,
                                               DoorState state = DoorState::open) {
  test::WorldBuilder builder;
  const std::vector<double> xs{0.0, 1.0, 6.0, 12.0}, ys{0.0, low, low + width, 6.0};
  for (std::size_t j = 0; j + 1 < ys.size(); ++j)
    for (std::size_t i = 0; i + 1 < xs.size(); ++i)
      builder.ground({{xs[i], ys[j]}, {xs[i + 1], ys[j]}, {xs[i + 1], ys[j + 1]}, {xs[i], ys[j + 1]}});
  builder.fence({6.0, 0.0}, {6.0, low});
  builder.fence({6.0, low + width}, {6.0, 6.0});
  if (as_gate) builder.gate("gate", {6.0, low}, {6.0, low + width}, state);  // forward = left to right = eastward
  builder.place("D", PlaceKind::exit, {{{{0.0, 0.0}, {1.0, 0.0}, {1.0, 6.0}, {0.0, 6.0}}, {}}});
  builder.transform(angle, shift);
  return builder.shared();
}

Vec2 moved(Vec2 p, double angle, Vec2 shift) {
  return Vec2{std::cos(angle) * p.x - std::sin(angle) * p.y, std::sin(angle) * p.x + std::cos(angle) * p.y} + shift;
}

double cost_at(const Navigation& navigation, const DistanceField& field, Vec2 x, LevelId level = LevelId{0}) {
  return navigation.cost(field, x, level, navigation.world().locate(x, level).value());
}

RouteCosts costs_of(const World& world) { return {world.initial_doors(), {}, 0}; }

}  // namespace

TEST_CASE("an opening of 0.8 m is a way in any orientation and position", "[nav][property]") {
  const double width = GENERATE(0.8, 0.6);
  for (std::uint32_t k = 0; k < 20; ++k) {
    Random random(9, Stream::test, k, Tick{});
    const double angle = random.uniform(0.0, 6.28), low = random.uniform(0.5, 4.5);
    const Vec2 shift{random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0)};
    const auto world = room_with_opening(low, width, angle, shift);
    const Navigation navigation(world);
    const RouteCosts costs = costs_of(*world);
    const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
    const Vec2 start = moved({10.0, 3.0}, angle, shift);
    INFO("angle " << angle << " low " << low << " width " << width);
    const double cost = cost_at(navigation, field, start);
    const Vec2 middle{6.0, low + width / 2.0};
    CHECK(cost < distance({10.0, 3.0}, middle) + 5.0 + 0.6);
    CHECK(cost > 9.0 - 0.3);
    const test::Trace trace = test::follow(navigation, field, PlaceId{0}, costs.doors, start, LevelId{0}, 20.0);
    CHECK(trace.arrived);
    CHECK(trace.clearance > width / 2.0 - 0.25);
  }
}

TEST_CASE("an opening narrower than two body radii is no way", "[nav][property]") {
  const double width = GENERATE(0.35, 0.395);
  for (std::uint32_t k = 0; k < 20; ++k) {
    Random random(10, Stream::test, k, Tick{});
    const double angle = random.uniform(0.0, 6.28), low = random.uniform(0.5, 4.5);
    const Vec2 shift{random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0)};
    const auto world = room_with_opening(low, width, angle, shift);
    const Navigation navigation(world);
    const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs_of(*world));
    CHECK(std::isinf(cost_at(navigation, field, moved({10.0, 3.0}, angle, shift))));
    CHECK(std::isfinite(cost_at(navigation, field, moved({3.0, 3.0}, angle, shift))));
  }
}

TEST_CASE("a gate is a way only when it is open in the direction asked for", "[nav][property]") {
  for (std::uint32_t k = 0; k < 12; ++k) {
    Random random(11, Stream::test, k, Tick{});
    const double angle = k < 2 ? 0.25 * k : random.uniform(0.0, 6.28), low = random.uniform(0.5, 3.0);
    const Vec2 shift = k == 0 ? Vec2{} : Vec2{random.uniform(-3.0, 3.0), random.uniform(-3.0, 3.0)};
    const double width = k % 2 == 0 ? 1.0 : 2.5;
    const auto world = room_with_opening(low, width, angle, shift, true);
    const Navigation navigation(world);
    const Vec2 start = moved({10.0, 3.0}, angle, shift), near = moved({3.0, 3.0}, angle, shift);
    const auto cost_with = [&](DoorState state) {
      return cost_at(navigation, navigation.solve(PlaceId{0}, Mobility::walking, {{state}, {}, 0}), start);
    };
    INFO("angle " << angle << " low " << low << " width " << width);
    CHECK(std::isinf(cost_with(DoorState::closed)));
    CHECK(cost_with(DoorState::open) < 13.0);
    CHECK(cost_with(DoorState::backward_only) == cost_with(DoorState::open));  // westward is backward
    CHECK(std::isinf(cost_with(DoorState::forward_only)));
    for (const DoorState state : {DoorState::open, DoorState::backward_only}) {
      const RouteCosts costs{{state}, {}, 0};
      const DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
      CHECK(test::follow(navigation, field, PlaceId{0}, costs.doors, start, LevelId{0}, 25.0).arrived);
      CHECK(test::follow(navigation, field, PlaceId{0}, costs.doors, near, LevelId{0}, 25.0).arrived);
    }
  }
}

TEST_CASE("a closed gate in a fence means the way round, an open one the way through", "[nav][unit]") {
  const test::PlanOptions options{
      .cell_m = 1.0, .fences = {{"", {2.0, 4.0}, {12.0, 4.0}}}, .gates = {{"gate", {3.0, 4.0}, {5.0, 4.0}}}};
  const auto world = test::shared_world_from_plan(R"(
    ##############
    #............#
    #..a.........#
    #............#
    #............#
    #............#
    #..DD........#
    ##############)",
                                                  options);
  const Navigation navigation(world);
  const Vec2 start{3.5, 5.5};
  const DistanceField open = navigation.solve(PlaceId{0}, Mobility::walking, {{DoorState::open}, {}, 0});
  const DistanceField closed = navigation.solve(PlaceId{0}, Mobility::walking, {{DoorState::closed}, {}, 0});
  CHECK(cost_at(navigation, open, start) == Approx(3.5).margin(0.4));
  CHECK(cost_at(navigation, closed, start) > 4.0);
  CHECK(cost_at(navigation, closed, start) < 8.0);
  const auto way = test::follow(navigation, closed, PlaceId{0}, {DoorState::closed}, start, LevelId{0}, 20.0);
  CHECK(way.arrived);
  for (const Vec2 p : way.points)
    if (std::abs(p.y - 4.0) < 0.1) CHECK((p.x < 2.0 || p.x > 12.0));
  // People on the two sides of the fence, half a metre apart, are sent different ways.
  const Vec2 above{9.0, 4.22}, below{9.0, 3.78};
  const auto direction = [&](const DistanceField& field, Vec2 x) {
    return navigation.direction(field, x, LevelId{0}, *world->locate(x, LevelId{0}));
  };
  CHECK(cost_at(navigation, closed, above) > cost_at(navigation, closed, below) + 2.0);
  CHECK(direction(closed, below).y < 0.1);
}

TEST_CASE("a closed area is avoided and can be left", "[nav][unit]") {
  const auto world = test::shared_world_from_plan(R"(
    ###############
    #.............#
    #.............#
    #a...CCCCC...D#
    #.............#
    #.............#
    ###############)",
                                                  {.cell_m = 1.0});
  REQUIRE(world->doors().size() == 1);
  const Navigation navigation(world);
  const PlaceId exit = *world->find_place("D");
  const Vec2 start{1.5, 3.5};
  const DistanceField open = navigation.solve(exit, Mobility::walking, {{DoorState::open}, {}, 0});
  const DistanceField closed = navigation.solve(exit, Mobility::walking, {{DoorState::closed}, {}, 0});
  const DistanceField leaving = navigation.solve(exit, Mobility::walking, {{DoorState::forward_only}, {}, 0});
  CHECK(cost_at(navigation, open, start) == Approx(11.5).margin(0.2));
  CHECK(cost_at(navigation, closed, start) > 11.55);
  CHECK(cost_at(navigation, closed, start) < 12.3);
  CHECK(std::isinf(cost_at(navigation, closed, {7.5, 3.5})));
  CHECK(cost_at(navigation, leaving, {7.5, 3.5}) == Approx(5.5).margin(0.2));
  const auto way = test::follow(navigation, closed, exit, {DoorState::closed}, start, LevelId{0}, 30.0);
  CHECK(way.arrived);
  CHECK(way.blocked == 0);
}

TEST_CASE("thread count does not change a bit of a field", "[nav][regression]") {
  test::LatticePlan plan = test::town(60, 3.0, 60, 1, 6, 8);
  plan.fill(1, 20, 2, 23, 'D');
  const auto world = test::shared_world_from_plan(plan.text(), {.cell_m = plan.size, .angle = 0.21});
  DistanceField first;
  for (const int threads : {1, 2, 3, 8})
    with_threads(threads, [&] {
      const Navigation navigation(world);
      RouteCosts costs = costs_of(*world);
      costs.slowness.resize(navigation.n_congestion_cells());
      for (std::size_t i = 0; i < costs.slowness.size(); ++i)
        costs.slowness[i] = 1.0F + static_cast<float>(i % 7) / 3.0F;
      DistanceField field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
      if (threads == 1)
        first = std::move(field);
      else
        CHECK(field.cost == first.cost);
    });
}

TEST_CASE("nobody looks into an area that one may only leave", "[nav][unit]") {
  constexpr const char* plan = R"(
      ##############
      #....CCCC....#
      #....CCCC....D
      #....CCCC....#
      #............#
      ##############)";
  const auto world = test::shared_world_from_plan(plan);
  const Navigation navigation(world);
  const PlaceId exit = world->find_place("D").value();
  for (const DoorState state : {DoorState::closed, DoorState::forward_only}) {
    const DistanceField field = navigation.solve(exit, Mobility::walking, {{state}, {}, 0});
    for (double x = 4.0; x < 8.5; x += 0.25) {
      const Vec2 at{x, 1.5};
      const Vec2 e = navigation.direction(field, at, LevelId{0}, *world->locate(at, LevelId{0}));
      INFO("x " << x << ": " << e.x << " " << e.y);
      CHECK(e.x > 0.8);
    }
  }
}
