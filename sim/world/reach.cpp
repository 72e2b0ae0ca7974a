#include "sim/world/reach.hpp"

#include <algorithm>

namespace throng {
namespace {

bool is_goal(const Place& place) {
  const PlaceKind kind = place.shape.kind;
  return !place.faces.empty() && (kind == PlaceKind::exit || kind == PlaceKind::waypoint ||
                                  kind == PlaceKind::audience || kind == PlaceKind::stay || kind == PlaceKind::server);
}

std::optional<std::size_t> door_of(const World& world, const std::string& id) {
  for (std::size_t d = 0; d < world.doors().size(); ++d)
    if (world.doors()[d].id == id) return d;
  return std::nullopt;
}

/// What a change makes of a door; nothing for changes that turn none. A closed area still lets people out.
std::optional<DoorState> state_after(const TimedChange& change) {
  switch (change.kind) {
    case ChangeKind::gate_open:
    case ChangeKind::area_open:
      return DoorState::open;
    case ChangeKind::gate_close:
      return DoorState::closed;
    case ChangeKind::area_close:
      return DoorState::forward_only;
    case ChangeKind::gate_direction:
      return change.direction == GateDirection::forward    ? DoorState::forward_only
             : change.direction == GateDirection::backward ? DoorState::backward_only
                                                           : DoorState::open;
    case ChangeKind::gate_meter:
    case ChangeKind::source_factor:
      break;
  }
  return std::nullopt;
}

}  // namespace

Reach::Reach(const World& world, std::vector<DoorState> doors, bool step_free)
    : world_(world), doors_(std::move(doors)), step_free_(step_free), reached_(world.mesh().face.size()) {}

void Reach::from(const Place& place) {
  std::vector<FaceId> stack;
  const auto enter = [&](FaceId f) {
    if (reached_[index(f)]) return;
    if (step_free_ && world_.mesh().face[index(f)].surface == Surface::steps) return;
    reached_[index(f)] = true;
    stack.push_back(f);
  };
  for (const FaceId f : place.faces) enter(f);
  while (!stack.empty()) {
    const MeshFace& face = world_.mesh().face[index(stack.back())];
    stack.pop_back();
    for (int k = 0; k < 3; ++k)
      if (passable(face, k, doors_)) enter(FaceId{face.neighbour[static_cast<std::size_t>(k)]});
  }
}

bool Reach::touches(const Place& place) const {
  return std::any_of(place.faces.begin(), place.faces.end(), [&](FaceId f) { return reached_[index(f)]; });
}

std::vector<DoorChange> door_changes(const World& world, const std::vector<TimedChange>& changes) {
  std::vector<DoorChange> out;
  for (const TimedChange& change : changes) {
    const auto door = door_of(world, change.target);
    const auto state = state_after(change);
    if (door && state) out.push_back({change.time, *door, *state});
  }
  std::stable_sort(out.begin(), out.end(), [](const DoorChange& a, const DoorChange& b) { return a.time < b.time; });
  return out;
}

std::vector<ClosedPlace> closed_at_first(const World& world, const std::vector<const Place*>& sources,
                                         std::vector<DoorState> doors, std::span<const DoorChange> changes) {
  const auto reach_now = [&] {
    Reach reach(world, doors);
    for (const Place* source : sources) reach.from(*source);
    return reach;
  };
  std::vector<ClosedPlace> out;
  const Reach first = reach_now();
  for (std::size_t p = 0; p < world.places().size(); ++p)
    if (is_goal(world.places()[p]) && !first.touches(world.places()[p]))
      out.push_back({PlaceId{static_cast<std::int32_t>(p)}, std::nullopt});
  for (std::size_t i = 0; i < changes.size(); ++i) {
    if (std::all_of(out.begin(), out.end(), [](const ClosedPlace& c) { return c.opens.has_value(); })) break;
    doors[changes[i].door] = changes[i].state;
    if (i + 1 < changes.size() && changes[i + 1].time == changes[i].time) continue;  // all of one moment together
    const Reach now = reach_now();
    for (ClosedPlace& closed : out)
      if (!closed.opens && now.touches(world.places()[index(closed.place)])) closed.opens = changes[i].time;
  }
  return out;
}

}  // namespace throng
