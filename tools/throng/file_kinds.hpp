#pragma once
#include <filesystem>

namespace throng::cli {

/// Describe a file that is no site, result or scenario: trajectories of other programs, GeoJSON, import reports.
/// @throws InputError that says what the file is, as far as its first bytes tell, and which command reads it.
void describe_other(const std::filesystem::path& file);

}  // namespace throng::cli
