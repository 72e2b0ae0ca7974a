// Full disks are exit code 3, Ctrl-C ends a run in order with 130.
#include "sim/io/io.hpp"
#include "tests/tools/program.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/mount.h>

using namespace throng;
using namespace throng::test;
namespace fs = std::filesystem;

namespace {

/// A file system of a few kB, gone with its owner.
struct SmallDisk {
  fs::path path;
  bool mounted = false;
  SmallDisk(fs::path at, const char* options) : path(std::move(at)) {
    fs::create_directory(path);
    mounted = ::mount("tmpfs", path.c_str(), "tmpfs", 0, options) == 0;
    if (!mounted) std::printf("SKIPPED: mounting a small tmpfs needs rights\n");
  }
  ~SmallDisk() {
    if (mounted) ::umount(path.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
};

/// Everything that the program writes in one piece, below `folder`.
std::vector<Words> whole_writers(const std::string& folder) {
  const Words import{"import", "--plan", "plan.geojson", "--event", "event.geojson", "--out"};
  const auto with = [&](Words more) {
    Words out = import;
    out.insert(out.end(), more.begin(), more.end());
    return out;
  };
  return {with({folder + "/new.h5"}),
          with({"site.h5", "--report", folder + "/new.json"}),
          with({"site.h5", "--geojson", folder + "/new.geojson"}),
          with({"site.h5", "--picture", folder + "/new.png"}),
          {"compare", "run.h5", "run.h5", "--out", folder + "/new.html"},
          {"export", "run.h5", "--pedpy", folder + "/new.h5"},
          {"export", "run.h5", "--text", folder + "/new.txt"},
          {"run", "scenario.toml", "--replications", "2", "--until", "00:00:02", "--out", folder + "/new.h5",
           "--summary", "pages"},
          {"run", "scenario.toml", "--until", "00:00:02", "--out", "other.h5", "--summary", folder + "/pages"}};
}

void check_outside_fault(const Ran& ran, const char* file, const char* why) {
  INFO("said: " << ran.err);
  CHECK(ran.code == 3);
  CHECK(ran.err.rfind("error: ", 0) == 0);
  CHECK_THAT(ran.err, Catch::Contains(file));
  CHECK_THAT(ran.err, Catch::Contains(why) || Catch::Contains("is the disk full?") ||
                          Catch::Contains("error while writing to output stream"));
}

/// Much to write: half an hour with many frames.
void make_long_scenario(const Workshop& shop, const char* duration) {
  shop.derive("scenario.toml", "long.toml",
              {{"duration = 30", std::string("duration = ") + duration},
               {"frame_interval_s = 1", "frame_interval_s = 0.05"},
               {"from = 0, to = 20", std::string("from = 0, to = ") + duration},
               {"at = 20\naction = \"gate_close\"", "at = 20\naction = \"gate_open\""}});
}

void interrupt_when(pid_t child, int signal, const std::function<bool()>& ready) {
  for (int i = 0; i < 6000 && !ready(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, signal);
}

std::uintmax_t size_of(const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  return error ? 0 : size;
}

}  // namespace

TEST_CASE("a disk that fills is exit code 3 and leaves nothing half-written", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  const SmallDisk disk(shop / "small", "size=4k,nr_inodes=12");
  if (!disk.mounted) return;
  shop.write("small/full", std::string(4096, 'x'));
  for (const Words& command : whole_writers("small")) {
    INFO(command[0] << " ... " << command.back());
    check_outside_fault(shop.run(command), "small/", "No space left on device");
    for (const std::string& left : files_below(disk.path)) CHECK((left == "full" || left == "pages"));
  }
}

TEST_CASE("a file over the size limit is exit code 3 and leaves nothing half-written", "[tools][unit]") {
  const Workshop shop;
  shop.make_results();
  fs::create_directory(shop / "small");
  for (const Words& command : whole_writers("small")) {
    INFO(command[0] << " ... " << command.back());
    const Ran ran = shop.run(command, {.largest_file = 700});
    if (command.back() == "small/pages") {
      CHECK(ran.code == 3);  // other.h5 beside it did not fit either
      continue;
    }
    check_outside_fault(ran, "", "File too large");
    CHECK(files_below(shop / "small").empty());
  }
}

TEST_CASE("a run on a disk that fills is exit code 3 and its frames can be recovered", "[tools][unit]") {
  const Workshop shop;
  shop.make_site();
  make_long_scenario(shop, "600");
  const SmallDisk disk(shop / "small", "size=600k");
  if (!disk.mounted) return;
  const Ran ran = shop.run({"run", "long.toml", "--out", "small/new.h5", "--summary", "pages"});
  check_outside_fault(ran, "small/new.h5", "No space left on device");
  CHECK(files_below(disk.path) == Words{"new.h5.part"});
  CHECK_THAT(ran.err, Catch::Contains("throng recover small/new.h5.part small/new.h5"));
  CHECK_FALSE(fs::exists(shop / "pages" / "summary.html"));
  const Ran info = shop.run({"info", "small/new.h5.part"});
  CHECK(info.code == 2);
  CHECK_THAT(info.err, Catch::Contains("throng recover"));
  const Ran saved = shop.run({"recover", "small/new.h5.part", "saved.h5"});
  INFO(saved.err);
  CHECK(saved.code == 0);
  CHECK(io::Hdf5Source(shop / "saved.h5").results().interrupted);
  CHECK_THAT(shop.run({"info", "saved.h5"}).out, Catch::Contains("(interrupted)"));
}

TEST_CASE("standard output that cannot be written is exit code 3", "[tools][unit]") {
  if (!fs::exists("/dev/full")) {
    std::printf("SKIPPED: there is no /dev/full\n");
    return;
  }
  const Workshop shop;
  shop.make_site();
  for (const Words& command : {Words{"schema"}, Words{"info", "site.h5"}, Words{"validate", "scenario.toml"}}) {
    const Ran ran = shop.run(command, {.stdout_to = "/dev/full"});
    INFO(ran.err);
    CHECK(ran.code == 3);
    CHECK_THAT(ran.err, Catch::Contains("standard output cannot be written"));
  }
}

TEST_CASE("Ctrl-C finishes the file of a run in order", "[tools][unit]") {
  const Workshop shop;
  shop.make_site();
  make_long_scenario(shop, "86400");
  for (const int signal : {SIGINT, SIGTERM}) {
    fs::remove_all(shop / "new.h5");
    const Ran ran =
        shop.run({"run", "long.toml", "--out", "new.h5", "--summary", "pages"}, {.meanwhile = [&](pid_t child) {
                   interrupt_when(child, signal, [&] { return size_of(shop / "new.h5.part") > 100'000; });
                 }});
    INFO(ran.err);
    CHECK(ran.code == 130);
    CHECK_THAT(ran.out, Catch::Contains("interrupted: the results end at 00:"));
    CHECK_FALSE(fs::exists(shop / "new.h5.part"));
    const io::Hdf5Source source(shop / "new.h5");  // complete: its seal is right
    const RunResults results = source.results();
    CHECK(results.interrupted);
    REQUIRE(source.n_frames() > 10);
    CHECK(results.simulated == Approx(0.05 * static_cast<double>(source.n_frames() - 1)).margin(0.06));
    CHECK(results.simulated < 86400.0);
    CHECK_THAT(shop.run({"info", "new.h5"}).out, Catch::Contains("(interrupted)"));
    CHECK(fs::exists(shop / "pages" / "summary.html"));
  }
}

TEST_CASE("Ctrl-C keeps the complete replications only", "[tools][unit]") {
  const Workshop shop;
  shop.make_site();
  make_long_scenario(shop, "86400");
  const auto at_once = [](pid_t child) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2000));
    ::kill(child, SIGINT);
  };
  const Words before = files_below(shop.path());
  const Ran none = shop.run({"run", "long.toml", "--out", "new.h5", "--replications", "3"}, {.meanwhile = at_once});
  INFO(none.err);
  CHECK(none.code == 130);
  CHECK_THAT(none.err, Catch::Contains("no replication was complete; nothing was written"));
  CHECK(files_below(shop.path()) == before);
  const Ran some =
      shop.run({"run", "scenario.toml", "--out", "new.h5", "--replications", "10000"}, {.meanwhile = [](pid_t child) {
                 std::this_thread::sleep_for(std::chrono::seconds(6));
                 ::kill(child, SIGINT);
               }});
  INFO(some.err);
  CHECK(some.code == 130);
  CHECK_THAT(some.err, Catch::Contains("of 10000 replications are complete and were kept"));
  const auto kept = io::read_replications(shop / "new.h5");
  REQUIRE_FALSE(kept.empty());
  for (const RunResults& one : kept) {
    CHECK_FALSE(one.interrupted);
    CHECK(one.simulated == Approx(30.0));
  }
}

TEST_CASE("Ctrl-C during an import leaves nothing", "[tools][unit]") {
  const Workshop shop;
  std::string many = R"({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "local"}},
"features": [{"type": "Feature", "properties": {"kind": "walkable", "id": "hall"},
 "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [900, 0], [900, 900], [0, 900], [0, 0]]]}})";
  for (int i = 0; i < 4000; ++i) {
    const int x = 10 + 14 * (i % 63), y = 10 + 14 * (i / 63);
    const auto at = [&](int dx, int dy) { return "[" + std::to_string(x + dx) + "," + std::to_string(y + dy) + "]"; };
    many +=
        ",\n{\"type\": \"Feature\", \"properties\": {\"kind\": \"obstacle\"}, \"geometry\": {\"type\": \"Polygon\", "
        "\"coordinates\": [[" +
        at(0, 0) + "," + at(7, 1) + "," + at(6, 8) + "," + at(0, 0) + "]]}}";
  }
  shop.write("many.geojson", many + "]}");
  const Words before = files_below(shop.path());
  const Ran ran = shop.run({"import", "--plan", "many.geojson", "--out", "new.h5"}, {.meanwhile = [](pid_t child) {
                             std::this_thread::sleep_for(std::chrono::milliseconds(800));
                             ::kill(child, SIGINT);
                           }});
  INFO(ran.err);
  CHECK(ran.code == 130);
  CHECK_THAT(ran.err, Catch::Contains("interrupted"));
  CHECK(files_below(shop.path()) == before);
}
