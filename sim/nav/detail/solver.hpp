#pragma once
#include "sim/nav/detail/graph.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
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

inline constexpr std::uint32_t no_cost = DistanceField::no_way;

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

/// The ground under one RouteCosts: what fields are solved on.
struct PricedGround {
  /// One kind of walker.
  struct Walker {
    Passage passage;
    DoorMasks masks;
  };
  std::vector<std::uint16_t> crossing;  ///< (nodes) cost of crossing the cell now: free flow times slowness
  Walker walking, step_free;
  const Walker& of(Mobility m) const { return m == Mobility::walking ? walking : step_free; }
};
PricedGround price(const Graph& graph, std::span<const DoorState> doors, std::span<const float> slowness);

/// Solves fields. Keeps its working memory for the next one: it is large, and most of it is touched every time.
class Marcher {
 public:
  Marcher();
  ~Marcher();
  /// (ground nodes) cost to the seeds; no_cost where there is no way. Safe to call from several threads.
  std::vector<std::uint32_t> march(const Graph& graph, const PricedGround& ground, Mobility mobility,
                                   const std::vector<Seed>& seeds);

 private:
  struct Scratch;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> free_;
};

}  // namespace throng::detail
