#include "sim/core/error.hpp"
#include "sim/core/random.hpp"
#include "tests/support/plan.hpp"

#include <cstring>

#include <catch2/catch.hpp>

using namespace throng;

TEST_CASE("locate and nearest agree with trying every face", "[world][property]") {
  const World world = test::world_from_plan(R"(
    #..#....
    ...##..#
    ..###...
    .......#)",
                                            {.cell_m = 3.0, .angle = 0.3, .shift = {100.0, -50.0}});
  Random random(3, Stream::test, 0, Tick{});
  for (int n = 0; n < 20000; ++n) {
    const Vec2 x{random.uniform(85.0, 130.0), random.uniform(-60.0, -20.0)};
    std::optional<FaceId> expected;
    double nearest_distance = 1e9;
    for (std::int32_t f = 0; f < static_cast<std::int32_t>(world.mesh().face.size()); ++f) {
      if (contains(world.mesh(), FaceId{f}, x) && !expected) expected = FaceId{f};
      const MeshFace& face = world.mesh().face[static_cast<std::size_t>(f)];
      for (std::size_t k = 0; k < 3; ++k) {
        const Vec2 a = world.mesh().vertex[static_cast<std::size_t>(face.vertex[k])];
        const Vec2 b = world.mesh().vertex[static_cast<std::size_t>(face.vertex[(k + 1) % 3])];
        nearest_distance = std::min(nearest_distance, distance(x, nearest_on_segment(x, a, b)));
      }
    }
    if (expected) nearest_distance = 0.0;
    REQUIRE(world.locate(x, LevelId{0}) == expected);
    const auto found = world.nearest(x, LevelId{0}, 5.0);
    REQUIRE(found.has_value() == (nearest_distance <= 5.0));
    if (!found) continue;
    REQUIRE(contains(world.mesh(), found->second, found->first));
    REQUIRE(distance(found->first, x) == Approx(nearest_distance).margin(1e-5));
  }
  CHECK_FALSE(world.locate({NAN, 0.0}, LevelId{0}));
  CHECK_FALSE(world.locate({100.0, -50.0}, LevelId{7}));
  CHECK_FALSE(world.nearest({NAN, 0.0}, LevelId{0}, 100.0));
}

TEST_CASE("walls are merged, outlines have their holes, components their places", "[world][unit]") {
  const World world = test::world_from_plan(R"(
    ......##D
    .####.##.
    .####.##.
    S.....##.)");
  CHECK(world.walls().size() == 12);
  double length = 0.0;
  for (const Wall& wall : world.walls()) length += distance(wall.a, wall.b);
  CHECK(length == Approx(2 * (6 + 4) + 2 * (4 + 2) + 2 * (1 + 4)));
  REQUIRE(world.outlines().size() == 1);
  const LevelOutline& outline = world.outlines()[0];
  REQUIRE(outline.parts.size() == 2);
  CHECK(area(outline.parts[0]) == Approx(16.0));
  REQUIRE(outline.parts[0].holes.size() == 1);
  CHECK(outline.parts[0].outer.size() == 4);
  CHECK(area(outline.parts[0].outer) > 0.0);
  CHECK(area(outline.parts[0].holes[0]) == Approx(-8.0));
  CHECK(outline.parts[1].holes.empty());
  REQUIRE(world.components().size() == 2);
  CHECK(world.components()[0].area == Approx(16.0));
  REQUIRE(world.components()[1].places.size() == 1);
  CHECK(world.area() == Approx(20.0));
  const PlaceId source = *world.find_place("S");
  CHECK(world.components()[0].places == std::vector{source});
  CHECK(world.in_place(*world.locate({0.5, 0.5}, LevelId{0}), source));
  CHECK(world.places_at(*world.locate({2.5, 0.5}, LevelId{0})).empty());
  CHECK_FALSE(world.find_place("nowhere"));
}

TEST_CASE("blocks that touch in a corner give outlines that do not touch themselves", "[world][unit]") {
  const World world = test::world_from_plan(R"(
    .....
    .##..
    ...#.
    .....)");
  REQUIRE(world.outlines()[0].parts.size() == 1);
  const Polygon& part = world.outlines()[0].parts[0];
  CHECK(area(part) == Approx(17.0));
  for (const Ring& hole : part.holes) {
    for (std::size_t i = 0; i < hole.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(hole[i] == hole[j]);
    CHECK(area(hole) < 0.0);
  }
}

TEST_CASE("the hash tells what a run depends on and nothing else", "[world][unit]") {
  const auto builder = test::builder_from_plan("S..Z..D");
  WorldData data = builder.data();
  const std::uint64_t hash = World(data).hash();
  CHECK(World(data).hash() == hash);
  data.name = "other";
  data.landmarks.push_back({});
  data.places[0].shape.name = "a nicer name";
  CHECK(World(data).hash() == hash);
  data.mesh.face[3].speed_factor = 0.9F;
  CHECK(World(data).hash() != hash);
}

TEST_CASE("broken world data are refused with the rows named", "[world][unit]") {
  const auto builder = test::builder_from_plan("S..C..D\n.......", {.gates = {{"g", {2.0, 0.0}, {2.0, 2.0}}}});
  const WorldData sound = builder.data();
  REQUIRE_NOTHROW(World(sound));
  const auto refused = [&](auto&& breakage) {
    WorldData data = sound;
    breakage(data);
    CHECK_THROWS_AS(World(data), InputError);
  };
  refused([](WorldData& d) { d.mesh.vertex[2].x = NAN; });
  refused([](WorldData& d) { d.mesh.vertex[2].x = 1e30; });
  refused([](WorldData& d) { d.mesh.height.pop_back(); });
  refused([](WorldData& d) { d.mesh.height[0] = INFINITY; });
  refused([](WorldData& d) { std::swap(d.mesh.face[1].vertex[0], d.mesh.face[1].vertex[1]); });
  refused([](WorldData& d) { d.mesh.face[1].vertex[0] = 4000; });
  refused([](WorldData& d) { d.mesh.face[1].vertex[0] = -1; });
  refused([](WorldData& d) { d.mesh.face[1].vertex[0] = d.mesh.face[1].vertex[1]; });
  refused([](WorldData& d) { d.mesh.face[1].neighbour[0] = 100; });
  refused([](WorldData& d) { d.mesh.face[1].neighbour[0] = 1; });
  refused([](WorldData& d) { std::swap(d.mesh.face[4].neighbour[0], d.mesh.face[4].neighbour[1]); });
  refused([](WorldData& d) { d.mesh.face[1].level = LevelId{9}; });
  refused([](WorldData& d) { d.mesh.face[1].surface = Surface::count_; });
  refused([](WorldData& d) { d.mesh.face[1].speed_factor = 0.0F; });
  refused([](WorldData& d) { d.mesh.face[1].speed_factor = NAN; });
  refused([](WorldData& d) { d.mesh.face[1].barrier[0] = 77; });
  refused([](WorldData& d) { d.doors[0].initial = static_cast<DoorState>(9); });
  refused([](WorldData& d) { d.doors[0].width = NAN; });
  refused([](WorldData& d) { d.doors[1].area = PlaceId{50}; });
  refused([](WorldData& d) { d.doors.clear(); });
  refused([](WorldData& d) { d.places[0].faces = {FaceId{5}, FaceId{3}}; });
  refused([](WorldData& d) { d.places[0].faces = {FaceId{500}}; });
  refused([](WorldData& d) { d.places[1].shape.id = d.places[0].shape.id; });
  refused([](WorldData& d) { d.places[0].shape.kind = PlaceKind::count_; });
  refused([](WorldData& d) {
    d.zones.push_back({});
    d.zones.back().place = PlaceId{9};
  });
  refused([](WorldData& d) { d.levels.clear(); });
  refused([](WorldData& d) { d.levels.push_back(d.levels[0]); });
  refused([](WorldData& d) { d.see_through = {3, 2}; });
  refused([](WorldData& d) { d.posts.push_back({{NAN, 0.0}, 0.1, {}, ""}); });
  refused([](WorldData& d) { d.lines.push_back({"l", "l", {{0, 0}}, LevelId{0}, 1.0}); });
  try {
    WorldData data = sound;
    data.mesh.face[7].speed_factor = 9.0F;
    World(data, "street.site");
    FAIL("not refused");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()).find("street.site: mesh.face[7]") != std::string::npos);
  }
}

