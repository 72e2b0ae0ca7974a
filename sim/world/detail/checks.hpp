#pragma once
#include "sim/core/error.hpp"
#include "sim/world/world.hpp"

#include <string>
#include <vector>

namespace throng::detail {

/// Give both sides of a portal the same bits where they differ by less than a micrometre.
void weld_portals(WorldData&);

/// Everything that keeps WorldData from being a world, at most `limit` faults. Later steps rely on an empty answer.
std::vector<Fault> faults_of(const WorldData&, const std::string& file, std::size_t limit = 20);

/// Edge of the neighbour across edge k of face f: the same segment, reversed; -1 when there is none.
int twin_edge(const WalkableMesh&, std::int32_t f, int k);

}  // namespace throng::detail
