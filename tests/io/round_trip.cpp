#include "tests/io/samples.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

TEST_CASE("a site file comes back with every field", "[io][unit]") {
  const Folder folder;
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    const io::SiteFile site = random_site(seed);
    io::write_site(folder / "site.h5", site);
    std::string hash, report;
    const io::SiteFile back = io::read_site(folder / "site.h5");
    const WorldData world = io::read_world(folder / "site.h5", &hash, &report);
    INFO("seed " << seed);
    CHECK(same(back.geometry, site.geometry));
    CHECK(same(back.world, site.world));
    CHECK(same(world, site.world));
    CHECK(back.report_json == site.report_json);
    CHECK(report == site.report_json);
    CHECK(hash == back.hash);
    CHECK(hash.size() == 16);
  }
}

TEST_CASE("a city with tunnels keeps the numbers of its levels below the ground", "[io][unit]") {
  const Folder folder;
  io::SiteFile site;
  const LevelId tunnel{-3}, ground{0};
  const Polygon square{{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, {}};
  for (auto* levels : {&site.geometry.levels, &site.geometry.base.levels})
    *levels = {Level{tunnel, "level -3", -12.0}, Level{ground, "ground", 0.0}};
  for (auto* parts : {&site.geometry.walkable, &site.geometry.base.walkable})
    *parts = {WalkablePart{square, Surface::footway, tunnel, 1.0, "way/1"},
              WalkablePart{square, Surface::footway, ground, 1.0, "way/2"}};
  site.geometry.base.portals = {Portal{{0, 0}, {4, 0}, tunnel, ground, "way/1"}};
  site.geometry.base.barriers = {Barrier{{{0, 0}, {1, 1}}, BarrierKind::wall, tunnel, false, "way/3"}};
  site.geometry.base.streets = {Street{"way/1", "Tunnel", {{0, 0}, {4, 0}}, 3.0, tunnel}};
  io::write_site(folder / "site.h5", site);
  CHECK(same(io::read_site(folder / "site.h5").geometry, site.geometry));
}

TEST_CASE("equal sites give equal bytes and hashes", "[io][property]") {
  const Folder folder;
  io::write_site(folder / "a.h5", random_site(3));
  io::write_site(folder / "b.h5", random_site(3));
  io::write_site(folder / "c.h5", random_site(4));
  std::string a, b, c;
  io::read_world(folder / "a.h5", &a);
  io::read_world(folder / "b.h5", &b);
  io::read_world(folder / "c.h5", &c);
  CHECK(a == b);
  CHECK(a != c);
  CHECK(io::read_text(folder / "a.h5") == io::read_text(folder / "b.h5"));
}

TEST_CASE("an empty site and an empty run can be stored", "[io][unit]") {
  const Folder folder;
  io::write_site(folder / "site.h5", {});
  CHECK(same(io::read_site(folder / "site.h5").geometry, SiteGeometry{}));
  RunResults nothing;
  io::Hdf5Sink sink(folder / "run.h5");
  sink.begin(nothing.header);
  sink.end(nothing);
  const io::Hdf5Source source(folder / "run.h5");
  CHECK(source.n_frames() == 0);
  CHECK(source.n_grid_frames() == 0);
  CHECK(same(source.results(), nothing));
}

TEST_CASE("a results file comes back with header, frames, grids, series and figures", "[io][unit]") {
  const Folder folder;
  for (std::uint32_t seed = 1; seed <= 5; ++seed) {
    INFO("seed " << seed);
    const RunHeader header = random_header(seed);
    const RunResults results = random_results(header, seed);
    Filler filler(seed);
    std::vector<Frame> frames;
    std::vector<GridFrame> grids;
    io::Hdf5Sink sink(folder / "run.h5",
                      {.deflate = static_cast<int>(seed % 3), .checkpoint_s = 0.0, .queue_frames = 2});
    sink.begin(header);
    for (std::uint64_t i = 0; i < 40; ++i) {
      frames.push_back(random_frame(filler, i, filler.below(50)));
      sink.frame(frames.back());
      if (i % 10 != 9) continue;
      for (std::uint32_t g = 0; g < 2; ++g) {
        grids.push_back(random_grid(filler, header, g, i));
        sink.grid(grids.back());
      }
    }
    sink.zones(results.zones);
    sink.end(results);  // the other series were not streamed
    CHECK_FALSE(std::filesystem::exists(folder / "run.h5.part"));

    const io::Hdf5Source source(folder / "run.h5");
    CHECK(same(source.header(), header));
    REQUIRE(source.n_frames() == frames.size());
    for (const std::size_t i : {39u, 0u, 17u, 18u, 5u}) CHECK(same(source.frame(i), frames[i]));
    REQUIRE(source.n_grid_frames() == grids.size());
    for (std::size_t i = 0; i < grids.size(); ++i) CHECK(same(source.grid_frame(i), grids[i]));
    CHECK(same(source.results(), results));
    CHECK(io::kind_of(folder / "run.h5") == io::FileKind::results);
  }
}

TEST_CASE("more rows than a chunk come back in order", "[io][unit]") {
  const Folder folder;
  const RunResults results = random_results(random_header(1), 1);
  const auto frames = write_results(folder / "run.h5", results, 50, 3000);  // 150 000 rows, chunks of 65 536
  const io::Hdf5Source source(folder / "run.h5");
  REQUIRE(source.n_frames() == 50);
  for (std::size_t i = 0; i < 50; ++i) CHECK(same(source.frame(i), frames[i]));
}

TEST_CASE("replications come back with their seeds and a band that holds the median", "[io][unit]") {
  const Folder folder;
  const RunHeader header = random_header(2);
  std::vector<RunResults> runs;
  for (std::uint32_t k = 0; k < 7; ++k) {
    runs.push_back(random_results(header, 2 + k));
    runs.back().header.seed = 1000 + k;
  }
  io::write_replications(folder / "many.h5", header, runs);
  const auto back = io::read_replications(folder / "many.h5");
  REQUIRE(back.size() == runs.size());
  for (std::size_t k = 0; k < runs.size(); ++k) CHECK(same(back[k], runs[k]));
  CHECK(io::kind_of(folder / "many.h5") == io::FileKind::replications);
  runs[3].zones[2].zone = 1;
  CHECK_THROWS_AS(io::write_replications(folder / "bad.h5", header, runs), InputError);
  CHECK_FALSE(std::filesystem::exists(folder / "bad.h5"));
  CHECK_FALSE(std::filesystem::exists(folder / "bad.h5.part"));
}

TEST_CASE("an event with a very long text is cut at a character", "[io][unit]") {
  const Folder folder;
  RunResults results = random_results(random_header(1), 1);
  std::string text;
  while (text.size() < 1500) text += "é";
  results.events = {Event{Tick{1}, EventKind::note, "subject", "x" + text, {}, 0.0}};
  write_results(folder / "run.h5", results, 1, 1);
  const std::string back = io::Hdf5Source(folder / "run.h5").results().events.at(0).text;
  CHECK(back.size() == 1023);
  CHECK(("x" + text).starts_with(back));
}

TEST_CASE("files are told apart by their content", "[io][unit]") {
  const Folder folder;
  io::write_site(folder / "site.h5", random_site(1));
  io::write_text(folder / "demo.toml", "format = 1\n[scenario]\n");
  io::write_text(folder / "other.txt", "hello");
  CHECK(io::kind_of(folder / "site.h5") == io::FileKind::site);
  CHECK(io::kind_of(folder / "demo.toml") == io::FileKind::scenario);
  CHECK(io::kind_of(folder / "other.txt") == io::FileKind::other);
  CHECK(io::kind_of(folder.path) == io::FileKind::other);
  CHECK_THROWS_AS(io::kind_of(folder / "missing"), InputError);
}
