#include "tests/support/plan.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

namespace throng::test {
namespace {

constexpr double snap = 1e-6;  // vertices closer than this are one [m]

bool on_segment(Vec2 p, Vec2 a, Vec2 b) { return distance(nearest_on_segment(p, a, b), p) < 1e-5; }

Vec2 turned(Vec2 p, double cosine, double sine, Vec2 shift) {
  return Vec2{cosine * p.x - sine * p.y, sine * p.x + cosine * p.y} + shift;
}

Vec2 face_centre(const WalkableMesh& mesh, const MeshFace& face) {
  Vec2 sum{};
  for (const int v : face.vertex) sum += mesh.vertex[static_cast<std::size_t>(v)];
  return sum / 3.0;
}

double triangle_area(const WalkableMesh& mesh, const MeshFace& face) {
  const auto at = [&](int k) {
    return mesh.vertex[static_cast<std::size_t>(face.vertex[static_cast<std::size_t>(k)])];
  };
  return 0.5 * orient(at(0), at(1), at(2));
}

bool segments_meet(Vec2 a, Vec2 b, Vec2 c, Vec2 d) {
  const double o1 = orient(a, b, c), o2 = orient(a, b, d), o3 = orient(c, d, a), o4 = orient(c, d, b);
  if (((o1 > 0) != (o2 > 0)) && ((o3 > 0) != (o4 > 0))) return true;
  return on_segment(c, a, b) || on_segment(d, a, b) || on_segment(a, c, d) || on_segment(b, c, d);
}

bool line_touches(const std::vector<Vec2>& line, const WalkableMesh& mesh, const MeshFace& face) {
  std::array<Vec2, 3> t{};
  for (std::size_t k = 0; k < 3; ++k) t[k] = mesh.vertex[static_cast<std::size_t>(face.vertex[k])];
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vec2 a = line[i], b = line[i + 1];
    const bool inside = orient(t[0], t[1], a) >= 0 && orient(t[1], t[2], a) >= 0 && orient(t[2], t[0], a) >= 0;
    if (inside) return true;
    for (std::size_t k = 0; k < 3; ++k)
      if (segments_meet(a, b, t[k], t[(k + 1) % 3])) return true;
  }
  return false;
}

}  // namespace

int WorldBuilder::vertex(Vec2 p, LevelId level) {
  const std::array<long long, 3> key{std::llround(p.x / snap), std::llround(p.y / snap), static_cast<long long>(level)};
  const auto [entry, added] = vertex_at_.try_emplace(key, static_cast<int>(data_.mesh.vertex.size()));
  if (added) {
    data_.mesh.vertex.push_back(p);
    vertex_level_.push_back(level);
  }
  return entry->second;
}

std::vector<FaceId> WorldBuilder::ground(const std::vector<Vec2>& polygon, LevelId level, Surface surface,
                                         double speed_factor) {
  std::vector<FaceId> added;
  for (std::size_t k = 1; k + 1 < polygon.size(); ++k) {
    MeshFace face;
    face.vertex = {vertex(polygon[0], level), vertex(polygon[k], level), vertex(polygon[k + 1], level)};
    face.level = level;
    face.surface = surface;
    face.speed_factor = static_cast<float>(speed_factor);
    if (triangle_area(data_.mesh, face) <= 0.0) throw std::invalid_argument("ground must be counter-clockwise");
    added.push_back(FaceId{static_cast<std::int32_t>(data_.mesh.face.size())});
    data_.mesh.face.push_back(face);
  }
  return added;
}

void WorldBuilder::fence(Vec2 a, Vec2 b, LevelId level, bool see_through) {
  fences_.push_back({a, b, level});
  fences_.back().see_through = see_through;
}

int WorldBuilder::gate(std::string id, Vec2 a, Vec2 b, DoorState initial, LevelId level, double capacity_per_min) {
  Door door;
  door.name = id;
  door.id = std::move(id);
  door.segments = {{a, b}};
  door.level = level;
  door.width = distance(a, b);
  door.initial = initial;
  door.capacity_per_min = capacity_per_min;
  data_.doors.push_back(door);
  const int index = static_cast<int>(data_.doors.size()) - 1;
  doors_.push_back({a, b, level, index});
  return index;
}

void WorldBuilder::portal(Vec2 a, Vec2 b, LevelId level_a, LevelId level_b) {
  portals_.push_back({a, b, level_a, -1, level_b});
  data_.links.push_back({level_a, level_b, a, b});
}

