#pragma once
#include "gis/import.hpp"

#include <filesystem>

/// Results of an import as GeoJSON maps, for a look in QGIS.
namespace throng::gis {

/// Writes walkable.geojson (class, level), obstacles.geojson, barriers.geojson (gates and posts too), event.geojson and
/// dropped.geojson into a folder: degrees by RFC 7946, or metres with a "crs" member for local sites.
/// @throws IoError when a file cannot be written.
void export_geojson(const ImportResult&, const std::filesystem::path& folder);

}  // namespace throng::gis
