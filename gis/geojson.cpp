#include "gis/detail/geojson.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace throng::gis::detail {
namespace {

using Json = nlohmann::json;

std::pair<int, int> position_of(const std::string& text, std::size_t byte) {
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < std::min(byte, text.size()); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
  }
  return {line, column};
}

/// What nlohmann read last before it gave up: "... last read: '-Na'", or the number that does not fit a double.
std::string culprit(const std::string& message) {
  const std::size_t at = message.find("last read: ");
  std::string out = at != std::string::npos ? message.substr(at + 11) : message.substr(message.rfind("] ") + 2);
  if (out.size() > 60) out = "..." + out.substr(out.size() - 57);
  return out;
}

Json parse(const std::filesystem::path& path, const std::string& text) {
  const char* allowed = "a GeoJSON FeatureCollection in UTF-8";
  if (nested_too_deeply(text)) throw InputError(Fault{path.string(), "nested too deeply", {}, allowed});
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& e) {
    const auto [line, column] = position_of(text, e.byte);
    throw InputError(Fault{path.string(), "not valid JSON", culprit(e.what()), allowed, line, column});
  } catch (const Json::exception& e) {
    throw InputError(Fault{path.string(), "not valid JSON", culprit(e.what()), allowed});
  }
}

/// Reads the geometry of one feature; the first fault ends it.
class GeometryReader {
 public:
  GeometryReader(Feature& feature, Faults& faults, bool strict) : feature_(feature), faults_(faults), strict_(strict) {}

  bool read(const Json& geometry) {
    if (!geometry.is_object()) return fail("no geometry", {});
    const auto type = geometry.find("type");
    const auto coordinates = geometry.find("coordinates");
    if (type == geometry.end() || !type->is_string()) return fail("geometry without type", {});
    const std::string word = type->get<std::string>();
    if (word == "GeometryCollection") return fail("GeometryCollection cannot be used", word);
    if (coordinates == geometry.end()) return fail("geometry without coordinates", word);
    if (word == "Point") return start(Shape::point) && point(*coordinates);
    if (word == "LineString") return start(Shape::line) && line(*coordinates);
    if (word == "Polygon") return start(Shape::polygon) && polygon(*coordinates);
    if (word == "MultiPoint") return start(Shape::multi_point) && each(*coordinates, &GeometryReader::point);
    if (word == "MultiLineString") return start(Shape::multi_line) && each(*coordinates, &GeometryReader::line);
    if (word == "MultiPolygon") return start(Shape::multi_polygon) && each(*coordinates, &GeometryReader::polygon);
    return fail("unknown geometry type", word);
  }

 private:
  bool fail(std::string what, std::string value) {
    faults_.add(feature_.label, std::move(what), std::move(value),
                "Point, LineString, Polygon or their Multi forms with finite coordinates");
    return false;
  }
  bool start(Shape shape) {
    feature_.shape = shape;
    return true;
  }
  bool each(const Json& list, bool (GeometryReader::*one)(const Json&)) {
    if (!list.is_array() || list.empty()) return fail("empty coordinates", {});
    for (const Json& item : list)
      if (!(this->*one)(item)) return false;
    return true;
  }
  std::optional<Vec2> position(const Json& p) {
    if (!p.is_array() || p.size() < 2 || !p[0].is_number() || !p[1].is_number()) {
      fail("a position is not a pair of numbers", p.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 60));
      return std::nullopt;
    }
    const Vec2 out{p[0].get<double>(), p[1].get<double>()};
    if (!is_finite(out) || std::fabs(out.x) > 1e8 || std::fabs(out.y) > 1e8) {
      fail("E607 coordinate outside of the earth", fmt::format("({}, {})", out.x, out.y));
      return std::nullopt;
    }
    return out;
  }
  bool positions(const Json& list, Line& out) {
    if (!list.is_array()) return fail("coordinates are not a list", {});
    for (const Json& p : list) {
      const auto v = position(p);
      if (!v) return false;
      if (out.empty() || !(out.back() == *v)) out.push_back(*v);
    }
    return true;
  }
  bool point(const Json& p) {
    const auto v = position(p);
    if (v) feature_.points.push_back(*v);
    return v.has_value();
  }
  bool line(const Json& list) {
    Line out;
    if (!positions(list, out)) return false;
    if (out.size() < 2) return fail("G101 a line needs two different points", {});
    feature_.lines.push_back(std::move(out));
    return true;
  }
  bool polygon(const Json& rings) {
    if (!rings.is_array() || rings.empty()) return fail("G101 polygon without ring", {});
    Polygon out;
    for (std::size_t i = 0; i < rings.size(); ++i) {
      Ring ring;
      if (!positions(rings[i], ring)) return false;
      if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
      if (ring.size() < 3) return fail("G101 a ring needs three different points", {});
      if (i == 0)
        out.outer = std::move(ring);
      else
        out.holes.push_back(std::move(ring));
    }
    if (strict_)
      for (const Invalid& bad : find_invalid(out))
        return fail(fmt::format("G104 polygon is not valid: {} at ({:.9g}, {:.9g})", bad.reason, bad.at.x, bad.at.y),
                    {});
    feature_.corners.push_back(out.outer);
    feature_.polygons.push_back(std::move(out));
    return true;
  }
  Feature& feature_;
  Faults& faults_;
  bool strict_;
};

