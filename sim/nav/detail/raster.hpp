#pragma once
#include "sim/nav/detail/lattice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

/// Exact scan conversion onto the samples of a level: triangles, discs swept along segments, and the sample steps that
/// a segment cuts. Half-open rules, so that triangles sharing an edge share no sample and a closed line leaves no leak.
namespace throng::detail {

/// Samples of one level: maps metres to sample columns and rows counted from the level's first cell.
class SampleScan {
 public:
  SampleScan(const Lattice& lattice, const LevelGrid& grid)
      : grid_(&grid),
        step_(lattice.sample()),
        x_(lattice.origin.x + grid.x0 * lattice.cell),
        y_(lattice.origin.y + grid.y0 * lattice.cell),
        columns_(grid.nx * samples_per_side),
        rows_(grid.ny * samples_per_side) {}

  int columns() const { return columns_; }
  int rows() const { return rows_; }
  double x_of(int column) const { return x_ + (column + 0.5) * step_; }
  double y_of(int row) const { return y_ + (row + 0.5) * step_; }
  /// First sample whose coordinate is >= the given one.
  int column_from(double x) const { return clamp(std::ceil((x - x_) / step_ - 0.5), columns_); }
  int row_from(double y) const { return clamp(std::ceil((y - y_) / step_ - 0.5), rows_); }
  std::int32_t cell(int column, int row) const {
    return grid_->cell(column / samples_per_side, row / samples_per_side);
  }
  static int bit(int column, int row) {
    return (row % samples_per_side) * samples_per_side + column % samples_per_side;
  }

  /// Call f(cell, bits) for the samples [first, last) of a row.
  template <class F>
  void run(int row, int first, int last, F&& f) const {
    first = std::max(first, 0);
    last = std::min(last, columns_);
    const int shift = (row % samples_per_side) * samples_per_side;
    while (first < last) {
      const int column = first / samples_per_side;
      const int end = std::min(last, (column + 1) * samples_per_side);
      const std::uint32_t ones = (1U << (end - first)) - 1U;
      f(grid_->cell(column, row / samples_per_side), ones << (shift + first % samples_per_side));
      first = end;
    }
  }

  /// f(row, first, last) for each row of samples inside a triangle or convex polygon.
  template <std::size_t N, class F>
  void convex(const std::array<Vec2, N>& p, F&& f) const {
    double low = p[0].y, high = p[0].y;
    for (const Vec2 v : p) low = std::min(low, v.y), high = std::max(high, v.y);
    for (int row = row_from(low); row < rows_ && y_of(row) < high; ++row) {
      const double y = y_of(row);
      double left = 1e300, right = -1e300;
      for (std::size_t k = 0; k < N; ++k) {
        const Vec2 a = p[k], b = p[(k + 1) % N];
        if ((a.y <= y) == (b.y <= y)) continue;
        const double x = crossing(a, b, y);
        left = std::min(left, x);
        right = std::max(right, x);
      }
      if (left < right) f(row, column_from(left), column_from(right));
    }
  }

  /// f(row, first, last) for each row of samples nearer than `radius` to segment a b.
  template <class F>
  void capsule(Vec2 a, Vec2 b, double radius, F&& f) const {
    const Vec2 side = radius * perp(normalized(b - a, {1.0, 0.0}));
    const std::array<Vec2, 4> band{a + side, a - side, b - side, b + side};
    const double low = std::min(a.y, b.y) - radius, high = std::max(a.y, b.y) + radius;
    for (int row = row_from(low); row < rows_ && y_of(row) <= high; ++row) {
      const double y = y_of(row);
      double left = 1e300, right = -1e300;
      for (const Vec2 end : {a, b}) {
        const double dy = y - end.y, rest = radius * radius - dy * dy;
        if (rest < 0.0) continue;
        left = std::min(left, end.x - std::sqrt(rest));
        right = std::max(right, end.x + std::sqrt(rest));
      }
      for (std::size_t k = 0; k < 4; ++k) {
        const Vec2 p = band[k], q = band[(k + 1) % 4];
        if ((p.y <= y) == (q.y <= y)) continue;
        left = std::min(left, crossing(p, q, y));
        right = std::max(right, crossing(p, q, y));
      }
      if (left < right) f(row, column_from(left), column_from(right));
    }
  }

  /// f(column, row, horizontal, left_first) for each step between neighbouring samples that segment a b cuts: from
  /// (column, row) to its eastern (horizontal) or northern neighbour. left_first: the step begins left of a -> b.
  template <class F>
  void cuts(Vec2 a, Vec2 b, F&& f) const {
    const double y0 = std::min(a.y, b.y), y1 = std::max(a.y, b.y);
    for (int row = row_from(y0); row < rows_ && y_of(row) < y1; ++row) {
      const int column = column_from(crossing(a, b, y_of(row)));
      if (column > 0 && column < columns_) f(column - 1, row, true, b.y > a.y);
    }
    const double x0 = std::min(a.x, b.x), x1 = std::max(a.x, b.x);
    for (int column = column_from(x0); column < columns_ && x_of(column) < x1; ++column) {
      const double y = crossing({a.y, a.x}, {b.y, b.x}, x_of(column));
      const int row = row_from(y);
      if (row > 0 && row < rows_) f(column, row - 1, false, b.x < a.x);
    }
  }

 private:
  /// Abscissa where a b meets height y; the same bits whichever end comes first.
  static double crossing(Vec2 a, Vec2 b, double y) {
    if (b.y < a.y || (b.y == a.y && b.x < a.x)) std::swap(a, b);
    return a.x + (y - a.y) * ((b.x - a.x) / (b.y - a.y));
  }
  static int clamp(double v, int n) { return v <= 0.0 ? 0 : (v >= n ? n : static_cast<int>(v)); }

  const LevelGrid* grid_;
  double step_, x_, y_;
  int columns_, rows_;
};

}  // namespace throng::detail
