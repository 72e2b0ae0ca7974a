#include "sim/core/error.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/out_file.hpp"
#include "sim/io/detail/seal.hpp"
#include "sim/io/detail/site_fields.hpp"
#include "sim/io/io.hpp"

#include <unistd.h>

namespace throng::io {
namespace {

using detail::read_table_rows;
using detail::write_table;

constexpr std::uint64_t site_version = 1;

void write_frame(const h5::Place& at, const SiteFrame& frame) {
  h5::set(at, "crs", frame.crs);
  h5::set(at, "origin", std::vector<double>{frame.origin_x, frame.origin_y});
  h5::set(at, "crs_accuracy_m", frame.crs_accuracy_m);
}
SiteFrame read_frame(const h5::Place& at) {
  const std::vector<double> origin = h5::get_reals(at, "origin", 2);
  return {h5::get_text(at, "crs"), origin[0], origin[1], h5::get_real(at, "crs_accuracy_m")};
}

// ---- geometry
// --------------------------------------------------------------------------------------------------------

/// The merged parts and those of the base map share names and types.
template <class Map>
void write_map(const h5::Place& at, const Map& map) {
  write_table(at, "levels", map.levels);
  write_table(at, "walkable", map.walkable);
  write_table(at, "obstacles", map.obstacles);
  write_table(at, "barriers", map.barriers);
  write_table(at, "gates", map.gates);
  write_table(at, "portals", map.portals);
  write_table(at, "posts", map.posts);
}
template <class Map>
void read_map(const h5::Place& at, Map& map) {
  map.levels = read_table_rows<Level>(at, "levels");
  map.walkable = read_table_rows<WalkablePart>(at, "walkable");
  map.obstacles = read_table_rows<Obstacle>(at, "obstacles");
  map.barriers = read_table_rows<Barrier>(at, "barriers");
  map.gates = read_table_rows<GateSpan>(at, "gates");
  map.portals = read_table_rows<Portal>(at, "portals");
  map.posts = read_table_rows<Post>(at, "posts");
}

void write_event(const h5::Place& at, const EventLayer& event) {
  write_table(at, "added", event.added);
  write_table(at, "removed", event.removed);
  write_table(at, "fences", event.fences);
  write_table(at, "gates", event.gates);
  write_table(at, "places", event.places);
  write_table(at, "lines", event.lines);
  write_table(at, "sensors", event.sensors);
  write_table(at, "landmarks", event.landmarks);
  write_table(at, "defaults", event.defaults);
  write_table(at, "portals", event.portals);
}
EventLayer read_event(const h5::Place& at) {
  EventLayer event;
  event.added = read_table_rows<WalkablePart>(at, "added");
  event.removed = read_table_rows<Obstacle>(at, "removed");
  event.fences = read_table_rows<Barrier>(at, "fences");
  event.gates = read_table_rows<GateSpan>(at, "gates");
  event.places = read_table_rows<PlaceShape>(at, "places");
  event.lines = read_table_rows<CountLine>(at, "lines");
  event.sensors = read_table_rows<SensorSite>(at, "sensors");
  event.landmarks = read_table_rows<Landmark>(at, "landmarks");
  event.defaults = read_table_rows<DrawingDefault>(at, "defaults");
  event.portals = read_table_rows<Portal>(at, "portals");
  return event;
}

void write_geometry(const h5::Place& root, const SiteGeometry& geometry) {
  const auto [group, at] = h5::create_group(root, "geometry");
  h5::set(at, "name", geometry.name);
  write_frame(at, geometry.frame);
  write_table(at, "sources", geometry.sources);
  const auto [base_group, base] = h5::create_group(at, "base");
  write_map(base, geometry.base);
  write_table(base, "streets", geometry.base.streets);
  const auto [event_group, event] = h5::create_group(at, "event");
  write_event(event, geometry.event);
  const auto [merged_group, merged] = h5::create_group(at, "merged");
  write_map(merged, geometry);
}

SiteGeometry read_geometry(const h5::Place& root) {
  SiteGeometry out;
  const auto [group, at] = h5::open_group(root, "geometry");
  out.name = h5::get_text(at, "name");
  out.frame = read_frame(at);
  out.sources = read_table_rows<DataSource>(at, "sources");
  const auto [base_group, base] = h5::open_group(at, "base");
  read_map(base, out.base);
  if (h5::has(base, "streets")) out.base.streets = read_table_rows<Street>(base, "streets");
  const auto [event_group, event] = h5::open_group(at, "event");
  out.event = read_event(event);
  const auto [merged_group, merged] = h5::open_group(at, "merged");
  read_map(merged, out);
  return out;
}

// ---- world
// -----------------------------------------------------------------------------------------------------------

/// Columns (f x 3) of the faces.
using Triples = std::vector<std::array<std::int32_t, 3>>;

void write_triples(const h5::Place& at, const char* name, const WalkableMesh& mesh,
                   std::array<std::int32_t, 3> MeshFace::*field) {
  Triples values;
  values.reserve(mesh.face.size());
  for (const MeshFace& face : mesh.face) values.push_back(face.*field);
  h5::write(at, name, h5::Type::i32, h5::Shape{{values.size(), 3}}, values.data());
}

Triples read_triples(const h5::Place& at, const char* name, std::size_t n, std::int64_t low, std::int64_t high) {
  const h5::Shape shape = h5::shape_of(at, name, h5::Type::i32, 2);
  if (shape.size[0] != n || shape.size[1] != 3)
    h5::fail_read(at, name, "has the wrong shape",
                  std::to_string(shape.size[0]) + " x " + std::to_string(shape.size[1]), std::to_string(n) + " x 3");
  Triples out(n);
  if (n > 0) h5::read(at, name, h5::Type::i32, out.data());
  for (std::size_t i = 0; i < n; ++i)
    for (const std::int32_t value : out[i])
      if (value < low || value > high)
        h5::fail_read(at, std::string(name) + "[" + std::to_string(i) + "]", "is out of range", std::to_string(value),
                      std::to_string(low) + " to " + std::to_string(high));
  return out;
}

void write_mesh(const h5::Place& parent, const WalkableMesh& mesh) {
  const auto [group, at] = h5::create_group(parent, "mesh");
  h5::write(at, "vertex", h5::Type::f64, h5::Shape{{mesh.vertex.size(), 2}}, mesh.vertex.data());
  h5::write(at, "height", mesh.height);
  write_triples(at, "face_vertex", mesh, &MeshFace::vertex);
  write_triples(at, "face_neighbour", mesh, &MeshFace::neighbour);
  write_triples(at, "face_barrier", mesh, &MeshFace::barrier);
  std::vector<std::int16_t> level;
  std::vector<std::uint8_t> surface;
  std::vector<float> factor;
  for (const MeshFace& face : mesh.face) {
    level.push_back(static_cast<std::int16_t>(face.level));
    surface.push_back(static_cast<std::uint8_t>(face.surface));
    factor.push_back(face.speed_factor);
  }
  h5::write(at, "face_level", level);
  h5::write(at, "face_surface", surface);
  h5::write(at, "face_speed_factor", factor);
}

template <class T>
std::vector<T> column(const h5::Place& at, const char* name, std::size_t n) {
  std::vector<T> out = h5::read<T>(at, name);
  if (out.size() != n)
    h5::fail_read(at, name, "has the wrong number of rows", std::to_string(out.size()), std::to_string(n));
  return out;
}

WalkableMesh read_mesh(const h5::Place& parent, std::size_t n_doors) {
  WalkableMesh mesh;
  const auto [group, at] = h5::open_group(parent, "mesh");
  const h5::Shape shape = h5::shape_of(at, "vertex", h5::Type::f64, 2);
  if (shape.size[1] != 2)
    h5::fail_read(at, "vertex", "has the wrong shape", std::to_string(shape.size[1]) + " columns", "x, y");
  mesh.vertex.resize(static_cast<std::size_t>(shape.size[0]));
  if (!mesh.vertex.empty()) h5::read(at, "vertex", h5::Type::f64, mesh.vertex.data());
  mesh.height = column<float>(at, "height", mesh.vertex.size());
  for (std::size_t i = 0; i < mesh.vertex.size(); ++i)
    if (!(std::fabs(mesh.vertex[i].x) <= detail::big && std::fabs(mesh.vertex[i].y) <= detail::big &&
          std::fabs(mesh.height[i]) <= 1e6F))
      h5::fail_read(at, "vertex[" + std::to_string(i) + "]", "is not a finite point");
  const std::size_t n = h5::shape_of(at, "face_level", h5::Type::i16, 1).count();
  const auto max_vertex = static_cast<std::int64_t>(mesh.vertex.size()) - 1,
             max_face = static_cast<std::int64_t>(n) - 1;
  const Triples vertex = read_triples(at, "face_vertex", n, 0, max_vertex);
  const Triples neighbour = read_triples(at, "face_neighbour", n, -1, max_face);
  const Triples barrier = read_triples(at, "face_barrier", n, edge_wall, 2 * static_cast<std::int64_t>(n_doors) - 1);
  const auto level = column<std::int16_t>(at, "face_level", n);
  const auto surface = column<std::uint8_t>(at, "face_surface", n);
  const auto factor = column<float>(at, "face_speed_factor", n);
  mesh.face.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::string row = "[" + std::to_string(i) + "]";
    if (level[i] < 0) h5::fail_read(at, "face_level" + row, "is out of range", std::to_string(level[i]), ">= 0");
    if (surface[i] >= static_cast<std::uint8_t>(Surface::count_))
      h5::fail_read(at, "face_surface" + row, "is out of range", std::to_string(surface[i]));
    if (!(factor[i] > 0.0F && factor[i] <= 1.2001F))
      h5::fail_read(at, "face_speed_factor" + row, "is out of range", std::to_string(factor[i]),
                    "above 0, at most 1.2");
    mesh.face[i] = {vertex[i], neighbour[i], barrier[i], LevelId{level[i]}, static_cast<Surface>(surface[i]),
                    factor[i]};
  }
  return mesh;
}

void write_world(const h5::Place& root, const WorldData& world) {
  const auto [group, at] = h5::create_group(root, "world");
  h5::set(at, "name", world.name);
  write_frame(at, world.frame);
  write_table(at, "sources", world.sources);
  write_table(at, "levels", world.levels);
  write_mesh(at, world.mesh);
  h5::write(at, "see_through", world.see_through);
  write_table(at, "doors", world.doors);
  write_table(at, "places", world.places);
  write_table(at, "zones", world.zones);
  write_table(at, "lines", world.lines);
  write_table(at, "posts", world.posts);
  write_table(at, "links", world.links);
  write_table(at, "obstacles", world.obstacles);
  write_table(at, "landmarks", world.landmarks);
  write_table(at, "sensors", world.sensors);
  write_table(at, "defaults", world.defaults);
}

/// Rows that name rows of other tables.
void check_references(const h5::Place& at, const WorldData& world) {
  detail::check_level_rows(at, "levels", world.levels);
  detail::check_level_rows(at, "places", world.places);
  detail::check_level_rows(at, "posts", world.posts);
  detail::check_level_rows(at, "obstacles", world.obstacles);
  detail::check_level_rows(at, "landmarks", world.landmarks);
  detail::check_level_rows(at, "sensors", world.sensors);
  const auto n_places = static_cast<std::int64_t>(world.places.size());
  const auto n_faces = world.mesh.face.size();
  const auto row = [](const char* table, std::size_t i, const char* field) {
    return std::string(table) + "/" + field + "[" + std::to_string(i) + "]";
  };
  for (std::size_t i = 0; i < world.doors.size(); ++i)
    if (static_cast<std::int64_t>(world.doors[i].area) >= n_places)
      h5::fail_read(at, row("doors", i, "area"), "is out of range",
                    std::to_string(static_cast<int>(world.doors[i].area)));
  for (std::size_t i = 0; i < world.zones.size(); ++i)
    if (static_cast<std::int64_t>(world.zones[i].place) >= n_places ||
        static_cast<std::int64_t>(world.zones[i].place) < 0)
      h5::fail_read(at, row("zones", i, "place"), "is out of range",
                    std::to_string(static_cast<int>(world.zones[i].place)));
  for (std::size_t i = 0; i < world.places.size(); ++i)
    for (const FaceId face : world.places[i].faces)
      if (index(face) >= n_faces)
        h5::fail_read(at, row("places", i, "faces"), "is out of range", std::to_string(index(face)));
}

WorldData read_world_group(const h5::Place& root) {
  WorldData out;
  const auto [group, at] = h5::open_group(root, "world");
  out.name = h5::get_text(at, "name");
  out.frame = read_frame(at);
  out.sources = read_table_rows<DataSource>(at, "sources");
  out.levels = read_table_rows<Level>(at, "levels");
  out.doors = read_table_rows<Door>(at, "doors");
  out.mesh = read_mesh(at, out.doors.size());
  out.see_through = h5::read<std::int32_t>(at, "see_through");
  out.places = read_table_rows<Place>(at, "places");
  out.zones = read_table_rows<MeasurementZone>(at, "zones");
  out.lines = read_table_rows<MeasurementLine>(at, "lines");
  out.posts = read_table_rows<Post>(at, "posts");
  out.links = read_table_rows<SheetLink>(at, "links");
  out.obstacles = read_table_rows<Obstacle>(at, "obstacles");
  out.landmarks = read_table_rows<Landmark>(at, "landmarks");
  out.sensors = read_table_rows<SensorSite>(at, "sensors");
  out.defaults = read_table_rows<DrawingDefault>(at, "defaults");
  check_references(at, out);
  return out;
}

struct OpenSite {
  std::string hash;
  h5::Handle file;
  h5::Place root;
  explicit OpenSite(const std::filesystem::path& path)
      : hash(detail::checked_seal(path)),
        file(h5::open_file(path, H5F_ACC_RDONLY)),
        root{file.get(), path.string(), ""} {
    detail::check_format(root, detail::site_format, site_version);
  }
};

}  // namespace

