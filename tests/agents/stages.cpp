#include "sim/core/error.hpp"
#include "tests/agents/scenes.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;

namespace {

constexpr const char* hall_plan = R"(
    ####################
    #aaaa......#.......#
    #aaaa......#.......#
    #aaaa..............D
    #aaaa......#.......#
    #aaaa......#.......#
    ####################)";

std::shared_ptr<const World> hall(DoorState initial = DoorState::open) {
  test::PlanOptions options;
  options.gates = {{"gate", {11, 3}, {11, 4}, initial}};
  return test::shared_world_from_plan(hall_plan, options);
}

}  // namespace

TEST_CASE("no agents, one agent and two at the same point are fine", "[agents][unit]") {
  const auto world = hall();
  const auto simulation = test::simulation(world, test::to_exits({"D"}));
  CrowdState state = simulation->initial_state(1);
  simulation->step(state);
  CHECK(state.tick.count == 1);
  REQUIRE(edit::insert(*simulation, state, {.position = {3.5, 2.5}, .stage = StageId{0}}));
  simulation->step(state);
  REQUIRE(edit::insert(*simulation, state, {.position = {6.5, 2.5}, .stage = StageId{0}}));
  state.agents.position[1] = state.agents.position[0];  // not legal, but must not break anything
  state.agents.face[1] = state.agents.face[0];
  test::run_for(*simulation, state, 2.0, [&](const CrowdState& now) { REQUIRE(test::all_inside(*world, now)); });
  CHECK(distance(state.agents.position[0], state.agents.position[1]) > 0.25);
}

TEST_CASE("edits keep a state legal", "[agents][unit]") {
  const auto world = hall();
  const auto simulation = test::simulation(world, test::to_exits({"D"}));
  CrowdState state = simulation->initial_state(1);
  const auto first = edit::insert(*simulation, state, {.position = {3.5, 2.5}, .stage = StageId{0}});
  REQUIRE(first);
  CHECK_FALSE(edit::insert(*simulation, state, {.position = {3.6, 2.5}, .stage = StageId{0}}));
  CHECK_FALSE(edit::insert(*simulation, state, {.position = {-5.0, 2.5}, .stage = StageId{0}}));
  CHECK_FALSE(edit::insert(*simulation, state, {.position = {std::nan(""), 2.5}, .stage = StageId{0}}));
  const auto second = edit::insert(*simulation, state, {.position = {5.5, 2.5}, .stage = StageId{0}});
  REQUIRE(second);
  CHECK_FALSE(edit::move(*simulation, state, *second, {3.5, 2.6}, LevelId{0}));
  CHECK(edit::move(*simulation, state, *second, {8.5, 2.5}, LevelId{0}));
  CHECK(edit::remove(*simulation, state, *first));
  CHECK_FALSE(edit::remove(*simulation, state, *first));
  CHECK(state.agents.id == std::vector<AgentId>{*second});
  CHECK(state.counters.entered == state.agents.size() + state.counters.left);
}

TEST_CASE("people wait at a closed gate and go on when it opens", "[agents][property]") {
  const auto world = hall(DoorState::closed);
  Scenario scenario = test::to_exits({"D"});
  TimedChange open;
  open.time = 60.0;
  open.kind = ChangeKind::gate_open;
  open.target = "gate";
  scenario.changes = {open};
  const auto simulation = test::simulation(world, scenario);
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(hall_plan));
  const std::size_t n = state.agents.size();
  std::size_t stuck = 0;
  for (int k = 0; k < 1190; ++k) {
    StepReport report;
    simulation->step(state, &report);
    for (const StuckReport& one : report.stuck) CHECK(one.cause == "closed gate");
    stuck += report.stuck.size();
  }
  CHECK(state.counters.left == 0);
  std::size_t waiting = 0;
  for (const Activity activity : state.agents.activity) waiting += activity == Activity::waiting_at_gate ? 1U : 0U;
  CHECK(waiting + 2 >= n);
  CHECK(stuck > n / 2);  // reported once each, as far as they stand at the gate
  CHECK(stuck <= n);
  for (const Vec2 x : state.agents.position) CHECK(x.x < 11.0);
  test::run_for(*simulation, state, 90.0);
  CHECK(state.counters.left == n);
  CHECK(state.counters.door_passed[0] == n);
}

TEST_CASE("a metered gate lets through no more than its rate", "[agents][property]") {
  const auto world = hall();
  Scenario scenario = test::to_exits({"D"});
  TimedChange meter;
  meter.kind = ChangeKind::gate_meter;
  meter.target = "gate";
  meter.value = 12.0;
  scenario.changes = {meter};
  const auto simulation = test::simulation(world, scenario);
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(hall_plan));
  for (int minute = 0; minute < 2; ++minute) {
    const std::uint64_t before = state.counters.door_passed[0];
    test::run_for(*simulation, state, 60.0);
    CHECK(state.counters.door_passed[0] - before <= 12);
    CHECK(state.counters.door_passed[0] - before >= 8);
  }
}

