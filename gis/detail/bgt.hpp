#pragma once
#include "gis/detail/pipeline.hpp"

#include <map>
#include <string>
#include <vector>

/// The Dutch large-scale topography (BGT/IMGeo) as plain objects and its rules. docs/methods/import.md §BGT.
namespace throng::gis::detail {

struct BgtFeature {
  std::string layer;  ///< layer name as in the file, lower case
  std::string id;
  std::map<std::string, std::string> attributes;  ///< names in lower case without - _ . and blanks
  Polygons polygons;
  std::vector<Line> lines;
  std::vector<Vec2> points;
  const std::string& operator[](const char* key) const {
    static const std::string none;
    const auto at = attributes.find(key);
    return at == attributes.end() ? none : at->second;
  }
};

struct BgtRule {
  enum class What : std::uint8_t { skip, ground, obstacle, barrier, post } what = What::skip;
  Surface surface = Surface::undefined;
  double speed_factor = 1.0;
  ObstacleKind obstacle = ObstacleKind::other;
  BarrierKind barrier = BarrierKind::wall;
  double radius = 0.15;  ///< posts [m]
  bool known = true;     ///< false: neither the layer nor a word was understood
};
BgtRule classify_bgt(const BgtFeature&);
/// Still valid, existing, not planned?
bool is_current(const BgtFeature&);
int bgt_level(const BgtFeature&);
/// The middle line of a thin polygon (walls and fences are drawn with their thickness); empty when it is not thin.
Line middle_line(const Polygon&, double max_thickness);
/// Adds features to the layers; elevated ground becomes decks.
void add_bgt(const std::vector<BgtFeature>&, Layers&, ImportReport&);

}  // namespace throng::gis::detail
