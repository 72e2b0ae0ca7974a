#pragma once
#include <filesystem>
#include <functional>
#include <string>

namespace throng::io::detail {

/// Run `work` in a child process and hand over the bytes that it returns. What it throws as InputError or IoError is
/// thrown here again by its message; a crash or a child that takes longer than the limit is an InputError on `path`.
std::string run_in_child(const std::filesystem::path& path, double time_limit_s,
                         const std::function<std::string()>& work);

}  // namespace throng::io::detail
