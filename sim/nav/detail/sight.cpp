#include "sim/nav/detail/sight.hpp"

#include "sim/core/loops.hpp"
#include "sim/nav/detail/build.hpp"

#include <algorithm>

namespace throng::detail {
namespace {

constexpr int reach = star_reach;
using Window = SampleWindow<reach>;

/// Samples and door cuts around a cell, once with room for a body and once with room to spare.
struct Windows {
  Window tight, ample, spacious;
};

Windows windows_at(const Build& build, const LevelGrid& grid, std::int32_t cell, bool doors_open) {
  const Graph& graph = build.graph;
  Windows out;
  for (int cy = 0; cy < Window::side; ++cy)
    for (int cx = 0; cx < Window::side; ++cx) {
      const std::int32_t other = cell + (cx - reach) + grid.nx * (cy - reach);
      const auto u = static_cast<std::size_t>(other);
      std::uint32_t east = 0, north = 0;
      if (!doors_open && graph.cut.has(other)) {  // open doors leave the walls, which the free samples keep
        const std::size_t i = graph.cut.position(other);
        east = build.cut_east[i];
        north = build.cut_north[i];
      }
      out.tight.put(cx, cy, build.free[u], east, north);
      out.ample.put(cx, cy, build.comfort[u], east, north);
      out.spacious.put(cx, cy, build.spacious[u], east, north);
    }
  return out;
}

/// Samples from which a cell's node is left: its stand and the outermost ones with room to spare.
std::vector<int> starts_of(const Build& build, std::int32_t node, std::int32_t cell, int stand) {
  std::array<int, 4> outermost{stand, stand, stand, stand};
  const auto reach_of = [](int s, std::size_t corner) {
    const int dx = s % samples_per_side - 2, dy = s / samples_per_side - 2;
    return (corner % 2 == 0 ? dx : -dx) + (corner / 2 == 0 ? dy : -dy);
  };
  for (int s = 0; s < samples_per_cell; ++s) {
    if (((build.comfort[static_cast<std::size_t>(cell)] >> s) & 1U) == 0 || build.node_of(cell, s) != node) continue;
    for (std::size_t corner = 0; corner < 4; ++corner)
      if (reach_of(s, corner) > reach_of(outermost[corner], corner)) outermost[corner] = s;
  }
  std::vector<int> out{stand};
  for (const int s : outermost)
    if (std::find(out.begin(), out.end(), s) == out.end()) out.push_back(s);
  return out;
}

/// Cells whose first node one walks to straight from the stand (sight), and with room to spare from anywhere in the
/// cell (comfort); on the same kind of ground only.
void look(const Build& build, const LevelGrid& grid, std::int32_t cell, const std::vector<int>& starts,
          const Windows& windows, std::uint64_t& sight, std::uint64_t& comfort, std::uint64_t& spacious) {
  const Graph& graph = build.graph;
  const auto column = [](int s) { return reach * samples_per_side + s % samples_per_side; };
  const auto row = [](int s) { return reach * samples_per_side + s / samples_per_side; };
  const int stand = starts.front();
  const bool on_steps = build.on_steps(cell, stand);
  sight = comfort = spacious = 0;
  for (int k = 0; k < star_cells; ++k) {
    const int cx = k % Window::side, cy = k / Window::side;
    const std::int32_t other = cell + (cx - reach) + grid.nx * (cy - reach);
    if (other == cell || build.free[static_cast<std::size_t>(other)] == 0) continue;
    const NodeRecord* record = graph.record(other);
    const int its = record != nullptr ? record->stand : samples_per_cell / 2;
    if (build.on_steps(other, its) != on_steps) continue;
    const int to_x = cx * samples_per_side + its % samples_per_side;
    const int to_y = cy * samples_per_side + its / samples_per_side;
    if (!windows.tight.sees(column(stand), row(stand), to_x, to_y)) continue;
    sight |= std::uint64_t{1} << k;
    bool ample = true;
    for (const int s : starts) ample = ample && windows.ample.sees(column(s), row(s), to_x, to_y);
    if (ample) comfort |= std::uint64_t{1} << k;
    if (ample && windows.spacious.sees(column(stand), row(stand), to_x, to_y)) spacious |= std::uint64_t{1} << k;
  }
}

}  // namespace

void find_sight(Build& build) {
  Graph& graph = build.graph;
  for_each_block(build.candidates.size(), 1024, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const std::int32_t node = build.candidates[row], cell = graph.cell_of_node(node);
      if (graph.kind[static_cast<std::size_t>(node)] == NodeKind::open) continue;
      const LevelGrid& grid = graph.lattice.levels[static_cast<std::size_t>(graph.lattice.grid_of_cell(cell))];
      NodeRecord& record = graph.records[row];
      const std::vector<int> starts = starts_of(build, node, cell, record.stand);
      look(build, grid, cell, starts, windows_at(build, grid, cell, false), record.sight, record.comfort,
           record.spacious);
      if (record.door < 0) continue;
      DoorNode& door = graph.doors[static_cast<std::size_t>(record.door)];
      look(build, grid, cell, starts, windows_at(build, grid, cell, true), door.sight_open, door.comfort_open,
           door.spacious_open);
    }
  });
}

}  // namespace throng::detail
