#include "sim/fields/level_of_service.hpp"
#include "sim/fields/palette.hpp"
#include "sim/fields/statistics.hpp"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace throng;

TEST_CASE("levels of service change at the borders of the tables", "[fields][unit]") {
  for (const ZoneKind kind : {ZoneKind::passage, ZoneKind::standing, ZoneKind::queue, ZoneKind::stairs,
                              ZoneKind::keep_clear, ZoneKind::site}) {
    const ServiceTable& table = service_table(kind);
    CHECK(std::string(table.citation).size() > 5);
    CHECK(level_of_service(kind, 0.0) == 'A');
    for (std::size_t k = 0; k < 5; ++k) {
      CHECK(level_of_service(kind, table.density[k]) == static_cast<char>('A' + k));
      CHECK(level_of_service(kind, table.density[k] + 1e-9) == static_cast<char>('B' + k));
    }
  }
  CHECK(level_of_service(ZoneKind::passage, 3.0) == 'F');
  CHECK(level_of_service(ZoneKind::standing, 3.0) == 'D');  // the same crowd in front of a podium
  CHECK(level_of_service(ZoneKind::stairs, 2.5) == 'E');
}

TEST_CASE("quantiles interpolate between order statistics", "[fields][unit]") {
  CHECK(quantile({}, 0.5) == 0.0);
  CHECK(quantile({3.0}, 0.95) == 3.0);
  CHECK(quantile({4.0, 1.0, 3.0, 2.0}, 0.5) == 2.5);
  CHECK(quantile({1.0, 2.0}, 0.25) == 1.25);
  CHECK(mean({1.0, 2.0, 6.0}) == 3.0);
}

TEST_CASE("every alert level has its own colour, shape and words", "[fields][unit]") {
  std::set<std::string> shapes, words;
  for (int k = 0; k < 6; ++k) {
    const LevelLook& look = look_of(static_cast<AlertLevel>(k));
    shapes.insert(look.shape);
    words.insert(look.nl);
    CHECK(std::string(look.en) == to_string(static_cast<AlertLevel>(k)));
  }
  CHECK(shapes.size() == 6);
  CHECK(words.size() == 6);
}
