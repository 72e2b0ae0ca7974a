#include "sim/core/error.hpp"
#include "sim/io/detail/results_reader.hpp"
#include "sim/io/detail/seal.hpp"

#include <algorithm>
#include <cmath>

namespace throng::io {
namespace {

/// A temporary may be marked as being written; readers in SWMR mode may open it all the same.
h5::Handle open_results(const std::filesystem::path& path, bool whole) {
  if (whole) {
    detail::checked_seal(path);
    return h5::open_file(path, H5F_ACC_RDONLY);
  }
  try {
    return h5::open_file(path, H5F_ACC_RDONLY | H5F_ACC_SWMR_READ);
  } catch (const InputError&) {
    return h5::open_file(path, H5F_ACC_RDONLY);
  }
}

std::string row_name(const char* table, std::size_t i) { return std::string(table) + "[" + std::to_string(i) + "]"; }

const char* fault_of(const detail::TrajectoryRow& row) {
  if (row.id < 0 || row.id > 4294967295) return "has an id out of range";
  if (row.frame < 0) return "has a frame out of range";
  if (!(std::fabs(row.x) <= 1e9 && std::fabs(row.y) <= 1e9 && std::fabs(row.z) <= 1e6))
    return "has a position that is not finite";
  if (!(std::fabs(row.vx) <= 1e3F && std::fabs(row.vy) <= 1e3F)) return "has a velocity out of range";
  if (row.level < 0) return "has a level out of range";
  if (row.activity > static_cast<std::uint8_t>(Activity::reacting)) return "has an activity out of range";
  return std::isfinite(row.compression) ? nullptr : "has a compression that is not finite";
}

}  // namespace

Hdf5Source::Impl::Impl(const std::filesystem::path& from, bool whole) : path(from) {
  const h5::Lock lock;
  file = open_results(from, whole);
  root = {file.get(), from.string(), ""};
  detail::check_format(root, detail::results_format, detail::results_version);
  header = detail::read_header(root);
  open_trajectory(whole);
  open_grids(whole);
}

Hdf5Source::Impl::~Impl() {
  const h5::Lock lock;
  trajectory.reset();
  row_type.reset();
  file.reset();
}

void Hdf5Source::Impl::open_trajectory(bool whole) {
  using detail::FrameRow;
  using detail::TrajectoryRow;
  const std::uint64_t n_rows = h5::rows_of(root, "trajectory", TrajectoryRow::fields());
  const std::size_t n = h5::rows_of(root, "trajectory_index", FrameRow::fields());
  frames.resize(n);
  h5::read_rows(root, "trajectory_index", FrameRow::fields(), sizeof(FrameRow), 0, n, frames.data());
  std::uint64_t before = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const FrameRow& row = frames[i];
    const bool sound = row.begin == before && row.end >= row.begin && row.end <= n_rows && row.frame >= 0 &&
                       row.tick <= detail::max_ticks;
    if (!sound && whole) h5::fail_read(root, row_name("trajectory_index", i), "does not fit the trajectory");
    if (!sound) {
      frames.resize(i);
      break;
    }
    before = row.end;
  }
  const h5::Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
  H5Pset_chunk_cache(access.get(), 521, 4 * detail::trajectory_chunk * sizeof(TrajectoryRow), 0.0);
  trajectory = h5::Handle(H5Dopen2(file.get(), "trajectory", access.get()), H5Dclose);
  row_type = h5::compound(TrajectoryRow::fields(), sizeof(TrajectoryRow), false);
}

void Hdf5Source::Impl::open_grids(bool whole) {
  const auto [group, grids] = h5::open_group(root, "grid");
  for (std::uint32_t i = 0; i < header.grids.size(); ++i) {
    const auto [one_group, one] = h5::open_group(grids, std::to_string(i));
    std::vector<std::uint64_t> ticks = h5::read<std::uint64_t>(one, "tick");
    for (const char* name : {"density", "speed"}) {
      const h5::Shape shape = h5::shape_of(one, name, h5::Type::f32, 3);
      const bool empty = header.grids[i].rows == 0 || header.grids[i].columns == 0;
      if (shape.size[1] != header.grids[i].rows || shape.size[2] != header.grids[i].columns ||
          (whole && !empty && shape.size[0] != ticks.size()))
        h5::fail_read(one, name, "has the wrong shape", {}, std::to_string(ticks.size()) + " x the shape of its grid");
      if (!empty && shape.size[0] < ticks.size()) ticks.resize(static_cast<std::size_t>(shape.size[0]));
    }
    for (std::uint64_t row = 0; row < ticks.size(); ++row) {
      if (ticks[row] > detail::max_ticks) h5::fail_read(one, row_name("tick", row), "is out of range");
      grid_rows.push_back({ticks[row], i, row});
    }
  }
  std::stable_sort(grid_rows.begin(), grid_rows.end(), [](const GridRow& a, const GridRow& b) {
    return a.tick != b.tick ? a.tick < b.tick : a.grid < b.grid;
  });
}

