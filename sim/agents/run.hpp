#pragma once
#include "sim/agents/simulation.hpp"
#include "sim/record/record.hpp"

#include <atomic>
#include <functional>
#include <vector>

namespace throng {

struct RunOptions {
  double until = 0.0;                       ///< [s since start]; 0 = the scenario's duration
  const std::atomic<bool>* stop = nullptr;  ///< set from outside (Ctrl-C): finish in order
  std::function<double()> clock;            ///< wall clock of the program [s]; the core has none
  std::function<void(double seconds, std::size_t n_agents)> progress;  ///< called about 4 times per simulated 10 s
};

/// Header of a run: everything that is known before the first step. `created`, versions are filled in by the program.
RunHeader make_header(const Simulation&, const Scenario&, std::uint64_t seed);

/// Step from `state` to the end, measure, and feed the sinks. Returns all series and figures; `state` is the final
/// state.
RunResults run(const Simulation&, CrowdState& state, const Scenario&, RunHeader header, std::vector<RunSink*> sinks,
               const RunOptions& = {});

}  // namespace throng
