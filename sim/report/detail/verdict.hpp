#pragma once
#include "sim/report/detail/figures.hpp"
#include "sim/report/detail/page.hpp"

namespace throng::report::detail {

/// The verdict in words on top of a page, and cards with the main figures.
void write_verdict(Page&, const Runs&);

/// What changed between A and B, in words that say why it matters.
void write_comparison_verdict(Page&, const Runs& a, const Runs& b);

/// Runs of b in the order of the runs of a: by equal seed when all seeds of a are found, else as they come. The shorter
/// length holds. @param by_seed told whether seeds matched
std::vector<std::pair<const RunResults*, const RunResults*>> pairs(const Runs& a, const Runs& b,
                                                                   bool* by_seed = nullptr);
/// Paired differences B - A of a figure.
Band difference(const Runs& a, const Runs& b, const std::function<double(const RunResults&, bool is_b)>& figure);

/// Same zone in both, by id: (index in a, index in b).
std::vector<std::pair<std::size_t, std::size_t>> common_zones(const Runs& a, const Runs& b);

}  // namespace throng::report::detail
