#include "sim/agents/detail/rules.hpp"

#include <algorithm>
#include <limits>

namespace throng {

/// Credit of exits that let only so many out: a rate, or the seats of trams and ferries, which leave when they leave.
void Simulation::Impl::refill_exits(CrowdState& state) const {
  const double t = time.seconds(state.tick);
  for (std::size_t k = 0; k < exits.size(); ++k) {
    const detail::PlaceInfo& info = places[index(exits[k])];
    double& credit = state.exit_credit[k];
    if (!info.seats.empty()) {
      double seats = 0.0;
      bool boarding = false;
      for (const ArrivalPulse& pulse : info.seats) {
        const double spread = std::max(pulse.spread, options.dt);
        if (t < pulse.time || t >= pulse.time + spread) continue;
        boarding = true;
        seats += pulse.people * options.dt / spread;
      }
      credit = boarding ? credit + seats : 0.0;
    } else if (info.exit_rate > 0.0) {
      credit = std::min(std::max(1.0, info.exit_rate * options.dt), credit + info.exit_rate * options.dt);
    }
  }
}

/// Those who reached their exit leave, in row order, as far as the exit lets them; the others wait there.
void Simulation::Impl::remove_departures(CrowdState& state, detail::StepScratch& scratch, StepReport* report) const {
  refill_exits(state);
  AgentColumns& a = state.agents;
  scratch.leaving.clear();
  for (const detail::BlockNews& news : scratch.news)
    for (const std::uint32_t row : news.at_exit) {
      const detail::PlaceInfo& info = places[index(a.place[row])];
      if (info.exit >= 0 && (info.exit_rate > 0.0 || !info.seats.empty())) {
        double& credit = state.exit_credit[static_cast<std::size_t>(info.exit)];
        if (credit < 1.0 - 1e-9) {
          a.activity[row] = Activity::standing;
          continue;
        }
        credit -= 1.0;
      }
      if (info.exit >= 0) ++state.counters.exited[static_cast<std::size_t>(info.exit)];
      if (report != nullptr) report->departed.push_back({a.id[row], a.stage[row], a.place[row], a.entered[row]});
      ++state.counters.left;
      scratch.leaving.push_back(row);
    }
  detail::erase_rows(a, scratch.leaving);
}

}  // namespace throng
