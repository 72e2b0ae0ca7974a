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
