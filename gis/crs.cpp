#include "gis/detail/crs.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>

#include <proj.h>

namespace throng::gis::detail {
namespace {

struct ContextFree {
  void operator()(PJ_CONTEXT* c) const { proj_context_destroy(c); }
  void operator()(PJ* p) const { proj_destroy(p); }
};
using Context = std::unique_ptr<PJ_CONTEXT, ContextFree>;
using Object = std::unique_ptr<PJ, ContextFree>;

Context quiet_context() {
  Context context(proj_context_create());
  proj_log_func(context.get(), nullptr, [](void*, int, const char*) {});
  return context;
}

/// The horizontal part of a CRS by name, or null.
Object horizontal(PJ_CONTEXT* context, const std::string& name) {
  Object crs(proj_create(context, name.c_str()));
  if (!crs || !proj_is_crs(crs.get())) return nullptr;
  if (proj_get_type(crs.get()) == PJ_TYPE_COMPOUND_CRS) crs.reset(proj_crs_get_sub_crs(context, crs.get(), 0));
  if (crs && proj_get_type(crs.get()) == PJ_TYPE_BOUND_CRS) crs.reset(proj_get_source_crs(context, crs.get()));
  return crs;
}

bool is_metric(PJ_CONTEXT* context, PJ* crs) {
  if (proj_get_type(crs) != PJ_TYPE_PROJECTED_CRS) return false;
  const Object axes(proj_crs_get_coordinate_system(context, crs));
  double factor = 0.0;
  return axes &&
         proj_cs_get_axis_info(context, axes.get(), 0, nullptr, nullptr, nullptr, &factor, nullptr, nullptr, nullptr) !=
             0 &&
         factor == 1.0;
}

bool is_degrees(PJ* crs) {
  const PJ_TYPE type = proj_get_type(crs);
  return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

}  // namespace

std::optional<std::string> normal_crs_name(const std::string& name) {
  std::string text;
  for (const char c : name)
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      text += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (text == "LOCAL") return crs_local;
  if (text.find("CRS84") != std::string::npos) return crs_lonlat;
  const std::size_t epsg = text.find("EPSG");
  if (epsg == std::string::npos) return std::nullopt;
  const std::size_t last = text.find_last_not_of("0123456789");
  const std::string number = last == std::string::npos ? text : text.substr(last + 1);
  if (number.empty() || number.size() > 7 || last < epsg) return std::nullopt;
  if (number == "4326" || number == "4979" || number == "4937") return crs_lonlat;
  return "EPSG:" + number;
}

std::string metre_crs(const std::string& name, const std::string& where) {
  const auto normal = normal_crs_name(name);
  const std::string allowed = "\"local\" or the EPSG code of a projected system in metres, e.g. EPSG:28992";
  if (!normal) throw InputError(Fault{where, "X702 unknown coordinate reference system", name, allowed});
  if (*normal == crs_local) return crs_local;
  const Context context = quiet_context();
  const Object crs = horizontal(context.get(), *normal);
  if (!crs) throw InputError(Fault{where, "X702 unknown coordinate reference system", name, allowed});
  if (!is_metric(context.get(), crs.get()))
    throw InputError(Fault{where, "X703 coordinate reference system is not projected in metres", name, allowed});
  const char* authority = proj_get_id_auth_name(crs.get(), 0);
  const char* code = proj_get_id_code(crs.get(), 0);
  return authority != nullptr && code != nullptr ? std::string(authority) + ":" + code : *normal;
}

bool is_geographic(const std::string& name) {
  const auto normal = normal_crs_name(name);
  if (!normal || *normal == crs_local) return false;
  const Context context = quiet_context();
  const Object crs = horizontal(context.get(), *normal);
  return crs && is_degrees(crs.get());
}

bool in_netherlands(LonLat p) {
  // The land within the bounds of RD, without the parts of Belgium and Germany south and east of a coarse border.
  static const Ring border{{3.30, 51.30}, {4.20, 51.34}, {4.60, 51.42}, {4.80, 51.40}, {5.05, 51.46}, {5.55, 51.22},
                           {5.85, 51.14}, {5.62, 50.92}, {5.68, 50.74}, {6.03, 50.74}, {6.10, 50.92}, {5.95, 51.04},
                           {6.24, 51.35}, {6.12, 51.65}, {6.00, 51.80}, {6.42, 51.82}, {6.85, 51.94}, {7.08, 52.25},
                           {6.75, 52.42}, {7.07, 52.45}, {7.10, 52.85}, {7.24, 53.20}, {6.90, 53.50}, {5.20, 53.55},
                           {4.60, 53.10}, {4.40, 52.40}, {3.30, 51.75}};
  return contains(border, Vec2{p.lon, p.lat});
}

std::string default_metre_crs(LonLat centre) {
  if (in_netherlands(centre)) return "EPSG:28992";
  const int zone = std::clamp(static_cast<int>(std::floor((centre.lon + 180.0) / 6.0)) + 1, 1, 60);
  if (centre.lat > 34.0 && centre.lat < 84.0 && zone >= 28 && zone <= 38) return "EPSG:" + std::to_string(25800 + zone);
  return "EPSG:" + std::to_string((centre.lat >= 0.0 ? 32600 : 32700) + zone);
}

void Transformer::Free::operator()(pj_ctx* c) const { proj_context_destroy(c); }
void Transformer::Free::operator()(PJconsts* p) const { proj_destroy(p); }

Transformer::Transformer(const std::string& from, const std::string& to, const std::string& where) {
  if (from == to) return;
  if (from == crs_local || to == crs_local)
    throw InputError(Fault{where, "X705 a local plan cannot be combined with data on the earth", from + " to " + to,
                           "--crs EPSG:n for all, or local for all"});
  context_.reset(quiet_context().release());
  const Object source = horizontal(context_.get(), from);
  const Object target = horizontal(context_.get(), to);
  if (!source || !target)
    throw InputError(Fault{where, "X702 unknown coordinate reference system", !source ? from : to, "an EPSG code"});
  Object operation(proj_create_crs_to_crs_from_pj(context_.get(), source.get(), target.get(), nullptr, nullptr));
  if (operation) operation.reset(proj_normalize_for_visualization(context_.get(), operation.get()));
  if (!operation) throw InputError(Fault{where, "X706 no coordinate operation", from + " to " + to, {}});
  pj_.reset(operation.release());
}

Vec2 Transformer::forward(Vec2 p) const {
  if (identity()) return p;
  const PJ_COORD out = proj_trans(pj_.get(), PJ_FWD, proj_coord(p.x, p.y, 0.0, HUGE_VAL));
  if (out.xy.x == HUGE_VAL) return {std::numeric_limits<double>::quiet_NaN(), 0.0};
  return {out.xy.x, out.xy.y};
}

Vec2 Transformer::inverse(Vec2 p) const {
  if (identity()) return p;
  const PJ_COORD out = proj_trans(pj_.get(), PJ_INV, proj_coord(p.x, p.y, 0.0, HUGE_VAL));
  if (out.xy.x == HUGE_VAL) return {std::numeric_limits<double>::quiet_NaN(), 0.0};
  return {out.xy.x, out.xy.y};
}

void Transformer::forward(std::vector<Vec2>& points) const {
  if (identity()) return;
  for (Vec2& p : points) p = forward(p);
}

double Transformer::accuracy() const {
  if (identity()) return 0.0;
  const Object used(proj_trans_get_last_used_operation(pj_.get()));
  if (!used) return 0.0;
  return std::max(0.0, proj_coordoperation_get_accuracy(context_.get(), used.get()));
}

}  // namespace throng::gis::detail

namespace throng::gis {

std::optional<LonLat> to_lonlat(const SiteFrame& frame, Vec2 p) {
  if (frame.crs.empty() || frame.crs == detail::crs_local) return std::nullopt;
  thread_local std::string kept_crs;
  thread_local std::unique_ptr<detail::Transformer> kept;
  if (!kept || kept_crs != frame.crs) {
    kept = std::make_unique<detail::Transformer>(detail::crs_lonlat, frame.crs, "site.crs");
    kept_crs = frame.crs;
  }
  const Vec2 degrees = kept->inverse({p.x + frame.origin_x, p.y + frame.origin_y});
  if (!is_finite(degrees)) return std::nullopt;
  return LonLat{degrees.x, degrees.y};
}

}  // namespace throng::gis
