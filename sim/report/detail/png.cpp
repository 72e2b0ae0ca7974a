#include "sim/report/detail/png.hpp"

#include "sim/core/error.hpp"

#include <zlib.h>

namespace throng::report::detail {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>((value >> shift) & 0xFFu);
  return out;
}

std::string chunk(const char* type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + body + big_endian(static_cast<std::uint32_t>(crc));
}

std::string deflate(const std::string& raw) {
  uLongf size = compressBound(static_cast<uLong>(raw.size()));
  std::string out(size, '\0');
  const int result = compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
                               static_cast<uLong>(raw.size()), 9);
  THRONG_CHECK(result == Z_OK, "deflate failed");
  out.resize(size);
  return out;
}

}  // namespace

std::string png(const Raster& raster) {
  THRONG_CHECK(raster.columns > 0 && raster.rows > 0 && raster.colours.size() < 256, "raster without cells");
  std::string header = big_endian(static_cast<std::uint32_t>(raster.columns)) +
                       big_endian(static_cast<std::uint32_t>(raster.rows)) + std::string("\x08\x03\0\0\0", 5);
  std::string palette(3, '\xFF');
  for (const Rgb c : raster.colours)
    palette += {static_cast<char>(c.r), static_cast<char>(c.g), static_cast<char>(c.b)};
  std::string raw;
  const auto columns = static_cast<std::size_t>(raster.columns);
  for (std::size_t row = 0; row < static_cast<std::size_t>(raster.rows); ++row) {
    raw += '\0';  // no filter: neighbouring classes are equal anyway
    raw.append(reinterpret_cast<const char*>(raster.index.data()) + row * columns, columns);
  }
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("PLTE", palette) + chunk("tRNS", std::string(1, '\0')) +
         chunk("IDAT", deflate(raw)) + chunk("IEND", "");
}

std::string base64(const std::string& bytes) {
  static constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : letters[(word >> (18 - 6 * k)) & 63u];
  }
  return out;
}

}  // namespace throng::report::detail
