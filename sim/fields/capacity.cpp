#include "sim/fields/capacity.hpp"

#include <algorithm>
#include <array>

namespace throng {
namespace {

double length_of(const std::vector<Vec2>& line) {
  double sum = 0.0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += distance(line[i - 1], line[i]);
  return sum;
}

std::vector<double> widths(const World& world, PlaceKind kind) {
  std::vector<double> out;
  for (std::size_t p = 0; p < world.places().size(); ++p)
    if (world.places()[p].shape.kind == kind) out.push_back(passable_width(world, static_cast<PlaceId>(p)));
  return out;
}

double sum(const std::vector<double>& values) {
  double out = 0.0;
  for (const double v : values) out += v;
  return out;
}

/// Does any place of this kind cover the face?
bool in_kind(const World& world, FaceId face, PlaceKind kind) {
  const auto places = world.places_at(face);
  return std::any_of(places.begin(), places.end(),
                     [&](PlaceId p) { return world.places()[index(p)].shape.kind == kind; });
}

/// Area of the faces that lie in a zone of this kind, each counted once [m²].
double zone_area(const World& world, ZoneKind kind) {
  std::vector<bool> inside(world.mesh().face.size(), false);
  for (const MeasurementZone& zone : world.zones())
    if (zone.kind == kind)
      for (const FaceId f : world.places()[index(zone.place)].faces) inside[index(f)] = true;
  double area = 0.0;
  for (std::size_t f = 0; f < inside.size(); ++f)
    if (inside[f]) area += world.mesh().face_area(static_cast<FaceId>(f));
  return area;
}

}  // namespace

double passable_width(const World& world, PlaceId id) {
  const Place& place = world.places()[index(id)];
  if (place.shape.areas.empty()) return length_of(place.shape.line);
  const WalkableMesh& mesh = world.mesh();
  double width = 0.0;
  for (const FaceId f : place.faces) {
    const MeshFace& face = mesh.face[index(f)];
    for (std::size_t k = 0; k < 3; ++k) {
      if (face.neighbour[k] < 0 || face.barrier[k] == edge_wall) continue;
      if (in_kind(world, static_cast<FaceId>(face.neighbour[k]), place.shape.kind)) continue;
      width += distance(mesh.vertex[static_cast<std::size_t>(face.vertex[k])],
                        mesh.vertex[static_cast<std::size_t>(face.vertex[(k + 1) % 3])]);
    }
  }
  return width;
}

CapacitySheet capacity_sheet(const World& world, const CapacityInputs& inputs) {
  CapacitySheet sheet;
  sheet.inputs = inputs;
  sheet.entry_width = sum(widths(world, PlaceKind::source));
  const std::vector<double> exits = widths(world, PlaceKind::exit);
  sheet.exit_width = sum(exits);
  sheet.emergency_width = sheet.exit_width - (exits.size() > 1 ? *std::max_element(exits.begin(), exits.end()) : 0.0);
  sheet.holding_area = zone_area(world, ZoneKind::standing);
  sheet.holding_area_of = "standing zones";
  if (sheet.holding_area <= 0.0)
    sheet.holding_area = zone_area(world, ZoneKind::site), sheet.holding_area_of = "site zone";
  if (sheet.holding_area <= 0.0) sheet.holding_area = world.area(), sheet.holding_area_of = "whole ground";
  sheet.entry = inputs.entry_flow.value * sheet.entry_width * inputs.entry_time.value;
  sheet.holding_capacity =
      sheet.holding_area / 10.0 * inputs.holding.value * std::min(inputs.physical.value, inputs.safety.value);
  sheet.exit = inputs.exit_flow.value * sheet.exit_width * inputs.exit_time.value;
  sheet.emergency = inputs.emergency_flow.value * sheet.emergency_width * inputs.emergency_time.value;
  const std::array<std::pair<double, const char*>, 4> all{{{sheet.entry, "entry"},
                                                           {sheet.holding_capacity, "holding"},
                                                           {sheet.exit, "exit"},
                                                           {sheet.emergency, "emergency exit"}}};
  const auto least =
      std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  sheet.final_capacity = least->first;
  sheet.limited_by = least->second;
  return sheet;
}

}  // namespace throng
