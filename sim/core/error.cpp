#include "sim/core/error.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>

namespace throng {

namespace {
/// Length of the UTF-8 character at `i`, or 0 when there is none: not UTF-8, or a control character.
std::size_t printable_at(std::string_view text, std::size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  if (c < 0x80U) return c >= 0x20U && c != 0x7FU ? 1 : 0;
  const std::size_t n = c >= 0xF0U && c < 0xF5U ? 4 : c >= 0xE0U && c < 0xF0U ? 3 : c >= 0xC2U && c < 0xE0U ? 2 : 0;
  if (n == 0 || i + n > text.size()) return 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((static_cast<unsigned char>(text[i + k]) & 0xC0U) != 0x80U) return 0;
  return c == 0xC2U && static_cast<unsigned char>(text[i + 1]) < 0xA0U ? 0 : n;
}

/// Messages quote what stood in a file; a terminal must not act on it.
std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = printable_at(text, i);
    out.append(n > 0 ? text.substr(i, n) : text[i] == '\n' ? "\n" : "?");
    i += std::max<std::size_t>(n, 1);
  }
  return out;
}
}  // namespace

std::string Fault::text() const {
  std::string out = where;
  if (line > 0) out.append(":").append(std::to_string(line));
  if (line > 0 && column > 0) out.append(":").append(std::to_string(column));
  if (!out.empty()) out.append(": ");
  out.append(what);
  if (!value.empty()) out.append(", found \"").append(value).append("\"");
  if (!allowed.empty()) out.append(", allowed: ").append(allowed);
  return printable(out);
}

namespace {
std::string join(const std::vector<Fault>& faults) {
  std::string out;
  for (const Fault& fault : faults) {
    if (!out.empty()) out.append("\n");
    out.append(fault.text());
  }
  return out;
}
}  // namespace

InputError::InputError(std::vector<Fault> faults) : std::runtime_error(join(faults)), faults_(std::move(faults)) {}

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t substituted = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

void fail_check(const char* condition, const char* file, int line, const char* message) {
  std::fprintf(stderr, "throng: internal error at %s:%d: %s (%s)\n", file, line, message, condition);
  std::abort();
}

}  // namespace throng