Value value_of(const Json& json) {
  Value out;
  if (json.is_number()) {
    out.type = Value::Type::number;
    out.number = json.get<double>();
  } else if (json.is_boolean()) {
    out.type = Value::Type::boolean;
    out.boolean = json.get<bool>();
  } else if (!json.is_string()) {
    out.type = Value::Type::other;
  }
  out.text = json.is_string() ? json.get<std::string>() : json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return out;
}

void read_feature(const Json& json, std::size_t number, FeatureFile& file, Faults& faults, bool strict) {
  Feature feature;
  feature.number = number;
  feature.file = file.path.filename().string();
  feature.label = fmt::format("features[{}]", number);
  if (!json.is_object() || json.value("type", Json()) != "Feature") {
    faults.add(feature.label, "not a Feature", {}, R"({"type": "Feature", ...})");
    return;
  }
  if (const auto p = json.find("properties"); p != json.end() && p->is_object())
    for (const auto& [key, value] : p->items())
      if (!value.is_null()) feature.properties.emplace(key, value_of(value));
  if (const auto id = feature.properties.find("id"); id != feature.properties.end() && !id->second.text.empty()) {
    feature.id = id->second.text;
  } else if (const auto member = json.find("id");
             member != json.end() && (member->is_string() || member->is_number())) {
    feature.id = value_of(*member).text;
  }
  feature.has_id = !feature.id.empty();
  if (feature.has_id) feature.label += fmt::format(" \"{}\"", feature.id);
  const auto geometry = json.find("geometry");
  const bool by_name = feature.properties.contains("street") || feature.properties.contains("osm_id");
  if (by_name && (geometry == json.end() || geometry->is_null())) {
    feature.has_geometry = false;
    file.features.push_back(std::move(feature));
    return;
  }
  GeometryReader reader(feature, faults, strict);
  if (reader.read(geometry == json.end() ? Json() : *geometry)) file.features.push_back(std::move(feature));
}

template <class F>
void for_each_point(Feature& f, F&& use) {
  for (Polygon& p : f.polygons) {
    for (Vec2& v : p.outer) use(v);
    for (Ring& h : p.holes)
      for (Vec2& v : h) use(v);
  }
  for (Line& l : f.lines)
    for (Vec2& v : l) use(v);
  for (Vec2& v : f.points) use(v);
  for (Line& l : f.corners)
    for (Vec2& v : l) use(v);
}

void read_crs(const Json& json, FeatureFile& file, Faults& faults) {
  const auto crs = json.find("crs");
  if (crs == json.end() || crs->is_null()) return;
  std::string name;
  if (crs->is_object() && crs->contains("properties") && (*crs)["properties"].is_object() &&
      (*crs)["properties"].contains("name") && (*crs)["properties"]["name"].is_string())
    name = (*crs)["properties"]["name"].get<std::string>();
  const auto normal = normal_crs_name(name);
  if (!normal) {
    faults.add("crs", "X702 unknown coordinate reference system", name, "urn:ogc:def:crs:EPSG::n, CRS84 or local");
  } else {
    file.crs = is_geographic(*normal) ? std::string(crs_lonlat) : *normal;
  }
}

}  // namespace

