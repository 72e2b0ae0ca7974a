#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/vec2.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

/// Index arithmetic of the navigation grid. Cells of `cell` metres on one lattice for all levels; every cell holds
/// 5 x 5 samples, the resolution at which walls cut it.
namespace throng::detail {

inline constexpr int samples_per_side = 5;
inline constexpr int samples_per_cell = 25;
inline constexpr std::uint32_t all_samples = (1U << 25) - 1U;

/// The eight neighbours, counter-clockwise from east; even = sharing a side.
inline constexpr std::array<int, 8> step_x{1, 1, 0, -1, -1, -1, 0, 1};
inline constexpr std::array<int, 8> step_y{0, 1, 1, 1, 0, -1, -1, -1};

/// The rectangle of cells of one level, including an empty margin.
struct LevelGrid {
  LevelId level{};
  int x0 = 0, y0 = 0;                      ///< first cell, in lattice coordinates
  int nx = 0, ny = 0;                      ///< (columns, rows)
  std::int32_t base = 0;                   ///< index of its first cell; rows follow each other from the south
  int cx0 = 0, cy0 = 0, ncx = 0, ncy = 0;  ///< congestion cells, in lattice coordinates of 2 m
  std::int32_t congestion_base = 0;

  std::int32_t cell(int x, int y) const { return base + y * nx + x; }
};

struct Lattice {
  Vec2 origin;        ///< south-west corner of lattice cell (0, 0) [m]
  double cell = 0.5;  ///< [m]
  std::vector<LevelGrid> levels;
  std::vector<std::int32_t> level_index;  ///< (level id - lowest id) -> index into levels, -1 = none
  int lowest_level = 0;
  std::int32_t n_cells = 0;

  double sample() const { return cell / samples_per_side; }
  int grid_of(LevelId level) const {
    const int i = static_cast<int>(level) - lowest_level;
    return i < 0 || i >= static_cast<int>(level_index.size()) ? -1 : level_index[static_cast<std::size_t>(i)];
  }
  int grid_of_cell(std::int32_t cell_index) const {
    std::size_t g = 0;
    while (g + 1 < levels.size() && levels[g + 1].base <= cell_index) ++g;
    return static_cast<int>(g);
  }
  Vec2 centre(const LevelGrid& grid, int x, int y) const {
    return {origin.x + (grid.x0 + x + 0.5) * cell, origin.y + (grid.y0 + y + 0.5) * cell};
  }
  Vec2 centre(std::int32_t cell_index) const {
    const LevelGrid& grid = levels[static_cast<std::size_t>(grid_of_cell(cell_index))];
    const int i = cell_index - grid.base;
    return centre(grid, i % grid.nx, i / grid.nx);
  }
  /// Offset of sample k from the centre of its cell [m].
  Vec2 sample_offset(int k) const {
    return {(k % samples_per_side - 2) * sample(), (k / samples_per_side - 2) * sample()};
  }
};

/// One bit per row of a table plus counts: row number -> dense position among the set bits, in O(1).
class Rank {
 public:
  void reset(std::size_t n) {
    bits_.assign((n + 63) / 64, 0);
    before_.clear();
  }
  void set(std::int32_t i) { bits_[static_cast<std::size_t>(i) >> 6] |= std::uint64_t{1} << (i & 63); }
  void clear(std::int32_t i) { bits_[static_cast<std::size_t>(i) >> 6] &= ~(std::uint64_t{1} << (i & 63)); }
  bool has(std::int32_t i) const { return (bits_[static_cast<std::size_t>(i) >> 6] >> (i & 63)) & 1U; }
  /// Fix the set; positions are valid from now on.
  void close() {
    before_.resize(bits_.size());
    std::uint32_t n = 0;
    for (std::size_t w = 0; w < bits_.size(); ++w) {
      before_[w] = n;
      n += static_cast<std::uint32_t>(count(bits_[w]));
    }
    size_ = n;
  }
  std::size_t position(std::int32_t i) const {
    const std::size_t w = static_cast<std::size_t>(i) >> 6;
    return before_[w] + static_cast<std::size_t>(count(bits_[w] & ((std::uint64_t{1} << (i & 63)) - 1)));
  }
  std::size_t size() const { return size_; }
  /// Rows of the set bits, ascending.
  std::vector<std::int32_t> rows() const {
    std::vector<std::int32_t> out;
    out.reserve(size_);
    for (std::size_t w = 0; w < bits_.size(); ++w)
      for (std::uint64_t rest = bits_[w]; rest != 0; rest &= rest - 1)
        out.push_back(static_cast<std::int32_t>(w * 64 + static_cast<std::size_t>(count((rest & (~rest + 1)) - 1))));
    return out;
  }

 private:
  static int count(std::uint64_t x) {  // portable: the instruction baseline has no popcnt
    x = x - ((x >> 1) & 0x5555555555555555ULL);
    x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0FULL;
    return static_cast<int>((x * 0x0101010101010101ULL) >> 56);
  }
  std::vector<std::uint64_t> bits_;
  std::vector<std::uint32_t> before_;
  std::size_t size_ = 0;
};

}  // namespace throng::detail
