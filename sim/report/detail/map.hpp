#pragma once
#include "sim/report/detail/figures.hpp"
#include "sim/report/detail/svg.hpp"

#include <optional>
#include <string>
#include <vector>

namespace throng::report::detail {

/// A worst spot on the map: shape of its level and a number that the text below repeats.
struct Spot {
  Vec2 at;
  AlertLevel level{};
  Both label;
};
enum class MapScale : std::uint8_t { density, difference };

struct MapRequest {
  const RunHeader& header;
  std::vector<std::vector<float>> values;  ///< (grids)(rows x columns) [1/m²]
  MapScale scale = MapScale::density;
  int width = 960;  ///< [px]
  Box view = {};    ///< [m]
  std::vector<Spot> spots = {};
  bool place_names = true;
  std::string language = "both";
  Both title = {};
};

/// The part of the site worth showing: where people were, zones, lines; else the whole ground.
Box map_view(const RunHeader&, const std::vector<std::vector<float>>& values);
Picture draw_map(const MapRequest&);
/// Worst spots of the zones that exceeded a limit, or the single densest spot when none did; at most eight.
std::vector<Spot> worst_spots(const Runs&);

}  // namespace throng::report::detail
