#include "sim/report/report.hpp"
#include "tests/report/support/markup.hpp"
#include "tests/report/support/town.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

std::vector<RunResults> replications(double relief) {
  std::vector<RunResults> runs;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) runs.push_back(test::make_town(seed, relief));
  return runs;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

void check_page(const std::string& page) {
  CHECK(test::markup_fault(page) == "");
  for (const std::string& target : test::loads(page)) CHECK(target.rfind("data:image/png;base64,", 0) == 0);
  CHECK(has(page, "class=\"en\" lang=\"en\""));
  CHECK(has(page, "class=\"nl\" lang=\"nl\""));
  CHECK_FALSE(has(page, "nan"));
}

/// Pages for a person to look at, where the environment names a folder.
void keep(const std::string& name, const std::string& page) {
  if (const char* folder = std::getenv("THRONG_REPORT_SAMPLES"))
    std::ofstream(std::filesystem::path(folder) / name) << page;
}

}  // namespace

TEST_CASE("a summary is one well-formed page in two languages without outside loads", "[report][unit]") {
  const std::string page = report::summary_html(test::make_town());
  check_page(page);
  keep("summary.html", page);
  keep("summary-nl.html", report::summary_html(test::make_town(), {"nl"}));
  CHECK(has(page, "One run: no uncertainty"));
  CHECK(has(page, "Eén run: geen onzekerheid"));
  CHECK(has(page, "ODbL 1.0, © OpenStreetMap contributors"));
  CHECK(has(page, "Mensen lopen alleen"));
  CHECK(has(page, "d41d8cd98f00b204"));
  CHECK(has(page, "<b>1</b>"));
  CHECK(has(report::summary_html(test::make_town(), {"nl"}), "<html lang=\"nl\" data-lang=\"nl\">"));
}

TEST_CASE("Dutch numbers carry a decimal comma and English ones a point", "[report][unit]") {
  const std::string page = report::summary_html(test::make_town());
  CHECK(has(page, "<span class=\"nl\" lang=\"nl\">2,17 p/m²</span>"));
  CHECK(has(page, "<span class=\"en\" lang=\"en\">2.17 p/m²</span>"));
  CHECK(has(page, "4.200"));
  CHECK(has(page, "4,200"));
}

TEST_CASE("replications give medians and bands", "[report][unit]") {
  const std::string page = report::summary_html(replications(0.0));
  check_page(page);
  keep("replications.html", page);
  CHECK_FALSE(has(page, "One run: no uncertainty"));
  CHECK(has(page, "5–95 %"));
  CHECK(has(page, "8 / 8"));
}

TEST_CASE("a comparison shows both runs, their difference and what it means", "[report][unit]") {
  const std::string page = report::compare_html(replications(0.0), replications(1.0));
  check_page(page);
  keep("compare.html", page);
  CHECK(has(page, "the crowd has moved, not vanished"));
  CHECK(has(page, "✓ solved"));
  CHECK(has(page, "✗ new"));
  CHECK(has(page, "8 pairs of runs with equal seeds."));
  const std::string same = report::compare_html({test::make_town()}, {test::make_town()});
  check_page(same);
  CHECK(has(same, "No zone changed clearly between A and B."));
}

TEST_CASE("an evacuation page tells clearance times and the sources of the capacity sheet", "[report][unit]") {
  EvacuationFigures figures;
  figures.at = 1800.0;
  figures.zones = {"Quay <b>"};
  figures.exits = {"West gate", "Ferry"};
  figures.cases = {{"", 4003, 0, 120.0, 300.0, 390.0, {240.0}, {3000, 1003}},
                   {"Ferry", 4003, 12, 200.0, 500.0, std::nan(""), {0.0}, {3991, 0}}};
  CapacitySheet sheet;
  sheet.final_capacity = 4321.0;
  sheet.limited_by = "holding";
  const std::string page = report::evacuation_html(test::make_town().header, figures, sheet);
  check_page(page);
  keep("evacuation.html", page);
  CHECK(has(page, "6 min 30 s"));
  CHECK(has(page, "not within the limit"));
  CHECK(has(page, "Green Guide"));
  CHECK_FALSE(has(page, "Quay <b>"));
}

