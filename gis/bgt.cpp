#include "gis/detail/bgt.hpp"

#include "gis/detail/crs.hpp"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cmath>
#include <memory>
#include <mutex>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

// BGT by GDAL: GML, GeoPackage, SQLite. Files are opened from memory, so that GDAL can write nothing beside them.
namespace throng::gis::detail {
namespace {

/// Keeps what GDAL says on this thread; nothing is printed.
class QuietGdal {
 public:
  QuietGdal() {
    static std::once_flag once;
    std::call_once(once, [] { GDALAllRegister(); });
    CPLPushErrorHandlerEx(
        [](CPLErr level, CPLErrorNum, const char* text) {
          auto* self = static_cast<QuietGdal*>(CPLGetErrorHandlerUserData());
          if (level >= CE_Failure && self != nullptr && self->message_.empty()) self->message_ = text;
        },
        this);
    CPLSetThreadLocalConfigOption("GML_SKIP_RESOLVE_ELEMS", "ALL");
    CPLSetThreadLocalConfigOption("OGR_SQLITE_JOURNAL", "OFF");
    CPLSetThreadLocalConfigOption("GML_DOWNLOAD_SCHEMA", "NO");
  }
  ~QuietGdal() {
    CPLPopErrorHandler();
    CPLSetThreadLocalConfigOption("GML_SKIP_RESOLVE_ELEMS", nullptr);
    CPLSetThreadLocalConfigOption("OGR_SQLITE_JOURNAL", nullptr);
    CPLSetThreadLocalConfigOption("GML_DOWNLOAD_SCHEMA", nullptr);
  }
  QuietGdal(const QuietGdal&) = delete;
  QuietGdal& operator=(const QuietGdal&) = delete;
  const std::string& message() const { return message_; }

 private:
  std::string message_;
};

/// A copy of the file in GDAL's memory file system, in a folder of its own.
class MemoryFile {
 public:
  MemoryFile(const std::string& bytes, const std::string& name) {
    static std::atomic<unsigned> counter{0};
    folder_ = fmt::format("/vsimem/throng_{}", counter++);
    path_ = folder_ + "/" + name;
    // The buffer stays ours and outlives the file.
    VSILFILE* file = VSIFileFromMemBuffer(path_.c_str(), reinterpret_cast<GByte*>(const_cast<char*>(bytes.data())),
                                          static_cast<vsi_l_offset>(bytes.size()), FALSE);
    if (file != nullptr) VSIFCloseL(file);
  }
  ~MemoryFile() { VSIRmdirRecursive(folder_.c_str()); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string folder_, path_;
};

struct CloseDataset {
  void operator()(void* d) const { GDALClose(d); }
};
struct DestroyFeature {
  void operator()(void* f) const { OGR_F_Destroy(f); }
};
struct DestroyGeometry {
  void operator()(void* g) const { OGR_G_DestroyGeometry(g); }
};

std::string plain_name(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0)
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Points of a simple line or ring; false when one is not finite.
bool points_of(OGRGeometryH g, Line& out) {
  const int n = OGR_G_GetPointCount(g);
  for (int i = 0; i < n; ++i) {
    const Vec2 p{OGR_G_GetX(g, i), OGR_G_GetY(g, i)};
    if (!is_finite(p) || std::fabs(p.x) > 1e8 || std::fabs(p.y) > 1e8) return false;
    if (out.empty() || !(out.back() == p)) out.push_back(p);
  }
  return true;
}

bool gather(OGRGeometryH g, BgtFeature& out) {
  switch (OGR_GT_Flatten(OGR_G_GetGeometryType(g))) {
    case wkbPoint: {
      Line one;
      if (OGR_G_IsEmpty(g) != 0 || !points_of(g, one)) return OGR_G_IsEmpty(g) != 0;
      out.points.push_back(one[0]);
      return true;
    }
    case wkbLineString: {
      Line line;
      if (!points_of(g, line)) return false;
      if (line.size() >= 2) out.lines.push_back(std::move(line));
      return true;
    }
    case wkbPolygon: {
      Polygon p;
      for (int i = 0; i < OGR_G_GetGeometryCount(g); ++i) {
        Line ring;
        if (!points_of(OGR_G_GetGeometryRef(g, i), ring)) return false;
        if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
        if (ring.size() < 3) continue;
        if (i == 0)
          p.outer = std::move(ring);
        else
          p.holes.push_back(std::move(ring));
      }
      if (p.outer.size() >= 3) out.polygons.push_back(std::move(p));
      return true;
    }
    default: {
      bool good = true;
      for (int i = 0; i < OGR_G_GetGeometryCount(g); ++i) good = gather(OGR_G_GetGeometryRef(g, i), out) && good;
      return good;
    }
  }
}

/// EPSG name of a layer's system; empty when it has none.
std::string crs_of_layer(OGRLayerH layer) {
  OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
  if (srs == nullptr) return {};
  const char* part = OSRIsCompound(srs) != 0 ? "COMPD_CS|PROJCS" : nullptr;
  const char* code = OSRGetAuthorityCode(srs, part);
  if (code == nullptr && OSRAutoIdentifyEPSG(srs) == OGRERR_NONE) code = OSRGetAuthorityCode(srs, nullptr);
  if (code == nullptr) {
    const char* name = OSRGetName(srs);
    return name != nullptr && std::string(name).find("RD New") != std::string::npos ? "EPSG:28992" : std::string();
  }
  return "EPSG:" + std::string(code);
}

class BgtFile {
 public:
  BgtFile(const std::filesystem::path& path, ReadContext& context) : path_(path), context_(context) {}

