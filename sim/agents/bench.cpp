#include "sim/agents/bench.hpp"

#include "sim/agents/detail/bench_scenes.hpp"
#include "sim/agents/detail/rules.hpp"
#include "sim/core/hash.hpp"
#include "sim/core/loops.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>

namespace throng {
namespace {

template <class... Columns>
std::size_t bytes(const Columns&... columns) {
  return ((columns.capacity() * sizeof(columns[0])) + ...);
}

std::size_t bytes_of(const AgentColumns& a) {
  return bytes(a.id, a.position, a.velocity, a.heading, a.way, a.face, a.radius, a.desired_speed, a.stage, a.place,
               a.spot, a.until, a.entered, a.best_cost, a.progress, a.compression, a.activity, a.informed, a.population,
               a.source);
}

std::size_t bytes_of(const detail::StepScratch& scratch) { return scratch.slots.bytes() + bytes(scratch.intents); }

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double processor_time() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void measure(const Simulation& simulation, CrowdState& state, const BenchOptions& o, BenchResult& result) {
  for (std::size_t k = 0; k < o.n_warmup; ++k) simulation.step(state);
  double wall = 1e300, processor = 1e300;
  for (int repeat = 0; repeat < std::max(1, o.repeats); ++repeat) {
    const double t0 = wall_clock(), c0 = processor_time();
    for (std::size_t k = 0; k < o.n_steps; ++k) simulation.step(state);
    wall = std::min(wall, wall_clock() - t0);
    processor = std::min(processor, processor_time() - c0);
  }
  const double agent_steps = static_cast<double>(state.agents.size()) * static_cast<double>(o.n_steps);
  result.agent_steps_per_s = agent_steps / wall;
  result.cpu_ns = 1e9 * processor / agent_steps;
  result.realtime_factor = static_cast<double>(o.n_steps) * simulation.dt() / wall;
  if (!o.phases) return;
  simulation.enable_phase_times(true);
  for (std::size_t k = 0; k < o.n_steps; ++k) simulation.step(state);
  const auto t = simulation.phase_times();
  simulation.enable_phase_times(false);
  const auto per = [&](double ns) { return ns / agent_steps; };
  result.phases = {{"sort", per(t.sort)},       {"perceive", per(t.perceive)}, {"heading", per(t.heading)},
                   {"contact", per(t.contact)}, {"walls", per(t.walls)},       {"navigation", per(t.navigation)},
                   {"fields", per(t.fields)},   {"demand", per(t.demand)}};
}

}  // namespace

std::vector<std::string> bench_scenes() { return {"open", "corridor", "plaza", "bottleneck", "site"}; }

BenchResult run_bench(const BenchOptions& o) {
  const detail::BenchScene scene = detail::scene_of(o);
  const auto navigation = std::make_shared<const Navigation>(scene.world);
  const Simulation simulation(scene.world, navigation, scene.demand, o.model, scene.step);
  BenchResult result;
  result.scene = o.scene;
  result.model = name_of(o.model);
  result.n_obstacles = o.scene == "plaza" ? o.n_obstacles : 0;
  result.threads = o.threads;
  with_threads(o.threads, [&] {
    CrowdState state = detail::crowd_of(simulation, scene, o);
    measure(simulation, state, o, result);
    result.n_agents = state.agents.size();
    const double area = scene.middle ? static_cast<double>(result.n_agents) / std::max(o.density, 1e-9) : scene.area;
    result.density = static_cast<double>(result.n_agents) / area;
    for (const Vec2 v : state.agents.velocity) result.mean_speed += norm(v) / static_cast<double>(result.n_agents);
    auto scratch = simulation.impl().take_scratch();
    result.bytes_per_agent =
        static_cast<double>(bytes_of(state.agents) + bytes_of(*scratch)) / static_cast<double>(result.n_agents);
    simulation.impl().give_back(std::move(scratch));
    result.state_hash = to_hex(hash_of(state));
  });
  return result;
}

}  // namespace throng
