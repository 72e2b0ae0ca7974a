#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace throng {

/// One thing wrong with an input: where (file, key or object id, coordinate), what, the value found, what is allowed.
struct Fault {
  std::string where;
  std::string what;
  std::string value;         ///< as found; may be empty
  std::string allowed;       ///< range, list of names or nearest known key; may be empty
  int line = 0;              ///< 1-based; 0 = unknown
  int column = 0;            ///< 1-based; 0 = unknown
  std::string text() const;  ///< "where:line:column: what (found "value"; allowed: ...)"
};

/// A wrong input file, scenario or city data set. Thrown once per input, listing all faults. Exit code 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Fault> faults);
  explicit InputError(Fault fault) : InputError(std::vector<Fault>{std::move(fault)}) {}
  const std::vector<Fault>& faults() const { return faults_; }

 private:
  std::vector<Fault> faults_;
};

/// The world outside failed: disk, broker, display. Exit code 3.
class IoError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A person stopped the program. Exit code 130.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// The candidate nearest to `word` by edit distance, or empty when none is near.
std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates);

/// Report a broken invariant and abort. Behind THRONG_CHECK and THRONG_ASSERT.
[[noreturn]] void fail_check(const char* condition, const char* file, int line, const char* message);

}  // namespace throng

/// Our own mistake, checked always: message and abort.
#define THRONG_CHECK(condition, message) \
  ((condition) ? void(0) : ::throng::fail_check(#condition, __FILE__, __LINE__, message))
/// The same in checked builds only (hot code).
#ifdef NDEBUG
#define THRONG_ASSERT(condition, message) void(0)
#else
#define THRONG_ASSERT(condition, message) THRONG_CHECK(condition, message)
#endif
