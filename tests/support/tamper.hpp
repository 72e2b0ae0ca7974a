#pragma once
#include "sim/io/io.hpp"

#include <filesystem>
#include <functional>
#include <vector>

#include <catch2/catch.hpp>
#include <hdf5.h>

/// Files with a right seal but wrong content: made from a good one with libhdf5 itself, then sealed again.
namespace throng::test {

using Change = std::function<void(hid_t file)>;

/// Take the seal off, change, seal again.
inline void tamper(const std::filesystem::path& from, const std::filesystem::path& to, const Change& change) {
  std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
  std::filesystem::resize_file(to, std::filesystem::file_size(to) - 24);
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  const hid_t file = H5Fopen(to.c_str(), H5F_ACC_RDWR, access);
  REQUIRE(file >= 0);
  change(file);
  REQUIRE(H5Fclose(file) >= 0);
  H5Pclose(access);
  io::seal(to);
}

inline Change drop(const char* name) {
  return [=](hid_t file) { REQUIRE(H5Ldelete(file, name, H5P_DEFAULT) >= 0); };
}
inline Change remove_attribute(const char* object, const char* name) {
  return [=](hid_t file) { REQUIRE(H5Adelete_by_name(file, object, name, H5P_DEFAULT) >= 0); };
}
/// Another dataset under the name.
inline Change replace(const char* name, hid_t type, std::vector<hsize_t> shape, bool unlimited = false) {
  return [=](hid_t file) {
    H5Ldelete(file, name, H5P_DEFAULT);
    std::vector<hsize_t> most(shape.size(), H5S_UNLIMITED), chunk(shape.size(), 64);
    const hid_t space =
        H5Screate_simple(static_cast<int>(shape.size()), shape.data(), unlimited ? most.data() : nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    if (unlimited) H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
    const hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    REQUIRE(dataset >= 0);
    H5Dclose(dataset);
    H5Pclose(properties);
    H5Sclose(space);
  };
}
/// One value of a dataset of plain numbers.
template <class T>
Change poke(const char* name, hid_t type, std::size_t at, T value) {
  return [=](hid_t file) {
    const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    REQUIRE(dataset >= 0);
    const hid_t space = H5Dget_space(dataset);
    std::vector<T> all(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    REQUIRE(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()) >= 0);
    REQUIRE(at < all.size());
    all[at] = value;
    REQUIRE(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()) >= 0);
    H5Sclose(space);
    H5Dclose(dataset);
  };
}
/// One member of one row of a table.
template <class T>
Change poke_row(const char* name, const char* member, hid_t type, std::size_t at, T value) {
  return [=](hid_t file) {
    const hid_t row = H5Tcreate(H5T_COMPOUND, sizeof(T));
    H5Tinsert(row, member, 0, type);
    poke<T>(name, row, at, value)(file);
    H5Tclose(row);
  };
}
inline Change set_attribute(const char* object, const char* name, hid_t type, double value) {
  return [=](hid_t file) {
    const hid_t at = H5Oopen(file, object, H5P_DEFAULT), space = H5Screate(H5S_SCALAR);
    H5Adelete(at, name);
    const hid_t attribute = H5Acreate2(at, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    REQUIRE(H5Awrite(attribute, H5T_NATIVE_DOUBLE, &value) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Oclose(at);
  };
}

}  // namespace throng::test
