#pragma once
#include "sim/world/world.hpp"

#include <cstdint>

namespace throng::detail {

/// Hash of everything that a run depends on; names, credits, drawing and the earth's frame left out.
std::uint64_t hash_of(const WorldData&);

}  // namespace throng::detail