void Hdf5Source::Impl::read_rows(std::uint64_t begin, std::uint64_t end,
                                 std::vector<detail::TrajectoryRow>& out) const {
  out.resize(static_cast<std::size_t>(end - begin));
  if (out.empty()) return;
  const h5::Lock lock;
  const hsize_t start = begin, count = out.size();
  const h5::Handle space(H5Dget_space(trajectory.get()), H5Sclose),
      memory(H5Screate_simple(1, &count, nullptr), H5Sclose);
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &start, nullptr, &count, nullptr) < 0 ||
      H5Dread(trajectory.get(), row_type.get(), memory.get(), space.get(), H5P_DEFAULT, out.data()) < 0)
    h5::fail_read(root, "trajectory", "cannot be read");
  for (std::size_t i = 0; i < out.size(); ++i)
    if (const char* fault = fault_of(out[i]))
      h5::fail_read(root, row_name("trajectory", static_cast<std::size_t>(begin) + i), fault);
}

Frame Hdf5Source::Impl::frame(std::size_t number) {
  THRONG_CHECK(number < frames.size(), "frame number is below n_frames()");
  const detail::FrameRow& row = frames[number];
  read_rows(row.begin, row.end, scratch);
  Frame out;
  out.tick = Tick{row.tick};
  out.number = static_cast<std::uint64_t>(row.frame);
  const std::size_t n = scratch.size();
  out.id.reserve(n);
  out.position.reserve(n);
  for (const detail::TrajectoryRow& r : scratch) {
    out.id.push_back(static_cast<AgentId>(r.id));
    out.position.push_back({r.x, r.y});
    out.height.push_back(static_cast<float>(r.z));
    out.vx.push_back(r.vx);
    out.vy.push_back(r.vy);
    out.level.push_back(static_cast<LevelId>(r.level));
    out.activity.push_back(static_cast<Activity>(r.activity));
    out.compression.push_back(r.compression);
  }
  return out;
}

GridFrame Hdf5Source::Impl::grid_frame(std::size_t number) const {
  THRONG_CHECK(number < grid_rows.size(), "grid frame number is below n_grid_frames()");
  const GridRow& row = grid_rows[number];
  const GridSpec& spec = header.grids[row.grid];
  GridFrame out;
  out.tick = Tick{row.tick};
  out.grid = row.grid;
  const h5::Lock lock;
  const hsize_t start[3]{row.row, 0, 0}, count[3]{1, spec.rows, spec.columns};
  const std::size_t cells = static_cast<std::size_t>(spec.rows) * spec.columns;
  for (auto [name, values] : {std::pair{"density", &out.density}, std::pair{"speed", &out.speed}}) {
    values->resize(cells);
    if (cells == 0) continue;
    const std::string full = "grid/" + std::to_string(row.grid) + "/" + name;
    const h5::Handle dataset(H5Dopen2(file.get(), full.c_str(), H5P_DEFAULT), H5Dclose);
    const h5::Handle space(H5Dget_space(dataset.get()), H5Sclose),
        memory(H5Screate_simple(3, count, nullptr), H5Sclose);
    if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr) < 0 ||
        H5Dread(dataset.get(), H5T_NATIVE_FLOAT, memory.get(), space.get(), H5P_DEFAULT, values->data()) < 0)
      h5::fail_read(root, full, "cannot be read");
  }
  return out;
}

RunResults Hdf5Source::Impl::results(bool whole) const {
  const h5::Lock lock;
  RunResults out;
  out.header = header;
  out.zones = detail::read_series<detail::ZoneRow>(root, header);
  out.lines = detail::read_series<detail::LineRow>(root, header);
  out.exits = detail::read_series<detail::ExitRow>(root, header);
  out.ledger = detail::read_series<detail::LedgerRow>(root, header);
  out.events = detail::read_series<detail::EventRow>(root, header);
  if (whole || h5::has(root, "figures")) detail::read_figures(root, out);
  return out;
}

Hdf5Source::Hdf5Source(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path, true)) {}
Hdf5Source::~Hdf5Source() = default;
Hdf5Source::Hdf5Source(Hdf5Source&&) noexcept = default;
Hdf5Source& Hdf5Source::operator=(Hdf5Source&&) noexcept = default;
const RunHeader& Hdf5Source::header() const { return impl_->header; }
std::size_t Hdf5Source::n_frames() const { return impl_->frames.size(); }
Frame Hdf5Source::frame(std::size_t number) const { return impl_->frame(number); }
std::size_t Hdf5Source::n_grid_frames() const { return impl_->grid_rows.size(); }
GridFrame Hdf5Source::grid_frame(std::size_t number) const { return impl_->grid_frame(number); }
RunResults Hdf5Source::results() const { return impl_->results(true); }

}  // namespace throng::io
