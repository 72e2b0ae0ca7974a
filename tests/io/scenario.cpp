#include "sim/scenario/validate.hpp"
#include "tests/io/samples.hpp"
#include "tests/support/source_dir.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

/// A scenario without faults; cases change single lines of it.
const std::string sound = R"(format = 1
[scenario]
name = "Square"
site = "site.h5"
start = "18:00"
duration = "01:30"
[model]
name = "behavioural_heuristics"
[model.parameters]
time_gap_s = 1.0
[output]
frame_interval_s = 0.5
region = [[0, 0], [10, 0], [10, 10.5]]
zones = ["z1"]
[[population]]
id = "adult"
[[population]]
id = "wheelchair"
share = 0.02
impaired = true
speed_mean_m_per_s = 0.7
speed_min_m_per_s = 0.4
[[source]]
place = "station"
initial_people = 10
rates = [{from = "00:00", to = "00:30", people_per_min = 60}]
pulses = [{at = "00:10", people = 120, spread_s = 40}]
curve = {people = 6000, points = [["00:00", 0.0], ["00:20", 0.6], [2400, 1.0]]}
journeys = [{id = "watch", weight = 2.0}]
population = ["adult", "wheelchair"]
[[journey]]
id = "watch"
[[journey.stage]]
id = "bar"
kind = "queue"
places = ["bar1", "bar2"]
duration = {law = "lognormal", mean_s = 45, sd_s = 20}
next = [{id = "show", weight = 1}, {id = "home", weight = 0.2}]
[[journey.stage]]
id = "show"
kind = "visit"
place = "audience"
duration = {law = "until", at = "01:00", spread_s = 300}
next = "home"
[[journey.stage]]
id = "home"
kind = "exit"
place = "out"
departures = [{at = "01:10", people = 200, boarding_s = 60}]
[[change]]
at = "00:45"
action = "source_factor"
target = "station"
value = 0.5
[[threshold]]
zone = "z1"
density_per_m2 = [1.0, 2.0, 3.0, nan]
citation = "permit"
)";

std::string with(const std::string& old_text, const std::string& new_text) {
  std::string out = sound;
  const std::size_t at = out.find(old_text);
  REQUIRE(at != std::string::npos);
  return out.replace(at, old_text.size(), new_text);
}

