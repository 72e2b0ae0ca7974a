#pragma once
#include "tests/agents/scenes.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

/// Scenes of the verification and validation tests, and the table that they write.
namespace throng::test {

/// One row of the validation table, appended as Markdown to the file that THRONG_VALIDATION_OUT names.
inline void report_row(const std::string& name, const std::string& measured, const std::string& band,
                       const std::string& source, bool passed) {
  if (const char* path = std::getenv("THRONG_VALIDATION_OUT"))
    std::ofstream(path, std::ios::app) << "| " << name << " | " << measured << " | " << band << " | " << source << " | "
                                       << (passed ? "pass" : "FAIL") << " |\n";
}

inline std::vector<Vec2> rectangle(double x0, double y0, double x1, double y1) {
  return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}};
}
inline Polygon area_of(double x0, double y0, double x1, double y1) { return {rectangle(x0, y0, x1, y1), {}}; }

/// n points on a hexagonal grid over a rectangle.
inline std::vector<Vec2> spread(std::size_t n, Vec2 low, Vec2 high) {
  const Vec2 size = high - low;
  for (double spacing = std::sqrt(2.0 * size.x * size.y / (std::sqrt(3.0) * static_cast<double>(n)));;
       spacing *= 0.995) {
    const double rise = 0.5 * std::sqrt(3.0) * spacing;
    std::vector<Vec2> points;
    int k = 0;
    for (double y = 0.5 * rise; y <= size.y - 0.5 * rise + 1e-9; y += rise, ++k)
      for (double x = (k % 2 == 0 ? 0.25 : 0.75) * spacing; x <= size.x - 0.2 * spacing; x += spacing)
        points.push_back(low + Vec2{x, y});
    if (points.size() < n) continue;
    std::vector<Vec2> chosen;
    for (std::size_t i = 0; i < n; ++i) chosen.push_back(points[i * points.size() / n]);
    return chosen;
  }
}

/// Put people at the points, jittered by at most `jitter` [m]. Speeds are `speed`, or Weidmann's law when it is 0.
inline void put(const Simulation& simulation, CrowdState& state, const std::vector<Vec2>& points, StageId first,
                double speed = 0.0, double jitter = 0.0, Vec2 direction = {1.0, 0.0}) {
  for (const Vec2 x : points) {
    Random random(state.seed, Stream::test, state.next_id, {});
    const Vec2 off{random.uniform(-jitter, jitter), random.uniform(-jitter, jitter)};
    const double v = speed > 0.0 ? speed : random.truncated_normal(1.34, 0.26, 0.6, 2.0);
    const edit::NewAgent agent{
        .position = x + off, .stage = first, .direction = direction, .desired_speed = static_cast<float>(v)};
    if (edit::insert(simulation, state, agent)) continue;
    edit::NewAgent exact = agent;
    exact.position = x;
    edit::insert(simulation, state, exact);
  }
}

inline double weidmann(double rho) { return 1.34 * (1.0 - std::exp(-1.913 * (1.0 / rho - 1.0 / 5.4))); }

/// Speed at a density in a repeated corridor.
struct FlowPoint {
  double density = 0, speed = 0, overlap = 0;
};
inline FlowPoint corridor_speed(const Model& model, double density, std::uint64_t seed, double v0 = 1.34,
                                double length = 26.0, double width = 4.0, double dt = 0.05, double transient = 10.0,
                                double window = 20.0) {
  WorldBuilder builder;
  builder.ground(rectangle(0, 0, length, width));
  StepOptions options;
  options.dt = dt;
  options.period_length = {length, 0.0};
  const auto sim = simulation(builder.shared(), Scenario{}, model, options);
  CrowdState state = sim->initial_state(seed);
  const auto n = static_cast<std::size_t>(density * length * width + 0.5);
  put(*sim, state, spread(n, {0, 0.15}, {length, width - 0.15}), StageId::none, v0, 0.1);
  run_for(*sim, state, transient);
  double sum = 0.0, overlap = 0.0;
  std::size_t count = 0;
  run_for(*sim, state, window, [&](const CrowdState& now) {
    for (const Vec2 v : now.agents.velocity) sum += v.x, ++count;
    for (const float c : now.agents.compression) overlap += static_cast<double>(c);
  });
  return {static_cast<double>(state.agents.size()) / (length * width), sum / static_cast<double>(count),
          overlap / static_cast<double>(count)};
}

