#include "tests/validation/cases.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

TEST_CASE("a free pedestrian keeps the desired speed over 40 m", "[validation]") {
  WorldBuilder builder;
  builder.ground(rectangle(0, 0, 42, 2));
  builder.ground(rectangle(42, 0, 46, 2));
  builder.place("exit", PlaceKind::exit, {area_of(42, 0, 46, 2)});
  for (const double v0 : {1.0, 1.33}) {
    const auto sim = simulation(builder.shared(), to_exits({"exit"}));
    CrowdState state = sim->initial_state(1);
    put(*sim, state, {{2.0, 1.0}}, StageId{0}, v0);
    double t = 0.0;
    for (; t < 60.0 && state.agents.size() > 0; t += sim->dt()) sim->step(state);
    const double expected = 40.0 / v0;
    const bool passed = std::abs(t - expected) < 0.05 * expected + 0.5;
    report_row("RiMEA 1, IMO 1: 40 m at " + number(v0) + " m/s", number(t, 1) + " s", number(expected, 1) + " s ± 5 %",
               "RiMEA 4.1.1, MSC.1/Circ.1533", passed);
    CHECK(passed);
  }
}

TEST_CASE("speed falls with density as Weidmann's fundamental diagram", "[validation]") {
  const Model model = make_model({});
  double sum = 0.0, last = 2.0, highest = 0.0;
  std::string curve;
  for (const double rho : {0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0}) {
    double v = 0.0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) v += corridor_speed(model, rho, seed).speed / 3.0;
    curve += number(v) + (rho < 6.0 ? "/" : "");
    CHECK(v < last);
    last = v;
    highest = std::max(highest, rho * v);
    if (rho <= 4.0) sum += (v - weidmann(rho)) * (v - weidmann(rho));
  }
  const double rms = std::sqrt(sum / 5.0);
  report_row("RiMEA 4: speed at 0.5/1/2/3/4/5/6 per m²",
             curve + " m/s, rms " + number(rms, 3) + ", flow maximum " + number(highest) + " /(m s)",
             "rms ≤ 0.06 m/s over 0.5-4 /m²", "Weidmann 1993, doi:10.3929/ethz-b-000242008", rms <= 0.06);
  CHECK(rms <= 0.06);
}

TEST_CASE("the fundamental diagram does not depend on the time step", "[validation]") {
  const Model model = make_model({});
  for (const double rho : {1.0, 2.0, 3.0}) {
    const double coarse = corridor_speed(model, rho, 1, 1.34, 26, 4, 0.1).speed;
    const double fine = corridor_speed(model, rho, 1, 1.34, 26, 4, 0.025).speed;
    report_row("Time step 0.1 against 0.025 s at " + number(rho, 0) + " /m²",
               number(coarse) + " against " + number(fine) + " m/s", "± 0.1 m/s", "own",
               std::abs(coarse - fine) <= 0.1);
    CHECK(coarse == Approx(fine).margin(0.1));
  }
}

TEST_CASE("profiles of other publics walk faster at the same density", "[validation]") {
  const auto speed = [](const char* profile) {
    ModelChoice choice;
    choice.profile = profile;
    return corridor_speed(make_model(choice), 2.0, 1).speed;
  };
  CHECK(speed("regulatory") < speed("in_between"));
  CHECK(speed("in_between") < speed("mixed_public"));
  CHECK(speed("mixed_public") < speed("young_lab"));
}

TEST_CASE("a packed crowd stays calm", "[validation][slow]") {
  const Model model = make_model({});
  const FlowPoint packed = corridor_speed(model, 7.0, 1, 1.34, 10.0, 6.0, 0.05, 40.0, 20.0);
  const bool passed = packed.speed >= 0.0 && packed.speed < 0.2 && packed.overlap < 0.05;
  report_row("Packed crowd, 7 per m², 60 s",
             "speed " + number(packed.speed) + " m/s, overlap " + number(1000 * packed.overlap, 1) + " mm",
             "speed < 0.2 m/s, overlap < 50 mm", "own", passed);
  CHECK(passed);
}

TEST_CASE("the collision-free speed model has a falling fundamental diagram", "[validation]") {
  double last = 2.0;
  for (const double rho : {0.5, 1.0, 2.0, 3.0}) {
    const double v = corridor_speed(CollisionFreeSpeed{}, rho, 1).speed;
    CHECK(v < last);
    CHECK(v > 0.5 * weidmann(rho));  // from a regular start lanes form slowly
    CHECK(v < 1.3 * weidmann(rho));
    last = v;
  }
}
