#pragma once
#include "sim/io/detail/h5.hpp"
#include "sim/scenario/site_geometry.hpp"

#include <filesystem>
#include <string>

namespace throng::io::detail {

inline constexpr const char* site_format = "throng-site";
inline constexpr const char* results_format = "throng-results";
inline constexpr const char* replications_format = "throng-replications";
inline constexpr const char* program_version = THRONG_VERSION;

/// check_seal(), and the hash of the content in hex.
std::string checked_seal(const std::filesystem::path&);
/// Attributes format and format_version. @throws InputError
void check_format(const h5::Place& root, const std::string& format, std::uint64_t newest_version);
/// "name (kind), licence, date".
std::string credit(const DataSource&);

}  // namespace throng::io::detail
