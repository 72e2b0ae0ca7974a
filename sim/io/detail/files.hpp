#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace throng::io::detail {

std::string system_message(int code);
[[noreturn]] void fail_io(const std::filesystem::path&, const std::string& action, int code);

/// An open file, closed with its owner. Every failure names the path and is an IoError, but a file to be read that is
/// not there or may not be read is an InputError.
class File {
 public:
  File(const std::filesystem::path&, int flags);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::uint64_t size() const;
  bool is_regular() const;
  std::size_t read_at(std::uint64_t offset, void* into, std::size_t n) const;  ///< bytes read; fewer at the end
  void write(const void* from, std::size_t n);
  void sync();
  void close();  ///< reports what close() reports
  int fd() const { return fd_; }

 private:
  std::filesystem::path path_;
  int fd_ = -1;
};

/// "name.part" beside the target.
std::filesystem::path temporary_of(const std::filesystem::path&);
/// Rename and sync the folder.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace throng::io::detail
