// Missing, empty, truncated, non-UTF-8 and random-byte files for every reader of the program.
#include "tests/support/shared_data.hpp"
#include "tests/support/tamper.hpp"
#include "tests/tools/program.hpp"

#include <cmath>
#include <cstdio>
#include <random>

#include <catch2/catch.hpp>
#include <sys/stat.h>

using namespace throng;
using namespace throng::test;
namespace fs = std::filesystem;

namespace {

/// A reader: a command in which "FILE" stands for the damaged copy of a good file.
struct Reader {
  const char* name;
  std::string good;  ///< in the workshop
  std::string bad;   ///< name of the copy; its ending may matter
  Words command;
  bool is_text = true;
};

const std::vector<Reader>& text_readers() {
  static const std::vector<Reader> all{
      {"OSM XML", "town.osm", "bad.osm", {"import", "--osm", "FILE", "--out", "new.h5"}},
      {"BGT GML", "bgt_wegdeel.gml", "bgt_wegdeel_bad.gml", {"import", "--bgt", "FILE", "--out", "new.h5"}},
      {"CityJSON", "city.json", "bad.json", {"import", "--cityjson", "FILE", "--out", "new.h5"}},
      {"plan", "plan.geojson", "bad.geojson", {"import", "--plan", "FILE", "--out", "new.h5"}},
      {"event drawing",
       "event.geojson",
       "bad.geojson",
       {"import", "--plan", "plan.geojson", "--event", "FILE", "--out", "new.h5"}},
      {"event drawing on a base site",
       "event.geojson",
       "bad.geojson",
       {"import", "--base", "site.h5", "--event", "FILE", "--out", "new.h5"}},
      {"scenario, validate", "scenario.toml", "bad.toml", {"validate", "FILE"}},
      {"scenario, run", "scenario.toml", "bad.toml", {"run", "FILE", "--out", "new.h5", "--summary", "new"}},
      {"scenario, info", "scenario.toml", "bad.toml", {"info", "FILE"}},
  };
  return all;
}

const std::vector<Reader>& sealed_readers() {
  static const std::vector<Reader> all{
      {"site, info", "site.h5", "bad.h5", {"info", "FILE"}, false},
      {"site, base",
       "site.h5",
       "bad.h5",
       {"import", "--base", "FILE", "--event", "event.geojson", "--out", "new.h5"},
       false},
      {"site, run", "site.h5", "bad.h5", {"run", "bad.toml", "--out", "new.h5", "--summary", "new"}, false},
      {"site, validate", "site.h5", "bad.h5", {"validate", "bad.toml"}, false},
      {"results, info", "run.h5", "bad.h5", {"info", "FILE"}, false},
      {"results, compare", "run.h5", "bad.h5", {"compare", "run.h5", "FILE", "--out", "new.html"}, false},
      {"results, compare the other way", "run.h5", "bad.h5", {"compare", "FILE", "run.h5", "--out", "new.html"}, false},
      {"results, PedPy", "run.h5", "bad.h5", {"export", "FILE", "--pedpy", "new.h5"}, false},
      {"results, text", "run.h5", "bad.h5", {"export", "FILE", "--text", "new.txt"}, false},
      {"replications, info", "ten.h5", "bad.h5", {"info", "FILE"}, false},
      {"replications, compare", "ten.h5", "bad.h5", {"compare", "ten.h5", "FILE", "--out", "new.html"}, false},
  };
  return all;
}

std::string noise(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::string out(n, ' ');
  for (char& c : out) c = static_cast<char>(random() % 256);
  return out;
}

void refuse(const Workshop& shop, const Reader& reader, const std::string& damage, Words said) {
  Refusal one{std::string(reader.name) + ", " + damage, reader.command, std::move(said)};
  for (std::string& word : one.command)
    if (word == "FILE") word = reader.bad;
  one.said.push_back(reader.bad);
  check_refused(shop, one);
}

void refuse_all_damages(const Workshop& shop, const Reader& reader) {
  const std::string good = shop.read(reader.good);
  REQUIRE(good.size() > 100);
  fs::remove_all(shop / reader.bad);
  refuse(shop, reader, "missing", {"no such file"});
  if (std::string(reader.name) != "BGT GML") {  // a folder of BGT files is a good input
    fs::create_directory(shop / reader.bad);
    refuse(shop, reader, "a folder", {"not a regular file"});
    fs::remove_all(shop / reader.bad);
  }
  REQUIRE(::mkfifo((shop / reader.bad).c_str(), 0600) == 0);
  refuse(shop, reader, "a named pipe", {"not a regular file"});
  fs::remove_all(shop / reader.bad);
  shop.write(reader.bad, "");
  refuse(shop, reader, "empty", {});
  shop.write(reader.bad, good.substr(0, good.size() / 2));
  refuse(shop, reader, "cut in the middle", {});
  shop.write(reader.bad, good.substr(0, good.size() - 8));
  refuse(shop, reader, "cut near the end", {});
  for (unsigned seed = 1; seed <= 3; ++seed) {
    shop.write(reader.bad, noise(4000, seed));
    refuse(shop, reader, "random bytes", {});
  }
  shop.write(reader.bad, good.substr(0, 8) + noise(4000, 4));
  refuse(shop, reader, "random bytes after a right beginning", {});
  std::string changed = good;
  changed.insert(good.find('"', good.size() / 2) + 1, "\xff\xfe\xc0");
  shop.write(reader.bad, changed);
  refuse(shop, reader, reader.is_text ? "not UTF-8" : "changed bytes", {});
}

}  // namespace