TEST_CASE("text from files cannot become markup", "[report][unit]") {
  const std::string attack = "</title><script>alert(1)</script>\"'& \x01\xff<img src=\"http://x\" onerror='x'>";
  RunResults run = test::make_town();
  run.header.scenario_name = run.header.site_name = run.header.scenario_file = run.header.site_hash = attack;
  run.header.program_version = run.header.build = run.header.created = run.header.model = run.header.profile = attack;
  run.header.model_parameters = {{attack, 1.0}};
  run.header.assumptions = run.header.import_faults = {attack};
  run.state_hash = attack;
  for (ZoneInfo& zone : run.header.zones) zone.name = zone.id = zone.limits.citation = attack;
  for (LineInfo& line : run.header.lines) line.name = attack;
  for (ExitInfo& exit : run.header.exits) exit.name = attack;
  for (Landmark& mark : run.header.landmarks) mark.name = attack;
  for (DataSource& source : run.header.sources) source = {attack, attack, attack, attack, attack};
  for (Event& event : run.events) event.text = event.subject = attack;
  for (QueueFigure& queue : run.queues) queue.place = attack;
  for (TravelFigure& travel : run.travel) travel.journey = attack;
  for (StuckFigure& stuck : run.stuck) stuck.place = stuck.stage = stuck.cause = attack;
  for (const std::string& page : {report::summary_html(run), report::compare_html({run}, {run})}) {
    CHECK(test::markup_fault(page) == "");
    CHECK_FALSE(has(page, "<script>alert"));
    CHECK_FALSE(has(page, "<img"));
    CHECK_FALSE(has(page, "\x01"));
    CHECK_FALSE(has(page, "\xff"));
  }
  for (const auto& picture : report::pictures(run, "en")) CHECK(test::markup_fault(picture.svg) == "");
  CHECK_FALSE(has(report::zone_table(run), "\x01"));
}

TEST_CASE("an empty run still gives a page", "[report][unit]") {
  RunResults empty;
  CHECK(test::markup_fault(report::summary_html(empty)) == "");
  CHECK(test::markup_fault(report::compare_html({empty}, {empty})) == "");
  CHECK(has(report::summary_html(empty), "nothing was judged"));
  RunResults stopped = test::make_town();
  stopped.interrupted = true;
  CHECK(has(report::summary_html(stopped), "stopped before its end"));
}

TEST_CASE("the terminal tables fit a hundred columns and name their units", "[report][unit]") {
  const auto narrow = [](const std::string& text) {
    std::size_t column = 0;
    for (const char c : text) {
      column = c == '\n' ? 0 : column + ((c & 0xC0) != 0x80 ? 1 : 0);
      if (column > 100) return false;
    }
    return true;
  };
  RunResults run = test::make_town();
  run.header.zones[0].name = "A zone with a name that is far too long for any table, señor";
  CHECK(narrow(report::zone_table(run)));
  CHECK(has(report::zone_table(run), "p/m2"));
  CHECK(has(report::zone_table(run), "critical"));
  CHECK(narrow(report::compare_table(replications(0.0), replications(1.0))));
}

TEST_CASE("densities beyond the validation are named", "[report][unit]") {
  RunResults run = test::make_town();
  for (ZoneSample& sample : run.zones) sample.local_density = std::min(sample.local_density, 6.9F);
  CHECK_FALSE(has(report::summary_html(run), "Above 7 people"));
  run.zones.back().local_density = 7.1F;
  const std::string page = report::summary_html(run);
  CHECK(has(page, "Above 7 people/m², the most that the model was checked at: " +
                      run.header.zones[run.zones.back().zone].name));
  CHECK(has(page, "Boven 7 personen/m²"));
}

TEST_CASE("reports of no progress are counted by cause and place, without persons", "[report][unit]") {
  RunResults run = test::make_town();
  run.stuck = {{AgentId{811}, 1500.0, {112, 80}, LevelId{0}, "bridge", "visitors/podium", "crowded"},
               {AgentId{812}, 1560.0, {114, 80}, LevelId{0}, "bridge", "visitors/podium", "crowded"},
               {AgentId{813}, 1500.0, {10, 10}, LevelId{0}, "", "visitors/leave", "closed gate"}};
  const std::string page = report::summary_html(run);
  CHECK(has(page, "closed gate"));
  CHECK(has(page, "gesloten poort"));
  CHECK_FALSE(has(page, "811"));
  CHECK(has(report::zone_table(run), "no progress for 30 s: closed gate 1, crowded 2"));
}
