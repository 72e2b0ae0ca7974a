#pragma once
#include "sim/world/world.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// Steps of build_world(), in order: canonical input -> segments -> noding -> faces per level -> sewing -> refinement
/// -> assembly -> audit. Each is a function of plain data.
namespace throng::detail {

/// Collects what build_world() has to tell.
class Notes {
 public:
  void info(std::string code, std::string id, Vec2 at, std::string text) {
    add(std::move(code), "info", std::move(id), at, std::move(text));
  }
  void warning(std::string code, std::string id, Vec2 at, std::string text) {
    add(std::move(code), "warning", std::move(id), at, std::move(text));
  }
  void error(std::string code, std::string id, Vec2 at, std::string text) {
    add(std::move(code), "error", std::move(id), at, std::move(text));
  }
  std::vector<WorldNote> take() { return std::move(notes_); }

 private:
  void add(std::string code, std::string severity, std::string id, Vec2 at, std::string text) {
    notes_.push_back({std::move(code), std::move(severity), std::move(id), at, std::move(text)});
  }
  std::vector<WorldNote> notes_;
};

/// The geometry in an order that depends on its content only, with gates cut out of their barriers.
struct Canonical {
  std::vector<Level> levels;  ///< ascending ids; those that geometry uses are all there
  std::vector<WalkablePart> parts;
  std::vector<Barrier> barriers;
  std::vector<GateSpan> gates;
  std::vector<Portal> portals;
  std::vector<PlaceShape> places;
  std::vector<CountLine> lines;
  std::vector<Post> posts;
  std::set<std::string> city_gates;  ///< ids of the gates that the map shows, rather than the drawing
  int level_row(LevelId) const;
};
Canonical canonical(const SiteGeometry&, Notes&);

/// Remove the spans of gates from the barriers that they stand in.
void cut_gates(std::vector<Barrier>&, const std::vector<GateSpan>&, Notes&);

/// What a constraint edge belongs to. Ends of areas: `object` is a row of Areas; else of the list in Canonical.
enum class EdgeKind : std::uint8_t { area, barrier, gate, place_line, count_line, portal };
struct EdgeLabel {
  std::int32_t level = 0;     ///< row of Canonical::levels
  std::int32_t u = 0, v = 0;  ///< u < v
  EdgeKind kind{};
  std::int32_t object = 0;
  bool along = true;  ///< the object runs from u to v
};

/// One polygon of a walkable part or of a place.
struct AreaItem {
  std::int32_t part = -1, place = -1;
};

struct Arrangement {
  std::vector<Vec2> vertex;
  std::vector<EdgeLabel> label;     ///< by level, u, v, kind, object
  std::vector<std::int32_t> group;  ///< labels of one edge: label[group[g]] .. label[group[g + 1] - 1]
  std::vector<AreaItem> item;
  std::span<const EdgeLabel> labels(std::int32_t g) const {
    if (g < 0) return {};
    const auto begin = static_cast<std::size_t>(group[static_cast<std::size_t>(g)]);
    return {label.data() + begin, static_cast<std::size_t>(group[static_cast<std::size_t>(g) + 1]) - begin};
  }
};
Arrangement arrange(const Canonical&, double tolerance, Notes&);

/// A walkable triangle while the mesh is being made.
struct DraftFace {
  std::array<std::int32_t, 3> vertex{};  ///< of Draft::vertex
  std::array<std::int32_t, 3> neighbour{-1, -1, -1};
  std::array<std::int32_t, 3> barrier{edge_wall, edge_wall, edge_wall};
  std::array<std::int32_t, 3> group{-1, -1, -1};  ///< edge group of the arrangement
  std::int32_t level = 0;                         ///< row of Canonical::levels
  std::int32_t part = -1;                         ///< gives surface and speed
  std::int32_t places = 0;                        ///< row of Draft::place_sets
};
struct DraftVertex {
  Vec2 position;
  std::int32_t level = 0;
  float height = 0.0F;
};
struct Draft {
  std::vector<DraftVertex> vertex;
  std::vector<DraftFace> face;
  std::vector<std::vector<std::int32_t>> place_sets;  ///< places that cover a face, ascending
  std::vector<SheetLink> links;
};
/// Triangulate each level and keep what walkable parts cover.
Draft triangulate_levels(const Canonical&, const Arrangement&, Notes&);

/// Doors: the gates in their order, then the closure areas. `closure_door` gives the door of a place or -1.
std::vector<Door> make_doors(const Canonical&, std::vector<std::int32_t>& closure_door);
/// Join sheets at portals; severs ground that goes on below the end of a deck. Sets heights at portals.
void sew_portals(Draft&, const Canonical&, const Arrangement&, Notes&);
/// What stands on each edge.
void set_barriers(Draft&, const Canonical&, const Arrangement&, const std::vector<std::int32_t>& closure_door, Notes&);

/// Halve edges longer than `max_edge` [m], longest first, on both sides of sheets.
void refine(Draft&, double max_edge);

/// Drop parts of the ground that nothing needs, order faces and vertices along a Morton curve, fill in doors and
/// places.
WorldData assemble(const SiteGeometry&, const Canonical&, const Arrangement&, Draft, std::vector<Door>,
                   const BuildOptions&, Notes&);

/// Everything to tell about a compiled world: reachability, places without ground, lanes, mesh quality.
void audit(const World&, const Canonical&, Notes&);
/// Clear width and continuity of service lanes.
void audit_lanes(const World&, Notes&);

std::string metres(double value, int digits = 2);  ///< "12.34"

}  // namespace throng::detail