TEST_CASE("damaged text files are refused by every reader of the program", "[tools][unit]") {
  const Workshop shop;
  shop.make_site();
  for (const Reader& reader : text_readers()) refuse_all_damages(shop, reader);
}

TEST_CASE("damaged site and result files are refused by every reader of the program", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  shop.derive("scenario.toml", "bad.toml", {{"site.h5", "bad.h5"}});
  for (const Reader& reader : sealed_readers()) refuse_all_damages(shop, reader);
}

TEST_CASE("damaged temporaries are refused by recover", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  const Reader reader{"recover", "run.h5", "bad.part", {"recover", "FILE", "new.h5"}, false};
  fs::remove_all(shop / reader.bad);
  refuse(shop, reader, "missing", {"no such file"});
  shop.write(reader.bad, "");
  refuse(shop, reader, "empty", {});
  shop.write(reader.bad, noise(4000, 1));
  refuse(shop, reader, "random bytes", {});
  shop.write(reader.bad, shop.read("site.h5"));
  refuse(shop, reader, "a site file", {"another format"});
}

TEST_CASE("packed and binary map files are refused when damaged", "[tools][unit]") {
  const auto data = shared_data();
  if (!data) {
    std::printf("SKIPPED: shared data absent\n");
    return;
  }
  const Workshop shop;
  const auto take = [&](const char* from, const char* to) { fs::copy_file(*data / from, shop / to); };
  take("osm/valhalla_amsterdam.osm.pbf", "good.osm.pbf");
  take("bgt/bgt_overbruggingsdeel.sqlite", "bgt_overbruggingsdeel.sqlite");
  for (const Reader& reader :
       {Reader{"OSM PBF", "good.osm.pbf", "bad.osm.pbf", {"import", "--osm", "FILE", "--out", "new.h5"}, false},
        Reader{"BGT SQLite",
               "bgt_overbruggingsdeel.sqlite",
               "bgt_wegdeel_bad.sqlite",
               {"import", "--bgt", "FILE", "--out", "new.h5"},
               false}}) {
    const std::string good = shop.read(reader.good);
    for (const std::size_t size : {good.size() / 2, good.size() / 10, std::size_t{0}}) {
      shop.write(reader.bad, good.substr(0, size));
      refuse(shop, reader, "cut to " + std::to_string(size), {});
    }
    shop.write(reader.bad, noise(5000, 6));
    refuse(shop, reader, "random bytes", {});
  }
}

TEST_CASE("a damaged table of arrivals is refused with its line", "[tools][unit]") {
  const Workshop shop;
  shop.make_site();
  const auto refused = [&](const std::string& what, const std::string& bytes, Words said) {
    shop.write("arrivals.csv", bytes);
    said.push_back("arrivals.csv");
    check_refused(shop, {what, {"validate", "csv.toml"}, std::move(said)});
  };
  refused("empty", "", {"fewer than two rows"});
  refused("one row", "0,10\n", {"fewer than two rows"});
  refused("random bytes", noise(2000, 7), {});
  refused("not UTF-8", "time,people\n0,10\n10,\xff\xfe\n20,0\n", {"arrivals.csv:3:4", "out of range"});
  refused("negative", "0,10\n10,-20\n20,0\n", {"arrivals.csv:2:4", "-20"});
  refused("nan", "0,10\n10,nan\n20,0\n", {"arrivals.csv:2:4", "nan"});
  refused("absurd", "0,10\n10,1e300\n20,0\n", {"arrivals.csv:2:4", "1e300"});
  refused("times fall", "0,10\n10,1\n5,0\n", {"arrivals.csv:3:1", "rising times"});
  refused("cut in a row", "0,10\n10", {"arrivals.csv:2:1", "one column"});
  fs::remove(shop / "arrivals.csv");
  check_refused(shop, {"missing", {"validate", "csv.toml"}, {"csv.toml:23", "arrivals.csv", "no such file"}});
}

