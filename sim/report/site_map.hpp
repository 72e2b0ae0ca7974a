#pragma once
#include "sim/report/report.hpp"
#include "sim/world/world.hpp"

#include <string>
#include <vector>

namespace throng::report {

/// A numbered spot on the map, such as a warning of the import report.
struct MapMark {
  Vec2 at;           ///< [m]
  std::string text;  ///< short: a report code
};

/// The compiled place as a picture: walkable ground by surface, obstacles, walls, doors, places and counting lines.
Picture site_map(const World&, const std::vector<MapMark>& marks);

}  // namespace throng::report
