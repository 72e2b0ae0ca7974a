#include "sim/agents/models/model.hpp"

#include "sim/core/error.hpp"

#include <array>
#include <span>
#include <sstream>
#include <string_view>
#include <utility>

namespace throng {
namespace {

/// Calibration profiles of the default model (docs/methods/models.md): time gap and swath set the fundamental diagram.
struct Profile {
  const char* name;
  double time_gap, swath;
};
constexpr std::array heuristics_profiles{Profile{"regulatory", 1.0, 1.0}, Profile{"mixed_public", 0.9, 0.8},
                                         Profile{"in_between", 1.0, 0.8}, Profile{"young_lab", 0.8, 0.6}};
constexpr std::array speed_profiles{Profile{"regulatory", 1.0, 1.0}};

constexpr std::span<const Profile> profiles_of(const BehaviouralHeuristics*) { return heuristics_profiles; }
constexpr std::span<const Profile> profiles_of(const CollisionFreeSpeed*) { return speed_profiles; }

void apply(BehaviouralHeuristics& model, const Profile& profile) {
  model.time_gap = profile.time_gap;
  model.swath = profile.swath;
}
void apply(CollisionFreeSpeed& model, const Profile& profile) { model.time_gap = profile.time_gap; }

template <class Names>
std::string listed(const Names& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + std::string(name);
  return text;
}

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

Fault fault_at(const ModelChoice& choice, std::string where, std::string what, std::string value, std::string allowed) {
  return {std::move(where), std::move(what), std::move(value), std::move(allowed), choice.at.line, choice.at.column};
}

/// Set every parameter named in the choice; report the others.
template <class M>
void read_parameters(M& model, const ModelChoice& choice, std::vector<Fault>& faults) {
  constexpr auto table = parameters_of(static_cast<const M*>(nullptr));
  for (const auto& [name, value] : choice.parameters) {
    const Parameter<M>* found = nullptr;
    for (const auto& parameter : table)
      if (name == parameter.name) found = &parameter;
    if (found == nullptr) {
      std::vector<std::string> names;
      for (const auto& parameter : table) names.emplace_back(parameter.name);
      faults.push_back(fault_at(choice, "model.parameters", "unknown parameter", name, listed(names)));
    } else if (!(value >= found->low && value <= found->high)) {
      faults.push_back(fault_at(choice, "model.parameters." + name, "out of range", number(value),
                                number(found->low) + " to " + number(found->high)));
    } else {
      model.*(found->member) = value;
    }
  }
}

/// The alternative called `choice.name`, filled; true when it is M.
template <class M>
bool try_make(const ModelChoice& choice, Model& result, std::vector<Fault>& faults) {
  if (choice.name != M::name()) return false;
  M model;
  const Profile* chosen = nullptr;
  std::vector<std::string> names;
  for (const Profile& profile : profiles_of(&model)) {
    names.emplace_back(profile.name);
    if (choice.profile == profile.name) chosen = &profile;
  }
  if (choice.profile.empty()) chosen = profiles_of(&model).data();
  if (chosen == nullptr) {
    faults.push_back(fault_at(choice, "model.profile", "unknown profile", choice.profile, listed(names)));
  } else {
    apply(model, *chosen);
  }
  read_parameters(model, choice, faults);
  result = model;
  return true;
}

template <class M>
KnownModels::Model describe(const M* model) {
  KnownModels::Model known{.name = M::name(), .profiles = {}, .parameters = {}};
  for (const Profile& profile : profiles_of(model)) known.profiles.emplace_back(profile.name);
  for (const auto& parameter : parameters_of(model))
    known.parameters.push_back({parameter.name, parameter.low, parameter.high});
  return known;
}

template <std::size_t... I>
bool try_all(std::index_sequence<I...>, const ModelChoice& choice, Model& result, std::vector<Fault>& faults) {
  return (try_make<std::variant_alternative_t<I, Model>>(choice, result, faults) || ...);
}
template <std::size_t... I>
KnownModels describe_all(std::index_sequence<I...>) {
  KnownModels known;
  (known.models.push_back(describe(static_cast<const std::variant_alternative_t<I, Model>*>(nullptr))), ...);
  return known;
}
using AllModels = std::make_index_sequence<std::variant_size_v<Model>>;

}  // namespace

Model make_model(const ModelChoice& choice) {
  Model result;
  std::vector<Fault> faults;
  if (!try_all(AllModels{}, choice, result, faults)) {
    std::vector<std::string> names;
    for (const auto& model : known_models().models) names.push_back(model.name);
    faults.push_back(fault_at(choice, "model.name", "unknown model", choice.name, listed(names)));
  }
  if (!faults.empty()) throw InputError(std::move(faults));
  return result;
}

KnownModels known_models() { return describe_all(AllModels{}); }

std::string name_of(const Model& model) {
  return std::visit([](const auto& m) { return std::string(m.name()); }, model);
}

std::map<std::string, double> parameters_of(const Model& model) {
  return std::visit(
      [](const auto& m) {
        std::map<std::string, double> values;
        for (const auto& parameter : parameters_of(&m)) values[parameter.name] = m.*(parameter.member);
        return values;
      },
      model);
}

double interaction_range(const Model& model) {
  return std::visit([](const auto& m) { return m.interaction_range(); }, model);
}

}  // namespace throng
