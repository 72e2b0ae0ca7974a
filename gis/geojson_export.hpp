#pragma once
#include "gis/import.hpp"

#include <filesystem>

/// Results of an import as GeoJSON, to be laid over the source in QGIS.
namespace throng::gis {

/// Does the name ask for one file (.geojson, .json) rather than for a folder?
bool is_one_geojson_file(const std::filesystem::path&);

/// Layers walkable (class, level), obstacles, barriers (gates, portals and posts too), event and dropped. A name ending
/// in .geojson or .json: one FeatureCollection whose property `layer` tells them apart; else a folder with one file per
/// layer. Coordinates are degrees by RFC 7946, or metres with a "crs" member for local sites.
/// @throws IoError when a file cannot be written; none is left half-written.
void export_geojson(const ImportResult&, const std::filesystem::path& target);

}  // namespace throng::gis
