#include "tests/tools/program.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace throng::test {
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

[[noreturn]] void become_throng(const Words& words, const How& how, const fs::path& out, const fs::path& err) {
  const auto onto = [](const fs::path& file, int descriptor) {
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (opened < 0 || ::dup2(opened, descriptor) < 0) ::_exit(126);
    ::close(opened);
  };
  onto(how.stdout_to.empty() ? out : fs::path(how.stdout_to), STDOUT_FILENO);
  onto(err, STDERR_FILENO);
  if (::chdir(how.folder.c_str()) != 0) ::_exit(126);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (how.largest_file > 0) {
    const rlimit most{how.largest_file, how.largest_file};
    ::setrlimit(RLIMIT_FSIZE, &most);
  }
  std::vector<char*> argv{const_cast<char*>(THRONG_PROGRAM)};
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execv(THRONG_PROGRAM, argv.data());
  ::_exit(127);
}

int wait_for(pid_t child, double time_limit_s) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(time_limit_s);
  int status = 0;
  for (;;) {
    const pid_t done = ::waitpid(child, &status, WNOHANG);
    if (done == child) break;
    if (Clock::now() > end) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Ran run_throng(const Words& words, const How& how) {
  std::string log = (fs::temp_directory_path() / "throng-log-XXXXXX").string();
  const fs::path folder = ::mkdtemp(log.data());
  const pid_t child = ::fork();
  if (child == 0) become_throng(words, how, folder / "out", folder / "err");
  if (how.meanwhile) how.meanwhile(child);
  Ran ran;
  ran.code = wait_for(child, how.time_limit_s);
  ran.out = bytes_of(folder / "out");
  ran.err = bytes_of(folder / "err");
  fs::remove_all(folder);
  return ran;
}

Words files_below(const fs::path& folder) {
  Words out;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    out.push_back(fs::relative(entry.path(), folder).string());
  std::sort(out.begin(), out.end());
  return out;
}

namespace {

const char* const plan = R"({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "local"}},
"features": [
{"type": "Feature", "properties": {"kind": "walkable", "id": "hall"},
 "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [40, 0], [40, 20], [0, 20], [0, 0]]]}}]}
)";

const char* const event = R"({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "local"}},
"features": [
{"type": "Feature", "properties": {"id": "west", "kind": "source"},
 "geometry": {"type": "Polygon", "coordinates": [[[1, 5], [5, 5], [5, 15], [1, 15], [1, 5]]]}},
{"type": "Feature", "properties": {"id": "east", "kind": "exit"},
 "geometry": {"type": "Polygon", "coordinates": [[[36, 5], [39, 5], [39, 15], [36, 15], [36, 5]]]}},
{"type": "Feature", "properties": {"id": "fence", "kind": "fence"},
 "geometry": {"type": "LineString", "coordinates": [[20, 0], [20, 20]]}},
{"type": "Feature", "properties": {"id": "gate", "kind": "gate", "width_m": 4, "state": "open"},
 "geometry": {"type": "Point", "coordinates": [20, 10]}},
{"type": "Feature", "properties": {"id": "middle", "kind": "zone", "zone_kind": "passage"},
 "geometry": {"type": "Polygon", "coordinates": [[[22, 2], [32, 2], [32, 18], [22, 18], [22, 2]]]}},
{"type": "Feature", "properties": {"id": "count", "kind": "line"},
 "geometry": {"type": "LineString", "coordinates": [[34, 0], [34, 20]]}},
{"type": "Feature", "properties": {"id": "podium", "kind": "podium", "height_m": 1.5},
 "geometry": {"type": "Polygon", "coordinates": [[[8, 16], [12, 16], [12, 19], [8, 19], [8, 16]]]}}]}
)";

const char* const scenario = R"(format = 1
[scenario]
name = "Hall"
site = "site.h5"
start = "18:00"
duration = 30
time_step_s = 0.05
seed = 1
[model]
name = "behavioural_heuristics"
profile = "regulatory"
[output]
frame_interval_s = 1
grid_interval_s = 10
measure_interval_s = 1
report_interval_s = 10
[[population]]
id = "adult"
speed_mean_m_per_s = 1.34
[[source]]
place = "west"
initial_people = 20
rates = [{from = 0, to = 20, people_per_min = 60}]
[[journey]]
id = "through"
[[journey.stage]]
id = "out"
kind = "exit"
place = "east"
[[change]]
at = 20
action = "gate_close"
target = "gate"
)";

