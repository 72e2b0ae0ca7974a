#pragma once
#include "gis/detail/geojson.hpp"
#include "gis/detail/layers.hpp"

#include <optional>
#include <string>
#include <vector>

/// The event drawing: kinds, properties, checks. docs/formats/event-drawing.md is the master.
namespace throng::gis::detail {

/// A gate as drawn, before it is put onto its fence.
struct GateRequest {
  enum class Side : std::uint8_t { both, forward, backward, in, out } side = Side::both;
  GateSpan span;  ///< a, b as drawn; a == b for a point
  bool drawn_as_point = false;
  bool free_standing = false;  ///< oneway: needs no fence
  bool city = false;           ///< a gap in a city barrier
  std::string label;
};

/// An end of a walkway or of stairs that joins another sheet.
struct Joint {
  Vec2 a, b;      ///< the end edge
  Vec2 inward;    ///< unit, into the object
  int level = 0;  ///< of the object
  int other = 0;  ///< of the sheet it meets
  std::string source_id;
};

struct Drawing {
  const std::vector<Street>* streets = nullptr;  ///< that a closure may name
  EventLayer layer;                              ///< gates and portals still empty
  std::vector<GateRequest> gates;
  std::vector<Joint> joints;
  std::vector<WalkablePart> traffic_closures;
  Polygons perimeter;
  std::vector<std::pair<std::string, Vec2>> somewhere;  ///< id and a point of every object
};

/// Add the event objects of one file (coordinates already projected and shifted).
void read_event(const std::vector<Feature>&, Drawing&, Faults&, ImportReport&);
/// Checks across objects: ids, belongs_to.
void check_references(const Drawing&, const std::vector<Feature>&, Faults&);
/// All words allowed for `kind` in an event drawing.
std::vector<std::string> event_kinds();

/// Base shapes of a plan become layers; what is left are event objects.
struct PlanParts {
  std::vector<Feature> event;
  std::size_t n_walkable = 0;
};
PlanParts read_plan(const FeatureFile&, Layers&, Faults&, ImportReport&);

}  // namespace throng::gis::detail
