#include "sim/core/error.hpp"
#include "sim/io/detail/child.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/results_reader.hpp"
#include "sim/io/detail/results_writer.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace throng::io {
namespace {

/// What of the series and figures is there; a temporary of a crash has none of the figures.
RunResults results_of(const Hdf5Source::Impl& from) {
  RunResults out;
  try {
    return from.results(false);
  } catch (const InputError&) {  // figures cut while they were written
    out.header = from.header;
  }
  const auto keep = [](auto read) {
    try {
      read();
    } catch (const InputError&) {
    }
  };
  keep([&] { out.zones = detail::read_series<detail::ZoneRow>(from.root, from.header); });
  keep([&] { out.lines = detail::read_series<detail::LineRow>(from.root, from.header); });
  keep([&] { out.exits = detail::read_series<detail::ExitRow>(from.root, from.header); });
  keep([&] { out.ledger = detail::read_series<detail::LedgerRow>(from.root, from.header); });
  keep([&] { out.events = detail::read_series<detail::EventRow>(from.root, from.header); });
  return out;
}

void copy_whole(const std::filesystem::path& temporary, const std::filesystem::path& target) {
  Hdf5Source::Impl from(temporary, false);
  RunResults results = results_of(from);
  detail::ResultsWriter writer(target, from.header, Hdf5Options{});
  std::uint64_t last = results.ledger.empty() ? 0 : results.ledger.back().tick.count;
  for (std::size_t i = 0; i < from.frames.size(); ++i) {
    const Frame frame = from.frame(i);
    last = std::max(last, frame.tick.count);
    writer.add(frame);
  }
  for (std::size_t i = 0; i < from.grid_rows.size(); ++i) writer.add(from.grid_frame(i));
  if (results.state_hash.empty()) {
    results.interrupted = true;
    results.simulated = static_cast<double>(last) * from.header.time_step;
  }
  writer.finish(results);
}

}  // namespace

void recover(const std::filesystem::path& temporary, const std::filesystem::path& out) {
  const std::uint64_t size = detail::File(temporary, O_RDONLY).size();
  std::filesystem::path target = detail::temporary_of(out);
  if (std::error_code error; std::filesystem::equivalent(target, temporary, error))
    target = out.string() + ".recovered";
  const double time_limit_s = 10.0 + static_cast<double>(size) / 1e6;  // libhdf5 may also loop on damage
  try {
    detail::run_in_child(temporary, time_limit_s, [&] {
      copy_whole(temporary, target);
      return std::string();
    });
    seal(target);
    Hdf5Source check(target);
    detail::rename_durably(target, out);
  } catch (...) {
    ::unlink(target.c_str());
    throw;
  }
}

}  // namespace throng::io
