#include "sim/world/reach.hpp"
#include "tests/world/brute_force.hpp"
#include "tests/world/sites.hpp"

#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

/// Three points well inside a face, or its centre when it is thin.
std::vector<Vec2> points_inside(const WalkableMesh& mesh, const MeshFace& face) {
  Vec2 p[3];
  for (std::size_t k = 0; k < 3; ++k) p[k] = mesh.vertex[static_cast<std::size_t>(face.vertex[k])];
  const Vec2 centre = (p[0] + p[1] + p[2]) / 3.0;
  return {centre, 0.5 * (centre + p[0]), 0.5 * (centre + p[1]), 0.5 * (centre + p[2])};
}

double distance_to(const Polygon& polygon, Vec2 x) {
  double best = 1e300;
  const auto ring = [&](const Ring& r) {
    for (std::size_t i = 0; i < r.size(); ++i)
      best = std::min(best, distance(x, nearest_on_segment(x, r[i], r[(i + 1) % r.size()])));
  };
  ring(polygon.outer);
  for (const Ring& hole : polygon.holes) ring(hole);
  return best;
}

/// Area, by the ring's own edges, of everything walkable.
double area_of_parts(const SiteGeometry& site) {
  double sum = 0.0;
  for (const WalkablePart& part : site.walkable) sum += area(part.shape);
  return sum;
}

SiteGeometry without_places(SiteGeometry site) {
  site.event = {};
  return site;
}

}  // namespace

TEST_CASE("the triangulated area is the area of the polygons", "[world][property]") {
  for (std::uint32_t n = 0; n < 60; ++n) {
    SiteGeometry site = without_places(random_site(n));
    const BuildResult result = build_world(site, {.min_component_area = 0.0});
    INFO(n << "\n" << notes_text(result));
    const World world(result.data);
    CHECK(world.area() == Approx(area_of_parts(site)).epsilon(1e-6));
    double outlines = 0.0;
    for (const Polygon& part : world.outlines()[0].parts) outlines += area(part);
    CHECK(outlines == Approx(world.area()).epsilon(1e-7));
    CHECK_FALSE(has_note(result, "M807"));
    CHECK_FALSE(has_note(result, "M805"));
  }
}

TEST_CASE("every face lies wholly inside or outside of each place", "[world][property]") {
  for (std::uint32_t n = 0; n < 30; ++n) {
    const SiteGeometry site = random_site(n);
    const BuildResult result = build_world(site);
    const World world(result.data);
    INFO(n << "\n" << notes_text(result));
    CHECK_FALSE(has_note(result, "M807"));
    REQUIRE(world.places().size() == site.event.places.size());
    for (std::int32_t f = 0; f < static_cast<std::int32_t>(world.mesh().face.size()); ++f)
      for (const Vec2 p : points_inside(world.mesh(), world.mesh().face[static_cast<std::size_t>(f)])) {
        if (distance_to(site.walkable[0].shape, p) > 0.01) REQUIRE(contains(site.walkable[0].shape, p));
        for (std::size_t i = 0; i < world.places().size(); ++i) {
          bool inside = false, near = false;
          for (const Polygon& shape : world.places()[i].shape.areas) {
            near = near || distance_to(shape, p) < 0.01;
            inside = inside || contains(shape, p);
          }
          if (!near) REQUIRE(world.in_place(FaceId{f}, PlaceId{static_cast<std::int32_t>(i)}) == inside);
        }
      }
  }
}

