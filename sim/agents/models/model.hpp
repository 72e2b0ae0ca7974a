#pragma once
#include "sim/agents/models/behavioural_heuristics.hpp"
#include "sim/agents/models/collision_free_speed.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/validate.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace throng {

/// Instruction set of the vector kernels. Results are the same bits for each; `best` asks the processor.
enum class Isa : std::uint8_t { scalar, sse2, avx2, avx512, best };

/// All operational models. Adding one = its parameters and its kernel (`<name>.hpp`, `<name>_kernel.hpp`), one name
/// here, one line in detail/kernels.hpp, one test.
using Model = std::variant<BehaviouralHeuristics, CollisionFreeSpeed>;

/// Model by name and calibration profile with overrides. @throws InputError naming what is not known.
Model make_model(const ModelChoice&);
KnownModels known_models();
std::string name_of(const Model&);
std::map<std::string, double> parameters_of(const Model&);
double interaction_range(const Model&);  ///< [m]

}  // namespace throng
