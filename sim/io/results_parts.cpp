#include "sim/io/detail/results_parts.hpp"

#include "sim/io/detail/run_fields.hpp"
#include "sim/io/detail/seal.hpp"

#include <algorithm>
#include <cstdio>

namespace throng::io::detail {
namespace {

void append_ring(const Ring& ring, std::string& out) {
  const auto append_point = [&](Vec2 p) {
    char text[64];
    std::snprintf(text, sizeof text, "%.4f %.4f", p.x, p.y);
    out += text;
  };
  out += "(";
  for (const Vec2 p : ring) {
    append_point(p);
    out += ", ";
  }
  append_point(ring.front());
  out += ")";
}

void write_root(const h5::Place& root, const RunHeader& h, const char* format) {
  h5::set(root, "format", std::string(format));
  h5::set(root, "format_version", results_version);
  h5::set(root, "program_version", h.program_version);
  h5::set(root, "seed", h.seed);
  h5::set(root, "scenario", h.scenario_text);
  h5::set(root, "site_hash", h.site_hash);
  h5::set(root, "site_crs", h.frame.crs);
  h5::set(root, "site_origin", std::vector<double>{h.frame.origin_x, h.frame.origin_y});
  h5::set(root, "site_crs_accuracy_m", h.frame.crs_accuracy_m);
  std::vector<std::string> credits;
  for (const DataSource& source : h.sources) credits.push_back(credit(source));
  h5::set(root, "sources", credits);
  h5::set(root, "wkt_geometry", level_wkt(h, LevelId{0}));
  h5::set(root, "producer", std::string("Throng"));
  h5::set(root, "created", h.created);
  h5::set(root, "run_name", h.scenario_name);
  h5::set(root, "site_name", h.site_name);
  h5::set(root, "model", h.model);
  h5::set(root, "profile", h.profile);
  h5::set(root, "time_step_s", h.time_step);
  h5::set(root, "start_of_day_s", h.start_of_day);
  h5::set(root, "duration_s", h.duration);
  h5::set(root, "frame_interval_s", h.frame_interval);
  h5::set(root, "report_interval_s", h.report_interval);
  h5::set(root, "licensed_capacity", h.licensed_capacity);
}

void write_provenance(const h5::Place& root, const RunHeader& h) {
  const auto [group, at] = h5::create_group(root, "provenance");
  h5::set(at, "scenario", h.scenario_text);
  h5::set(at, "scenario_file", h.scenario_file);
  h5::set(at, "site_hash", h.site_hash);
  h5::set(at, "seed", h.seed);
  h5::set(at, "program_version", h.program_version);
  h5::set(at, "build", h.build);
  h5::set(at, "created", h.created);
  h5::set(at, "model", h.model);
  h5::set(at, "profile", h.profile);
  std::vector<NamedNumber> parameters;
  for (const auto& [name, value] : h.model_parameters) parameters.push_back({name, value});
  write_table(at, "model_parameters", parameters);
  write_table(at, "sources", h.sources);
  h5::write_texts(at, "assumptions", h.assumptions);
  h5::write_texts(at, "import_faults", h.import_faults);
}

void read_provenance(const h5::Place& root, RunHeader& h) {
  const auto [group, at] = h5::open_group(root, "provenance");
  h.scenario_file = h5::get_text(at, "scenario_file");
  h.build = h5::get_text(at, "build");
  for (const NamedNumber& p : read_table_rows<NamedNumber>(at, "model_parameters"))
    h.model_parameters[p.name] = p.value;
  h.sources = read_table_rows<DataSource>(at, "sources");
  h.assumptions = h5::read_texts(at, "assumptions");
  h.import_faults = h5::read_texts(at, "import_faults");
}

void write_grid(const h5::Place& at, const char* name, const GridSpec& spec, const std::vector<float>& values) {
  if (values.size() == static_cast<std::size_t>(spec.rows) * spec.columns)
    h5::write(at, name, h5::Type::f32, h5::Shape{{spec.rows, spec.columns}}, values.data());
}

std::vector<float> read_grid(const h5::Place& at, const char* name, const GridSpec& spec) {
  if (!h5::has(at, name)) return {};
  const h5::Shape shape = h5::shape_of(at, name, h5::Type::f32, 2);
  if (shape.size[0] != spec.rows || shape.size[1] != spec.columns)
    h5::fail_read(at, name, "has the wrong shape",
                  std::to_string(shape.size[0]) + " x " + std::to_string(shape.size[1]),
                  std::to_string(spec.rows) + " x " + std::to_string(spec.columns));
  std::vector<float> out(shape.count());
  if (!out.empty()) h5::read(at, name, h5::Type::f32, out.data());
  return out;
}

}  // namespace

std::string to_wkt(const Polygon& polygon) {
  if (polygon.outer.size() < 3) return "POLYGON EMPTY";
  std::string out = "POLYGON (";
  append_ring(polygon.outer, out);
  for (const Ring& hole : polygon.holes) {
    if (hole.size() < 3) continue;
    out += ", ";
    append_ring(hole, out);
  }
  return out + ")";
}

std::string level_wkt(const RunHeader& header, LevelId level) {
  std::size_t row = 0;
  for (std::size_t i = 0; i < header.levels.size(); ++i)
    if (header.levels[i].id == level) row = i;
  if (row < header.outline_wkt.size() && !header.outline_wkt[row].empty()) return header.outline_wkt[row];
  if (row >= header.ground.size() || header.ground[row].empty()) return "POLYGON EMPTY";
  const auto& parts = header.ground[row];
  return to_wkt(*std::max_element(parts.begin(), parts.end(),
                                  [](const Polygon& a, const Polygon& b) { return area(a) < area(b); }));
}

void write_header(const h5::Place& root, const RunHeader& h, const char* format) {
  const h5::Lock lock;
  write_root(root, h, format);
  const auto [info_group, info] = h5::create_group(root, "info");
  write_table(info, "zones", h.zones);
  write_table(info, "lines", h.lines);
  write_table(info, "exits", h.exits);
  write_table(info, "grids", h.grids);
  const auto [geometry_group, geometry] = h5::create_group(root, "geometry");
  write_table(geometry, "levels", h.levels);
  h5::write_texts(geometry, "outline_wkt", h.outline_wkt);
  std::vector<GroundLevel> ground;
  for (const auto& parts : h.ground) ground.push_back({parts});
  write_table(geometry, "ground", ground);
  write_table(geometry, "obstacles", h.obstacles);
  write_table(geometry, "landmarks", h.landmarks);
  write_provenance(root, h);
}

RunHeader read_header(const h5::Place& root) {
  const h5::Lock lock;
  RunHeader h;
  h.program_version = h5::get_text(root, "program_version");
  h.created = h5::get_text(root, "created");
  h.scenario_name = h5::get_text(root, "run_name");
  h.scenario_text = h5::get_text(root, "scenario");
  h.site_name = h5::get_text(root, "site_name");
  h.site_hash = h5::get_text(root, "site_hash");
  const std::vector<double> origin = h5::get_reals(root, "site_origin", 2);
  h.frame = {h5::get_text(root, "site_crs"), origin[0], origin[1], h5::get_real(root, "site_crs_accuracy_m")};
  h.seed = h5::get_whole(root, "seed");
  h.model = h5::get_text(root, "model");
  h.profile = h5::get_text(root, "profile");
  const auto positive = [&](const char* name) {
    const double value = h5::get_real(root, name);
    if (!(value > 0.0 && value < 1e9))
      h5::fail_read(root, std::string("@") + name, "is out of range", std::to_string(value), "above 0");
    return value;
  };
  h.time_step = positive("time_step_s");
  h.frame_interval = positive("frame_interval_s");
  h.report_interval = positive("report_interval_s");
  h.start_of_day = h5::get_real(root, "start_of_day_s");
  h.duration = h5::get_real(root, "duration_s");
  h.licensed_capacity = h5::get_real(root, "licensed_capacity");
  const auto [info_group, info] = h5::open_group(root, "info");
  h.zones = read_table_rows<ZoneInfo>(info, "zones");
  h.lines = read_table_rows<LineInfo>(info, "lines");
  h.exits = read_table_rows<ExitInfo>(info, "exits");
  h.grids = read_table_rows<GridSpec>(info, "grids");
  const auto [geometry_group, geometry] = h5::open_group(root, "geometry");
  h.levels = read_table_rows<Level>(geometry, "levels");
  check_level_rows(geometry, "levels", h.levels);
  h.outline_wkt = h5::read_texts(geometry, "outline_wkt");
  for (GroundLevel& level : read_table_rows<GroundLevel>(geometry, "ground"))
    h.ground.push_back(std::move(level.parts));
  h.obstacles = read_table_rows<Obstacle>(geometry, "obstacles");
  h.landmarks = read_table_rows<Landmark>(geometry, "landmarks");
  read_provenance(root, h);
  return h;
}

void write_figures(const h5::Place& root, const RunResults& r) {
  const h5::Lock lock;
  const auto [group, at] = h5::create_group(root, "figures");
  h5::set(at, "state_hash", r.state_hash);
  h5::set(at, "simulated_s", r.simulated);
  h5::set(at, "wall_clock_s", r.wall_clock);
  h5::set(at, "interrupted", static_cast<std::uint64_t>(r.interrupted ? 1 : 0));
  write_table(at, "exceedances", r.exceedances);
  write_table(at, "queues", r.queues);
  write_table(at, "travel", r.travel);
  write_table(at, "stuck", r.stuck);
  if (!h5::has(root, "grid")) h5::create_group(root, "grid");
  const auto [grid_group, grids] = h5::open_group(root, "grid");
  for (std::size_t i = 0; i < r.header.grids.size(); ++i) {
    const std::string name = std::to_string(i);
    if (!h5::has(grids, name)) h5::create_group(grids, name);
    const auto [one_group, one] = h5::open_group(grids, name);
    if (i < r.peak_density.size()) write_grid(one, "peak", r.header.grids[i], r.peak_density[i]);
    if (i < r.mean_density.size()) write_grid(one, "mean", r.header.grids[i], r.mean_density[i]);
  }
}

void read_figures(const h5::Place& root, RunResults& r) {
  const h5::Lock lock;
  const auto [group, at] = h5::open_group(root, "figures");
  r.state_hash = h5::get_text(at, "state_hash");
  r.simulated = h5::get_real(at, "simulated_s");
  r.wall_clock = h5::get_real(at, "wall_clock_s");
  r.interrupted = h5::get_whole(at, "interrupted") != 0;
  r.exceedances = read_table_rows<Exceedance>(at, "exceedances");
  for (std::size_t i = 0; i < r.exceedances.size(); ++i)
    if (r.exceedances[i].zone >= r.header.zones.size())
      h5::fail_read(at, "exceedances/zone[" + std::to_string(i) + "]", "names a zone out of range");
  r.queues = read_table_rows<QueueFigure>(at, "queues");
  r.travel = read_table_rows<TravelFigure>(at, "travel");
  r.stuck = read_table_rows<StuckFigure>(at, "stuck");
  const auto [grid_group, grids] = h5::open_group(root, "grid");
  for (std::size_t i = 0; i < r.header.grids.size(); ++i) {
    const auto [one_group, one] = h5::open_group(grids, std::to_string(i));
    r.peak_density.push_back(read_grid(one, "peak", r.header.grids[i]));
    r.mean_density.push_back(read_grid(one, "mean", r.header.grids[i]));
  }
  const auto all_empty = [](const auto& grids_of) {
    return std::all_of(grids_of.begin(), grids_of.end(), [](const auto& g) { return g.empty(); });
  };
  if (all_empty(r.peak_density)) r.peak_density.clear();
  if (all_empty(r.mean_density)) r.mean_density.clear();
}

}  // namespace throng::io::detail