TEST_CASE("nobody leaves the ground in nasty meshes", "[world][property]") {
  std::size_t wrong_place = 0, wrong_end = 0;
  for (std::uint32_t n = 0; n < 20; ++n) {
    const World world(build_world(without_places(random_site(n))).data);
    const WalkableMesh& mesh = world.mesh();
    Random random(9, Stream::test, n, Tick{});
    const auto any_vertex = [&] { return mesh.vertex[random.below(static_cast<std::uint32_t>(mesh.vertex.size()))]; };
    FaceId face{static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(mesh.face.size())))};
    Vec2 x = points_inside(mesh, mesh.face[index(face)])[0];
    for (int step = 0; step < 50000; ++step) {
      const double reach = step % 10 == 0 ? 60.0 : 0.5;
      Vec2 to = x + Vec2{random.uniform(-reach, reach), random.uniform(-reach, reach)};
      if (step % 9 == 0) to = any_vertex();
      if (step % 17 == 0) to = x + 1.7 * (any_vertex() - x);  // a line through a vertex, nearly or exactly
      if (step % 501 == 0) {                                  // start anew on a vertex or on the middle of an edge
        face = FaceId{static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(mesh.face.size())))};
        const auto& v = mesh.face[index(face)].vertex;
        x = mesh.vertex[static_cast<std::size_t>(v[0])];
        const Vec2 m = 0.5 * (x + mesh.vertex[static_cast<std::size_t>(v[1])]);
        if (step % 2 == 0 && contains(mesh, face, m)) x = m;
      }
      const Stride stride = step % 2 == 0 ? walk(mesh, {}, face, x, to) : walk_and_slide(mesh, {}, face, x, to);
      if (!contains(mesh, stride.face, stride.position)) ++wrong_place;
      if (step % 40 == 0) {
        const auto expected = brute_force_end(world, x, to);
        if (!expected.grazes &&
            (expected.blocked != stride.blocked || distance(expected.position, stride.position) > expected.tolerance))
          ++wrong_end;
      }
      x = stride.position;
      face = stride.face;
    }
  }
  CHECK(wrong_place == 0);
  CHECK(wrong_end == 0);
}

TEST_CASE("the order of the input does not matter", "[world][property]") {
  for (std::uint32_t n = 0; n < 10; ++n) {
    SiteGeometry site = random_site(n);
    site.walkable.push_back({box(2, 2, 20, 20), Surface::grass, LevelId{0}, 0.8, "meadow"});
    const World first(build_world(site).data);
    Random random(4, Stream::test, n, Tick{});
    const auto shuffle = [&](auto& items) {
      for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[random.below(static_cast<std::uint32_t>(i))]);
    };
    shuffle(site.walkable), shuffle(site.barriers), shuffle(site.event.places), shuffle(site.event.lines);
    CHECK(World(build_world(site).data).hash() == first.hash());
  }
}

TEST_CASE("a mirrored or shifted site gives the mirrored or shifted world", "[world][property]") {
  for (std::uint32_t n = 0; n < 10; ++n) {
    const SiteGeometry site = random_site(n);
    const World first(build_world(site).data);
    for (const bool mirror : {true, false}) {
      SiteGeometry other = site;
      const auto move = [&](std::vector<Vec2>& points) {
        for (Vec2& p : points) p = mirror ? Vec2{-p.x, p.y} : p + Vec2{1024.0, -512.0};
      };
      const auto move_ring = [&](Ring& ring) {
        move(ring);
        if (mirror) std::reverse(ring.begin(), ring.end());
      };
      for (auto& part : other.walkable) {
        move_ring(part.shape.outer);
        for (Ring& hole : part.shape.holes) move_ring(hole);
      }
      for (auto& barrier : other.barriers) move(barrier.line);
      for (auto& place : other.event.places)
        for (Polygon& shape : place.areas) move_ring(shape.outer);
      for (auto& line : other.event.lines) move(line.line);
      const World second(build_world(other).data);
      CHECK(second.mesh().face.size() == first.mesh().face.size());
      CHECK(second.mesh().vertex.size() == first.mesh().vertex.size());
      CHECK(second.components().size() == first.components().size());
      CHECK(second.walls().size() == first.walls().size());
      CHECK(second.area() == Approx(first.area()).epsilon(1e-9));
      for (std::size_t p = 0; p < first.places().size(); ++p)
        CHECK(second.places()[p].area == Approx(first.places()[p].area).epsilon(1e-4));  // points merge within 2 mm
    }
  }
}

