#include "sim/agents/detail/slots.hpp"

#include <algorithm>

namespace throng::detail {
namespace {

template <class... Columns>
std::size_t bytes_of(const Columns&... columns) {
  return ((columns.capacity() * sizeof(columns[0])) + ...);
}

}  // namespace

ContactList ContactRoom::list() {
  return {.own = own_.data(),
          .other = other_.data(),
          .dx = pair_[0].data(),
          .dy = pair_[1].data(),
          .reach = pair_[2].data(),
          .wall_own = wall_own_.data(),
          .wall_ax = wall_[0].data(),
          .wall_ay = wall_[1].data(),
          .wall_ux = wall_[2].data(),
          .wall_uy = wall_[3].data(),
          .wall_length = wall_[4].data(),
          .wall_reach = wall_[5].data(),
          .n = 0,
          .n_walls = 0};
}

/// Pairs are padded to a whole vector with the first slot of the world and of the block, which the kernel masks.
void ContactBuffer::keep(const ContactList& from) {
  n_ = from.n;
  n_walls_ = from.n_walls;
  const std::size_t n = n_ + std::size_t{lanes}, w = n_walls_;
  fit(own_, n), fit(other_, n), fit(pair_, 3 * n), fit(wall_own_, w), fit(wall_, 6 * w);
  std::fill(std::copy_n(from.own, n_, own_.begin()), own_.end(), std::uint8_t{0});
  std::fill(std::copy_n(from.other, n_, other_.begin()), other_.end(), 0U);
  const auto copy = [](const float* column, std::size_t size, std::vector<float>& to, std::size_t begin) {
    std::copy_n(column, size, to.begin() + static_cast<std::ptrdiff_t>(begin));
  };
  const std::array pairs{from.dx, from.dy, from.reach};
  for (std::size_t c = 0; c < pairs.size(); ++c) copy(pairs[c], n_, pair_, c * n);
  std::copy_n(from.wall_own, w, wall_own_.begin());
  const std::array walls{from.wall_ax, from.wall_ay, from.wall_ux, from.wall_uy, from.wall_length, from.wall_reach};
  for (std::size_t c = 0; c < walls.size(); ++c) copy(walls[c], w, wall_, c * w);
}

ContactList ContactBuffer::list() const {
  const std::size_t n = n_ + std::size_t{lanes}, w = n_walls_;
  const auto column = [](const auto& from, std::size_t begin) {  // the kernel that reads lists does not write them
    using T = typename std::decay_t<decltype(from)>::value_type;
    return const_cast<T*>(from.data()) + begin;
  };
  return {.own = column(own_, 0),
          .other = column(other_, 0),
          .dx = column(pair_, 0),
          .dy = column(pair_, n),
          .reach = column(pair_, 2 * n),
          .wall_own = column(wall_own_, 0),
          .wall_ax = column(wall_, 0),
          .wall_ay = column(wall_, w),
          .wall_ux = column(wall_, 2 * w),
          .wall_uy = column(wall_, 3 * w),
          .wall_length = column(wall_, 4 * w),
          .wall_reach = column(wall_, 5 * w),
          .n = n_,
          .n_walls = n_walls_};
}

std::size_t ContactBuffer::bytes() const {
  return sizeof(ContactBuffer) + bytes_of(own_, wall_own_, other_, pair_, wall_);
}

std::unique_ptr<ContactRoom> Slots::take_room() {
  const std::lock_guard lock(mutex_);
  if (rooms_.empty()) return std::unique_ptr<ContactRoom>(new ContactRoom);  // not cleared
  auto room = std::move(rooms_.back());
  rooms_.pop_back();
  return room;
}

void Slots::give_back(std::unique_ptr<ContactRoom> room) {
  const std::lock_guard lock(mutex_);
  rooms_.push_back(std::move(room));
}

std::size_t Slots::bytes() const {
  std::size_t all =
      bytes_of(cell_begin, row, walls, sheet, x, y, flags, vx, vy, ex, ey, radius, speed, hx, hy, step_x[0], step_x[1],
               step_y[0], step_y[1], overlap, ghosts, repeats, band_begin, item, column) +
      rooms_.size() * sizeof(ContactRoom);
  for (const ContactBuffer& buffer : contacts) all += buffer.bytes();
  return all;
}

}  // namespace throng::detail
