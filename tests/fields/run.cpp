#include "sim/agents/run.hpp"

#include "sim/core/hash.hpp"
#include "tests/agents/scenes.hpp"

#include <cmath>
#include <map>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

constexpr const char* street = R"(
    ##############################
    S..........ZZZZZZZZ..........D
    S..........ZZZZZZZZ..........D
    S..........ZZZZZZZZ..........D
    S..........ZZZZZZZZ..........D
    ##############################)";

/// Remembers what it was given.
struct Ear final : RunSink {
  int begun = 0, ended = 0;
  std::size_t frames = 0, grids = 0, events = 0;
  std::vector<LedgerSample> rows;
  void begin(const RunHeader&) override { ++begun; }
  void frame(const Frame& f) override {
    CHECK(f.number == frames);
    CHECK(f.position.size() == f.id.size());
    ++frames;
  }
  void grid(const GridFrame&) override { ++grids; }
  void ledger(const LedgerSample& row) override { rows.push_back(row); }
  void event(const Event&) override { ++events; }
  void end(const RunResults&) override { ++ended; }
};

Scenario street_scenario() {
  Scenario scenario = test::to_exits({"D"});
  scenario.duration = 120.0;
  scenario.output.report_interval = 30.0;
  SourceDemand source;
  source.id = source.place = "S";
  source.rates = {{0.0, 80.0, 1.5}};
  source.journeys = {{"out", 1.0}};
  scenario.sources = {source};
  return scenario;
}

std::shared_ptr<const World> street_world() {
  test::WorldBuilder builder = test::builder_from_plan(street);
  builder.counting_line("gate", {{15.0, 1.0}, {15.0, 5.0}});
  return builder.shared();
}

}  // namespace

TEST_CASE("a run conserves people in every row and its lines and exits equal the counters", "[fields][property]") {
  const Scenario scenario = street_scenario();
  const auto simulation = test::simulation(street_world(), scenario);
  CrowdState state = simulation->initial_state(3);
  Ear ear;
  const RunResults run = throng::run(*simulation, state, scenario, make_header(*simulation, scenario, 3), {&ear});
  CHECK(ear.begun == 1);
  CHECK(ear.ended == 1);
  CHECK(ear.frames == 121);
  CHECK(ear.rows.size() == run.ledger.size());
  REQUIRE(run.ledger.size() == 5);
  for (const LedgerSample& row : run.ledger) {
    CHECK(row.entered == row.inside + row.left);
    CHECK(row.scheduled == row.entered + row.waiting_outside);
  }
  CHECK(run.ledger.back().entered > 60);
  std::uint64_t forward = 0, backward = 0;
  for (const LineSample& row : run.lines) forward += row.forward, backward += row.backward;
  REQUIRE(state.counters.line_forward.size() == 1);
  CHECK(forward == state.counters.line_forward[0]);
  CHECK(backward == state.counters.line_backward[0]);
  CHECK(forward + backward >= run.ledger.back().left);
  REQUIRE_FALSE(run.exits.empty());
  CHECK(run.exits.back().total == run.ledger.back().left);
  REQUIRE(run.travel.size() == 1);
  CHECK(run.travel[0].n == run.ledger.back().left);
  CHECK(run.travel[0].median > 15.0);  // 29 m at 1.34 m/s is 22 s
  CHECK(run.travel[0].median < 45.0);
  CHECK(run.state_hash == to_hex(hash_of(state)));
  CHECK(run.simulated == Approx(120.0));
  CHECK_FALSE(run.interrupted);
}

TEST_CASE("measuring does not change the future", "[fields][property]") {
  const Scenario scenario = street_scenario();
  const auto simulation = test::simulation(street_world(), scenario);
  CrowdState measured = simulation->initial_state(5);
  CrowdState plain = simulation->initial_state(5);
  Scenario often = scenario;
  often.output.measure_interval = 0.1;
  often.output.grid_interval = 1.0;
  throng::run(*simulation, measured, often, make_header(*simulation, often, 5), {});
  test::run_for(*simulation, plain, 120.0);
  CHECK(hash_of(measured) == hash_of(plain));
}

TEST_CASE("a stopped run ends in order and says so", "[fields][unit]") {
  const Scenario scenario = street_scenario();
  const auto simulation = test::simulation(street_world(), scenario);
  CrowdState state = simulation->initial_state(3);
  std::atomic<bool> stop = false;
  RunOptions options;
  options.stop = &stop;
  int calls = 0;
  options.progress = [&](double seconds, std::size_t) {
    ++calls;
    if (seconds >= 40.0) stop = true;
  };
  Ear ear;
  const RunResults run =
      throng::run(*simulation, state, scenario, make_header(*simulation, scenario, 3), {&ear}, options);
  CHECK(run.interrupted);
  CHECK(run.simulated < 41.0);
  CHECK(ear.ended == 1);
  CHECK(calls == 16);
  CHECK(run.ledger.back().tick == state.tick);
}

TEST_CASE("the header tells the places, the ground and the assumptions", "[fields][unit]") {
  const Scenario scenario = street_scenario();
  const auto simulation = test::simulation(street_world(), scenario);
  const RunHeader header = make_header(*simulation, scenario, 9);
  REQUIRE(header.zones.size() == 1);
  CHECK(header.zones[0].area == Approx(32.0));
  CHECK_FALSE(header.zones[0].limits.citation.empty());
  REQUIRE(header.lines.size() == 1);
  CHECK(header.exits.size() == 1);
  REQUIRE(header.grids.size() == 1);
  CHECK(header.grids[0].columns >= 29);
  CHECK(header.outline_wkt[0].rfind("POLYGON ((", 0) == 0);
  CHECK(header.assumptions.size() >= 6);
  CHECK(header.seed == 9);
}

TEST_CASE("a zone that carries more than its flow limit says so", "[fields][unit]") {
  Scenario scenario = street_scenario();
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  scenario.thresholds = {{"zone:Z", {none, none, none, none}, {10.0, 16.0, 40.0, none}, "test", {}}};
  const auto simulation = test::simulation(street_world(), scenario);
  CrowdState state = simulation->initial_state(4);
  const RunResults results = run(*simulation, state, scenario, make_header(*simulation, scenario, 4), {});
  REQUIRE(results.exceedances.size() == 2);
  for (const Exceedance& above : results.exceedances) {
    CHECK(above.quantity == Quantity::flow);
    CHECK(above.peak > 16.0);  // 1.5 people per second over 4 m: 22.5 per metre and minute
    CHECK(above.peak < 30.0);
    CHECK(above.duration > 20.0);
  }
  CHECK(results.exceedances[0].level == AlertLevel::yellow);
  CHECK(results.exceedances[1].limit == 16.0);
}
