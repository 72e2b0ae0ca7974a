#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

/// The real program, run as a person or a script runs it.
namespace throng::test {

using Words = std::vector<std::string>;

struct Ran {
  int code = -1;  ///< exit code; 128 + n when signal n ended it
  std::string out, err;
};

struct How {
  std::filesystem::path folder = {};          ///< working directory
  std::uint64_t largest_file = 0;             ///< limit on the size of a file it may write [bytes]; 0 = none
  double time_limit_s = 120.0;                ///< then it is killed: code 137
  std::string stdout_to = {};                 ///< file for standard output, such as /dev/full; empty = captured
  std::function<void(pid_t)> meanwhile = {};  ///< called once it runs
};

/// `throng` with these words. Never throws for what the program does.
Ran run_throng(const Words& words, const How&);

/// Names of all files below a folder, ascending.
Words files_below(const std::filesystem::path& folder);

/// A folder with small sound inputs of every kind, made once per test case and removed at its end.
class Workshop {
 public:
  Workshop();
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  std::string read(const std::string& name) const;
  void write(const std::string& name, const std::string& bytes) const;
  /// A copy of `from` as `to` in which each first text is replaced by the second; every first text must be there.
  void derive(const std::string& from, const std::string& to,
              const std::vector<std::pair<std::string, std::string>>& changes) const;
  Ran run(const Words& words) const { return run_throng(words, {.folder = path_}); }
  Ran run(const Words& words, How how) const {
    how.folder = path_;
    return run_throng(words, how);
  }
  /// site.h5, run.h5 and ten.h5 (replications), made by the program itself.
  void make_site() const;
  void make_results() const;

 private:
  std::filesystem::path path_;
};

/// A command that must be refused: exit code 2, one clear message that holds these texts, nothing written.
struct Refusal {
  std::string what;
  Words command;
  Words said;
};
void check_refused(const Workshop&, const Refusal&);

}  // namespace throng::test
