#include "gis/geojson_export.hpp"

#include "gis/detail/crs.hpp"
#include "gis/detail/geos.hpp"

#include <cstdio>
#include <fstream>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace throng::gis {
namespace {

using Json = nlohmann::ordered_json;

class Collection {
 public:
  explicit Collection(const SiteFrame& frame) : frame_(frame) {
    root_["type"] = "FeatureCollection";
    if (frame.crs == detail::crs_local || frame.crs.empty())
      root_["crs"] = {{"type", "name"}, {"properties", {{"name", "local"}}}};
    root_["features"] = Json::array();
  }
  /// The features added from here on belong to it.
  void begin_layer(const char* name) { layer_ = name; }
  void add(const char* type, Json coordinates, const Json& properties) {
    Json all{{"layer", layer_}};
    all.update(properties);
    root_["features"].push_back({{"type", "Feature"},
                                 {"properties", std::move(all)},
                                 {"geometry", {{"type", type}, {"coordinates", std::move(coordinates)}}}});
  }
  Json position(Vec2 p) const {
    const auto degrees = to_lonlat(frame_, p);
    if (degrees) return {std::round(degrees->lon * 1e8) / 1e8, std::round(degrees->lat * 1e8) / 1e8};
    return {p.x + frame_.origin_x, p.y + frame_.origin_y};
  }
  Json line(const std::vector<Vec2>& points, bool close = false) const {
    Json out = Json::array();
    for (const Vec2 p : points) out.push_back(position(p));
    if (close && !points.empty()) out.push_back(position(points.front()));
    return out;
  }
  Json polygon(const Polygon& p) const {
    Json out = Json::array();
    out.push_back(line(p.outer, true));
    for (const Ring& h : p.holes) out.push_back(line(h, true));
    return out;
  }
  void write(const std::filesystem::path& path) const {
    const std::filesystem::path temporary = path.string() + ".part";
    std::error_code error;
    bool whole = false;
    {
      std::ofstream stream(temporary, std::ios::binary);
      stream << root_.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
      stream.close();
      whole = !stream.fail();
    }
    if (whole) std::filesystem::rename(temporary, path, error);
    if (whole && !error) return;
    const std::string why = error ? error.message() : "is the disk full?";
    std::filesystem::remove(temporary, error);
    throw IoError(path.string() + ": cannot be written: " + why);
  }

 private:
  const SiteFrame& frame_;
  Json root_;
  const char* layer_ = "";
};

void add_parts(const std::vector<WalkablePart>& parts, Collection& out) {
  for (const WalkablePart& w : parts)
    out.add("Polygon", out.polygon(w.shape),
            {{"class", to_string(w.surface)},
             {"level", static_cast<int>(w.level)},
             {"speed_factor", w.speed_factor},
             {"source_id", w.source_id},
             {"area_m2", area(w.shape)}});
}

void add_obstacles(const SiteGeometry& site, Collection& out) {
  for (const Obstacle& o : site.obstacles)
    out.add("Polygon", out.polygon(o.shape),
            {{"class", to_string(o.kind)},
             {"level", static_cast<int>(o.level)},
             {"base_m", o.base},
             {"height_m", o.height},
             {"source_id", o.source_id}});
}

void add_barriers(const SiteGeometry& site, Collection& out) {
  for (const Barrier& b : site.barriers)
    out.add("LineString", out.line(b.line),
            {{"class", to_string(b.kind)}, {"level", static_cast<int>(b.level)}, {"source_id", b.source_id}});
  for (const GateSpan& g : site.gates)
    out.add("LineString", out.line({g.a, g.b}),
            {{"class", "gate"},
             {"level", static_cast<int>(g.level)},
             {"source_id", g.id},
             {"width_m", g.width},
             {"state", g.initial == GateState::open ? "open" : "closed"}});
  for (const Portal& p : site.portals)
    out.add("LineString", out.line({p.a, p.b}),
            {{"class", "portal"},
             {"level", static_cast<int>(p.level_a)},
             {"to_level", static_cast<int>(p.level_b)},
             {"source_id", p.source_id}});
  for (const Post& p : site.posts)
    out.add(
        "Point", out.position(p.position),
        {{"class", "post"}, {"level", static_cast<int>(p.level)}, {"radius_m", p.radius}, {"source_id", p.source_id}});
}

void add_event(const SiteGeometry& site, Collection& out) {
  for (const PlaceShape& p : site.event.places) {
    const Json properties{{"id", p.id},
                          {"kind", to_string(p.kind)},
                          {"zone_kind", to_string(p.zone_kind)},
                          {"level", static_cast<int>(p.level)}};
    for (const Polygon& a : p.areas) out.add("Polygon", out.polygon(a), properties);
    if (!p.line.empty()) out.add("LineString", out.line(p.line), properties);
  }
  for (const CountLine& l : site.event.lines)
    out.add("LineString", out.line(l.line), {{"id", l.id}, {"kind", "line"}, {"sensor", l.sensor}});
}

struct Layer {
  const char* name;
  std::function<void(Collection&)> add;
};

std::vector<Layer> layers_of(const ImportResult& result) {
  const SiteGeometry& site = result.site;
  return {{"walkable", [&](Collection& out) { add_parts(site.walkable, out); }},
          {"dropped", [&](Collection& out) { add_parts(result.dropped, out); }},
          {"obstacles", [&](Collection& out) { add_obstacles(site, out); }},
          {"barriers", [&](Collection& out) { add_barriers(site, out); }},
          {"event", [&](Collection& out) { add_event(site, out); }}};
}

}  // namespace

bool is_one_geojson_file(const std::filesystem::path& path) {
  return (path.extension() == ".geojson" || path.extension() == ".json") && !std::filesystem::is_directory(path);
}

void export_geojson(const ImportResult& result, const std::filesystem::path& target) {
  if (is_one_geojson_file(target)) {
    Collection all(result.site.frame);
    for (const Layer& layer : layers_of(result)) {
      all.begin_layer(layer.name);
      layer.add(all);
    }
    return all.write(target);
  }
  std::error_code error;
  std::filesystem::create_directories(target, error);
  if (error) throw IoError(target.string() + ": cannot be created: " + error.message());
  for (const Layer& layer : layers_of(result)) {
    Collection one(result.site.frame);
    one.begin_layer(layer.name);
    layer.add(one);
    one.write(target / (std::string(layer.name) + ".geojson"));
  }
}

}  // namespace throng::gis