const char* const town = R"(<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6"><bounds minlat="52.0" minlon="5.0" maxlat="52.001" maxlon="5.001"/>
<node id="1" lat="52.0" lon="5.0"/><node id="2" lat="52.0" lon="5.001"/>
<node id="3" lat="52.001" lon="5.001"/><node id="4" lat="52.001" lon="5.0"/>
<way id="5"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/>
<tag k="highway" v="pedestrian"/><tag k="area" v="yes"/><tag k="name" v="Markt"/></way>
<way id="6"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way></osm>
)";

const char* const city = R"({"type": "CityJSON", "version": "2.0",
"transform": {"scale": [0.001, 0.001, 0.001], "translate": [140000, 455000, 0]},
"metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/7415"},
"CityObjects": {"house": {"type": "Building", "geometry": [{"type": "MultiSurface", "lod": "1",
 "boundaries": [[[0, 1, 2, 3]]]}]}, "road": {"type": "Road", "geometry": [{"type": "MultiSurface", "lod": "1",
 "boundaries": [[[4, 5, 6, 7]]]}]}},
"vertices": [[0, 0, 0], [9000, 0, 0], [9000, 9000, 0], [0, 9000, 0],
 [0, 10000, 0], [30000, 10000, 0], [30000, 40000, 0], [0, 40000, 0]]}
)";

const char* const bgt = R"(<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:imgeo="http://x"><gml:featureMember>
<imgeo:Wegdeel gml:id="a"><imgeo:function>voetpad</imgeo:function><imgeo:g><gml:Polygon
 srsName="urn:ogc:def:crs:EPSG::28992"><gml:exterior><gml:LinearRing><gml:posList>140000 455000 140040 455000
 140040 455040 140000 455000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></imgeo:g></imgeo:Wegdeel>
</gml:featureMember></gml:FeatureCollection>
)";

}  // namespace

Workshop::Workshop() {
  std::string name = (fs::temp_directory_path() / "throng-work-XXXXXX").string();
  path_ = ::mkdtemp(name.data());
  write("plan.geojson", plan);
  write("event.geojson", event);
  write("scenario.toml", scenario);
  write("town.osm", town);
  write("city.json", city);
  write("bgt_wegdeel.gml", bgt);
  write("arrivals.csv", "time,people\n0,10\n10,20\n20,0\n");
  derive("scenario.toml", "csv.toml",
         {{"rates = [{from = 0, to = 20, people_per_min = 60}]", "arrivals_csv = \"arrivals.csv\""}});
}

Workshop::~Workshop() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string Workshop::read(const std::string& name) const { return bytes_of(path_ / name); }

void Workshop::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path_ / name, std::ios::binary) << bytes;
}

void Workshop::derive(const std::string& from, const std::string& to,
                      const std::vector<std::pair<std::string, std::string>>& changes) const {
  std::string text = read(from);
  for (const auto& [before, after] : changes) {
    const std::size_t at = text.find(before);
    INFO(from << " holds " << before);
    REQUIRE(at != std::string::npos);
    text.replace(at, before.size(), after);
  }
  write(to, text);
}

void Workshop::make_site() const {
  const Ran ran = run({"import", "--plan", "plan.geojson", "--event", "event.geojson", "--out", "site.h5"});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
}

void Workshop::make_results() const {
  make_site();
  for (const Words& more : {Words{"run.h5"}, Words{"ten.h5", "--replications", "2"}}) {
    Words words{"run", "scenario.toml", "--until", "00:00:10", "--summary", "pages", "--out"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = run(words);
    INFO(ran.err);
    REQUIRE(ran.code == 0);
  }
}

void check_refused(const Workshop& shop, const Refusal& one) {
  std::string command;
  for (const std::string& word : one.command) command += " " + word;
  INFO(one.what << ": throng" << command);
  const Words before = files_below(shop.path());
  const Ran ran = shop.run(one.command);
  INFO("said: " << ran.err);
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(ran.err.rfind("error: ", 0) == 0);
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') <= 12);
  for (const std::string& text : one.said) CHECK_THAT(ran.err, Catch::Contains(text));
  CHECK(files_below(shop.path()) == before);
}

}  // namespace throng::test
