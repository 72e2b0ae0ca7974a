#pragma once
#include "gis/import.hpp"

#include <map>
#include <string>
#include <vector>

/// What the readers hand to the overlay: classified shapes in projected metres, not yet cut against each other.
namespace throng::gis::detail {

/// Candidate for walkable ground. Where pieces overlap, the higher rank wins (then the smaller Surface value).
struct GroundPiece {
  Polygon shape;
  Surface surface = Surface::undefined;
  int level = 0;
  double speed_factor = 1.0;
  bool over_obstacles = false;  ///< passages under buildings, decks over water: obstacles do not cut it
  std::string source_id;
};

/// A line that becomes ground: centre line, width and how its ends are closed.
struct GroundLine {
  std::vector<Vec2> line;
  double width = 2.0;  ///< [m] (> 0)
  Surface surface = Surface::footway;
  int level = 0;
  double speed_factor = 1.0;
  bool over_obstacles = false;
  bool flat_ends = false;
  double sidewalk_left = 0.0, sidewalk_right = 0.0;  ///< widths of footways along it [m]
  std::string source_id;
};

/// A gap in barriers (gate, entrance): passable over `width` at a point on a barrier line.
struct BarrierGap {
  Vec2 at;
  double width = 1.2;
  bool closed = false;
  std::string source_id, name;
  int level = 0;
};

/// Where a deck or tunnel meets the ground: its end point, the outward direction, and both levels.
struct DeckEnd {
  Vec2 at;
  Vec2 outward;        ///< unit, from the deck towards the other sheet
  double width = 2.0;  ///< [m]
  int level = 1;       ///< of the deck
  int other = 0;       ///< of the sheet that it meets
  std::string source_id;
};

/// An elongated piece above or below the ground, kept apart until it is known whether it needs a sheet of its own.
struct Deck {
  int level = 1;
  std::vector<GroundPiece> pieces;
  std::vector<DeckEnd> ends;
  bool automatic_ends = false;  ///< no ends are known: portals stand where its border and that of the ground coincide
};

struct Layers {
  std::vector<GroundPiece> ground;
  std::vector<GroundLine> lines;
  std::vector<Deck> decks;
  std::vector<Obstacle> obstacles;
  std::vector<Barrier> barriers;
  std::vector<BarrierGap> gaps;
  std::vector<Post> posts;
  std::vector<Portal> portals;  ///< as drawn in a plan
  std::vector<std::vector<Vec2>> coastlines;
  std::vector<Street> streets;
  Box extent;  ///< declared by the data (OSM bounds), may be empty
  std::vector<DataSource> sources;
};

Box bounds_of(const Layers&);
/// Add what was read from one more file.
void append(Layers&, Layers&& more);
/// Nested deeper than any of our files? Such text would overflow the stack of whoever walks over it.
bool nested_too_deeply(const std::string& json);
/// Subtract a local origin from every coordinate.
void shift(Layers&, Vec2 origin);
/// Put everything into an order that does not depend on the order of the files' features.
void sort_canonically(Layers&);

/// Rank by surface class for overlapping ground; larger wins.
int rank_of(Surface);

/// Phase names and wall-clock figures of an import.
class Progress {
 public:
  Progress(const ImportRequest& request, ImportReport& report) : request_(request), report_(report) {}
  void phase(const char* name, double fraction);
  ~Progress();

 private:
  void close();
  const ImportRequest& request_;
  ImportReport& report_;
  const char* name_ = nullptr;
  double started_ = 0.0;
};

/// Collects faults so that all of them are told at once.
class Faults {
 public:
  explicit Faults(std::string file) : file_(std::move(file)) {}
  void add(std::string where, std::string what, std::string value = {}, std::string allowed = {});
  bool empty() const { return faults_.empty(); }
  std::vector<Fault> take() { return std::move(faults_); }

 private:
  std::string file_;
  std::vector<Fault> faults_;
};

std::string read_bytes(const std::filesystem::path&);  ///< whole file. @throws InputError when it cannot be read
DataSource describe(const std::filesystem::path&, const std::string& bytes, std::string kind, std::string licence);
std::string at_text(Vec2);  ///< "(12.34, 56.78)"

}  // namespace throng::gis::detail
