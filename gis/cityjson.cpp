#include "gis/detail/bgt.hpp"
#include "gis/detail/crs.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

// CityJSON 1.0 to 2.0 and CityJSON text sequences: footprints and heights of buildings; ground where nothing better is
// given.
namespace throng::gis::detail {
namespace {

using Json = nlohmann::json;

struct Vertex {
  Vec2 at;
  double z = 0.0;
};
struct Surface3 {
  std::vector<std::vector<std::size_t>> rings;
  std::string type;  ///< semantic type or ""
};
struct Geometry3 {
  double lod = 0.0;
  std::vector<Surface3> surfaces;
};

/// Where the whole text stops being JSON.
std::string first_fault(const std::string& text) {
  try {
    const Json whole = Json::parse(text);
    return "not valid JSON";
  } catch (const Json::exception& e) {
    const std::string message = e.what();
    return message.substr(message.find("] ") + 2).substr(0, 160);
  }
}

/// The documents of a file: one CityJSON object, or the lines of a sequence.
std::vector<Json> documents(const std::filesystem::path& path, const std::string& text) {
  const auto foreign = [&](const std::string& why) {
    return InputError(
        Fault{path.string(), "C500 not CityJSON: " + why, {}, "CityJSON 1.0 to 2.0, or a CityJSON text sequence"});
  };
  std::vector<Json> out;
  if (nested_too_deeply(text)) throw foreign("nested too deeply");
  Json whole = Json::parse(text, nullptr, false);
  if (!whole.is_discarded()) {
    out.push_back(std::move(whole));
  } else {
    std::size_t begin = 0;
    std::size_t number = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      ++number;
      const std::string line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      Json document = Json::parse(line, nullptr, false);
      if (document.is_discarded() && out.empty()) throw foreign(first_fault(text));
      if (document.is_discarded()) throw foreign(fmt::format("line {} is not valid JSON", number));
      out.push_back(std::move(document));
    }
  }
  if (out.empty() || !out[0].is_object() || out[0].value("type", Json()) != "CityJSON")
    throw foreign("no object of type \"CityJSON\"");
  const auto version = out[0].find("version");
  const std::string v = version != out[0].end() && version->is_string() ? version->get<std::string>() : "";
  if (v.rfind("1.", 0) != 0 && v.rfind("2.", 0) != 0) throw foreign("version " + (v.empty() ? "missing" : v));
  return out;
}

std::string reference_system(const Json& header) {
  if (!header.contains("metadata") || !header["metadata"].is_object()) return {};
  const Json& metadata = header["metadata"];
  for (const char* key : {"referenceSystem", "crs"}) {
    if (!metadata.contains(key)) continue;
    if (metadata[key].is_string()) return metadata[key].get<std::string>();
    if (metadata[key].is_object() && metadata[key].contains("epsg") && metadata[key]["epsg"].is_number_integer())
      return "EPSG:" + std::to_string(metadata[key]["epsg"].get<int>());
  }
  return {};
}

template <class F>
auto guarded(const std::filesystem::path& path, F&& f) {
  try {
    return f();
  } catch (const Json::exception& e) {
    throw InputError(Fault{path.string(), std::string("C500 not CityJSON: ") + e.what(), {}, "CityJSON 1.0 to 2.0"});
  }
}

class CityReader {
 public:
  CityReader(const std::filesystem::path& path, ReadContext& context, Layers& layers, bool ground)
      : path_(path), context_(context), layers_(layers), ground_(ground) {}

  void read() {
    const std::string text = read_bytes(path_);
    const std::vector<Json> all = documents(path_, text);
    const Json& header = all[0];
    std::string crs = reference_system(header);
    if (crs.empty()) {
      context_.report.add(
          "C501", Severity::warning, path_.filename().string(), std::nullopt,
          "The file names no coordinate reference system; taken to be in that of the site, " + context_.target + ".");
      crs = context_.target;
    }
    const auto normal = normal_crs_name(crs);
    transformer_.emplace(normal && *normal == crs_local ? std::string(crs_local) : metre_crs(crs, path_.string()),
                         context_.target, path_.string());
    set_transform(header);
    for (const Json& document : all) read_document(document);
    context_.accuracy = std::max(context_.accuracy, transformer_->accuracy());
    add_bgt(features_, layers_, context_.report);
    DataSource source = describe(path_, text, "CityJSON", "");
    if (header.contains("metadata") && header["metadata"].is_object()) {
      const Json& m = header["metadata"];
      for (const char* key : {"referenceDate", "datasetReferenceDate"})
        if (source.date.empty() && m.contains(key) && m[key].is_string()) source.date = m[key].get<std::string>();
    }
    layers_.sources.push_back(std::move(source));
    report();
  }

