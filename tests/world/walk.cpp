#include "sim/core/random.hpp"
#include "tests/support/plan.hpp"
#include "tests/world/brute_force.hpp"

#include <catch2/catch.hpp>

using namespace throng;
using test::brute_force_end;

namespace {

const char* const maze = R"(
  ####################
  #aa....#......#....#
  #..###.#.####.#.##.#
  #..#...#....#.#..#.#
  #....#...##.#....#.#
  #.##.#####..######.#
  #..#.......#.......#
  ##.###.#####.#####.#
  #......#...........#
  ####################)";

Random draws(std::uint32_t subject) { return Random(7, Stream::test, subject, Tick{}); }

}  // namespace

TEST_CASE("a million random walks in a maze never leave the ground and end where the segment is cut",
          "[world][property]") {
  const World world = test::world_from_plan(maze);
  const WalkableMesh& mesh = world.mesh();
  Random random = draws(1);
  const std::vector<DoorState> doors;
  Vec2 x{1.5, 8.5};
  FaceId face = *world.locate(x, LevelId{0});
  std::size_t wrong_place = 0, wrong_end = 0;
  for (int n = 0; n < 1'000'000; ++n) {
    const double reach = n % 10 == 0 ? 12.0 : 0.4;
    Vec2 to = x + Vec2{random.uniform(-reach, reach), random.uniform(-reach, reach)};
    if (n % 7 == 0) to = {std::floor(to.x), std::floor(to.y)};     // exactly at vertices
    if (n % 11 == 0) to = {x.x, std::floor(to.y) + 0.5};           // along an axis
    if (n % 13 == 0) to = {std::floor(x.x) + (to.x - x.x), to.y};  // off grid lines
    const Stride stride = walk(mesh, doors, face, x, to);
    if (!contains(mesh, stride.face, stride.position)) ++wrong_place;
    if (!stride.blocked && !(stride.position == to)) ++wrong_end;
    if (n % 20 == 0) {
      const auto expected = brute_force_end(world, x, to);
      if (expected.grazes) continue;
      if (expected.blocked != stride.blocked || distance(expected.position, stride.position) > expected.tolerance)
        ++wrong_end;
    }
    x = stride.position;
    face = stride.face;
  }
  CHECK(wrong_place == 0);
  CHECK(wrong_end == 0);
}