/// People through an opening of a wall 0.2 m thick.
struct DoorFlow {
  double specific_flow = 0;  ///< between 20 % and 80 % of the people [1/(m s)]
  std::size_t left_behind = 0;
  double duration = 0;  ///< until the last one is through [s]
};
inline DoorFlow door_flow(const Model& model, double width, std::size_t n, std::uint64_t seed, double deep = 0.2,
                          double dt = 0.05, double v0 = 1.34) {
  WorldBuilder builder;
  const double low =
      4.75 - 0.5 * width + 0.05 * static_cast<double>(seed % 10);  // anywhere on the lattice of the routes
  const double high = low + width, out = 10.0 + deep;
  builder.ground({{0, 0}, {10, 0}, {10, low}, {10, high}, {10, 10}, {0, 10}});
  builder.ground(rectangle(10, low, out, high));
  builder.ground({{out + 4, 0}, {out + 4, 10}, {out, 10}, {out, high}, {out, low}, {out, 0}});
  builder.ground(rectangle(out + 4, 0, out + 8, 10));
  builder.place("exit", PlaceKind::exit, {area_of(out + 4, 0, out + 8, 10)});
  builder.counting_line("door", {{out, low - 0.1}, {out, high + 0.1}});
  StepOptions options;
  options.dt = dt;
  const auto sim = simulation(builder.shared(), to_exits({"exit"}), model, options);
  CrowdState state = sim->initial_state(seed);
  put(*sim, state, spread(n, {0.3, 0.3}, {9.5, 9.7}), StageId{0}, v0, 0.05);
  const std::size_t all = state.agents.size();
  double t20 = 0, t80 = 0, t = 0;
  std::size_t n20 = 0, n80 = 0, through = 0;
  while (t < 400.0 && through < all) {
    sim->step(state);
    t += dt;
    through = state.counters.line_forward[0] + state.counters.line_backward[0];
    if (t20 == 0 && through * 5 >= all) t20 = t, n20 = through;
    if (t80 == 0 && through * 5 >= all * 4) t80 = t, n80 = through;
  }
  return {static_cast<double>(n80 - n20) / (t80 - t20) / width, all - through, t};
}

/// IMO MSC.1/Circ.1533 test 8: two rooms of 10 x 10 m, a corridor of 10 x 2 m; 100 people against `opposing`.
struct CounterFlow {
  double last = 0;  ///< when the last of the 100 reached the other room's far half [s]
  std::size_t arrived = 0;
};
inline CounterFlow counter_flow(const Model& model, std::size_t opposing, std::uint64_t seed, double limit = 400.0) {
  WorldBuilder builder;
  builder.ground({{0, 0}, {3, 0}, {3, 10}, {0, 10}});
  builder.ground({{3, 0}, {10, 0}, {10, 4}, {10, 6}, {10, 10}, {3, 10}});
  builder.ground(rectangle(10, 4, 20, 6));
  builder.ground({{27, 0}, {27, 10}, {20, 10}, {20, 6}, {20, 4}, {20, 0}});
  builder.ground(rectangle(27, 0, 30, 10));
  builder.place("west", PlaceKind::exit, {area_of(0, 0, 3, 10)});
  builder.place("east", PlaceKind::exit, {area_of(27, 0, 30, 10)});
  Scenario scenario = to_exits({"east"});
  scenario.journeys[0].id = "right";
  JourneyDemand left;
  left.id = "left";
  left.stages = {stage("leave", StageKind::exit, {"west"})};
  scenario.journeys.push_back(left);
  const auto sim = simulation(builder.shared(), scenario, model);
  CrowdState state = sim->initial_state(seed);
  put(*sim, state, spread(100, {0.3, 0.3}, {5.5, 9.7}), StageId{0}, 0.0, 0.1);
  if (opposing > 0) put(*sim, state, spread(opposing, {24.5, 0.3}, {29.7, 9.7}), StageId{1}, 0.0, 0.1);
  CounterFlow result;
  for (double t = 0; t < limit && state.counters.exited[1] < 100; t += sim->dt()) {
    sim->step(state);
    result.last = t;
  }
  result.arrived = state.counters.exited[1];
  return result;
}