std::string faults_of(const std::string& text, const std::string& file = "s.toml") {
  try {
    io::parse_scenario(text, file);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a scenario is read with every key", "[io][unit]") {
  const Scenario s = io::parse_scenario(sound, "s.toml");
  CHECK(s.name == "Square");
  CHECK(s.start_of_day == 18 * 3600.0);
  CHECK(s.duration == 5400.0);
  CHECK(s.model.parameters.at("time_gap_s") == 1.0);
  CHECK(s.output.region.size() == 3);
  CHECK(s.zones == std::vector<std::string>{"z1"});
  REQUIRE(s.population.size() == 2);
  CHECK(s.population[1].impaired);
  REQUIRE(s.sources.size() == 1);
  const SourceDemand& source = s.sources[0];
  CHECK(source.id == "station");
  REQUIRE(source.rates.size() == 3);
  CHECK(source.rates[0].rate == Approx(1.0));
  CHECK(source.rates[1].rate == Approx(3.0));  // 6000 * 0.6 in 20 min
  CHECK(source.rates[2].rate == Approx(2.0));
  CHECK(source.rates[2].to == 2400.0);
  CHECK(source.pulses[0].people == 120.0);
  CHECK(source.population[1].id == "wheelchair");
  const auto& stages = s.journeys.at(0).stages;
  REQUIRE(stages.size() == 3);
  CHECK(stages[0].place_choice == Choice::least_loaded);  // several places
  CHECK(stages[0].next_choice == Choice::weighted);
  CHECK(stages[0].duration.law == Duration::Law::lognormal);
  CHECK(stages[1].duration.law == Duration::Law::until);
  CHECK(stages[1].duration.a == 3600.0);
  CHECK(stages[1].next.at(0).id == "home");
  CHECK(stages[2].departures.at(0).spread == 60.0);
  CHECK(s.thresholds.at(0).zone_kind == "zone:z1");
  CHECK(std::isnan(s.thresholds[0].density[3]));
  CHECK(std::isnan(s.thresholds[0].flow[0]));
  CHECK(s.changes.at(0).kind == ChangeKind::source_factor);
  CHECK(s.text == sound);
  CHECK(stages[1].at.line == 39);
}

TEST_CASE("each fault of a scenario is told with its line and column", "[io][unit]") {
  struct Case {
    const char* old_text;
    const char* new_text;
    const char* message;
  };
  const auto one = GENERATE(
      Case{"format = 1", "format = 2", "s.toml:1:10: format is out of range, found \"2\", allowed: 1 to 1"},
      Case{"format = 1", "", "s.toml:1:1: format is missing"},
      Case{"site = \"site.h5\"", "sitte = \"site.h5\"",
           "s.toml:4:1: scenario.sitte is not a known key; did you mean \"site\"?"},
      Case{"site = \"site.h5\"", "sitte = \"site.h5\"", "s.toml:2:1: scenario.site is missing"},
      Case{"[output]", "[outputs]", "s.toml:11:2: outputs is not a known key; did you mean \"output\"?"},
      Case{"start = \"18:00\"", "start = \"25:00\"", "s.toml:5:9: scenario.start is out of range, found \"25:00\""},
      Case{"start = \"18:00\"", "start = \"noon\"",
           "s.toml:5:9: scenario.start is not a time, found \"noon\", allowed: \"HH:MM\", \"HH:MM:SS\" or seconds"},
      Case{"start = \"18:00\"", "start = true", "s.toml:5:9: scenario.start is true or false"},
      Case{"duration = \"01:30\"", "duration = 1e9", "s.toml:6:12: scenario.duration is out of range, found \"1e+09\""},
      Case{"duration = \"01:30\"", "duration = nan", "s.toml:6:12: scenario.duration is out of range, found \"nan\""},
      Case{"duration = \"01:30\"", "duration = 5400\ntime_step_s = 0.5",
           "s.toml:7:15: scenario.time_step_s is out of range, found \"0.5\", allowed: 0.001 to 0.2 s"},
      Case{"duration = \"01:30\"", "duration = 5400\nseed = -1", "s.toml:7:8: scenario.seed is out of range"},
      Case{"duration = \"01:30\"", "duration = 5400\nseed = 1.5",
           "s.toml:7:8: scenario.seed is a number, found \"1.5\", allowed: a whole number"},
      Case{"time_gap_s = 1.0", "time_gap_s = \"1\"", "s.toml:10:14: model.parameters.time_gap_s is a text"},
      Case{"frame_interval_s = 0.5", "frame_interval_s = 0.52",
           "s.toml:12:20: output.frame_interval_s is not a whole multiple of the time step, found \"0.52\""},
      Case{"[10, 10.5]", "[10]", "s.toml:13:28: output.region[2] is a list"},
      Case{"[10, 10.5]", "[10, 0]", "s.toml:13:10: output.region encloses no area"},
      Case{"zones = [\"z1\"]", "zones = [\"z1\", \"z1\"]", "s.toml:14:16: output.zones[1] is listed twice"},
      Case{"id = \"wheelchair\"", "id = \"adult\"", "s.toml:18:6: population[1].id is used twice"},
      Case{"speed_mean_m_per_s = 0.7", "speed_mean_m_per_s = 12",
           "s.toml:21:22: population[1].speed_mean_m_per_s is out of range, found \"12\", allowed: 0.05 to 4 m/s"},
      Case{"speed_min_m_per_s = 0.4", "speed_min_m_per_s = 2.4",
           "s.toml:22:21: population[1].speed_min_m_per_s is above speed_max_m_per_s"},
      Case{"place = \"station\"", "", "s.toml:23:1: source[0].place is missing"},
      Case{
          "people_per_min = 60", "people_per_min = -1",
          "s.toml:26:58: source[0].rates[0].people_per_min is out of range, found \"-1\", allowed: 0 to 1000000 1/min"},
      Case{"to = \"00:30\"", "to = \"00:00\"", "s.toml:26:32: source[0].rates[0].to is not after from"},
      Case{"at = \"00:10\"", "at = \"02:10\"",
           "s.toml:27:17: source[0].pulses[0].at is after the end of the run, found \"02:10:00\", allowed: before "
           "01:30:00"},
      Case{"[2400, 1.0]", "[600, 1.0]", "source[0].curve.points[2][0] is not after the point before it"},
      Case{"[2400, 1.0]", "[2400, 0.5]", "source[0].curve.points[2][1] is below the point before it"},
      Case{"{id = \"watch\", weight = 2.0}", "{id = \"wach\"}",
           "s.toml:29:13: source[0].journeys[0] is not a known journey; did you mean \"watch\"?, found \"wach\", "
           "allowed: watch"},
      Case{"weight = 2.0", "weight = 0", "s.toml:29:12: source[0].journeys has weights that sum to zero"},
      Case{"[\"adult\", \"wheelchair\"]", "[\"adult\", \"child\"]",
           "s.toml:30:24: source[0].population[1] is not a known population class"},
      Case{"id = \"bar\"", "id = \"show\"", "journey[0].stage[1].id is used twice in this journey"},
      Case{"kind = \"queue\"", "kind = \"que\"",
           "s.toml:35:8: journey[0].stage[0].kind is not a known word; did you mean \"queue\"?"},
      Case{"places = [\"bar1\", \"bar2\"]", "places = []", "journey[0].stage[0].place is missing"},
      Case{"sd_s = 20", "sigma_s = 20", "journey[0].stage[0].duration.sigma_s is not a known key"},
      Case{"sd_s = 20", "shape = 20", "journey[0].stage[0].duration.shape does not belong to the law lognormal"},
      Case{", sd_s = 20", "", "journey[0].stage[0].duration.sd_s is missing for the law lognormal"},
      Case{"mean_s = 45", "mean_s = 0", "s.toml:37:12: journey[0].stage[0].duration is zero"},
      Case{"{id = \"show\", weight = 1}, ", "",
           "s.toml:39:1: journey[0].stage[1] is never reached from the first stage, found \"show\""},
      Case{"next = \"home\"", "next = \"hom\"",
           "s.toml:44:8: journey[0].stage[1].next[0] is not a known stage of this journey; did you mean \"home\"?"},
      Case{"next = \"home\"", "next = \"show\"", "journey[0].stage[1] never leads to an exit, found \"show\""},
      Case{"next = \"home\"", "", "s.toml:39:1: journey[0].stage[1].next is missing"},
      Case{"kind = \"exit\"", "kind = \"waypoint\"\nnext = \"bar\"", "s.toml:31:1: journey[0] has no exit"},
      Case{"place = \"out\"", "place = \"out\"\nnext = \"bar\"", "journey[0].stage[2].next follows an exit"},
      Case{"at = \"01:00\"", "at = \"02:00\"", "journey[0].stage[1].duration lasts until after the end of the run"},
      Case{"at = \"01:10\"", "at = \"02:00\"",
           "s.toml:49:21: journey[0].stage[2].departures[0].at is after the end of the run"},
      Case{"place = \"audience\"", "place = \"audience\"\nplaces = [\"b\"]",
           "journey[0].stage[1].places is given beside place"},
      Case{"target = \"station\"", "target = \"statoin\"",
           "s.toml:53:10: change[0].target is not a known source; did you mean \"station\"?"},
      Case{"action = \"source_factor\"", "action = \"gate_opened\"",
           "s.toml:52:10: change[0].action is not a known word; did you mean \"gate_open\"?"},
      Case{"zone = \"z1\"", "zone_kind = \"passages\"",
           "s.toml:56:13: threshold[0].zone_kind is not a known word; did you mean \"passage\"?"},
      Case{"zone = \"z1\"", "", "s.toml:55:1: threshold[0] names neither zone_kind nor zone"},
      Case{"[1.0, 2.0, 3.0, nan]", "[1.0, 0.5, 3.0, nan]",
           "s.toml:57:24: threshold[0].density_per_m2[1] is not above the limit before it"},
      Case{"[1.0, 2.0, 3.0, nan]", "[1.0, 2.0]", "s.toml:57:18: threshold[0].density_per_m2 is a list"},
      Case{"citation = \"permit\"", "citation = \"permit", "s.toml:58:"},
      Case{"citation = \"permit\"", "citation = 1979-05-27", "threshold[0].citation is a date"});
  CHECK_THAT(faults_of(with(one.old_text, one.new_text)), Catch::Contains(one.message));
}

TEST_CASE("all faults are told at once, in the order of the text", "[io][unit]") {
  std::string text = with("site = \"site.h5\"", "sitte = \"site.h5\"");
  text.replace(text.find("share = 0.02"), 12, "share = -1.0");
  text.replace(text.find("target = \"station\""), 18, "target = \"nowhere\"");
  try {
    io::parse_scenario(text, "s.toml");
    FAIL("was read");
  } catch (const InputError& error) {
    REQUIRE(error.faults().size() == 4);
    CHECK(error.faults()[0].line == 2);
    CHECK(error.faults()[1].line == 4);
    CHECK(error.faults()[2].line == 19);
    CHECK(error.faults()[3].line == 53);
  }
}

TEST_CASE("text that is no scenario at all is refused", "[io][unit]") {
  CHECK_THAT(faults_of(""), Catch::Contains("s.toml: file is empty"));
  CHECK_THAT(faults_of(" \n\t\n"), Catch::Contains("file is empty"));
  CHECK_THAT(faults_of("format = 1\nname = \"caf\xe9\""), Catch::Contains("s.toml:2:12: text is not UTF-8"));
  CHECK_THAT(faults_of("\xff\xfe"
                       "f\0o\0"),
             Catch::Contains("s.toml:1:1: text is not UTF-8"));
  CHECK_THAT(faults_of(std::string("format = 1\nx = \"\0\"", 18)), Catch::Contains("s.toml:2:"));
  CHECK_THAT(faults_of("format = 1\n" + std::string(9u << 20, '#')),
             Catch::Contains("too large") && Catch::Contains("8 MiB"));
  CHECK_THAT(faults_of("x = " + std::string(100000, '[')), Catch::Contains("nested too deeply"));
  CHECK_THAT(faults_of("x = " + std::string(100000, '{')), Catch::Contains("nested too deeply"));
  std::string dots = "[a";
  for (int i = 0; i < 100000; ++i) dots += ".a";
  CHECK_THAT(faults_of(dots + "]"), Catch::Contains("nested too deeply"));
  std::string quoted = "a";
  for (int i = 0; i < 100000; ++i) quoted += ".\"b.c\"";
  CHECK_THAT(faults_of(quoted + " = 1"), Catch::Contains("nested too deeply"));
  CHECK_THAT(faults_of("format = 1\nformat = 1"), Catch::Contains("s.toml:2:"));
  CHECK_THROWS_AS(io::read_scenario("/no/such/file.toml"), InputError);
  CHECK_THROWS_AS(io::read_scenario("/"), InputError);
  CHECK(faults_of("# dots ....... in a comment and \"text with a lot of "
                  "..........................................................................\"\n" +
                  sound) == "");
}

TEST_CASE("arrivals from a CSV file lie beside the scenario", "[io][unit]") {
  const Folder folder;
  const std::string text = with("initial_people = 10", "arrivals_csv = \"arrivals.csv\"");
  const auto faults = [&](const std::string& csv) {
    io::write_text(folder / "arrivals.csv", csv);
    return faults_of(text, (folder / "s.toml").string());
  };
  io::write_text(folder / "s.toml", text);
  CHECK_THAT(faults_of(text, (folder / "s.toml").string()),
             Catch::Contains("s.toml:25:16: source[0].arrivals_csv names a file that cannot be read"));
  CHECK(faults("time,people\n# a comment\n\n00:00,10\n00:05;20\n00:10\t0\n") == "");
  const Scenario s = io::read_scenario(folder / "s.toml");
  REQUIRE(s.sources[0].rates.size() == 5);
  const bool found = std::any_of(s.sources[0].rates.begin(), s.sources[0].rates.end(), [](const RatePiece& r) {
    return r.from == 300.0 && r.to == 600.0 && r.rate == Approx(20.0 / 300.0);
  });
  CHECK(found);
  CHECK(faults("\xEF\xBB\xBF"
               "time,people\r\n00:00,10\r\n00:05,20\r\n") == "");  // last row as long as the one before
  CHECK_THAT(faults("time,people\n00:00,ten\n00:05,0\n"),
             Catch::Contains("arrivals.csv:2:7: number of people is out of range, found \"ten\""));
  CHECK_THAT(faults("00:05,1\n00:00,0\n"), Catch::Contains("arrivals.csv:2:1: time is not after the row before it"));
  CHECK_THAT(faults("00:05\n"), Catch::Contains("arrivals.csv:1:1: row has one column"));
  CHECK_THAT(faults("00:05,-1\n00:06,nan\n"),
             Catch::Contains("arrivals.csv:1:7") && Catch::Contains("arrivals.csv:2:7"));
  CHECK_THAT(faults("time,people\n00:05,1\n"), Catch::Contains("fewer than two rows"));
}

TEST_CASE("the smallest scenario gets the defaults and the only journey", "[io][unit]") {
  const Scenario s = io::parse_scenario(R"(format = 1
[scenario]
name = "a"
site = "a.h5"
start = 18:30:00
[[source]]
place = "west"
[[journey]]
id = "out"
[[journey.stage]]
id = "out"
kind = "exit"
place = "east"
)",
                                        "dir/s.toml");
  CHECK(s.start_of_day == 18.5 * 3600);
  CHECK(s.duration == Scenario{}.duration);
  CHECK(s.population.size() == 1);
  CHECK(s.sources[0].journeys.at(0).id == "out");
  CHECK(io::site_path(s) == std::filesystem::path("dir/a.h5"));
}

