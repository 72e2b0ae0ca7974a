#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace throng {

/// Number of steps since the start; time = count * dt. Floating time is never accumulated.
struct Tick {
  std::uint64_t count{};
  friend constexpr auto operator<=>(Tick, Tick) = default;
};

/// The only place where seconds and clock times become ticks.
class TimeAxis {
 public:
  /// @param dt step [s] (> 0); @param start_of_day clock time of tick 0 [s since local midnight].
  explicit TimeAxis(double dt, double start_of_day = 0.0) : dt_(dt), start_of_day_(start_of_day) {}
  double dt() const { return dt_; }                                            ///< [s]
  double seconds(Tick t) const { return static_cast<double>(t.count) * dt_; }  ///< [s] since tick 0
  Tick tick_at(double seconds_since_start) const;                              ///< nearest tick, >= 0
  std::uint64_t ticks(double duration_s) const;                                ///< rounded, at least 1
  std::string clock(Tick t) const;                                             ///< "HH:MM:SS"
  double start_of_day() const { return start_of_day_; }

 private:
  double dt_;
  double start_of_day_;
};

/// Parse "HH:MM", "HH:MM:SS" or "MM:SS"-free plain seconds ("90", "90.5"); nothing when malformed. [s]
std::optional<double> parse_duration(std::string_view text);
/// "HH:MM:SS" (hours may exceed 23).
std::string format_duration(double seconds);

}  // namespace throng