PlaceId WorldBuilder::place(std::string id, PlaceKind kind, std::vector<Polygon> areas, LevelId level,
                            ZoneKind zone_kind) {
  Place place;
  place.shape.name = id;
  place.shape.id = std::move(id);
  place.shape.kind = kind;
  place.shape.zone_kind = zone_kind;
  place.shape.level = level;
  place.shape.areas = std::move(areas);
  data_.places.push_back(std::move(place));
  return PlaceId{static_cast<std::int32_t>(data_.places.size()) - 1};
}

PlaceId WorldBuilder::line_place(std::string id, PlaceKind kind, std::vector<Vec2> line, LevelId level) {
  const PlaceId added = this->place(std::move(id), kind, {}, level);
  data_.places.back().shape.line = std::move(line);
  return added;
}

void WorldBuilder::counting_line(std::string id, std::vector<Vec2> line, LevelId level) {
  double length = 0.0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) length += distance(line[i], line[i + 1]);
  data_.lines.push_back({id, id, std::move(line), level, length});
}

void WorldBuilder::level_height(LevelId level, double height, std::string name) {
  data_.levels.push_back({level, std::move(name), height});
}

int WorldBuilder::closure(std::string id, PlaceId area, DoorState initial) {
  Door door;
  door.name = id;
  door.id = std::move(id);
  door.is_area = true;
  door.area = area;
  door.initial = initial;
  door.level = data_.places[index(area)].shape.level;
  data_.doors.push_back(door);
  closures_.push_back(static_cast<int>(data_.doors.size()) - 1);
  return closures_.back();
}

WorldBuilder& WorldBuilder::transform(double angle, Vec2 shift) {
  const double c = std::cos(angle), s = std::sin(angle);
  const auto move = [&](Vec2& p) { p = turned(p, c, s, shift); };
  for (Vec2& p : data_.mesh.vertex) move(p);
  vertex_at_.clear();
  for (std::size_t v = 0; v < data_.mesh.vertex.size(); ++v) {
    const Vec2 p = data_.mesh.vertex[v];
    vertex_at_[{std::llround(p.x / snap), std::llround(p.y / snap), static_cast<long long>(vertex_level_[v])}] =
        static_cast<int>(v);
  }
  for (Door& door : data_.doors)
    for (auto& segment : door.segments) move(segment[0]), move(segment[1]);
  for (Place& place : data_.places) {
    for (Polygon& area : place.shape.areas) {
      for (Vec2& p : area.outer) move(p);
      for (Ring& hole : area.holes)
        for (Vec2& p : hole) move(p);
    }
    for (Vec2& p : place.shape.line) move(p);
  }
  for (MeasurementLine& line : data_.lines)
    for (Vec2& p : line.line) move(p);
  for (SheetLink& link : data_.links) move(link.p), move(link.q);
  for (auto* spans : {&fences_, &doors_, &portals_})
    for (Span& span : *spans) move(span.a), move(span.b);
  return *this;
}

void WorldBuilder::link_faces(WorldData& out) const {
  WalkableMesh& mesh = out.mesh;
  struct Side {
    int face, edge;
  };
  std::map<std::pair<int, int>, Side> sides;  // directed edge -> face on its left
  for (std::size_t f = 0; f < mesh.face.size(); ++f)
    for (std::size_t k = 0; k < 3; ++k) {
      const auto& v = mesh.face[f].vertex;
      if (!sides.try_emplace({v[k], v[(k + 1) % 3]}, Side{static_cast<int>(f), static_cast<int>(k)}).second)
        throw std::invalid_argument("polygons overlap");
    }
  const auto twin_of = [&](int from, int to) -> const Side* {
    if (const auto same = sides.find({to, from}); same != sides.end()) return &same->second;
    const Vec2 p = mesh.vertex[static_cast<std::size_t>(from)], q = mesh.vertex[static_cast<std::size_t>(to)];
    const LevelId level = vertex_level_[static_cast<std::size_t>(from)];
    for (const Span& portal : portals_) {
      if (level != portal.level && level != portal.other) continue;
      if (!on_segment(p, portal.a, portal.b) || !on_segment(q, portal.a, portal.b)) continue;
      const LevelId other = level == portal.level ? portal.other : portal.level;
      const auto key = [&](Vec2 x) {
        return std::array<long long, 3>{std::llround(x.x / snap), std::llround(x.y / snap),
                                        static_cast<long long>(other)};
      };
      const auto op = vertex_at_.find(key(p)), oq = vertex_at_.find(key(q));
      if (op == vertex_at_.end() || oq == vertex_at_.end()) continue;
      if (const auto far = sides.find({oq->second, op->second}); far != sides.end()) return &far->second;
    }
    return nullptr;
  };
  for (const auto& [ends, side] : sides) {
    MeshFace& face = mesh.face[static_cast<std::size_t>(side.face)];
    const auto k = static_cast<std::size_t>(side.edge);
    const Side* twin = twin_of(ends.first, ends.second);
    if (twin == nullptr) continue;
    face.neighbour[k] = twin->face;
    face.barrier[k] = edge_open;
    const Vec2 p = mesh.vertex[static_cast<std::size_t>(ends.first)];
    const Vec2 q = mesh.vertex[static_cast<std::size_t>(ends.second)];
    bool clear = true;  // several fences on one edge: all must be
    for (const Span& fence : fences_)
      if (fence.level == face.level && on_segment(p, fence.a, fence.b) && on_segment(q, fence.a, fence.b)) {
        face.barrier[k] = edge_wall;
        clear = clear && fence.see_through;
      }
    for (const Span& door : doors_)
      if (door.level == face.level && on_segment(p, door.a, door.b) && on_segment(q, door.a, door.b))
        face.barrier[k] = 2 * door.door + (dot(q - p, door.b - door.a) > 0.0 ? 0 : 1);
    if (face.barrier[k] == edge_wall && clear) out.see_through.push_back(3 * side.face + side.edge);
  }
  std::sort(out.see_through.begin(), out.see_through.end());
}

