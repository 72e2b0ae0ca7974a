#include "sim/core/loops.hpp"
#include "sim/fields/density_field.hpp"
#include "sim/fields/local_density.hpp"
#include "sim/fields/zone_meter.hpp"
#include "tests/fields/crowds.hpp"
#include "tests/support/plan.hpp"

#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

constexpr const char* town = R"(
    ####################
    #........#.........#
    #........#.........#
    #........#...ZZZZZ.#
    #............ZZZZZ.#
    #............ZZZZZ.#
    #....##......ZZZZZ.#
    #....##......ZZZZZ.#
    #..................#
    ####################)";

double sum(const std::vector<float>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

}  // namespace

TEST_CASE("the walkable area of the cells adds up to the ground, at any angle and cell size", "[fields][property]") {
  const double angle = GENERATE(0.0, 0.3, 1.1);
  const double cell = GENERATE(0.25, 1.0, 3.7);
  test::PlanOptions options;
  options.angle = angle;
  options.shift = {123.4, -56.7};
  const World world = test::world_from_plan(town, options);
  double area = 0.0;
  for (const GroundGrid& grid : make_ground_grids(world, cell)) {
    area += sum(grid.area);
    for (const float part : grid.area) CHECK(part <= cell * cell * (1.0 + 1e-5));
  }
  CHECK(area == Approx(world.area()).epsilon(1e-5));
}

TEST_CASE("a cell cut by the border holds exactly its walkable part", "[fields][unit]") {
  test::WorldBuilder builder;
  builder.ground({{0.0, 0.0}, {2.0, 0.0}, {0.0, 2.0}});
  const auto grids = make_ground_grids(builder.world(), 1.0);
  REQUIRE(grids.size() == 1);
  CHECK(grids[0].area[0] == Approx(1.0));
  CHECK(grids[0].area[1] == Approx(0.5));
  CHECK(grids[0].area[static_cast<std::size_t>(grids[0].columns)] == Approx(0.5));
}

TEST_CASE("density integrates to the count", "[fields][property]") {
  const World world = test::world_from_plan(town);
  DensityField field(world, 1.0);
  std::size_t people = 0;
  for (std::uint32_t k = 0; k < 5; ++k) {
    const test::Crowd crowd = test::random_crowd(world, 200, k);
    people += crowd.id.size();
    field.add(world, crowd.view());
  }
  const GroundGrid& grid = field.grids()[0];
  const auto means = field.take(0);
  double integral = 0.0;
  for (std::size_t i = 0; i < grid.area.size(); ++i)
    if (std::isfinite(means.density[i])) integral += static_cast<double>(means.density[i] * grid.area[i]);
  CHECK(integral == Approx(static_cast<double>(people) / 5.0).epsilon(1e-5));
  const std::vector<float> again = field.run_mean(0);
  for (std::size_t i = 0; i < again.size(); ++i)
    CHECK((again[i] == means.density[i] || (std::isnan(again[i]) && std::isnan(means.density[i]))));
  CHECK(sum(std::vector<float>{field.take(0).density[static_cast<std::size_t>(grid.columns) + 1]}) == 0.0);
}

TEST_CASE("the densest 5 x 5 m square is what trying every square gives", "[fields][property]") {
  const auto number = GENERATE(range(0u, 10u));
  const World world = test::world_from_plan(town);
  LocalDensity local(world, 10.0);  // 3 samples in the 30 s
  std::vector<test::Crowd> window;
  for (std::uint32_t k = 0; k < 5; ++k) {
    const test::Crowd crowd = test::random_crowd(world, 150, 10 * number + k);
    local.add(world, crowd.view());
    if (k >= 2) window.push_back(crowd);
  }
  local.evaluate();
  double worst = 0.0;
  for (int i = -5; i < 30; ++i)
    for (int j = -5; j < 30; ++j) {
      const Vec2 centre{i + 0.5, j + 0.5};
      if (!contains(world.places()[index(world.zones()[0].place)].shape.areas[0], centre)) continue;
      double area = 0.0;
      for (int x = i - 2; x <= i + 2; ++x)
        for (int y = j - 2; y <= j + 2; ++y) area += world.locate({x + 0.5, y + 0.5}, LevelId{0}) ? 1.0 : 0.0;
      if (area < LocalDensity::least_area) continue;
      double count = 0.0;
      for (const test::Crowd& crowd : window)
        for (const Vec2 p : crowd.position)
          count += std::fabs(p.x - centre.x) < 2.5 && std::fabs(p.y - centre.y) < 2.5 ? 1.0 : 0.0;
      worst = std::max(worst, count / 3.0 / area);
    }
  CHECK(static_cast<double>(local.zone_maximum(0).density) == Approx(worst).epsilon(1e-5));
}

