// Processor time of one step by instruction set, size, density and number of obstacles: what `throng bench` measures,
// in the form of Google Benchmark. items_per_second = agent-steps per second.
#include "sim/agents/bench.hpp"
#include "sim/agents/detail/bench_scenes.hpp"
#include "sim/core/loops.hpp"

#include <memory>
#include <string>

#include <benchmark/benchmark.h>

namespace {

using namespace throng;

void step(benchmark::State& run, const BenchOptions& options) {
  const detail::BenchScene scene = detail::scene_of(options);
  const auto navigation = std::make_shared<const Navigation>(scene.world);
  const Simulation simulation(scene.world, navigation, scene.demand, options.model, scene.step);
  with_threads(1, [&] {
    CrowdState state = detail::crowd_of(simulation, scene, options);
    for (std::size_t k = 0; k < options.n_warmup; ++k) simulation.step(state);
    for ([[maybe_unused]] auto _ : run) simulation.step(state);
    run.SetItemsProcessed(run.iterations() * static_cast<std::int64_t>(state.agents.size()));
  });
}

void add(const std::string& name, const BenchOptions& options) {
  benchmark::RegisterBenchmark(name.c_str(), [options](benchmark::State& run) { step(run, options); })
      ->Unit(benchmark::kMillisecond)
      ->MinTime(1.0);
}

void add_all() {
  for (const Model& model : {Model(BehaviouralHeuristics{}), Model(CollisionFreeSpeed{})})
    for (const auto& [isa, isa_name] : {std::pair{Isa::scalar, "scalar"}, std::pair{Isa::sse2, "sse2"},
                                        std::pair{Isa::avx2, "avx2"}, std::pair{Isa::avx512, "avx512"}}) {
      BenchOptions options;
      options.scene = "open";
      options.model = model;
      options.step.isa = isa;
      add("open/" + name_of(model) + "/" + isa_name, options);
    }
  for (const std::size_t n : {1000, 10000, 100000})
    for (const std::size_t obstacles : {49, 484}) {
      BenchOptions options;
      options.n_agents = n;
      options.n_obstacles = obstacles;
      add("plaza/" + std::to_string(n) + "/obstacles:" + std::to_string(obstacles), options);
    }
  for (const double density : {0.5, 2.0, 3.0, 5.0}) {
    BenchOptions options;
    options.density = density;
    add("plaza/density:" + std::to_string(density).substr(0, 3), options);
  }
}

}  // namespace

int main(int argc, char** argv) {
  add_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
