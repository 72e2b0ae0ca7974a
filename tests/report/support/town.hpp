#pragma once
#include "sim/record/record.hpp"

#include <cstdint>

namespace throng::test {

/// Results as a run of a small harbour town could give them: 240 x 160 m, six zones, ten counting lines, two exits, two
/// bars, 60 min. Made by formulas and addressed random numbers, so the same on every machine.
/// @param seed another seed gives other noise; @param relief 0 = base case, 1 = a measure that moves people from the
/// bridge to the quay
RunResults make_town(std::uint64_t seed = 7, double relief = 0.0);

}  // namespace throng::test
