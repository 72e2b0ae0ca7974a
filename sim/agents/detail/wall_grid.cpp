#include "sim/agents/detail/wall_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace throng::detail {
namespace {

constexpr double link_reach = 3.0;    ///< people this near to a portal see each other across it [m]
constexpr double line_reach = 0.5;    ///< more than anyone walks in one step [m]
constexpr float back_margin = 0.02F;  ///< who is not farther than this behind a wall with one side sees it [m]
constexpr double piece = 4.0;         ///< long segments are laid into cells piece by piece [m]

WallSegment segment_of(Vec2 a, Vec2 b, std::int32_t door, bool two_sided, const FixedFrame& frame) {
  const Vec2 u = normalized(b - a);
  return {frame.x(a.x),
          frame.y(a.y),
          static_cast<float>(u.x),
          static_cast<float>(u.y),
          static_cast<float>(distance(a, b)),
          two_sided ? -1e9F : -back_margin,
          door};
}

/// Which side of a portal the ground of a level lies on: +1 left of p -> q, -1 right, 0 when no face touches it.
double side_of(const World& world, const SheetLink& link, LevelId level) {
  const WalkableMesh& mesh = world.mesh();
  const auto on_portal = [&](Vec2 x) { return distance(nearest_on_segment(x, link.p, link.q), x) < 1e-3; };
  for (const MeshFace& face : mesh.face) {
    if (face.level != level) continue;
    for (std::size_t k = 0; k < 3; ++k) {
      const Vec2 a = mesh.vertex[index(face.vertex[k])], b = mesh.vertex[index(face.vertex[(k + 1) % 3])];
      // the ground that runs on below a deck ends at the portal too: only the face that is sewn to the other sheet
      // counts
      if (face.neighbour[k] < 0 || mesh.face[index(face.neighbour[k])].level == level || !on_portal(a) || !on_portal(b))
        continue;
      return orient(link.p, link.q, mesh.vertex[index(face.vertex[(k + 2) % 3])]) > 0.0 ? 1.0 : -1.0;
    }
  }
  return 0.0;
}

/// The parts of a wall beside the portals of its level. Where ground runs on below a deck it ends in a wall on the very
/// segment that leads up to the deck: those who come from the other side must not see it. The mesh stops the others.
std::vector<std::array<Vec2, 2>> beside_portals(const Wall& wall, const std::vector<SheetLink>& links) {
  std::vector<std::array<Vec2, 2>> parts{{wall.a, wall.b}};
  const double length = distance(wall.a, wall.b);
  const Vec2 u = normalized(wall.b - wall.a);
  for (const SheetLink& link : links) {
    if (link.a != wall.level && link.b != wall.level) continue;
    if (std::abs(cross(u, link.p - wall.a)) > 5e-3 || std::abs(cross(u, link.q - wall.a)) > 5e-3) continue;
    const double from = std::clamp(std::min(dot(u, link.p - wall.a), dot(u, link.q - wall.a)), 0.0, length);
    const double to = std::clamp(std::max(dot(u, link.p - wall.a), dot(u, link.q - wall.a)), 0.0, length);
    std::vector<std::array<Vec2, 2>> left;
    for (const auto& [a, b] : parts) {
      const double begin = dot(u, a - wall.a), end = dot(u, b - wall.a);
      if (begin < from) left.push_back({a, wall.a + std::min(end, from) * u});
      if (end > to) left.push_back({wall.a + std::max(begin, to) * u, b});
    }
    parts = std::move(left);
  }
  std::erase_if(parts, [](const auto& part) { return distance(part[0], part[1]) < 1e-3; });
  return parts;
}

/// Range of a segment within reach of a portal and beyond it, seen from a sheet whose ground lies on `side`, by steps
/// of 0.25 m; empty when first >= second. What lies below a deck does not stand on it, nor what lies below or above
/// other ground of that sheet: a deck may go on behind a stair that ends in its middle.
std::pair<double, double> part_near(const World& world, Vec2 a, Vec2 b, const SheetLink& link, double side,
                                    LevelId onto) {
  const int n = 1 + static_cast<int>(distance(a, b) / 0.25);
  int first = n, last = 0;
  for (int k = 0; k <= n; ++k) {
    const Vec2 x = a + (static_cast<double>(k) / n) * (b - a);
    if (distance(nearest_on_segment(x, link.p, link.q), x) > link_reach) continue;
    if (side * orient(link.p, link.q, x) > 1e-3 * distance(link.p, link.q)) continue;
    if (world.locate(x, onto)) continue;
    first = std::min(first, k);
    last = std::max(last, k);
  }
  return {static_cast<double>(first) / n, static_cast<double>(last) / n};
}

}  // namespace