 private:
  void set_transform(const Json& header) {
    if (!header.contains("transform") || !header["transform"].is_object()) return;
    const Json& t = header["transform"];
    for (std::size_t i = 0; i < 3; ++i) {
      scale_[i] = t.at("scale").at(i).get<double>();
      translate_[i] = t.at("translate").at(i).get<double>();
    }
  }
  void read_document(const Json& document) {
    if (!document.is_object() || !document.contains("CityObjects") || !document["CityObjects"].is_object()) return;
    vertices_.clear();
    if (document.contains("vertices"))
      for (const Json& v : document["vertices"]) {
        const Vec2 raw{v.at(0).get<double>() * scale_[0] + translate_[0],
                       v.at(1).get<double>() * scale_[1] + translate_[1]};
        vertices_.push_back({transformer_->forward(raw), v.at(2).get<double>() * scale_[2] + translate_[2]});
      }
    const Json& objects = document["CityObjects"];
    for (const auto& [id, object] : objects.items()) {
      if (!object.is_object() || !object.contains("type") || !object["type"].is_string()) continue;
      read_object(id, object, objects);
    }
  }
  static bool has_geometry(const Json& object) {
    return object.is_object() && object.contains("geometry") && object["geometry"].is_array() &&
           !object["geometry"].empty();
  }
  static bool parts_have_geometry(const Json& object, const Json& objects) {
    if (!object.contains("children") || !object["children"].is_array()) return false;
    return std::any_of(object["children"].begin(), object["children"].end(), [&](const Json& child) {
      return child.is_string() && objects.contains(child.get<std::string>()) &&
             has_geometry(objects[child.get<std::string>()]);
    });
  }
  void read_object(const std::string& id, const Json& object, const Json& objects) {
    const std::string type = object["type"].get<std::string>();
    if (!has_geometry(object)) return;
    if (type == "Building" || type == "BuildingPart") {
      if (!parts_have_geometry(object, objects)) read_building("cityjson/" + id, object);
    } else if (ground_) {
      read_ground("cityjson/" + id, type, object);
    }
  }

