#include "tests/validation/cases.hpp"

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

TEST_CASE("counter-flow in a corridor takes longer the more people come and never locks", "[validation][slow]") {
  const Model model = make_model({});
  double last = 0.0;
  for (const std::size_t opposing : {std::size_t{0}, std::size_t{10}, std::size_t{50}, std::size_t{100}}) {
    double mean = 0.0;
    std::size_t arrived = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      const CounterFlow flow = counter_flow(model, opposing, seed);
      mean += flow.last / 10.0;
      arrived += flow.arrived;
    }
    const bool passed = arrived == 1000 && mean > last;
    report_row("IMO 8, NIST 2.8: 100 people against " + std::to_string(opposing) + ", 10 seeds",
               number(mean, 1) + " s, " + std::to_string(arrived) + " of 1000 arrived", "time rises, all arrive",
               "MSC.1/Circ.1533; FDS+Evac 50/75/107/136 s", passed);
    CHECK(arrived == 1000);
    CHECK(mean > last);
    last = mean;
  }
}

TEST_CASE("two streams pass each other round a corner about as well as in a straight street", "[validation][slow]") {
  const Model model = make_model({});
  for (const double width : {6.0, 10.0}) {
    const double per_second = width == 6.0 ? 1.5 : 3.0;
    const TwoStreams straight = two_streams(model, false, width, per_second, 1);
    double speed = 0.0;
    std::size_t entered = 0, left = 0;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const TwoStreams bent = two_streams(model, true, width, per_second, seed);
      speed += bent.speed / 3.0;
      entered += bent.entered;
      left += bent.left;
    }
    const bool passed = left == entered && speed > 0.6 * straight.speed && straight.left == straight.entered;
    report_row("Two streams of " + number(per_second, 1) + " /s round a corner, street " + number(width, 0) + " m wide",
               number(speed) + " m/s, straight " + number(straight.speed) + " m/s, " + std::to_string(left) + " of " +
                   std::to_string(entered) + " arrived",
               "all arrive, above 0.6 of straight", "own", passed);
    CHECK(straight.left == straight.entered);
    CHECK(left == entered);
    CHECK(speed > 0.6 * straight.speed);
  }
}
