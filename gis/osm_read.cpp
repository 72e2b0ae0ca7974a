#include "gis/detail/osm.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <osmium/area/assembler.hpp>
#include <osmium/area/multipolygon_manager.hpp>
#include <osmium/area/problem_reporter.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/map/sparse_mem_array.hpp>
#include <osmium/io/bzip2_compression.hpp>
#include <osmium/io/gzip_compression.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/io/xml_input.hpp>
#include <osmium/visitor.hpp>

// The only file that knows libosmium.
namespace throng::gis::detail {
namespace {

using Index = osmium::index::map::SparseMemArray<osmium::unsigned_object_id_type, osmium::Location>;
using Locations = osmium::handler::NodeLocationsForWays<Index>;

Tags tags_of(const osmium::TagList& list) {
  Tags out;
  for (const osmium::Tag& tag : list) out.set(tag.key(), tag.value());
  return out;
}

/// Keeps what the assembler could not build.
class Problems : public osmium::area::ProblemReporter {
 public:
  explicit Problems(std::vector<OsmProblem>& out) : out_(out) {}
  void report_intersection(osmium::object_id_type, osmium::Location, osmium::Location, osmium::object_id_type,
                           osmium::Location, osmium::Location, osmium::Location at) override {
    add("O402", "ring crosses itself", at);
  }
  void report_ring_not_closed(const osmium::NodeRef& nr, const osmium::Way*) override {
    add("O401", "multipolygon ring not closed", nr.location());
  }

 private:
  void add(const char* code, std::string text, osmium::Location at) {
    const std::string id =
        fmt::format("{}/{}", m_object_type == osmium::item_type::relation ? "relation" : "way", m_object_id);
    OsmProblem problem{code, id, std::move(text), std::nullopt, {}};
    if (at.valid()) problem.at = Vec2{at.lon(), at.lat()};
    out_.push_back(std::move(problem));
  }
  std::vector<OsmProblem>& out_;
};

Line ring_of(const osmium::NodeRefList& ring) {
  Line out;
  for (const osmium::NodeRef& n : ring)
    if (n.location().valid()) out.push_back({n.location().lon_without_check(), n.location().lat_without_check()});
  if (out.size() > 1 && out.front() == out.back()) out.pop_back();
  return out;
}

class Collector : public osmium::handler::Handler {
 public:
  explicit Collector(OsmData& data) : data_(data) {}
  void node(const osmium::Node& n) {
    note_time(n);
    if (n.tags().empty() || !n.location().valid()) return;
    data_.nodes.push_back(
        {n.id(), {n.location().lon_without_check(), n.location().lat_without_check()}, tags_of(n.tags())});
  }
  void way(const osmium::Way& w) {
    note_time(w);
    Box box;
    for (const osmium::NodeRef& n : w.nodes())
      if (n.location().valid()) box.add({n.location().lon_without_check(), n.location().lat_without_check()});
    boxes_.emplace(w.id(), box);
    if (w.tags().empty()) return;
    OsmWay out;
    out.id = w.id();
    std::size_t missing = 0;
    for (const osmium::NodeRef& n : w.nodes()) {
      if (!n.location().valid()) {
        ++missing;
        continue;
      }
      const Vec2 p{n.location().lon_without_check(), n.location().lat_without_check()};
      if (!out.line.empty() && out.line.back() == p) continue;
      out.nodes.push_back(n.ref());
      out.line.push_back(p);
    }
    const bool wanted = w.tags().has_key("highway") || w.tags().has_key("barrier") || w.tags().has_key("natural");
    if (missing > 0 && wanted)
      data_.problems.push_back({"O403",
                                fmt::format("way/{}", w.id()),
                                fmt::format("{} of its nodes are missing in the extract", missing),
                                out.line.empty() ? std::nullopt : std::optional(out.line[0]),
                                {}});
    if (out.line.size() < 2) return;
    out.tags = tags_of(w.tags());
    data_.ways.push_back(std::move(out));
  }
  void area(const osmium::Area& a) {
    if (a.tags().empty()) return;
    OsmArea out;
    out.id = a.orig_id();
    out.from_way = a.from_way();
    for (const osmium::OuterRing& outer : a.outer_rings()) {
      Polygon p;
      p.outer = ring_of(outer);
      for (const osmium::InnerRing& inner : a.inner_rings(outer)) p.holes.push_back(ring_of(inner));
      std::erase_if(p.holes, [](const Ring& r) { return r.size() < 3; });
      if (p.outer.size() >= 3) out.shape.push_back(std::move(p));
    }
    out.tags = tags_of(a.tags());
    data_.areas.push_back(std::move(out));
  }
  void relation(const osmium::Relation& r) {
    note_time(r);
    std::vector<std::int64_t>& members = members_[r.id()];
    for (const osmium::RelationMember& m : r.members())
      if (m.type() == osmium::item_type::way) members.push_back(m.ref());
  }
  /// Where the object with a problem lies, as far as its nodes are in the file.
  Box extent_of(const std::string& source_id) const {
    const std::int64_t id = std::stoll(source_id.substr(source_id.find('/') + 1));
    Box box;
    const auto add = [&](std::int64_t way) {
      const auto at = boxes_.find(way);
      if (at == boxes_.end() || at->second.empty()) return;
      box.add(at->second.min);
      box.add(at->second.max);
    };
    if (source_id.front() == 'w') {
      add(id);
    } else if (const auto at = members_.find(id); at != members_.end()) {
      for (const std::int64_t way : at->second) add(way);
    }
    return box;
  }
  std::string date() const { return newest_ == 0 ? "" : osmium::Timestamp(newest_).to_iso().substr(0, 10); }

