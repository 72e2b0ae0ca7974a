#pragma once
#include "gis/import.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pj_ctx;
struct PJconsts;

/// Coordinate reference systems: names, choice of the metre system of a site, projection. PROJ behind plain types.
namespace throng::gis::detail {

inline constexpr const char* crs_lonlat = "EPSG:4258";  ///< ETRS89; WGS84 data are treated as such
inline constexpr const char* crs_local = "local";

/// "EPSG:28992" from "urn:ogc:def:crs:EPSG::28992", "https://www.opengis.net/def/crs/EPSG/0/7415", "epsg:28992",
/// CRS84... WGS84 becomes ETRS89; nothing when the name is not understood.
std::optional<std::string> normal_crs_name(const std::string& name);

/// Checks that a CRS exists, is projected, and counts in metres; strips heights (7415 -> 28992).
/// @throws InputError otherwise.
std::string metre_crs(const std::string& name, const std::string& where);
/// True when the CRS is known and geographic (degrees).
bool is_geographic(const std::string& name);
/// EPSG:28992 in the Netherlands, else the UTM zone (ETRS89 in Europe, WGS84 elsewhere).
std::string default_metre_crs(LonLat centre);
/// Is the position on the Dutch land area for which RD is made?
bool in_netherlands(LonLat);

/// One operation between two systems, x east / y north or lon / lat at both ends. Not shared between threads.
class Transformer {
 public:
  /// @throws InputError when either name is unknown or there is no operation.
  Transformer(const std::string& from, const std::string& to, const std::string& where);
  bool identity() const { return pj_ == nullptr; }
  /// Not finite when the point lies outside the system's domain.
  Vec2 forward(Vec2) const;
  Vec2 inverse(Vec2) const;
  void forward(std::vector<Vec2>&) const;
  double accuracy() const;  ///< of the operation used last [m]; 0 = exact or unknown

 private:
  struct Free {
    void operator()(pj_ctx*) const;
    void operator()(PJconsts*) const;
  };
  std::unique_ptr<pj_ctx, Free> context_;
  std::unique_ptr<PJconsts, Free> pj_;
};

}  // namespace throng::gis::detail
