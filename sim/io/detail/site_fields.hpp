#pragma once
#include "sim/io/detail/table.hpp"
#include "sim/world/world.hpp"

/// One description per type of the geometry, for writing and reading.
namespace throng::io::detail {

/// Levels of the geometry are the numbers of the city (tunnels are below 0), those of a world are rows from 0.
inline constexpr std::int64_t min_level = -32768, max_level = 32767;
inline constexpr std::int64_t max_index = 2147483647;

template <class A>
void describe(A& a, DataSource& v) {
  a.text("name", v.name);
  a.text("kind", v.kind);
  a.text("licence", v.licence);
  a.text("date", v.date);
  a.text("hash", v.hash);
}
template <class A>
void describe(A& a, Level& v) {
  a.whole("id", v.id, min_level, max_level);
  a.text("name", v.name);
  a.real("height", v.height);
}
template <class A>
void describe(A& a, WalkablePart& v) {
  a.polygon("shape", v.shape);
  a.word("surface", v.surface, static_cast<std::int64_t>(Surface::count_));
  a.whole("level", v.level, min_level, max_level);
  a.real("speed_factor", v.speed_factor, {1e-6, 1.2 + 1e-9});
  a.text("source_id", v.source_id);
}
template <class A>
void describe(A& a, Obstacle& v) {
  a.polygon("shape", v.shape);
  a.word("kind", v.kind, static_cast<std::int64_t>(ObstacleKind::count_));
  a.whole("level", v.level, min_level, max_level);
  a.real("base", v.base);
  a.real("height", v.height);
  a.text("source_id", v.source_id);
}
template <class A>
void describe(A& a, Barrier& v) {
  a.line("line", v.line);
  a.word("kind", v.kind, static_cast<std::int64_t>(BarrierKind::count_));
  a.whole("level", v.level, min_level, max_level);
  a.flag("see_through", v.see_through);
  a.text("source_id", v.source_id);
}
template <class A>
void describe(A& a, Portal& v) {
  a.point("a", v.a);
  a.point("b", v.b);
  a.whole("level_a", v.level_a, min_level, max_level);
  a.whole("level_b", v.level_b, min_level, max_level);
  a.text("source_id", v.source_id);
}
template <class A>
void describe(A& a, Post& v) {
  a.point("position", v.position);
  a.real("radius", v.radius, {0.0, 100.0});
  a.whole("level", v.level, min_level, max_level);
  a.text("source_id", v.source_id);
}
template <class A>
void describe(A& a, GateSpan& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.point("a", v.a);
  a.point("b", v.b);
  a.real("width", v.width, {0.0, 1e6});
  a.whole("level", v.level, min_level, max_level);
  a.word("initial", v.initial, 2);
  a.word("direction", v.direction, 3);
  a.real("capacity_per_min", v.capacity_per_min, {0.0, 1e9});
}
template <class A>
void describe(A& a, PlaceShape& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.word("kind", v.kind, static_cast<std::int64_t>(PlaceKind::count_));
  a.word("zone_kind", v.zone_kind, static_cast<std::int64_t>(ZoneKind::count_));
  a.whole("level", v.level, min_level, max_level);
  a.polygons("areas", v.areas);
  a.line("line", v.line);
  a.text("belongs_to", v.belongs_to);
  a.real("clear_width", v.clear_width, {0.0, 1e6});
  a.flag("step_free", v.step_free);
}
template <class A>
void describe(A& a, CountLine& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.line("line", v.line);
  a.whole("level", v.level, min_level, max_level);
  a.text("sensor", v.sensor);
}
template <class A>
void describe(A& a, SensorSite& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.text("type", v.type);
  a.text("channel", v.channel);
  a.line("line", v.line);
  std::vector<Polygon> area;
  if (v.area) area.push_back(*v.area);
  a.polygons("area", area);
  if constexpr (A::reading) v.area = area.empty() ? std::nullopt : std::optional<Polygon>(area.front());
  a.point("point", v.point);
  a.real("radius", v.radius, {0.0, 1e6});
  a.whole("level", v.level, min_level, max_level);
  a.real("bias", v.bias);
  a.real("sigma", v.sigma);
}
template <class A>
void describe(A& a, Landmark& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.text("kind", v.kind);
  a.polygon("shape", v.shape);
  a.point("point", v.point);
  a.real("height", v.height);
  a.whole("level", v.level, min_level, max_level);
}
template <class A>
void describe(A& a, DrawingDefault& v) {
  a.text("object_id", v.object_id);
  a.text("key", v.key);
  a.text("value", v.value);
}
template <class A>
void describe(A& a, Door& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.flag("is_area", v.is_area);
  std::vector<Vec2> ends;
  for (const auto& segment : v.segments) ends.insert(ends.end(), segment.begin(), segment.end());
  a.line("segments", ends);
  if constexpr (A::reading)
    for (std::size_t i = 0; i + 1 < ends.size(); i += 2) v.segments.push_back({ends[i], ends[i + 1]});
  a.whole("level", v.level, 0, max_level);
  a.real("width", v.width, {0.0, 1e6});
  a.word("initial", v.initial, 4);
  a.real("capacity_per_min", v.capacity_per_min, {0.0, 1e9});
  a.whole("area", v.area, -1, max_index);
}
template <class A>
void describe(A& a, Place& v) {
  describe(a, v.shape);
  a.wholes("faces", v.faces, 0, max_index);
  a.real("area", v.area, {0.0, big});
}
template <class A>
void describe(A& a, MeasurementZone& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.word("kind", v.kind, static_cast<std::int64_t>(ZoneKind::count_));
  a.whole("place", v.place, -1, max_index);
  a.real("area", v.area, {0.0, big});
}
template <class A>
void describe(A& a, MeasurementLine& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.line("line", v.line);
  a.whole("level", v.level, 0, max_level);
  a.real("width", v.width, {0.0, 1e6});
}
template <class A>
void describe(A& a, SheetLink& v) {
  a.whole("a", v.a, 0, max_level);
  a.whole("b", v.b, 0, max_level);
  a.point("p", v.p);
  a.point("q", v.q);
}
template <class A>
void describe(A& a, Street& v) {
  a.text("source_id", v.source_id);
  a.text("name", v.name);
  a.line("line", v.line);
  a.real("width", v.width);
  a.whole("level", v.level, min_level, max_level);
}

/// Tables of a world or a run, whose levels are rows of its level table.
template <class Row>
void check_level_rows(const h5::Place& at, const char* table, const std::vector<Row>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    int level = 0;
    if constexpr (requires { rows[i].shape.level; })
      level = static_cast<int>(rows[i].shape.level);
    else if constexpr (requires { rows[i].level; })
      level = static_cast<int>(rows[i].level);
    else
      level = static_cast<int>(rows[i].id);
    if (level < 0)
      h5::fail_read(at, std::string(table) + "/level[" + std::to_string(i) + "]", "is out of range",
                    std::to_string(level), ">= 0");
  }
}

}  // namespace throng::io::detail
