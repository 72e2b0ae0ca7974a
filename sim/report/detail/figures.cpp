#include "sim/report/detail/figures.hpp"

#include "sim/fields/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace throng::report::detail {
namespace {
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Length of the interval that ends with a row: to the row before of the same subject [s].
class Intervals {
 public:
  explicit Intervals(const RunHeader& header) : header_(header) {}
  double next(std::uint32_t subject, Tick tick) {
    const double now = seconds(header_, tick);
    const auto [it, is_first] = last_.try_emplace(subject, now);
    const double length =
        is_first ? (tick.count == 0 ? 0.0 : std::min(now, header_.report_interval)) : now - it->second;
    it->second = now;
    return length;
  }

 private:
  const RunHeader& header_;
  std::map<std::uint32_t, double> last_;
};

}  // namespace

double seconds(const RunHeader& header, Tick tick) { return static_cast<double>(tick.count) * header.time_step; }

std::vector<ZoneFigures> zone_figures(const RunResults& run) {
  std::vector<ZoneFigures> out(run.header.zones.size());
  for (ZoneFigures& zone : out) zone.slowest = nothing;
  Intervals intervals(run.header);
  for (const ZoneSample& row : run.zones) {
    if (row.zone >= out.size()) continue;
    ZoneFigures& zone = out[row.zone];
    const double t = seconds(run.header, row.tick);
    const double length = intervals.next(row.zone, row.tick);
    if (row.local_density > zone.local)
      zone.local = row.local_density, zone.local_time = t, zone.local_at = row.local_at;
    if (row.density > zone.mean_peak) zone.mean_peak = row.density, zone.mean_time = t;
    zone.people = std::max(zone.people, static_cast<double>(row.people));
    zone.waiting = std::max(zone.waiting, static_cast<double>(row.waiting));
    if (std::isfinite(row.flow)) zone.flow = std::max(zone.flow, 60.0 * static_cast<double>(row.flow));
    if (row.density >= 0.5F && std::isfinite(row.speed) && !(row.speed >= zone.slowest)) zone.slowest = row.speed;
    zone.service = std::max(zone.service, row.service);
    if (row.service >= 'E') zone.crowded_time += length;
    if (row.level != AlertLevel::unknown) zone.level = std::max(zone.level, row.level);
  }
  for (const Exceedance& above : run.exceedances)
    if (above.zone < out.size()) {
      ZoneFigures& zone = out[above.zone];
      zone.level = std::max(zone.level, above.level);
    }
  return out;
}

Band band(std::vector<double> sample) {
  std::erase_if(sample, [](double x) { return !std::isfinite(x); });
  if (sample.empty()) return {0, nothing, nothing, nothing};
  return {sample.size(), quantile(sample, 0.5), quantile(sample, 0.05), quantile(sample, 0.95)};
}

Band band_of(const Runs& runs, const Figure& figure) {
  std::vector<double> sample;
  for (const RunResults& run : runs) sample.push_back(figure(run));
  return band(std::move(sample));
}

Both band_text(const Band& b, const Format& format) {
  if (b.n == 0) return same("–");
  if (b.n == 1) return format(b.median);
  return format(b.median) + " (" + format(b.low) + " – " + format(b.high) + ")";
}

Series zone_series(const RunResults& run, std::size_t zone, float ZoneSample::*quantity) {
  Series out;
  for (const ZoneSample& row : run.zones)
    if (row.zone == zone) out.push_back({seconds(run.header, row.tick), row.*quantity});
  return out;
}

Series line_series(const RunResults& run, std::size_t line, bool forward) {
  Series out;
  Intervals intervals(run.header);
  for (const LineSample& row : run.lines) {
    if (row.line != line) continue;
    const double length = intervals.next(row.line, row.tick);
    if (length > 0.0)
      out.push_back({seconds(run.header, row.tick), 60.0 * (forward ? row.forward : row.backward) / length});
  }
  return out;
}

Series exit_series(const RunResults& run, std::size_t exit) {
  Series out;
  for (const ExitSample& row : run.exits)
    if (row.exit == exit) out.push_back({seconds(run.header, row.tick), static_cast<double>(row.total)});
  return out;
}

Series ledger_series(const RunResults& run, std::uint64_t LedgerSample::*quantity) {
  Series out;
  for (const LedgerSample& row : run.ledger)
    out.push_back({seconds(run.header, row.tick), static_cast<double>(row.*quantity)});
  return out;
}

Series quantile_series(const std::vector<Series>& all, double q) {
  Series out;
  if (all.empty()) return out;
  for (std::size_t i = 0; i < all.front().size(); ++i) {
    std::vector<double> sample;
    for (const Series& series : all)
      if (i < series.size() && std::isfinite(series[i].value)) sample.push_back(series[i].value);
    out.push_back({all.front()[i].t, sample.empty() ? nothing : quantile(std::move(sample), q)});
  }
  return out;
}