TEST_CASE("a gate is a door in its fence and faces the drawn way", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 20, 10)).fence({{10, 10}, {10, 0}});
  maker.gate("g", {10.0, 6.0}, {10.0, 4.0}, GateState::open, GateDirection::forward);
  const World world(build_world(maker.site).data);
  REQUIRE(world.doors().size() == 1);
  const Door& door = world.doors()[0];
  CHECK(door.width == Approx(2.0));
  CHECK(door.initial == DoorState::forward_only);
  REQUIRE(door.segments.size() == 1);
  CHECK(door.segments[0][0] == Vec2{10, 6});
  CHECK(world.components().size() == 1);
  // Drawn southwards: the left is the east, so forward is from east to west.
  const auto doors = world.initial_doors();
  const FaceId east = *world.locate({15, 5.1}, LevelId{0}), west = *world.locate({5, 4.9}, LevelId{0});
  const Stride through = walk(world.mesh(), doors, east, {15, 5.1}, {5, 4.9});
  CHECK_FALSE(through.blocked);
  CHECK(through.door_passed == 0);
  CHECK(through.door_forward);
  CHECK(walk(world.mesh(), doors, west, {5, 4.9}, {15, 5.1}).blocked);
  CHECK(walk(world.mesh(), doors, east, {15, 8}, {5, 8}).blocked);
  double fences = 0.0;
  for (const Wall& wall : world.walls())
    if (wall.a.x == 10.0 && wall.b.x == 10.0) fences += distance(wall.a, wall.b);
  CHECK(fences == Approx(8.0));
}

TEST_CASE("a gate drawn a little off its fence, or over the seam of a ring fence, still opens it", "[world][unit]") {
  SiteMaker off;
  off.ground(box(0, 0, 20, 10)).fence({{10, 10}, {10, 0}}).gate("g", {10.1, 6.0}, {9.95, 4.0});
  CHECK(World(build_world(off.site).data).components().size() == 1);
  SiteMaker ring;
  ring.ground(box(0, 0, 20, 20)).fence({{5, 5}, {15, 5}, {15, 15}, {5, 15}, {5, 5}}).gate("g", {5, 6}, {6, 5});
  const World world(build_world(ring.site).data);
  CHECK(world.components().size() == 1);
  CHECK(world.doors()[0].width == Approx(std::sqrt(2.0)));
  SiteMaker two_pieces;
  two_pieces.ground(box(0, 0, 20, 10)).fence({{10, 10}, {10, 6}}).fence({{10, 4}, {10, 0}}).gate("g", {10, 6}, {10, 4});
  const BuildResult result = build_world(two_pieces.site);
  CHECK_FALSE(has_note(result, "E645"));
  CHECK(World(result.data).doors()[0].width == Approx(2.0));
}

TEST_CASE("a closure area can be shut; leaving it is forward", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 30, 10));
  maker.place("plaza", PlaceKind::closure, {box(10, -1, 20, 11)});
  const World world(build_world(maker.site).data);
  REQUIRE(world.doors().size() == 1);
  CHECK(world.doors()[0].is_area);
  CHECK(world.doors()[0].width == Approx(20.0));
  CHECK(world.places()[0].area == Approx(100.0));
  const FaceId inside = *world.locate({15, 5.1}, LevelId{0});
  const FaceId outside = *world.locate({5, 5.2}, LevelId{0});
  CHECK(walk(world.mesh(), std::array{DoorState::closed}, inside, {15, 5.1}, {5, 5.2}).blocked);
  CHECK_FALSE(walk(world.mesh(), std::array{DoorState::forward_only}, inside, {15, 5.1}, {5, 5.2}).blocked);
  CHECK(walk(world.mesh(), std::array{DoorState::forward_only}, outside, {5, 5.2}, {15, 5.1}).blocked);
}

