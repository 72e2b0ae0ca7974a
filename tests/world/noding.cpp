#include "sim/world/detail/noding.hpp"

#include "sim/core/random.hpp"
#include "sim/world/detail/orientation.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace throng;
using detail::node_segments;
using detail::Noded;
using detail::orientation;

namespace {

constexpr double tolerance = 2e-3;

/// Pieces of all chains, each once.
std::set<std::pair<std::int32_t, std::int32_t>> pieces(const Noded& noded) {
  std::set<std::pair<std::int32_t, std::int32_t>> out;
  for (const auto& chain : noded.chain)
    for (std::size_t i = 0; i + 1 < chain.size(); ++i)
      out.insert({std::min(chain[i], chain[i + 1]), std::max(chain[i], chain[i + 1])});
  return out;
}

/// Number of pairs of pieces that meet anywhere but in a common end.
int n_conflicts(const Noded& noded) {
  const auto set = pieces(noded);
  const std::vector<std::pair<std::int32_t, std::int32_t>> all(set.begin(), set.end());
  const auto at = [&](std::int32_t v) { return noded.vertex[static_cast<std::size_t>(v)]; };
  int conflicts = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto [a, b] = all[i];
      const auto [c, d] = all[j];
      if (a == c || a == d || b == c || b == d) continue;
      const int abc = orientation(at(a), at(b), at(c)), abd = orientation(at(a), at(b), at(d));
      const int cda = orientation(at(c), at(d), at(a)), cdb = orientation(at(c), at(d), at(b));
      if (abc * abd < 0 && cda * cdb < 0) ++conflicts;
    }
  return conflicts;
}

}  // namespace

TEST_CASE("orientation is exact where rounding would lie", "[world][property]") {
  Random random(1, Stream::test, 0, Tick{});
  for (int n = 0; n < 20000; ++n) {
    const Vec2 a{random.uniform(-1e4, 1e4), random.uniform(-1e4, 1e4)};
    const Vec2 d{std::round(random.uniform(-1e3, 1e3)) / 1024.0, std::round(random.uniform(-1e3, 1e3)) / 1024.0};
    const Vec2 on_grid_a = detail::on_grid(a);
    const Vec2 b = on_grid_a + 64.0 * d, c = on_grid_a + 7.0 * d;  // exact: collinear
    CHECK(orientation(on_grid_a, b, c) == 0);
    const Vec2 off{c.x, std::nextafter(c.y, 1e9)};  // by one unit in the last place
    const int side = d.x > 0.0 ? 1 : (d.x < 0.0 ? -1 : 0);
    CHECK(orientation(on_grid_a, b, off) == side);
    CHECK(orientation(b, on_grid_a, off) == -side);
    CHECK(orientation(off, on_grid_a, b) == side);
  }
}

TEST_CASE("noded segments meet in ends only, however badly they lie", "[world][property]") {
  for (std::uint32_t n = 0; n < 150; ++n) {
    Random random(2, Stream::test, n, Tick{});
    const double jitter = n % 3 == 0 ? 0.0 : (n % 3 == 1 ? 1e-3 : 4e-3);
    const double size = n % 5 == 0 ? 0.05 : 20.0;  // some as small as the tolerance allows
    const auto point = [&] { return Vec2{random.uniform(0, size), random.uniform(0, size)}; };
    const auto shaken = [&](Vec2 p) {
      return p + Vec2{random.uniform(-jitter, jitter), random.uniform(-jitter, jitter)};
    };
    std::vector<std::array<Vec2, 2>> segments;
    std::vector<int> rank;
    for (int i = 0; i < 12; ++i) {
      const Vec2 a = point(), b = point();
      segments.push_back({a, b});
      segments.push_back({shaken(a), shaken(b)});                                          // nearly the same
      segments.push_back({shaken(a + 0.3 * (b - a)), shaken(a + 0.6 * (b - a))});          // nearly a part of it
      segments.push_back({shaken(a + 0.5 * (b - a)), point()});                            // nearly ends on it
      segments.push_back({b, shaken(a)});                                                  // reversed
      segments.push_back({shaken(a), shaken(a) + 0.002 * normalized(b - a, {1.0, 0.0})});  // tiny
    }
    for (std::size_t i = 0; i < segments.size(); ++i) rank.push_back(static_cast<int>(i % 4));
    const Noded noded = node_segments(segments, rank, tolerance);
    INFO(n);
    CHECK(noded.unresolved.empty());
    CHECK(n_conflicts(noded) == 0);
    REQUIRE(noded.chain.size() == segments.size());
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const auto& chain = noded.chain[i];
      const Vec2 first = noded.vertex[static_cast<std::size_t>(chain.front())];
      const Vec2 last = noded.vertex[static_cast<std::size_t>(chain.back())];
      CHECK(distance(first, segments[i][0]) < 2.1 * tolerance);
      CHECK(distance(last, segments[i][1]) < 2.1 * tolerance);
      for (const std::int32_t v : chain) {
        const Vec2 p = noded.vertex[static_cast<std::size_t>(v)];
        CHECK(distance(nearest_on_segment(p, segments[i][0], segments[i][1]), p) < 10.0 * tolerance);
      }
    }
  }
}

TEST_CASE("noding does not depend on the order and direction of segments", "[world][property]") {
  for (std::uint32_t n = 0; n < 20; ++n) {
    Random random(3, Stream::test, n, Tick{});
    std::vector<std::array<Vec2, 2>> segments;
    for (int i = 0; i < 40; ++i)
      segments.push_back(
          {Vec2{random.uniform(0, 9), random.uniform(0, 9)}, Vec2{random.uniform(0, 9), random.uniform(0, 9)}});
    const std::vector<int> rank(segments.size(), 1);
    const Noded first = node_segments(segments, rank, tolerance);
    for (auto& s : segments)
      if (random.below(2) == 0) std::swap(s[0], s[1]);
    for (std::size_t i = segments.size(); i > 1; --i)
      std::swap(segments[i - 1], segments[random.below(static_cast<std::uint32_t>(i))]);
    const Noded second = node_segments(segments, rank, tolerance);
    CHECK(first.vertex == second.vertex);
    CHECK(pieces(first) == pieces(second));
  }
}