void write_site(const std::filesystem::path& path, const SiteFile& site) {
  const h5::Lock lock;
  const std::filesystem::path temporary = detail::temporary_of(path);
  try {
    detail::OutFile file(temporary);
    const h5::Place root = file.root();
    h5::set(root, "format", std::string(detail::site_format));
    h5::set(root, "format_version", site_version);
    h5::set(root, "program_version", std::string(detail::program_version));
    write_frame(root, site.geometry.frame);
    std::vector<std::string> credits;
    for (const DataSource& source : site.geometry.sources) credits.push_back(detail::credit(source));
    h5::set(root, "sources", credits);
    h5::set(root, "report_json", site.report_json);
    write_geometry(root, site.geometry);
    write_world(root, site.world);
    file.close();
    seal(temporary);
    detail::rename_durably(temporary, path);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
}

SiteFile read_site(const std::filesystem::path& path) {
  const h5::Lock lock;
  const OpenSite open(path);
  SiteFile out;
  out.geometry = read_geometry(open.root);
  out.world = read_world_group(open.root);
  out.report_json = h5::get_text(open.root, "report_json");
  out.hash = open.hash;
  return out;
}

WorldData read_world(const std::filesystem::path& path, std::string* hash, std::string* report_json) {
  const h5::Lock lock;
  const OpenSite open(path);
  WorldData out = read_world_group(open.root);
  if (hash != nullptr) *hash = open.hash;
  if (report_json != nullptr) *report_json = h5::get_text(open.root, "report_json");
  return out;
}

}  // namespace throng::io
