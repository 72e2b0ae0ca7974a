#pragma once
#include "sim/io/io.hpp"
#include "tests/io/reflect.hpp"

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include <unistd.h>

namespace throng::test {

/// A folder of its own, removed at the end.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "throng-io-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path / name; }
};

/// Random rows in every table, with references that fit.
inline io::SiteFile random_site(std::uint32_t seed) {
  Filler filler(seed);
  io::SiteFile site;
  filler.fill(site.geometry);
  filler.fill(site.world.name);
  filler.fill(site.world.frame);
  filler.fill(site.world.sources);
  filler.fill(site.world.levels);
  WalkableMesh& mesh = site.world.mesh;
  filler.fill_list(mesh.vertex, 6);
  filler.fill_list(mesh.height, 6);
  filler.fill_list(mesh.face, 300);
  filler.fill_list(site.world.doors, 2);
  for (MeshFace& face : mesh.face) {
    for (auto& v : face.vertex) v = static_cast<std::int32_t>(filler.below(6));
    for (auto& n : face.neighbour) n = static_cast<std::int32_t>(filler.below(301)) - 1;
    for (auto& b : face.barrier) b = static_cast<std::int32_t>(filler.below(6)) - 2;
  }
  filler.fill_list(site.world.places, 3);
  filler.fill(site.world.zones);
  filler.fill(site.world.lines);
  filler.fill(site.world.posts);
  filler.fill(site.world.links);
  filler.fill(site.world.obstacles);
  filler.fill(site.world.landmarks);
  filler.fill(site.world.sensors);
  filler.fill(site.world.defaults);
  site.report_json = "{\"faults\": [\"ünïcode\"]}\n";
  return site;
}

inline RunHeader random_header(std::uint32_t seed) {
  Filler filler(seed);
  RunHeader header;
  filler.fill(header);
  header.scenario_text = "format = 1\n# verbatim ✓\n";
  header.time_step = 0.05;
  header.frame_interval = 0.5;
  header.report_interval = 60.0;
  filler.fill_list(header.zones, 2);
  header.zones[0].limits.flow = {49.0, 66.0, std::numeric_limits<double>::quiet_NaN(),
                                 std::numeric_limits<double>::quiet_NaN()};
  filler.fill_list(header.lines, 2);
  filler.fill_list(header.exits, 2);
  header.grids = {GridSpec{{-1.0, 2.0}, 1.0, 3, 4, LevelId{0}}, GridSpec{{0.0, 0.0}, 2.0, 2, 2, LevelId{1}}};
  header.levels = {Level{LevelId{0}, "ground", 0.0}, Level{LevelId{1}, "bridge", 5.0}};
  header.outline_wkt = {"POLYGON ((0 0, 60 0, 60 40, 0 40, 0 0), (10 10, 10 12, 12 12, 12 10, 10 10))",
                        "POLYGON ((0 0, 5 0, 5 5, 0 5, 0 0))"};
  return header;
}

/// People on a 60 x 40 m ground, ids with gaps, two levels.
inline Frame random_frame(Filler& filler, std::uint64_t number, std::size_t n_agents) {
  Frame frame;
  frame.tick = Tick{number * 10};
  frame.number = number;
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < n_agents; ++i) {
    frame.id.push_back(AgentId{id += 1 + filler.below(3)});
    frame.position.push_back({60.0 * filler.unit(), 40.0 * filler.unit()});
    frame.height.push_back(static_cast<float>(filler.unit()));
    frame.vx.push_back(static_cast<float>(filler.unit()));
    frame.vy.push_back(static_cast<float>(-filler.unit()));
    frame.level.push_back(LevelId{static_cast<std::int16_t>(filler.below(2))});
    frame.activity.push_back(static_cast<Activity>(filler.below(5)));
    frame.compression.push_back(static_cast<float>(0.01 * filler.unit()));
  }
  return frame;
}

inline GridFrame random_grid(Filler& filler, const RunHeader& header, std::uint32_t grid, std::uint64_t tick) {
  GridFrame out;
  out.tick = Tick{tick};
  out.grid = grid;
  const std::size_t cells = static_cast<std::size_t>(header.grids[grid].rows) * header.grids[grid].columns;
  filler.fill_list(out.density, cells);
  filler.fill_list(out.speed, cells);
  out.speed[0] = std::numeric_limits<float>::quiet_NaN();
  return out;
}

inline RunResults random_results(const RunHeader& header, std::uint32_t seed) {
  Filler filler(seed);
  RunResults out;
  out.header = header;
  for (std::uint64_t tick = 1200; tick <= 6000; tick += 1200) {
    for (std::uint32_t i = 0; i < 2; ++i) {
      ZoneSample zone;
      filler.fill(zone);
      zone.tick = Tick{tick};
      zone.zone = i;
      if (i == 1) zone.speed = std::numeric_limits<float>::quiet_NaN();
      out.zones.push_back(zone);
      out.lines.push_back({Tick{tick}, i, filler.below(100), filler.below(100)});
      out.exits.push_back({Tick{tick}, i, filler.below(100)});
    }
    out.ledger.push_back({Tick{tick}, 400, 100, 300, 250, 50});
  }
  filler.fill_list(out.events, 5);
  filler.fill_list(out.exceedances, 3);
  for (auto& exceedance : out.exceedances) exceedance.zone = filler.below(2);
  filler.fill_list(out.queues, 3);
  filler.fill_list(out.travel, 2);
  filler.fill_list(out.stuck, 4);
  for (auto* grids : {&out.peak_density, &out.mean_density})
    for (const GridSpec& grid : header.grids)
      filler.fill_list(grids->emplace_back(), static_cast<std::size_t>(grid.rows) * grid.columns);
  out.peak_density[0][0] = std::numeric_limits<float>::quiet_NaN();
  out.state_hash = "0123456789abcdef";
  out.simulated = 300.0;
  out.wall_clock = 1.5;
  return out;
}

/// A whole results file; returns the frames given.
inline std::vector<Frame> write_results(const std::filesystem::path& path, const RunResults& results,
                                        std::size_t n_frames, std::size_t n_agents,
                                        const io::Hdf5Options& options = {}) {
  Filler filler(77);
  io::Hdf5Sink sink(path, options);
  sink.begin(results.header);
  std::vector<Frame> frames;
  for (std::size_t i = 0; i < n_frames; ++i) {
    frames.push_back(random_frame(filler, i, n_agents));
    sink.frame(frames.back());
  }
  sink.zones(results.zones);
  sink.lines(results.lines);
  sink.exits(results.exits);
  for (const LedgerSample& sample : results.ledger) sink.ledger(sample);
  for (const Event& event : results.events) sink.event(event);
  sink.end(results);
  return frames;
}

}  // namespace throng::test
