#pragma once
#include "sim/io/detail/h5.hpp"

#include <filesystem>

namespace throng::io::detail {

/// An HDF5 file being written. libhdf5 cannot close a file whose last writes fail: it stays open and complains at exit.
/// So a file that is given up has its descriptor turned to memory first; what is on disk stays as it is.
class OutFile {
 public:
  explicit OutFile(const std::filesystem::path&);  ///< creates
  ~OutFile();
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;
  hid_t id() const { return file_.get(); }
  h5::Place root() const { return {file_.get(), path_.string(), ""}; }
  /// Flush and close. @throws IoError when the disk is full; the file is then given up.
  void close();
  void reopen();  ///< for more writing, after close()
  void abandon();
  /// Make sure of room for so many more bytes. @throws IoError
  void reserve(std::uint64_t bytes) const;

 private:
  std::filesystem::path path_;
  h5::Handle file_;
};

/// Message of a failed write: what the system last said, if it tells of a full disk.
std::string write_failure(const std::filesystem::path&);

}  // namespace throng::io::detail