TEST_CASE("a bridge over a quay: people walk under and over it and change sheets only at portals",
          "[world][property]") {
  SiteMaker maker;
  const LevelId quay{0}, deck{1};
  maker.site.levels = {{quay, "quay", 0.0}, {deck, "bridge", 4.0}};
  maker.ground(box(0, 0, 60, 10)).ground(box(0, 20, 60, 30)).ground(box(20, 10, 24, 20));  // two banks and a jetty
  maker.ground(box(30, -10, 34, 40), deck, Surface::bridge);
  maker.ground(box(20, -20, 44, -10)).ground(box(20, 40, 44, 50));
  maker.portal({30, -10}, {34, -10}, quay, deck).portal({34, 40}, {30, 40}, deck, quay);
  maker.place("zone on the bridge", PlaceKind::zone, {box(29, 0, 35, 10)}, deck);
  maker.place("zone below", PlaceKind::zone, {box(26, 2, 38, 7)}, quay);
  maker.place("s", PlaceKind::source, {box(20, -20, 30, -15)});
  maker.place("e", PlaceKind::exit, {box(20, 45, 30, 50)});
  const BuildResult result = build_world(maker.site);
  INFO(notes_text(result));
  const World world(result.data);
  CHECK(world.components().size() == 2);
  CHECK(world.data().links.size() == 2);
  CHECK(world
            .places()[*world.find_place("zone on the bridge") == PlaceId{0}
                          ? 0
                          : index(*world.find_place("zone on the bridge"))]
            .area == Approx(40.0));
  CHECK(world.places()[index(*world.find_place("zone below"))].area == Approx(60.0));
  CHECK(world.height_at({32, 15}, *world.locate({32, 15}, deck)) == Approx(4.0));
  CHECK(world.height_at({32, -10}, *world.locate({32, -10}, deck)) == Approx(2.0));
  const auto level_of = [&](FaceId f) { return world.mesh().face[index(f)].level; };
  const Stride over = walk(world.mesh(), {}, *world.locate({32, -15}, quay), {32, -15}, {32.5, 45});
  CHECK_FALSE(over.blocked);
  CHECK(level_of(over.face) == quay);
  const Stride under = walk(world.mesh(), {}, *world.locate({5, 5}, quay), {5, 5}, {55, 6});
  CHECK_FALSE(under.blocked);
  CHECK(level_of(under.face) == quay);
  Random random(2, Stream::test, 0, Tick{});
  Vec2 x{32, 5};
  FaceId face = *world.locate(x, deck);
  int crossings = 0;
  for (int n = 0; n < 300000; ++n) {
    const Stride s = walk_and_slide(world.mesh(), {}, face, x, x + Vec2{random.uniform(-1, 1), random.uniform(-1, 1)});
    REQUIRE(contains(world.mesh(), s.face, s.position));
    if (level_of(s.face) != level_of(face)) {
      ++crossings;
      const bool south = (x.y < -10) != (s.position.y < -10), north = (x.y > 40) != (s.position.y > 40);
      REQUIRE((south || north));
      REQUIRE((x.x > 28 && x.x < 36));
    }
    x = s.position;
    face = s.face;
  }
  CHECK(crossings > 10);
}

TEST_CASE("ground goes on below the end of a deck but nobody walks into the ramp", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 40, 10)).ground(box(20, 3, 60, 7), LevelId{1}, Surface::bridge);
  maker.portal({20, 3}, {20, 7}, LevelId{0}, LevelId{1});
  const World world(build_world(maker.site).data);
  const FaceId start = *world.locate({10, 5.1}, LevelId{0});
  const Stride up = walk(world.mesh(), {}, start, {10, 5.1}, {50, 5});
  CHECK_FALSE(up.blocked);
  CHECK(world.mesh().face[index(up.face)].level == LevelId{1});
  const Stride beside = walk(world.mesh(), {}, start, {10, 5.1}, {30, 0.5});
  CHECK(world.mesh().face[index(beside.face)].level == LevelId{0});
  const FaceId below = *world.locate({30, 5.1}, LevelId{0});
  CHECK(walk(world.mesh(), {}, below, {30, 5.1}, {10, 5}).blocked);
}

TEST_CASE("ground that nothing needs is dropped with a note", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 20, 10)).ground(box(30, 0, 50, 10)).ground(box(60, 0, 62, 1));
  const BuildResult bare = build_world(maker.site);
  CHECK(World(bare.data).components().size() == 2);  // 2 m² are too small
  CHECK(has_note(bare, "G302"));
  maker.place("s", PlaceKind::source, {box(1, 1, 5, 5)});
  maker.place("e", PlaceKind::exit, {box(15, 1, 19, 5)});
  maker.place("all", PlaceKind::perimeter, {box(-10, -10, 90, 90)});
  const BuildResult event = build_world(maker.site);
  CHECK(World(event.data).area() == Approx(200.0));
  CHECK(World(event.data).components().size() == 1);
}

