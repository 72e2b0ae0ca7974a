#pragma once
#include "sim/nav/detail/solver.hpp"

#include <vector>

namespace throng::detail {

/// A node whose direction the goal itself decides.
struct Aim {
  std::int32_t node = -1;
  Vec2 offset;           ///< point to walk to, from the cell centre [m]
  bool arrived = false;  ///< wholly inside the goal: no direction
};

/// Where a field begins: nodes of the goal, and how to walk the last metres.
struct Goal {
  std::vector<Seed> seeds;
  std::vector<Aim> aims;            ///< ascending by node
  std::uint32_t greatest_seed = 0;  ///< no aim lies above this cost
  void close();                     ///< sort the aims, find the greatest seed
};

/// All nodes in or touching an area place, at their distance to the area; all nodes along a line place.
Goal goal_of_place(const Graph& graph, const World& world, const Place& place, bool steps);
/// Nodes around a point that see it.
Goal goal_of_point(const Graph& graph, const World& world, Vec2 x, FaceId face, bool steps);

/// Node of the sample below a point of a level, or of the nearest sample beside it; -1 where there is none.
std::int32_t node_below(const Graph& graph, Vec2 x, LevelId level);
/// Does a wall leave no room to spare at a point, while there is some where the node stands?
bool is_cramped(const Graph& graph, std::int32_t node, Vec2 x, Vec2 centre);

}  // namespace throng::detail