bool Period::on_seam(Vec2 a, Vec2 b) const {
  const auto on = [](double u, double v, double low, double size) {
    const auto near = [](double p, double q) { return std::abs(p - q) < 1e-6; };
    return size > 0.0 && ((near(u, low) && near(v, low)) || (near(u, low + size) && near(v, low + size)));
  };
  return on(a.x, b.x, min.x, length.x) || on(a.y, b.y, min.y, length.y);
}

WallGrid::WallGrid(const World& world, const FixedFrame& frame, double reach, const Period& period) {
  while ((1 << shift_) < static_cast<int>(frame.units_per_metre)) ++shift_;
  lay_out(world, frame);
  const std::vector<Entry> entries = collect(world, frame, period);
  begin_.assign(n_lists_ + 1, 0);
  std::vector<std::uint32_t> last(n_lists_, 0xFFFFFFFFU);
  const auto once = [&last](std::uint32_t cell, std::uint32_t wall) { return std::exchange(last[cell], wall) != wall; };
  for (const Entry& entry : entries)
    for_cells(entry, frame, reach, [&](std::uint32_t cell) { begin_[cell + 1] += once(cell, entry.wall) ? 1U : 0U; });
  for (std::size_t k = 1; k < begin_.size(); ++k) begin_[k] += begin_[k - 1];
  list_.resize(begin_.back());
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  std::fill(last.begin(), last.end(), 0xFFFFFFFFU);
  for (const Entry& entry : entries)
    for_cells(entry, frame, reach, [&](std::uint32_t cell) {
      if (once(cell, entry.wall)) list_[next[cell]++] = entry.wall;
    });
  fill_columns();
  link_sheets(world, frame);
  flag_lines(world, frame);
}

void WallGrid::fill_columns() {
  const auto fill = [this](auto& column, auto WallSegment::*member) {
    column.assign(list_.size() + lanes, {});
    for (std::size_t k = 0; k < list_.size(); ++k) column[k] = walls_[list_[k]].*member;
  };
  fill(columns_.ax, &WallSegment::ax);
  fill(columns_.ay, &WallSegment::ay);
  fill(columns_.ux, &WallSegment::ux);
  fill(columns_.uy, &WallSegment::uy);
  fill(columns_.length, &WallSegment::length);
  fill(columns_.behind, &WallSegment::behind);
  fill(columns_.door, &WallSegment::door);
}

/// One box of cells per level, around its faces.
void WallGrid::lay_out(const World& world, const FixedFrame& frame) {
  std::size_t n_levels = world.levels().size();
  for (const MeshFace& face : world.mesh().face) n_levels = std::max(n_levels, index(face.level) + 1);
  std::vector<Box> bounds(n_levels);
  for (const MeshFace& face : world.mesh().face)
    for (const std::int32_t v : face.vertex) bounds[index(face.level)].add(world.mesh().vertex[index(v)]);
  boxes_.resize(n_levels);
  for (std::size_t k = 0; k < n_levels; ++k) {
    LevelBox& box = boxes_[k];
    if (bounds[k].empty()) continue;
    box.column = frame.x(bounds[k].min.x) >> shift_;
    box.row = frame.y(bounds[k].min.y) >> shift_;
    box.columns = (frame.x(bounds[k].max.x) >> shift_) - box.column + 1;
    box.rows = (frame.y(bounds[k].max.y) >> shift_) - box.row + 1;
    box.first = n_lists_;
    n_lists_ += static_cast<std::uint32_t>(box.columns) * static_cast<std::uint32_t>(box.rows);
  }
}

