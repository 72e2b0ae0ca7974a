#pragma once
#include "sim/nav/detail/lattice.hpp"
#include "sim/nav/navigation.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// The nodes that fields are solved on: one per connected free part of a cell. Node i < n_cells is the largest part of
/// cell i; further parts of cut cells follow. All nodes of a cell stand at its centre as far as walking cost goes, so a
/// wall that cuts a cell shifts costs by less than half a cell, without adding up along the way.
namespace throng::detail {

/// Cells in sight of a node lie up to star_reach columns and rows away.
inline constexpr int star_reach = 3;
inline constexpr int star_side = 2 * star_reach + 1;
inline constexpr int star_cells = star_side * star_side;

/// When a link may be used: 0 = always; else a door and a direction, "only by people who climb steps", or both.
using Condition = std::int32_t;
inline constexpr Condition condition_steps = 1 << 30;
/// Condition of passing a door; backward: against its forward direction.
constexpr Condition condition_of(int door, bool backward) { return 2 * door + (backward ? 1 : 0) + 1; }
/// Condition of the way back.
constexpr Condition reversed(Condition c) {
  const Condition door = c & ~condition_steps;
  return (c & condition_steps) | (door == 0 ? 0 : ((door - 1) ^ 1) + 1);
}

/// What a node is to the solver.
enum class NodeKind : std::uint8_t {
  none,       ///< no ground
  open,       ///< free cell, all eight neighbours joined to it and to each other: direction from the gradient
  complete,   ///< cut, or close to a corner, with such neighbours: solved like `open`, direction by sight
  irregular,  ///< solved by its own list of links
};

/// A cell that is not simply all free: which node each sample belongs to.
struct CellRecord {
  std::uint32_t inside = 0, free = 0, comfort = 0;  ///< sample bits: on the ground; with room for a body; and to spare
  std::uint32_t cut_east = 0, cut_north = 0;        ///< bit: a wall or door crosses the step from the sample
  std::array<std::int32_t, 6> node{};               ///< nodes of the samples; the cell's own come first
  std::array<std::uint8_t, samples_per_cell> label{};  ///< index into node; none = 255
  std::uint8_t n_own = 0;
};
inline constexpr std::uint8_t no_label = 255;

/// Explicit links of a node near walls. Bit d of `links`: from neighbour[d] one may come here. Bits d and d + 1 of
/// `triangles` (d even): the front may pass to neighbour[d] from between here and neighbour[d + 2], neighbour[d - 2].
struct NodeRecord {
  std::array<std::int32_t, 8> neighbour{-1, -1, -1, -1, -1, -1, -1, -1};
  std::uint64_t sight = 0;       ///< bit (dy + reach) * side + dx + reach: one walks straight to that cell's first node
  std::uint64_t comfort = 0;     ///< the same without coming close to walls
  std::uint64_t spacious = 0;    ///< the same with room for another beside
  std::int32_t door = -1;        ///< index into doors, when a link has a condition
  std::int32_t extra_begin = 0;  ///< into extras
  std::uint8_t n_extra = 0;
  std::uint8_t links = 0, triangles = 0;
  std::uint8_t stand = 12;  ///< sample that the node stands on: nearest to the cell centre, if possible off walls
};

/// A further way into a node: through a door within the cell, to another level, past the end of a fence.
struct ExtraLink {
  std::int32_t from = -1;
  Condition condition = 0;
  enum class Length : std::uint8_t { none, side, diagonal } length{};
};

/// Conditions of a node whose links pass doors or lead onto steps.
struct DoorNode {
  std::int32_t node = -1;
  std::uint64_t sight_open = 0, comfort_open = 0, spacious_open = 0;  ///< the same with all doors open
  std::array<Condition, 8> link{};                                    ///< of coming from neighbour[d]
  std::array<Condition, 8> triangle{};                                ///< of the triangle's outer side
};

inline constexpr double cost_units_per_cell = 4096.0;  ///< integer costs: cell / 4096 each
inline constexpr int max_cost_factor = 15;             ///< slowness times clearance is cut off here

struct Graph {
  Lattice lattice;
  std::int32_t n_nodes = 0;
  std::vector<NodeKind> kind;            ///< (nodes)
  std::vector<std::uint16_t> cost;       ///< (nodes) cost units of crossing one cell in free flow
  std::vector<std::int32_t> extra_cell;  ///< (nodes - cells) cell of a further node
  Rank cut;                              ///< cells with a CellRecord
  std::vector<CellRecord> cells;
  Rank irregular;  ///< nodes with a NodeRecord
  std::vector<NodeRecord> records;
  std::vector<ExtraLink> extras;
  std::vector<DoorNode> doors;
  Rank ground;                                  ///< nodes that are not `none`: fields hold these only
  std::vector<std::int32_t> ground_node;        ///< (ground nodes)
  std::vector<std::int32_t> ground_congestion;  ///< (ground nodes) index of the congestion cell, -1 = none
  std::vector<std::int32_t> congestion;  ///< (2 m cells of all levels) index of the congestion cell, -1 = no ground
  std::vector<float> congestion_area;    ///< [m²]
  /// (congestion cells) those one walks to directly from it: itself and up to eight around it, -1 = none
  std::vector<std::array<std::int32_t, 9>> congestion_near;

  std::int32_t cell_of_node(std::int32_t node) const {
    return node < lattice.n_cells ? node : extra_cell[static_cast<std::size_t>(node - lattice.n_cells)];
  }
  const NodeRecord* record(std::int32_t node) const {
    return irregular.has(node) ? &records[irregular.position(node)] : nullptr;
  }
  const CellRecord* cell_record(std::int32_t cell) const {
    return cut.has(cell) ? &cells[cut.position(cell)] : nullptr;
  }
};

Graph build_graph(const World& world, const NavigationOptions& options);

}  // namespace throng::detail
