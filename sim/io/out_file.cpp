#include "sim/io/detail/out_file.hpp"

#include "sim/core/error.hpp"
#include "sim/io/detail/files.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace throng::io::detail {

std::string write_failure(const std::filesystem::path& path) {
  const bool told = errno == ENOSPC || errno == EFBIG || errno == EDQUOT || errno == EIO;
  return path.string() + ": cannot be written: " + (told ? system_message(errno) : "is the disk full?");
}

OutFile::OutFile(const std::filesystem::path& path) : path_(path), file_(h5::create_file(path, true)) {}

OutFile::~OutFile() { abandon(); }

void OutFile::abandon() {
  const h5::Lock lock;
  if (!file_) return;
  void* descriptor = nullptr;
  if (H5Fget_vfd_handle(file_.get(), H5P_DEFAULT, &descriptor) >= 0 && descriptor != nullptr) {
    const int memory = ::memfd_create("throng", MFD_CLOEXEC);
    if (memory >= 0) {
      ::dup3(memory, *static_cast<int*>(descriptor), O_CLOEXEC);
      ::close(memory);
    }
  }
  file_.reset();
}

void OutFile::close() {
  const h5::Lock lock;
  errno = 0;
  if (H5Fflush(file_.get(), H5F_SCOPE_GLOBAL) < 0) {
    const std::string message = write_failure(path_);
    abandon();
    throw IoError(message);
  }
  if (!file_.reset()) throw IoError(write_failure(path_));
}

void OutFile::reopen() { file_ = h5::open_file(path_, H5F_ACC_RDWR); }

void OutFile::reserve(std::uint64_t bytes) const {
  const File file(path_, O_RDWR);
  const auto size = static_cast<off_t>(file.size());
  if (::fallocate(file.fd(), FALLOC_FL_KEEP_SIZE, size, static_cast<off_t>(bytes)) != 0 &&
      (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
    throw IoError(write_failure(path_));
}

}  // namespace throng::io::detail
