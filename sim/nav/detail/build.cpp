#include "sim/nav/detail/build.hpp"

namespace throng::detail {

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
  return graph;
}

}  // namespace throng::detail
