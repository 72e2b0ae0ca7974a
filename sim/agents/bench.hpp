#pragma once
#include "sim/agents/simulation.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace throng {

/// A scene to measure the step with. `open`: a square repeated in both directions, everyone walks straight on in one of
/// eight directions. `corridor`: 10 m wide, repeated, one direction. `plaza`: a walled square with `n_obstacles` blocks
/// of 2 x 2 m, eight destinations that everyone walks between for ever, routes judged by congestion. `bottleneck`: a
/// crowd before a 4 m opening. `site`: people around the middle of a site's largest connected ground, walking for ever
/// between its exits, or between eight far places when it has fewer than two.
struct BenchOptions {
  std::string scene = "plaza";
  std::shared_ptr<const World> site;  ///< for the scene `site`
  Model model = BehaviouralHeuristics{};
  std::size_t n_agents = 10000;
  double density = 1.0;          ///< people per walkable area at the start [1/m²]
  std::size_t n_obstacles = 49;  ///< plaza: rounded to a square number
  std::size_t n_steps = 200, n_warmup = 40;
  int repeats = 3;  ///< the fastest counts
  int threads = 1;
  StepOptions step;
  std::uint64_t seed = 1;
  bool phases = true;  ///< also measure by phase
};

struct BenchResult {
  std::string scene, model;
  std::size_t n_agents = 0, n_obstacles = 0;
  int threads = 1;
  double agent_steps_per_s = 0.0;  ///< by wall clock
  double cpu_ns = 0.0;             ///< processor time per agent-step [ns], all threads
  double realtime_factor = 0.0;    ///< simulated over wall-clock time
  double bytes_per_agent = 0.0;    ///< state and working memory of the step
  double density = 0.0;            ///< [1/m²]
  double mean_speed = 0.0;         ///< at the end [m/s]
  struct Phase {
    std::string name;
    double ns = 0.0;  ///< per agent-step
  };
  std::vector<Phase> phases;
  std::string state_hash;
};

/// Names that BenchOptions::scene may take.
std::vector<std::string> bench_scenes();
/// Build the scene and measure. @throws InputError for an unknown scene.
BenchResult run_bench(const BenchOptions&);

}  // namespace throng
