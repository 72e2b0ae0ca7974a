// Same inputs, same bits: one busy scene per model must end in one hash for every thread count and instruction set.
// Prints `model hash` lines, which ./run compares between compilers and build types; exit code 1 when they differ here.
#include "sim/agents/bench.hpp"

#include <array>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

using throng::Isa;

constexpr std::array<std::pair<Isa, const char*>, 4> instruction_sets{
    {{Isa::scalar, "scalar"}, {Isa::sse2, "sse2"}, {Isa::avx2, "avx2"}, {Isa::avx512, "avx512"}}};

/// Hash of the state after 5 simulated seconds of a plaza with 2000 people.
std::string state_hash(const throng::Model& model, Isa isa, int threads) {
  throng::BenchOptions options;
  options.scene = "plaza";
  options.model = model;
  options.n_agents = 2000;
  options.n_warmup = 0;
  options.n_steps = 100;
  options.repeats = 1;
  options.phases = false;
  options.threads = threads;
  options.step.isa = isa;
  return throng::run_bench(options).state_hash;
}

/// Number of combinations that end in other bits than the first.
int count_differences(const throng::Model& model) {
  int n_different = 0;
  std::string first;
  for (const auto& [isa, isa_name] : instruction_sets)
    for (const int threads : {1, 2, 3, 8}) {
      const std::string hash = state_hash(model, isa, threads);
      if (first.empty()) first = hash;
      if (hash == first) continue;
      ++n_different;
      std::fprintf(stderr, "%s, %s, %d threads: %s instead of %s\n", throng::name_of(model).c_str(), isa_name, threads,
                   hash.c_str(), first.c_str());
    }
  std::printf("%s %s\n", throng::name_of(model).c_str(), first.c_str());
  return n_different;
}

}  // namespace

int main() {
  int n_different = 0;
  for (const throng::Model& model :
       std::vector<throng::Model>{throng::BehaviouralHeuristics{}, throng::CollisionFreeSpeed{}})
    n_different += count_differences(model);
  return n_different == 0 ? 0 : 1;
}
