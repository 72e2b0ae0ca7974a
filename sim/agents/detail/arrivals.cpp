#include "sim/agents/detail/rules.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace throng {
namespace {

constexpr double room = 0.36;           ///< from another body when someone appears [m]
constexpr std::uint32_t per_tick = 64;  ///< people who try to come in at one source within one step

/// Mean walking speed by age [m/s], years x speed. Weidmann (1993) as RiMEA test 7 tabulates it.
constexpr std::array<std::array<double, 2>, 10> speed_by_age{{{5, 0.75},
                                                              {10, 1.15},
                                                              {15, 1.45},
                                                              {20, 1.62},
                                                              {30, 1.54},
                                                              {40, 1.48},
                                                              {50, 1.41},
                                                              {60, 1.27},
                                                              {70, 1.07},
                                                              {80, 0.74}}};

double mean_speed_at(double age) {
  if (age <= speed_by_age.front()[0]) return speed_by_age.front()[1];
  for (std::size_t k = 1; k < speed_by_age.size(); ++k) {
    const auto [a, v] = speed_by_age[k - 1];
    const auto [b, w] = speed_by_age[k];
    if (age <= b) return v + (w - v) * (age - a) / (b - a);
  }
  return speed_by_age.back()[1];
}

double draw_speed(const PopulationClass& c, std::uint64_t seed, std::uint32_t id) {
  double mean = c.speed_mean, sd = c.speed_sd;
  if (!c.age_table.empty()) {
    Random age(seed, Stream::age, id, {});
    mean = mean_speed_at(age.uniform(c.age_min, std::max(c.age_max, c.age_min + 1e-9)));
    sd = c.speed_sd * mean / c.speed_mean;
  }
  if (sd <= 0.0) return std::clamp(mean, c.speed_min, c.speed_max);
  Random random(seed, Stream::desired_speed, id, {});
  return random.truncated_normal(mean, sd, c.speed_min, c.speed_max);
}

/// Index drawn by weight; 0 when all weights are zero.
template <class Weights, class Get>
std::size_t draw_index(const Weights& weights, Random& random, Get get) {
  double sum = 0.0;
  for (const auto& w : weights) sum += get(w);
  double u = random.uniform() * sum;
  for (std::size_t k = 0; k < weights.size(); ++k)
    if ((u -= get(weights[k])) < 0.0) return k;
  return 0;
}

/// People expected of a timetable pulse until t.
double due(const ArrivalPulse& pulse, double t) {
  const double share = pulse.spread > 0.0 ? (t - pulse.time) / pulse.spread : (t >= pulse.time ? 1.0 : 0.0);
  return pulse.people * std::clamp(share, 0.0, 1.0);
}
double due(const RatePiece& piece, double t) { return piece.rate * (std::clamp(t, piece.from, piece.to) - piece.from); }

/// Whole people due in a step: floors of the expected sum, so that the total is exact.
template <class Pieces>
std::uint32_t evenly(const Pieces& pieces, double t, double dt, double factor) {
  double before = 0.0, after = 0.0;
  for (const auto& piece : pieces) before += due(piece, t), after += due(piece, t + dt);
  return static_cast<std::uint32_t>(std::floor(factor * after + 1e-9) - std::floor(factor * before + 1e-9));
}

/// Bodies near the sources, to find room beside them.
class Bodies {
 public:
  void add(Vec2 x, LevelId level) { bodies_.push_back({x, level}); }
  bool room_at(Vec2 x, LevelId level) const {
    return std::none_of(bodies_.begin(), bodies_.end(),
                        [&](const auto& body) { return body.second == level && norm2(body.first - x) < room * room; });
  }

 private:
  std::vector<std::pair<Vec2, LevelId>> bodies_;
};

bool clear_of_walls(const detail::Locomotion& locomotion, Vec2 x, LevelId level, double reach) {
  const detail::FixedFrame& frame = locomotion.frame();
  const std::int32_t fx = frame.x(x.x), fy = frame.y(x.y);
  const std::uint32_t list = locomotion.walls().list_of(fx, fy, level);
  for (std::uint32_t k = locomotion.walls().begin()[list]; k < locomotion.walls().begin()[list + 1]; ++k) {
    const detail::WallSegment& wall = locomotion.walls().walls()[locomotion.walls().list()[k]];
    if (wall.door >= 0) continue;
    const Vec2 a{(wall.ax - fx) / frame.units_per_metre, (wall.ay - fy) / frame.units_per_metre};
    const Vec2 b = a + static_cast<double>(wall.length) * Vec2{wall.ux, wall.uy};
    if (norm2(nearest_on_segment({}, a, b)) < reach * reach) return false;
  }
  return true;
}

}  // namespace