TEST_CASE("a one-way gate is passed one way only", "[agents][property]") {
  const auto world = hall(DoorState::forward_only);  // a -> b runs north: forward = eastwards, towards D
  const auto simulation = test::simulation(world, test::to_exits({"D"}));
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(hall_plan));
  test::run_for(*simulation, state, 60.0);
  CHECK(state.agents.size() == 0);
  const auto shut = hall(DoorState::backward_only);
  const auto other = test::simulation(shut, test::to_exits({"D"}));
  state = other->initial_state(1);
  test::populate(*other, state, test::start_positions(hall_plan));
  test::run_for(*other, state, 60.0);
  CHECK(state.counters.left == 0);
}

TEST_CASE("people without a way are reported once", "[agents][property]") {
  constexpr const char* plan = R"(
      ##########
      #aa..#...#
      #....#...D
      ##########)";
  const auto simulation = test::simulation(test::shared_world_from_plan(plan), test::to_exits({"D"}));
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(plan));
  std::size_t reports = 0;
  for (int k = 0; k < 2000; ++k) {
    StepReport report;
    simulation->step(state, &report);
    for (const StuckReport& stuck : report.stuck) {
      CHECK(stuck.cause == "no way");
      ++reports;
    }
  }
  CHECK(reports == 2);
}

TEST_CASE("a queue is served first come, first served", "[agents][property]") {
  constexpr const char* plan = R"(
      #################
      #aaa............#
      #aaa............D
      #aaa..........Q.#
      #################)";
  Scenario scenario = test::to_exits({"D"});
  StageDemand drink = test::stage("drink", StageKind::queue, {"Q"}, {"leave"});
  drink.duration = {Duration::Law::fixed, 4.0, 0.0};
  scenario.journeys[0].stages.insert(scenario.journeys[0].stages.begin(), drink);
  const auto simulation = test::simulation(test::shared_world_from_plan(plan), scenario);
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(plan));
  std::vector<AgentId> joined, served;
  double waited = 0.0, last = -1.0;
  for (int k = 0; k < 2400; ++k) {
    StepReport report;
    simulation->step(state, &report);
    for (const auto& service : report.served) {
      CHECK(service.waited_s >= 0.0);
      waited += service.waited_s;
      const double t = k * simulation->dt();
      CHECK(t - last >= 3.9);
      last = t;
    }
  }
  CHECK(state.queues[0].served == 9);
  CHECK(waited > 60.0);
  CHECK(state.agents.size() == 0);
}

TEST_CASE("two equal doors share the crowd", "[agents][property]") {
  constexpr const char* plan = R"(
      ##########################
      #........................1
      #........................#
      #...aaaaaaaa.............#
      #...aaaaaaaa.............#
      #...aaaaaaaa.............#
      #...aaaaaaaa.............#
      #...aaaaaaaa.............#
      #........................#
      #........................2
      ##########################)";
  Scenario scenario = test::to_exits({"1", "2"});
  scenario.journeys[0].stages[0].place_choice = Choice::least_loaded;
  const auto simulation = test::simulation(test::shared_world_from_plan(plan), scenario);
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(plan));
  test::run_for(*simulation, state, 120.0);
  CHECK(state.agents.size() == 0);
  CHECK(static_cast<double>(state.counters.exited[0]) == Approx(20.0).margin(6.0));
}

TEST_CASE("a stay until a time ends at that time after the start, not on the clock", "[agents][unit]") {
  constexpr const char* plan = R"(
      ####################
      #.aaa....TTT......D#
      #.aaa....TTT......D#
      #.aaa....TTT......D#
      ####################)";
  Scenario scenario = test::to_exits({"D"});
  scenario.start_of_day = 18.0 * 3600.0;
  auto stay = test::stage("listen", StageKind::stay, {"T"}, {"leave"});
  stay.duration.law = Duration::Law::until;
  stay.duration.a = 60.0;
  scenario.journeys[0].stages.insert(scenario.journeys[0].stages.begin(), stay);
  const auto simulation = test::simulation(test::shared_world_from_plan(plan), scenario);
  CrowdState state = simulation->initial_state(1);
  test::populate(*simulation, state, test::start_positions(plan));
  const std::size_t n = state.agents.size();
  test::run_for(*simulation, state, 59.0);
  REQUIRE(state.agents.size() == n);
  for (const StageId at : state.agents.stage) CHECK(index(at) == 0);
  test::run_for(*simulation, state, 2.0);
  for (const StageId at : state.agents.stage) CHECK(index(at) == 1);
  test::run_for(*simulation, state, 60.0);
  CHECK(state.agents.size() == 0);
}

