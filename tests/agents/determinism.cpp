#include "sim/agents/bench.hpp"
#include "sim/core/hash.hpp"
#include "sim/core/loops.hpp"
#include "tests/agents/scenes.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

constexpr const char* busy_plan = R"(
    ########################
    #SSSS..........#.......#
    #SSSS..........#..VVVV.#
    #SSSS..##......#..VVVV.1
    #......##..............1
    #...........#......Q...#
    #..TTT......#..........#
    2..TTT......#......##..#
    2......................#
    ########################)";

Scenario busy_scenario() {
  Scenario scenario;
  scenario.routing.reroute_interval = 3.0;
  scenario.routing.update_delay = 1.0;
  PopulationClass impaired;
  impaired.id = "impaired";
  impaired.share = 0.1;
  impaired.impaired = true;
  impaired.speed_mean = 0.6;
  impaired.speed_min = 0.4;
  scenario.population = {PopulationClass{}, impaired};
  JourneyDemand visit;
  visit.id = "visit";
  StageDemand watch = test::stage("watch", StageKind::visit, {"V"}, {"drink", "leave"});
  watch.duration = {Duration::Law::exponential, 6.0, 0.0};
  watch.next_choice = Choice::weighted;
  StageDemand drink = test::stage("drink", StageKind::queue, {"Q"}, {"rest"});
  drink.duration = {Duration::Law::uniform, 0.5, 1.0};
  StageDemand rest = test::stage("rest", StageKind::stay, {"T"}, {"leave"});
  rest.duration = {Duration::Law::lognormal, 5.0, 2.0};
  StageDemand leave = test::stage("leave", StageKind::exit, {"1", "2"});
  leave.place_choice = Choice::least_loaded;
  visit.stages = {watch, drink, rest, leave};
  scenario.journeys = {visit};
  SourceDemand source;
  source.place = "S";
  source.initial = 20;
  source.rates = {{0.0, 60.0, 2.0}};
  source.pulses = {{5.0, 12.0, 4.0}};
  source.premovement_s = 2.0;
  source.journeys = {{"visit", 1.0}};
  scenario.sources = {source};
  TimedChange close;
  close.time = 10.0;
  close.kind = ChangeKind::gate_close;
  close.target = "gate";
  TimedChange open = close;
  open.time = 20.0;
  open.kind = ChangeKind::gate_open;
  TimedChange meter = close;
  meter.time = 25.0;
  meter.kind = ChangeKind::gate_meter;
  meter.value = 150.0;
  scenario.changes = {close, open, meter};
  return scenario;
}

std::shared_ptr<const World> busy_world() {
  test::PlanOptions options;
  options.gates = {{"gate", {15, 4}, {15, 6}, DoorState::open}};
  return test::shared_world_from_plan(busy_plan, options);
}

std::uint64_t hash_after(const Simulation& simulation, double seconds) {
  CrowdState state = simulation.initial_state(7);
  test::run_for(simulation, state, seconds);
  return hash_of(state);
}

}  // namespace

TEST_CASE("any number of threads gives the same bits", "[agents][regression][determinism]") {
  const auto world = busy_world();
  std::vector<std::uint64_t> hashes;
  for (const int threads : {1, 2, 3, 8})
    with_threads(threads, [&] {
      const auto simulation = test::simulation(world, busy_scenario());
      hashes.push_back(hash_after(*simulation, 40.0));
    });
  for (const std::uint64_t hash : hashes) CHECK(to_hex(hash) == to_hex(hashes.front()));
}

TEST_CASE("any instruction set gives the same bits", "[agents][regression][determinism]") {
  for (const char* scene : {"open", "plaza", "bottleneck"})
    for (const Model& model : {Model(BehaviouralHeuristics{}), Model(CollisionFreeSpeed{})}) {
      std::vector<std::string> hashes;
      for (const Isa isa : {Isa::scalar, Isa::sse2, Isa::avx2, Isa::avx512}) {
        BenchOptions options;
        options.scene = scene;
        options.model = model;
        options.n_agents = 400;
        options.density = 2.0;
        options.n_obstacles = 9;
        options.n_warmup = 0;
        options.n_steps = 60;
        options.repeats = 1;
        options.phases = false;
        options.step.isa = isa;
        hashes.push_back(run_bench(options).state_hash);
      }
      INFO(scene << " " << name_of(model));
      for (const std::string& hash : hashes) CHECK(hash == hashes.front());
    }
}

TEST_CASE("a copy steps to the same bits at every tick, also while routes are rebuilt",
          "[agents][regression][determinism]") {
  const auto world = busy_world();
  const auto simulation = test::simulation(world, busy_scenario());
  CrowdState state = simulation->initial_state(3);
  bool rebuilding = false;
  for (int k = 0; k < 500; ++k) {
    rebuilding = rebuilding || state.routes.pending != nullptr;
    CrowdState copy = state;
    REQUIRE(hash_of(copy) == hash_of(state));
    simulation->step(copy);
    simulation->step(state);
    REQUIRE(hash_of(copy) == hash_of(state));
  }
  CHECK(rebuilding);
  // another simulation of the same rules, without this one's caches, goes on to the same bits
  const auto fresh = test::simulation(world, busy_scenario());
  CrowdState copy = state;
  test::run_for(*simulation, state, 5.0);
  test::run_for(*fresh, copy, 5.0);
  CHECK(hash_of(copy) == hash_of(state));
}

TEST_CASE("seeds differ, equal seeds agree", "[agents][unit]") {
  const auto world = busy_world();
  const auto simulation = test::simulation(world, busy_scenario());
  CrowdState a = simulation->initial_state(1), b = simulation->initial_state(1), c = simulation->initial_state(2);
  test::run_for(*simulation, a, 3.0), test::run_for(*simulation, b, 3.0), test::run_for(*simulation, c, 3.0);
  CHECK(hash_of(a) == hash_of(b));
  CHECK(hash_of(a) != hash_of(c));
}

TEST_CASE("people are conserved in a busy scene, and nobody is outside", "[agents][property]") {
  const auto world = busy_world();
  const auto simulation = test::simulation(world, busy_scenario());
  CrowdState state = simulation->initial_state(5);
  std::size_t served = 0, departed = 0, changes = 0;
  for (int k = 0; k < 3600; ++k) {
    StepReport report;
    simulation->step(state, &report);
    served += report.served.size();
    departed += report.departed.size();
    for (const Event& event : report.events) changes += event.kind == EventKind::change ? 1U : 0U;
    REQUIRE(state.counters.scheduled == state.counters.entered + simulation->n_waiting_outside(state));
    REQUIRE(state.counters.entered == state.agents.size() + state.counters.left);
    REQUIRE(test::all_inside(*world, state));
    REQUIRE(std::is_sorted(state.agents.id.begin(), state.agents.id.end()));
  }
  CHECK(changes == 3);
  CHECK(departed == state.counters.left);
  CHECK(served > 20);
  INFO(state.agents.size() << " of " << state.counters.entered << " still inside");
  CHECK(2 * state.agents.size() < state.counters.entered);
}
