#pragma once
#include "sim/core/error.hpp"
#include "sim/nav/detail/graph.hpp"
#include "sim/nav/detail/raster.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

/// The stages of build_graph, which share the dense tables below.
namespace throng::detail {

/// A mesh edge that matters: blocked, a door, or the seam of two levels.
struct MeshEdge {
  Vec2 a, b;  ///< the face lies left of a -> b
  std::int32_t face = -1, neighbour = -1;
  int grid = 0, other = 0;  ///< levels of the face and of its neighbour
  Condition leaving = 0;    ///< condition of leaving the face through the edge
};

struct EdgeLists {
  std::vector<MeshEdge> walls, doors, seams;
  std::vector<std::pair<Vec2, int>> corners;  ///< ends and bends of walls, and their levels
};

struct Build {
  Build(const World& w, const NavigationOptions& o, Graph& g) : world(w), options(o), graph(g) {}

  const World& world;
  NavigationOptions options;
  Graph& graph;
  EdgeLists edges;
  std::vector<std::uint32_t> inside, free, steps;  ///< (cells) sample bits; steps empty when there are none
  std::vector<std::uint32_t> comfort, spacious;    ///< (cells) samples with room to spare, with room for two
  std::vector<std::uint8_t> near_corner;           ///< (cells) 1 where ways bend round walls
  std::vector<float> wall_distance;                ///< (cells) of the centre, up to the berth [m]
  std::vector<std::uint32_t> cut_east, cut_north;  ///< (cut cells) bit: a wall or door crosses the step from the sample
  std::vector<std::pair<std::uint64_t, Condition>> crossings;  ///< sorted: step -> condition of going east or north
  std::vector<std::int32_t> candidates;                        ///< nodes with a record, ascending
  std::vector<std::array<Condition, 8>> conditions;            ///< (candidates) of coming from neighbour[d]
  std::vector<std::vector<ExtraLink>> extra;                   ///< (candidates)

  static std::uint64_t step_key(std::int32_t cell, int sample, bool east) {
    return (static_cast<std::uint64_t>(cell) * samples_per_cell + static_cast<std::uint64_t>(sample)) * 2 +
           (east ? 1 : 0);
  }
  /// Condition of the step east or north from a sample; `backward` for the way back.
  Condition crossing(std::int32_t cell, int sample, bool east, bool backward) const;
  bool on_steps(std::int32_t cell, int sample) const {
    return !steps.empty() && ((steps[static_cast<std::size_t>(cell)] >> sample) & 1U) != 0;
  }
  /// Node of a free sample, -1 where there is none.
  std::int32_t node_of(std::int32_t cell, int sample) const;
};

void lay_lattice(Build&);
void collect_edges(Build&);
void scan_ground(Build&);     ///< inside, free, steps, wall_distance
void mark_cut_cells(Build&);  ///< graph.cut, cut_east, cut_north, crossings
void label_cells(Build&);     ///< graph.cells, extra_cell, n_nodes
void link_nodes(Build&);      ///< candidates, graph.irregular, records, conditions, extra
void link_levels(Build&);     ///< extra, across seams
void classify_nodes(Build&);  ///< triangles, kind, doors, extras
void find_sight(Build&);      ///< stars
void spread_labels(Build&);   ///< samples without room for a body -> the node next to them
void price_nodes(Build&);     ///< cost, congestion cells

}  // namespace throng::detail
