#include "sim/io/detail/h5.hpp"

#include "sim/core/error.hpp"

#include <cerrno>
#include <cmath>
#include <cstring>

namespace throng::io::h5 {
namespace {

constexpr std::uint64_t max_attribute_bytes = 64u << 20;

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

Handle simple_space(const std::vector<hsize_t>& size) {
  return {H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose};
}

Handle open_dataset(const Place& at, const std::string& name) {
  Handle dataset(has(at, name) ? H5Dopen2(at.id, name.c_str(), H5P_DEFAULT) : -1, H5Dclose);
  if (!dataset) fail_read(at, name, "is missing", {}, "a dataset");
  return dataset;
}

/// True when values of the stored type can be read as `type` without a change of kind.
bool same_kind(hid_t stored, Type type) {
  const H5T_class_t kind = H5Tget_class(stored);
  return type == Type::f64 || type == Type::f32 ? kind == H5T_FLOAT : kind == H5T_INTEGER;
}

const char* kind_text(Type type) {
  return type == Type::f64 || type == Type::f32 ? "floating-point numbers" : "whole numbers";
}

bool is_variable_text(hid_t stored) { return H5Tget_class(stored) == H5T_STRING && H5Tis_variable_str(stored) > 0; }

Handle open_attribute(const Place& at, const std::string& name) {
  Handle attribute(H5Aexists(at.id, name.c_str()) > 0 ? H5Aopen(at.id, name.c_str(), H5P_DEFAULT) : -1, H5Aclose);
  if (!attribute) fail_read(at, "@" + name, "is missing", {}, "an attribute");
  return attribute;
}

void set_attribute(const Place& at, const std::string& name, hid_t stored, hid_t memory, hid_t space,
                   const void* value) {
  const Handle attribute(H5Acreate2(at.id, name.c_str(), stored, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const bool empty = H5Sget_simple_extent_npoints(space) == 0;
  if (!attribute || (!empty && H5Awrite(attribute.get(), memory, value) < 0)) fail_write(at, "@" + name);
}

/// Creation properties that keep no times, so that equal content gives equal files.
Handle timeless(hid_t kind) {
  Handle properties(H5Pcreate(kind), H5Pclose);
  H5Pset_obj_track_times(properties.get(), false);
  return properties;
}

Handle scalar() { return {H5Screate(H5S_SCALAR), H5Sclose}; }

/// Number of elements of an attribute after its kind was checked.
std::size_t attribute_count(const Place& at, const std::string& name, hid_t attribute, Type type) {
  const Handle stored(H5Aget_type(attribute), H5Tclose), space(H5Aget_space(attribute), H5Sclose);
  if (!same_kind(stored.get(), type)) fail_read(at, "@" + name, "has the wrong type", {}, kind_text(type));
  return static_cast<std::size_t>(H5Sget_simple_extent_npoints(space.get()));
}

template <class T>
T get_number(const Place& at, const std::string& name) {
  const Lock lock;
  const Handle attribute = open_attribute(at, name);
  if (attribute_count(at, name, attribute.get(), type_of<T>()) != 1)
    fail_read(at, "@" + name, "is a list", {}, "one number");
  T value{};
  if (H5Aread(attribute.get(), memory_type(type_of<T>()), &value) < 0) fail_read(at, "@" + name, "cannot be read");
  return value;
}

}  // namespace

std::recursive_mutex& library_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

Lock::Lock() : lock_(library_mutex()) { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

hid_t memory_type(Type type) {
  switch (type) {
    case Type::f64:
      return H5T_NATIVE_DOUBLE;
    case Type::f32:
      return H5T_NATIVE_FLOAT;
    case Type::i64:
      return H5T_NATIVE_INT64;
    case Type::u64:
      return H5T_NATIVE_UINT64;
    case Type::i32:
      return H5T_NATIVE_INT32;
    case Type::u32:
      return H5T_NATIVE_UINT32;
    case Type::i16:
      return H5T_NATIVE_INT16;
    case Type::u8:
      return H5T_NATIVE_UINT8;
  }
  return -1;
}

hid_t file_type(Type type) {
  switch (type) {
    case Type::f64:
      return H5T_IEEE_F64LE;
    case Type::f32:
      return H5T_IEEE_F32LE;
    case Type::i64:
      return H5T_STD_I64LE;
    case Type::u64:
      return H5T_STD_U64LE;
    case Type::i32:
      return H5T_STD_I32LE;
    case Type::u32:
      return H5T_STD_U32LE;
    case Type::i16:
      return H5T_STD_I16LE;
    case Type::u8:
      return H5T_STD_U8LE;
  }
  return -1;
}

void fail_read(const Place& at, const std::string& object, const std::string& what, const std::string& value,
               const std::string& allowed) {
  throw InputError(Fault{at.file, at.child(object) + " " + what, value, allowed, 0, 0});
}

void fail_write(const Place& at, const std::string& object) {
  throw IoError(at.file + ": cannot be written at " + at.child(object));
}

Handle create_file(const std::filesystem::path& path, bool latest) {
  const Lock lock;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access.get(), false, true);
  if (latest) H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  const Handle creation = timeless(H5P_FILE_CREATE);
  errno = 0;
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose);
  if (!file)
    throw IoError(path.string() + ": cannot be created" + (errno != 0 ? ": " + std::string(std::strerror(errno)) : ""));
  return file;
}

Handle open_file(const std::filesystem::path& path, unsigned flags) {
  const Lock lock;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access.get(), false, true);
  if ((flags & H5F_ACC_RDWR) != 0) H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  Handle file(H5Fopen(path.c_str(), flags, access.get()), H5Fclose);
  if (!file) throw InputError(Fault{path.string(), "cannot be opened as HDF5", {}, "an HDF5 file", 0, 0});
  return file;
}

std::pair<Handle, Place> create_group(const Place& at, const std::string& name) {
  const Lock lock;
  const Handle properties = timeless(H5P_GROUP_CREATE);
  Handle group(H5Gcreate2(at.id, name.c_str(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Gclose);
  if (!group) fail_write(at, name);
  Place place{group.get(), at.file, at.child(name)};
  return {std::move(group), std::move(place)};
}

std::pair<Handle, Place> open_group(const Place& at, const std::string& name) {
  const Lock lock;
  Handle group(has(at, name) ? H5Gopen2(at.id, name.c_str(), H5P_DEFAULT) : -1, H5Gclose);
  if (!group) fail_read(at, name, "is missing", {}, "a group");
  Place place{group.get(), at.file, at.child(name)};
  return {std::move(group), std::move(place)};
}

bool has(const Place& at, const std::string& name) {
  const Lock lock;
  return H5Lexists(at.id, name.c_str(), H5P_DEFAULT) > 0 && H5Oexists_by_name(at.id, name.c_str(), H5P_DEFAULT) > 0;
}

void set(const Place& at, const std::string& name, const std::string& value) {
  const Lock lock;
  const Handle type = text_type();
  const char* text = value.c_str();
  set_attribute(at, name, type.get(), type.get(), scalar().get(), &text);
}
void set(const Place& at, const std::string& name, double value) {
  const Lock lock;
  set_attribute(at, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, scalar().get(), &value);
}
void set(const Place& at, const std::string& name, std::uint64_t value) {
  const Lock lock;
  set_attribute(at, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, scalar().get(), &value);
}
void set(const Place& at, const std::string& name, const std::vector<double>& value) {
  const Lock lock;
  set_attribute(at, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, simple_space({value.size()}).get(), value.data());
}
void set(const Place& at, const std::string& name, const std::vector<std::string>& value) {
  const Lock lock;
  std::vector<const char*> texts;
  for (const std::string& text : value) texts.push_back(text.c_str());
  const Handle type = text_type();
  set_attribute(at, name, type.get(), type.get(), simple_space({value.size()}).get(), texts.data());
}

std::string get_text(const Place& at, const std::string& name) {
  const Lock lock;
  const Handle attribute = open_attribute(at, name);
  const Handle stored(H5Aget_type(attribute.get()), H5Tclose), space(H5Aget_space(attribute.get()), H5Sclose);
  if (!is_variable_text(stored.get())) fail_read(at, "@" + name, "has the wrong type", {}, "a text of variable length");
  if (H5Sget_simple_extent_npoints(space.get()) != 1) fail_read(at, "@" + name, "is a list", {}, "one text");
  if (H5Aget_storage_size(attribute.get()) > max_attribute_bytes) fail_read(at, "@" + name, "is too large");
  const Handle type = text_type();
  char* text = nullptr;
  H5Tset_cset(type.get(), H5Tget_cset(stored.get()));
  if (H5Aread(attribute.get(), type.get(), &text) < 0) fail_read(at, "@" + name, "cannot be read");
  std::string out = text == nullptr ? "" : text;
  H5free_memory(text);
  return out;
}

double get_real(const Place& at, const std::string& name, bool must_be_finite) {
  const double value = get_number<double>(at, name);
  if (must_be_finite && !std::isfinite(value)) fail_read(at, "@" + name, "is not a finite number");
  return value;
}
std::uint64_t get_whole(const Place& at, const std::string& name) { return get_number<std::uint64_t>(at, name); }

std::vector<double> get_reals(const Place& at, const std::string& name, std::size_t n) {
  const Lock lock;
  const Handle attribute = open_attribute(at, name);
  if (attribute_count(at, name, attribute.get(), Type::f64) != n)
    fail_read(at, "@" + name, "has the wrong size", {}, std::to_string(n) + " numbers");
  std::vector<double> out(n);
  if (H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, out.data()) < 0) fail_read(at, "@" + name, "cannot be read");
  for (const double value : out)
    if (!std::isfinite(value)) fail_read(at, "@" + name, "is not finite");
  return out;
}

Handle chunked(const std::vector<hsize_t>& chunk, int deflate) {
  Handle properties = timeless(H5P_DATASET_CREATE);
  H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
  if (deflate > 0) {
    H5Pset_shuffle(properties.get());
    H5Pset_deflate(properties.get(), static_cast<unsigned>(deflate));
  }
  return properties;
}

void write(const Place& at, const std::string& name, Type type, const Shape& shape, const void* data) {
  const Lock lock;
  const Handle space = simple_space(shape.size);
  Handle properties = timeless(H5P_DATASET_CREATE);
  if (shape.count() >= 256) {
    std::vector<hsize_t> chunk = shape.size;
    const std::size_t row = std::max<std::size_t>(1, shape.count() / static_cast<std::size_t>(chunk[0]));
    chunk[0] = std::min<hsize_t>(chunk[0], std::max<hsize_t>(1, 65536 / row));
    properties = chunked(chunk, 2);
  }
  const Handle dataset(
      H5Dcreate2(at.id, name.c_str(), file_type(type), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
      H5Dclose);
  if (!dataset) fail_write(at, name);
  if (shape.count() > 0 && H5Dwrite(dataset.get(), memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
    fail_write(at, name);
}

void write_texts(const Place& at, const std::string& name, const std::vector<std::string>& values) {
  const Lock lock;
  std::vector<const char*> texts;
  for (const std::string& text : values) texts.push_back(text.c_str());
  const Handle type = text_type(), space = simple_space({values.size()}), properties = timeless(H5P_DATASET_CREATE);
  const Handle dataset(
      H5Dcreate2(at.id, name.c_str(), type.get(), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT), H5Dclose);
  if (!dataset) fail_write(at, name);
  if (!values.empty() && H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0)
    fail_write(at, name);
}

std::uint64_t plausible_bytes(const Place& at) {
  const Handle file(H5Iget_file_id(at.id), H5Fclose);
  hsize_t size = 0;
  if (!file || H5Fget_filesize(file.get(), &size) < 0) return 0;
  return (1u << 20) + 1100 * static_cast<std::uint64_t>(size);
}

namespace {
Shape checked_shape(const Place& at, const std::string& name, hid_t dataset, std::size_t rank, std::uint64_t element) {
  const Handle space(H5Dget_space(dataset), H5Sclose);
  if (H5Sget_simple_extent_ndims(space.get()) != static_cast<int>(rank) ||
      H5Sget_simple_extent_type(space.get()) != H5S_SIMPLE)
    fail_read(at, name, "has the wrong rank", std::to_string(H5Sget_simple_extent_ndims(space.get())),
              std::to_string(rank));
  Shape shape{std::vector<hsize_t>(rank)};
  H5Sget_simple_extent_dims(space.get(), shape.size.data(), nullptr);
  std::uint64_t bytes = element;
  const std::uint64_t limit = plausible_bytes(at);
  bool empty = false;
  for (const hsize_t n : shape.size) empty = empty || n == 0;
  for (const hsize_t n : shape.size) {
    if (!empty && n > limit / bytes)
      fail_read(at, name, "claims more than the file can hold", std::to_string(n) + " rows");
    bytes *= std::max<hsize_t>(1, empty ? 1 : n);
  }
  return shape;
}
}  // namespace

Shape shape_of(const Place& at, const std::string& name, Type type, std::size_t rank) {
  const Lock lock;
  const Handle dataset = open_dataset(at, name);
  const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
  if (!same_kind(stored.get(), type)) fail_read(at, name, "has the wrong type", {}, kind_text(type));
  return checked_shape(at, name, dataset.get(), rank, H5Tget_size(memory_type(type)));
}

void read(const Place& at, const std::string& name, Type type, void* data) {
  const Lock lock;
  const Handle dataset = open_dataset(at, name);
  if (H5Dread(dataset.get(), memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
    fail_read(at, name, "cannot be read");
}

std::vector<std::string> read_texts(const Place& at, const std::string& name) {
  const Lock lock;
  const Handle dataset = open_dataset(at, name);
  const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
  if (!is_variable_text(stored.get())) fail_read(at, name, "has the wrong type", {}, "texts of variable length");
  const Shape shape = checked_shape(at, name, dataset.get(), 1, sizeof(char*));
  std::vector<char*> texts(shape.count(), nullptr);
  if (texts.empty()) return {};
  const Handle type = text_type(), space(H5Dget_space(dataset.get()), H5Sclose);
  H5Tset_cset(type.get(), H5Tget_cset(stored.get()));
  if (H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()) < 0)
    fail_read(at, name, "cannot be read");
  std::vector<std::string> out;
  out.reserve(texts.size());
  for (const char* text : texts) out.emplace_back(text == nullptr ? "" : text);
  H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, texts.data());
  return out;
}

Handle compound(const std::vector<Field>& fields, std::size_t row_size, bool packed_for_file) {
  Handle row(H5Tcreate(H5T_COMPOUND, row_size), H5Tclose);
  for (const Field& field : fields) {
    if (field.text_size > 0) {
      const Handle text(H5Tcopy(H5T_C_S1), H5Tclose);
      H5Tset_size(text.get(), field.text_size);
      H5Tset_strpad(text.get(), H5T_STR_NULLPAD);
      H5Tset_cset(text.get(), H5T_CSET_UTF8);
      H5Tinsert(row.get(), field.name, field.offset, text.get());
    } else {
      H5Tinsert(row.get(), field.name, field.offset, packed_for_file ? file_type(field.type) : memory_type(field.type));
    }
  }
  if (packed_for_file) H5Tpack(row.get());
  return row;
}

std::size_t rows_of(const Place& at, const std::string& name, const std::vector<Field>& fields) {
  const Lock lock;
  const Handle dataset = open_dataset(at, name);
  const Handle stored(H5Dget_type(dataset.get()), H5Tclose);
  if (H5Tget_class(stored.get()) != H5T_COMPOUND) fail_read(at, name, "has the wrong type", {}, "a table");
  for (const Field& field : fields) {
    const int member = H5Tget_member_index(stored.get(), field.name);
    if (member < 0) fail_read(at, name, "lacks the column", field.name);
    const Handle type(H5Tget_member_type(stored.get(), static_cast<unsigned>(member)), H5Tclose);
    const bool right = field.text_size > 0
                           ? H5Tget_class(type.get()) == H5T_STRING && H5Tis_variable_str(type.get()) == 0
                           : same_kind(type.get(), field.type);
    if (!right)
      fail_read(at, name, "has the wrong type in column", field.name,
                field.text_size > 0 ? "text" : kind_text(field.type));
  }
  return checked_shape(at, name, dataset.get(), 1, std::max<std::size_t>(1, H5Tget_size(stored.get()))).count();
}

void read_rows(const Place& at, const std::string& name, const std::vector<Field>& fields, std::size_t row_size,
               std::size_t first, std::size_t n, void* into) {
  if (n == 0) return;
  const Lock lock;
  const Handle dataset = open_dataset(at, name);
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  const hsize_t start = first, count = n;
  const Handle memory = simple_space({n}), row = compound(fields, row_size, false);
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr) < 0 ||
      H5Dread(dataset.get(), row.get(), memory.get(), space.get(), H5P_DEFAULT, into) < 0)
    fail_read(at, name, "cannot be read");
}

Handle create_table(const Place& at, const std::string& name, const std::vector<Field>& fields, std::size_t row_size,
                    std::size_t chunk, int deflate) {
  const Lock lock;
  const Handle row = compound(fields, row_size, true);
  const hsize_t none = 0, unlimited = H5S_UNLIMITED;
  const Handle space(H5Screate_simple(1, &none, &unlimited), H5Sclose), properties = chunked({chunk}, deflate);
  const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  H5Pset_chunk_cache(access.get(), 521, std::max<std::size_t>(1u << 20, 2 * chunk * row_size), 1.0);
  Handle dataset(H5Dcreate2(at.id, name.c_str(), row.get(), space.get(), H5P_DEFAULT, properties.get(), access.get()),
                 H5Dclose);
  if (!dataset) fail_write(at, name);
  return dataset;
}

bool append(hid_t dataset, hid_t memory_row_type, std::size_t before, std::size_t n, const void* rows) {
  if (n == 0) return true;
  const Lock lock;
  const hsize_t total = before + n, start = before, count = n;
  if (H5Dset_extent(dataset, &total) < 0) return false;
  const Handle space(H5Dget_space(dataset), H5Sclose), memory = simple_space({n});
  return H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr) >= 0 &&
         H5Dwrite(dataset, memory_row_type, memory.get(), space.get(), H5P_DEFAULT, rows) >= 0;
}

}  // namespace throng::io::h5