TEST_CASE("sliding follows the wall and stops in the corner", "[world][unit]") {
  const World room = test::world_from_plan(R"(
    #####
    #...#
    #...#
    #####)");
  const Vec2 x{2.5, 1.5};
  const FaceId face = *room.locate(x, LevelId{0});
  const Stride straight = walk(room.mesh(), {}, face, x, {3.0, 0.5});
  CHECK(straight.blocked);
  CHECK(straight.position.y == Approx(1.0 + 1e-6).margin(1e-9));
  CHECK(std::fabs(straight.wall_direction.x) == Approx(1.0));
  const Stride slide = walk_and_slide(room.mesh(), {}, face, x, {3.0, 0.5});
  CHECK(slide.position.x == Approx(3.0).margin(1e-6));
  CHECK(slide.position.y == Approx(1.0 + 1e-6).margin(1e-9));
  const Stride corner = walk_and_slide(room.mesh(), {}, face, x, {9.0, -9.0});
  CHECK(corner.position.x == Approx(4.0).margin(1e-4));
  CHECK(corner.position.y == Approx(1.0).margin(1e-4));
  CHECK(contains(room.mesh(), corner.face, corner.position));
}

TEST_CASE("nonsense targets mean to stay", "[world][unit]") {
  const World room = test::world_from_plan("...");
  const Vec2 x{1.5, 0.5};
  const FaceId face = *room.locate(x, LevelId{0});
  for (const double bad : {std::nan(""), double{INFINITY}, -double{INFINITY}, 1e300}) {
    for (const Vec2 to : {Vec2{bad, 0.5}, Vec2{0.5, bad}, Vec2{bad, bad}}) {
      CHECK(walk(room.mesh(), {}, face, x, to).position == x);
      CHECK(walk_and_slide(room.mesh(), {}, face, x, to).position == x);
      CHECK_FALSE(sees(room.mesh(), {}, face, x, to));
    }
  }
}

TEST_CASE("doors let people pass as they stand", "[world][unit]") {
  const World world = test::world_from_plan("......", {.gates = {{"g", {3.0, 1.0}, {3.0, 0.0}}}});
  // a -> b points south, so its left is the east: forward is from east to west.
  const FaceId east = *world.locate({4.5, 0.5}, LevelId{0}), west = *world.locate({1.5, 0.4}, LevelId{0});
  const auto go_west = [&](DoorState s) { return walk(world.mesh(), std::array{s}, east, {4.5, 0.5}, {1.5, 0.4}); };
  const auto go_east = [&](DoorState s) { return walk(world.mesh(), std::array{s}, west, {1.5, 0.4}, {4.5, 0.5}); };
  CHECK_FALSE(go_west(DoorState::open).blocked);
  CHECK(go_west(DoorState::open).door_passed == 0);
  CHECK(go_west(DoorState::open).door_forward);
  CHECK_FALSE(go_east(DoorState::open).door_forward);
  CHECK(go_east(DoorState::closed).blocked);
  CHECK(go_east(DoorState::closed).position.x == Approx(3.0 - 1e-6).margin(1e-9));
  CHECK(go_east(DoorState::closed).door_passed == -1);
  CHECK_FALSE(go_west(DoorState::forward_only).blocked);
  CHECK(go_east(DoorState::forward_only).blocked);
  CHECK(go_west(DoorState::backward_only).blocked);
  CHECK_FALSE(go_east(DoorState::backward_only).blocked);
  CHECK(sees(world.mesh(), std::array{DoorState::open}, west, {1.5, 0.4}, {4.5, 0.5}));
  CHECK_FALSE(sees(world.mesh(), std::array{DoorState::closed}, west, {1.5, 0.4}, {4.5, 0.5}));
}

TEST_CASE("people walk under and over a bridge and change sheets only at its ends", "[world][property]") {
  const World world = test::bridge_over_street().world();
  const Vec2 under{30.0, 25.0};
  REQUIRE(world.locate(under, LevelId{0}));
  REQUIRE(world.locate(under, LevelId{1}));
  const auto level_of = [&](FaceId f) { return world.mesh().face[index(f)].level; };
  const Stride street = walk(world.mesh(), {}, *world.locate({10.3, 25.2}, LevelId{0}), {10.3, 25.2}, {50.0, 24.0});
  CHECK_FALSE(street.blocked);
  CHECK(level_of(street.face) == LevelId{0});
  const Stride over = walk(world.mesh(), {}, *world.locate({30.1, 5.0}, LevelId{0}), {30.1, 5.0}, {30.3, 45.0});
  CHECK_FALSE(over.blocked);
  CHECK(level_of(over.face) == LevelId{0});
  const Stride half = walk(world.mesh(), {}, *world.locate({30.1, 5.0}, LevelId{0}), {30.1, 5.0}, {30.3, 25.0});
  CHECK(level_of(half.face) == LevelId{1});
  for (std::uint32_t walker = 0; walker < 20; ++walker) {
    Random random = draws(100 + walker);
    Vec2 x{30.0, walker % 2 == 0 ? 25.0 : 5.0};
    FaceId face = *world.locate(x, LevelId{0});
    for (int n = 0; n < 20000; ++n) {
      const Vec2 to = x + Vec2{random.uniform(-2, 2), random.uniform(-2, 2)};
      const Stride s = walk_and_slide(world.mesh(), {}, face, x, to);
      const bool crossed = level_of(s.face) != level_of(face);
      if (crossed && !(std::min(x.y, s.position.y) < 12.0 && std::max(x.y, s.position.y) >= 12.0) &&
          !(std::min(x.y, s.position.y) <= 38.0 && std::max(x.y, s.position.y) > 38.0))
        FAIL("changed sheet away from a portal");
      if (walker % 2 == 0 && crossed) FAIL("the street has no portal");
      x = s.position;
      face = s.face;
    }
  }
}

TEST_CASE("somebody exactly on a vertex can leave it whichever face they stand in", "[world][property]") {
  const World world = test::world_from_plan(R"(
    ....
    ..#.
    ....
    ....)");
  const Vec2 vertex{2.0, 2.0};  // corner of the block
  for (std::int32_t f = 0; f < static_cast<std::int32_t>(world.mesh().face.size()); ++f) {
    if (!contains(world.mesh(), FaceId{f}, vertex)) continue;
    for (const Vec2 to : {Vec2{1.3, 2.4}, Vec2{1.5, 1.5}, Vec2{2.7, 1.2}, Vec2{1.9, 3.3}, Vec2{1.0, 2.0}}) {
      const Stride s = walk(world.mesh(), {}, FaceId{f}, vertex, to);
      CHECK(s.position == to);
      CHECK(contains(world.mesh(), s.face, to));
    }
    CHECK(walk(world.mesh(), {}, FaceId{f}, vertex, {2.5, 2.5}).blocked);
  }
}
