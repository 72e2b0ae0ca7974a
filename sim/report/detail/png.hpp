#pragma once
#include "sim/fields/palette.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace throng::report::detail {

/// A raster of palette numbers; number 0 is transparent, k is colour k - 1.
struct Raster {
  int columns = 0, rows = 0;
  std::vector<std::uint8_t> index;  ///< (rows x columns), row 0 on top
  std::vector<Rgb> colours;         ///< at most 255
};

/// Bytes of an indexed PNG file (ISO/IEC 15948).
std::string png(const Raster&);
std::string base64(const std::string& bytes);

}  // namespace throng::report::detail
