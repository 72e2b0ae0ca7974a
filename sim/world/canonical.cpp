#include "sim/world/detail/compile.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace throng::detail {
namespace {

/// Sort key of an object: names first, then every coordinate.
struct Key {
  std::vector<std::string> words;
  std::vector<double> numbers;
  friend bool operator<(const Key& a, const Key& b) {
    return a.words != b.words ? a.words < b.words : a.numbers < b.numbers;
  }
  void add(LevelId level) { numbers.push_back(static_cast<double>(level)); }
  void add(const std::vector<Vec2>& points) {
    numbers.push_back(static_cast<double>(points.size()));
    for (const Vec2 p : points) numbers.insert(numbers.end(), {p.x, p.y});
  }
  void add(const Polygon& polygon) {
    add(polygon.outer);
    for (const Ring& hole : polygon.holes) add(hole);
  }
};

Key key_of(const WalkablePart& part) {
  Key key{{part.source_id}, {}};
  key.add(part.level);
  key.add(part.shape);
  key.numbers.insert(key.numbers.end(), {static_cast<double>(part.surface), part.speed_factor});
  return key;
}
Key key_of(const Barrier& barrier) {
  Key key{{barrier.source_id}, {}};
  key.add(barrier.level);
  key.add(barrier.line);
  key.numbers.insert(key.numbers.end(), {static_cast<double>(barrier.kind), barrier.see_through ? 1.0 : 0.0});
  return key;
}
Key key_of(const GateSpan& gate) {
  Key key{{gate.id, gate.name}, {}};
  key.add(gate.level);
  key.add(std::vector{gate.a, gate.b});
  return key;
}
Key key_of(const Portal& portal) {
  Key key{{portal.source_id}, {}};
  key.add(portal.level_a);
  key.add(portal.level_b);
  key.add(std::vector{portal.a, portal.b});
  return key;
}
Key key_of(const PlaceShape& place) {
  Key key{{place.id, place.name}, {}};
  key.add(place.level);
  for (const Polygon& area : place.areas) key.add(area);
  key.add(place.line);
  return key;
}
Key key_of(const CountLine& line) {
  Key key{{line.id, line.name}, {}};
  key.add(line.level);
  key.add(line.line);
  return key;
}
Key key_of(const Post& post) {
  Key key{{post.source_id}, {}};
  key.add(post.level);
  key.add(std::vector{post.position});
  key.numbers.push_back(post.radius);
  return key;
}

template <class T>
std::vector<T> in_order(const std::vector<T>& items) {
  std::vector<std::pair<Key, std::size_t>> order;
  for (std::size_t i = 0; i < items.size(); ++i) order.emplace_back(key_of(items[i]), i);
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<T> out;
  for (const auto& [key, i] : order) out.push_back(items[i]);
  return out;
}

bool usable(Vec2 p) { return std::fabs(p.x) < 1e7 && std::fabs(p.y) < 1e7; }
bool usable(const std::vector<Vec2>& points, std::size_t least) {
  return points.size() >= least && std::all_of(points.begin(), points.end(), [](Vec2 p) { return usable(p); });
}
bool usable(const Polygon& polygon) {
  return usable(polygon.outer, 3) &&
         std::all_of(polygon.holes.begin(), polygon.holes.end(), [](const Ring& r) { return usable(r, 3); });
}

/// Keep what is usable; everything else is a note.
template <class T, class Test, class Name>
void keep(std::vector<T>& items, Test&& test, Name&& name, Notes& notes) {
  std::erase_if(items, [&](const T& item) {
    const bool bad = !test(item);
    if (bad) notes.error("G106", name(item), {}, "left out: too few points, or a coordinate that is not a number");
    return bad;
  });
}

template <class T>
void keep_first_of_id(std::vector<T>& items, std::set<std::string>& seen, const char* what, Notes& notes) {
  std::erase_if(items, [&](const T& item) {
    if (item.id.empty()) {
      notes.error("E640", "", {}, std::string("a ") + what + " without id was left out");
      return true;
    }
    if (seen.insert(item.id).second) return false;
    notes.error("E640", item.id, {}, std::string("a second ") + what + " with this id was left out");
    return true;
  });
}

void add_missing_levels(Canonical& out) {
  const auto need = [&](LevelId id) {
    for (const Level& level : out.levels)
      if (level.id == id) return;
    out.levels.push_back({id, "level " + std::to_string(static_cast<int>(id)), 4.0 * static_cast<double>(id)});
  };
  for (const auto& part : out.parts) need(part.level);
  for (const auto& barrier : out.barriers) need(barrier.level);
  for (const auto& gate : out.gates) need(gate.level);
  for (const auto& place : out.places) need(place.level);
  for (const auto& line : out.lines) need(line.level);
  for (const auto& post : out.posts) need(post.level);
  for (const auto& portal : out.portals) need(portal.level_a), need(portal.level_b);
  std::stable_sort(out.levels.begin(), out.levels.end(), [](const Level& a, const Level& b) { return a.id < b.id; });
  out.levels.erase(
      std::unique(out.levels.begin(), out.levels.end(), [](const Level& a, const Level& b) { return a.id == b.id; }),
      out.levels.end());
}

}  // namespace

