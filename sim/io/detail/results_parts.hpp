#pragma once
#include "sim/io/detail/results_rows.hpp"
#include "sim/record/record.hpp"

/// The parts of a results file that the sink, the source and the replications share.
namespace throng::io::detail {

inline constexpr std::uint64_t results_version = 1;
inline constexpr std::size_t series_chunk = 1024;       ///< rows
inline constexpr std::size_t trajectory_chunk = 65536;  ///< rows

/// Root attributes, /info, /geometry, /provenance.
void write_header(const h5::Place& root, const RunHeader&, const char* format);
RunHeader read_header(const h5::Place& root);
/// /figures, and peak and mean of each /grid/<n>.
void write_figures(const h5::Place& root, const RunResults&);
void read_figures(const h5::Place& root, RunResults&);
/// A POLYGON text; "POLYGON EMPTY" when it has no ring.
std::string to_wkt(const Polygon&);
/// The largest part of a level of the header, or "POLYGON EMPTY".
std::string level_wkt(const RunHeader&, LevelId);

/// Rows not yet in the file, and how many are.
template <class Row>
class RowStream {
 public:
  RowStream() = default;
  RowStream(const h5::Place& at, const char* name, std::size_t chunk, int deflate)
      : at_(at),
        name_(name),
        chunk_(chunk),
        dataset_(h5::create_table(at, name, Row::fields(), sizeof(Row), chunk, deflate)),
        memory_(h5::compound(Row::fields(), sizeof(Row), false)) {}
  void add(const Row& row) {
    pending_.push_back(row);
    // Whole chunks only: a chunk that is written twice is packed twice.
    if ((written_ + pending_.size()) % chunk_ == 0) write();
  }
  void write() {
    if (!h5::append(dataset_.get(), memory_.get(), written_, pending_.size(), pending_.data()))
      h5::fail_write(at_, name_);
    written_ += pending_.size();
    pending_.clear();
  }
  void flush() {
    const h5::Lock lock;
    write();
    if (H5Dflush(dataset_.get()) < 0) h5::fail_write(at_, name_);
  }
  std::uint64_t size() const { return written_ + pending_.size(); }
  hid_t dataset() const { return dataset_.get(); }
  void close() {
    const h5::Lock lock;
    dataset_.reset();
    memory_.reset();
  }

 private:
  h5::Place at_;
  const char* name_ = "";
  std::size_t chunk_ = 1;
  h5::Handle dataset_, memory_;
  std::vector<Row> pending_;
  std::size_t written_ = 0;
};

/// All rows of one series table, checked.
template <class Row>
std::vector<typename Row::Sample> read_series(const h5::Place& at, const RunHeader& header) {
  const std::size_t n = h5::rows_of(at, Row::name, Row::fields());
  std::vector<typename Row::Sample> out;
  out.reserve(n);
  std::vector<Row> block;
  for (std::size_t first = 0; first < n; first += block.size()) {
    block.resize(std::min<std::size_t>(n - first, 16384));
    h5::read_rows(at, Row::name, Row::fields(), sizeof(Row), first, block.size(), block.data());
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (const char* fault = block[i].fault(header))
        h5::fail_read(at, std::string(Row::name) + "[" + std::to_string(first + i) + "]", fault);
      out.push_back(block[i].sample());
    }
  }
  return out;
}

template <class Row>
void write_series(const h5::Place& at, const std::vector<typename Row::Sample>& samples, double dt, int deflate) {
  RowStream<Row> stream(at, Row::name, series_chunk, deflate);
  for (const auto& sample : samples) stream.add(Row::of(sample, dt));
  stream.write();
}

}  // namespace throng::io::detail