/// Walls, then doors; what of them lies near a portal stands on both of its sheets.
std::vector<WallGrid::Entry> WallGrid::collect(const World& world, const FixedFrame& frame, const Period& period) {
  std::vector<Entry> entries;
  const auto stand = [&](Vec2 a, Vec2 b, LevelId level, std::int32_t door, bool two_sided) {
    entries.push_back({static_cast<std::uint32_t>(walls_.size()), level, a, b});
    walls_.push_back(segment_of(a, b, door, two_sided, frame));
  };
  const std::vector<SheetLink>& links = world.data().links;
  std::vector<std::array<double, 2>> sides;
  for (const SheetLink& link : links) sides.push_back({side_of(world, link, link.a), side_of(world, link, link.b)});
  const auto add = [&](Vec2 a, Vec2 b, LevelId level, std::int32_t door, bool two_sided) {
    stand(a, b, level, door, two_sided);
    for (std::size_t k = 0; k < links.size(); ++k) {
      if (links[k].a != level && links[k].b != level) continue;
      const bool onto_b = links[k].a == level;
      const LevelId onto = onto_b ? links[k].b : links[k].a;
      const auto [from, to] = part_near(world, a, b, links[k], sides[k][onto_b ? 1 : 0], onto);
      if (from < to) stand(a + from * (b - a), a + to * (b - a), onto, door, two_sided);
    }
  };
  for (const Wall& wall : world.walls())
    if (!period.on_seam(wall.a, wall.b))
      for (const auto& [a, b] : beside_portals(wall, links)) add(a, b, wall.level, -1, wall.two_sided);
  for (std::size_t d = 0; d < world.doors().size(); ++d)
    for (const auto& [a, b] : world.doors()[d].segments)
      add(a, b, world.doors()[d].level, static_cast<std::int32_t>(d), true);
  return entries;
}

template <class F>
void WallGrid::for_cells(const Entry& entry, const FixedFrame& frame, double reach, F&& f) const {
  const LevelBox& box = boxes_[index(entry.level)];
  const int n = 1 + static_cast<int>(distance(entry.a, entry.b) / piece);
  const double limit = reach + 0.7072;
  for (int k = 0; k < n; ++k) {
    const Vec2 p = entry.a + (static_cast<double>(k) / n) * (entry.b - entry.a);
    const Vec2 q = entry.a + (static_cast<double>(k + 1) / n) * (entry.b - entry.a);
    const auto cell = [&](double metres) { return static_cast<std::int32_t>(std::floor(metres)); };
    const std::int32_t x0 = std::max(cell(std::min(p.x, q.x) - frame.origin.x - reach), box.column);
    const std::int32_t x1 = std::min(cell(std::max(p.x, q.x) - frame.origin.x + reach), box.column + box.columns - 1);
    const std::int32_t y0 = std::max(cell(std::min(p.y, q.y) - frame.origin.y - reach), box.row);
    const std::int32_t y1 = std::min(cell(std::max(p.y, q.y) - frame.origin.y + reach), box.row + box.rows - 1);
    for (std::int32_t y = y0; y <= y1; ++y)
      for (std::int32_t x = x0; x <= x1; ++x) {
        const Vec2 middle = frame.origin + Vec2{x + 0.5, y + 0.5};
        if (distance(nearest_on_segment(middle, p, q), middle) > limit) continue;
        f(box.first + static_cast<std::uint32_t>(y - box.row) * static_cast<std::uint32_t>(box.columns) +
          static_cast<std::uint32_t>(x - box.column));
      }
  }
}

void WallGrid::link_sheets(const World& world, const FixedFrame& frame) {
  if (world.data().links.empty()) return;
  linked_.assign(n_lists_, 0);
  for (const SheetLink& link : world.data().links)
    for (const auto& [own, other] : {std::pair{link.a, link.b}, std::pair{link.b, link.a}})
      for_cells({0, own, link.p, link.q}, frame, link_reach, [&, seen = other](std::uint32_t cell) {
        if (linked_[cell] == 0) linked_[cell] = static_cast<std::uint16_t>(index(seen) + 1);
      });
}

void WallGrid::flag_lines(const World& world, const FixedFrame& frame) {
  if (world.lines().empty()) return;
  lines_.assign(n_lists_, 0);
  for (const MeasurementLine& line : world.lines())
    for (std::size_t k = 0; k + 1 < line.line.size(); ++k)
      for_cells({0, line.level, line.line[k], line.line[k + 1]}, frame, line_reach,
                [&](std::uint32_t cell) { lines_[cell] = 1; });
}

}  // namespace throng::detail
