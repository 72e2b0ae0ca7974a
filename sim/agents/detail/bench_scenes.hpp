#pragma once
#include "sim/agents/bench.hpp"

namespace throng::detail {

/// A place to measure in and what people do there.
struct BenchScene {
  std::shared_ptr<const World> world;
  Demand demand;
  StepOptions step;
  double area = 0.0;           ///< walkable [m²]
  Box room;                    ///< people stand in it at the start [m]
  int directions = 0;          ///< > 0: no stages, straight on in one of so many directions
  std::optional<Vec2> middle;  ///< people stand around here at the density asked for; else they fill the room
};

/// @throws InputError for an unknown scene, or a site without ground
BenchScene scene_of(const BenchOptions&);
/// People on a jittered square grid.
CrowdState crowd_of(const Simulation&, const BenchScene&, const BenchOptions&);

/// Eight places far from one another on the largest connected part of the ground, for sites that have no exits.
std::vector<Place> far_places(const World&, int component);

}  // namespace throng::detail