TEST_CASE("what cannot be reached is told, with and without the gates as drawn", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 20, 10)).ground(box(30, 0, 50, 10));
  maker.fence({{10, 10}, {10, 0}}).gate("g", {10, 6}, {10, 4}, GateState::closed);
  maker.place("s", PlaceKind::source, {box(1, 1, 5, 5)});
  maker.place("far", PlaceKind::exit, {box(35, 1, 40, 5)});
  maker.place("gated", PlaceKind::exit, {box(15, 1, 19, 5)});
  maker.line_place("near", PlaceKind::exit, {{0, 6}, {0, 9}});
  const BuildResult result = build_world(maker.site);
  INFO(notes_text(result));
  CHECK(has_note(result, "G303", "far"));
  CHECK(has_note(result, "G308", "gated"));
  CHECK_FALSE(has_note(result, "G303", "gated"));
  CHECK_FALSE(has_note(result, "G303", "near"));
  CHECK_FALSE(has_note(result, "G303", "s"));
  CHECK_FALSE(World(result.data).places()[index(*World(result.data).find_place("near"))].faces.empty());
}

TEST_CASE("a place that the drawing's schedule opens is told with the time", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 20, 10));
  maker.fence({{10, 10}, {10, 0}}).gate("g", {10, 6}, {10, 4}, GateState::closed);
  maker.place("s", PlaceKind::source, {box(1, 1, 5, 5)});
  maker.place("e", PlaceKind::exit, {box(15, 1, 19, 5)});
  const auto text = [&] {
    const BuildResult result = build_world(maker.site);
    for (const WorldNote& note : result.notes)
      if (note.code == "G308") return note.severity + ": " + note.text;
    return std::string("none");
  };
  CHECK_THAT(text(), Catch::StartsWith("warning") && Catch::Contains("no schedule in the drawing opens a way"));
  maker.site.event.defaults = {{"g", "schedule", "18:30 closed, 19:15 open, 22:00 closed"}};
  CHECK_THAT(text(), Catch::StartsWith("warning") && Catch::Contains("opens a way at 19:15:00"));
  maker.site.event.defaults = {{"g", "schedule", "18:30 closed"}};
  CHECK_THAT(text(), Catch::Contains("no schedule in the drawing opens a way"));
  maker.site.gates.back().initial = GateState::open;
  CHECK(text() == "none");
}

TEST_CASE("reach follows the changes of doors", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 30, 10));
  maker.fence({{10, 10}, {10, 0}}).gate("g", {10, 6}, {10, 4}, GateState::closed);
  maker.fence({{20, 10}, {20, 0}}).gate("h", {20, 6}, {20, 4}, GateState::closed);
  maker.place("s", PlaceKind::source, {box(1, 1, 5, 5)});
  maker.place("e", PlaceKind::exit, {box(25, 1, 29, 5)});
  maker.place("w", PlaceKind::waypoint, {box(12, 1, 18, 5)});
  const World world(build_world(maker.site).data);
  const auto place = [&](const char* id) { return &world.places()[index(*world.find_place(id))]; };
  const auto change = [](double time, ChangeKind kind, const char* target) {
    TimedChange out;
    out.time = time;
    out.kind = kind;
    out.target = target;
    return out;
  };
  const auto closed = [&](const std::vector<TimedChange>& changes) {
    return closed_at_first(world, {place("s")}, world.initial_doors(), door_changes(world, changes));
  };
  REQUIRE(closed({}).size() == 2);
  CHECK_FALSE(closed({})[0].opens);
  const auto both = closed({change(20, ChangeKind::gate_open, "h"), change(10, ChangeKind::gate_open, "g"),
                            change(30, ChangeKind::source_factor, "s")});
  REQUIRE(both.size() == 2);
  for (const ClosedPlace& one : both) CHECK(one.opens == (one.place == *world.find_place("e") ? 20.0 : 10.0));
  // never open together: the middle is reached, the exit never
  const auto apart = closed({change(10, ChangeKind::gate_open, "g"), change(20, ChangeKind::gate_close, "g"),
                             change(20, ChangeKind::gate_open, "h")});
  for (const ClosedPlace& one : apart) CHECK(one.opens.has_value() == (one.place == *world.find_place("w")));
}

