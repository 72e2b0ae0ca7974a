#include "tests/io/samples.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/source_dir.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <sys/wait.h>

using namespace throng;
using namespace throng::test;

namespace {

/// Status and output of a command.
std::pair<int, std::string> shell(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  const int status = ::pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, out};
}

bool has_h5py() {
  static const bool found = shell("/usr/bin/python3 -c 'import h5py, numpy'").first == 0;
  if (!found) std::printf("SKIPPED: python3-h5py absent\n");
  return found;
}

const std::string script = std::string("/usr/bin/python3 ") + source_dir() + "/tools/examples/read_results.py ";

}  // namespace

TEST_CASE("a results file passes PedPy's checks in Python", "[io][unit]") {
  if (!has_h5py()) return;
  const Folder folder;
  const std::string run = (folder / "run.h5").string();
  write_results(folder / "run.h5", random_results(random_header(1), 1), 20, 100);
  const auto [status, text] = shell(script + run + " --plot " + (folder / "run.svg").string());
  INFO(text);
  CHECK(status == 0);
  CHECK_THAT(text, Catch::Contains("2000 rows") && Catch::Contains("20 frames at 2 per second") &&
                       Catch::Contains("all checks passed"));
  CHECK(std::filesystem::exists(folder / "run.svg"));
}

TEST_CASE("the check in Python fails on files that PedPy would refuse", "[io][unit]") {
  if (!has_h5py()) return;
  const Folder folder;
  const std::string bad = (folder / "bad.h5").string();
  const auto make = [&](const std::string& body) {
    REQUIRE(shell("/usr/bin/python3 -c \"import h5py, numpy as n; f = h5py.File('" + bad + "', 'w'); " + body + "\"")
                .first == 0);
    return shell(script + bad);
  };
  const std::string dtype =
      "d = f.create_dataset('trajectory', (3,), dtype=[('id', 'i8'), ('frame', 'i8'), ('x', 'f8'), ('y', 'f8')]); ";
  CHECK(make("f.attrs['wkt_geometry'] = 'POLYGON ((0 0, 1 0, 1 1, 0 0))'").first == 1);
  CHECK_THAT(make(dtype + "f.attrs['wkt_geometry'] = 'POLYGON ((0 0, 1 0, 1 1, 0 0))'").second,
             Catch::Contains("'fps' is missing"));
  CHECK_THAT(make(dtype + "d.attrs['fps'] = 10.0; f.attrs['wkt_geometry'] = n.bytes_('POLYGON ((0 0, 1 0, 1 1, 0 0))')")
                 .second,
             Catch::Contains("not str"));
  CHECK(shell(script + (folder / "missing.h5").string()).first == 2);
}

TEST_CASE("one level is exported in the archive's layout and read back as a foreign file", "[io][unit]") {
  const Folder folder;
  const RunResults results = random_results(random_header(1), 1);
  const auto frames = write_results(folder / "run.h5", results, 10, 50);
  io::export_pedpy(folder / "run.h5", LevelId{1}, folder / "level1.h5");
  const io::ForeignTrajectory back = io::read_foreign_trajectory(folder / "level1.h5");
  CHECK(back.fps == 2.0);
  CHECK(back.wkt == results.header.outline_wkt[1]);
  std::size_t expected = 0;
  for (const Frame& frame : frames)
    for (const LevelId level : frame.level) expected += level == LevelId{1} ? 1 : 0;
  REQUIRE(back.id.size() == expected);
  for (std::size_t i = 0; i + 1 < back.id.size(); ++i)
    CHECK(std::pair(back.id[i], back.frame[i]) < std::pair(back.id[i + 1], back.frame[i + 1]));
  for (std::size_t i = 0; i < back.id.size(); ++i) {
    const Frame& frame = frames[static_cast<std::size_t>(back.frame[i])];
    const auto row = static_cast<std::size_t>(
        std::find(frame.id.begin(), frame.id.end(), AgentId{static_cast<std::uint32_t>(back.id[i])}) -
        frame.id.begin());
    CHECK((frame.position[row] == Vec2{back.x[i], back.y[i]}));
  }
  CHECK_THROWS_WITH(io::export_pedpy(folder / "run.h5", LevelId{7}, folder / "x.h5"), Catch::Contains("no such level"));
  if (has_h5py()) {
    // The archive sorts by id, so only the loader's own checks apply: repeat them here.
    const std::string body =
        "import h5py; f = h5py.File('" + (folder / "level1.h5").string() +
        "'); t = f['trajectory']; assert {'id','frame','x','y'}.issubset(t.dtype.names); assert t.attrs['fps'] == 2.0; "
        "assert isinstance(f.attrs['wkt_geometry'], str); assert f.attrs['file_version'] == '1.0.0'";
    CHECK(shell("/usr/bin/python3 -c \"" + body + "\"").first == 0);
  }
}

TEST_CASE("trajectories are exported as text with the frame rate", "[io][unit]") {
  const Folder folder;
  write_results(folder / "run.h5", random_results(random_header(1), 1), 3, 2);
  io::export_text(folder / "run.h5", folder / "run.txt");
  io::export_text(folder / "run.h5", folder / "run.csv");
  std::istringstream txt(io::read_text(folder / "run.txt"));
  std::string line;
  std::getline(txt, line);
  CHECK(line == "# framerate: 2");
  std::size_t rows = 0;
  while (std::getline(txt, line)) rows += line[0] == '#' ? 0 : 1;
  CHECK(rows == 6);
  CHECK_THAT(io::read_text(folder / "run.csv"), Catch::Contains("id,frame,x,y,z\n"));
}

TEST_CASE("the archive's own file is read", "[io][validation]") {
  const auto data = shared_data();
  if (!data) return;
  const io::ForeignTrajectory run = io::read_foreign_trajectory(*data / "trajectories/juelich/00_01a.h5");
  CHECK(run.fps == 25.0);
  CHECK(run.wkt.starts_with("POLYGON"));
  std::set<std::int64_t> ids(run.id.begin(), run.id.end());
  CHECK(ids.size() == 46);
}

TEST_CASE("a damaged foreign file is an InputError and never a crash", "[io][property]") {
  const Folder folder;
  const RunResults results = random_results(random_header(1), 1);
  write_results(folder / "run.h5", results, 3, 20);
  io::export_pedpy(folder / "run.h5", LevelId{0}, folder / "plain.h5");
  const std::string bytes = io::read_text(folder / "plain.h5");
  Filler filler(9);
  for (int k = 0; k < 120; ++k) {
    std::string changed = bytes;
    for (std::uint32_t i = 1 + filler.below(100); i > 0; --i)
      changed[filler.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(filler.below(256));
    io::write_text(folder / "bad.h5", changed);
    try {
      io::read_foreign_trajectory(folder / "bad.h5", 10.0);
    } catch (const InputError&) {
    }
  }
  io::write_text(folder / "text.h5", "no HDF5");
  CHECK_THROWS_AS(io::read_foreign_trajectory(folder / "text.h5"), InputError);
  CHECK_THROWS_AS(io::read_foreign_trajectory(folder / "missing.h5"), InputError);
  CHECK_THROWS_AS(io::read_foreign_trajectory(folder.path), InputError);
}
