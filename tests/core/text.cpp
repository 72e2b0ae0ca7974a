#include "sim/core/error.hpp"
#include "sim/core/hash.hpp"
#include "sim/core/time.hpp"
#include "sim/core/vec2.hpp"

#include <catch2/catch.hpp>

using namespace throng;

TEST_CASE("durations are read and written", "[core][unit]") {
  CHECK(parse_duration("01:02:03") == 3723.0);
  CHECK(parse_duration("01:02") == 3720.0);
  CHECK(parse_duration("90.5") == 90.5);
  for (const char* wrong : {"", "abc", "1:99", "1:2:3:4", "-5", "12:", "nan", "inf", "1 "}) {
    INFO(wrong);
    CHECK_FALSE(parse_duration(wrong).has_value());
  }
  CHECK(format_duration(3723.4) == "01:02:03");
  CHECK(format_duration(90000.0) == "25:00:00");
}

TEST_CASE("time is a tick count on an axis", "[core][unit]") {
  const TimeAxis axis(0.05, 18 * 3600.0);
  CHECK(axis.tick_at(10.0) == Tick{200});
  CHECK(axis.tick_at(-1.0) == Tick{0});
  CHECK(axis.seconds(Tick{72000}) == Approx(3600.0));
  CHECK(axis.clock(Tick{72000}) == "19:00:00");
  CHECK(TimeAxis(1.0, 86399.0).clock(Tick{2}) == "00:00:01");
  CHECK(axis.ticks(0.0) == 1);
}

TEST_CASE("a fault says where, what, found and allowed", "[core][unit]") {
  const Fault fault{"demo.toml", "rate is negative", "-1", ">= 0", 12, 3};
  CHECK(fault.text() == "demo.toml:12:3: rate is negative, found \"-1\", allowed: >= 0");
  const InputError error({fault, fault});
  CHECK(error.faults().size() == 2);
  CHECK(std::string(error.what()).find('\n') != std::string::npos);
}

TEST_CASE("the nearest known word is offered only when it is near", "[core][unit]") {
  const std::vector<std::string> words{"duration", "time_step_s", "seed"};
  CHECK(nearest_word("duratoin", words) == "duration");
  CHECK(nearest_word("sed", words) == "seed");
  CHECK(nearest_word("zzzzzzzz", words).empty());
}

TEST_CASE("content hashes match the published XXH3 values and see every change", "[core][unit]") {
  CHECK(hash_bytes("", 0) == 0x2D06800538D394C2ull);  // XXH3_64bits of the empty input, xxHash test suite
  Hasher a, b;
  a.add(std::string_view("ab"));
  a.add(std::string_view("c"));
  b.add(std::string_view("a"));
  b.add(std::string_view("bc"));
  CHECK(a.value() != b.value());
  CHECK(to_hex(255) == "00000000000000ff");
}

TEST_CASE("plane geometry", "[core][unit]") {
  CHECK(orient({0, 0}, {1, 0}, {0, 1}) == 1.0);
  CHECK(nearest_on_segment({5, 3}, {0, 0}, {2, 0}) == Vec2{2, 0});
  CHECK(nearest_on_segment({1, 3}, {0, 0}, {2, 0}) == Vec2{1, 0});
  CHECK(normalized({0, 0}, {1, 0}) == Vec2{1, 0});
  CHECK(distance({0, 0}, {3, 4}) == 5.0);
}
