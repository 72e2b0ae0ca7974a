#pragma once
#include "sim/scenario/site_geometry.hpp"

#include <memory>
#include <vector>

/// GEOS behind plain types: polygons and lines in, polygons and lines out. Never prints; faults become exceptions.
namespace throng::gis::detail {

using Line = std::vector<Vec2>;
using Polygons = std::vector<Polygon>;

/// Union, difference, intersection; grid 0 = floating (much faster; the noding rounds in the end). Invalid input is
/// repaired first.
Polygons unite(const Polygons&, double grid);
Polygons subtract(const Polygons& a, const Polygons& b, double grid);
Polygons intersect(const Polygons& a, const Polygons& b, double grid);
/// Lines thickened to `width` on both sides together. `flat` = ends cut square, else round; round joins.
Polygons buffer_line(const Line&, double width, bool flat);
/// The strip of `width` on the left (or right) side of a line.
Polygons buffer_side(const Line&, double width, bool left);
/// Grown (> 0) or shrunk (< 0) by a distance [m].
Polygons buffer_polygons(const Polygons&, double distance);
/// What a morphological closing of `ground` minus `taken` adds to it: gaps narrower than twice the distance [m].
/// Corners stay sharp.
Polygons gaps_of(const Polygons& ground, const Polygons& taken, double distance);
/// Repaired by the structure method; empty when nothing areal remains.
Polygons make_valid(const Polygon&);
/// Nothing when valid; else the reason, and where it is.
struct Invalid {
  std::string reason;
  Vec2 at;
};
std::vector<Invalid> find_invalid(const Polygon&);
/// Union of faces of one planar subdivision: shared edges vanish, all other vertices stay.
Polygons dissolve(const Polygons& faces);
/// All lines noded by snap rounding on a grid, each edge once.
std::vector<Line> node_lines(const std::vector<Line>&, double grid);
/// Faces enclosed by noded lines.
Polygons polygonize(const std::vector<Line>& noded);
/// A point well inside.
Vec2 inner_point(const Polygon&);
double distance_between(const Polygon&, const Polygon&);
/// Nearest points of two polygons, when closer than `limit`.
struct Gap {
  Vec2 a, b;
  double width = 0.0;
};
std::vector<Gap> gap_between(const Polygon&, const Polygon&, double limit);
/// Rounded to a grid, kept valid; may split or vanish.
Polygons snap_to_grid(const Polygon&, double grid);
/// Lines clipped to (or by) polygons.
std::vector<Line> clip_lines(const std::vector<Line>&, const Polygons&, bool inside);
double total_area(const Polygons&);

/// Rings closed, oriented (outer counter-clockwise, holes clockwise) and starting at their smallest point.
void normalise(Polygon&);
void normalise(Polygons&);  ///< each one, then sorted

/// Point-in-polygon for many questions about few, large polygons.
class Locator {
 public:
  explicit Locator(const Polygons&);
  bool contains(Vec2) const;  ///< even-odd

 private:
  struct Edge {
    Vec2 a, b;
  };
  Box box_;
  double band_ = 1.0;
  std::vector<std::vector<Edge>> bands_;
};

/// Rows of boxes that may touch a box; coarse grid.
class BoxIndex {
 public:
  BoxIndex(std::vector<Box> boxes, double cell);
  /// Row numbers, ascending, each once.
  std::vector<std::size_t> find(Box) const;

 private:
  std::vector<Box> boxes_;
  Box all_;
  double cell_;
  int nx_ = 0, ny_ = 0;
  std::vector<std::vector<std::uint32_t>> cells_;
};
Box bounds_of_line(const Line&);
Box grown(Box, double);

}  // namespace throng::gis::detail
