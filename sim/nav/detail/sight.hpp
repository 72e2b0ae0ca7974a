#pragma once
#include "sim/nav/detail/lattice.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

namespace throng::detail {

/// The samples of a square of cells as a bit image, for straight walks between them.
template <int Reach>  // cells on each side of the middle one
class SampleWindow {
 public:
  static constexpr int side = 2 * Reach + 1;            ///< [cells]
  static constexpr int size = side * samples_per_side;  ///< [samples]
  static_assert(size <= 64);

  void clear() { free_.fill(0), cut_east_.fill(0), cut_north_.fill(0); }
  void put(int cx, int cy, std::uint32_t free, std::uint32_t cut_east, std::uint32_t cut_north) {
    for (int r = 0; r < samples_per_side; ++r) {
      const auto row = static_cast<std::size_t>(cy * samples_per_side + r);
      const int from = r * samples_per_side, to = cx * samples_per_side;
      free_[row] |= static_cast<std::uint64_t>((free >> from) & 31U) << to;
      cut_east_[row] |= static_cast<std::uint64_t>((cut_east >> from) & 31U) << to;
      cut_north_[row] |= static_cast<std::uint64_t>((cut_north >> from) & 31U) << to;
    }
  }
  bool free(int x, int y) const { return ((free_[static_cast<std::size_t>(y)] >> x) & 1U) != 0; }

  /// Can a body walk straight from sample to sample? Tests the chain of side steps nearest to the line.
  bool sees(int x, int y, int to_x, int to_y) const {
    const int dx = std::abs(to_x - x), dy = std::abs(to_y - y);
    const int sx = to_x > x ? 1 : -1, sy = to_y > y ? 1 : -1;
    int balance = dx - dy;  // > 0: the next crossing of the line is with a column
    while (x != to_x || y != to_y) {
      if (balance > 0 || (balance == 0 && dx >= dy)) {
        if (((cut_east_[static_cast<std::size_t>(y)] >> (sx > 0 ? x : x - 1)) & 1U) != 0) return false;
        x += sx;
        balance -= 2 * dy;
      } else {
        if (((cut_north_[static_cast<std::size_t>(sy > 0 ? y : y - 1)] >> x) & 1U) != 0) return false;
        y += sy;
        balance += 2 * dx;
      }
      if (!free(x, y)) return false;
    }
    return true;
  }

 private:
  std::array<std::uint64_t, size> free_{}, cut_east_{}, cut_north_{};
};

}  // namespace throng::detail
