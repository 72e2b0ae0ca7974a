#include "sim/nav/detail/build.hpp"

#include <algorithm>
#include <cmath>

namespace throng::detail {
namespace {

/// Congestion cell of a lattice cell: that of its centre, or of the nearest one of the level's rectangle.
std::int32_t congestion_of(const Graph& graph, std::int32_t cell) {
  const Lattice& lattice = graph.lattice;
  const LevelGrid& grid = lattice.levels[static_cast<std::size_t>(lattice.grid_of_cell(cell))];
  const auto wide = [&](int i) {
    return static_cast<int>(std::floor((i + 0.5) * lattice.cell / Navigation::congestion_cell));
  };
  const int i = cell - grid.base;
  const int cx = std::clamp(wide(grid.x0 + i % grid.nx) - grid.cx0, 0, grid.ncx - 1);
  const int cy = std::clamp(wide(grid.y0 + i / grid.nx) - grid.cy0, 0, grid.ncy - 1);
  return graph.congestion[static_cast<std::size_t>(grid.congestion_base + cy * grid.ncx + cx)];
}

void list_ground(Graph& graph) {
  graph.ground.reset(static_cast<std::size_t>(graph.n_nodes));
  for (std::int32_t node = 0; node < graph.n_nodes; ++node)
    if (graph.kind[static_cast<std::size_t>(node)] != NodeKind::none) graph.ground.set(node);
  graph.ground.close();
  graph.ground_node = graph.ground.rows();
  graph.ground_congestion.reserve(graph.ground_node.size());
  for (const std::int32_t node : graph.ground_node)
    graph.ground_congestion.push_back(congestion_of(graph, graph.cell_of_node(node)));
}

}  // namespace

Graph build_graph(const World& world, const NavigationOptions& options) {
  Graph graph;
  Build build(world, options, graph);
  lay_lattice(build);
  collect_edges(build);
  scan_ground(build);
  mark_cut_cells(build);
  label_cells(build);
  link_nodes(build);
  link_levels(build);
  classify_nodes(build);
  find_sight(build);
  spread_labels(build);
  price_nodes(build);
  list_ground(graph);
  return graph;
}

}  // namespace throng::detail
