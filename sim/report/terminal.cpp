#include "sim/core/error.hpp"
#include "sim/report/detail/figures.hpp"
#include "sim/report/detail/verdict.hpp"
#include "sim/report/report.hpp"

#include <algorithm>
#include <cstdio>

namespace throng::report {
namespace {
using namespace detail;

/// Text cut or filled to a number of characters; control characters of files never reach the terminal.
std::string cell(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t n = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    length = std::min(length, text.size() - i);
    if (n == width) break;
    if (c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xC2) ||
        (c == 0xC2 && length > 1 && static_cast<unsigned char>(text[i + 1]) < 0xA0))
      out += '?';
    else
      out += text.substr(i, length);
    i += length;
    ++n;
  }
  return out + std::string(width - n, ' ');
}

template <class... Args>
std::string line(const char* format, Args... args) {
  char text[256];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

}  // namespace

std::string zone_table(const RunResults& run) {
  std::string out = cell("zone", 21) + cell("kind", 13) +
                    " densest 25 m2  at     zone mean  LoS  E-F min  flow     level\n" + cell("", 34) +
                    " p/m2                  p/m2                     p/m/min\n";
  const auto zones = zone_figures(run);
  for (std::size_t z = 0; z < zones.size(); ++z) {
    const ZoneFigures& figures = zones[z];
    out += cell(run.header.zones[z].name, 20) + " " + cell(kind_word(run.header.zones[z].kind).en, 13) +
           line(" %-13.1f  %s  %-9.1f  %c    %-7.1f  %-7.0f  %s\n", figures.local,
                clock(run.header, figures.local_time).c_str(), figures.mean_peak, figures.service,
                figures.crowded_time / 60.0, figures.flow, to_string(figures.level));
  }
  const LedgerSample last = last_ledger(run);
  out += line("people: %llu entered, %llu left, %llu inside, %llu waiting outside; %zu reports of no progress\n",
              static_cast<unsigned long long>(last.entered), static_cast<unsigned long long>(last.left),
              static_cast<unsigned long long>(last.inside), static_cast<unsigned long long>(last.waiting_outside),
              run.stuck.size());
  std::map<std::string, std::size_t> causes;
  for (const StuckFigure& stuck : run.stuck) ++causes[stuck.cause];
  std::string listed;
  for (const auto& [cause, n] : causes)
    listed += (listed.empty() ? "" : ", ") + cell(cause, cause.size()) + " " + std::to_string(n);
  if (!listed.empty()) out += "no progress for 30 s: " + listed + "\n";
  return out;
}

std::string compare_table(const std::vector<RunResults>& a, const std::vector<RunResults>& b) {
  THRONG_CHECK(!a.empty() && !b.empty(), "a comparison needs two results");
  std::string out = cell("zone", 30) + "  densest 25 m2, p/m2\n" + cell("", 30) +
                    "  A       B       B - A (5-95 %)          level A   level B\n";
  for (const auto& [za, zb] : common_zones(a, b)) {
    const std::size_t first = za;
    const std::size_t second = zb;
    const auto local = [&](const RunResults& run, bool is_b) { return zone_figures(run)[is_b ? second : first].local; };
    const Band d = difference(a, b, local);
    const std::string spread =
        d.n > 1 ? line("%+.1f (%+.1f to %+.1f)", d.median, d.low, d.high) : line("%+.1f", d.median);
    AlertLevel before = AlertLevel::normal;
    AlertLevel after = AlertLevel::normal;
    for (const RunResults& run : a) before = std::max(before, zone_figures(run)[first].level);
    for (const RunResults& run : b) after = std::max(after, zone_figures(run)[second].level);
    out += cell(a.front().header.zones[za].name, 30) +
           line("  %-6.1f  %-6.1f  %-22s  %-8s  %s\n",
                band_of(a, [&](const RunResults& r) { return local(r, false); }).median,
                band_of(b, [&](const RunResults& r) { return local(r, true); }).median, spread.c_str(),
                to_string(before), to_string(after));
  }
  return out;
}

}  // namespace throng::report
