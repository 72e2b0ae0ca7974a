#pragma once
#include "sim/core/time.hpp"
#include "sim/scenario/validate.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace throng::detail {

std::string number(double);  ///< shortest of 6 digits
inline std::string clock(double seconds) { return format_duration(seconds); }
inline std::string item(const std::string& path, std::size_t i) { return path + "[" + std::to_string(i) + "]"; }
/// "a, b, c", cut after 12 names; or `otherwise` when there is none.
std::string listed(const std::vector<std::string>& names, const std::string& otherwise);

/// Collects what is wrong with one scenario.
class FaultList {
 public:
  explicit FaultList(std::string file) : file_(std::move(file)) {}
  void add(TextPosition at, const std::string& path, const std::string& what, const std::string& value = {},
           const std::string& allowed = {}) {
    faults_.push_back(Fault{file_, path + " " + what, value, allowed, at.line, at.column});
  }
  void add(TextPosition at, const std::string& path, const std::string& what, double value,
           const std::string& allowed) {
    add(at, path, what, number(value), allowed);
  }
  /// True when the value is a number inside the range.
  bool range(TextPosition at, const std::string& path, double value, Limits range) {
    if (value >= range.low && value <= range.high) return true;
    add(at, path, std::isfinite(value) ? "is out of range" : "is not a finite number", value,
        number(range.low) + " to " + number(range.high));
    return false;
  }
  /// True when the name is in the list; else a fault with the nearest name.
  bool known(TextPosition at, const std::string& path, const std::string& name, const std::vector<std::string>& names,
             const std::string& thing);
  std::vector<Fault> take() { return std::move(faults_); }

 private:
  std::string file_;
  std::vector<Fault> faults_;
};

void check_journeys(const Scenario&, FaultList&);

}  // namespace throng::detail
