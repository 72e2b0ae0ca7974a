#pragma once
#include "sim/io/detail/grid_stream.hpp"
#include "sim/io/detail/out_file.hpp"
#include "sim/io/detail/results_parts.hpp"
#include "sim/io/io.hpp"

#include <filesystem>
#include <memory>

namespace throng::io::detail {

/// The temporary of a results file while it grows. In SWMR mode libhdf5 orders its writes so that the file on disk can
/// be read at any moment up to its last flush: that is what a crash or a full disk leaves behind. Not thread safe.
class ResultsWriter {
 public:
  ResultsWriter(const std::filesystem::path& temporary, const RunHeader&, const Hdf5Options&);
  void add(const Frame&);
  void add(const GridFrame&);
  void add(const std::vector<ZoneSample>& samples) { add_all(zones_, samples); }
  void add(const std::vector<LineSample>& samples) { add_all(lines_, samples); }
  void add(const std::vector<ExitSample>& samples) { add_all(exits_, samples); }
  void add(const LedgerSample& sample) { ledger_.add(LedgerRow::of(sample, dt_)); }
  void add(const Event& event) { events_.add(EventRow::of(event, dt_)); }
  /// Everything given so far is on disk and can be recovered.
  void checkpoint();
  /// Series that were not streamed, figures, end of the HDF5 part.
  void finish(const RunResults&);
  std::uint64_t n_frames() const { return frames_.size(); }
  /// Close what is open; after a failure the rest goes to memory, as libhdf5 cannot close a file that it cannot write.
  void abandon();

 private:
  template <class Row, class Sample>
  void add_all(RowStream<Row>& stream, const std::vector<Sample>& samples) {
    for (const Sample& sample : samples) stream.add(Row::of(sample, dt_));
  }
  void add_missing(const RunResults&);
  void close_streams();

  std::filesystem::path temporary_;
  RunHeader header_;
  double dt_;
  RowStream<TrajectoryRow> trajectory_;
  RowStream<FrameRow> frames_;
  std::vector<GridStream> grids_;
  RowStream<ZoneRow> zones_;
  RowStream<LineRow> lines_;
  RowStream<ExitRow> exits_;
  RowStream<LedgerRow> ledger_;
  RowStream<EventRow> events_;
  OutFile file_;  // after its datasets: given up before they are closed
  h5::Place root_;
};

}  // namespace throng::io::detail
