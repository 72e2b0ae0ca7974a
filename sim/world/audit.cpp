#include "sim/core/math.hpp"
#include "sim/core/time.hpp"
#include "sim/scenario/drawing_defaults.hpp"
#include "sim/world/detail/compile.hpp"
#include "sim/world/reach.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace throng::detail {
namespace {

Vec2 middle_of(const PlaceShape& shape) {
  if (!shape.areas.empty()) return centroid(shape.areas.front());
  return shape.line.empty() ? Vec2{} : shape.line[shape.line.size() / 2];
}

class Auditor {
 public:
  Auditor(const World& world, const Canonical& in, Notes& notes) : world_(world), in_(in), notes_(notes) {}

  void run() {
    if (world_.mesh().face.empty()) notes_.error("G301", "", {}, "there is no walkable ground");
    check_areas();
    check_lines();
    check_doors();
    check_reach();
    check_step_free();
    check_mesh();
  }

 private:
  std::vector<const Place*> of_kind(PlaceKind kind) const {
    std::vector<const Place*> out;
    for (const Place& place : world_.places())
      if (place.shape.kind == kind && !place.faces.empty()) out.push_back(&place);
    return out;
  }

  void check_areas() {
    for (const Place& place : world_.places()) {
      const PlaceShape& shape = place.shape;
      if (shape.areas.empty() || shape.kind == PlaceKind::service_lane) continue;
      const bool small = shape.kind == PlaceKind::server || shape.kind == PlaceKind::closure ||
                         shape.kind == PlaceKind::perimeter || shape.kind == PlaceKind::queue_lane;
      const double least = small ? 0.05 : 1.0;
      if (place.area < least)
        notes_.error("E641", shape.id, middle_of(shape),
                     std::string("the ") + to_string(shape.kind) + " has only " + metres(place.area) +
                         " m² of walkable ground, " + metres(least) + " m² are needed");
      else if (shape.kind == PlaceKind::source && !has_room(place))
        notes_.error("E643", shape.id, middle_of(shape), "the source has no room for a person anywhere");
    }
  }

  /// Is there a point of the place 0.25 m from every wall?
  bool has_room(const Place& place) const {
    constexpr double clearance = 0.25, spacing = 0.125;
    for (const Polygon& shape : place.shape.areas) {
      const Box box = bounds(shape);
      std::vector<Wall> walls;
      for (const Wall& wall : world_.walls())
        if (wall.level == place.shape.level && std::min(wall.a.x, wall.b.x) < box.max.x + clearance &&
            std::max(wall.a.x, wall.b.x) > box.min.x - clearance &&
            std::min(wall.a.y, wall.b.y) < box.max.y + clearance &&
            std::max(wall.a.y, wall.b.y) > box.min.y - clearance)
          walls.push_back(wall);
      for (double y = box.min.y + 0.5 * spacing; y < box.max.y; y += spacing)
        for (double x = box.min.x + 0.5 * spacing; x < box.max.x; x += spacing) {
          const Vec2 p{x, y};
          const bool clear = std::all_of(walls.begin(), walls.end(), [&](const Wall& w) {
            return distance(nearest_on_segment(p, w.a, w.b), p) >= clearance;
          });
          if (!clear) continue;
          const auto face = world_.locate(p, place.shape.level);
          if (face && std::binary_search(place.faces.begin(), place.faces.end(), *face)) return true;
        }
    }
    return false;
  }

  void check_lines() {
    for (const MeasurementLine& line : world_.lines())
      if (line.width < 0.05)
        notes_.error("E642", line.id, line.line[line.line.size() / 2], "the counting line crosses no walkable ground");
    for (const Place& place : world_.places())
      if (place.shape.areas.empty() && place.faces.empty())
        notes_.error("E642", place.shape.id, middle_of(place.shape),
                     std::string("the ") + to_string(place.shape.kind) + " line touches no walkable ground");
  }

  void check_doors() {
    for (std::size_t d = 0; d < world_.doors().size(); ++d) {
      const Door& door = world_.doors()[d];
      if (door.is_area) {
        const Place& area = world_.places()[index(door.area)];
        if (door.segments.empty() && area.area > 0.0)
          notes_.warning("E646", door.id, middle_of(area.shape),
                         "closing the area shuts nothing: no way leads out of it");
        continue;
      }
      const GateSpan& gate = in_.gates[d];
      if (in_.city_gates.contains(gate.id)) continue;  // nobody drew these for the event; widths are mostly defaults
      const double drawn = distance(gate.a, gate.b);
      const Vec2 at = 0.5 * (gate.a + gate.b);
      if (door.segments.empty())
        notes_.error("E644", door.id, at, "the gate leads nowhere: there is no walkable ground on both of its sides");
      else if (door.width < drawn - 0.05)
        notes_.warning("E648", door.id, at,
                       "only " + metres(door.width) + " m of the gate's " + metres(drawn) + " m can be walked through");
    }
  }