  std::vector<Geometry3> geometries(const std::string& id, const Json& object) {
    std::vector<Geometry3> out;
    for (const Json& g : object["geometry"]) {
      if (!g.is_object() || !g.contains("type") || !g.contains("boundaries") || !g["type"].is_string()) continue;
      const std::string type = g["type"].get<std::string>();
      const int depth = type == "MultiSurface" || type == "CompositeSurface" ? 0
                        : type == "Solid"                                    ? 1
                        : type == "MultiSolid" || type == "CompositeSolid"   ? 2
                                                                             : -1;
      if (depth < 0) continue;
      Geometry3 geometry;
      if (g.contains("lod"))
        geometry.lod = g["lod"].is_number()   ? g["lod"].get<double>()
                       : g["lod"].is_string() ? std::atof(g["lod"].get<std::string>().c_str())
                                              : 0.0;
      const Json none;
      const bool semantic = g.contains("semantics") && g["semantics"].is_object() &&
                            g["semantics"].contains("values") && g["semantics"].contains("surfaces");
      collect(id, g["boundaries"], semantic ? g["semantics"]["values"] : none,
              semantic ? g["semantics"]["surfaces"] : none, depth, geometry);
      if (!geometry.surfaces.empty()) out.push_back(std::move(geometry));
    }
    std::stable_sort(out.begin(), out.end(), [](const Geometry3& a, const Geometry3& b) { return a.lod > b.lod; });
    return out;
  }
  void collect(const std::string& id, const Json& list, const Json& values, const Json& kinds, int depth,
               Geometry3& out) {
    if (!list.is_array()) return;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const Json none;
      const Json& value = values.is_array() && i < values.size() ? values[i] : none;
      if (depth > 0) {
        collect(id, list[i], value, kinds, depth - 1, out);
        continue;
      }
      Surface3 surface;
      if (value.is_number_integer() && kinds.is_array()) {
        const auto k = value.get<std::int64_t>();
        if (k >= 0 && static_cast<std::size_t>(k) < kinds.size() && kinds[static_cast<std::size_t>(k)].is_object())
          surface.type = kinds[static_cast<std::size_t>(k)].value("type", std::string());
      }
      if (read_rings(id, list[i], surface)) out.surfaces.push_back(std::move(surface));
    }
  }
  bool read_rings(const std::string& id, const Json& rings, Surface3& out) {
    if (!rings.is_array()) return false;
    for (const Json& ring : rings) {
      if (!ring.is_array()) return false;
      std::vector<std::size_t> indices;
      for (const Json& index : ring) {
        const bool good = index.is_number_unsigned() && index.get<std::uint64_t>() < vertices_.size() &&
                          is_finite(vertices_[index.get<std::size_t>()].at) &&
                          std::fabs(vertices_[index.get<std::size_t>()].at.x) < 1e8 &&
                          std::fabs(vertices_[index.get<std::size_t>()].at.y) < 1e8;
        if (!good) {
          if (told_.insert(id).second)
            context_.report.add(
                "C504", Severity::warning, id, std::nullopt,
                "A vertex index is out of range or its vertex is not on the earth; the surface is left out.");
          return false;
        }
        indices.push_back(index.get<std::size_t>());
      }
      if (indices.size() >= 3)
        out.rings.push_back(std::move(indices));
      else if (out.rings.empty())
        return false;
    }
    return !out.rings.empty();
  }
  Polygon flat(const Surface3& s) const {
    Polygon p;
    for (std::size_t i = 0; i < s.rings.size(); ++i) {
      Ring ring;
      for (const std::size_t k : s.rings[i])
        if (ring.empty() || !(ring.back() == vertices_[k].at)) ring.push_back(vertices_[k].at);
      if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
      if (i == 0)
        p.outer = std::move(ring);
      else if (ring.size() >= 3)
        p.holes.push_back(std::move(ring));
    }
    return p;
  }
  std::pair<double, double> heights(const Surface3& s) const {
    std::pair<double, double> z{1e300, -1e300};
    for (const auto& ring : s.rings)
      for (const std::size_t k : ring) z = {std::min(z.first, vertices_[k].z), std::max(z.second, vertices_[k].z)};
    return z;
  }
  /// Horizontal surfaces of one semantic type ("" = all) as one outline.
  Polygons outline(const Geometry3& g, const char* type) const {
    Polygons shapes;
    for (const Surface3& s : g.surfaces) {
      if (*type != '\0' && s.type != type) continue;
      Polygon p = flat(s);
      if (p.outer.size() >= 3 && std::fabs(area(p.outer)) > 0.01) shapes.push_back(std::move(p));
    }
    return unite(shapes, 0.001);
  }
  void read_building(const std::string& id, const Json& object) {
    const std::vector<Geometry3> all = geometries(id, object);
    if (all.empty()) return;
    Polygons footprint;
    for (const Geometry3& g : all)
      if (footprint.empty()) footprint = outline(g, "GroundSurface");
    for (const Geometry3& g : all) {
      if (footprint.empty() && g.lod == 0.0) footprint = outline(g, "");
      for (const Surface3& s : g.surfaces)
        if (s.type == "GroundSurface" && heights(s).second - heights(s).first > 0.5) ++n_slanted_[id];
    }
    if (footprint.empty()) {
      footprint = outline(all[0], "");
      if (!footprint.empty()) projected_.push_back(id);
    }
    double low = 1e300;
    double high = -1e300;
    for (const Surface3& s : all[0].surfaces) {
      low = std::min(low, heights(s).first);
      high = std::max(high, heights(s).second);
    }
    double height = high > low && high - low < 1000.0 ? high - low : 0.0;
    if (height == 0.0 && object.contains("attributes") && object["attributes"].is_object())
      for (const char* key : {"measuredHeight", "height", "b3_h_dak_max"})
        if (height == 0.0 && object["attributes"].contains(key) && object["attributes"][key].is_number())
          height = std::clamp(object["attributes"][key].get<double>(), 0.0, 1000.0);
    if (footprint.empty())
      context_.report.add("C505", Severity::warning, id, std::nullopt,
                          "The building has no surface with an area; left out.");
    else
      ++n_buildings_;
    for (Polygon& p : footprint)
      layers_.obstacles.push_back({std::move(p), ObstacleKind::building, LevelId{}, 0.0, height, id});
  }
  void read_ground(const std::string& id, const std::string& type, const Json& object) {
    static const std::map<std::string, const char*> layers{{"Road", "wegdeel"},
                                                           {"TransportSquare", "wegdeel"},
                                                           {"Square", "wegdeel"},
                                                           {"PlantCover", "begroeidterreindeel"},
                                                           {"LandUse", "onbegroeidterreindeel"},
                                                           {"WaterBody", "waterdeel"},
                                                           {"Waterway", "waterdeel"},
                                                           {"Bridge", "overbruggingsdeel"},
                                                           {"BridgePart", "overbruggingsdeel"},
                                                           {"GenericCityObject", "scheiding"},
                                                           {"+GenericCityObject", "scheiding"},
                                                           {"SolitaryVegetationObject", "vegetatieobject"},
                                                           {"CityFurniture", "straatmeubilair"},
                                                           {"OtherConstruction", "kunstwerkdeel"}};
    const auto layer = layers.find(type);
    if (layer == layers.end()) return;
    BgtFeature f;
    f.layer = layer->second;
    f.id = id;
    if (object.contains("attributes") && object["attributes"].is_object())
      for (const auto& [key, value] : object["attributes"].items()) {
        std::string name;
        for (const char c : key)
          if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (value.is_string())
          f.attributes.emplace(name, value.get<std::string>());
        else if (value.is_number())
          f.attributes.emplace(name, value.dump());
      }
    if (layer->second == std::string("overbruggingsdeel")) f.attributes.emplace("class", "dek");
    if (layer->second == std::string("scheiding") && f["bgttype"].empty()) return;  // a foreign generic object
    const std::vector<Geometry3> all = geometries(id, object);
    if (all.empty()) return;
    f.polygons = outline(all[0], "");
    if (!f.polygons.empty()) features_.push_back(std::move(f));
  }
  void report() {
    for (const auto& [id, n] : n_slanted_)
      context_.report.add("C503", Severity::info, id, std::nullopt,
                          fmt::format("{} ground surface(s) slope by more than 0.5 m; used as seen from above.", n));
    if (!projected_.empty())
      context_.report.add(
          "C502", Severity::info, projected_.size() == 1 ? projected_[0] : path_.filename().string(), std::nullopt,
          fmt::format("{} building(s) without GroundSurface; their outlines as seen from above are used.",
                      projected_.size()));
    context_.report.figures.emplace_back("cityjson_n_buildings", static_cast<double>(n_buildings_));
    context_.report.figures.emplace_back("cityjson_n_projected", static_cast<double>(projected_.size()));
  }

  std::filesystem::path path_;
  ReadContext& context_;
  Layers& layers_;
  bool ground_;
  std::optional<Transformer> transformer_;
  double scale_[3] = {1.0, 1.0, 1.0};
  double translate_[3] = {0.0, 0.0, 0.0};
  std::vector<Vertex> vertices_;
  std::vector<BgtFeature> features_;
  std::vector<std::string> projected_;
  std::set<std::string> told_;
  std::map<std::string, int> n_slanted_;
  std::size_t n_buildings_ = 0;
};

}  // namespace

std::string cityjson_crs(const std::filesystem::path& path) {
  return guarded(path, [&] { return reference_system(documents(path, read_bytes(path))[0]); });
}

void read_cityjson(const std::filesystem::path& path, ReadContext& context, Layers& layers, bool ground) {
  guarded(path, [&] { CityReader(path, context, layers, ground).read(); });
}

}  // namespace throng::gis::detail
