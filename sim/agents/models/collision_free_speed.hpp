#pragma once
#include "sim/agents/models/parameter.hpp"

#include <array>

namespace throng {

/// Collision-free speed model, first order: direction by exponential repulsion, speed by the gap ahead.
///   v_i = e_i clamp(s_i / T, 0, v0_i),   e_i ∝ e0_i + Σ_j a exp((l_ij - |x_ij|) / D) x_ij / |x_ij|
/// with x_ij = x_i - x_j, l_ij = r_i + r_j, s_i the free distance ahead, e0_i and v0_i from the agent.
/// Tordeux, Chraibi, Seyfried (2016), doi:10.1007/978-3-319-33482-0_29. Differs: walls have their own (a, D), with the
/// nearest point of each wall and l = r_i.
struct CollisionFreeSpeed {
  double time_gap = 1.0;                                       ///< T [s]
  double repulsion_strength = 8.0;                             ///< a [-]
  double repulsion_range = 0.1;                                ///< D [m]
  double wall_repulsion_strength = 5.0;                        ///< a of walls [-]
  double wall_repulsion_range = 0.02;                          ///< D of walls [m]
  static constexpr double interaction_range() { return 3.0; }  ///< [m]; repulsion beyond it < 1e-9 at the defaults
  static constexpr int contact_passes() { return 0; }
  static constexpr const char* name() { return "collision_free_speed"; }
};

inline constexpr auto parameters_of(const CollisionFreeSpeed*) {
  using M = CollisionFreeSpeed;
  return std::array{
      Parameter<M>{"time_gap_s", &M::time_gap, 0.1, 10.0, "time gap T to the body ahead"},
      Parameter<M>{"repulsion_strength", &M::repulsion_strength, 0.0, 100.0,
                   "strength of the repulsion between people, a"},
      Parameter<M>{"repulsion_range_m", &M::repulsion_range, 0.01, 0.15, "range of the repulsion between people, D"},
      Parameter<M>{"wall_repulsion_strength", &M::wall_repulsion_strength, 0.0, 100.0,
                   "strength of the repulsion by walls"},
      Parameter<M>{"wall_repulsion_range_m", &M::wall_repulsion_range, 0.005, 0.15, "range of the repulsion by walls"}};
}

}  // namespace throng