AgentId Simulation::Impl::append(CrowdState& state, const Newcomer& n) const {
  AgentColumns& a = state.agents;
  detail::push_row(a);
  const AgentId id{state.next_id++};
  a.id.back() = id;
  a.position.back() = n.position;
  a.heading.back() = {static_cast<float>(n.direction.x), static_cast<float>(n.direction.y)};
  a.face.back() = n.face;
  a.radius.back() = n.radius;
  a.desired_speed.back() = n.speed;
  a.stage.back() = StageId::none;
  a.place.back() = PlaceId::none;
  a.spot.back() = n.direction;
  a.entered.back() = tick32(state.tick);
  a.progress.back() = tick32(state.tick);
  a.best_cost.back() = std::numeric_limits<float>::infinity();
  a.population.back() = n.population;
  a.source.back() = n.source;
  ++state.counters.entered;
  if (n.stage != StageId::none) enter_stage(state, a.size() - 1, n.stage, {});
  return id;
}

/// One person of a source at a point that is known to be free.
bool Simulation::Impl::admit(CrowdState& state, std::size_t s, std::uint32_t id, Vec2 x, FaceId face) const {
  const Demand::Source& source = demand.sources[s];
  Random classes(state.seed, Stream::population_class, id, {}), journeys(state.seed, Stream::journey, id, {});
  const std::size_t c = draw_index(source.population, classes, [](double w) { return w; });
  const PopulationClass& population = demand.population[c];
  Newcomer n{.position = x,
             .face = face,
             .speed = static_cast<float>(draw_speed(population, state.seed, id)),
             .radius = static_cast<float>(population.radius + (population.luggage ? 0.05 : 0.0)),
             .population = static_cast<std::uint8_t>(c),
             .source = static_cast<std::uint16_t>(s)};
  if (!source.journeys.empty())
    n.stage = source.journeys[draw_index(source.journeys, journeys, [](const auto& t) { return t.weight; })].to;
  append(state, n);
  const std::size_t row = state.agents.size() - 1;
  if (source.premovement > 0.0) {
    Random reaction(state.seed, Stream::dwell, id, {});
    state.agents.activity[row] = Activity::reacting;
    state.agents.until[row] =
        tick32(state.tick) + static_cast<std::uint32_t>(time.ticks(reaction.exponential(source.premovement)));
  }
  return true;
}

/// People there at the start: a hexagonal grid over the area, jittered, as evenly used as their number allows.
void Simulation::Impl::place_initial(CrowdState& state) const {
  for (std::size_t s = 0; s < demand.sources.size(); ++s) {
    const Demand::Source& source = demand.sources[s];
    const auto wanted = static_cast<std::size_t>(std::floor(source.initial + 0.5));
    if (wanted == 0) continue;
    state.counters.scheduled += wanted;
    const detail::PlaceInfo& info = places[index(source.place)];
    std::vector<std::pair<Vec2, FaceId>> grid;
    const double area = info.is_line ? 0.0 : world->places()[index(source.place)].area;
    double spacing = std::sqrt(2.0 * area / (std::sqrt(3.0) * static_cast<double>(wanted)));
    for (int attempt = 0; attempt < 40 && area > 0.0 && grid.size() < wanted; ++attempt, spacing *= 0.97) {
      if (spacing < 0.30) break;
      grid.clear();
      const double rise = 0.5 * std::sqrt(3.0) * spacing;
      int k = 0;
      for (double y = info.box.min.y + 0.4 * rise; y < info.box.max.y; y += rise, ++k)
        for (double x = info.box.min.x + (k % 2 == 0 ? 0.3 : 0.8) * spacing; x < info.box.max.x; x += spacing)
          if (const auto face = world->locate({x, y}, info.level); face && world->in_place(*face, source.place) &&
                                                                   may_start(source.place, *face) &&
                                                                   clear_of_walls(locomotion, {x, y}, info.level, 0.17))
            grid.emplace_back(Vec2{x, y}, *face);
    }
    const std::size_t n = std::min(wanted, grid.size());
    const double slack = std::max(0.0, 0.5 * (spacing / 0.97 - room));
    for (std::size_t k = 0; k < n; ++k) {
      auto [x, face] = grid[k * grid.size() / n];
      Random random(state.seed, Stream::insertion, state.next_id, {});
      const Vec2 to = x + Vec2{random.uniform(-slack, slack), random.uniform(-slack, slack)};
      const auto there = world->locate(to, info.level);
      if (there && world->in_place(*there, source.place) && clear_of_walls(locomotion, to, info.level, 0.17))
        x = to, face = *there;
      admit(state, s, state.next_id, x, face);
    }
    state.waiting_outside[s] += static_cast<std::uint32_t>(wanted - n);
  }
}

