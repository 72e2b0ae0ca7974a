#pragma once
#include "sim/agents/models/parameter.hpp"

#include <array>

namespace throng {

/// Sampled-direction heuristics with an optimal-velocity speed and position-based contact; the default model.
///   direction  u = argmin_k  d² + f_k² - 2 d f_k cos(a_k),   f_k = way free of collisions at speed v0 along heading k
///   speed      V = clamp(s / T, v_sq, v0),                   s = gap to the nearest body in the swath ahead
///   velocity   v <- v + (V u - v) min(1, dt / tau)
///   contact    three under-relaxed Jacobi passes that push hard discs apart, walls last; v <- (x_new - x_old) / dt
/// Direction rule: Moussaïd, Helbing, Theraulaz (2011), doi:10.1073/pnas.1016507108. Speed rule: Tordeux, Chraibi,
/// Seyfried (2016), doi:10.1007/978-3-319-33482-0_29. Contact: Müller et al. (2007), doi:10.1016/j.jvcir.2007.01.005.
/// Differs from them: the combination; counter-walkers turn their shoulders (counter_factor); constants as
/// docs/methods/models.md tells. Radii are those of a body of 0.18 m; other bodies scale them.
struct BehaviouralHeuristics {
  double time_gap = 1.0;             ///< T [s]
  double swath = 1.0;                ///< beta [-]: half width of the swath ahead over the sum of radii
  double collision_radius = 0.18;    ///< r_c [m]
  double hard_radius = 0.16;         ///< r_h [m]
  double squeeze_speed = 0.1;        ///< v_sq [m/s]
  double counter_factor = 0.5;       ///< kappa_c [-]: radii between people of opposite headings
  double relaxation_time = 0.5;      ///< tau [s]
  double horizon = 6.0;              ///< d [m]
  double range = 2.0;                ///< R_c [m]
  double heading_interval = 0.1;     ///< people choose a heading this often, each at their own time [s]
  double heading_persistence = 0.0;  ///< epsilon [m²]: cost taken off the heading of the last step
  double side_preference = 0.2;      ///< [rad]: to the right while an oncoming person is ahead; twice that beside a
                                     ///< wall on the left
  double interaction_range() const { return range; }
  static constexpr int contact_passes() { return 3; }
  static constexpr const char* name() { return "behavioural_heuristics"; }
};

inline constexpr auto parameters_of(const BehaviouralHeuristics*) {
  using M = BehaviouralHeuristics;
  return std::array{
      Parameter<M>{"time_gap_s", &M::time_gap, 0.1, 10.0, "time gap T to the body ahead"},
      Parameter<M>{"swath", &M::swath, 0.1, 2.0, "half width of the swath ahead over the sum of radii, beta"},
      Parameter<M>{"collision_radius_m", &M::collision_radius, 0.05, 0.5, "radius used for expected collisions, r_c"},
      Parameter<M>{"hard_radius_m", &M::hard_radius, 0.05, 0.5, "radius that bodies are pushed apart to, r_h"},
      Parameter<M>{"squeeze_speed_m_per_s", &M::squeeze_speed, 0.0, 0.5, "least speed tried while walking, v_sq"},
      Parameter<M>{"counter_factor", &M::counter_factor, 0.3, 1.0,
                   "radii between people of opposite headings, kappa_c"},
      Parameter<M>{"relaxation_time_s", &M::relaxation_time, 0.05, 5.0, "relaxation time of the velocity, tau"},
      Parameter<M>{"horizon_m", &M::horizon, 2.0, 20.0, "how far collisions are looked for, d"},
      Parameter<M>{"range_m", &M::range, 1.0, 5.0, "range within which people and walls are seen, R_c"},
      Parameter<M>{"heading_interval_s", &M::heading_interval, 0.0, 1.0, "people choose a heading this often"},
      Parameter<M>{"heading_persistence_m2", &M::heading_persistence, 0.0, 10.0,
                   "preference for the last heading, epsilon"},
      Parameter<M>{"side_preference_rad", &M::side_preference, 0.0, 0.5, "turn to the right for oncoming people"}};
}

}  // namespace throng
