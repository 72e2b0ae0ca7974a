#pragma once
#include "gis/import.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace throng::fuzz {

/// The bytes as a file in the temporary folder; its name stays the same within one program.
inline std::filesystem::path as_file(const std::uint8_t* data, std::size_t size, const char* ending) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("throng_fuzz_" + std::to_string(::getpid()) + ending);
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

/// Writes the bytes to a file and imports it; only InputError may come out.
template <class Request>
int import_bytes(const std::uint8_t* data, std::size_t size, const char* ending, Request&& request_of) {
  try {
    gis::import_site(request_of(as_file(data, size, ending)));
  } catch (const InputError&) {
  }
  return 0;
}

}  // namespace throng::fuzz
