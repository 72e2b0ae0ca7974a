#pragma once
#include "gis/import.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

namespace throng::fuzz {

/// Writes the bytes to a file and imports it; only InputError may come out.
template <class Request>
int import_bytes(const std::uint8_t* data, std::size_t size, const char* ending, Request&& request_of) {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("throng_fuzz_" + std::to_string(::getpid()) + ending);
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    gis::import_site(request_of(path));
  } catch (const InputError&) {
  }
  return 0;
}

}  // namespace throng::fuzz
