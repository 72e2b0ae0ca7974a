#include "sim/agents/detail/bench_scenes.hpp"

#include "sim/agents/detail/rules.hpp"
#include "sim/core/error.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace throng::detail {
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

Demand::Stage waypoint(std::string name, std::vector<PlaceId> places) {
  Demand::Stage stage;
  stage.name = std::move(name);
  stage.kind = StageKind::waypoint;
  stage.places = std::move(places);
  stage.place_choice = Choice::weighted;
  stage.next = {{StageId{0}, 1.0}};
  return stage;
}

BenchScene open_scene(const BenchOptions& o, bool corridor) {
  const double area = static_cast<double>(o.n_agents) / o.density;
  const double width = corridor ? 10.0 : std::sqrt(area), length = area / width;
  const int columns = std::max(1, static_cast<int>(length / 2.0)), rows = corridor ? 5 : columns;
  Squares squares(columns, rows, length / columns);
  BenchScene scene{squares.world(), {}, o.step, squares.area(), {}, corridor ? 1 : 8, {}};
  scene.room = {{}, {columns * squares.size(), rows * squares.size()}};
  scene.step.period_length = {scene.room.max.x, corridor ? 0.0 : scene.room.max.y};
  return scene;
}

BenchScene plaza_scene(const BenchOptions& o) {
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
  BenchScene scene{squares.world(), {}, o.step, squares.area(), {{}, {2.0 * side, 2.0 * side}}, 0, {}};
  std::vector<PlaceId> all;
  for (int p = 0; p < 8; ++p) all.push_back(PlaceId{p});
  scene.demand.stages = {waypoint("walk/on", all)};
  return scene;
}

BenchScene bottleneck_scene(const BenchOptions& o) {
  const double area = static_cast<double>(o.n_agents) / o.density;
  const int side = std::max(8, static_cast<int>(std::lround(std::sqrt(area) / 2.0)));
  Squares squares(side + 12, side, 2.0);
  for (int y = 0; y < side; ++y)
    if (y != side / 2 && y != side / 2 - 1) squares.block(side, y);
  squares.add_place("beyond", side + 8, 0, side + 12, side);
  BenchScene scene{squares.world(), {}, o.step, squares.area(), {{}, {2.0 * side, 2.0 * side}}, 0, {}};
  scene.demand.stages = {waypoint("through/door", {PlaceId{0}})};
  return scene;
}

/// The connected part of the ground with most area.
int largest_component(const World& world) {
  const auto all = world.components();
  const auto larger = [](const Component& a, const Component& b) { return a.area < b.area; };
  return static_cast<int>(std::max_element(all.begin(), all.end(), larger) - all.begin());
}

/// A site: people around the middle of its largest part, on their way between its exits, or between far places.
BenchScene site_scene(const BenchOptions& o) {
  if (!o.site || o.site->components().empty())
    throw InputError(Fault{
        .where = "site", .what = "no site with walkable ground was given", .value = "", .allowed = "a site file"});
  const int part = largest_component(*o.site);
  const auto reachable = [&](const World& world, const Place& place) {
    return std::any_of(place.faces.begin(), place.faces.end(), [&](FaceId f) { return world.component_of(f) == part; });
  };
  BenchScene scene{o.site,           {}, o.step, o.site->components()[static_cast<std::size_t>(part)].area,
                   o.site->bounds(), 0,  {}};
  std::vector<PlaceId> goals;
  const auto add_goals = [&](PlaceKind kind) {
    const auto places = scene.world->places();
    for (std::size_t p = 0; p < places.size(); ++p)
      if (places[p].shape.kind == kind && reachable(*scene.world, places[p])) goals.push_back(static_cast<PlaceId>(p));
  };
  add_goals(PlaceKind::exit);
  if (goals.size() < 2) {
    WorldData data = o.site->data();
    for (Place& place : far_places(*o.site, part)) data.places.push_back(std::move(place));
    scene.world = std::make_shared<const World>(std::move(data), "bench");
    goals.clear();
    for (std::size_t p = o.site->places().size(); p < scene.world->places().size(); ++p)
      goals.push_back(static_cast<PlaceId>(p));
  }
  scene.demand.stages = {waypoint("walk/on", goals)};
  scene.middle = 0.5 * (scene.room.min + scene.room.max);
  return scene;
}

struct Spot {
  Vec2 at;
  FaceId face{};
  LevelId level{};
};

/// A square grid over the free ground; on sites only its largest connected part.
std::vector<Spot> spots_of(const BenchScene& scene, double spacing) {
  std::vector<Spot> spots;
  const Vec2 size = scene.room.max - scene.room.min;
  const int part = scene.middle ? largest_component(*scene.world) : 0;
  for (const Level& level : scene.world->levels())
    for (double y = 0.5 * spacing; y < size.y - 0.2; y += spacing)
      for (double x = 0.5 * spacing; x < size.x - 0.2; x += spacing) {
        const Vec2 at = scene.room.min + Vec2{x, y};
        const auto face = scene.world->locate(at, level.id);
        if (face && (!scene.middle || scene.world->component_of(*face) == part)) spots.push_back({at, *face, level.id});
      }
  return spots;
}

