#pragma once
#include "sim/core/error.hpp"
#include "sim/scenario/scenario.hpp"

#include <string>
#include <vector>

namespace throng {

/// The names a scenario may refer to in a site.
struct SiteNames {
  struct PlaceName {
    std::string id;
    PlaceKind kind{};
    bool is_area = true;
    double area = 0.0;  ///< walkable [m²]
  };
  std::vector<PlaceName> places;
  std::vector<std::string> doors;  ///< gates and closure areas
  std::vector<std::string> zones, lines;
};

/// Closed range of a number. One list for the check here and for the tables, schema and pages of the reader (sim/io).
struct Limits {
  double low = 0.0, high = 0.0;
};
namespace limits {
inline constexpr Limits time_step{0.001, 0.2};          ///< [s]
inline constexpr Limits duration{1.0, 7 * 86400.0};     ///< of a run [s]
inline constexpr Limits moment{0.0, 7 * 86400.0};       ///< since start [s]
inline constexpr Limits clock{0.0, 86400.0 - 1e-6};     ///< since midnight [s]
inline constexpr Limits people{0.0, 1e7};               ///< in one entry
inline constexpr Limits rate_per_min{0.0, 1e6};         ///< [1/min]
inline constexpr Limits weight{0.0, 1e9};               ///< relative shares
inline constexpr Limits speed{0.05, 4.0};               ///< [m/s]
inline constexpr Limits speed_sd{0.0, 2.0};             ///< [m/s]
inline constexpr Limits age{0.0, 120.0};                ///< [years]
inline constexpr Limits body_radius{0.08, 0.6};         ///< [m]
inline constexpr Limits stairs_factor{0.05, 1.5};       ///< [-]
inline constexpr Limits premovement{0.0, 3600.0};       ///< [s]
inline constexpr Limits stay{0.0, 86400.0};             ///< time spent at a stage [s]
inline constexpr Limits law_shape{0.01, 1000.0};        ///< of gamma and Weibull [-]
inline constexpr Limits pulse_spread{0.05, 86400.0};    ///< [s]
inline constexpr Limits reroute_interval{0.0, 3600.0};  ///< [s]; 0 = never, else >= 1
inline constexpr Limits share{0.0, 1.0};                ///< [-]
inline constexpr Limits update_delay{0.0, 600.0};       ///< [s]
inline constexpr Limits congestion_weight{0.0, 10.0};   ///< [-]
inline constexpr Limits smoothing{0.0, 3600.0};         ///< [s]
inline constexpr Limits clearance{0.0, 5.0};            ///< [m]
inline constexpr Limits grid_cell{0.25, 50.0};          ///< [m]
inline constexpr Limits interval{0.01, 86400.0};        ///< of frames and series [s]
inline constexpr Limits factor{0.0, 100.0};             ///< of a source [-]
inline constexpr Limits density_limit{0.001, 20.0};     ///< [1/m²]
inline constexpr Limits flow_limit{0.01, 500.0};        ///< [1/(m min)]
inline constexpr Limits coordinate{-1e6, 1e6};          ///< site frame [m]
}  // namespace limits

/// Everything wrong with a scenario by itself: ranges, duplicate ids, journeys without an end, shares that sum to zero,
/// times after the end. Empty when it is sound. `what` begins with the key path ("source[2].rates[0].to ..."); line and
/// column are those of the entry where the scenario knows them.
std::vector<Fault> validate(const Scenario&);
/// Everything in a scenario that does not fit a site: unknown places, wrong kinds, sources without journeys.
std::vector<Fault> validate(const Scenario&, const SiteNames&);

/// Names and ranges of model parameters, kept by the models themselves; passed in by the program so that this room
/// needs no model. Empty name list = do not check.
struct KnownModels {
  struct ParameterRange {
    std::string name;
    double low = 0.0, high = 0.0;
  };
  struct Model {
    std::string name;
    std::vector<std::string> profiles;
    std::vector<ParameterRange> parameters;
  };
  std::vector<Model> models;
};
std::vector<Fault> validate(const ModelChoice&, const KnownModels&, const std::string& file);

}  // namespace throng
