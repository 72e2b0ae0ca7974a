#pragma once
#include "tests/gis/gis_support.hpp"

#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace throng::test {

/// Writes OSM XML with coordinates in metres around a point in Utrecht.
class Town {
 public:
  int node(double x, double y, const std::string& tags = "") {
    const double lat = 52.09 + y / 111250.0;
    const double lon = 5.12 + x / 68400.0;
    char text[120];
    std::snprintf(text, sizeof text, "<node id=\"%d\" version=\"1\" lat=\"%.8f\" lon=\"%.8f\">", ++n_, lat, lon);
    nodes_ += text + tags_of(tags) + "</node>\n";
    at_[n_] = {x, y};
    return n_;
  }
  int way(const std::vector<int>& nodes, const std::string& tags) {
    ways_ += "<way id=\"" + std::to_string(++n_) + "\" version=\"1\">";
    for (const int n : nodes) ways_ += "<nd ref=\"" + std::to_string(n) + "\"/>";
    ways_ += tags_of(tags) + "</way>\n";
    return n_;
  }
  int ring(double x0, double y0, double x1, double y1, const std::string& tags) {
    const int a = node(x0, y0);
    const int b = node(x1, y0);
    const int c = node(x1, y1);
    const int d = node(x0, y1);
    return way({a, b, c, d, a}, tags);
  }
  void relation(const std::vector<std::pair<int, std::string>>& members, const std::string& tags) {
    relations_ += "<relation id=\"" + std::to_string(++n_) + "\" version=\"1\">";
    for (const auto& [id, role] : members)
      relations_ += "<member type=\"way\" ref=\"" + std::to_string(id) + "\" role=\"" + role + "\"/>";
    relations_ += tags_of(tags) + "</relation>\n";
  }
  std::string xml() const {
    return "<?xml version='1.0' encoding='UTF-8'?>\n<osm version=\"0.6\">\n" + nodes_ + ways_ + relations_ + "</osm>\n";
  }
  gis::ImportResult import(gis::ImportRequest request = {}) const {
    const TempFolder folder;
    request.osm = {folder.write("town.osm", xml())};
    return gis::import_site(request);
  }
  /// Site position of a drawn point.
  static Vec2 in(const SiteGeometry& site, double x, double y) {
    Vec2 best;
    const auto lonlat = gis::to_lonlat(site.frame, {0, 0});
    REQUIRE(lonlat);
    const auto east = gis::to_lonlat(site.frame, {1000, 0});
    const auto north = gis::to_lonlat(site.frame, {0, 1000});
    // invert the local linear map
    const double a = (east->lon - lonlat->lon) / 1000, b = (north->lon - lonlat->lon) / 1000;
    const double c = (east->lat - lonlat->lat) / 1000, d = (north->lat - lonlat->lat) / 1000;
    const double u = 5.12 + x / 68400.0 - lonlat->lon, v = 52.09 + y / 111250.0 - lonlat->lat;
    const double det = a * d - b * c;
    best = {(u * d - b * v) / det, (a * v - c * u) / det};
    return best;
  }

 private:
  /// "highway=footway;width=2"
  static std::string tags_of(const std::string& text) {
    std::string out;
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = std::min(text.find(';', begin), text.size());
      const std::string one = text.substr(begin, end - begin);
      const std::size_t eq = one.find('=');
      out += "<tag k=\"" + one.substr(0, eq) + "\" v=\"" + one.substr(eq + 1) + "\"/>";
      begin = end + 1;
    }
    return out;
  }
  int n_ = 0;
  std::string nodes_, ways_, relations_;
  std::map<int, Vec2> at_;
};

}  // namespace throng::test
