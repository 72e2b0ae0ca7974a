#include "sim/core/hash.hpp"
#include "tests/agents/scenes.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

/// Open ground in the west; in the east so many small pillars that more walls are near than anyone looks at.
std::string pillar_plan() {
  std::string plan;
  const int columns = 60, rows = 40;
  for (int y = 0; y < rows; ++y) {
    for (int x = 0; x < columns; ++x) {
      const bool pillar = x > columns / 2 && x + 2 < columns && x % 2 == 0 && y % 2 == 1;
      plan += pillar ? '#' : (x + 2 < columns ? '.' : 'D');
    }
    plan += '\n';
  }
  return plan;
}

/// More people than the kernels' buffers hold, whatever order the grid has them in.
CrowdState crush(const Simulation& simulation, Vec2 from, Vec2 to, std::size_t n) {
  CrowdState state = simulation.initial_state(1);
  Random random(1, Stream::test, 0, {});
  const auto insert_at = [&](Vec2 x) {
    return edit::insert(simulation, state,
                        {.position = x, .level = LevelId{0}, .stage = StageId{0}, .desired_speed = 1.3F});
  };
  const World& world = simulation.world();
  const Vec2 size = world.bounds().max - world.bounds().min;
  while (state.agents.size() < n) {
    // A legal state first; then all are put where they are wanted.
    AgentColumns& agents = state.agents;
    if (!insert_at(world.bounds().min + Vec2{random.uniform(0.0, size.x), random.uniform(0.0, size.y)})) continue;
    const std::size_t row = agents.size() - 1;
    for (;;) {
      const Vec2 x{random.uniform(from.x, to.x), random.uniform(from.y, to.y)};
      const auto face = world.locate(x, LevelId{0});
      if (!face) continue;
      agents.position[row] = x;
      agents.face[row] = *face;
      break;
    }
  }
  return state;
}

}  // namespace

TEST_CASE("far too many people in one place stay within bounds, by every instruction set the same",
          "[agents][unit][determinism]") {
  test::PlanOptions options;
  options.cell_m = 0.3;
  const auto world = test::shared_world_from_plan(pillar_plan(), options);
  struct Case {
    Vec2 from, to;
    std::size_t n;
  };
  // 40 people per m² over nine cells: candidates run out; 700 on a square metre: those in sight and contacts run out;
  // among pillars: walls run out.
  const auto crowd = GENERATE(Case{{1.0, 1.0}, {7.0, 9.0}, 1920}, Case{{3.0, 5.0}, {4.0, 6.0}, 700},
                              Case{{12.0, 4.0}, {14.0, 6.0}, 600});
  const auto model = GENERATE(Model(BehaviouralHeuristics{}), Model(CollisionFreeSpeed{}));
  INFO(crowd.n << " " << name_of(model));
  std::string first;
  for (const Isa isa : {Isa::scalar, Isa::sse2, Isa::avx2, Isa::avx512}) {
    StepOptions step;
    step.isa = isa;
    const auto simulation = test::simulation(world, test::to_exits({"D"}), model, step);
    CrowdState state = crush(*simulation, crowd.from, crowd.to, crowd.n);
    for (int k = 0; k < 5; ++k) {
      simulation->step(state);
      REQUIRE(test::all_inside(*world, state));
    }
    const std::string hash = to_hex(hash_of(state));
    if (first.empty()) first = hash;
    CHECK(hash == first);
  }
}
