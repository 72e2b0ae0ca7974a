#pragma once
#include "sim/io/detail/scenario_keys.hpp"

#include <string>
#include <vector>

namespace throng::io::detail {

/// Read "time,people" rows (header line, blank lines and # comments allowed; separator comma, semicolon or tab) into
/// constant rates. Row i: `people` arrive from its time until that of row i + 1; the last row lasts as long as the
/// one before it. Faults name the CSV file and its line.
void read_arrivals_csv(ReadContext&, const Node& at, const std::string& path, const std::string& name,
                       std::vector<RatePiece>& out);

}  // namespace throng::io::detail
