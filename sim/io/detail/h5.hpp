#pragma once
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <hdf5.h>

/// The little of libhdf5 that this room uses: owned handles, typed attributes and columns. Every failure of a write is
/// an IoError, everything unexpected in a file that is read an InputError with the path of the object.
namespace throng::io::h5 {

/// Debian's libhdf5 is not thread safe: whoever calls it holds this.
std::recursive_mutex& library_mutex();
/// Locks the library and keeps it from printing.
class Lock {
 public:
  Lock();

 private:
  std::unique_lock<std::recursive_mutex> lock_;
};

class Handle {
 public:
  Handle() = default;
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      id_ = std::exchange(other.id_, -1);
      close_ = other.close_;
    }
    return *this;
  }
  ~Handle() { reset(); }
  bool reset() {  ///< false when closing failed
    const hid_t id = std::exchange(id_, -1);
    return id < 0 || close_(id) >= 0;
  }
  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  herr_t (*close_)(hid_t) = nullptr;
};

/// What a column holds in memory.
enum class Type : std::uint8_t { f64, f32, i64, u64, i32, u32, i16, u8 };
hid_t memory_type(Type);
hid_t file_type(Type);

/// A location (file or group) and the names that messages need.
struct Place {
  hid_t id = -1;
  std::string file;  ///< for messages
  std::string path;  ///< "" for the root
  std::string child(const std::string& name) const { return path + "/" + name; }
};

[[noreturn]] void fail_read(const Place&, const std::string& object, const std::string& what,
                            const std::string& value = {}, const std::string& allowed = {});
[[noreturn]] void fail_write(const Place&, const std::string& object);

// ---- files and groups ----
Handle create_file(const std::filesystem::path&, bool latest);
/// @throws InputError when it is no HDF5 file. `flags` as of H5Fopen.
Handle open_file(const std::filesystem::path&, unsigned flags);
std::pair<Handle, Place> create_group(const Place&, const std::string& name);
std::pair<Handle, Place> open_group(const Place&, const std::string& name);
bool has(const Place&, const std::string& name);

// ---- attributes ----
void set(const Place&, const std::string& name, const std::string& value);  ///< scalar, variable length, UTF-8
void set(const Place&, const std::string& name, double value);
void set(const Place&, const std::string& name, std::uint64_t value);
void set(const Place&, const std::string& name, const std::vector<double>& value);
void set(const Place&, const std::string& name, const std::vector<std::string>& value);
std::string get_text(const Place&, const std::string& name);
double get_real(const Place&, const std::string& name, bool must_be_finite = true);
std::uint64_t get_whole(const Place&, const std::string& name);
std::vector<double> get_reals(const Place&, const std::string& name, std::size_t n);

// ---- columns: one dataset each ----
struct Shape {
  std::vector<hsize_t> size;  ///< (rank)
  std::size_t count() const {
    std::size_t n = 1;
    for (const hsize_t s : size) n *= static_cast<std::size_t>(s);
    return n;
  }
};
/// Dataset creation properties: chunked, shuffle and deflate; `unlimited` first dimension.
Handle chunked(const std::vector<hsize_t>& chunk, int deflate);
void write(const Place&, const std::string& name, Type, const Shape&, const void* data);
void write_texts(const Place&, const std::string& name, const std::vector<std::string>&);
/// Shape of a dataset, refused when its rank is wrong, its kind is not that of `Type`, or it claims more than the file
/// can hold.
Shape shape_of(const Place&, const std::string& name, Type, std::size_t rank);
void read(const Place&, const std::string& name, Type, void* data);
std::vector<std::string> read_texts(const Place&, const std::string& name);

template <class T>
constexpr Type type_of() {
  if constexpr (std::is_same_v<T, double>)
    return Type::f64;
  else if constexpr (std::is_same_v<T, float>)
    return Type::f32;
  else if constexpr (std::is_same_v<T, std::int64_t>)
    return Type::i64;
  else if constexpr (std::is_same_v<T, std::uint64_t>)
    return Type::u64;
  else if constexpr (std::is_same_v<T, std::int32_t>)
    return Type::i32;
  else if constexpr (std::is_same_v<T, std::uint32_t>)
    return Type::u32;
  else if constexpr (std::is_same_v<T, std::int16_t>)
    return Type::i16;
  else
    return Type::u8;
}
template <class T>
void write(const Place& at, const std::string& name, const std::vector<T>& values) {
  write(at, name, type_of<T>(), Shape{{values.size()}}, values.data());
}
template <class T>
std::vector<T> read(const Place& at, const std::string& name) {
  std::vector<T> out(shape_of(at, name, type_of<T>(), 1).count());
  read(at, name, type_of<T>(), out.data());
  return out;
}

// ---- tables: one dataset of a compound type each ----
struct Field {
  const char* name;
  std::size_t offset;
  Type type;
  std::size_t text_size = 0;  ///< > 0: fixed-length UTF-8 text of this many bytes instead of `type`
};
Handle compound(const std::vector<Field>&, std::size_t row_size, bool packed_for_file);
/// Rows of a table dataset after checking that every field is there and of its kind.
std::size_t rows_of(const Place&, const std::string& name, const std::vector<Field>&);
void read_rows(const Place&, const std::string& name, const std::vector<Field>&, std::size_t row_size,
               std::size_t first, std::size_t n, void* into);
/// Creates an extendable table; rows are appended with `append`.
Handle create_table(const Place&, const std::string& name, const std::vector<Field>&, std::size_t row_size,
                    std::size_t chunk, int deflate);
bool append(hid_t dataset, hid_t memory_row_type, std::size_t before, std::size_t n, const void* rows);

/// Bytes that a dataset of a file of this size may claim: deflate packs at most about 1 : 1032.
std::uint64_t plausible_bytes(const Place&);

}  // namespace throng::io::h5