 private:
  void note_time(const osmium::OSMObject& o) { newest_ = std::max(newest_, static_cast<std::uint32_t>(o.timestamp())); }
  OsmData& data_;
  std::map<std::int64_t, Box> boxes_;                          // of ways
  std::map<std::int64_t, std::vector<std::int64_t>> members_;  // ways of relations
  std::uint32_t newest_ = 0;
};

/// The file as libosmium sees it; its format comes from the name, and nothing but OSM data is let through.
osmium::io::File file_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const auto ends = [&](const char* suffix) {
    const std::string s = suffix;
    return name.size() >= s.size() && name.compare(name.size() - s.size(), s.size(), s) == 0;
  };
  const char* format = ends(".pbf")                         ? "pbf"
                       : ends(".osm.gz") || ends(".xml.gz") ? "osm.gz"
                       : ends(".osm.bz2")                   ? "osm.bz2"
                       : ends(".osm") || ends(".xml")       ? "osm"
                                                            : nullptr;
  if (format == nullptr)
    throw InputError(Fault{path.string(), "O400 not a known OSM file name", name, ".osm, .osm.gz, .osm.bz2, .osm.pbf"});
  return osmium::io::File(path.string(), format);
}

template <class F>
auto guarded(const std::filesystem::path& path, F&& f) {
  try {
    return f();
  } catch (const InputError&) {
    throw;
  } catch (const std::exception& e) {
    std::string text = e.what();
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 32; });
    throw InputError(
        Fault{path.string(), "O400 not readable as OSM data: " + text.substr(0, 200), {}, "OSM XML or PBF"});
  }
}

Box box_of(const osmium::io::Header& header) {
  Box box;
  for (const osmium::Box& b : header.boxes()) {
    if (!b.valid()) continue;
    box.add({b.bottom_left().lon(), b.bottom_left().lat()});
    box.add({b.top_right().lon(), b.top_right().lat()});
  }
  return box;
}

}  // namespace

LonLat osm_centre(const std::filesystem::path& path) {
  return guarded(path, [&] {
    osmium::io::Reader reader(file_of(path), osmium::osm_entity_bits::node);
    Box box = box_of(reader.header());
    while (box.empty()) {
      const osmium::memory::Buffer buffer = reader.read();
      if (!buffer) break;
      for (const osmium::Node& n : buffer.select<osmium::Node>())
        if (n.location().valid()) box.add({n.location().lon_without_check(), n.location().lat_without_check()});
    }
    reader.close();
    if (box.empty())
      throw InputError(Fault{path.string(), "O400 the file holds no located node", {}, "OSM data with nodes"});
    const Vec2 c = 0.5 * (box.min + box.max);
    return LonLat{c.x, c.y};
  });
}

OsmData read_osm_data(const std::filesystem::path& path) {
  return guarded(path, [&] {
    OsmData data;
    Problems problems(data.problems);
    osmium::area::AssemblerConfig config;
    config.problem_reporter = &problems;
    config.create_empty_areas = true;
    const osmium::io::File file = file_of(path);
    osmium::TagsFilter filter{false};
    for (const char* key : {"building", "building:part", "natural", "landuse", "leisure", "highway", "amenity",
                            "man_made", "place", "waterway", "area:highway", "public_transport", "railway", "water",
                            "tourism", "power", "barrier", "historic", "construction"})
      filter.add_rule(true, osmium::TagMatcher{osmium::StringMatcher::equal{key}});
    osmium::area::MultipolygonManager<osmium::area::Assembler> manager{config, filter};
    osmium::relations::read_relations(file, manager);
    Index index;
    Locations locations{index};
    locations.ignore_errors();
    Collector collector(data);
    osmium::io::Reader reader(file);
    data.extent = box_of(reader.header());
    osmium::apply(reader, locations, collector,
                  manager.handler([&](osmium::memory::Buffer&& buffer) { osmium::apply(buffer, collector); }));
    reader.close();
    manager.for_each_incomplete_relation([&](const osmium::relations::RelationHandle& handle) {
      data.problems.push_back({"O404", fmt::format("relation/{}", handle->id()),
                               "multipolygon lacks members in this extract", std::nullopt, tags_of(handle->tags())});
    });
    for (const OsmArea& a : data.areas)
      if (a.shape.empty()) data.extent_of.emplace(a.source_id(), collector.extent_of(a.source_id()));
    for (const OsmProblem& p : data.problems) data.extent_of.emplace(p.source_id, collector.extent_of(p.source_id));
    if (data.nodes.empty() && data.ways.empty() && data.areas.empty())
      throw InputError(
          Fault{path.string(), "O400 the file holds no tagged object", {}, "OSM data with nodes and ways"});
    data.date = collector.date();
    const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
    std::stable_sort(data.nodes.begin(), data.nodes.end(), by_id);
    std::stable_sort(data.ways.begin(), data.ways.end(), by_id);
    std::stable_sort(data.areas.begin(), data.areas.end(), by_id);
    return data;
  });
}

}  // namespace throng::gis::detail
