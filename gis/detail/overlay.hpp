#pragma once
#include "gis/detail/geos.hpp"
#include "gis/detail/layers.hpp"

#include <optional>
#include <string>
#include <vector>

/// The overlay: painted areas of all levels cut into one planar subdivision, then read off per level.
namespace throng::gis::detail {

/// Where coordinates are rounded to which grid. `fine` must divide `coarse`.
struct Precision {
  double coarse = 0.25, fine = 0.05;  ///< [m]
  Polygons fine_area;                 ///< empty = coarse everywhere
};

/// All lines noded, in two zones with a common noded border, and the faces between them.
class Arrangement {
 public:
  Arrangement(const std::vector<Line>& lines, Precision precision);
  const Polygons& faces() const { return faces_; }
  /// The path that a line takes through the noded vertices: end points rounded, vertices within its hot pixels added.
  Line route(const Line&) const;
  double grid_at(Vec2) const;

 private:
  Vec2 rounded(Vec2) const;
  void index_vertices(const std::vector<Line>& noded);
  Precision precision_;
  Locator fine_zone_;
  Polygons faces_;
  std::vector<Vec2> vertices_;
  Vec2 corner_;
  int nx_ = 0, ny_ = 0;
  std::vector<std::vector<std::uint32_t>> cells_;
};

/// An area with its place in the order of painting: where several cover a point of a level, the largest `order`
/// decides.
struct PaintedArea {
  Polygons shape;  ///< united: no two overlap
  int level = 0;
  int order = 0;
  bool blocked = false;  ///< nothing can be walked on here
  Surface surface = Surface::undefined;
  double speed_factor = 1.0;
};

struct OverlayInput {
  std::vector<PaintedArea> areas;
  std::vector<Barrier> barriers;
  std::vector<Portal> portals;
  std::vector<int> automatic_levels;  ///< sheets whose joints are found from coinciding borders
  std::vector<Vec2> keep;             ///< a component that holds one of these is never dropped
  std::vector<LevelId> keep_level;    ///< (keep)
  Precision precision;
  double min_part_area = 0.0;  ///< [m²]
};

struct OverlayOutput {
  std::vector<WalkablePart> parts;     ///< source_id empty
  std::vector<WalkablePart> dropped;   ///< components below min_part_area
  std::vector<Barrier> barriers;       ///< routed through the noded vertices
  std::vector<Portal> portals;         ///< one per shared edge
  std::vector<Portal> whole_portals;   ///< the segments asked for that could be sewn at least in part
  std::vector<Portal> failed_portals;  ///< no common border edge
  std::size_t n_faces = 0;
};

OverlayOutput overlay(const OverlayInput&);

/// Put points onto the borders of the parts that pass within 0.1 mm, so that both carry the same vertex.
void insert_vertices(std::vector<WalkablePart>&, const std::vector<Vec2>& points, const std::vector<LevelId>& levels);

}  // namespace throng::gis::detail