/// The n spots nearest to a point, in their order.
void keep_nearest(std::vector<Spot>& spots, Vec2 middle, std::size_t n) {
  if (spots.size() <= n) return;
  std::vector<double> distance2;
  for (const Spot& spot : spots) distance2.push_back(norm2(spot.at - middle));
  std::nth_element(distance2.begin(), distance2.begin() + static_cast<std::ptrdiff_t>(n), distance2.end());
  std::erase_if(spots, [&](const Spot& spot) { return norm2(spot.at - middle) >= distance2[n]; });
}

/// Spots for all, and how far apart they are.
std::pair<std::vector<Spot>, double> spots_for(const BenchScene& scene, const BenchOptions& o) {
  if (scene.middle) {
    const double spacing = 1.0 / std::sqrt(o.density);
    auto spots = spots_of(scene, spacing);
    keep_nearest(spots, *scene.middle, o.n_agents);
    return {std::move(spots), spacing};
  }
  for (double spacing = std::sqrt(scene.area / static_cast<double>(o.n_agents));; spacing *= 0.99)
    if (auto spots = spots_of(scene, spacing); spots.size() >= o.n_agents || spacing <= 0.2)
      return {std::move(spots), spacing};
}

}  // namespace

BenchScene scene_of(const BenchOptions& o) {
  if (o.scene == "open") return open_scene(o, false);
  if (o.scene == "corridor") return open_scene(o, true);
  if (o.scene == "plaza") return plaza_scene(o);
  if (o.scene == "bottleneck") return bottleneck_scene(o);
  if (o.scene == "site") return site_scene(o);
  throw InputError(Fault{.where = "scene",
                         .what = "unknown scene",
                         .value = o.scene,
                         .allowed = "open, corridor, plaza, bottleneck, site"});
}

std::vector<Place> far_places(const World& world, int component) {
  constexpr std::size_t n_places = 8;
  constexpr double reach = 4.0;  // [m]
  const WalkableMesh& mesh = world.mesh();
  const auto corner = [&](std::size_t f, std::size_t k) { return mesh.vertex[index(mesh.face[f].vertex[k])]; };
  const auto centre = [&](std::size_t f) { return (corner(f, 0) + corner(f, 1) + corner(f, 2)) / 3.0; };
  std::vector<std::size_t> ground;
  for (std::size_t f = 0; f < mesh.face.size(); ++f)
    if (world.component_of(FaceId{static_cast<int>(f)}) == component) ground.push_back(f);
  std::vector<double> nearest(ground.size(), 0.0);  // squared distance to the places so far; first to the middle
  const Vec2 middle = 0.5 * (world.bounds().min + world.bounds().max);
  for (std::size_t k = 0; k < ground.size(); ++k) nearest[k] = norm2(centre(ground[k]) - middle);
  std::vector<Place> places;
  while (places.size() < n_places) {
    const auto far = static_cast<std::size_t>(std::max_element(nearest.begin(), nearest.end()) - nearest.begin());
    const Vec2 at = centre(ground[far]);
    Place place;
    place.shape.id = place.shape.name = "far" + std::to_string(places.size());
    place.shape.kind = PlaceKind::waypoint;
    place.shape.level = mesh.face[ground[far]].level;
    for (std::size_t k = 0; k < ground.size(); ++k) {
      const double d2 = norm2(centre(ground[k]) - at);
      nearest[k] = places.empty() ? d2 : std::min(nearest[k], d2);
      if ((d2 > reach * reach && k != far) || mesh.face[ground[k]].level != place.shape.level) continue;
      place.faces.push_back(FaceId{static_cast<int>(ground[k])});
      place.shape.areas.push_back({{corner(ground[k], 0), corner(ground[k], 1), corner(ground[k], 2)}, {}});
      place.area += mesh.face_area(place.faces.back());
    }
    places.push_back(std::move(place));
  }
  return places;
}

CrowdState crowd_of(const Simulation& simulation, const BenchScene& scene, const BenchOptions& o) {
  CrowdState state = simulation.initial_state(o.seed);
  const auto [spots, spacing] = spots_for(scene, o);
  const std::size_t n = std::min(o.n_agents, spots.size());
  reserve_rows(state.agents, n);
  for (std::size_t k = 0; k < n; ++k) {
    const Spot& spot = spots[k * spots.size() / n];
    Random random(o.seed, Stream::test, static_cast<std::uint32_t>(k), {});
    const double slack = 0.5 * std::max(0.0, spacing - 0.34);
    const Vec2 aside = spot.at + Vec2{random.uniform(-slack, slack), random.uniform(-slack, slack)};
    const auto there = scene.world->locate(aside, spot.level);
    const auto turn = scene.directions > 1 ? random.below(static_cast<std::uint32_t>(scene.directions)) : 0U;
    const double angle = scene.directions > 1 ? 2.0 * math::pi * turn / scene.directions : 0.0;
    simulation.impl().append(state, {.position = there ? aside : spot.at,
                                     .face = there ? *there : spot.face,
                                     .speed = static_cast<float>(random.truncated_normal(1.34, 0.26, 0.6, 2.0)),
                                     .stage = scene.demand.stages.empty() ? StageId::none : StageId{0},
                                     .direction = {math::cos(angle), math::sin(angle)}});
    ++state.counters.scheduled;
  }
  return state;
}

}  // namespace throng::detail
