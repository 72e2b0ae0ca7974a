#pragma once
#include "gis/import.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace throng::test {

namespace fs = std::filesystem;

/// A folder that vanishes with the test.
class TempFolder {
 public:
  TempFolder() {
    std::random_device device;
    path_ = fs::temp_directory_path() / ("throng_gis_" + std::to_string(device()) + std::to_string(device()));
    fs::create_directories(path_);
  }
  ~TempFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline std::string feature(const std::string& properties, const std::string& type, const std::string& coordinates) {
  return R"({"type":"Feature","properties":{)" + properties + R"(},"geometry":{"type":")" + type +
         R"(","coordinates":)" + coordinates + "}}";
}
inline std::string box(double x0, double y0, double x1, double y1) {
  const auto p = [](double x, double y) { return "[" + std::to_string(x) + "," + std::to_string(y) + "]"; };
  return "[[" + p(x0, y0) + "," + p(x1, y0) + "," + p(x1, y1) + "," + p(x0, y1) + "," + p(x0, y0) + "]]";
}
inline std::string area_feature(const std::string& properties, double x0, double y0, double x1, double y1) {
  return feature(properties, "Polygon", box(x0, y0, x1, y1));
}
inline std::string collection(const std::vector<std::string>& features, const std::string& crs = "local") {
  std::string out = R"({"type":"FeatureCollection",)";
  if (!crs.empty()) out += R"("crs":{"type":"name","properties":{"name":")" + crs + R"("}},)";
  out += R"("features":[)";
  for (std::size_t i = 0; i < features.size(); ++i) out += (i > 0 ? ",\n" : "") + features[i];
  return out + "]}";
}

inline gis::ImportResult import_plan(const std::vector<std::string>& features, const std::string& crs = "local") {
  const TempFolder folder;
  gis::ImportRequest request;
  request.plan = {folder.write("plan.geojson", collection(features, crs))};
  return gis::import_site(request);
}

inline double walkable_area(const SiteGeometry& site) {
  double sum = 0.0;
  for (const WalkablePart& w : site.walkable) sum += area(w.shape);
  return sum;
}
inline double walkable_area(const SiteGeometry& site, Surface surface, int level = 0) {
  double sum = 0.0;
  for (const WalkablePart& w : site.walkable)
    if (w.surface == surface && static_cast<int>(w.level) == level) sum += area(w.shape);
  return sum;
}
inline bool walkable_at(const SiteGeometry& site, Vec2 p, int level = 0) {
  for (const WalkablePart& w : site.walkable)
    if (static_cast<int>(w.level) == level && contains(w.shape, p)) return true;
  return false;
}
inline std::size_t count_code(const gis::ImportReport& report, const std::string& code) {
  std::size_t n = 0;
  for (const gis::ImportNote& note : report.notes) n += note.code == code ? 1U : 0U;
  return n;
}
inline double figure(const gis::ImportReport& report, const std::string& name) {
  for (const auto& [key, value] : report.figures)
    if (key == name) return value;
  return -1.0;
}

template <class F>
void for_each_ring(const Polygon& p, F&& f) {
  f(p.outer);
  for (const Ring& h : p.holes) f(h);
}

/// Vertices of one part that lie inside an edge of another part (or of itself) of the same level: must be none.
inline std::size_t unnoded_vertices(const SiteGeometry& site) {
  struct Edge {
    Vec2 a, b;
    LevelId level;
  };
  std::vector<Edge> edges;
  std::vector<std::pair<Vec2, LevelId>> vertices;
  for (const WalkablePart& w : site.walkable)
    for_each_ring(w.shape, [&](const Ring& r) {
      for (std::size_t i = 0; i < r.size(); ++i) {
        edges.push_back({r[i], r[(i + 1) % r.size()], w.level});
        vertices.emplace_back(r[i], w.level);
      }
    });
  std::sort(vertices.begin(), vertices.end(), [](const auto& p, const auto& q) { return p.first.x < q.first.x; });
  std::size_t bad = 0;
  for (const Edge& e : edges) {
    const double low = std::min(e.a.x, e.b.x) - 1e-6;
    const double high = std::max(e.a.x, e.b.x) + 1e-6;
    auto at =
        std::lower_bound(vertices.begin(), vertices.end(), low, [](const auto& p, double x) { return p.first.x < x; });
    for (; at != vertices.end() && at->first.x <= high; ++at) {
      if (at->second != e.level) continue;
      const Vec2 v = at->first;
      if (distance(v, e.a) < 1e-6 || distance(v, e.b) < 1e-6) continue;
      if (distance(v, nearest_on_segment(v, e.a, e.b)) < 1e-7) ++bad;
    }
  }
  return bad;
}

/// Is the point covered by two parts of one level?
inline std::size_t overlapping_points(const SiteGeometry& site, int n) {
  Box all;
  for (const WalkablePart& w : site.walkable)
    for (const Vec2 v : w.shape.outer) all.add(v);
  std::vector<Box> boxes;
  for (const WalkablePart& w : site.walkable) boxes.push_back(bounds(w.shape));
  std::mt19937 random(7);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  std::size_t bad = 0;
  for (int i = 0; i < n; ++i) {
    const Vec2 p{all.min.x + unit(random) * all.size().x, all.min.y + unit(random) * all.size().y};
    std::vector<int> seen;
    for (std::size_t k = 0; k < site.walkable.size(); ++k) {
      if (!boxes[k].contains(p) || !contains(site.walkable[k].shape, p)) continue;
      const int level = static_cast<int>(site.walkable[k].level);
      if (std::find(seen.begin(), seen.end(), level) != seen.end()) ++bad;
      seen.push_back(level);
    }
  }
  return bad;
}

/// Text of all merged geometry, for equality of results.
inline std::string fingerprint(const SiteGeometry& site) {
  std::string out;
  const auto point = [&](Vec2 p) { out += std::to_string(p.x) + " " + std::to_string(p.y) + ";"; };
  for (const WalkablePart& w : site.walkable) {
    out += std::to_string(static_cast<int>(w.level)) + to_string(w.surface) + w.source_id + ":";
    for_each_ring(w.shape, [&](const Ring& r) {
      out += "|";
      for (const Vec2 p : r) point(p);
    });
  }
  for (const Barrier& b : site.barriers) {
    out += b.source_id + "=";
    for (const Vec2 p : b.line) point(p);
  }
  for (const GateSpan& g : site.gates) {
    out += g.id + "@";
    point(g.a);
    point(g.b);
  }
  for (const Portal& p : site.portals) {
    out += "portal";
    point(p.a);
    point(p.b);
  }
  for (const Obstacle& o : site.obstacles) {
    out += o.source_id + "#";
    for (const Vec2 p : o.shape.outer) point(p);
  }
  return out;
}

/// All faults of a failing call as one text; empty when it does not fail.
template <class F>
std::string faults_of(F&& f) {
  try {
    f();
  } catch (const InputError& e) {
    std::string out;
    for (const Fault& fault : e.faults()) out += fault.text() + "\n";
    return out;
  }
  return {};
}

}  // namespace throng::test
