#include "sim/io/detail/files.hpp"

#include "sim/core/error.hpp"
#include "sim/io/io.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace throng::io {
namespace detail {

std::string system_message(int code) { return std::strerror(code); }  // message only; the programs run one writer

void fail_io(const std::filesystem::path& path, const std::string& action, int code) {
  throw IoError(path.string() + ": " + action + ": " + system_message(code));
}

namespace {
/// A name that leads to no readable file is the fault of who gave it; everything else is the machine's.
[[noreturn]] void fail_open(const std::filesystem::path& path, int flags, int code) {
  const bool wrong_name = code == ENOENT || code == ENOTDIR || code == EISDIR || code == EACCES ||
                          code == ENAMETOOLONG || code == ELOOP || code == ENXIO;
  if ((flags & O_ACCMODE) == O_RDONLY && wrong_name)
    throw InputError(Fault{path.string(),
                           code == ENOENT ? "no such file" : "cannot be opened: " + system_message(code),
                           {},
                           "an existing, readable file",
                           0,
                           0});
  fail_io(path, (flags & O_CREAT) != 0 ? "cannot be created" : "cannot be opened", code);
}

/// A named pipe would block the program when nobody writes to it.
int mode_of(int flags) { return flags | O_CLOEXEC | ((flags & O_ACCMODE) == O_RDONLY ? O_NONBLOCK : 0); }
}  // namespace

File::File(const std::filesystem::path& path, int flags)
    : path_(path), fd_(::open(path.c_str(), mode_of(flags), 0644)) {
  if (fd_ < 0) fail_open(path, flags, errno);
}
File::~File() {
  if (fd_ >= 0) ::close(fd_);
}
std::uint64_t File::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) fail_io(path_, "cannot be read", errno);
  return static_cast<std::uint64_t>(status.st_size);
}
bool File::is_regular() const {
  struct stat status {};
  return ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
}
std::size_t File::read_at(std::uint64_t offset, void* into, std::size_t n) const {
  std::size_t done = 0;
  while (done < n) {
    const ssize_t got = ::pread(fd_, static_cast<char*>(into) + done, n - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_io(path_, "cannot be read", errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}
void File::write(const void* from, std::size_t n) {
  std::size_t done = 0;
  while (done < n) {
    const ssize_t put = ::write(fd_, static_cast<const char*>(from) + done, n - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail_io(path_, "cannot be written", errno);
    done += static_cast<std::size_t>(put);
  }
}
void File::sync() {
  if (::fsync(fd_) != 0 && errno != EINVAL && errno != EROFS) fail_io(path_, "cannot be written", errno);
}
void File::close() {
  const int fd = fd_;
  fd_ = -1;
  if (::close(fd) != 0 && errno != EINTR) fail_io(path_, "cannot be written", errno);
}

std::filesystem::path temporary_of(const std::filesystem::path& path) { return path.string() + ".part"; }

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail_io(to, "cannot be put in place", errno);
  const std::filesystem::path folder = to.has_parent_path() ? to.parent_path() : std::filesystem::path(".");
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;  // the name is in place; only its survival of a power cut is not certain
  ::fsync(fd);
  ::close(fd);
}

}  // namespace detail

void write_text(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path temporary = detail::temporary_of(path);
  try {
    detail::File file(temporary, O_WRONLY | O_CREAT | O_TRUNC);
    file.write(text.data(), text.size());
    file.sync();
    file.close();
    detail::rename_durably(temporary, path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

std::string read_text(const std::filesystem::path& path) {
  const detail::File file(path, O_RDONLY);
  if (!file.is_regular()) throw InputError(Fault{path.string(), "is not a regular file", {}, "a file", 0, 0});
  std::string out;
  for (char buffer[65536];;) {
    const std::size_t n = file.read_at(out.size(), buffer, sizeof buffer);
    if (n == 0) break;
    out.append(buffer, n);
  }
  return out;
}

}  // namespace throng::io
