#pragma once
#include "sim/io/detail/site_fields.hpp"
#include "sim/record/record.hpp"

/// One description per plain type of the record, for writing and reading.
namespace throng::io::detail {

inline constexpr std::int64_t max_count = 9007199254740992;  ///< 2^53: exact in every reader

template <class A>
void describe_limits(A& a, const char* prefix, std::array<double, 4>& v) {
  constexpr const char* words[] = {"yellow", "orange", "red", "critical"};
  for (std::size_t i = 0; i < 4; ++i) a.real((std::string(prefix) + words[i]).c_str(), v[i], {0.0, 1e6, true});
}
template <class A>
void describe(A& a, ZoneInfo& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.word("kind", v.kind, static_cast<std::int64_t>(ZoneKind::count_));
  a.real("area", v.area, {0.0, big});
  a.text("limits_of", v.limits.zone_kind);
  describe_limits(a, "density_", v.limits.density);
  describe_limits(a, "flow_", v.limits.flow);
  a.text("citation", v.limits.citation);
  a.polygons("shape", v.shape);
  a.whole("level", v.level, 0, max_level);
}
template <class A>
void describe(A& a, LineInfo& v) {
  a.text("id", v.id);
  a.text("name", v.name);
  a.line("line", v.line);
  a.real("width", v.width, {0.0, 1e6});
  a.whole("level", v.level, 0, max_level);
}
template <class A>
void describe(A& a, ExitInfo& v) {
  a.text("id", v.id);
  a.text("name", v.name);
}
template <class A>
void describe(A& a, GridSpec& v) {
  a.point("origin", v.origin);
  a.real("cell", v.cell, {1e-3, 1e6});
  a.whole("rows", v.rows, 0, 1 << 20);
  a.whole("columns", v.columns, 0, 1 << 20);
  a.whole("level", v.level, 0, max_level);
}
/// Walkable outlines of one level.
struct GroundLevel {
  std::vector<Polygon> parts;
};
template <class A>
void describe(A& a, GroundLevel& v) {
  a.polygons("parts", v.parts);
}
struct NamedNumber {
  std::string name;
  double value = 0.0;
};
template <class A>
void describe(A& a, NamedNumber& v) {
  a.text("name", v.name);
  a.real("value", v.value);
}

template <class A>
void describe(A& a, Exceedance& v) {
  a.whole("zone", v.zone, 0, max_index);
  a.word("level", v.level, 6);
  a.real("limit", v.limit);
  a.real("first_at", v.first_at);
  a.real("duration", v.duration);
  a.real("peak", v.peak);
  a.point("at", v.at);
  a.word("quantity", v.quantity, static_cast<std::int64_t>(Quantity::count_));
}
template <class A>
void describe(A& a, QueueFigure& v) {
  a.text("place", v.place);
  a.real("longest", v.longest, {0.0, big, true});
  a.real("wait_median", v.wait_median, {0.0, big, true});
  a.real("wait_95", v.wait_95, {0.0, big, true});
  a.whole("served", v.served, 0, max_count);
  a.whole("unserved", v.unserved, 0, max_count);
}
template <class A>
void describe(A& a, TravelFigure& v) {
  a.text("journey", v.journey);
  a.whole("n", v.n, 0, max_count);
  a.real("mean", v.mean, {0.0, big, true});
  a.real("median", v.median, {0.0, big, true});
  a.real("p95", v.p95, {0.0, big, true});
}
template <class A>
void describe(A& a, StuckFigure& v) {
  a.whole("id", v.id, 0, 4294967295);
  a.real("time", v.time);
  a.point("at", v.at);
  a.whole("level", v.level, 0, max_level);
  a.text("place", v.place);
  a.text("stage", v.stage);
  a.text("cause", v.cause);
}

}  // namespace throng::io::detail
