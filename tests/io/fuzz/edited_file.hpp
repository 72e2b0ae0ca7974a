#pragma once
#include "tests/io/fuzz/fuzz_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include <hdf5.h>

namespace throng::fuzz {

/// What is left of the fuzzer's bytes; zeros after their end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  bool empty() const { return at_ == end_; }
  std::uint8_t byte() { return empty() ? std::uint8_t{0} : *at_++; }
  std::uint64_t whole(int n_bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < n_bytes; ++i) value |= static_cast<std::uint64_t>(byte()) << (8 * i);
    return value;
  }
  std::size_t below(std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(whole(2)) % n; }
  /// Bits of a number at which readers stumble, or any.
  std::uint64_t number() {
    constexpr std::array<double, 8> reals{
        -1.0, 1e308, 1e9, 5e-324, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
        -0.0, 0.5};
    constexpr std::array<std::uint64_t, 8> wholes{0, 1, 2, 255, 0x7fffffff, 0x80000000, ~0ull >> 1, ~0ull};
    const std::uint8_t choice = byte();
    if (choice < 8) return wholes[choice];
    if (choice >= 16) return whole(8);
    std::uint64_t bits = 0;
    std::memcpy(&bits, &reals[choice - 8u], sizeof bits);
    return bits;
  }

 private:
  const std::uint8_t *at_, *end_;
};