TEST_CASE("portals in a row are one way", "[world][unit]") {
  const auto narrow = [](const std::vector<double>& cuts) {
    SiteMaker maker;
    maker.site.levels.push_back({LevelId{1}, "deck", 3.0});
    maker.ground(box(0, 0, 10, 10)).ground(box(10, 0, 20, 10), LevelId{1});
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i)
      maker.portal({10, cuts[i]}, {10, cuts[i + 1]}, i % 2 == 0 ? LevelId{0} : LevelId{1},
                   i % 2 == 0 ? LevelId{1} : LevelId{0});
    const BuildResult result = build_world(maker.site);
    return std::count_if(result.notes.begin(), result.notes.end(), [](const WorldNote& n) { return n.code == "G312"; });
  };
  CHECK(narrow({2.0, 2.4, 2.9, 3.3}) == 0);  // 1.3 m in three pieces
  CHECK(narrow({2.0, 2.2, 2.5}) == 1);       // 0.5 m in two
  CHECK(narrow({2.0, 2.5}) == 1);
  CHECK(narrow({2.0, 2.7}) == 0);
}

TEST_CASE("a slanted portal that the grid has cut into crooked pieces is one way", "[world][regression]") {
  SiteMaker maker;
  maker.site.levels.push_back({LevelId{1}, "deck", 3.0});
  maker.ground(Polygon{{{0, 0}, {10, 0}, {10, 2}, {10.25, 2.25}, {10.25, 2.5}, {10.5, 2.75}, {10.5, 10}, {0, 10}}, {}})
      .ground(Polygon{{{20, 0}, {20, 10}, {10.5, 10}, {10.5, 2.75}, {10.25, 2.5}, {10.25, 2.25}, {10, 2}, {10, 0}}, {}},
              LevelId{1})
      .portal({10, 2}, {10.25, 2.25}, LevelId{0}, LevelId{1})
      .portal({10.25, 2.25}, {10.25, 2.5}, LevelId{0}, LevelId{1})
      .portal({10.25, 2.5}, {10.5, 2.75}, LevelId{0}, LevelId{1});
  const BuildResult result = build_world(maker.site);
  CHECK(std::none_of(result.notes.begin(), result.notes.end(), [](const WorldNote& n) { return n.code == "G312"; }));
}

TEST_CASE("what stands on a level without ground is no part of the world", "[world][regression]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 20, 10));
  for (const int level : {-2, 0, 3})
    maker.site.obstacles.push_back({box(30, 0, 40, 5), ObstacleKind::building,
                                    LevelId{static_cast<std::int16_t>(level)}, 0.0, 3.0,
                                    "way/" + std::to_string(level)});
  const WorldData data = build_world(maker.site).data;
  REQUIRE(data.obstacles.size() == 1);
  CHECK(data.obstacles[0].source_id == "way/0");
}

TEST_CASE("a gate of the map that is narrower than its default width is not a warning", "[world][unit]") {
  for (const bool drawn : {false, true}) {
    SiteMaker maker;
    maker.ground(box(0, 0, 20, 10));
    const GateSpan gate{"node/1", "", {10, 8}, {10, 12}, 4.0};
    maker.site.gates.push_back(gate);
    (drawn ? maker.site.event.gates : maker.site.base.gates).push_back(gate);
    const BuildResult result = build_world(maker.site);
    const bool told =
        std::any_of(result.notes.begin(), result.notes.end(), [](const WorldNote& n) { return n.code == "E648"; });
    CHECK(told == drawn);
  }
}

TEST_CASE("places and lines off the ground are errors", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 20, 10));
  maker.place("off", PlaceKind::zone, {box(30, 0, 40, 5)});
  maker.place("edge", PlaceKind::zone, {box(19.9, 0, 40, 5)});
  maker.place("slit", PlaceKind::source, {box(1, 0, 18, 0.3)});
  maker.place("fine", PlaceKind::source, {box(1, 5, 4, 8)});
  maker.line_place("gone", PlaceKind::exit, {{50, 0}, {60, 0}});
  maker.count("across", {{10, -5}, {10, 15}}).count("away", {{-10, -5}, {-10, 15}});
  maker.gate("nowhere", {40, 0}, {42, 0});
  const BuildResult result = build_world(maker.site);
  INFO(notes_text(result));
  CHECK(has_note(result, "E641", "off"));
  CHECK(has_note(result, "E641", "edge"));
  CHECK(has_note(result, "E643", "slit"));
  CHECK_FALSE(has_note(result, "E643", "fine"));
  CHECK(has_note(result, "E642", "gone"));
  CHECK(has_note(result, "E642", "away"));
  CHECK_FALSE(has_note(result, "E642", "across"));
  CHECK(has_note(result, "E644", "nowhere"));
  CHECK(result.data.lines[0].width == Approx(10.0));
}

