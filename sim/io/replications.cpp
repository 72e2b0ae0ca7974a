#include "sim/core/error.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/out_file.hpp"
#include "sim/io/detail/results_parts.hpp"
#include "sim/io/detail/run_fields.hpp"
#include "sim/io/detail/seal.hpp"
#include "sim/io/io.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <unistd.h>

namespace throng::io {
namespace {

constexpr std::uint64_t max_replications = 100000;

/// Quantile by linear interpolation between order statistics (type 7); NaN values are left out.
float quantile(std::vector<float>& values, double p) {
  values.erase(std::remove_if(values.begin(), values.end(), [](float v) { return std::isnan(v); }), values.end());
  if (values.empty()) return std::numeric_limits<float>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double at = p * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(at));
  const std::size_t high = std::min(low + 1, values.size() - 1);
  const double part = at - static_cast<double>(low);
  return static_cast<float>((1.0 - part) * static_cast<double>(values[low]) + part * static_cast<double>(values[high]));
}

/// (3 x rows): 5, 50, 95 % of a quantity over the replications, row by row of a series.
template <class Row, class Value>
void write_band(const h5::Place& at, const std::string& name, const std::vector<const std::vector<Row>*>& series,
                std::size_t rows, Value value) {
  std::vector<float> out(3 * rows), values;
  constexpr double levels[] = {0.05, 0.5, 0.95};
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      values.clear();
      for (const auto* one : series) values.push_back(static_cast<float>(value((*one)[i])));
      out[k * rows + i] = quantile(values, levels[k]);
    }
  h5::write(at, name, h5::Type::f32, h5::Shape{{3, rows}}, out.data());
}

/// Rows that all replications have, after checking that they speak of the same zone and time.
template <class Row, class Key>
std::size_t common_rows(const std::vector<const std::vector<Row>*>& series, Key key,
                        const std::filesystem::path& path) {
  std::size_t n = series.front()->size();
  for (const auto* one : series) n = std::min(n, one->size());
  for (const auto* one : series)
    for (std::size_t i = 0; i < n; ++i)
      if (key((*one)[i]) != key((*series.front())[i]))
        throw InputError(Fault{path.string(),
                               "the replications do not measure the same zones at the same times",
                               {},
                               "runs of one scenario",
                               0,
                               0});
  return n;
}

template <class Row>
std::vector<const std::vector<Row>*> column(const std::vector<RunResults>& runs, std::vector<Row> RunResults::*field) {
  std::vector<const std::vector<Row>*> out;
  for (const RunResults& run : runs) out.push_back(&(run.*field));
  return out;
}

void write_bands(const h5::Place& parent, const std::vector<RunResults>& runs, const std::filesystem::path& path) {
  const auto [group, at] = h5::create_group(parent, "band");
  h5::set(at, "levels", std::vector<double>{0.05, 0.5, 0.95});
  const auto zones = column(runs, &RunResults::zones);
  const std::size_t n = common_rows(
      zones,
      [](const ZoneSample& s) {
        return std::pair{s.tick.count, s.zone};
      },
      path);
  std::vector<std::uint64_t> tick;
  std::vector<std::uint32_t> zone;
  for (std::size_t i = 0; i < n; ++i) {
    tick.push_back((*zones.front())[i].tick.count);
    zone.push_back((*zones.front())[i].zone);
  }
  h5::write(at, "zone_tick", tick);
  h5::write(at, "zone", zone);
  write_band(at, "zone_people", zones, n, [](const ZoneSample& s) { return s.people; });
  write_band(at, "zone_density", zones, n, [](const ZoneSample& s) { return s.density; });
  write_band(at, "zone_local_density", zones, n, [](const ZoneSample& s) { return s.local_density; });
  write_band(at, "zone_speed", zones, n, [](const ZoneSample& s) { return s.speed; });
  write_band(at, "zone_flow", zones, n, [](const ZoneSample& s) { return s.flow; });
  const auto ledger = column(runs, &RunResults::ledger);
  const std::size_t m = common_rows(
      ledger, [](const LedgerSample& s) { return s.tick.count; }, path);
  tick.clear();
  for (std::size_t i = 0; i < m; ++i) tick.push_back((*ledger.front())[i].tick.count);
  h5::write(at, "ledger_tick", tick);
  write_band(at, "inside", ledger, m, [](const LedgerSample& s) { return s.inside; });
  write_band(at, "left", ledger, m, [](const LedgerSample& s) { return s.left; });
}

void write_one(const h5::Place& parent, std::size_t k, const RunResults& run, double dt) {
  const auto [group, at] = h5::create_group(parent, std::to_string(k));
  h5::set(at, "seed", run.header.seed);
  constexpr int deflate = 2;
  detail::write_series<detail::ZoneRow>(at, run.zones, dt, deflate);
  detail::write_series<detail::LineRow>(at, run.lines, dt, deflate);
  detail::write_series<detail::ExitRow>(at, run.exits, dt, deflate);
  detail::write_series<detail::LedgerRow>(at, run.ledger, dt, deflate);
  detail::write_series<detail::EventRow>(at, run.events, dt, deflate);
  detail::write_figures(at, run);
}

RunResults read_one(const h5::Place& parent, std::size_t k, const RunHeader& header) {
  const auto [group, at] = h5::open_group(parent, std::to_string(k));
  RunResults out;
  out.header = header;
  out.header.seed = h5::get_whole(at, "seed");
  out.zones = detail::read_series<detail::ZoneRow>(at, header);
  out.lines = detail::read_series<detail::LineRow>(at, header);
  out.exits = detail::read_series<detail::ExitRow>(at, header);
  out.ledger = detail::read_series<detail::LedgerRow>(at, header);
  out.events = detail::read_series<detail::EventRow>(at, header);
  detail::read_figures(at, out);
  return out;
}

}  // namespace

void write_replications(const std::filesystem::path& path, const RunHeader& header,
                        const std::vector<RunResults>& runs) {
  if (runs.empty())
    throw InputError(Fault{path.string(), "there are no replications to write", {}, "at least one run", 0, 0});
  const h5::Lock lock;
  const std::filesystem::path temporary = detail::temporary_of(path);
  try {
    detail::OutFile file(temporary);
    detail::write_header(file.root(), header, detail::replications_format);
    {
      const auto [group, at] = h5::create_group(file.root(), "replications");
      h5::set(at, "count", static_cast<std::uint64_t>(runs.size()));
      for (std::size_t k = 0; k < runs.size(); ++k) write_one(at, k, runs[k], header.time_step);
      write_bands(at, runs, path);
    }
    file.close();
    seal(temporary);
    detail::rename_durably(temporary, path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

std::vector<RunResults> read_replications(const std::filesystem::path& path) {
  detail::checked_seal(path);
  const h5::Lock lock;
  const h5::Handle file = h5::open_file(path, H5F_ACC_RDONLY);
  const h5::Place root{file.get(), path.string(), ""};
  detail::check_format(root, detail::replications_format, detail::results_version);
  const RunHeader header = detail::read_header(root);
  const auto [group, at] = h5::open_group(root, "replications");
  const std::uint64_t n = h5::get_whole(at, "count");
  if (n < 1 || n > max_replications) h5::fail_read(at, "@count", "is out of range", std::to_string(n), "1 to 100000");
  std::vector<RunResults> out;
  for (std::size_t k = 0; k < n; ++k) out.push_back(read_one(at, k, header));
  return out;
}

}  // namespace throng::io
