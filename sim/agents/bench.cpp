#include "sim/agents/bench.hpp"

#include "sim/agents/detail/rules.hpp"
#include "sim/core/error.hpp"
#include "sim/core/hash.hpp"
#include "sim/core/loops.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace throng {
namespace {

/// Squares of equal size, some of them blocked; two triangles each.
class Squares {
 public:
  Squares(int columns, int rows, double size) : columns_(columns), rows_(rows), size_(size) {
    blocked_.assign(static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows), 0);
  }
  bool free(int x, int y) const { return x >= 0 && y >= 0 && x < columns_ && y < rows_ && blocked_[at(x, y)] == 0; }
  void block(int x, int y) { blocked_[at(x, y)] = 1; }
  double area() const { return size_ * size_ * static_cast<double>(std::count(blocked_.begin(), blocked_.end(), 0)); }
  double size() const { return size_; }
  int columns() const { return columns_; }
  int rows() const { return rows_; }
  void add_place(std::string id, int x0, int y0, int x1, int y1) {
    places_.push_back({std::move(id), {x0, y0, x1, y1}});
  }

  std::shared_ptr<const World> world() const {
    WorldData data;
    data.name = "bench";
    data.levels.push_back({LevelId{0}, "ground", 0.0});
    for (int y = 0; y <= rows_; ++y)
      for (int x = 0; x <= columns_; ++x) data.mesh.vertex.push_back({x * size_, y * size_});
    data.mesh.height.assign(data.mesh.vertex.size(), 0.0F);
    std::vector<int> first(blocked_.size(), -1);
    int n = 0;
    for (std::size_t k = 0; k < blocked_.size(); ++k)
      if (blocked_[k] == 0) first[k] = std::exchange(n, n + 2);
    const auto lower = [&](int x, int y) { return free(x, y) ? first[at(x, y)] : -1; };
    for (int y = 0; y < rows_; ++y)
      for (int x = 0; x < columns_; ++x) {
        if (!free(x, y)) continue;
        const int v = y * (columns_ + 1) + x, above = v + columns_ + 1, own = lower(x, y);
        const auto upper = [&](int i, int j) { return lower(i, j) < 0 ? -1 : lower(i, j) + 1; };
        data.mesh.face.push_back(face({v, v + 1, above + 1}, {upper(x, y - 1), upper_left(lower(x + 1, y)), own + 1}));
        data.mesh.face.push_back(face({v, above + 1, above}, {own, lower(x, y + 1), lower(x - 1, y)}));
      }
    for (const auto& [id, box] : places_) data.places.push_back(place(id, box, first));
    return std::make_shared<const World>(std::move(data), "bench");
  }

 private:
  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(x);
  }
  static int upper_left(int lower) { return lower < 0 ? -1 : lower + 1; }
  static MeshFace face(std::array<std::int32_t, 3> vertex, std::array<std::int32_t, 3> neighbour) {
    MeshFace f;
    f.vertex = vertex;
    f.neighbour = neighbour;
    for (std::size_t k = 0; k < 3; ++k) f.barrier[k] = neighbour[k] < 0 ? edge_wall : edge_open;
    f.surface = Surface::square;
    return f;
  }
  Place place(const std::string& id, std::array<int, 4> box, const std::vector<int>& first) const {
    Place p;
    p.shape.id = p.shape.name = id;
    p.shape.kind = PlaceKind::waypoint;
    const double x0 = box[0] * size_, y0 = box[1] * size_, x1 = box[2] * size_, y1 = box[3] * size_;
    p.shape.areas.push_back({{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, {}});
    for (int y = box[1]; y < box[3]; ++y)
      for (int x = box[0]; x < box[2]; ++x)
        if (free(x, y))
          for (int k = 0; k < 2; ++k) p.faces.push_back(FaceId{first[at(x, y)] + k});
    p.area = 0.5 * size_ * size_ * static_cast<double>(p.faces.size());
    return p;
  }
  int columns_, rows_;
  double size_;
  std::vector<std::uint8_t> blocked_;
  std::vector<std::pair<std::string, std::array<int, 4>>> places_;
};

struct Scene {
  std::shared_ptr<const World> world;
  Demand demand;
  StepOptions step;
  double area = 0.0;
  Vec2 low, high;      ///< where people stand at the start
  int directions = 0;  ///< > 0: no stages, straight on in one of so many directions
};

Demand::Stage waypoint(std::string name, std::vector<PlaceId> places) {
  Demand::Stage stage;
  stage.name = std::move(name);
  stage.kind = StageKind::waypoint;
  stage.places = std::move(places);
  stage.place_choice = Choice::weighted;
  stage.next = {{StageId{0}, 1.0}};
  return stage;
}

