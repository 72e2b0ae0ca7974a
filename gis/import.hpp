#pragma once
#include "sim/core/error.hpp"
#include "sim/core/vec2.hpp"
#include "sim/scenario/site_geometry.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// City data and event drawings to SiteGeometry. Repairs nothing silently: every change is an ImportNote.
namespace throng::gis {

enum class Severity : std::uint8_t { info, warning, error };

/// One line of the import report.
struct ImportNote {
  std::string code;  ///< stable, docs/formats/import-report.md: "G104", "O401", "C502", "E603", ...
  Severity severity = Severity::info;
  std::string source_id;   ///< "way/123", "bgt_pand/…", "event/gate-3"
  std::optional<Vec2> at;  ///< site frame [m]
  std::string text;        ///< what was found and what was done about it
};

struct ImportReport {
  std::vector<ImportNote> notes;
  std::vector<std::pair<std::string, double>> figures;  ///< "walkable_area_m2", "n_buildings", "seconds_overlay", ...
  bool has_errors() const;
  void add(std::string code, Severity, std::string source_id, std::optional<Vec2> at, std::string text);
};

struct ImportRequest {
  std::vector<std::filesystem::path> osm, bgt, cityjson, plan, event;
  std::string crs;                            ///< "", "EPSG:n" or "local"; empty = chosen from the data, and reported
  std::optional<std::array<double, 4>> bbox;  ///< west south east north, in degrees for OSM, else in metres of the CRS
  double grid = 0.25;                         ///< precision outside the perimeter [m]
  double event_grid = 0.05;                   ///< precision inside the perimeter [m]
  double min_part_area = 10.0;                ///< smaller walkable parts are dropped and reported [m²]
  /// Gaps narrower than this between walkable strips become ground [m]; 0 = none. Unset: 1.5 with OpenStreetMap, whose
  /// strips have default widths, else none.
  std::optional<double> close_gaps;
  bool roads_walkable = false;  ///< treat all roads as walkable, not only inside the perimeter
  std::string name;
  std::function<void(const char* phase, double fraction)> progress;
};

struct ImportResult {
  SiteGeometry site;
  ImportReport report;
  std::vector<WalkablePart> dropped;  ///< ground that was left out: too small; for maps only
};

/// Read, project, overlay, merge. @throws InputError for unreadable or foreign input, listing all faults.
ImportResult import_site(const ImportRequest&);

/// Redo the event only, on a site imported before.
ImportResult replace_event(const SiteGeometry& base, const std::vector<std::filesystem::path>& event,
                           const ImportRequest& options = {});

/// The report as JSON text: {"notes": [...], "figures": {...}, "counts": {...}}; docs/formats/import-report.md.
std::string report_json(const ImportReport&);
const char* to_string(Severity);

/// A geographic position [degrees], WGS84/ETRS89. The only degrees in the program.
struct LonLat {
  double lon = 0.0, lat = 0.0;
};
/// Back from the site frame, for exports; nothing when the site has no CRS.
std::optional<LonLat> to_lonlat(const SiteFrame&, Vec2);

}  // namespace throng::gis