TEST_CASE("service lanes are measured", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 60, 10)).fence({{20, 3}, {30, 3}}).fence({{40, 0}, {40, 4}}).fence({{40, 6.5}, {40, 10}});
  maker.line_place("lane", PlaceKind::service_lane, {{2, 5}, {58, 5}}).clear_width = 3.5;
  maker.line_place("broken", PlaceKind::service_lane, {{2, 2}, {58, 2}}).clear_width = 3.0;
  maker.line_place("wide", PlaceKind::service_lane, {{2, 5}, {35, 5}}).clear_width = 6.0;
  const BuildResult result = build_world(maker.site);
  INFO(notes_text(result));
  CHECK(has_note(result, "E630", "lane"));
  CHECK(has_note(result, "E631", "broken"));
  CHECK_FALSE(has_note(result, "E630", "wide"));
  for (const WorldNote& note : result.notes)
    if (note.object_id == "lane") {
      CHECK(note.text.find("2.50 m wide") != std::string::npos);
      CHECK(note.at.x == Approx(40.0).margin(0.3));
    }
}

TEST_CASE("steps cut off wheelchairs with a warning and slow everyone down", "[world][unit]") {
  SiteMaker maker;
  maker.ground(box(0, 0, 10, 10))
      .ground(box(10, 0, 14, 10), LevelId{0}, Surface::steps, 0.5)
      .ground(box(14, 0, 24, 10));
  maker.place("s", PlaceKind::source, {box(1, 1, 5, 5)});
  maker.place("e", PlaceKind::exit, {box(20, 1, 24, 5)});
  const BuildResult result = build_world(maker.site);
  CHECK(has_note(result, "G310", "s"));
  const World world(result.data);
  const MeshFace& steps = world.mesh().face[index(*world.locate({12, 5.1}, LevelId{0}))];
  CHECK(steps.surface == Surface::steps);
  CHECK(steps.speed_factor == 0.5F);
}

TEST_CASE("a gap as wide as a gate stays open where walls nearly meet", "[world][unit]") {
  SiteMaker maker;  // lines that touch within millimetres, collinear pieces, the same wall twice in both directions
  maker.ground(box(0, 0, 20, 10));
  maker.fence({{10, 0}, {10, 4.6}})
      .fence({{10, 4.601}, {10.0004, 0}})
      .fence({{10, 5.4}, {10, 10}})
      .fence({{10, 7}, {10, 9.9995}});
  const BuildResult result = build_world(maker.site);
  const World world(result.data);
  CHECK(world.components().size() == 1);
  const FaceId west = *world.locate({5, 5.05}, LevelId{0});
  CHECK_FALSE(walk(world.mesh(), {}, west, {5, 5.05}, {15, 5.1}).blocked);
  CHECK(walk(world.mesh(), {}, west, {5, 5.05}, {15, 4.0}).blocked);
  CHECK(walk(world.mesh(), {}, west, {5, 5.05}, {15, 9.0}).blocked);
  CHECK(world.area() == Approx(200.0));
}

TEST_CASE("one sees across fences and water but not into buildings", "[world][unit]") {
  SiteMaker maker;
  maker.ground({box_ring(0, 0, 20, 10), {reversed(box_ring(4, 4, 6, 6)), reversed(box_ring(14, 4, 16, 6))}});
  maker.site.obstacles = {{box(4, 4, 6, 6), ObstacleKind::building, LevelId{0}, 0, 5, "b"},
                          {box(14, 4, 16, 6), ObstacleKind::water, LevelId{0}, 0, 0, "w"}};
  maker.fence({{10, 2}, {10, 8}}, LevelId{0}, true).fence({{12, 2}, {12, 8}}, LevelId{0}, false);
  const World world(build_world(maker.site).data);
  const auto see_through_at = [&](double x) {
    for (const Wall& wall : world.walls())
      if (wall.a.x == x && wall.b.x == x) return wall.see_through;
    FAIL("no such wall");
    return false;
  };
  CHECK_FALSE(see_through_at(4));
  CHECK(see_through_at(16));
  CHECK(see_through_at(10));
  CHECK_FALSE(see_through_at(12));
}

