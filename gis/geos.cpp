#include "gis/detail/geos.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#define GEOS_USE_ONLY_R_API
#include "sim/core/error.hpp"

#include <geos_c.h>

namespace throng::gis::detail {
namespace {

/// One GEOS context per thread; its messages are kept, never printed.
struct Geos {
  GEOSContextHandle_t handle = GEOS_init_r();
  std::string message;
  Geos() {
    GEOSContext_setNoticeMessageHandler_r(
        handle, [](const char*, void*) {}, nullptr);
    GEOSContext_setErrorMessageHandler_r(
        handle, [](const char* text, void* self) { static_cast<Geos*>(self)->message = text; }, this);
  }
  ~Geos() { GEOS_finish_r(handle); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
};
Geos& geos() {
  thread_local Geos instance;
  return instance;
}
GEOSContextHandle_t handle() { return geos().handle; }

struct Free {
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(handle(), g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Free>;

Geometry own(GEOSGeometry* g, const char* what) {
  if (g == nullptr) throw InputError(Fault{"geometry", std::string("G100 ") + what + " failed", geos().message, {}});
  return Geometry(g);
}

GEOSCoordSequence* sequence(const Line& points, bool close) {
  const std::size_t n = points.size();
  const std::size_t size = n + (close ? 1U : 0U);
  GEOSCoordSequence* s = GEOSCoordSeq_create_r(handle(), static_cast<unsigned>(size), 2);
  for (std::size_t i = 0; i < size; ++i)
    GEOSCoordSeq_setXY_r(handle(), s, static_cast<unsigned>(i), points[i % n].x, points[i % n].y);
  return s;
}

Geometry from(const Polygon& polygon) {
  if (polygon.outer.size() < 3) return own(GEOSGeom_createEmptyPolygon_r(handle()), "polygon");
  GEOSGeometry* shell = GEOSGeom_createLinearRing_r(handle(), sequence(polygon.outer, true));
  std::vector<GEOSGeometry*> holes;
  for (const Ring& hole : polygon.holes)
    if (hole.size() >= 3) holes.push_back(GEOSGeom_createLinearRing_r(handle(), sequence(hole, true)));
  return own(GEOSGeom_createPolygon_r(handle(), shell, holes.data(), static_cast<unsigned>(holes.size())), "polygon");
}

Geometry from(const Line& line) { return own(GEOSGeom_createLineString_r(handle(), sequence(line, false)), "line"); }

Geometry collect(int type, std::vector<Geometry> parts) {
  std::vector<GEOSGeometry*> raw;
  raw.reserve(parts.size());
  for (Geometry& g : parts) raw.push_back(g.release());
  return own(GEOSGeom_createCollection_r(handle(), type, raw.data(), static_cast<unsigned>(raw.size())), "collection");
}

Line points_of(const GEOSGeometry* g, bool ring) {
  const GEOSCoordSequence* s = GEOSGeom_getCoordSeq_r(handle(), g);
  unsigned n = 0;
  GEOSCoordSeq_getSize_r(handle(), s, &n);
  if (ring && n > 0) --n;
  Line out(n);
  for (unsigned i = 0; i < n; ++i) GEOSCoordSeq_getXY_r(handle(), s, i, &out[i].x, &out[i].y);
  return out;
}

void gather(const GEOSGeometry* g, Polygons* polygons, std::vector<Line>* lines) {
  const int type = GEOSGeomTypeId_r(handle(), g);
  if (type == GEOS_POLYGON && polygons != nullptr && GEOSisEmpty_r(handle(), g) == 0) {
    Polygon p;
    p.outer = points_of(GEOSGetExteriorRing_r(handle(), g), true);
    const int holes = GEOSGetNumInteriorRings_r(handle(), g);
    for (int i = 0; i < holes; ++i) p.holes.push_back(points_of(GEOSGetInteriorRingN_r(handle(), g, i), true));
    polygons->push_back(std::move(p));
  } else if ((type == GEOS_LINESTRING || type == GEOS_LINEARRING) && lines != nullptr) {
    if (GEOSisEmpty_r(handle(), g) == 0) lines->push_back(points_of(g, false));
  } else if (type >= GEOS_MULTIPOINT) {
    const int n = GEOSGetNumGeometries_r(handle(), g);
    for (int i = 0; i < n; ++i) gather(GEOSGetGeometryN_r(handle(), g, i), polygons, lines);
  }
}

Polygons polygons_of(const Geometry& g) {
  Polygons out;
  gather(g.get(), &out, nullptr);
  normalise(out);
  return out;
}

Geometry valid(Geometry g) {
  if (GEOSisValid_r(handle(), g.get()) == 1) return g;
  GEOSMakeValidParams* params = GEOSMakeValidParams_create_r(handle());
  GEOSMakeValidParams_setMethod_r(handle(), params, GEOS_MAKE_VALID_STRUCTURE);
  GEOSMakeValidParams_setKeepCollapsed_r(handle(), params, 0);
  GEOSGeometry* fixed = GEOSMakeValidWithParams_r(handle(), g.get(), params);
  GEOSMakeValidParams_destroy_r(handle(), params);
  return own(fixed, "repair");
}

Geometry multi(const Polygons& polygons) {
  std::vector<Geometry> parts;
  for (const Polygon& p : polygons) {
    Geometry g = valid(from(p));
    if (GEOSisEmpty_r(handle(), g.get()) == 0) parts.push_back(std::move(g));
  }
  return collect(GEOS_GEOMETRYCOLLECTION, std::move(parts));
}

/// A valid multipolygon for overlay: the union of all.
Geometry merged(const Polygons& polygons, double grid) {
  const Geometry all = multi(polygons);
  return grid > 0.0 ? own(GEOSUnaryUnionPrec_r(handle(), all.get(), grid), "union")
                    : own(GEOSUnaryUnion_r(handle(), all.get()), "union");
}

}  // namespace

Polygons unite(const Polygons& polygons, double grid) {
  return polygons.empty() ? Polygons{} : polygons_of(merged(polygons, grid));
}

Polygons subtract(const Polygons& a, const Polygons& b, double grid) {
  if (a.empty()) return {};
  const Geometry ga = merged(a, grid);
  const Geometry gb = merged(b, grid);
  return polygons_of(own(grid > 0.0 ? GEOSDifferencePrec_r(handle(), ga.get(), gb.get(), grid)
                                    : GEOSDifference_r(handle(), ga.get(), gb.get()),
                         "difference"));
}

Polygons intersect(const Polygons& a, const Polygons& b, double grid) {
  if (a.empty() || b.empty()) return {};
  const Geometry ga = merged(a, grid);
  const Geometry gb = merged(b, grid);
  return polygons_of(own(grid > 0.0 ? GEOSIntersectionPrec_r(handle(), ga.get(), gb.get(), grid)
                                    : GEOSIntersection_r(handle(), ga.get(), gb.get()),
                         "intersection"));
}

Polygons buffer_line(const Line& line, double width, bool flat) {
  if (line.size() < 2) return {};
  const Geometry g = from(line);
  return polygons_of(own(GEOSBufferWithStyle_r(handle(), g.get(), 0.5 * width, 2,
                                               flat ? GEOSBUF_CAP_FLAT : GEOSBUF_CAP_ROUND, GEOSBUF_JOIN_ROUND, 2.0),
                         "buffer"));
}

Polygons buffer_side(const Line& line, double width, bool left) {
  if (line.size() < 2) return {};
  const Geometry g = from(line);
  GEOSBufferParams* params = GEOSBufferParams_create_r(handle());
  GEOSBufferParams_setSingleSided_r(handle(), params, 1);
  GEOSBufferParams_setQuadrantSegments_r(handle(), params, 2);
  GEOSGeometry* out = GEOSBufferWithParams_r(handle(), g.get(), params, left ? width : -width);
  GEOSBufferParams_destroy_r(handle(), params);
  return polygons_of(own(out, "buffer"));
}

Polygons buffer_polygons(const Polygons& polygons, double distance) {
  if (polygons.empty()) return {};
  const Geometry g = merged(polygons, 0.0);
  return polygons_of(
      own(GEOSBufferWithStyle_r(handle(), g.get(), distance, 2, GEOSBUF_CAP_ROUND, GEOSBUF_JOIN_MITRE, 2.0), "buffer"));
}

Polygons gaps_of(const Polygons& ground, const Polygons& taken, double distance) {
  if (ground.empty()) return {};
  const Geometry all = merged(ground, 0.0);
  const Geometry other = merged(taken, 0.0);
  const Geometry open = own(GEOSDifference_r(handle(), all.get(), other.get()), "difference");
  // Grown with round corners, so that corners reach no farther than sides; shrunk with mitres, so that inner corners
  // do not fill.
  const Geometry wide = own(
      GEOSBufferWithStyle_r(handle(), open.get(), distance, 4, GEOSBUF_CAP_ROUND, GEOSBUF_JOIN_ROUND, 2.0), "buffer");
  const Geometry closed = own(
      GEOSBufferWithStyle_r(handle(), wide.get(), -distance, 2, GEOSBUF_CAP_ROUND, GEOSBUF_JOIN_MITRE, 2.0), "buffer");
  return polygons_of(own(GEOSDifference_r(handle(), closed.get(), open.get()), "difference"));
}

Polygons make_valid(const Polygon& polygon) { return polygons_of(valid(from(polygon))); }

std::vector<Invalid> find_invalid(const Polygon& polygon) {
  const Geometry g = from(polygon);
  char* reason = nullptr;
  GEOSGeometry* location = nullptr;
  const char result = GEOSisValidDetail_r(handle(), g.get(), 0, &reason, &location);
  std::vector<Invalid> out;
  if (result != 1) {
    Invalid one{reason != nullptr ? reason : "not valid", {}};
    if (location != nullptr) {
      GEOSGeomGetX_r(handle(), location, &one.at.x);
      GEOSGeomGetY_r(handle(), location, &one.at.y);
    }
    out.push_back(std::move(one));
  }
  if (reason != nullptr) GEOSFree_r(handle(), reason);
  if (location != nullptr) GEOSGeom_destroy_r(handle(), location);
  return out;
}

Polygons dissolve(const Polygons& faces) {
  if (faces.size() < 2) {
    Polygons out = faces;
    normalise(out);
    return out;
  }
  std::vector<Geometry> parts;
  parts.reserve(faces.size());
  for (const Polygon& p : faces) parts.push_back(from(p));
  const Geometry all = collect(GEOS_MULTIPOLYGON, std::move(parts));
  return polygons_of(own(GEOSCoverageUnion_r(handle(), all.get()), "dissolve"));
}

std::vector<Line> node_lines(const std::vector<Line>& lines, double grid) {
  std::vector<Geometry> parts;
  parts.reserve(lines.size());
  for (const Line& line : lines)
    if (line.size() >= 2) parts.push_back(from(line));
  const Geometry all = collect(GEOS_MULTILINESTRING, std::move(parts));
  const Geometry noded = own(GEOSUnaryUnionPrec_r(handle(), all.get(), grid), "noding");
  std::vector<Line> out;
  gather(noded.get(), nullptr, &out);
  return out;
}

Polygons polygonize(const std::vector<Line>& noded) {
  std::vector<Geometry> parts;
  parts.reserve(noded.size());
  for (const Line& line : noded) parts.push_back(from(line));
  std::vector<const GEOSGeometry*> raw;
  for (const Geometry& g : parts) raw.push_back(g.get());
  return polygons_of(own(GEOSPolygonize_r(handle(), raw.data(), static_cast<unsigned>(raw.size())), "polygonize"));
}

Vec2 inner_point(const Polygon& polygon) {
  const Geometry g = from(polygon);
  GEOSGeometry* raw = GEOSPointOnSurface_r(handle(), g.get());
  if (raw == nullptr) return centroid(polygon);
  const Geometry point(raw);
  Vec2 p;
  if (GEOSisEmpty_r(handle(), point.get()) != 0) return centroid(polygon);
  GEOSGeomGetX_r(handle(), point.get(), &p.x);
  GEOSGeomGetY_r(handle(), point.get(), &p.y);
  return p;
}

double distance_between(const Polygon& a, const Polygon& b) {
  const Geometry ga = from(a);
  const Geometry gb = from(b);
  double d = 0.0;
  if (GEOSDistance_r(handle(), ga.get(), gb.get(), &d) != 1) return 1e300;
  return d;
}

std::vector<Gap> gap_between(const Polygon& a, const Polygon& b, double limit) {
  const Geometry ga = from(a);
  const Geometry gb = from(b);
  double d = 0.0;
  if (GEOSDistance_r(handle(), ga.get(), gb.get(), &d) != 1 || d >= limit || d <= 0.0) return {};
  GEOSCoordSequence* s = GEOSNearestPoints_r(handle(), ga.get(), gb.get());
  if (s == nullptr) return {};
  Gap gap;
  gap.width = d;
  GEOSCoordSeq_getXY_r(handle(), s, 0, &gap.a.x, &gap.a.y);
  GEOSCoordSeq_getXY_r(handle(), s, 1, &gap.b.x, &gap.b.y);
  GEOSCoordSeq_destroy_r(handle(), s);
  return {gap};
}

Polygons snap_to_grid(const Polygon& polygon, double grid) {
  const Geometry g = valid(from(polygon));
  GEOSGeometry* out = GEOSGeom_setPrecision_r(handle(), g.get(), grid, 0);
  return out == nullptr ? Polygons{} : polygons_of(Geometry(out));
}

std::vector<Line> clip_lines(const std::vector<Line>& lines, const Polygons& polygons, bool inside) {
  const Geometry area = merged(polygons, 0.0);
  std::vector<Line> out;
  for (const Line& line : lines) {
    if (line.size() < 2) continue;
    const Geometry g = from(line);
    GEOSGeometry* cut =
        inside ? GEOSIntersection_r(handle(), g.get(), area.get()) : GEOSDifference_r(handle(), g.get(), area.get());
    if (cut == nullptr) continue;
    gather(Geometry(cut).get(), nullptr, &out);
  }
  return out;
}

}  // namespace throng::gis::detail
