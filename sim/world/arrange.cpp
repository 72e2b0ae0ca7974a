#include "sim/world/detail/compile.hpp"
#include "sim/world/detail/noding.hpp"

#include <algorithm>
#include <cstdio>
#include <tuple>

namespace throng::detail {
namespace {

struct Owner {
  EdgeKind kind{};
  std::int32_t object = 0, level = 0;
  int rank = 3;  // who gives way: ground and portals stay, then gates, barriers, everything else
};

/// All constraint segments of all levels. One noding for all, so that sheets get the same points along portals.
struct Segments {
  std::vector<std::array<Vec2, 2>> ends;
  std::vector<Owner> owner;
  std::vector<int> rank;

  void add(Vec2 a, Vec2 b, const Owner& who) {
    ends.push_back({a, b});
    owner.push_back(who);
    rank.push_back(who.rank);
  }
  void line(const std::vector<Vec2>& points, const Owner& who) {
    for (std::size_t i = 0; i + 1 < points.size(); ++i) add(points[i], points[i + 1], who);
  }
  void ring(const Ring& points, const Owner& who) {
    line(points, who);
    add(points.back(), points.front(), who);
  }
  void polygon(const Polygon& shape, const Owner& who) {
    ring(shape.outer, who);
    for (const Ring& hole : shape.holes) ring(hole, who);
  }
};

bool is_constraint_line(PlaceKind kind) { return kind != PlaceKind::queue_lane && kind != PlaceKind::service_lane; }

Segments collect(const Canonical& in, std::vector<AreaItem>& items) {
  Segments out;
  const auto number = [](std::size_t i) { return static_cast<std::int32_t>(i); };
  const auto area = [&](const Polygon& shape, LevelId level, AreaItem item) {
    out.polygon(shape, {EdgeKind::area, number(items.size()), in.level_row(level), item.part >= 0 ? 0 : 3});
    items.push_back(item);
  };
  for (std::size_t i = 0; i < in.parts.size(); ++i)
    area(in.parts[i].shape, in.parts[i].level, {.part = number(i), .place = -1});
  for (std::size_t i = 0; i < in.places.size(); ++i) {
    const PlaceShape& place = in.places[i];
    for (const Polygon& shape : place.areas) area(shape, place.level, {.part = -1, .place = number(i)});
    if (place.areas.empty() && is_constraint_line(place.kind))
      out.line(place.line, {EdgeKind::place_line, number(i), in.level_row(place.level)});
  }
  for (std::size_t i = 0; i < in.barriers.size(); ++i)
    out.line(in.barriers[i].line, {EdgeKind::barrier, number(i), in.level_row(in.barriers[i].level), 2});
  for (std::size_t i = 0; i < in.gates.size(); ++i)
    out.add(in.gates[i].a, in.gates[i].b, {EdgeKind::gate, number(i), in.level_row(in.gates[i].level), 1});
  for (std::size_t i = 0; i < in.lines.size(); ++i)
    out.line(in.lines[i].line, {EdgeKind::count_line, number(i), in.level_row(in.lines[i].level)});
  for (std::size_t i = 0; i < in.portals.size(); ++i)
    for (const LevelId level : {in.portals[i].level_a, in.portals[i].level_b})
      out.add(in.portals[i].a, in.portals[i].b, {EdgeKind::portal, number(i), in.level_row(level), 0});
  return out;
}

auto order_of(const EdgeLabel& l) { return std::tuple(l.level, l.u, l.v, l.kind, l.object, l.along); }

}  // namespace

std::string metres(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

Arrangement arrange(const Canonical& in, double tolerance, Notes& notes) {
  Arrangement out;
  const Segments segments = collect(in, out.item);
  Noded noded = node_segments(segments.ends, segments.rank, tolerance);
  out.vertex = std::move(noded.vertex);
  for (const Vec2 p : noded.unresolved)
    notes.error("M807", "", p, "lines cross here so closely that they could not be separated");
  for (std::size_t s = 0; s < noded.chain.size(); ++s) {
    const auto& chain = noded.chain[s];
    const Owner& who = segments.owner[s];
    for (std::size_t i = 0; i + 1 < chain.size(); ++i)
      out.label.push_back({who.level, std::min(chain[i], chain[i + 1]), std::max(chain[i], chain[i + 1]), who.kind,
                           who.object, chain[i] < chain[i + 1]});
  }
  std::sort(out.label.begin(), out.label.end(),
            [](const EdgeLabel& a, const EdgeLabel& b) { return order_of(a) < order_of(b); });
  for (std::size_t i = 0; i < out.label.size(); ++i) {
    const EdgeLabel& now = out.label[i];
    const bool same =
        i > 0 && out.label[i - 1].level == now.level && out.label[i - 1].u == now.u && out.label[i - 1].v == now.v;
    if (!same) out.group.push_back(static_cast<std::int32_t>(i));
  }
  out.group.push_back(static_cast<std::int32_t>(out.label.size()));
  return out;
}

}  // namespace throng::detail