/// A good file of ours, changed by the fuzzer with libhdf5 itself and sealed again: what our readers meet behind a
/// right seal. The library's own structures stay whole; their damage is what the seal is for (fuzz_seal).
class EditedFile {
 public:
  explicit EditedFile(const std::filesystem::path& good) {
    const std::string bytes = io::read_text(good);
    image_.assign(bytes.begin(), bytes.end() - 24);  // without the seal
    const hid_t file = open();
    H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, remember, this, H5O_INFO_BASIC);
    H5Fclose(file);
  }

  /// Makes the file; at most 32 changes, by the bytes.
  std::filesystem::path edited(Bytes bytes, const char* name) const {
    const hid_t file = open();
    for (int n = 0; n < 32 && !bytes.empty(); ++n) edit(file, bytes);
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    std::vector<std::uint8_t> out(static_cast<std::size_t>(std::max<ssize_t>(0, H5Fget_file_image(file, nullptr, 0))));
    H5Fget_file_image(file, out.data(), out.size());
    H5Fclose(file);
    const auto path = as_file(out.data(), out.size(), name);
    io::seal(path);
    return path;
  }

 private:
  using Name = std::string;

  static herr_t remember(hid_t at, const char* name, const H5O_info_t* info, void* self) {
    auto& names = *static_cast<EditedFile*>(self);
    (info->type == H5O_TYPE_DATASET ? names.datasets_ : names.groups_).emplace_back(name);
    const hid_t object = H5Oopen(at, name, H5P_DEFAULT);
    std::pair<EditedFile*, const char*> where{&names, name};
    H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, remember_attribute, &where);
    H5Oclose(object);
    return 0;
  }
  static herr_t remember_attribute(hid_t, const char* attribute, const H5A_info_t*, void* where) {
    const auto& [self, object] = *static_cast<std::pair<EditedFile*, const char*>*>(where);
    self->attributes_.emplace_back(object, attribute);
    return 0;
  }

  hid_t open() const {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(access, 1u << 16, false);
    H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    H5Pset_file_image(access, const_cast<std::uint8_t*>(image_.data()), image_.size());  // copied by the library
    const hid_t file = H5Fopen("in-memory", H5F_ACC_RDWR, access);
    H5Pclose(access);
    if (file < 0) throw IoError("the fuzzer's file cannot be opened");
    return file;
  }

  void edit(hid_t file, Bytes& bytes) const {
    switch (bytes.byte() % 9) {
      case 0:
        return poke(file, pick(datasets_, bytes), bytes);
      case 1:
        return set_attribute(file, bytes);
      case 2:
        return replace(file, pick(datasets_, bytes), bytes);
      case 3:
        H5Ldelete(file, pick(datasets_, bytes).c_str(), H5P_DEFAULT);
        return;
      case 4:
        H5Ldelete(file, pick(groups_, bytes).c_str(), H5P_DEFAULT);
        return;
      case 5: {
        const auto& [object, name] = attributes_[bytes.below(attributes_.size())];
        H5Adelete_by_name(file, object.c_str(), name.c_str(), H5P_DEFAULT);
        return;
      }
      case 6:
        return copy(file, pick(datasets_, bytes), pick(datasets_, bytes));
      case 7:
        return copy(file, pick(groups_, bytes), pick(groups_, bytes));
      default:
        return link(file, pick(datasets_, bytes), bytes);
    }
  }

  static const Name& pick(const std::vector<Name>& names, Bytes& bytes) { return names[bytes.below(names.size())]; }

  /// Other bits in one place of a dataset of fixed-size elements, another text in one of texts.
  static void poke(hid_t file, const Name& name, Bytes& bytes) {
    const hid_t dataset = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
    if (dataset < 0) return;
    const hid_t type = H5Dget_type(dataset), space = H5Dget_space(dataset);
    const auto n = static_cast<std::size_t>(std::max<hssize_t>(0, H5Sget_simple_extent_npoints(space)));
    if (H5Tis_variable_str(type) > 0) {
      std::array<char, 9> text{};
      for (std::size_t i = 0; i + 1 < text.size(); ++i) text[i] = static_cast<char>(bytes.byte());
      const std::vector<const char*> texts(n, bytes.byte() % 4 == 0 ? nullptr : text.data());
      H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data());
    } else if (n > 0 && n < (1u << 20) && H5Tdetect_class(type, H5T_VLEN) == 0) {
      std::vector<std::uint8_t> all(n * H5Tget_size(type));
      H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data());
      const std::size_t at = static_cast<std::size_t>(bytes.whole(3)) % all.size();
      const std::uint64_t bits = bytes.number();
      std::memcpy(all.data() + at, &bits, std::min(sizeof bits, all.size() - at));
      H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data());
    }
    H5Sclose(space);
    H5Tclose(type);
    H5Dclose(dataset);
  }

  /// A type that belongs to the caller.
  static hid_t any_type(Bytes& bytes) {
    const std::array<hid_t, 8> plain{H5T_IEEE_F64LE, H5T_IEEE_F32LE, H5T_STD_I64LE, H5T_STD_U64LE,
                                     H5T_STD_I32LE,  H5T_STD_U8LE,   H5T_C_S1,      H5T_STD_REF_OBJ};
    const std::uint8_t choice = bytes.byte() % 11;
    if (choice < 8) return H5Tcopy(plain[choice]);
    if (choice == 8) {
      const hid_t text = H5Tcopy(H5T_C_S1);
      H5Tset_size(text, H5T_VARIABLE);
      return text;
    }
    if (choice == 9) return H5Tvlen_create(H5T_IEEE_F64LE);
    const hid_t row = H5Tcreate(H5T_COMPOUND, 16);
    H5Tinsert(row, "id", 0, H5T_STD_I64LE);
    H5Tinsert(row, "x", 8, H5T_IEEE_F64LE);
    return row;
  }

  /// Another type or another size under the same name; unset values are zero.
  static void replace(hid_t file, const Name& name, Bytes& bytes) {
    const hid_t old = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
    const bool keep_type = old >= 0 && bytes.byte() % 2 == 0;
    const hid_t type = keep_type ? H5Dget_type(old) : any_type(bytes);
    if (old >= 0) H5Dclose(old);
    H5Ldelete(file, name.c_str(), H5P_DEFAULT);
    const std::uint8_t kind = bytes.byte();
    std::vector<hsize_t> size(kind % 4);
    for (hsize_t& n : size) n = bytes.byte() < 250 ? bytes.byte() : bytes.whole(7);
    const std::vector<hsize_t> most(size.size(), H5S_UNLIMITED), chunk(size.size(), 64);
    const hid_t space = kind >= 250    ? H5Screate(H5S_NULL)
                        : size.empty() ? H5Screate(H5S_SCALAR)
                                       : H5Screate_simple(static_cast<int>(size.size()), size.data(), most.data());
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (!size.empty()) H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
    const hid_t dataset = H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (dataset >= 0) H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
    H5Tclose(type);
  }

  void set_attribute(hid_t file, Bytes& bytes) const {
    const auto& [object, name] = attributes_[bytes.below(attributes_.size())];
    const hid_t at = H5Oopen(file, object.c_str(), H5P_DEFAULT);
    if (at < 0) return;
    const hid_t old = H5Aopen(at, name.c_str(), H5P_DEFAULT);
    const hid_t type = old >= 0 && bytes.byte() % 4 != 0 ? H5Aget_type(old) : any_type(bytes);
    if (old >= 0) H5Aclose(old);
    H5Adelete(at, name.c_str());
    const hsize_t n = 1u + (bytes.byte() < 240 ? 0u : bytes.byte());
    const hid_t space = n == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &n, nullptr);
    const hid_t attribute = H5Acreate2(at, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute >= 0) {
      fill(attribute, type, static_cast<std::size_t>(n), bytes);
      H5Aclose(attribute);
    }
    H5Sclose(space);
    H5Tclose(type);
    H5Oclose(at);
  }
  static void fill(hid_t attribute, hid_t type, std::size_t n, Bytes& bytes) {
    if (H5Tis_variable_str(type) > 0) {
      const std::array<char, 3> text{static_cast<char>(bytes.byte()), static_cast<char>(bytes.byte()), 0};
      const std::vector<const char*> texts(n, text.data());
      H5Awrite(attribute, type, texts.data());
    } else if (H5Tdetect_class(type, H5T_VLEN) == 0) {
      std::vector<std::uint8_t> all(n * H5Tget_size(type));
      const std::uint64_t bits = bytes.number();
      for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(bits >> (8 * (i % 8)));
      H5Awrite(attribute, type, all.data());
    }
  }

  static void copy(hid_t file, const Name& from, const Name& to) {
    if (from == to || from == "." || to == "." || (to + "/").starts_with(from + "/")) return;
    H5Ldelete(file, to.c_str(), H5P_DEFAULT);
    H5Ocopy(file, from.c_str(), file, to.c_str(), H5P_DEFAULT, H5P_DEFAULT);
  }

  static void link(hid_t file, const Name& name, Bytes& bytes) {
    H5Ldelete(file, name.c_str(), H5P_DEFAULT);
    switch (bytes.byte() % 3) {
      case 0:
        H5Lcreate_soft(("/" + name).c_str(), file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT);  // to itself
        return;
      case 1:
        H5Lcreate_soft("/", file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
        return;
      default:
        H5Lcreate_external("absent.h5", "/x", file, name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }
  }

  std::vector<std::uint8_t> image_;
  std::vector<Name> datasets_, groups_;
  std::vector<std::pair<Name, Name>> attributes_;  ///< object, name
};

}  // namespace throng::fuzz
