#pragma once
#include "sim/scenario/scenario.hpp"
#include "sim/world/world.hpp"

#include <optional>
#include <span>
#include <vector>

/// Which places can be walked to, now and when doors change.
namespace throng {

/// Ground that can be walked to through doors as they are.
class Reach {
 public:
  Reach(const World& world, std::vector<DoorState> doors, bool step_free = false);
  void from(const Place& place);           ///< add what can be walked to from here
  bool touches(const Place& place) const;  ///< is any face of it reached?

 private:
  const World& world_;
  std::vector<DoorState> doors_;
  bool step_free_;
  std::vector<bool> reached_;
};

struct DoorChange {
  double time = 0.0;  ///< [s], of any clock
  std::size_t door = 0;
  DoorState state{};
};
/// Changes of a scenario that turn doors, ascending by time [s since start].
std::vector<DoorChange> door_changes(const World&, const std::vector<TimedChange>&);

/// A place to go to that no source reaches at first.
struct ClosedPlace {
  PlaceId place{};
  std::optional<double> opens;  ///< time of the first change that opens a way; nothing when none does
};
/// Exits, waypoints, audiences, stays and servers out of reach of all `sources` before the first change (ascending by
/// place). `changes` ascend by time.
std::vector<ClosedPlace> closed_at_first(const World&, const std::vector<const Place*>& sources,
                                         std::vector<DoorState> doors, std::span<const DoorChange> changes);

}  // namespace throng
