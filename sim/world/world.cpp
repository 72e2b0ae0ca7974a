#include "sim/world/world.hpp"

#include "sim/world/detail/checks.hpp"
#include "sim/world/detail/hash_world.hpp"
#include "sim/world/detail/topology.hpp"

#include <algorithm>
#include <cmath>

namespace throng {
namespace {

std::array<Vec2, 3> corners(const WalkableMesh& mesh, FaceId f) {
  const MeshFace& face = mesh.face[index(f)];
  return {mesh.vertex[static_cast<std::size_t>(face.vertex[0])], mesh.vertex[static_cast<std::size_t>(face.vertex[1])],
          mesh.vertex[static_cast<std::size_t>(face.vertex[2])]};
}

/// Nearest point of a closed triangle, moved inside until it is in it exactly.
Vec2 nearest_in_face(const WalkableMesh& mesh, FaceId f, Vec2 x) {
  if (contains(mesh, f, x)) return x;
  const auto t = corners(mesh, f);
  Vec2 best = t[0];
  for (std::size_t k = 0; k < 3; ++k) {
    const Vec2 p = nearest_on_segment(x, t[k], t[(k + 1) % 3]);
    if (norm2(p - x) < norm2(best - x)) best = p;
  }
  return best;
}

Vec2 pulled_inside(const WalkableMesh& mesh, FaceId f, Vec2 x) {
  const auto t = corners(mesh, f);
  const Vec2 centre = (t[0] + t[1] + t[2]) / 3.0;
  const double length = distance(x, centre);
  for (double step = 2e-6; step < length; step *= 4.0) {
    const Vec2 p = x + (step / length) * (centre - x);
    if (contains(mesh, f, p)) return p;
  }
  return contains(mesh, f, centre) ? centre : t[0];
}

}  // namespace

double WalkableMesh::face_area(FaceId f) const {
  const auto t = corners(*this, f);
  return 0.5 * orient(t[0], t[1], t[2]);
}

World::World(WorldData data, std::string file_for_messages) : data_(std::move(data)) {
  detail::weld_portals(data_);
  if (auto faults = detail::faults_of(data_, file_for_messages); !faults.empty()) throw InputError(std::move(faults));
  walls_ = detail::collect_walls(data_);
  outlines_ = detail::collect_outlines(data_);
  components_ = detail::collect_components(data_, face_component_);
  for (const Level& level : data_.levels) grids_.push_back(detail::make_grid(data_, level.id));
  for (const MeshFace& face : data_.mesh.face)
    for (const std::int32_t v : face.vertex) bounds_.add(data_.mesh.vertex[static_cast<std::size_t>(v)]);
  for (const Component& component : components_) area_ += component.area;

  const std::size_t n_faces = data_.mesh.face.size();
  place_begin_.assign(n_faces + 1, 0);
  for (const Place& place : data_.places)
    for (const FaceId f : place.faces) ++place_begin_[index(f) + 1];
  for (std::size_t f = 0; f < n_faces; ++f) place_begin_[f + 1] += place_begin_[f];
  place_of_face_.resize(static_cast<std::size_t>(place_begin_.back()));
  std::vector<std::int32_t> fill(place_begin_.begin(), place_begin_.end() - 1);
  for (std::size_t p = 0; p < data_.places.size(); ++p) {
    const PlaceId id{static_cast<std::int32_t>(p)};
    place_names_.emplace_back(data_.places[p].shape.id, id);
    for (const FaceId f : data_.places[p].faces) place_of_face_[static_cast<std::size_t>(fill[index(f)]++)] = id;
  }
  std::sort(place_names_.begin(), place_names_.end());
  hash_ = detail::hash_of(data_);
}

std::optional<std::size_t> World::level_index(LevelId level) const {
  for (std::size_t i = 0; i < data_.levels.size(); ++i)
    if (data_.levels[i].id == level) return i;
  return std::nullopt;
}

std::optional<FaceId> World::locate(Vec2 x, LevelId level) const {
  const auto row = level_index(level);
  if (!row) return std::nullopt;
  const detail::FaceGrid& grid = grids_[*row];
  const double i = std::floor((x.x - grid.origin.x) / grid.cell), j = std::floor((x.y - grid.origin.y) / grid.cell);
  if (!(i >= 0.0 && i < grid.nx && j >= 0.0 && j < grid.ny)) return std::nullopt;
  const std::size_t cell =
      static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.nx) + static_cast<std::size_t>(i);
  for (std::int32_t n = grid.begin[cell]; n < grid.begin[cell + 1]; ++n) {
    const FaceId f{grid.faces[static_cast<std::size_t>(n)]};
    if (contains(data_.mesh, f, x)) return f;
  }
  return std::nullopt;
}