const char* to_string(Shape shape) {
  constexpr const char* names[] = {"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"};
  return names[static_cast<std::size_t>(shape)];
}

std::optional<std::string> Feature::text(const char* key) const {
  const auto at = properties.find(key);
  if (at == properties.end() || at->second.text.empty()) return std::nullopt;
  return at->second.text;
}

std::optional<double> Feature::number_of(const char* key, Faults& faults) const {
  const auto at = properties.find(key);
  if (at == properties.end()) return std::nullopt;
  if (at->second.type == Value::Type::number && std::isfinite(at->second.number)) return at->second.number;
  if (at->second.type == Value::Type::text) {
    char* end = nullptr;
    const std::string& text = at->second.text;
    const double value = std::strtod(text.c_str(), &end);
    if (!text.empty() && end == text.c_str() + text.size() && std::isfinite(value)) return value;
  }
  faults.add(label + "." + key, "E608 not a number", at->second.text, "a finite number");
  return std::nullopt;
}

std::optional<bool> Feature::flag(const char* key, Faults& faults) const {
  const auto at = properties.find(key);
  if (at == properties.end()) return std::nullopt;
  const Value& v = at->second;
  if (v.type == Value::Type::boolean) return v.boolean;
  if (v.text == "true" || v.text == "yes" || v.text == "1") return true;
  if (v.text == "false" || v.text == "no" || v.text == "0") return false;
  faults.add(label + "." + key, "E608 not a truth value", v.text, "true or false");
  return std::nullopt;
}

Vec2 Feature::somewhere() const {
  if (!points.empty()) return points[0];
  if (!lines.empty()) return lines[0][0];
  return polygons.empty() ? Vec2{} : polygons[0].outer[0];
}

FeatureFile read_features(const std::filesystem::path& path, const std::string& kind, bool strict) {
  const std::string text = read_bytes(path);
  const Json json = parse(path, text);
  FeatureFile file;
  file.path = path;
  file.source = describe(path, text, kind, "");
  Faults faults(path.string());
  if (!json.is_object() || json.value("type", Json()) != "FeatureCollection" || !json.contains("features") ||
      !json["features"].is_array())
    throw InputError(
        Fault{path.string(), "not a GeoJSON FeatureCollection", {}, R"({"type": "FeatureCollection", ...})"});
  read_crs(json, file, faults);
  std::size_t number = 0;
  for (const Json& feature : json["features"]) read_feature(feature, number++, file, faults, strict);
  if (!faults.empty()) throw InputError(faults.take());
  Box box;
  for (Feature& f : file.features) for_each_point(f, [&](Vec2& v) { box.add(v); });
  if (!box.empty()) {
    file.middle = 0.5 * (box.min + box.max);
    file.degrees = box.min.x >= -180.0 && box.max.x <= 180.0 && box.min.y >= -90.0 && box.max.y <= 90.0;
  }
  return file;
}

std::string crs_of(const FeatureFile& file, const std::string& requested, ImportReport& report) {
  if (!file.crs.empty()) {
    if (file.crs == crs_lonlat && !file.degrees)
      throw InputError(Fault{file.path.string(), "X701 coordinates are not degrees", at_text(file.middle),
                             "longitude -180..180, latitude -90..90, or another \"crs\""});
    return file.crs;
  }
  if (requested == crs_local) return crs_local;
  if (file.degrees) return crs_lonlat;
  if (requested.empty())
    throw InputError(Fault{file.path.string(), "X701 coordinates are not degrees and the file names no system",
                           at_text(file.middle), "a \"crs\" member, or --crs EPSG:n, or --crs local"});
  report.add("X704", Severity::info, file.path.filename().string(), std::nullopt,
             "The file names no coordinate system and its coordinates are not degrees; read as " + requested + ".");
  return requested;
}

void project(FeatureFile& file, const Transformer& transformer, Faults& faults) {
  if (transformer.identity()) return;
  for (Feature& f : file.features) {
    bool bad = false;
    for_each_point(f, [&](Vec2& v) {
      v = transformer.forward(v);
      if (!is_finite(v) || std::fabs(v.x) > 1e8 || std::fabs(v.y) > 1e8) bad = true;
    });
    if (bad) faults.add(f.label, "E607 coordinate outside of the earth or of the coordinate system", {}, {});
  }
}

}  // namespace throng::gis::detail
