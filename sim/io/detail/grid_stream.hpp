#pragma once
#include "sim/io/detail/h5.hpp"
#include "sim/record/record.hpp"

namespace throng::io::detail {

/// /grid/<n>: density and speed (t x rows x columns), tick and time (t).
class GridStream {
 public:
  GridStream(const h5::Place& grids, std::size_t number, const GridSpec&, int deflate);
  void add(const GridFrame&, double dt);
  void flush();
  void close();
  std::uint64_t size() const { return n_; }

 private:
  h5::Place at_;
  GridSpec spec_;
  h5::Handle density_, speed_, tick_, time_;
  std::uint64_t n_ = 0;
};

}  // namespace throng::io::detail