TEST_CASE("sealed files with wrong types, shapes and values are refused by the program", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  shop.derive("scenario.toml", "bad.toml", {{"site.h5", "bad.h5"}});
  struct Case {
    const char* what;
    Change change;
    Words said;
  };
  const double nan = std::nan("");
  const std::vector<Case> sites{
      {"format", remove_attribute("/", "format"), {"@format is missing"}},
      {"version", set_attribute("/", "format_version", H5T_STD_U64LE, 99.0), {"@format_version", "99"}},
      {"mesh", drop("/world/mesh"), {"/world/mesh is missing"}},
      {"rank", replace("/world/mesh/vertex", H5T_IEEE_F64LE, {12}), {"/world/mesh/vertex", "wrong rank"}},
      {"shape", replace("/world/mesh/vertex", H5T_IEEE_F64LE, {6, 3}), {"/world/mesh/vertex", "wrong shape"}},
      {"type", replace("/world/mesh/face_vertex", H5T_IEEE_F64LE, {6, 3}), {"/world/mesh/face_vertex", "wrong type"}},
      {"NaN", poke<double>("/world/mesh/vertex", H5T_NATIVE_DOUBLE, 3, nan), {"vertex[1] is not a finite point"}},
      {"vertex number", poke<int>("/world/mesh/face_vertex", H5T_NATIVE_INT, 4, 1 << 20), {"face_vertex[1]"}},
      {"neighbour of nobody", poke<int>("/world/mesh/face_neighbour", H5T_NATIVE_INT, 0, 1 << 20), {"out of range"}},
      {"unknown level",
       poke<short>("/world/mesh/face_level", H5T_NATIVE_SHORT, 0, 7),
       {"mesh.face[0]", "unknown level"}},
      {"speed factor",
       poke<float>("/world/mesh/face_speed_factor", H5T_NATIVE_FLOAT, 2, -1.0F),
       {"face_speed_factor[2]"}},
  };
  for (const Case& one : sites) {
    tamper(shop / "site.h5", shop / "bad.h5", one.change);
    for (const Words& command : {Words{"info", "bad.h5"}, Words{"validate", "bad.toml"},
                                 Words{"run", "bad.toml", "--out", "new.h5", "--summary", "new"}}) {
      const bool names_kind = std::string(one.what) != "format" && std::string(one.what) != "unknown level";
      check_refused(shop, {one.what, command, names_kind || command[0] != "info" ? one.said : Words{"bad.h5"}});
    }
  }
  const std::vector<Case> results{
      {"trajectory", drop("/trajectory"), {"/trajectory is missing"}},
      {"no table", replace("/trajectory", H5T_IEEE_F64LE, {120}), {"/trajectory has the wrong type"}},
      {"time step", set_attribute("/", "time_step_s", H5T_IEEE_F64LE, nan), {"@time_step_s"}},
      {"zone", poke_row<std::uint32_t>("/zones", "zone", H5T_NATIVE_UINT32, 0, 9), {"/zones[0] names a zone"}},
      {"figures", drop("/figures"), {"/figures is missing"}},
      {"grid shape", replace("/grid/0/density", H5T_IEEE_F32LE, {1, 5, 5}), {"/grid/0/density has the wrong shape"}},
  };
  for (const Case& one : results) {
    tamper(shop / "run.h5", shop / "bad.h5", one.change);
    check_refused(shop, {one.what, {"info", "bad.h5"}, one.said});
    check_refused(shop, {one.what, {"compare", "run.h5", "bad.h5", "--out", "new.html"}, one.said});
  }
  tamper(shop / "run.h5", shop / "bad.h5", poke_row<double>("/trajectory", "x", H5T_NATIVE_DOUBLE, 8, nan));
  for (const char* kind : {"--pedpy", "--text"})
    check_refused(shop, {"NaN", {"export", "bad.h5", kind, "new"}, {"trajectory[8] has a position"}});
}
