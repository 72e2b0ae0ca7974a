#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace throng {

/// Fast 64-bit content hash, the same on every machine: XXH3 (Collet), little-endian bytes. Not for security.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;
  void bytes(const void* data, std::size_t size);
  template <class T>
  requires std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>
  void add(const T& value) { bytes(&value, sizeof value); }
  void add(double value) { bytes(&value, sizeof value); }
  void add(float value) { bytes(&value, sizeof value); }
  void add(std::string_view text) {
    add(static_cast<std::uint64_t>(text.size()));
    bytes(text.data(), text.size());
  }
  /// Size and raw bytes of a column; T must hold no padding.
  template <class T>
  void column(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    add(static_cast<std::uint64_t>(values.size()));
    if (!values.empty()) bytes(values.data(), values.size() * sizeof(T));
  }
  std::uint64_t value() const;

 private:
  void* state_;
};

std::uint64_t hash_bytes(const void* data, std::size_t size);
std::string to_hex(std::uint64_t value);  ///< 16 lower-case digits

}  // namespace throng
