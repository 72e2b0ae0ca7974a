#pragma once
#include "sim/agents/detail/kernel.hpp"
#include "sim/core/vec2.hpp"
#include "sim/world/world.hpp"

#include <cstdint>
#include <vector>

namespace throng::detail {

/// Fixed-point frame of a site: coordinates in units of a power of two of a metre, exact differences everywhere.
struct FixedFrame {
  Vec2 origin;                   ///< [m]
  double units_per_metre = 1.0;  ///< power of two
  std::int32_t x(double east) const { return static_cast<std::int32_t>((east - origin.x) * units_per_metre + 0.5); }
  std::int32_t y(double north) const { return static_cast<std::int32_t>((north - origin.y) * units_per_metre + 0.5); }
};

/// A world repeated without end, for fundamental diagrams and benchmarks: what leaves on one side enters on the other.
struct Period {
  Vec2 min, length;  ///< [m]; length 0 = not repeated along that axis
  bool any() const { return length.x > 0.0 || length.y > 0.0; }
  /// Does a segment lie on the seam? It is no wall then.
  bool on_seam(Vec2 a, Vec2 b) const;
};

/// Walls and doors within reach of each square metre, and the sheets that can be seen from it. Built once per world.
class WallGrid {
 public:
  /// @param reach distance up to which walls are listed [m] (> 0)
  WallGrid(const World&, const FixedFrame&, double reach, const Period& = {});
  /// List of a point of a level.
  std::uint32_t list_of(std::int32_t x, std::int32_t y, LevelId level) const {
    const LevelBox& box = boxes_[index(level)];
    const std::int32_t column = (x >> shift_) - box.column, row = (y >> shift_) - box.row;
    if (column < 0 || row < 0 || column >= box.columns || row >= box.rows) return 0;
    return box.first + static_cast<std::uint32_t>(row) * static_cast<std::uint32_t>(box.columns) +
           static_cast<std::uint32_t>(column);
  }
  bool empty(std::uint32_t list) const { return begin_[list] == begin_[list + 1]; }
  bool near_lines(std::uint32_t list) const { return !lines_.empty() && lines_[list] != 0; }
  std::uint32_t sheet_of(std::uint32_t list, LevelId level) const {
    const auto own = static_cast<std::uint32_t>(index(level));
    return linked_.empty() ? own : own | static_cast<std::uint32_t>(linked_[list]) << 16;
  }
  const std::vector<std::uint32_t>& begin() const { return begin_; }
  const std::vector<std::uint32_t>& list() const { return list_; }
  const std::vector<WallSegment>& walls() const { return walls_; }
  /// The walls of list() one after the other, and as many zeros as a vector has lanes.
  struct Columns {
    std::vector<std::int32_t> ax, ay;
    std::vector<float> ux, uy, length, behind;
    std::vector<std::int32_t> door;
  };
  const Columns& columns() const { return columns_; }

 private:
  struct LevelBox {
    std::int32_t column = 0, row = 0, columns = 0, rows = 0;  ///< [m cells]
    std::uint32_t first = 1;
  };
  struct Entry {
    std::uint32_t wall;
    LevelId level;
    Vec2 a, b;
  };
  void lay_out(const World&, const FixedFrame&);
  std::vector<Entry> collect(const World&, const FixedFrame&, const Period&);
  template <class F>
  void for_cells(const Entry&, const FixedFrame&, double reach, F&&) const;
  void link_sheets(const World&, const FixedFrame&);
  void flag_lines(const World&, const FixedFrame&);
  void fill_columns();

  int shift_ = 0;
  std::vector<LevelBox> boxes_;       // (levels)
  std::vector<std::uint32_t> begin_;  // (lists + 1); list 0 is empty
  std::vector<std::uint32_t> list_;
  std::vector<WallSegment> walls_;
  Columns columns_;
  std::vector<std::uint16_t> linked_;  // (lists) linked level + 1; empty without links
  std::vector<std::uint8_t> lines_;    // (lists) a counting line is within a step's reach
  std::uint32_t n_lists_ = 1;
};

}  // namespace throng::detail
