#include "sim/core/loops.hpp"
#include "sim/nav/navigation.hpp"
#include "tests/nav/scenes.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>

/// Times of Navigation on a synthetic town of 1 km2 with 500 blocks: build, static field, update with congestion,
/// lookups; and the errors of the field against exact geodesics. Usage: bench_nav [threads] [angle_rad]
namespace {

/// Processor time of the program [ms]: what the work costs, whoever else uses the machine.
double now_ms() { return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  using namespace throng;
  const int threads = argc > 1 ? std::atoi(argv[1]) : 1;
  test::PlanOptions options{.cell_m = 5.0};
  options.angle = argc > 2 ? std::atof(argv[2]) : 0.0;
  test::LatticePlan plan = test::town(200, 5.0, 500, 2, 6, 7);
  plan.fill(1, 1, 2, 199, 'D');
  const auto world = test::shared_world_from_plan(plan.text(), options);
  with_threads(threads, [&] {
    double start = now_ms();
    const Navigation navigation(world);
    std::printf("ground %.3f km2, %zu nodes, threads %d\nbuild        %8.1f ms\n", world->area() / 1e6,
                navigation.n_nodes(), threads, now_ms() - start);
    RouteCosts costs{world->initial_doors(), {}, 0};
    DistanceField field;
    for (int k = 0; k < 3; ++k) {
      start = now_ms();
      field = navigation.solve(PlaceId{0}, Mobility::walking, costs);
      std::printf("static solve %8.1f ms\n", now_ms() - start);
    }
    Random random(1, Stream::test, 0, Tick{});
    costs.slowness.resize(navigation.n_congestion_cells());
    for (float& s : costs.slowness)
      s = random.uniform() < 0.3 ? 1.0F + static_cast<float>(3.0 * random.uniform()) : 1.0F;
    DistanceField busy;
    for (int k = 0; k < 3; ++k) {
      start = now_ms();
      busy = navigation.solve(PlaceId{0}, Mobility::walking, costs);
      std::printf("update       %8.1f ms\n", now_ms() - start);
    }
    std::vector<Vec2> points;
    std::vector<FaceId> faces;
    while (points.size() < 100000) {
      const Box box = world->bounds();
      const Vec2 x{random.uniform(box.min.x, box.max.x), random.uniform(box.min.y, box.max.y)};
      const auto face = world->locate(x, LevelId{0});
      if (!face) continue;
      points.push_back(x);
      faces.push_back(*face);
    }
    for (const char* order : {"random", "sorted"}) {
      start = now_ms();
      Vec2 sum{};
      for (std::size_t i = 0; i < points.size(); ++i)
        sum += navigation.direction(field, points[i], LevelId{0}, faces[i]);
      std::printf("direction    %8.1f ns, %s points (%.3f)\n",
                  (now_ms() - start) * 1e6 / static_cast<double>(points.size()), order, sum.x);
      start = now_ms();
      double total = 0.0;
      for (std::size_t i = 0; i < points.size(); ++i) total += navigation.cost(field, points[i], LevelId{0}, faces[i]);
      std::printf("cost         %8.1f ns, %s points (%.0f)\n",
                  (now_ms() - start) * 1e6 / static_cast<double>(points.size()), order, total);
      std::sort(points.begin(), points.end(), [](Vec2 a, Vec2 b) {
        return static_cast<int>(a.y / 2) != static_cast<int>(b.y / 2) ? a.y < b.y : a.x < b.x;
      });
    }
  });
}
