#include "sim/io/detail/results_writer.hpp"

#include "sim/core/error.hpp"
#include "sim/io/detail/seal.hpp"

#include <algorithm>

namespace throng::io::detail {

ResultsWriter::ResultsWriter(const std::filesystem::path& temporary, const RunHeader& header,
                             const Hdf5Options& options)
    : temporary_(temporary), header_(header), dt_(header.time_step), file_(temporary), root_(file_.root()) {
  const h5::Lock lock;
  write_header(root_, header, results_format);
  trajectory_ = {root_, "trajectory", trajectory_chunk, options.deflate};
  frames_ = {root_, "trajectory_index", series_chunk, options.deflate};
  const h5::Place dataset{trajectory_.dataset(), root_.file, "/trajectory"};
  h5::set(dataset, "fps", 1.0 / header.frame_interval);
  const auto [group, grids] = h5::create_group(root_, "grid");
  for (std::size_t i = 0; i < header.grids.size(); ++i) grids_.emplace_back(grids, i, header.grids[i], options.deflate);
  zones_ = {root_, ZoneRow::name, series_chunk, options.deflate};
  lines_ = {root_, LineRow::name, series_chunk, options.deflate};
  exits_ = {root_, ExitRow::name, series_chunk, options.deflate};
  ledger_ = {root_, LedgerRow::name, series_chunk, options.deflate};
  events_ = {root_, EventRow::name, series_chunk / 4, options.deflate};
  if (H5Fstart_swmr_write(file_.id()) < 0) h5::fail_write(root_, "trajectory");
}

void ResultsWriter::add(const Frame& frame) {
  const std::uint64_t begin = trajectory_.size();
  const auto number = static_cast<std::int64_t>(frame.number);
  for (std::size_t i = 0; i < frame.id.size(); ++i)
    trajectory_.add({static_cast<std::int64_t>(frame.id[i]), number, frame.position[i].x, frame.position[i].y,
                     static_cast<double>(frame.height[i]), frame.vx[i], frame.vy[i],
                     static_cast<std::int16_t>(frame.level[i]), static_cast<std::uint8_t>(frame.activity[i]),
                     frame.compression[i]});
  frames_.add({number, frame.tick.count, begin, trajectory_.size()});
}

void ResultsWriter::add(const GridFrame& frame) {
  THRONG_CHECK(frame.grid < grids_.size(), "a grid frame names a grid of the header");
  grids_[frame.grid].add(frame, dt_);
}

void ResultsWriter::checkpoint() {
  trajectory_.flush();  // rows first: a frame counts when its index row is there
  frames_.flush();
  for (GridStream& grid : grids_) grid.flush();
  zones_.flush();
  lines_.flush();
  exits_.flush();
  ledger_.flush();
  events_.flush();
}

void ResultsWriter::add_missing(const RunResults& results) {
  if (zones_.size() == 0) add(results.zones);
  if (lines_.size() == 0) add(results.lines);
  if (exits_.size() == 0) add(results.exits);
  if (ledger_.size() == 0)
    for (const LedgerSample& sample : results.ledger) add(sample);
  if (events_.size() == 0)
    for (const Event& event : results.events) add(event);
}

void ResultsWriter::close_streams() {
  trajectory_.close();
  frames_.close();
  for (GridStream& grid : grids_) grid.close();
  zones_.close();
  lines_.close();
  exits_.close();
  ledger_.close();
  events_.close();
}

void ResultsWriter::finish(const RunResults& results) {
  const h5::Lock lock;
  add_missing(results);
  checkpoint();
  close_streams();
  file_.close();
  std::uint64_t figures = 4u << 20;  // tables; deflated grids need less than this
  for (const GridSpec& grid : header_.grids) figures += 8ull * grid.rows * grid.columns;
  file_.reserve(figures);
  file_.reopen();
  RunResults with_header = results;
  with_header.header = header_;
  write_figures(file_.root(), with_header);
  file_.close();
}

void ResultsWriter::abandon() {
  const h5::Lock lock;
  file_.abandon();
  close_streams();
}

}  // namespace throng::io::detail
