#include "tools/throng/file_kinds.hpp"

#include "sim/core/error.hpp"
#include "sim/io/io.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <string_view>

#include <nlohmann/json.hpp>

namespace throng::cli {
namespace fs = std::filesystem;

namespace {
using Json = nlohmann::json;
constexpr std::string_view hdf5_mark = "\x89HDF\r\n\x1a\n";

std::string beginning_of(const fs::path& file) {
  if (!fs::exists(file)) throw InputError({file.string(), "no such file", "", "an existing file"});
  if (!fs::is_regular_file(file)) throw InputError({file.string(), "is not a regular file", "", "a file"});
  std::string out(4096, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(stream.gcount()));
  return out;
}

void describe_trajectory(const fs::path& file) {
  const io::ForeignTrajectory trajectory = io::read_foreign_trajectory(file);
  const std::set<std::int64_t> people(trajectory.id.begin(), trajectory.id.end());
  const auto [first, last] = std::minmax_element(trajectory.frame.begin(), trajectory.frame.end());
  std::printf("trajectories in the layout of the Pedestrian Dynamics Data Archive (PedPy, JuPedSim)\n");
  std::printf("rows:          %zu of %zu people\nframe rate:    %.2f frames per second\n", trajectory.id.size(),
              people.size(), trajectory.fps);
  if (!trajectory.frame.empty())
    std::printf("frames:        %lld to %lld\n", static_cast<long long>(*first), static_cast<long long>(*last));
  std::printf("walkable area: %s\n", trajectory.wkt.empty() ? "not in the file" : trajectory.wkt.substr(0, 60).c_str());
}

/// HDF5 that is not sealed by us: foreign, unfinished, or damaged.
void describe_hdf5(const fs::path& file) {
  if (file.extension() == ".part")
    throw InputError({file.string(), "is the temporary of a run that did not end", "",
                      "throng recover " + file.string() + " " + (file.parent_path() / file.stem()).string()});
  try {
    return describe_trajectory(file);
  } catch (const InputError&) {
    io::check_seal(file);  // what is wrong with it as a file of ours
    throw;
  }
}

std::string text_at(const Json& json, const char* key) {
  const auto at = json.find(key);
  return at != json.end() && at->is_string() ? at->get<std::string>() : "";
}

/// Name of the legacy member "crs", or what its absence means.
std::string crs_of(const Json& json) {
  const Json* at = &json;
  for (const char* key : {"crs", "properties", "name"}) {
    const auto next = at->is_object() ? at->find(key) : at->end();
    if (!at->is_object() || next == at->end()) return "longitude, latitude (none named)";
    at = &*next;
  }
  return at->is_string() ? at->get<std::string>() : "not a name";
}

void describe_geojson(const Json& json) {
  std::map<std::string, int> count;
  int n = 0;
  if (const auto features = json.find("features"); features != json.end() && features->is_array())
    for (const Json& feature : *features) {
      const auto properties = feature.is_object() ? feature.find("properties") : feature.end();
      std::string word;
      if (feature.is_object() && properties != feature.end() && properties->is_object())
        word = properties->contains("layer") ? text_at(*properties, "layer") : text_at(*properties, "kind");
      ++count[word.empty() ? "(no kind)" : word];
      ++n;
    }
  std::printf("GeoJSON with %d features: throng import --event or --plan reads it\ncoordinates: %s\n", n,
              crs_of(json).c_str());
  for (const auto& [word, times] : count) std::printf("  %-24s %6d\n", word.c_str(), times);
}

void describe_report(const Json& json) {
  std::printf("import report of throng import\n");
  for (const char* part : {"counts", "figures"})
    if (const auto at = json.find(part); at != json.end() && at->is_object())
      for (const auto& [name, value] : at->items())
        if (value.is_number()) std::printf("  %-32s %12.2f\n", name.c_str(), value.get<double>());
}

/// Ours, and describable? A JSON file of another kind is told by the caller.
bool describe_json(const fs::path& file) {
  if (fs::file_size(file) > (64U << 20)) return false;
  const Json json = Json::parse(io::read_text(file), nullptr, false);
  if (!json.is_object()) return false;
  if (text_at(json, "format") == "throng-import-report") return describe_report(json), true;
  if (text_at(json, "type") == "FeatureCollection") return describe_geojson(json), true;
  return false;
}

struct Known {
  std::string_view mark;
  bool at_start;
  const char *what, *command;
};
/// What other files begin with or hold early; the first that fits.
constexpr Known known[] = {{"\x89PNG", true, "is a PNG picture", ""},
                           {"%PDF", true, "is a PDF document", ""},
                           {"\x1f\x8b", true, "is packed with gzip", "throng import --osm for .osm.gz"},
                           {"PK\x03\x04", true, "is a ZIP archive", "the files in it"},
                           {"SQLite format 3", true, "is an SQLite or GeoPackage file", "throng import --bgt"},
                           {"OSMHeader", false, "is an OpenStreetMap file (PBF)", "throng import --osm"},
                           {"<osm", false, "is an OpenStreetMap file (XML)", "throng import --osm"},
                           {"opengis.net/gml", false, "is a GML file", "throng import --bgt"},
                           {"\"CityJSON\"", false, "is a CityJSON file", "throng import --cityjson"},
                           {"<!DOCTYPE html", false, "is an HTML page", "a browser"}};

}  // namespace

void describe_other(const fs::path& file) {
  const std::string begin = beginning_of(file);
  if (begin.starts_with(hdf5_mark)) return describe_hdf5(file);
  const std::size_t first = begin.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && begin[first] == '{' && describe_json(file)) return;
  for (const Known& one : known)
    if (one.at_start ? begin.starts_with(one.mark) : begin.find(one.mark) != std::string::npos)
      throw InputError({file.string(), one.what, "", *one.command != 0 ? one.command : "a file of ours"});
  throw InputError({file.string(), begin.empty() ? "the file is empty" : "not a file that throng knows", "",
                    "a site, result or scenario file, an import report, GeoJSON"});
}

}  // namespace throng::cli
