#pragma once
#include "tests/support/source_dir.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>

namespace throng::test {

/// Folder with the real data sets, or nothing where it is absent (the test then says so and passes).
inline std::optional<std::filesystem::path> shared_data() {
  namespace fs = std::filesystem;
  const char* named = std::getenv("THRONG_SHARED_DATA");
  const fs::path folder = named != nullptr ? fs::path(named) : fs::path(source_dir()).parent_path() / "shared" / "data";
  if (fs::is_directory(folder / "osm")) return folder;
  std::printf("SKIPPED: shared data absent (%s)\n", folder.c_str());
  return std::nullopt;
}

}  // namespace throng::test