TEST_CASE("a crush in a corner shows in the densest square and hardly in the zone mean", "[fields][unit]") {
  const World world = test::world_from_plan(town);
  test::Crowd crowd;
  for (int k = 0; k < 100; ++k) crowd.add(world, {13.05 + 0.19 * (k % 10), 2.05 + 0.19 * (k / 10)});
  LocalDensity local(world, 1.0);
  ZoneMeter zones(world, LocalDensity::window(1.0));
  for (int k = 0; k < 30; ++k) local.add(world, crowd.view()), zones.add(crowd.view());
  local.evaluate();
  CHECK(local.zone_maximum(0).density == Approx(5.0));  // 100 people on a square with 20 m² of ground, by the wall
  CHECK(zones.recent_density(0) == Approx(100.0 / world.zones()[0].area));
}

TEST_CASE("a zone too narrow for a square says so and keeps its own 30 s mean", "[fields][unit]") {
  const World world = test::world_from_plan(R"(
      ############
      #ZZZZZZZZZZ#
      ############)");
  LocalDensity local(world, 10.0);
  ZoneMeter zones(world, LocalDensity::window(10.0));
  CHECK(LocalDensity::window(10.0) == 3);
  CHECK_FALSE(local.has_squares(0));
  test::Crowd crowd;
  for (int k = 0; k < 40; ++k) crowd.add(world, {1.1 + 0.24 * k, 1.5});
  REQUIRE(crowd.id.size() == 40);
  const test::Crowd nobody;
  for (int k = 0; k < 3; ++k) zones.add(crowd.view());
  CHECK(zones.recent_density(0) == Approx(4.0));
  zones.add(nobody.view());
  CHECK(zones.recent_density(0) == Approx(4.0 * 2.0 / 3.0));
  for (int k = 0; k < 2; ++k) zones.add(nobody.view());
  CHECK(zones.recent_density(0) == 0.0);
}

TEST_CASE("zone means follow their definitions", "[fields][unit]") {
  const World world = test::world_from_plan(town);
  ZoneMeter zones(world);
  test::Crowd crowd;
  crowd.add(world, {14.5, 4.5}, {1.0, 0.0});
  crowd.add(world, {15.5, 4.5}, {0.0, -2.0}, Activity::queueing);
  crowd.add(world, {2.5, 2.5}, {5.0, 0.0});  // outside the zone
  zones.add(crowd.view());
  zones.add(test::Crowd{}.view());
  const ZoneMeans means = zones.means(0);
  CHECK(world.zones()[0].area == Approx(25.0));
  CHECK(means.people == Approx(1.0));
  CHECK(means.density == Approx(0.04));
  CHECK(means.speed == Approx(1.5));
  CHECK(means.flow == Approx(0.06));
  CHECK(means.waiting == Approx(0.5));
  zones.reset();
  CHECK(std::isnan(zones.means(0).speed));
}

TEST_CASE("measures do not depend on the number of threads", "[fields][property]") {
  const World world = test::world_from_plan(town);
  const auto measure = [&](int threads) {
    LocalDensity local(world, 1.0);
    with_threads(threads, [&] {
      for (std::uint32_t k = 0; k < 40; ++k) local.add(world, test::random_crowd(world, 80, k).view());
      local.evaluate();
    });
    return local.peak(0);
  };
  const auto one = measure(1);
  const auto many = measure(8);
  for (std::size_t i = 0; i < one.size(); ++i)
    CHECK((one[i] == many[i] || (std::isnan(one[i]) && std::isnan(many[i]))));
}

TEST_CASE("specific flow is the sum of speeds over the area, and forgets what is older than its window",
          "[fields][unit]") {
  const World world = test::world_from_plan(town);
  ZoneMeter zones(world, 3);
  test::Crowd crowd;
  for (int k = 0; k < 10; ++k) crowd.add(world, {13.05 + 0.19 * k, 2.05}, {0.6, 0.8});
  const test::Crowd nobody;
  for (int k = 0; k < 3; ++k) zones.add(crowd.view());
  CHECK(zones.recent_flow(0) == Approx(10.0 / world.zones()[0].area));  // 1 m/s each
  zones.add(nobody.view());
  CHECK(zones.recent_flow(0) == Approx(10.0 / world.zones()[0].area * 2.0 / 3.0));
  for (int k = 0; k < 2; ++k) zones.add(nobody.view());
  CHECK(zones.recent_flow(0) == 0.0);
}
