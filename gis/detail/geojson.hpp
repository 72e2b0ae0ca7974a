#pragma once
#include "gis/detail/crs.hpp"
#include "gis/detail/geos.hpp"
#include "gis/detail/layers.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// GeoJSON files as plain features, so that only one file needs the JSON library.
namespace throng::gis::detail {

struct Value {
  enum class Type : std::uint8_t { number, text, boolean, other } type = Type::text;
  double number = 0.0;
  bool boolean = false;
  std::string text;  ///< the text, or the JSON text of the value
};

enum class Shape : std::uint8_t { point, line, polygon, multi_point, multi_line, multi_polygon };
const char* to_string(Shape);

struct Feature {
  std::size_t number = 0;  ///< position in the file, from 0
  std::string id, label;   ///< label for messages: features[3] "gate-1"
  bool has_id = false;
  bool has_geometry = true;                 ///< false for a closure of a street by name
  std::map<std::string, Value> properties;  ///< without null values
  Shape shape = Shape::point;
  Polygons polygons;
  std::vector<Line> lines;
  std::vector<Vec2> points;
  std::vector<Line> corners;  ///< outer rings as drawn: order and start kept (for walkways with ends)
  std::string file;           ///< name for messages
  /// Text, number, ... of a property; nothing when absent. A wrong type is a fault.
  std::optional<std::string> text(const char* key) const;
  std::optional<double> number_of(const char* key, Faults& faults) const;
  std::optional<bool> flag(const char* key, Faults& faults) const;
  bool is_polygonal() const { return shape == Shape::polygon || shape == Shape::multi_polygon; }
  Vec2 somewhere() const;  ///< any of its points
};

struct FeatureFile {
  std::filesystem::path path;
  std::string crs;      ///< "" when the file names none, else normal form
  bool degrees = true;  ///< all coordinates could be degrees
  Vec2 middle;          ///< of the bounds, file coordinates
  std::vector<Feature> features;
  DataSource source;
};

/// Parse and check one file. @throws InputError for anything that is not GeoJSON features with finite coordinates.
/// `strict`: rings that cross themselves are faults (else repaired later).
FeatureFile read_features(const std::filesystem::path&, const std::string& kind, bool strict);

/// The system of a file's coordinates, see docs/formats/event-drawing.md §1; notes X704.
std::string crs_of(const FeatureFile&, const std::string& requested, ImportReport&);

/// Project all coordinates; those that leave the earth are faults.
void project(FeatureFile&, const Transformer&, Faults&);

}  // namespace throng::gis::detail
