#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace throng {

/// The scenario's demand with every name resolved against a world. Constant during a run.
struct Demand {
  struct Transition {
    StageId to{};
    double weight = 1.0;
  };
  struct Stage {
    std::string name;  ///< "journey/stage"
    StageKind kind{};
    std::vector<PlaceId> places;
    Choice place_choice{};
    Duration duration;
    double exit_capacity_per_min = 0.0;
    std::vector<ArrivalPulse> departures;
    Choice next_choice{};
    std::vector<Transition> next;  ///< empty on exits
    int journey = 0;
  };
  struct Source {
    std::string id;
    PlaceId place{};
    std::vector<RatePiece> rates;
    std::vector<ArrivalPulse> pulses;
    double initial = 0.0, premovement = 0.0;
    bool poisson = true;
    std::vector<Transition> journeys;  ///< first stages, weighted
    std::vector<double> population;    ///< (classes) weights
  };
  struct Change {
    Tick tick;
    ChangeKind kind{};
    int target = -1;  ///< door or source
    double value = 0.0;
    GateDirection direction{};
    std::string text;  ///< "gate north opens"
  };
  std::vector<PopulationClass> population;
  std::vector<Stage> stages;
  std::vector<Source> sources;
  std::vector<std::string> journeys;
  std::vector<Change> changes;  ///< by tick
  double start_of_day = 0.0, duration = 0.0;
};

/// Resolve names. @throws InputError listing every name that does not fit.
Demand build_demand(const Scenario&, const World&);

}  // namespace throng