WorldData WorldBuilder::data(std::string name) const {
  WorldData out = data_;
  out.name = std::move(name);
  out.frame.crs = "local";
  const auto add_level = [&](LevelId id) {
    for (const Level& level : out.levels)
      if (level.id == id) return;
    out.levels.push_back({id, "level " + std::to_string(static_cast<int>(id)), 4.0 * static_cast<double>(id)});
  };
  for (const MeshFace& face : out.mesh.face) add_level(face.level);
  std::sort(out.levels.begin(), out.levels.end(), [](const Level& a, const Level& b) { return a.id < b.id; });
  const auto height_of = [&](LevelId id) {
    for (const Level& level : out.levels)
      if (level.id == id) return static_cast<float>(level.height);
    return 0.0F;
  };
  for (const LevelId level : vertex_level_) out.mesh.height.push_back(height_of(level));
  link_faces(out);
  for (std::size_t i = 0; i < out.places.size(); ++i) {
    Place& place = out.places[i];
    for (std::size_t f = 0; f < out.mesh.face.size(); ++f) {
      const MeshFace& face = out.mesh.face[f];
      if (face.level != place.shape.level) continue;
      bool covers = !place.shape.line.empty() && line_touches(place.shape.line, out.mesh, face);
      for (const Polygon& area : place.shape.areas) covers = covers || contains(area, face_centre(out.mesh, face));
      if (!covers) continue;
      place.faces.push_back(FaceId{static_cast<std::int32_t>(f)});
      if (place.shape.line.empty()) place.area += triangle_area(out.mesh, face);
    }
    if (place.shape.kind == PlaceKind::zone)
      out.zones.push_back(
          {place.shape.id, place.shape.name, place.shape.zone_kind, PlaceId{static_cast<std::int32_t>(i)}, place.area});
  }
  for (const int d : closures_) {
    Door& door = out.doors[static_cast<std::size_t>(d)];
    const auto& faces = out.places[index(door.area)].faces;
    const auto inside = [&](int f) {
      return std::binary_search(faces.begin(), faces.end(), FaceId{static_cast<std::int32_t>(f)});
    };
    for (const FaceId f : faces) {
      MeshFace& face = out.mesh.face[index(f)];
      for (std::size_t k = 0; k < 3; ++k) {
        if (face.barrier[k] != edge_open || inside(face.neighbour[k])) continue;
        const int p = face.vertex[k], q = face.vertex[(k + 1) % 3];
        door.segments.push_back(
            {out.mesh.vertex[static_cast<std::size_t>(p)], out.mesh.vertex[static_cast<std::size_t>(q)]});
        door.width += distance(door.segments.back()[0], door.segments.back()[1]);
        face.barrier[k] = 2 * d;
        MeshFace& other = out.mesh.face[static_cast<std::size_t>(face.neighbour[k])];
        for (std::size_t m = 0; m < 3; ++m)
          if (other.neighbour[m] == static_cast<int>(index(f)) && other.barrier[m] == edge_open)
            other.barrier[m] = 2 * d + 1;
      }
    }
  }
  return out;
}

