#include "sim/core/time.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace throng {

Tick TimeAxis::tick_at(double seconds_since_start) const {
  const double count = std::floor(seconds_since_start / dt_ + 0.5);
  return Tick{count > 0.0 ? static_cast<std::uint64_t>(count) : 0u};
}

std::uint64_t TimeAxis::ticks(double duration_s) const {
  const double count = std::floor(duration_s / dt_ + 0.5);
  return count > 1.0 ? static_cast<std::uint64_t>(count) : 1u;
}

std::string TimeAxis::clock(Tick t) const {
  const double day = 86400.0;
  const double s = start_of_day_ + seconds(t);
  return format_duration(s - day * std::floor(s / day));
}

std::optional<double> parse_duration(std::string_view text) {
  double parts[3]{};
  int n = 0;
  const char* at = text.data();
  const char* end = at + text.size();
  while (n < 3) {
    const auto [next, fault] = std::from_chars(at, end, parts[n]);
    if (fault != std::errc{} || !std::isfinite(parts[n]) || parts[n] < 0.0) return std::nullopt;
    ++n;
    at = next;
    if (at == end) break;
    if (*at != ':') return std::nullopt;
    ++at;
  }
  if (at != end) return std::nullopt;
  if (n == 1) return parts[0];
  if (parts[1] >= 60.0 || parts[2] >= 60.0) return std::nullopt;
  return parts[0] * 3600.0 + parts[1] * 60.0 + parts[2];
}

std::string format_duration(double seconds) {
  const auto total = static_cast<long long>(std::floor(seconds + 0.5));
  char text[32];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", total / 3600, total / 60 % 60, total % 60);
  return text;
}

}  // namespace throng