Scene open_scene(const BenchOptions& o, bool corridor) {
  const double area = static_cast<double>(o.n_agents) / o.density;
  const double width = corridor ? 10.0 : std::sqrt(area), length = area / width;
  const int columns = std::max(1, static_cast<int>(length / 2.0)), rows = corridor ? 5 : columns;
  Squares squares(columns, rows, length / columns);
  Scene scene{squares.world(), {}, o.step, squares.area(), {}, {}, corridor ? 1 : 8};
  scene.high = {columns * squares.size(), rows * squares.size()};
  scene.step.period_length = {scene.high.x, corridor ? 0.0 : scene.high.y};
  return scene;
}

Scene plaza_scene(const BenchOptions& o) {
  const int blocks = static_cast<int>(std::lround(std::sqrt(static_cast<double>(o.n_obstacles))));
  const double area = static_cast<double>(o.n_agents) / o.density + 4.0 * blocks * blocks;
  const int side = std::max(static_cast<int>(std::lround(std::sqrt(area) / 2.0)), 2 * blocks + 3);
  Squares squares(side, side, 2.0);
  for (int i = 0; i < blocks; ++i)
    for (int j = 0; j < blocks; ++j)
      squares.block((2 * i + 1) * side / (2 * blocks), (2 * j + 1) * side / (2 * blocks));
  const int deep = 2, wide = std::max(3, side / 5), third = side / 3;
  const int starts[2] = {third - wide / 2, 2 * third - wide / 2};
  for (int k = 0; k < 2; ++k) {
    const int a = starts[k], b = std::min(side, a + wide);
    squares.add_place("south" + std::to_string(k), a, 0, b, deep);
    squares.add_place("north" + std::to_string(k), a, side - deep, b, side);
    squares.add_place("west" + std::to_string(k), 0, a, deep, b);
    squares.add_place("east" + std::to_string(k), side - deep, a, side, b);
  }
  Scene scene{squares.world(), {}, o.step, squares.area(), {}, {2.0 * side, 2.0 * side}, 0};
  std::vector<PlaceId> all;
  for (int p = 0; p < 8; ++p) all.push_back(PlaceId{p});
  scene.demand.stages = {waypoint("walk/on", all)};
  return scene;
}

Scene bottleneck_scene(const BenchOptions& o) {
  const double area = static_cast<double>(o.n_agents) / o.density;
  const int side = std::max(8, static_cast<int>(std::lround(std::sqrt(area) / 2.0)));
  Squares squares(side + 12, side, 2.0);
  for (int y = 0; y < side; ++y)
    if (y != side / 2 && y != side / 2 - 1) squares.block(side, y);
  squares.add_place("beyond", side + 8, 0, side + 12, side);
  Scene scene{squares.world(), {}, o.step, squares.area(), {}, {2.0 * side, 2.0 * side}, 0};
  scene.demand.stages = {waypoint("through/door", {PlaceId{0}})};
  return scene;
}

Scene scene_of(const BenchOptions& o) {
  if (o.scene == "open") return open_scene(o, false);
  if (o.scene == "corridor") return open_scene(o, true);
  if (o.scene == "plaza") return plaza_scene(o);
  if (o.scene == "bottleneck") return bottleneck_scene(o);
  throw InputError(Fault{
      .where = "scene", .what = "unknown scene", .value = o.scene, .allowed = "open, corridor, plaza, bottleneck"});
}

