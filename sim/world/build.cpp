#include "sim/core/error.hpp"
#include "sim/world/detail/compile.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

namespace throng {

namespace {

/// Levels of a compiled world are 0, 1, 2, ...: the ground keeps 0, the others follow by height. Names keep the numbers
/// of the drawing.
void number_levels(WorldData& data) {
  std::stable_sort(data.levels.begin(), data.levels.end(), [](const Level& a, const Level& b) {
    const auto key = [](const Level& level) {
      return std::tuple(level.id == LevelId{} ? 0 : 1, level.height, static_cast<int>(level.id));
    };
    return key(a) < key(b);
  });
  std::map<LevelId, LevelId> number;
  for (Level& level : data.levels) {
    const LevelId id{static_cast<std::int16_t>(number.size())};
    number.emplace(level.id, id);
    if (level.name.empty() && level.id != id) level.name = std::to_string(static_cast<int>(level.id));
    level.id = id;
  }
  // What stands on a level without any ground is of no use to a run.
  const auto nowhere = [&](const auto& object) { return !number.contains(object.level); };
  std::erase_if(data.obstacles, nowhere);
  std::erase_if(data.landmarks, nowhere);
  std::erase_if(data.sensors, nowhere);
  const auto renumber = [&](LevelId& level) {
    if (const auto found = number.find(level); found != number.end()) level = found->second;
  };
  for (MeshFace& face : data.mesh.face) renumber(face.level);
  for (Door& door : data.doors) renumber(door.level);
  for (Place& place : data.places) renumber(place.shape.level);
  for (MeasurementLine& line : data.lines) renumber(line.level);
  for (Post& post : data.posts) renumber(post.level);
  for (SheetLink& link : data.links) renumber(link.a), renumber(link.b);
  for (Obstacle& obstacle : data.obstacles) renumber(obstacle.level);
  for (Landmark& landmark : data.landmarks) renumber(landmark.level);
  for (SensorSite& sensor : data.sensors) renumber(sensor.level);
}

}  // namespace

BuildResult build_world(const SiteGeometry& site, const BuildOptions& options) {
  constexpr double tolerance = 2e-3;  // lines nearer than this are one [m]
  detail::Notes notes;
  const detail::Canonical in = detail::canonical(site, notes);
  const detail::Arrangement arrangement = detail::arrange(in, tolerance, notes);
  std::vector<std::int32_t> closure_door;
  std::vector<Door> doors = detail::make_doors(in, closure_door);
  detail::Draft draft = detail::triangulate_levels(in, arrangement, notes);
  detail::sew_portals(draft, in, arrangement, notes);
  detail::set_barriers(draft, in, arrangement, closure_door, notes);
  detail::refine(draft, options.max_edge);
  BuildResult out;
  out.data = detail::assemble(site, in, arrangement, std::move(draft), std::move(doors), options, notes);
  try {
    const World world(out.data, site.name);
    detail::audit(world, in, notes);
    detail::audit_lanes(world, notes);
  } catch (const InputError& error) {
    for (const Fault& fault : error.faults()) notes.error("M805", "", {}, fault.text());
  }
  number_levels(out.data);
  out.notes = notes.take();
  return out;
}

}  // namespace throng