TEST_CASE("later checks get the exact place of a key", "[io][unit]") {
  const Scenario s = io::parse_scenario(sound, "s.toml");
  SiteNames site;
  site.places = {{"statoin", PlaceKind::source, true, 100.0},
                 {"bar1", PlaceKind::server, true, 4.0},
                 {"bar2", PlaceKind::waypoint, true, 4.0},
                 {"audience", PlaceKind::audience, false, 0.0},
                 {"out", PlaceKind::exit, true, 9.0}};
  site.zones = {"z1"};
  const auto faults = io::locate(s, validate(s, site));
  std::string all;
  for (const Fault& fault : faults) all += fault.text() + "\n";
  INFO(all);
  REQUIRE(faults.size() == 3);
  CHECK_THAT(all, Catch::Contains(
                      "s.toml:24:9: source[0].place is not a known source of the site; did you mean \"statoin\"?"));
  CHECK_THAT(
      all,
      Catch::Contains(
          "s.toml:36:19: journey[0].stage[0].places[1] is a waypoint, not a server, found \"bar2\", allowed: bar1"));
  CHECK_THAT(all, Catch::Contains("s.toml:42:9: journey[0].stage[1].places[0] is a line"));
}

TEST_CASE("mutated scenarios give faults and never a crash", "[io][property]") {
  Filler filler(11);
  std::size_t read = 0;
  for (int k = 0; k < 3000; ++k) {
    std::string text = sound;
    for (std::uint32_t i = 1 + filler.below(8); i > 0; --i) {
      const std::size_t at = filler.below(static_cast<std::uint32_t>(text.size()));
      switch (filler.below(4)) {
        case 0:
          text[at] = static_cast<char>(filler.below(256));
          break;
        case 1:
          text.erase(at, 1 + filler.below(40));
          break;
        case 2:
          text.insert(at, sound.substr(filler.below(static_cast<std::uint32_t>(sound.size())), filler.below(60)));
          break;
        default:
          text[at] = "[]{}=\".,#\n-0e"[filler.below(13)];
          break;
      }
    }
    read += faults_of(text).empty() ? 1 : 0;
  }
  CHECK(read < 3000);
}

TEST_CASE("the reference page of the scenario is up to date", "[io][unit]") {
  const std::string page = io::read_text(std::filesystem::path(source_dir()) / "docs/formats/scenario.md");
  const std::string begin = "<!-- begin reference: written by scenario_reference_markdown() -->\n",
                    end = "<!-- end reference -->";
  const std::size_t from = page.find(begin);
  REQUIRE(from != std::string::npos);
  const std::size_t to = page.find(end, from);
  REQUIRE(to != std::string::npos);
  CHECK(page.substr(from + begin.size(), to - from - begin.size()) == io::scenario_reference_markdown());
}

TEST_CASE("the JSON schema names every section", "[io][unit]") {
  const std::string schema = io::scenario_json_schema();
  for (const char* name : {"scenario", "model", "routing", "output", "population", "source", "journey", "stage",
                           "change", "threshold", "time_step_s", "least_loaded"})
    CHECK_THAT(schema, Catch::Contains('"' + std::string(name) + '"'));
}