  void read(std::vector<BgtFeature>& out, std::vector<DataSource>& sources) {
    const std::string bytes = read_bytes(path_);
    const QuietGdal quiet;
    const MemoryFile memory(bytes, path_.filename().string());
    const char* const drivers[] = {"GML", "GPKG", "SQLite", nullptr};
    const char* const options[] = {"WRITE_GFS=NO", "DOWNLOAD_SCHEMA=NO", "EXPOSE_GML_ID=YES", "LIST_ALL_TABLES=NO",
                                   nullptr};
    const std::unique_ptr<void, CloseDataset> dataset(
        GDALOpenEx(memory.path().c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers, options, nullptr));
    if (!dataset) fail("B700 not readable as BGT data", quiet);
    const int n = GDALDatasetGetLayerCount(dataset.get());
    for (int i = 0; i < n; ++i) read_layer(GDALDatasetGetLayer(dataset.get(), i), out);
    if (!quiet.message().empty() && n_read_ == 0) fail("B700 not readable as BGT data", quiet);
    if (n == 0) fail("B700 the file holds no layer", quiet);
    if (!quiet.message().empty())
      context_.report.add("B701", Severity::warning, path_.filename().string(), std::nullopt,
                          "GDAL: " + quiet.message());
    sources.push_back(describe(path_, bytes, "BGT", "BGT (Kadaster / PDOK), public domain (CC0)"));
  }