  void check_reach() {
    const auto sources = of_kind(PlaceKind::source), exits = of_kind(PlaceKind::exit);
    if (sources.empty()) return;
    Reach ever(world_, std::vector<DoorState>(world_.doors().size(), DoorState::open));
    for (const Place* source : sources) ever.from(*source);
    const auto schedule = drawn_schedule();
    for (const ClosedPlace& closed : closed_at_first(world_, sources, world_.initial_doors(), schedule)) {
      const Place& place = world_.places()[index(closed.place)];
      const Vec2 at = middle_of(place.shape);
      const std::string what = std::string("the ") + to_string(place.shape.kind) + " cannot be reached from any source";
      if (!ever.touches(place)) {
        if (place.shape.kind == PlaceKind::exit)
          notes_.error("G303", place.shape.id, at, what + " in any state of the gates");
        else
          notes_.warning("G313", place.shape.id, at, what + " in any state of the gates");
      } else if (closed.opens) {
        notes_.warning("G308", place.shape.id, at,
                       what + " with the gates as drawn, until the drawing's schedule opens a way at " +
                           format_duration(*closed.opens));
      } else {
        notes_.warning("G308", place.shape.id, at,
                       what +
                           " with the gates as drawn, and no schedule in the drawing opens a way; "
                           "the scenario must (throng validate tells when)");
      }
    }
    for (const Place* source : sources) {
      Reach here(world_, std::vector<DoorState>(world_.doors().size(), DoorState::open));
      here.from(*source);
      if (!exits.empty() && std::none_of(exits.begin(), exits.end(), [&](const Place* e) { return here.touches(*e); }))
        notes_.error("G303", source->shape.id, middle_of(source->shape), "no way leads from the source to any exit");
    }
  }

  /// What gates do by the schedules of the drawing, by time of day.
  std::vector<DoorChange> drawn_schedule() const {
    std::vector<TimedChange> changes;
    for (const DrawingDefault& one : world_.data().defaults) {
      if (!is_schedule(one)) continue;
      for (const ScheduleEntry& entry : parse_schedule(one.value).value_or(std::vector<ScheduleEntry>{})) {
        TimedChange change;
        change.time = entry.clock;
        const bool is_area = std::any_of(world_.doors().begin(), world_.doors().end(),
                                         [&](const Door& d) { return d.is_area && d.id == one.object_id; });
        change.kind = is_area ? (entry.open ? ChangeKind::area_open : ChangeKind::area_close)
                              : (entry.open ? ChangeKind::gate_open : ChangeKind::gate_close);
        change.target = one.object_id;
        changes.push_back(std::move(change));
      }
    }
    return door_changes(world_, changes);
  }

  void check_step_free() {
    const auto& faces = world_.mesh().face;
    const auto exits = of_kind(PlaceKind::exit), sources = of_kind(PlaceKind::source);
    const std::vector<DoorState> open(world_.doors().size(), DoorState::open);
    if (std::none_of(faces.begin(), faces.end(), [](const MeshFace& f) { return f.surface == Surface::steps; })) return;
    Reach all(world_, open, true);
    for (const Place* source : sources) {
      Reach here(world_, open, true), with_steps(world_, open);
      here.from(*source), with_steps.from(*source), all.from(*source);
      const auto any = [&](const Reach& reach) {
        return std::any_of(exits.begin(), exits.end(), [&](const Place* e) { return reach.touches(*e); });
      };
      if (any(with_steps) && !any(here))
        notes_.warning("G310", source->shape.id, middle_of(source->shape),
                       std::string("every way from the source to an exit leads over steps") +
                           (source->shape.step_free ? ", although it is drawn as step-free" : ""));
    }
    for (const Place* exit : exits)
      if (exit->shape.step_free && !sources.empty() && !all.touches(*exit))
        notes_.warning("G310", exit->shape.id, middle_of(exit->shape),
                       "the exit is drawn as step-free, but every way to it leads over steps");
  }

  void check_mesh() {
    const WalkableMesh& mesh = world_.mesh();
    std::map<std::int32_t, int> borders;  // border edges that begin at a vertex
    std::size_t n_thin = 0, n_pinched = 0;
    double thinnest = math::pi;
    Vec2 thin_at, pinched_at;
    for (const MeshFace& face : mesh.face) {
      for (std::size_t k = 0; k < 3; ++k) {
        const Vec2 p = mesh.vertex[static_cast<std::size_t>(face.vertex[k])];
        if (face.neighbour[k] < 0 && ++borders[face.vertex[k]] == 2 && n_pinched++ == 0) pinched_at = p;
        const Vec2 a = mesh.vertex[static_cast<std::size_t>(face.vertex[(k + 1) % 3])] - p;
        const Vec2 b = mesh.vertex[static_cast<std::size_t>(face.vertex[(k + 2) % 3])] - p;
        const double angle = math::atan2(cross(a, b), dot(a, b));
        if (angle < math::pi / 180.0) ++n_thin;
        if (angle < thinnest) thinnest = angle, thin_at = p;
      }
    }
    if (n_pinched > 0)
      notes_.info(
          "G305", "", pinched_at,
          "the ground touches itself in a point without a way through (" + std::to_string(n_pinched) + " times)");
    if (n_thin > 0)
      notes_.info("M801", "", thin_at,
                  std::to_string(n_thin) + " angles of the mesh are below 1 degree, the least " +
                      metres(thinnest * 180.0 / math::pi, 4) + " degrees");
    constexpr std::size_t budget = 300'000;
    if (mesh.face.size() > budget)
      notes_.warning("M803", "", {},
                     "the mesh has " + std::to_string(mesh.face.size()) + " triangles, more than " +
                         std::to_string(budget) + ": expect slow building and large files");
  }

  const World& world_;
  const Canonical& in_;
  Notes& notes_;
};

}  // namespace

void audit(const World& world, const Canonical& in, Notes& notes) { Auditor(world, in, notes).run(); }

}  // namespace throng::detail
