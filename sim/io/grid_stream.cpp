#include "sim/io/detail/grid_stream.hpp"

#include "sim/core/error.hpp"

#include <algorithm>
#include <cmath>

namespace throng::io::detail {
namespace {

/// Extendable (t x shape) dataset.
h5::Handle create(const h5::Place& at, const char* name, h5::Type type, const std::vector<hsize_t>& shape,
                  std::vector<hsize_t> chunk, int deflate) {
  const h5::Lock lock;
  std::vector<hsize_t> now{0}, most{H5S_UNLIMITED};
  now.insert(now.end(), shape.begin(), shape.end());
  most.insert(most.end(), shape.begin(), shape.end());
  const h5::Handle space(H5Screate_simple(static_cast<int>(now.size()), now.data(), most.data()), H5Sclose);
  const h5::Handle properties = h5::chunked(chunk, deflate);
  h5::Handle out(H5Dcreate2(at.id, name, h5::file_type(type), space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                 H5Dclose);
  if (!out) h5::fail_write(at, name);
  return out;
}

/// Append one time step.
void append(const h5::Place& at, const char* name, hid_t dataset, h5::Type type, std::uint64_t before,
            const std::vector<hsize_t>& shape, const void* values) {
  std::vector<hsize_t> total{before + 1}, start{before}, count{1};
  total.insert(total.end(), shape.begin(), shape.end());
  start.insert(start.end(), shape.size(), 0);
  count.insert(count.end(), shape.begin(), shape.end());
  const h5::Lock lock;
  if (H5Dset_extent(dataset, total.data()) < 0) h5::fail_write(at, name);
  const h5::Handle space(H5Dget_space(dataset), H5Sclose);
  const h5::Handle memory(H5Screate_simple(static_cast<int>(count.size()), count.data(), nullptr), H5Sclose);
  if (H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
      H5Dwrite(dataset, h5::memory_type(type), memory.get(), space.get(), H5P_DEFAULT, values) < 0)
    h5::fail_write(at, name);
}

}  // namespace

GridStream::GridStream(const h5::Place& grids, std::size_t number, const GridSpec& spec, int deflate) : spec_(spec) {
  const auto [group, place] = h5::create_group(grids, std::to_string(number));
  h5::set(place, "origin", std::vector<double>{spec.origin.x, spec.origin.y});
  h5::set(place, "cell_m", spec.cell);
  h5::set(place, "level", static_cast<std::uint64_t>(spec.level));
  at_ = place;
  const std::vector<hsize_t> shape{spec.rows, spec.columns};
  const std::vector<hsize_t> chunk{1, std::clamp<hsize_t>(spec.rows, 1, 1024),
                                   std::clamp<hsize_t>(spec.columns, 1, 1024)};
  density_ = create(place, "density", h5::Type::f32, shape, chunk, deflate);
  speed_ = create(place, "speed", h5::Type::f32, shape, chunk, deflate);
  tick_ = create(place, "tick", h5::Type::u64, {}, {1024}, deflate);
  time_ = create(place, "time", h5::Type::f64, {}, {1024}, deflate);
}

void GridStream::add(const GridFrame& frame, double dt) {
  const std::vector<hsize_t> shape{spec_.rows, spec_.columns};
  const std::size_t cells = static_cast<std::size_t>(spec_.rows) * spec_.columns;
  THRONG_CHECK(frame.density.size() == cells && frame.speed.size() == cells, "a grid frame has the shape of its grid");
  const double time = static_cast<double>(frame.tick.count) * dt;
  if (cells > 0) {
    append(at_, "density", density_.get(), h5::Type::f32, n_, shape, frame.density.data());
    append(at_, "speed", speed_.get(), h5::Type::f32, n_, shape, frame.speed.data());
  }
  append(at_, "time", time_.get(), h5::Type::f64, n_, {}, &time);
  append(at_, "tick", tick_.get(), h5::Type::u64, n_, {}, &frame.tick.count);
  ++n_;
}

void GridStream::flush() {
  const h5::Lock lock;
  for (const h5::Handle* dataset : {&density_, &speed_, &time_, &tick_})
    if (H5Dflush(dataset->get()) < 0) h5::fail_write(at_, "density");
}

void GridStream::close() {
  const h5::Lock lock;
  for (h5::Handle* dataset : {&density_, &speed_, &time_, &tick_}) dataset->reset();
}

}  // namespace throng::io::detail
