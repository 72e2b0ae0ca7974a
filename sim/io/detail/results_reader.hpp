#pragma once
#include "sim/io/detail/results_parts.hpp"
#include "sim/io/io.hpp"

#include <filesystem>

namespace throng::io {

struct Hdf5Source::Impl {
  std::filesystem::path path;
  h5::Handle file;
  h5::Place root;
  RunHeader header;
  std::vector<detail::FrameRow> frames;
  h5::Handle trajectory, row_type;
  struct GridRow {
    std::uint64_t tick = 0;
    std::uint32_t grid = 0;
    std::uint64_t row = 0;
  };
  std::vector<GridRow> grid_rows;  ///< by tick, then grid
  std::vector<detail::TrajectoryRow> scratch;

  /// `whole`: the file is sealed and complete. Otherwise a temporary: what is whole of it.
  Impl(const std::filesystem::path&, bool whole);
  void open_trajectory(bool whole);
  void open_grids(bool whole);
  /// Rows [begin, end) of the trajectory, checked.
  void read_rows(std::uint64_t begin, std::uint64_t end, std::vector<detail::TrajectoryRow>& out) const;
  Frame frame(std::size_t number);
  GridFrame grid_frame(std::size_t number) const;
  RunResults results(bool whole) const;
  ~Impl();
};

}  // namespace throng::io
