#include "sim/world/detail/compile.hpp"

#include <algorithm>
#include <cmath>

namespace throng::detail {
namespace {

constexpr double reach = 0.3;  // a gate belongs to barriers that run within this of both its ends [m]

/// Place on a polyline.
struct Station {
  std::size_t segment = 0;
  double along = 0.0;  ///< length from the start [m]
  double distance = 1e300;
};

double length_of(const std::vector<Vec2>& line) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) sum += distance(line[i], line[i + 1]);
  return sum;
}

Station station_of(const std::vector<Vec2>& line, Vec2 x) {
  Station best;
  double start = 0.0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vec2 p = nearest_on_segment(x, line[i], line[i + 1]);
    if (const double d = distance(p, x); d < best.distance) best = {i, start + distance(line[i], p), d};
    start += distance(line[i], line[i + 1]);
  }
  return best;
}

/// The line from its start to a station, ending in `end`.
std::vector<Vec2> head(const std::vector<Vec2>& line, const Station& s, Vec2 end) {
  std::vector<Vec2> out(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(s.segment) + 1);
  if (!(out.back() == end)) out.push_back(end);
  return out;
}
std::vector<Vec2> tail(const std::vector<Vec2>& line, const Station& s, Vec2 begin) {
  std::vector<Vec2> out{begin};
  for (std::size_t i = s.segment + 1; i < line.size(); ++i)
    if (!(line[i] == out.back())) out.push_back(line[i]);
  return out;
}

/// Pieces of a barrier left by a gate; the barrier itself when the gate is not in it.
bool cut(const Barrier& barrier, const GateSpan& gate, std::vector<Barrier>& pieces) {
  if (barrier.level != gate.level) return false;
  Station s = station_of(barrier.line, gate.a), t = station_of(barrier.line, gate.b);
  Vec2 first = gate.a, second = gate.b;
  if (s.distance > reach || t.distance > reach) return false;
  if (s.along > t.along) {
    std::swap(s, t);
    std::swap(first, second);
  }
  const double width = distance(gate.a, gate.b), total = length_of(barrier.line);
  const bool ring = barrier.line.front() == barrier.line.back();
  const auto put = [&](std::vector<Vec2> line) {
    if (line.size() < 2 || length_of(line) < 1e-6) return;
    pieces.push_back(barrier);
    pieces.back().line = std::move(line);
  };
  if (ring && t.along - s.along > 0.5 * total) {  // the gate stands over the seam of the ring
    std::vector<Vec2> middle = tail(barrier.line, s, first);
    const Station end = station_of(middle, second);
    put(head(middle, end, second));
    return true;
  }
  if (t.along - s.along > 2.0 * width + 1.0) return false;  // the barrier makes a detour: the gate only touches it
  if (t.along - s.along < 0.25 * width) return false;       // the barrier ends here or crosses
  put(head(barrier.line, s, first));
  put(tail(barrier.line, t, second));
  return true;
}

}  // namespace

void cut_gates(std::vector<Barrier>& barriers, const std::vector<GateSpan>& gates, Notes& notes) {
  for (const GateSpan& gate : gates) {
    std::vector<Barrier> after;
    bool found = false;
    for (const Barrier& barrier : barriers) {
      if (cut(barrier, gate, after))
        found = true;
      else
        after.push_back(barrier);
    }
    barriers = std::move(after);
    const auto near = [&](const Barrier& barrier) {
      return barrier.level == gate.level &&
             std::min(station_of(barrier.line, gate.a).distance, station_of(barrier.line, gate.b).distance) <= reach;
    };
    if (!found && std::none_of(barriers.begin(), barriers.end(), near))
      notes.info("E645", gate.id, 0.5 * (gate.a + gate.b), "no barrier ends at this gate; it is a door by itself");
  }
}

}  // namespace throng::detail