double time_reaching(const Series& series, double value) {
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (series[i].value < value) continue;
    if (i == 0) return series[i].t;
    const Point a = series[i - 1];
    const Point b = series[i];
    return b.value > a.value ? a.t + (b.t - a.t) * (value - a.value) / (b.value - a.value) : b.t;
  }
  return nothing;
}

double highest(const Series& series) {
  double out = 0.0;
  for (const Point& p : series)
    if (p.value > out) out = p.value;
  return out;
}

std::uint64_t total_crossings(const RunResults& run, std::size_t line, bool forward) {
  std::uint64_t sum = 0;
  for (const LineSample& row : run.lines)
    if (row.line == line) sum += forward ? row.forward : row.backward;
  return sum;
}

LedgerSample last_ledger(const RunResults& run) { return run.ledger.empty() ? LedgerSample{} : run.ledger.back(); }

std::uint64_t unserved(const RunResults& run) {
  std::uint64_t sum = 0;
  for (const QueueFigure& queue : run.queues) sum += queue.unserved;
  return sum;
}

std::vector<StallGroup> stall_groups(const RunResults& run) {
  std::map<std::array<std::string, 3>, StallGroup> found;
  for (const StuckFigure& stuck : run.stuck) {
    StallGroup& group = found[{stuck.cause, stuck.place, stuck.stage}];
    if (group.n == 0) group = {stuck.cause, stuck.place, stuck.stage, 0, stuck.time, stuck.time, {}};
    group.first = std::min(group.first, stuck.time);
    group.last = std::max(group.last, stuck.time);
    group.middle += stuck.at;
    ++group.n;
  }
  std::vector<StallGroup> groups;
  for (auto& [key, group] : found) {
    group.middle = group.middle / static_cast<double>(group.n);
    groups.push_back(std::move(group));
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.n > b.n; });
  return groups;
}

double time_share_left(const RunResults& run, double share) {
  const Series left = ledger_series(run, &LedgerSample::left);
  if (left.empty() || left.back().value <= 0.0) return nothing;
  return time_reaching(left, share * left.back().value);
}

std::vector<ExceedanceFigures> exceedance_figures(const Runs& runs) {
  struct Sample {
    ExceedanceFigures figures;
    std::vector<double> first, duration, peak;
    double worst = -1.0;
  };
  std::map<std::tuple<int, std::uint32_t, Quantity>, Sample> samples;  // by falling level, then zone
  for (const RunResults& run : runs)
    for (const Exceedance& above : run.exceedances) {
      Sample& s = samples[{-static_cast<int>(above.level), above.zone, above.quantity}];
      s.figures.zone = above.zone;
      s.figures.level = above.level;
      s.figures.limit = above.limit;
      s.figures.quantity = above.quantity;
      ++s.figures.n_runs;
      s.first.push_back(above.first_at);
      s.duration.push_back(above.duration);
      s.peak.push_back(above.peak);
      if (above.peak > s.worst) s.worst = above.peak, s.figures.at = above.at;
    }
  std::vector<ExceedanceFigures> out;
  for (auto& [key, s] : samples) {
    s.figures.first_at = band(s.first);
    s.figures.duration = band(s.duration);
    s.figures.peak = band(s.peak);
    out.push_back(s.figures);
  }
  return out;
}

std::vector<ExceedanceFigures> worst_exceedances(const Runs& runs) {
  std::vector<ExceedanceFigures> out;
  for (const ExceedanceFigures& above : exceedance_figures(runs))
    if (std::none_of(out.begin(), out.end(), [&](const auto& other) { return other.zone == above.zone; }))
      out.push_back(above);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.level != b.level ? a.level > b.level : a.peak.median / a.limit > b.peak.median / b.limit;
  });
  return out;
}

std::vector<std::vector<float>> median_grids(const Runs& runs, std::vector<std::vector<float>> RunResults::*grids) {
  if (runs.size() == 1) return runs.front().*grids;
  std::vector<std::vector<float>> out = runs.front().*grids;
  for (std::size_t g = 0; g < out.size(); ++g)
    for (std::size_t i = 0; i < out[g].size(); ++i) {
      std::vector<double> sample;
      for (const RunResults& run : runs) {
        const auto& all = run.*grids;
        if (g < all.size() && i < all[g].size() && std::isfinite(all[g][i]))
          sample.push_back(static_cast<double>(all[g][i]));
      }
      out[g][i] = sample.empty() ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(quantile(sample, 0.5));
    }
  return out;
}

}  // namespace throng::report::detail
