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

/// Which congestion cells touch by a way between their nodes, whatever doors stand in it.
void join_congestion_cells(Graph& graph) {
  auto& near = graph.congestion_near;
  near.assign(graph.congestion_area.size(), {-1, -1, -1, -1, -1, -1, -1, -1, -1});
  for (std::size_t c = 0; c < near.size(); ++c) near[c][0] = static_cast<std::int32_t>(c);
  const auto join = [&](std::int32_t a, std::int32_t node) {
    if (a < 0 || node < 0 || !graph.ground.has(node)) return;
    const std::int32_t b = graph.ground_congestion[graph.ground.position(node)];
    auto& list = near[static_cast<std::size_t>(a)];
    if (b < 0 || std::find(list.begin(), list.end(), b) != list.end()) return;
    if (const auto free = std::find(list.begin(), list.end(), -1); free != list.end()) *free = b;
  };
  for (std::size_t k = 0; k < graph.ground_node.size(); ++k) {
    const std::int32_t node = graph.ground_node[k], own = graph.ground_congestion[k];
    if (const NodeRecord* record = graph.record(node)) {
      for (std::size_t d = 0; d < 8; ++d)
        if (((record->links >> d) & 1U) != 0) join(own, record->neighbour[d]);
      continue;
    }
    const LevelGrid& grid = graph.lattice.levels[static_cast<std::size_t>(graph.lattice.grid_of_cell(node))];
    for (std::size_t d = 0; d < 8; ++d) join(own, node + step_x[d] + grid.nx * step_y[d]);
  }
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
  join_congestion_cells(graph);
  return graph;
}

}  // namespace throng::detail