 private:
  [[noreturn]] void fail(const char* what, const QuietGdal& quiet) {
    std::string text = quiet.message().substr(0, 200);
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 32; });
    throw InputError(Fault{path_.string(), what + (text.empty() ? "" : ": " + text), {}, "GML, GeoPackage or SQLite"});
  }
  void read_layer(OGRLayerH layer, std::vector<BgtFeature>& out) {
    if (layer == nullptr) return;
    const char* raw = OGR_L_GetName(layer);
    const std::string name = plain_name(raw != nullptr ? raw : "");
    std::string crs = crs_of_layer(layer);
    if (crs.empty()) crs = "EPSG:28992";
    const Transformer transformer(is_geographic(crs) ? std::string(crs_lonlat) : metre_crs(crs, path_.string()),
                                  context_.target, path_.string());
    OGR_L_ResetReading(layer);
    for (;;) {
      const std::unique_ptr<void, DestroyFeature> feature(OGR_L_GetNextFeature(layer));
      if (!feature) break;
      read_feature(feature.get(), name, transformer, out);
    }
    context_.accuracy = std::max(context_.accuracy, transformer.accuracy());
  }
  void read_feature(OGRFeatureH feature, const std::string& layer, const Transformer& transformer,
                    std::vector<BgtFeature>& out) {
    BgtFeature f;
    f.layer = layer + " " + plain_name(path_.stem().string());
    const int n = OGR_F_GetFieldCount(feature);
    for (int i = 0; i < n; ++i) {
      if (OGR_F_IsFieldSetAndNotNull(feature, i) == 0) continue;
      const char* key = OGR_Fld_GetNameRef(OGR_F_GetFieldDefnRef(feature, i));
      const char* value = OGR_F_GetFieldAsString(feature, i);
      if (key != nullptr && value != nullptr) f.attributes.emplace(plain_name(key), value);
    }
    f.id = "bgt/";
    for (const char* key : {"lokaalid", "identificatielokaalid", "gmlid"})
      if (f.id.size() == 4) f.id += f[key];
    if (f.id.size() == 4) f.id += fmt::format("{}/{}", layer, static_cast<long long>(OGR_F_GetFID(feature)));
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (geometry == nullptr) return;
    const std::unique_ptr<void, DestroyGeometry> linear(OGR_G_GetLinearGeometry(geometry, 4.0, nullptr));
    const bool good = linear && gather(linear.get(), f) && project(f, transformer);
    if (!good) {
      context_.report.add("B702", Severity::warning, f.id, std::nullopt,
                          "Geometry with a coordinate that is not a number or off the earth; left out.");
      return;
    }
    ++n_read_;
    out.push_back(std::move(f));
  }
  static bool project(BgtFeature& f, const Transformer& transformer) {
    bool good = true;
    const auto line = [&](Line& l) {
      for (Vec2& p : l) {
        p = transformer.forward(p);
        good = good && is_finite(p) && std::fabs(p.x) < 1e8 && std::fabs(p.y) < 1e8;
      }
    };
    for (Polygon& p : f.polygons) {
      line(p.outer);
      for (Ring& h : p.holes) line(h);
    }
    for (Line& l : f.lines) line(l);
    line(f.points);
    return good;
  }
  std::filesystem::path path_;
  ReadContext& context_;
  std::size_t n_read_ = 0;
};

std::vector<std::filesystem::path> files_in(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    std::string ending = entry.path().extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (entry.is_regular_file() && (ending == ".gml" || ending == ".xml" || ending == ".gpkg" || ending == ".sqlite"))
      out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  if (out.empty())
    throw InputError(Fault{path.string(), "B700 no BGT file in this folder", {}, ".gml, .xml, .gpkg, .sqlite"});
  return out;
}

}  // namespace

std::string bgt_crs(const std::filesystem::path&) { return "EPSG:28992"; }

void read_bgt(const std::filesystem::path& path, ReadContext& context, Layers& layers) {
  std::vector<BgtFeature> features;
  for (const auto& file : files_in(path)) {
    const std::size_t before = features.size();
    BgtFile(file, context).read(features, layers.sources);
    Box box;
    for (std::size_t i = before; i < features.size(); ++i) {
      for (const Polygon& p : features[i].polygons)
        for (const Vec2 v : p.outer) box.add(v);
      for (const Line& l : features[i].lines)
        for (const Vec2 v : l) box.add(v);
      for (const Vec2 v : features[i].points) box.add(v);
    }
    if (!box.empty()) context.files.emplace_back(file, box);
  }
  add_bgt(features, layers, context.report);
}

}  // namespace throng::gis::detail
