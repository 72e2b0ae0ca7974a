#pragma once
#include "sim/core/error.hpp"
#include "sim/io/io.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include <unistd.h>

namespace throng::fuzz {

/// The bytes as a file in the temporary folder; its name stays the same within one program.
inline std::filesystem::path as_file(const std::uint8_t* data, std::size_t size, const char* name) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / (std::string(name) + std::to_string(::getpid()) + ".h5");
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw IoError(path.string() + ": cannot be created");
  std::fwrite(data, 1, size, file);
  std::fclose(file);
  return path;
}

}  // namespace throng::fuzz