std::map<char, PlanPlace> usual_places() {
  std::map<char, PlanPlace> out{{'D', {PlaceKind::exit, {}, ""}},
                                {'S', {PlaceKind::source, {}, ""}},
                                {'Z', {PlaceKind::zone, ZoneKind::standing, ""}},
                                {'W', {PlaceKind::waypoint, {}, ""}},
                                {'V', {PlaceKind::audience, {}, ""}},
                                {'T', {PlaceKind::stay, {}, ""}},
                                {'Q', {PlaceKind::server, {}, ""}},
                                {'L', {PlaceKind::service_lane, {}, ""}},
                                {'P', {PlaceKind::perimeter, {}, ""}},
                                {'C', {PlaceKind::closure, {}, ""}}};
  for (char digit = '1'; digit <= '9'; ++digit) out[digit] = {PlaceKind::exit, {}, ""};
  return out;
}

namespace {

/// Rows of a plan without the frame of blank rows and indentation.
std::vector<std::string> rows_of(std::string_view plan) {
  std::vector<std::string> rows(1);
  for (const char c : plan) {
    if (c == '\n')
      rows.emplace_back();
    else if (c != '\r')
      rows.back() += c;
  }
  const auto blank = [](const std::string& row) { return row.find_first_not_of(" \t") == std::string::npos; };
  while (!rows.empty() && blank(rows.back())) rows.pop_back();
  while (!rows.empty() && blank(rows.front())) rows.erase(rows.begin());
  std::size_t indent = std::string::npos;
  for (const std::string& row : rows)
    if (!blank(row)) indent = std::min(indent, row.find_first_not_of(' '));
  std::size_t width = 0;
  for (std::string& row : rows) {
    row.erase(0, std::min(indent, row.size()));
    while (!row.empty() && row.back() == ' ') row.pop_back();
    width = std::max(width, row.size());
  }
  for (std::string& row : rows) row.resize(width, ' ');
  return rows;
}

Ring rectangle(double x0, double y0, double x1, double y1) { return {{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}; }

/// Rows x columns of the contiguous part that holds (row, column); marks it as done.
std::vector<std::array<int, 2>> flood(const std::vector<std::string>& rows, std::vector<std::string>& done, int row,
                                      int column) {
  const char letter = rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
  std::vector<std::array<int, 2>> part{{row, column}};
  done[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)] = 'x';
  for (std::size_t i = 0; i < part.size(); ++i)
    for (const auto& step : {std::array{0, 1}, std::array{0, -1}, std::array{1, 0}, std::array{-1, 0}}) {
      const int r = part[i][0] + step[0], c = part[i][1] + step[1];
      if (r < 0 || c < 0 || r >= static_cast<int>(rows.size()) || c >= static_cast<int>(rows[0].size())) continue;
      const auto ur = static_cast<std::size_t>(r), uc = static_cast<std::size_t>(c);
      if (rows[ur][uc] != letter || done[ur][uc] == 'x') continue;
      done[ur][uc] = 'x';
      part.push_back({r, c});
    }
  std::sort(part.begin(), part.end());
  return part;
}

/// Cells merged to as few rectangles as runs allow; one when the part is a rectangle.
std::vector<Polygon> rectangles(const std::vector<std::array<int, 2>>& cells, int n_rows, double size) {
  struct Run {
    int row0, row1, c0, c1;
  };
  std::vector<Run> runs;
  for (std::size_t i = 0; i < cells.size();) {
    std::size_t j = i + 1;
    while (j < cells.size() && cells[j][0] == cells[i][0] && cells[j][1] == cells[j - 1][1] + 1) ++j;
    const Run run{cells[i][0], cells[i][0], cells[i][1], cells[j - 1][1]};
    i = j;
    const auto above = std::find_if(runs.begin(), runs.end(), [&](const Run& r) {
      return r.row1 == run.row0 - 1 && r.c0 == run.c0 && r.c1 == run.c1;
    });
    if (above != runs.end())
      above->row1 = run.row0;
    else
      runs.push_back(run);
  }
  std::vector<Polygon> out;
  for (const Run& r : runs)
    out.push_back(
        {rectangle(r.c0 * size, (n_rows - 1 - r.row1) * size, (r.c1 + 1) * size, (n_rows - r.row0) * size), {}});
  return out;
}

}  // namespace

