#pragma once
#include "sim/agents/simulation.hpp"
#include "sim/fields/capacity.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace throng {

struct EvacuationOptions {
  std::vector<std::string> closed;          ///< ids of exits that nobody may use
  double limit = 3600.0;                    ///< longest time to simulate per case [s] (> 0)
  bool each_exit_lost = true;               ///< also run once per exit with that exit lost
  const std::atomic<bool>* stop = nullptr;  ///< set from outside: finish in order
  std::function<void(const std::string& lost_exit, double seconds, std::size_t n_inside)>
      progress;  ///< every 5 s simulated
};

/// From this state on everyone inside walks at once to the exit nearest to them by walking cost (step-free for those
/// who need it); sources stop, queues dissolve, timed changes of gates go on as planned. Limits of exits (rates,
/// timetables) stay. The state itself is not changed. Deterministic.
/// @throws InputError when an exit to be closed does not exist, or none remains
EvacuationFigures evacuate(const Simulation&, const CrowdState& at, const EvacuationOptions& = {});

}  // namespace throng
