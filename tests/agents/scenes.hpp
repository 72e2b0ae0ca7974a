#pragma once
#include "sim/agents/simulation.hpp"
#include "sim/core/random.hpp"
#include "tests/support/plan.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Small simulations for the tests of the step.
namespace throng::test {

inline StageDemand stage(std::string id, StageKind kind, std::vector<std::string> places,
                         std::vector<std::string> next = {}) {
  StageDemand s;
  s.id = std::move(id);
  s.kind = kind;
  s.places = std::move(places);
  for (auto& n : next) s.next.push_back({std::move(n), 1.0});
  return s;
}

/// A scenario with one journey straight to the exits named.
inline Scenario to_exits(std::vector<std::string> exits) {
  Scenario scenario;
  scenario.name = "test";
  JourneyDemand journey;
  journey.id = "out";
  journey.stages = {stage("leave", StageKind::exit, std::move(exits))};
  scenario.journeys = {journey};
  return scenario;
}

inline std::unique_ptr<Simulation> simulation(std::shared_ptr<const World> world, const Scenario& scenario,
                                              Model model = BehaviouralHeuristics{}, StepOptions options = {}) {
  options.routing = scenario.routing;
  auto navigation = std::make_shared<const Navigation>(world);
  Demand demand = build_demand(scenario, *world);
  return std::make_unique<Simulation>(std::move(world), std::move(navigation), std::move(demand), model, options);
}

/// Put one person at each point, in stage 0, speeds by Weidmann's law.
inline void populate(const Simulation& simulation, CrowdState& state, const std::vector<Vec2>& points,
                     LevelId level = LevelId{0}, StageId first = StageId{0}) {
  for (std::size_t k = 0; k < points.size(); ++k) {
    Random random(state.seed, Stream::test, static_cast<std::uint32_t>(k), {});
    edit::insert(simulation, state,
                 {.position = points[k] + Vec2{random.uniform(-0.2, 0.2), random.uniform(-0.2, 0.2)},
                  .level = level,
                  .stage = first,
                  .desired_speed = static_cast<float>(random.truncated_normal(1.34, 0.26, 0.6, 2.0))});
  }
}

template <class F>
void run_for(const Simulation& simulation, CrowdState& state, double seconds, F&& each) {
  const auto steps = static_cast<std::size_t>(seconds / simulation.dt() + 0.5);
  for (std::size_t k = 0; k < steps; ++k) {
    simulation.step(state);
    each(state);
  }
}
inline void run_for(const Simulation& simulation, CrowdState& state, double seconds) {
  run_for(simulation, state, seconds, [](const CrowdState&) {});
}

inline bool all_inside(const World& world, const CrowdState& state) {
  const WalkableMesh& mesh = world.mesh();
  for (std::size_t r = 0; r < state.agents.size(); ++r) {
    if (!is_finite(state.agents.position[r]) || !is_finite(state.agents.velocity[r])) return false;
    const MeshFace& face = mesh.face[index(state.agents.face[r])];
    for (std::size_t k = 0; k < 3; ++k)
      if (orient(mesh.vertex[index(face.vertex[k])], mesh.vertex[index(face.vertex[(k + 1) % 3])],
                 state.agents.position[r]) < -1e-6)
        return false;
  }
  return true;
}

}  // namespace throng::test
