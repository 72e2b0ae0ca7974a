#pragma once
#include "gis/detail/pipeline.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// OpenStreetMap as plain objects: read by osm_read.cpp (libosmium), classified by osm_*.cpp.
namespace throng::gis::detail {

class Tags {
 public:
  void set(const char* key, const char* value) { map_[key] = value; }
  /// The value, or "" when absent.
  const std::string& operator[](const char* key) const {
    static const std::string none;
    const auto at = map_.find(key);
    return at == map_.end() ? none : at->second;
  }
  bool has(const char* key) const { return map_.contains(key); }
  bool is(const char* key, std::initializer_list<const char*> words) const {
    const std::string& value = (*this)[key];
    for (const char* w : words)
      if (value == w) return true;
    return false;
  }
  bool yes(const char* key) const { return has(key) && !is(key, {"no", "0", "false"}); }
  /// Number with optional unit "m", "'", "ft", "km"; nothing when malformed or not positive where it must be.
  std::optional<double> metres(const char* key) const;
  int whole(const char* key, int otherwise) const;  ///< "-1", "1;2" gives the first

 private:
  std::map<std::string, std::string> map_;
};

struct OsmNode {
  std::int64_t id = 0;
  Vec2 at;  ///< lon lat, then projected
  Tags tags;
};
struct OsmWay {
  std::int64_t id = 0;
  std::vector<std::int64_t> nodes;
  Line line;
  Tags tags;
  bool closed() const { return nodes.size() > 3 && nodes.front() == nodes.back(); }
};
struct OsmArea {
  std::int64_t id = 0;  ///< of the way or relation
  bool from_way = true;
  Polygons shape;
  Tags tags;
  std::string source_id() const { return (from_way ? "way/" : "relation/") + std::to_string(id); }
};
struct OsmProblem {
  std::string code, source_id, text;
  std::optional<Vec2> at;
  Tags tags;  ///< of the object, where the reader knows them
};
struct OsmData {
  std::vector<OsmNode> nodes;  ///< tagged ones
  std::vector<OsmWay> ways;    ///< tagged, with at least two located nodes
  std::vector<OsmArea> areas;
  std::vector<OsmProblem> problems;
  std::map<std::string, Box> extent_of;  ///< of the objects with problems, as far as their nodes are known
  Box extent;                            ///< lon lat of the header, may be empty
  std::string date;
};

/// @throws InputError when the file is not OSM data.
OsmData read_osm_data(const std::filesystem::path&);

/// Width and class of a highway line; nothing when pedestrians never walk on it.
struct HighwayClass {
  Surface surface = Surface::footway;
  double width = 2.0;
  double speed_factor = 1.0;
  bool no_entry = false;
  double sidewalk_left = 0.0, sidewalk_right = 0.0;
};
std::optional<HighwayClass> classify_highway(const Tags&, bool roads_walkable);
/// May pedestrians enter, by access and foot tags?
bool is_private(const Tags&);
/// Building passages, arcades and other covered ways at ground level.
bool is_passage(const Tags&);

/// Areas; tells those that are lost. `clip`: what lies outside of it is not of interest; empty = nothing does.
void add_areas(const OsmData&, Box clip, Layers&, ImportReport&);
void add_lines(const OsmData&, bool roads_walkable, Layers&, ImportReport&);
void add_nodes(const OsmData&, Layers&, ImportReport&);
/// Groups bridge and tunnel ways into decks with ends.
/// Walls, fences and railings that stand on bridges, at the level of their deck; needs add_decks().
void add_deck_barriers(const OsmData&, bool roads_walkable, Layers&, ImportReport&);
void add_decks(const OsmData&, bool roads_walkable, Layers&, ImportReport&);
/// The sheet a highway way belongs to: 0, or its layer for bridges and tunnels.
int sheet_of(const Tags&);

}  // namespace throng::gis::detail
