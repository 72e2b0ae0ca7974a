#pragma once
#include <string>
#include <vector>

#include "sim/core/error.hpp"
#include "sim/scenario/scenario.hpp"

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

/// Everything wrong with a scenario by itself: ranges, duplicate ids, journeys without an end, shares that sum to zero,
/// unknown models, changes after the end. Empty when it is sound.
std::vector<Fault> validate(const Scenario&);
/// Everything in a scenario that does not fit a site: unknown places, wrong kinds, sources without journeys.
std::vector<Fault> validate(const Scenario&, const SiteNames&);

/// Names and ranges of model parameters, kept by the models themselves; passed in by the program so that this room needs
/// no model. Empty name list = do not check.
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