void Simulation::Impl::insert_arrivals(CrowdState& state, StepReport* report) const {
  const double t = time.seconds(state.tick);
  bool anyone = false;
  for (std::size_t s = 0; s < demand.sources.size(); ++s) {
    const Demand::Source& source = demand.sources[s];
    const double factor = state.controls.arrival_factor[s];
    std::uint32_t due_now = evenly(source.pulses, t, options.dt, factor);
    if (source.poisson) {
      double expected = 0.0;
      for (const RatePiece& piece : source.rates) expected += due(piece, t + options.dt) - due(piece, t);
      Random random(state.seed, Stream::demand, static_cast<std::uint32_t>(s), state.tick);
      if (expected > 0.0) due_now += random.poisson(factor * expected);
    } else {
      due_now += evenly(source.rates, t, options.dt, factor);
    }
    state.counters.scheduled += due_now;
    if (report != nullptr && state.waiting_outside[s] < 50 && state.waiting_outside[s] + due_now >= 50)
      report->events.push_back({.tick = state.tick,
                                .kind = EventKind::overflow,
                                .subject = source.id,
                                .text = "source " + source.id + ": 50 people wait outside for room",
                                .at = world->places()[index(source.place)].shape.line.empty()
                                          ? places[index(source.place)].box.min
                                          : world->places()[index(source.place)].shape.line.front(),
                                .value = 50.0});
    state.waiting_outside[s] += due_now;
    anyone = anyone || state.waiting_outside[s] > 0;
  }
  if (!anyone) return;
  Bodies bodies;
  std::vector<Box> boxes;
  for (std::size_t s = 0; s < demand.sources.size(); ++s) {
    if (state.waiting_outside[s] == 0) continue;
    Box box = places[index(demand.sources[s].place)].box;
    boxes.push_back({box.min - Vec2{room, room} - Vec2{2, 2}, box.max + Vec2{room, room} + Vec2{2, 2}});
  }
  for (std::size_t r = 0; r < state.agents.size(); ++r)
    for (const Box& box : boxes)
      if (box.contains(state.agents.position[r])) {
        bodies.add(state.agents.position[r], level_of(state.agents.face[r]));
        break;
      }
  for (std::size_t s = 0; s < demand.sources.size(); ++s) {
    const std::uint32_t tries = std::min(state.waiting_outside[s], per_tick);
    int failures = 0;
    for (std::uint32_t k = 0; k < tries && failures < 2; ++k) {
      Random random(state.seed, Stream::insertion, state.next_id, state.tick);
      bool placed = false;
      for (int attempt = 0; attempt < 10 && !placed; ++attempt) {
        FaceId face{};
        const Vec2 x = random_point(demand.sources[s].place, random, face);
        const LevelId level = level_of(face);
        placed = bodies.room_at(x, level) && clear_of_walls(locomotion, x, level, 0.17);
        if (!placed) continue;
        bodies.add(x, level);
        admit(state, s, state.next_id, x, face);
        --state.waiting_outside[s];
      }
      if (!placed) ++failures;
    }
  }
}

}  // namespace throng