int Canonical::level_row(LevelId id) const {
  const auto at = std::lower_bound(levels.begin(), levels.end(), id,
                                   [](const Level& level, LevelId value) { return level.id < value; });
  return static_cast<int>(at - levels.begin());
}

Canonical canonical(const SiteGeometry& site, Notes& notes) {
  Canonical out;
  out.levels = site.levels;
  out.parts = in_order(site.walkable);
  out.barriers = in_order(site.barriers);
  out.gates = in_order(site.gates);
  out.portals = in_order(site.portals);
  out.places = in_order(site.event.places);
  out.lines = in_order(site.event.lines);
  out.posts = in_order(site.posts);
  for (const GateSpan& gate : site.base.gates) out.city_gates.insert(gate.id);
  for (const GateSpan& gate : site.event.gates) out.city_gates.erase(gate.id);
  keep(
      out.parts, [](const WalkablePart& p) { return usable(p.shape); }, [](const auto& p) { return p.source_id; },
      notes);
  keep(
      out.barriers, [](const Barrier& b) { return usable(b.line, 2); }, [](const auto& b) { return b.source_id; },
      notes);
  keep(
      out.gates, [](const GateSpan& g) { return usable(g.a) && usable(g.b) && !(g.a == g.b); },
      [](const auto& g) { return g.id; }, notes);
  keep(
      out.portals, [](const Portal& p) { return usable(p.a) && usable(p.b); },
      [](const auto& p) { return p.source_id; }, notes);
  keep(
      out.places,
      [](const PlaceShape& p) {
        const bool areas = std::all_of(p.areas.begin(), p.areas.end(), [](const Polygon& a) { return usable(a); });
        return p.line.empty() ? areas && !p.areas.empty() : areas && usable(p.line, 2);
      },
      [](const auto& p) { return p.id; }, notes);
  keep(
      out.lines, [](const CountLine& l) { return usable(l.line, 2); }, [](const auto& l) { return l.id; }, notes);
  keep(
      out.posts, [](const Post& p) { return usable(p.position) && p.radius > 0.0; },
      [](const auto& p) { return p.source_id; }, notes);
  for (WalkablePart& part : out.parts)
    if (!(part.speed_factor > 0.0 && part.speed_factor <= 1.2)) {
      notes.warning("G314", part.source_id, centroid(part.shape), "the speed factor was out of (0, 1.2] and is now 1");
      part.speed_factor = 1.0;
    }
  std::set<std::string> place_ids, door_ids, line_ids;
  keep_first_of_id(out.places, place_ids, "place", notes);
  for (const PlaceShape& place : out.places)
    if (place.kind == PlaceKind::closure) door_ids.insert(place.id);  // closure areas are doors, too
  keep_first_of_id(out.gates, door_ids, "gate", notes);
  keep_first_of_id(out.lines, line_ids, "counting line", notes);
  add_missing_levels(out);
  cut_gates(out.barriers, out.gates, notes);
  return out;
}

}  // namespace throng::detail