TEST_CASE("an exit lets out only its capacity, a tram only its seats", "[agents][property]") {
  Scenario scenario = test::to_exits({"D"});
  scenario.journeys[0].stages[0].exit_capacity_per_min = 6.0;
  const auto slow = test::simulation(hall(), scenario);
  CrowdState state = slow->initial_state(1);
  test::populate(*slow, state, test::start_positions(hall_plan));
  test::run_for(*slow, state, 90.0);
  CHECK(state.counters.left <= 9);
  CHECK(state.counters.left >= 6);
  scenario = test::to_exits({"D"});
  scenario.journeys[0].stages[0].departures = {{60.0, 8.0, 20.0}};
  const auto tram = test::simulation(hall(), scenario);
  state = tram->initial_state(1);
  test::populate(*tram, state, test::start_positions(hall_plan));
  test::run_for(*tram, state, 59.0);
  CHECK(state.counters.left == 0);
  test::run_for(*tram, state, 60.0);
  CHECK(state.counters.left == 8);
}

TEST_CASE("wrong names in a scenario are all listed", "[agents][unit]") {
  Scenario scenario = test::to_exits({"nowhere"});
  SourceDemand source;
  source.place = "unknown";
  source.journeys = {{"missing", 1.0}};
  scenario.sources = {source};
  TimedChange change;
  change.target = "gat";
  scenario.changes = {change};
  try {
    build_demand(scenario, *hall());
    FAIL("must throw");
  } catch (const InputError& error) {
    CHECK(error.faults().size() == 4);
  }
}

TEST_CASE("models are made by name, profile and parameters", "[agents][unit]") {
  ModelChoice choice;
  choice.profile = "young_lab";
  choice.parameters["time_gap_s"] = 0.7;
  const Model model = make_model(choice);
  CHECK(parameters_of(model).at("time_gap_s") == 0.7);
  CHECK(parameters_of(model).at("swath") == 0.6);
  choice.parameters = {{"time_gap_s", 99.0}, {"unknown", 1.0}};
  choice.profile = "nobody";
  try {
    make_model(choice);
    FAIL("must throw");
  } catch (const InputError& error) {
    CHECK(error.faults().size() == 3);
  }
  choice.name = "social_force";
  CHECK_THROWS_AS(make_model(choice), InputError);
  CHECK(known_models().models.size() == 2);
}

TEST_CASE("a closed area lets people out and nobody in until it opens", "[agents][property]") {
  constexpr const char* plan = R"(
      ##############
      #aa..CCCC....#
      #aa..CCCC....D
      #aa..CCCC....#
      #............#
      ##############)";
  Scenario scenario = test::to_exits({"D"});
  TimedChange change;
  change.kind = ChangeKind::area_close;
  change.target = "C";
  change.time = 0.05;
  scenario.changes = {change};
  change.kind = ChangeKind::area_open;
  change.time = 60.0;
  scenario.changes.push_back(change);
  const auto world = test::shared_world_from_plan(plan);
  const auto simulation = test::simulation(world, scenario);
  CrowdState state = simulation->initial_state(1);
  REQUIRE(edit::insert(*simulation, state, {.position = {6.5, 3.5}, .stage = StageId{0}}));
  test::populate(*simulation, state, test::start_positions(plan));
  const auto inside = [&] {
    std::size_t n = 0;
    for (const Vec2 x : state.agents.position) n += x.x > 5.05 && x.x < 8.95 && x.y > 2.05 ? 1U : 0U;
    return n;
  };
  test::run_for(*simulation, state, 5.0);
  CHECK(inside() == 0);
  test::run_for(*simulation, state, 40.0, [&](const CrowdState&) { REQUIRE(inside() == 0); });
  CHECK(state.counters.left == state.counters.entered);  // everyone went round it
  test::run_for(*simulation, state, 20.0);
  test::populate(*simulation, state, test::start_positions(plan));
  std::size_t crossed = 0;
  test::run_for(*simulation, state, 15.0, [&](const CrowdState&) { crossed = std::max(crossed, inside()); });
  CHECK(crossed > 0);
}

TEST_CASE("a factor on a source holds for every entry of its place", "[agents][property]") {
  constexpr const char* plan = R"(
      ##############
      #SSS.........#
      #SSS.........D
      #SSS.........#
      ##############)";
  Scenario scenario = test::to_exits({"D"});
  for (const char* id : {"by train", "by car"}) {
    SourceDemand source;
    source.id = id;
    source.place = "S";
    source.rates = {{0.0, 120.0, 0.5}};
    source.journeys = {{"out", 1.0}};
    source.poisson = false;
    scenario.sources.push_back(source);
  }
  TimedChange stop;
  stop.kind = ChangeKind::source_factor;
  stop.target = "S";
  stop.time = 60.0;
  stop.value = 0.0;
  scenario.changes = {stop};
  const auto simulation = test::simulation(test::shared_world_from_plan(plan), scenario);
  CrowdState state = simulation->initial_state(1);
  test::run_for(*simulation, state, 60.0);
  const std::uint64_t first = state.counters.entered;
  CHECK(first >= 55);
  CHECK(first <= 62);
  test::run_for(*simulation, state, 60.0);
  CHECK(state.counters.entered <= first + 1);
}