/// Two streams that pass each other in a street of 60 m, straight or bent by 90° half way.
struct TwoStreams {
  double speed = 0;  ///< mean over all people and seconds [m/s]
  std::size_t entered = 0, left = 0;
};
inline TwoStreams two_streams(const Model& model, bool bent, double width, double per_second, std::uint64_t seed,
                              double inflow = 120.0, double limit = 400.0) {
  WorldBuilder builder;
  builder.ground(rectangle(0, 0, 2, width));
  builder.ground(rectangle(2, 0, 30, width));
  const double end = width + 30.0;
  std::array<Polygon, 2> mouth{area_of(2.5, 0.3, 5, width - 0.3), {}};
  std::array<Vec2, 2> direction{Vec2{1, 0}, Vec2{-1, 0}};
  builder.place("west", PlaceKind::exit, {area_of(0, 0, 2, width)});
  builder.ground(rectangle(30, 0, 30 + width, width));
  if (bent) {
    builder.ground(rectangle(30, width, 30 + width, end - 2));
    builder.ground(rectangle(30, end - 2, 30 + width, end));
    builder.place("other", PlaceKind::exit, {area_of(30, end - 2, 30 + width, end)});
    mouth[1] = area_of(30.3, end - 5, 30 + width - 0.3, end - 2.5);
    direction[1] = {0, -1};
  } else {
    builder.ground(rectangle(30 + width, 0, 58 + width, width));
    builder.ground(rectangle(58 + width, 0, 60 + width, width));
    builder.place("other", PlaceKind::exit, {area_of(58 + width, 0, 60 + width, width)});
    mouth[1] = area_of(55 + width, 0.3, 57.5 + width, width - 0.3);
  }
  Scenario scenario = to_exits({"other"});
  scenario.journeys[0].id = "there";
  JourneyDemand back;
  back.id = "back";
  back.stages = {stage("leave", StageKind::exit, {"west"})};
  scenario.journeys.push_back(back);
  const auto sim = simulation(builder.shared(), scenario, model);
  CrowdState state = sim->initial_state(seed);
  Random random(seed, Stream::test, 0, {});
  TwoStreams result;
  double sum = 0.0, due = 0.0;
  std::size_t n = 0;
  for (double t = 0.0; t < limit && (t < inflow || !state.agents.id.empty()); t += sim->dt()) {
    for (; t < inflow && t >= due; due += 1.0 / per_second)
      for (std::size_t k = 0; k < 2; ++k) {
        const Vec2 low = mouth[k].outer[0], high = mouth[k].outer[2];
        const edit::NewAgent agent{.position = {random.uniform(low.x, high.x), random.uniform(low.y, high.y)},
                                   .stage = StageId{static_cast<int>(k)},
                                   .direction = direction[k],
                                   .desired_speed = static_cast<float>(random.truncated_normal(1.34, 0.26, 0.6, 2.0))};
        if (edit::insert(*sim, state, agent)) ++result.entered;
      }
    sim->step(state);
    for (const Vec2 v : state.agents.velocity) sum += norm(v), ++n;
  }
  result.left = state.counters.exited[0] + state.counters.exited[1];
  result.speed = sum / static_cast<double>(n);
  return result;
}

inline std::string number(double value, int digits = 2) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

}  // namespace throng::test
