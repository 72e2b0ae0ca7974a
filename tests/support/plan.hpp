#pragma once
#include "sim/world/world.hpp"

#include <array>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Small worlds for tests without city data and without a triangulation library. Plan coordinates [m]: x east, y north,
/// origin at the south-west corner of the drawing.
namespace throng::test {

/// Builds WorldData from convex polygons that fit together: where two polygons of a level touch, they share whole
/// edges.
class WorldBuilder {
 public:
  /// Add a convex polygon, counter-clockwise, fanned into triangles. Returns its faces.
  std::vector<FaceId> ground(const std::vector<Vec2>& polygon, LevelId level = LevelId{0},
                             Surface surface = Surface::pedestrian, double speed_factor = 1.0);
  /// Zero-width barrier along mesh edges between a and b (every edge that lies on the segment).
  void fence(Vec2 a, Vec2 b, LevelId level = LevelId{0}, bool see_through = true);
  /// A door along mesh edges between a and b; forward = from the left to the right of a -> b. Returns its index.
  int gate(std::string id, Vec2 a, Vec2 b, DoorState initial = DoorState::open, LevelId level = LevelId{0},
           double capacity_per_min = 0.0);
  /// Join two levels along edges that both have between a and b.
  void portal(Vec2 a, Vec2 b, LevelId level_a, LevelId level_b);
  /// An area place over the given polygons, which must be unions of faces.
  PlaceId place(std::string id, PlaceKind kind, std::vector<Polygon> areas, LevelId level = LevelId{0},
                ZoneKind zone_kind = ZoneKind::passage);
  /// A line place (an exit drawn as a line, a queue lane, ...).
  PlaceId line_place(std::string id, PlaceKind kind, std::vector<Vec2> line, LevelId level = LevelId{0});
  void counting_line(std::string id, std::vector<Vec2> line, LevelId level = LevelId{0});
  void level_height(LevelId level, double height, std::string name = {});
  /// Border of an area place as a door that closes the area (forward = leaving it). Returns its index.
  int closure(std::string id, PlaceId area, DoorState initial = DoorState::open);

  /// Turn everything by `angle` [rad, counter-clockwise] about the origin, then shift it.
  WorldBuilder& transform(double angle, Vec2 shift);

  WorldData data(std::string name = "plan") const;
  World world(std::string name = "plan") const { return World(data(std::move(name)), "plan"); }
  std::shared_ptr<const World> shared(std::string name = "plan") const {
    return std::make_shared<const World>(data(std::move(name)), "plan");
  }

 private:
  struct Span {
    Vec2 a, b;
    LevelId level{};
    int door = -1;
    LevelId other{};
    bool see_through = false;
  };
  int vertex(Vec2 p, LevelId level);
  void link_faces(WorldData& out) const;
  WorldData data_;
  std::vector<LevelId> vertex_level_;
  std::map<std::array<long long, 3>, int> vertex_at_;
  std::vector<Span> fences_, doors_, portals_;
  std::vector<int> closures_;  // doors that close the area of Door::area
};

/// What a letter of a plan stands for.
struct PlanPlace {
  PlaceKind kind = PlaceKind::zone;
  ZoneKind zone_kind = ZoneKind::passage;
  std::string id;  ///< empty = the letter itself
};

/// The usual letters: D and 1-9 exit, S source, Z zone (standing), W waypoint, V audience, T stay, Q server, L service
/// lane, P perimeter, C area that can be closed (a place and a door of the same id).
std::map<char, PlanPlace> usual_places();

struct PlanSpan {
  std::string id;                       ///< of a gate; unused for fences
  Vec2 a, b;                            ///< plan coordinates, along cell borders
  DoorState initial = DoorState::open;  ///< gates only
};

struct PlanOptions {
  double cell_m = 1.0;  ///< side of a cell
  std::map<char, PlanPlace> places = usual_places();
  std::vector<PlanSpan> fences = {}, gates = {};
  std::vector<PlaceShape> lines = {};  ///< line places in plan coordinates
  double angle = 0.0;                  ///< turn the world by this [rad] ...
  Vec2 shift{};                        ///< ... and move it
};

/// Read a plan: '#' and ' ' no ground, '.' ground, 'a' ground with an agent start, '=' steps (speed factor 0.5),
/// letters and digits by PlanOptions::places. Contiguous equal letters are one place; a second part of the same letter
/// gets the id "D2", and so on in reading order. The first text row is the north; a leading empty row and common
/// indentation are dropped. Two triangles per cell.
WorldBuilder builder_from_plan(std::string_view plan, const PlanOptions& options = {});
World world_from_plan(std::string_view plan, const PlanOptions& options = {});
std::shared_ptr<const World> shared_world_from_plan(std::string_view plan, const PlanOptions& options = {});
/// Centres of the 'a' cells in reading order (north row first).
std::vector<Vec2> start_positions(std::string_view plan, const PlanOptions& options = {});

/// A 10 m wide street along x (length 60 m, level 0, exits "west" and "east" at its ends) and a bridge across it at
/// height 5 m (level 1): ramps north and south of the street lead up from squares with exits "south" and "north" on
/// level 0. The bridge meets the squares at portals; streets and squares are not joined at level 0.
WorldBuilder bridge_over_street();

}  // namespace throng::test