WorldBuilder builder_from_plan(std::string_view plan, const PlanOptions& options) {
  const std::vector<std::string> rows = rows_of(plan);
  const int n_rows = static_cast<int>(rows.size());
  const double size = options.cell_m;
  WorldBuilder builder;
  for (int r = n_rows - 1; r >= 0; --r)
    for (std::size_t c = 0; c < rows[0].size(); ++c) {
      const char letter = rows[static_cast<std::size_t>(r)][c];
      if (letter == '#' || letter == ' ') continue;
      if (letter != '.' && letter != 'a' && letter != '=' && !options.places.contains(letter))
        throw std::invalid_argument(std::string("unknown letter in plan: ") + letter);
      const double x = static_cast<double>(c) * size, y = (n_rows - 1 - r) * size;
      const bool steps = letter == '=';
      builder.ground(rectangle(x, y, x + size, y + size), LevelId{0}, steps ? Surface::steps : Surface::pedestrian,
                     steps ? 0.5 : 1.0);
    }
  std::vector<std::string> done = rows;
  std::map<std::string, int> parts;
  for (int r = 0; r < n_rows; ++r)
    for (int c = 0; c < static_cast<int>(rows[0].size()); ++c) {
      const char letter = rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
      const auto known = options.places.find(letter);
      if (known == options.places.end() || done[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] == 'x')
        continue;
      const auto cells = flood(rows, done, r, c);
      std::string id = known->second.id.empty() ? std::string(1, letter) : known->second.id;
      if (const int part = ++parts[id]; part > 1) id += std::to_string(part);
      const PlaceId place =
          builder.place(id, known->second.kind, rectangles(cells, n_rows, size), LevelId{0}, known->second.zone_kind);
      if (known->second.kind == PlaceKind::closure) builder.closure(id, place);
    }
  for (const PlanSpan& fence : options.fences) builder.fence(fence.a, fence.b);
  for (const PlanSpan& gate : options.gates) builder.gate(gate.id, gate.a, gate.b, gate.initial);
  for (const PlaceShape& line : options.lines) builder.line_place(line.id, line.kind, line.line, line.level);
  if (options.angle != 0.0 || options.shift != Vec2{}) builder.transform(options.angle, options.shift);
  return builder;
}

World world_from_plan(std::string_view plan, const PlanOptions& options) {
  return builder_from_plan(plan, options).world();
}

std::shared_ptr<const World> shared_world_from_plan(std::string_view plan, const PlanOptions& options) {
  return builder_from_plan(plan, options).shared();
}

std::vector<Vec2> start_positions(std::string_view plan, const PlanOptions& options) {
  const std::vector<std::string> rows = rows_of(plan);
  const double c = std::cos(options.angle), s = std::sin(options.angle);
  std::vector<Vec2> out;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t k = 0; k < rows[r].size(); ++k)
      if (rows[r][k] == 'a')
        out.push_back(turned({(static_cast<double>(k) + 0.5) * options.cell_m,
                              (static_cast<double>(rows.size() - r) - 0.5) * options.cell_m},
                             c, s, options.shift));
  return out;
}

WorldBuilder bridge_over_street() {
  const LevelId street{0}, deck{1};
  WorldBuilder builder;
  builder.level_height(street, 0.0, "street");
  builder.level_height(deck, 5.0, "bridge");
  const auto box = [&](double x0, double y0, double x1, double y1, LevelId level, Surface surface = Surface::pedestrian,
                       double factor = 1.0) { builder.ground(rectangle(x0, y0, x1, y1), level, surface, factor); };
  for (double x = 0.0; x < 60.0; x += 2.0) box(x, 20.0, x + 2.0, 30.0, street);
  for (double x = 20.0; x < 40.0; x += 4.0) {
    box(x, 0.0, x + 4.0, 12.0, street);
    box(x, 38.0, x + 4.0, 50.0, street);
  }
  for (double y = 12.0; y < 38.0; y += 2.0) box(28.0, y, 32.0, y + 2.0, deck, Surface::bridge);
  builder.portal({28.0, 12.0}, {32.0, 12.0}, street, deck);
  builder.portal({28.0, 38.0}, {32.0, 38.0}, street, deck);
  builder.place("west", PlaceKind::exit, {{rectangle(0.0, 20.0, 2.0, 30.0), {}}}, street);
  builder.place("east", PlaceKind::exit, {{rectangle(58.0, 20.0, 60.0, 30.0), {}}}, street);
  builder.place("south", PlaceKind::exit, {{rectangle(20.0, 0.0, 24.0, 12.0), {}}}, street);
  builder.place("north", PlaceKind::exit, {{rectangle(36.0, 38.0, 40.0, 50.0), {}}}, street);
  return builder;
}

}  // namespace throng::test
