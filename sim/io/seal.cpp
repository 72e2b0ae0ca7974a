#include "sim/io/detail/seal.hpp"

#include "sim/core/error.hpp"
#include "sim/core/hash.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/io.hpp"

#include <array>
#include <cstring>

#include <fcntl.h>

namespace throng::io {
namespace {

constexpr std::array<char, 8> magic{'T', 'H', 'R', 'O', 'N', 'G', 'H', '5'};
constexpr std::size_t trailer_size = 24;
using Trailer = std::array<unsigned char, trailer_size>;

void put_little_endian(unsigned char* at, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) at[i] = static_cast<unsigned char>(value >> (8 * i));
}
std::uint64_t get_little_endian(const unsigned char* at) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value |= static_cast<std::uint64_t>(at[i]) << (8 * i);
  return value;
}

std::uint64_t hash_of(const detail::File& file, std::uint64_t size) {
  Hasher hasher;
  std::vector<char> buffer(1u << 20);
  for (std::uint64_t done = 0; done < size;) {
    const std::size_t want = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - done));
    const std::size_t got = file.read_at(done, buffer.data(), want);
    if (got == 0) break;
    hasher.bytes(buffer.data(), got);
    done += got;
  }
  return hasher.value();
}

}  // namespace

void seal(const std::filesystem::path& path) {
  detail::File file(path, O_RDWR | O_APPEND);
  const std::uint64_t size = file.size();
  Trailer trailer{};
  std::memcpy(trailer.data(), magic.data(), magic.size());
  put_little_endian(trailer.data() + 8, size);
  put_little_endian(trailer.data() + 16, hash_of(file, size));
  file.write(trailer.data(), trailer.size());
  file.sync();
  file.close();
}

namespace detail {

std::string checked_seal(const std::filesystem::path& path) {
  const auto refuse = [&](const char* what, const char* allowed) {
    throw InputError(Fault{path.string(), what, {}, allowed, 0, 0});
  };
  const File file(path, O_RDONLY);
  if (!file.is_regular()) refuse("is not a regular file", "a site or results file");
  const std::uint64_t size = file.size();
  Trailer trailer{};
  if (size < trailer_size || file.read_at(size - trailer_size, trailer.data(), trailer.size()) != trailer.size() ||
      std::memcmp(trailer.data(), magic.data(), magic.size()) != 0)
    refuse("does not end with Throng's seal: another kind of file, or cut short", "a complete site or results file");
  const std::uint64_t content = size - trailer_size;
  if (get_little_endian(trailer.data() + 8) != content)
    refuse("has the wrong length for its seal: cut or added to", "an unchanged file");
  const std::uint64_t hash = hash_of(file, content);
  if (get_little_endian(trailer.data() + 16) != hash)
    refuse("does not match its seal: changed or damaged", "an unchanged file");
  return to_hex(hash);
}

void check_format(const h5::Place& root, const std::string& format, std::uint64_t newest_version) {
  const std::string found = h5::get_text(root, "format");
  if (found != format) h5::fail_read(root, "@format", "is another format", found, format);
  const std::uint64_t version = h5::get_whole(root, "format_version");
  if (version < 1 || version > newest_version)
    h5::fail_read(root, "@format_version", "is not known to this program", std::to_string(version),
                  "1 to " + std::to_string(newest_version));
}

std::string credit(const DataSource& source) {
  std::string out = source.name;
  if (!source.kind.empty()) out += " (" + source.kind + ")";
  if (!source.licence.empty()) out += ", " + source.licence;
  if (!source.date.empty()) out += ", " + source.date;
  return out;
}

}  // namespace detail

void check_seal(const std::filesystem::path& path) { detail::checked_seal(path); }

FileKind kind_of(const std::filesystem::path& path) {
  if (std::error_code error; std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error))
    return FileKind::other;
  char begin[8]{};
  const detail::File file(path, O_RDONLY);
  if (!file.is_regular()) return FileKind::other;
  const std::size_t n = file.read_at(0, begin, sizeof begin);
  if (n == 8 && std::memcmp(begin, "\x89HDF\r\n\x1a\n", 8) == 0) {
    try {
      detail::checked_seal(path);
      const h5::Lock lock;
      const h5::Handle opened = h5::open_file(path, H5F_ACC_RDONLY);
      const std::string format = h5::get_text({opened.get(), path.string(), ""}, "format");
      return format == detail::site_format           ? FileKind::site
             : format == detail::results_format      ? FileKind::results
             : format == detail::replications_format ? FileKind::replications
                                                     : FileKind::other;
    } catch (const InputError&) {
      return FileKind::other;
    }
  }
  if (file.size() > (8u << 20)) return FileKind::other;
  return path.extension() == ".toml" || read_text(path).find("[scenario]") != std::string::npos ? FileKind::scenario
                                                                                                : FileKind::other;
}

}  // namespace throng::io
