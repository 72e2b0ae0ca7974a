#include "sim/report/detail/figures.hpp"

#include "sim/report/detail/verdict.hpp"
#include "sim/report/detail/words.hpp"
#include "tests/report/support/town.hpp"

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::report::detail;

TEST_CASE("numbers are written as each language writes them", "[report][unit]") {
  CHECK(number(1234567.891, 1).en == "1,234,567.9");
  CHECK(number(1234567.891, 1).nl == "1.234.567,9");
  CHECK(number(-1234.0).en == "\u22121,234");
  CHECK(number(-0.04, 1).en == "0.0");
  CHECK(number(std::numeric_limits<double>::quiet_NaN(), 1).en == "–");
  CHECK(signed_number(0.4, 1).nl == "+0,4");
  CHECK(signed_number(0.001, 1).en == "0.0");
  CHECK(duration(45.0).en == "45 s");
  CHECK(duration(390.0).en == "6 min 30 s");
  CHECK(duration(3900.0).nl == "1 u 05 min");
  RunHeader header;
  header.start_of_day = 23.5 * 3600.0;
  CHECK(clock(header, 3600.0) == "00:30");
}

TEST_CASE("the sentences of the run header are known in Dutch, with their numbers", "[report][unit]") {
  CHECK(sentence("50 % of the people avoid congestion that they can see; the others take the shortest way.").nl ==
        "50 % van de mensen mijdt drukte die zij kunnen zien; de anderen nemen de kortste weg.");
  CHECK(sentence("Own words.").nl == "Own words.");
}

TEST_CASE("zone figures are the highest of the series and of the exceedances", "[report][unit]") {
  RunResults run;
  run.header.time_step = 0.5;
  run.header.zones.resize(2);
  const auto row = [](std::uint64_t tick, std::uint32_t zone, float density, float local, char service) {
    ZoneSample s;
    s.tick = Tick{tick};
    s.zone = zone;
    s.density = density;
    s.local_density = local;
    s.service = service;
    s.speed = 1.0F;
    s.flow = density;
    return s;
  };
  run.zones = {row(0, 0, 0, 0, 'A'),         row(0, 1, 0, 0, 'A'),         row(120, 0, 1.0F, 2.0F, 'E'),
               row(120, 1, 0.1F, 0.3F, 'A'), row(180, 0, 3.0F, 1.5F, 'F'), row(180, 1, 0.2F, 0.1F, 'A')};
  run.exceedances = {{0, AlertLevel::red, 3.5, 60.0, 5.0, 3.6, {1, 2}}};
  const auto zones = zone_figures(run);
  CHECK(zones[0].local == 2.0);
  CHECK(zones[0].local_time == 60.0);
  CHECK(zones[0].mean_peak == 3.0);
  CHECK(zones[0].mean_time == 90.0);
  CHECK(zones[0].crowded_time == 90.0);  // 60 s at E, 30 s at F
  CHECK(zones[0].flow == 180.0);
  CHECK(zones[0].service == 'F');
  CHECK(zones[0].level == AlertLevel::red);
  CHECK(zones[1].level == AlertLevel::normal);
}

TEST_CASE("line series are per minute whatever the length of the interval", "[report][unit]") {
  RunResults run;
  run.header.time_step = 1.0;
  run.lines = {{Tick{0}, 0, 0, 0}, {Tick{60}, 0, 30, 3}, {Tick{90}, 0, 30, 0}};
  const Series series = line_series(run, 0, true);
  REQUIRE(series.size() == 2);
  CHECK(series[0].value == 30.0);
  CHECK(series[1].value == 60.0);
  CHECK(total_crossings(run, 0, true) == 60);
  CHECK(total_crossings(run, 0, false) == 3);
}

TEST_CASE("bands are quantiles over the runs that have a value", "[report][unit]") {
  const Band b = band({1, 2, 3, 4, 5, std::nan("")});
  CHECK(b.n == 5);
  CHECK(b.median == 3.0);
  CHECK(b.low == Approx(1.2));
  CHECK(b.high == Approx(4.8));
  CHECK(band({}).n == 0);
  CHECK(std::isnan(time_reaching({{0, 0}, {10, 5}}, 6)));
  CHECK(time_reaching({{0, 0}, {10, 5}}, 2.5) == 5.0);
}

TEST_CASE("differences are paired by seed, not by order", "[report][unit]") {
  Runs a(2), b(2);
  a[0].header.seed = b[1].header.seed = 1;
  a[1].header.seed = b[0].header.seed = 2;
  a[0].simulated = 10, a[1].simulated = 20, b[1].simulated = 11, b[0].simulated = 21;
  bool by_seed = false;
  CHECK(pairs(a, b, &by_seed).size() == 2);
  CHECK(by_seed);
  const Band d = difference(a, b, [](const RunResults& run, bool) { return run.simulated; });
  CHECK(d.low == 1.0);
  CHECK(d.high == 1.0);
  b[0].header.seed = 9;
  pairs(a, b, &by_seed);
  CHECK_FALSE(by_seed);
}
