#pragma once
#include "sim/nav/detail/goals.hpp"
#include "sim/nav/detail/graph.hpp"
#include "sim/nav/detail/solver.hpp"

#include <cstdint>
#include <vector>

/// The way down a solved field, found where somebody asks for it: far fewer people ask than there are nodes.
namespace throng::detail {

/// What a node tells those who stand in its cell.
struct Pointer {
  enum class Kind : std::uint8_t {
    none,    ///< inside the goal, or no way
    unit,    ///< `value` is a unit vector
    target,  ///< `value` is the point to walk to, from the centre of the node's cell [m]
  } kind = Kind::none;
  Vec2 value;
};

class Descent {
 public:
  Descent(const Graph& graph, const DistanceField& field);

  std::uint32_t cost(std::int32_t node) const { return cost_[graph_.ground.position(node)]; }
  Pointer at(std::int32_t node) const;
  /// Sum of the unit vectors of four open nodes around a point by weight. `south_west` is the first of them; `row` the
  /// length of a row of cells. Nodes of the goal count as zero. Falls back on at() where one of the four is not open.
  Vec2 blend(std::int32_t south_west, std::int32_t row, const std::array<double, 4>& weight) const;

 private:
  const Aim* aim(std::int32_t node, std::uint32_t cost) const;
  Vec2 sight_target(std::int32_t node, bool& found) const;
  std::uint8_t choose_aim(std::int32_t node, const NodeRecord& record) const;
  std::int32_t node_at(std::uint8_t aim, std::int32_t node, const NodeRecord& record) const;
  Vec2 stand(std::int32_t node, const LevelGrid& from_grid, std::int32_t from_cell) const;
  bool may_go(std::int32_t node, const ExtraLink& link) const;

  const Graph& graph_;
  const std::uint32_t* cost_;
  const Goal& goal_;
  const std::uint16_t* crossing_;
  std::vector<std::uint8_t>& memory_;
  const PricedGround::Walker& walker_;
};

}  // namespace throng::detail
