#pragma once
#include "sim/nav/detail/graph.hpp"

#include <cstdint>
#include <vector>

/// Shortest walking cost from every node to a goal, in integers.
///
/// The front passes to a node i from between a neighbour a on a side and a neighbour b on a corner next to a, with
/// u_i = min over t of the cost of the point at t between a and b plus the way from there:
///   u_i = u_b + K(u_a - u_b),   K(d) = d + sqrt(S^2 - d^2) for 0 <= d <= S / sqrt 2, constant beyond,
/// S the cost of crossing cell a: fast marching (Sethian 1996, doi:10.1073/pnas.93.4.1591) on the eight triangles
/// around a node (Tsitsiklis 1995, doi:10.1109/9.412624). In whole units K is monotone and passes on nothing below u_a,
/// so the costs have exactly one solution whatever the order in which nodes are handled: the same bits everywhere.
namespace throng::detail {

inline constexpr std::uint32_t no_cost = 0xFFFFFFFFU;

/// A node of the goal with its distance to the goal's area [cost units].
struct Seed {
  std::int32_t node = -1;
  std::uint32_t cost = 0;
};

/// What is open: one flag per condition (0 = always true), and whether steps may be walked.
class Passage {
 public:
  Passage(std::span<const DoorState> doors, bool steps);
  bool allows(Condition c) const {
    if ((c & condition_steps) != 0 && !steps_) return false;
    return open_[static_cast<std::size_t>(c & ~condition_steps)] != 0;
  }
  bool steps() const { return steps_; }

 private:
  std::vector<std::uint8_t> open_;
  bool steps_ = true;
};

/// Links of the door nodes as they are now: the masks of NodeRecord less what is closed.
struct DoorMasks {
  std::vector<std::uint8_t> links, triangles;  ///< (doors)
  std::vector<std::uint8_t> exits;             ///< (doors) bit d: one may go to neighbour[d]
  std::vector<std::uint8_t> all_open;          ///< (doors)
};
DoorMasks door_masks(const Graph& graph, const Passage& passage);

/// Cost of crossing each node's cell now: free flow times slowness. Empty slowness = graph.cost itself.
std::vector<std::uint16_t> crossing_costs(const Graph& graph, std::span<const float> slowness);

/// (nodes) cost to the seeds; no_cost where there is no way.
std::vector<std::uint32_t> march(const Graph& graph, const std::vector<std::uint16_t>& crossing, const Passage& passage,
                                 const DoorMasks& masks, const std::vector<Seed>& seeds);

}  // namespace throng::detail
