#include "tests/validation/cases.hpp"

#include <cmath>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

TEST_CASE("flow through doors is linear in their width and nobody stays behind", "[validation]") {
  const Model model = make_model({});
  for (const double width : {0.8, 1.0, 1.2, 1.8, 2.4, 3.6}) {
    double flow = 0.0;
    std::size_t behind = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const DoorFlow door = door_flow(model, width, 180, seed);
      flow += door.specific_flow / 10.0;
      behind += door.left_behind;
    }
    const bool passed = flow >= 1.2 && flow <= 1.5 && behind == 0;
    report_row("Door of " + number(width, 1) + " m, 180 people, 10 seeds",
               number(flow) + " /(m s), " + std::to_string(behind) + " left behind", "1.2-1.5 /(m s), nobody",
               "Green Guide 1.37, IMO 1.33, Weidmann 1.22", passed);
    CHECK(flow >= 1.2);
    CHECK(flow <= 1.5);
    CHECK(behind == 0);
  }
}

TEST_CASE("door flow does not depend on the time step", "[validation]") {
  const Model model = make_model({});
  double coarse = 0.0, fine = 0.0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    coarse += door_flow(model, 1.2, 150, seed, 0.2, 0.1).specific_flow / 3.0;
    fine += door_flow(model, 1.2, 150, seed, 0.2, 0.025).specific_flow / 3.0;
  }
  report_row("Door of 1.2 m, time step 0.1 against 0.025 s", number(coarse) + " against " + number(fine) + " /(m s)",
             "± 15 %", "own", std::abs(coarse - fine) <= 0.15 * fine);
  CHECK(coarse == Approx(fine).epsilon(0.15));
}

TEST_CASE("flow through a passage of 5 m rises with its width", "[validation]") {
  const Model model = make_model({});
  double last = 0.0;
  for (const double width : {0.8, 1.0, 1.2}) {
    double flow = 0.0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed)
      flow += width * door_flow(model, width, 150, seed, 5.0).specific_flow / 3.0;
    report_row("RiMEA 12d: passage " + number(width, 1) + " x 5 m", number(flow) + " /s", "rises with width",
               "RiMEA 4.1.1", flow > last);
    CHECK(flow > last);
    last = flow;
  }
}
