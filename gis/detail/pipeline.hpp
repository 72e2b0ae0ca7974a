#pragma once
#include "gis/detail/event.hpp"
#include "gis/detail/layers.hpp"
#include "gis/detail/overlay.hpp"

#include <string>
#include <vector>

/// The stages of an import after reading: decks, base map, gates, merge.
namespace throng::gis::detail {

/// Grids of a site: a plan alone is drawn to 0.01 m.
struct Grids {
  double coarse = 0.25, fine = 0.05;
};

/// A joint of two sheets as cuts and a portal: see levels.cpp.
void add_joint(OverlayInput&, const Joint&, int order_blocked, int order_ground, Surface apron);

/// Decks and tunnels become ground of level 0 where nothing can be walked on below, else sheets with joints.
/// Returns the joints; fills automatic levels.
std::vector<Joint> resolve_decks(Layers&, std::vector<int>& automatic_levels, ImportReport&);

/// Buffered lines with their sidewalks, as ground pieces.
std::vector<GroundPiece> pieces_of(const std::vector<GroundLine>&);

/// Sea polygons from coastlines (water on the right) within a box.
Polygons sea_from_coastlines(const std::vector<Line>&, Box, ImportReport&);

/// Slivers narrower than `width` [m] between the open ground of level 0 below `order_over`, with nothing mapped in them
/// or within half of `width`: shapes that may be walked on. Reported (G317).
Polygons close_gaps(const std::vector<PaintedArea>&, int order_over, const Layers&, double width, ImportReport&);

struct BaseOptions {
  Grids grids;
  double close_gaps = 0.0;          ///< slivers narrower than this become ground [m]; 0 = none
  bool open_space_if_empty = true;  ///< without any ground: bounding box minus obstacles
  std::optional<Polygon> clip;      ///< site frame
};
BaseMap make_base(Layers&, const BaseOptions&, ImportReport&);

/// Put gates onto barriers of their level: the barrier gets vertices at both ends, the section between becomes
/// straight. Faults go to `faults` when given, else to the report and the gate is left out.
std::vector<GateSpan> place_gates(std::vector<Barrier>&, const std::vector<GateRequest>&, double reach,
                                  const Polygons& perimeter, Faults* faults, ImportReport&);
/// Extend open ends of event fences to what stands less than 0.4 m away.
void snap_fence_ends(std::vector<Barrier>& fences, const std::vector<Barrier>& city, const std::vector<Obstacle>& solid,
                     ImportReport&);

/// Base and event into the merged part of the site.
void merge(SiteGeometry&, const Drawing&, const Grids&, double min_part_area, ImportReport&,
           std::vector<WalkablePart>& dropped);

/// Notes about passages narrower than 3 m between obstacles whose width the grid changed (G307).
void report_narrow_passages(const SiteGeometry&, const Precision&, ImportReport&);
/// Notes about places off walkable ground (E615, E616).
void report_places(const SiteGeometry&, ImportReport&);

/// Name each part after the candidate below its inner point.
struct NamedShape {
  const Polygon* shape;
  int level;
  Surface surface;
  const std::string* id;
};
void assign_ids(std::vector<WalkablePart>&, const std::vector<NamedShape>&);
/// Levels used by anything of a site, ascending; ground first named.
std::vector<Level> levels_of(const std::vector<int>& numbers, const std::vector<Level>& known);
std::string level_text(int level);

// Readers of city data: coordinates come out in the target system, not yet shifted.
struct ReadContext {
  const ImportRequest& request;
  std::string target;  ///< metre CRS of the site
  ImportReport& report;
  double accuracy = 0.0;                                          ///< worst stated accuracy of the operations used [m]
  std::vector<std::pair<std::filesystem::path, Box>> files = {};  ///< of folders that were read, and where they lie
  Box clip = {};  ///< bounds of the part that is imported, in the target system; empty: all
};
LonLat osm_centre(const std::filesystem::path&);
void read_osm(const std::filesystem::path&, ReadContext&, Layers&);
std::string bgt_crs(const std::filesystem::path&);
void read_bgt(const std::filesystem::path&, ReadContext&, Layers&);
std::string cityjson_crs(const std::filesystem::path&);
/// `ground`: take roads, water and terrain too (when no better source gives them).
void read_cityjson(const std::filesystem::path&, ReadContext&, Layers&, bool ground);

}  // namespace throng::gis::detail