TEST_CASE("random damage to world data is refused or harmless, never a crash", "[world][property]") {
  auto builder = test::bridge_over_street();
  builder.gate("g", {10.0, 20.0}, {10.0, 30.0});
  const WorldData sound = builder.data();
  REQUIRE_NOTHROW(World(sound));
  const auto n_faces = static_cast<std::uint32_t>(sound.mesh.face.size());
  const auto n_vertices = static_cast<std::uint32_t>(sound.mesh.vertex.size());
  int accepted = 0;
  for (std::uint32_t n = 0; n < 3000; ++n) {
    Random random(11, Stream::test, n, Tick{});
    WorldData data = sound;
    for (std::uint32_t hits = 1 + random.below(3); hits > 0; --hits) {
      MeshFace& face = data.mesh.face[random.below(n_faces)];
      const std::size_t k = random.below(3);
      const auto number = static_cast<std::int32_t>(random.below(2) == 0 ? random.bits() : random.below(n_faces));
      switch (random.below(8)) {
        case 0:
          face.vertex[k] = number;
          break;
        case 1:
          face.neighbour[k] = number;
          break;
        case 2:
          face.barrier[k] = static_cast<std::int32_t>(random.below(6)) - 3;
          break;
        case 3:
          face.level = static_cast<LevelId>(random.below(3));
          break;
        case 4:
          data.mesh.vertex[random.below(n_vertices)] += Vec2{random.uniform(-9, 9), random.uniform(-9, 9)};
          break;
        case 5: {
          const std::uint64_t bits = (static_cast<std::uint64_t>(random.bits()) << 32U) | random.bits();
          std::memcpy(&data.mesh.vertex[random.below(n_vertices)].x, &bits, sizeof bits);
          break;
        }
        case 6:
          std::swap(data.mesh.face[random.below(n_faces)], face);
          break;
        default:
          data.places[random.below(4)].faces.push_back(FaceId{number});
          break;
      }
    }
    try {
      const World world(data);
      ++accepted;
      FaceId f{static_cast<std::int32_t>(random.below(n_faces))};
      const MeshFace& face = world.mesh().face[index(f)];
      Vec2 x{};
      for (const std::int32_t v : face.vertex) x += world.mesh().vertex[static_cast<std::size_t>(v)] / 3.0;
      for (int step = 0; step < 50; ++step) {
        const Stride s = walk_and_slide(world.mesh(), world.initial_doors(), f, x,
                                        x + Vec2{random.uniform(-20, 20), random.uniform(-20, 20)});
        x = s.position;
        f = s.face;
      }
    } catch (const InputError& error) {
      REQUIRE_FALSE(error.faults().empty());
    }
  }
  CHECK(accepted > 0);
}