/// People on a jittered square grid over the free ground.
CrowdState crowd_of(const Simulation& simulation, const Scene& scene, const BenchOptions& o) {
  CrowdState state = simulation.initial_state(o.seed);
  const Vec2 size = scene.high - scene.low;
  for (double spacing = std::sqrt(scene.area / static_cast<double>(o.n_agents));; spacing *= 0.99) {
    std::vector<std::pair<Vec2, FaceId>> spots;
    for (double y = 0.5 * spacing; y < size.y - 0.2; y += spacing)
      for (double x = 0.5 * spacing; x < size.x - 0.2; x += spacing)
        if (const auto face = scene.world->locate(scene.low + Vec2{x, y}, LevelId{0}))
          spots.emplace_back(scene.low + Vec2{x, y}, *face);
    if (spots.size() < o.n_agents && spacing > 0.2) continue;
    for (std::size_t k = 0; k < std::min(o.n_agents, spots.size()); ++k) {
      const auto [spot, face] = spots[k * spots.size() / std::min(o.n_agents, spots.size())];
      Random random(o.seed, Stream::test, static_cast<std::uint32_t>(k), {});
      const double slack = 0.5 * std::max(0.0, spacing - 0.34);
      Vec2 x = spot + Vec2{random.uniform(-slack, slack), random.uniform(-slack, slack)};
      const auto there = scene.world->locate(x, LevelId{0});
      if (!there) x = spot;
      const double angle =
          scene.directions > 1
              ? 2.0 * math::pi * random.below(static_cast<std::uint32_t>(scene.directions)) / scene.directions
              : 0.0;
      simulation.impl().append(state, {.position = x,
                                       .face = there ? *there : face,
                                       .speed = static_cast<float>(random.truncated_normal(1.34, 0.26, 0.6, 2.0)),
                                       .stage = scene.demand.stages.empty() ? StageId::none : StageId{0},
                                       .direction = {math::cos(angle), math::sin(angle)}});
      ++state.counters.scheduled;
    }
    return state;
  }
}

template <class... Columns>
std::size_t bytes(const Columns&... columns) {
  return ((columns.capacity() * sizeof(columns[0])) + ...);
}

std::size_t bytes_of(const AgentColumns& a) {
  return bytes(a.id, a.position, a.velocity, a.heading, a.way, a.face, a.radius, a.desired_speed, a.stage, a.place,
               a.spot, a.until, a.entered, a.best_cost, a.progress, a.compression, a.activity, a.informed, a.population,
               a.source);
}

std::size_t bytes_of(const detail::StepScratch& scratch) { return scratch.slots.bytes() + bytes(scratch.intents); }

double wall_clock() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
double processor_time() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void measure(const Simulation& simulation, CrowdState& state, const BenchOptions& o, BenchResult& result) {
  for (std::size_t k = 0; k < o.n_warmup; ++k) simulation.step(state);
  double wall = 1e300, processor = 1e300;
  for (int repeat = 0; repeat < std::max(1, o.repeats); ++repeat) {
    const double t0 = wall_clock(), c0 = processor_time();
    for (std::size_t k = 0; k < o.n_steps; ++k) simulation.step(state);
    wall = std::min(wall, wall_clock() - t0);
    processor = std::min(processor, processor_time() - c0);
  }
  const double agent_steps = static_cast<double>(state.agents.size()) * static_cast<double>(o.n_steps);
  result.agent_steps_per_s = agent_steps / wall;
  result.cpu_ns = 1e9 * processor / agent_steps;
  result.realtime_factor = static_cast<double>(o.n_steps) * simulation.dt() / wall;
  if (!o.phases) return;
  simulation.enable_phase_times(true);
  for (std::size_t k = 0; k < o.n_steps; ++k) simulation.step(state);
  const auto t = simulation.phase_times();
  simulation.enable_phase_times(false);
  const auto per = [&](double ns) { return ns / agent_steps; };
  result.phases = {{"sort", per(t.sort)},       {"perceive", per(t.perceive)}, {"heading", per(t.heading)},
                   {"contact", per(t.contact)}, {"walls", per(t.walls)},       {"navigation", per(t.navigation)},
                   {"fields", per(t.fields)},   {"demand", per(t.demand)}};
}

}  // namespace

std::vector<std::string> bench_scenes() { return {"open", "corridor", "plaza", "bottleneck"}; }

BenchResult run_bench(const BenchOptions& o) {
  const Scene scene = scene_of(o);
  const auto navigation = std::make_shared<const Navigation>(scene.world);
  const Simulation simulation(scene.world, navigation, scene.demand, o.model, scene.step);
  BenchResult result;
  result.scene = o.scene;
  result.model = name_of(o.model);
  result.n_obstacles = o.scene == "plaza" ? o.n_obstacles : 0;
  result.threads = o.threads;
  with_threads(o.threads, [&] {
    CrowdState state = crowd_of(simulation, scene, o);
    measure(simulation, state, o, result);
    result.n_agents = state.agents.size();
    result.density = static_cast<double>(result.n_agents) / scene.area;
    for (const Vec2 v : state.agents.velocity) result.mean_speed += norm(v) / static_cast<double>(result.n_agents);
    auto scratch = simulation.impl().take_scratch();
    result.bytes_per_agent =
        static_cast<double>(bytes_of(state.agents) + bytes_of(*scratch)) / static_cast<double>(result.n_agents);
    simulation.impl().give_back(std::move(scratch));
    result.state_hash = to_hex(hash_of(state));
  });
  return result;
}

}  // namespace throng
