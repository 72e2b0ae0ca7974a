#pragma once
#include "sim/record/record.hpp"
#include "sim/report/detail/words.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

/// What pages say is computed here, from the series of one run or of replications.
namespace throng::report::detail {

using Runs = std::vector<RunResults>;

double seconds(const RunHeader&, Tick);  ///< [s since start]

/// The worst of one zone over one run.
struct ZoneFigures {
  double local = 0.0;       ///< densest 25 m² (30 s mean) [1/m²]
  double local_time = 0.0;  ///< end of the report interval in which it was [s]
  Vec2 local_at;
  double mean_peak = 0.0;     ///< highest interval mean over the zone [1/m²]
  double mean_time = 0.0;     ///< [s]
  double people = 0.0;        ///< most people in an interval mean
  double waiting = 0.0;       ///< most people queueing in an interval mean
  double flow = 0.0;          ///< highest specific flow [1/(m min)]
  double slowest = 0.0;       ///< lowest space-mean speed while the zone held at least 0.5 p/m² [m/s]; NaN if never
  double crowded_time = 0.0;  ///< time at level of service E or F [s]
  AlertLevel level = AlertLevel::normal;
  char service = 'A';  ///< worst
};
std::vector<ZoneFigures> zone_figures(const RunResults&);

/// A quantity over replications: median and 5-95 % band (type-7 quantiles); one run has only the value.
struct Band {
  std::size_t n = 0;
  double median = 0.0, low = 0.0, high = 0.0;
};
Band band(std::vector<double> sample);  ///< values that are not finite are left out
using Figure = std::function<double(const RunResults&)>;
Band band_of(const Runs&, const Figure&);
using Format = std::function<Both(double)>;
/// "3.1" for one run, "3.1 (2.8–3.4)" for several.
Both band_text(const Band&, const Format&);

/// One row of a series.
struct Point {
  double t = 0.0;  ///< [s since start]
  double value = 0.0;
};
using Series = std::vector<Point>;
Series zone_series(const RunResults&, std::size_t zone, float ZoneSample::*quantity);
/// Crossings per minute, one value per interval at its end. @param forward left to right of the drawn line
Series line_series(const RunResults&, std::size_t line, bool forward);
Series exit_series(const RunResults&, std::size_t exit);  ///< people since the start
Series ledger_series(const RunResults&, std::uint64_t LedgerSample::*quantity);
/// Values at the times of the first run: quantile q over the runs.
Series quantile_series(const std::vector<Series>&, double q);

/// First time at which a rising series reaches a value, by linear interpolation [s]; NaN if never.
double time_reaching(const Series&, double value);
double highest(const Series&);

std::uint64_t total_crossings(const RunResults&, std::size_t line, bool forward);
LedgerSample last_ledger(const RunResults&);
std::uint64_t unserved(const RunResults&);  ///< still queueing at the end
/// Reports of no progress by cause, place and stage, the most frequent first.
struct StallGroup {
  std::string cause, place, stage;
  std::size_t n = 0;
  double first = 0.0, last = 0.0;  ///< [s since start]
  Vec2 middle;                     ///< mean of where they were
};
std::vector<StallGroup> stall_groups(const RunResults&);
double time_share_left(const RunResults&, double share);  ///< when that share of all who left had left [s]; NaN if none

/// An exceedance over replications: in how many runs, and typical figures of those.
struct ExceedanceFigures {
  std::uint32_t zone = 0;
  AlertLevel level{};
  double limit = 0.0;
  std::size_t n_runs = 0;
  Band first_at, duration, peak;
  Vec2 at;  ///< of the highest peak
  Quantity quantity = Quantity::density;
};
/// Highest level first, then by zone.
std::vector<ExceedanceFigures> exceedance_figures(const Runs&);
/// Highest level that each zone exceeded in at least one run, worst first; at most one per zone.
std::vector<ExceedanceFigures> worst_exceedances(const Runs&);

/// Cell-wise median over the runs of one of the density grids (peak_density, mean_density).
std::vector<std::vector<float>> median_grids(const Runs&, std::vector<std::vector<float>> RunResults::*grids);

}  // namespace throng::report::detail
