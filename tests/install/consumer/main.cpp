// A project of somebody else: reads a site file, runs a scene, draws the map, asks the importer for a word.
#include "gis/import.hpp"
#include "sim/agents/bench.hpp"
#include "sim/io/io.hpp"
#include "sim/report/site_map.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const throng::io::SiteFile site = throng::io::read_site(argv[1]);
  throng::BenchOptions options;
  options.scene = "corridor";
  options.n_agents = 100;
  options.n_steps = 20;
  options.n_warmup = 0;
  options.repeats = 1;
  const throng::BenchResult result = throng::run_bench(options);
  const auto map = throng::report::site_map(throng::World(site.world), {});
  std::printf("%zu faces, %s, state %s, %s\n", site.world.mesh.face.size(), site.geometry.name.c_str(),
              result.state_hash.c_str(), throng::gis::to_string(throng::gis::Severity::info));
  return site.world.mesh.face.empty() || map.svg.empty() ? 1 : 0;
}