std::optional<std::pair<Vec2, FaceId>> World::nearest(Vec2 x, LevelId level, double reach) const {
  if (const auto here = locate(x, level)) return std::pair{x, *here};
  const auto row = level_index(level);
  if (!row || !is_finite(x) || !(reach >= 0.0) || grids_[*row].faces.empty()) return std::nullopt;
  const detail::FaceGrid& grid = grids_[*row];
  // Cells that `reach` covers, nearest rings first; a ring r away holds nothing nearer than (r - 1) cells.
  const auto column_of = [&](double v) {
    return std::clamp(std::floor((v - grid.origin.x) / grid.cell), -1.0, 1.0 * grid.nx);
  };
  const auto row_of = [&](double v) {
    return std::clamp(std::floor((v - grid.origin.y) / grid.cell), -1.0, 1.0 * grid.ny);
  };
  const int ci = static_cast<int>(column_of(x.x)), cj = static_cast<int>(row_of(x.y));
  double best2 = reach * reach;
  std::optional<std::pair<Vec2, FaceId>> best;
  const auto visit = [&](int i, int j) {
    if (i < 0 || j < 0 || i >= grid.nx || j >= grid.ny) return;
    const std::size_t cell =
        static_cast<std::size_t>(j) * static_cast<std::size_t>(grid.nx) + static_cast<std::size_t>(i);
    for (std::int32_t n = grid.begin[cell]; n < grid.begin[cell + 1]; ++n) {
      const FaceId f{grid.faces[static_cast<std::size_t>(n)]};
      const Vec2 p = nearest_in_face(data_.mesh, f, x);
      const double d2 = norm2(p - x);
      if (d2 > best2 || (best && d2 == best2 && f >= best->second)) continue;
      best2 = d2;
      best = std::pair{p, f};
    }
  };
  for (int r = 0; r <= std::max(grid.nx, grid.ny) + 1; ++r) {
    const double nearest_possible = (r - 1) * grid.cell;
    if (r > 1 && nearest_possible * nearest_possible > best2) break;
    for (int i = ci - r; i <= ci + r; ++i) {
      visit(i, cj - r);
      if (r > 0) visit(i, cj + r);
    }
    for (int j = cj - r + 1; j <= cj + r - 1; ++j) {
      visit(ci - r, j);
      visit(ci + r, j);
    }
  }
  if (best) best->first = pulled_inside(data_.mesh, best->second, best->first);
  return best;
}

std::optional<PlaceId> World::find_place(std::string_view id) const {
  const auto at = std::lower_bound(place_names_.begin(), place_names_.end(), id,
                                   [](const auto& entry, std::string_view word) { return entry.first < word; });
  if (at == place_names_.end() || at->first != id) return std::nullopt;
  return at->second;
}

std::span<const PlaceId> World::places_at(FaceId f) const {
  const std::size_t begin = static_cast<std::size_t>(place_begin_[index(f)]);
  return {place_of_face_.data() + begin, static_cast<std::size_t>(place_begin_[index(f) + 1]) - begin};
}

bool World::in_place(FaceId f, PlaceId p) const {
  const auto here = places_at(f);
  return std::find(here.begin(), here.end(), p) != here.end();
}

double World::height_at(Vec2 x, FaceId f) const {
  const auto t = corners(data_.mesh, f);
  const MeshFace& face = data_.mesh.face[index(f)];
  const auto z = [&](std::size_t k) {
    return static_cast<double>(data_.mesh.height[static_cast<std::size_t>(face.vertex[k])]);
  };
  const double total = orient(t[0], t[1], t[2]);
  const double wa = orient(t[1], t[2], x) / total, wb = orient(t[2], t[0], x) / total;
  return wa * z(0) + wb * z(1) + (1.0 - wa - wb) * z(2);
}

std::vector<DoorState> World::initial_doors() const {
  std::vector<DoorState> out;
  for (const Door& door : data_.doors) out.push_back(door.initial);
  return out;
}

}  // namespace throng