TEST_CASE("long edges can be refined without changing the world", "[world][property]") {
  for (std::uint32_t n = 0; n < 5; ++n) {
    const SiteGeometry site = random_site(n);
    const World coarse(build_world(site).data), fine(build_world(site, {.max_edge = 4.0}).data);
    double longest = 0.0;
    for (const MeshFace& face : fine.mesh().face)
      for (std::size_t k = 0; k < 3; ++k)
        longest = std::max(longest, distance(fine.mesh().vertex[static_cast<std::size_t>(face.vertex[k])],
                                             fine.mesh().vertex[static_cast<std::size_t>(face.vertex[(k + 1) % 3])]));
    CHECK(longest <= 4.0);
    CHECK(fine.area() == Approx(coarse.area()).epsilon(1e-9));
    CHECK(fine.components().size() == coarse.components().size());
    CHECK(fine.walls().size() == coarse.walls().size());
    for (std::size_t d = 0; d < coarse.doors().size(); ++d)
      CHECK(fine.doors()[d].width == Approx(coarse.doors()[d].width).epsilon(1e-9));
    CHECK(fine.lines()[0].width == Approx(coarse.lines()[0].width).epsilon(1e-9));
  }
}

TEST_CASE("nothing to build is told, not a crash", "[world][unit]") {
  CHECK(has_note(build_world({}), "G301"));
  SiteMaker odd;
  odd.ground({{{0, 0}, {1, 0}}, {}});
  odd.ground({{{0, 0}, {10, 0}, {20, 0}}, {}});            // no area
  odd.ground({{{0, 0}, {NAN, 0}, {20, 5}}, {}});           // not a number
  odd.ground({{{0, 0}, {10, 10}, {10, 0}, {0, 10}}, {}});  // crosses itself
  odd.fence({{5, 5}, {5, 5}});
  odd.portal({0, 0}, {1, 1}, LevelId{0}, LevelId{0}).portal({0, 0}, {0, 0}, LevelId{0}, LevelId{3});
  odd.place("", PlaceKind::zone, {box(0, 0, 5, 5)});
  odd.place("twice", PlaceKind::zone, {box(0, 0, 5, 5)});
  odd.place("twice", PlaceKind::zone, {box(0, 0, 5, 5)});
  const BuildResult result = build_world(odd.site);
  INFO(notes_text(result));
  CHECK(has_note(result, "G106"));
  CHECK(has_note(result, "E640"));
  CHECK(has_note(result, "G311"));
  CHECK_FALSE(has_note(result, "M805"));
  CHECK(World(result.data).area() == Approx(25.0));  // one wing of the bow tie has no place
}

TEST_CASE("a site of 600 x 500 m with 500 obstacles is built quickly", "[world][property]") {
  Random random(8, Stream::test, 0, Tick{});
  SiteMaker maker;
  Polygon ground{box_ring(0, 0, 600, 500), {}};
  for (int i = 0; i < 25; ++i)
    for (int j = 0; j < 20; ++j)
      ground.holes.push_back(reversed(random_star(random, {12.0 + 24 * i, 12.0 + 24 * j}, 3.0, 9.0, 10)));
  maker.ground(ground);
  for (int n = 0; n < 200; ++n) {
    const Vec2 a{random.uniform(0, 600), random.uniform(0, 500)};
    maker.fence({a, a + Vec2{random.uniform(-30, 30), random.uniform(-30, 30)}});
  }
  for (int n = 0; n < 40; ++n)
    maker.place("zone " + std::to_string(n), PlaceKind::zone,
                {{random_star(random, {random.uniform(50, 550), random.uniform(50, 450)}, 10, 40, 20), {}}});
  const auto start = std::chrono::steady_clock::now();
  const BuildResult result = build_world(maker.site);
  const World world(result.data);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("600 x 500 m, 500 obstacles: %zu faces, %zu walls, built in %.0f ms\n", world.mesh().face.size(),
              world.walls().size(), seconds * 1e3);
  CHECK_FALSE(has_note(result, "M807"));
  CHECK(world.mesh().face.size() > 5000);
}
