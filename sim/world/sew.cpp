#include "sim/world/detail/compile.hpp"

#include <algorithm>

namespace throng::detail {
namespace {

/// A face beside one piece of a portal.
struct Side {
  std::int32_t portal = 0, u = 0, v = 0;  // the piece
  std::int32_t level = 0;
  bool left = false;  // of a -> b
  std::int32_t face = -1, edge = -1;
};

Vec2 start_of(const Draft& draft, const DraftFace& face, std::size_t k) {
  return draft.vertex[static_cast<std::size_t>(face.vertex[k % 3])].position;
}

std::vector<Side> portal_sides(const Draft& draft, const Arrangement& arrangement) {
  std::vector<Side> out;
  for (std::size_t f = 0; f < draft.face.size(); ++f) {
    const DraftFace& face = draft.face[f];
    for (std::size_t k = 0; k < 3; ++k)
      for (const EdgeLabel& label : arrangement.labels(face.group[k])) {
        if (label.kind != EdgeKind::portal) continue;
        const bool from_u = start_of(draft, face, k) == arrangement.vertex[static_cast<std::size_t>(label.u)];
        out.push_back({label.object, label.u, label.v, face.level, from_u == label.along, static_cast<std::int32_t>(f),
                       static_cast<std::int32_t>(k)});
      }
  }
  std::sort(out.begin(), out.end(), [](const Side& a, const Side& b) {
    return std::tuple(a.portal, a.u, a.v, a.level, a.left) < std::tuple(b.portal, b.u, b.v, b.level, b.left);
  });
  return out;
}

/// The four faces around a piece of a portal: [sheet a or b][left of a -> b].
struct Piece {
  std::array<std::array<const Side*, 2>, 2> side{};
  double length = 0.0;
};

std::vector<Piece> pieces_of(std::span<const Side> sides, std::int32_t level_a, const Arrangement& arrangement) {
  std::vector<Piece> out;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const Side& s = sides[i];
    if (i == 0 || s.u != sides[i - 1].u || s.v != sides[i - 1].v) {
      out.emplace_back();
      out.back().length = distance(arrangement.vertex[static_cast<std::size_t>(s.u)],
                                   arrangement.vertex[static_cast<std::size_t>(s.v)]);
    }
    out.back().side[s.level == level_a ? 0 : 1][s.left ? 1 : 0] = &s;
  }
  return out;
}

class Sewer {
 public:
  Sewer(Draft& draft, const Canonical& in, const Arrangement& arrangement, Notes& notes)
      : draft_(draft), in_(in), arrangement_(arrangement), notes_(notes) {}

  void run() {
    const std::vector<Side> sides = portal_sides(draft_, arrangement_);
    for (std::size_t p = 0; p < in_.portals.size(); ++p) {
      const auto [begin, end] =
          std::equal_range(sides.begin(), sides.end(), Side{.portal = static_cast<std::int32_t>(p)},
                           [](const Side& a, const Side& b) { return a.portal < b.portal; });
      sew(in_.portals[p], {begin, end});
    }
    check_widths();
  }

 private:
  void sew(const Portal& portal, std::span<const Side> sides) {
    const Vec2 middle = 0.5 * (portal.a + portal.b);
    if (portal.level_a == portal.level_b) {
      notes_.error("G311", portal.source_id, middle, "the portal joins a level to itself");
      return;
    }
    const auto pieces = pieces_of(sides, in_.level_row(portal.level_a), arrangement_);
    // A walker leaves one sheet on one side and arrives on the other: left of a meets right of b, or the reverse.
    double straight = 0.0, reversed = 0.0;
    for (const Piece& piece : pieces) {
      if (piece.side[0][1] && piece.side[1][0]) straight += piece.length;
      if (piece.side[0][0] && piece.side[1][1]) reversed += piece.length;
    }
    if (straight == 0.0 && reversed == 0.0) {
      notes_.error("G311", portal.source_id, middle,
                   "the portal joins nothing: the two sheets have no ground on opposite sides of it");
      return;
    }
    if (straight > 0.0 && reversed > 0.0)
      notes_.warning("G315", portal.source_id, middle,
                     "both sheets go on behind the portal; they are joined one way only and cut there");
    const std::size_t left = straight >= reversed ? 1 : 0;
    for (const Piece& piece : pieces) join(piece, left);
    draft_.links.push_back({portal.level_a, portal.level_b, portal.a, portal.b});
    sewn_.push_back({&portal, std::max(straight, reversed)});
  }

  /// A wide way is often drawn, or cut by the grid, as several portals in a row: they are judged together.
  void check_widths() {
    std::vector<bool> done(sewn_.size());
    for (std::size_t i = 0; i < sewn_.size(); ++i) {
      if (done[i]) continue;
      std::vector<std::size_t> row{i};
      done[i] = true;
      double width = 0.0;
      for (std::size_t k = 0; k < row.size(); ++k) {
        width += sewn_[row[k]].width;
        for (std::size_t j = 0; j < sewn_.size(); ++j)
          if (!done[j] && in_a_row(*sewn_[row[k]].portal, *sewn_[j].portal)) {
            done[j] = true;
            row.push_back(j);
          }
      }
      const Portal& first = *sewn_[i].portal;
      if (width < 0.6)
        notes_.warning("G312", first.source_id, 0.5 * (first.a + first.b),
                       "the portal is only " + metres(width) + " m wide, 0.60 m are needed");
    }
  }

  /// Do two portals between the same sheets continue each other? A slanted one comes from the grid as pieces whose
  /// directions differ by up to 45 degrees.
  static bool in_a_row(const Portal& p, const Portal& q) {
    if (std::minmax(p.level_a, p.level_b) != std::minmax(q.level_a, q.level_b)) return false;
    constexpr double touch = 0.01, least_cosine = 0.70;  // [m]
    for (const auto& [end, other] : {std::pair(p.a, p.b), std::pair(p.b, p.a)})
      for (const auto& [begin, next] : {std::pair(q.a, q.b), std::pair(q.b, q.a)})
        if (distance(end, begin) <= touch && dot(normalized(end - other), normalized(next - begin)) > least_cosine)
          return true;
    return false;
  }

  DraftFace& face_of(const Side& side) { return draft_.face[static_cast<std::size_t>(side.face)]; }

  void sever(const Side& side) {
    DraftFace& face = face_of(side);
    std::int32_t& neighbour = face.neighbour[static_cast<std::size_t>(side.edge)];
    neighbour = -1;
  }

  void join(const Piece& piece, std::size_t left) {
    const Side* a = piece.side[0][left];
    const Side* b = piece.side[1][1 - left];
    if (!a || !b) return;
    if (const Side* below = piece.side[0][1 - left]) sever(*below);
    if (const Side* below = piece.side[1][left]) sever(*below);
    face_of(*a).neighbour[static_cast<std::size_t>(a->edge)] = b->face;
    face_of(*b).neighbour[static_cast<std::size_t>(b->edge)] = a->face;
    const float height = static_cast<float>(0.5 * (in_.levels[static_cast<std::size_t>(a->level)].height +
                                                   in_.levels[static_cast<std::size_t>(b->level)].height));
    for (const Side* side : {a, b})
      for (std::size_t end = 0; end < 2; ++end) {
        const auto k = (static_cast<std::size_t>(side->edge) + end) % 3;
        draft_.vertex[static_cast<std::size_t>(face_of(*side).vertex[k])].height = height;
      }
  }

  struct Sewn {
    const Portal* portal;
    double width;  ///< of what could be joined [m]
  };
  Draft& draft_;
  const Canonical& in_;
  const Arrangement& arrangement_;
  Notes& notes_;
  std::vector<Sewn> sewn_;
};

/// Decides what stands on edges; both sides of an edge come to the same answer.
class BarrierRules {
 public:
  BarrierRules(const Draft& draft, const Arrangement& arrangement, const std::vector<std::int32_t>& closure_door)
      : draft_(draft), arrangement_(arrangement), closure_door_(closure_door) {}

  std::int32_t barrier(const DraftFace& face, std::size_t k) {
    const std::int32_t next = face.neighbour[k];
    if (next < 0) return edge_wall;
    const DraftFace& other = draft_.face[static_cast<std::size_t>(next)];
    std::int32_t gate = -1;
    bool gate_forward = false, walled = false;
    const auto look = [&](std::int32_t group) {
      for (const EdgeLabel& label : arrangement_.labels(group)) {
        if (label.kind == EdgeKind::barrier) walled = true;
        if (label.kind != EdgeKind::gate || (gate >= 0 && gate <= label.object)) continue;
        gate = label.object;
        const bool from_u = start_of(draft_, face, k) == arrangement_.vertex[static_cast<std::size_t>(label.u)];
        gate_forward = from_u == label.along;
      }
    };
    look(face.group[k]);
    if (other.level != face.level) look(group_across(face, k, other));
    const std::int32_t closure = closure_between(face, other);
    if (gate >= 0) {
      if (closure >= 0) shared_.push_back({gate, closure});
      return 2 * gate + (gate_forward ? 0 : 1);
    }
    if (walled) return edge_wall;
    if (closure < 0) return edge_open;
    return 2 * closure_door_[static_cast<std::size_t>(closure)] + (covers(face, closure) ? 0 : 1);
  }

  /// Pairs of a gate and the closure area whose border it stands on.
  std::vector<std::array<std::int32_t, 2>> shared() {
    std::sort(shared_.begin(), shared_.end());
    shared_.erase(std::unique(shared_.begin(), shared_.end()), shared_.end());
    return shared_;
  }

 private:
  bool covers(const DraftFace& face, std::int32_t place) const {
    const auto& set = draft_.place_sets[static_cast<std::size_t>(face.places)];
    return std::binary_search(set.begin(), set.end(), place);
  }
  std::int32_t closure_between(const DraftFace& a, const DraftFace& b) const {
    if (a.places == b.places) return -1;
    std::int32_t found = -1;
    for (const auto& [one, two] : {std::pair(&a, &b), std::pair(&b, &a)})
      for (const std::int32_t place : draft_.place_sets[static_cast<std::size_t>(one->places)])
        if (closure_door_[static_cast<std::size_t>(place)] >= 0 && !covers(*two, place) && (found < 0 || place < found))
          found = place;
    return found;
  }
  std::int32_t group_across(const DraftFace& face, std::size_t k, const DraftFace& other) const {
    for (std::size_t m = 0; m < 3; ++m)
      if (start_of(draft_, other, m) == start_of(draft_, face, k + 1) &&
          start_of(draft_, other, m + 1) == start_of(draft_, face, k))
        return other.group[m];
    return -1;
  }

  const Draft& draft_;
  const Arrangement& arrangement_;
  const std::vector<std::int32_t>& closure_door_;
  std::vector<std::array<std::int32_t, 2>> shared_;
};

}  // namespace

std::vector<Door> make_doors(const Canonical& in, std::vector<std::int32_t>& closure_door) {
  std::vector<Door> out;
  for (const GateSpan& gate : in.gates) {
    Door door;
    door.id = gate.id;
    door.name = gate.name;
    door.level = gate.level;
    door.capacity_per_min = gate.capacity_per_min >= 0.0 ? gate.capacity_per_min : 0.0;
    door.initial = gate.initial == GateState::closed           ? DoorState::closed
                   : gate.direction == GateDirection::forward  ? DoorState::forward_only
                   : gate.direction == GateDirection::backward ? DoorState::backward_only
                                                               : DoorState::open;
    out.push_back(std::move(door));
  }
  closure_door.assign(in.places.size(), -1);
  for (std::size_t p = 0; p < in.places.size(); ++p) {
    const PlaceShape& place = in.places[p];
    if (place.kind != PlaceKind::closure || place.areas.empty()) continue;
    closure_door[p] = static_cast<std::int32_t>(out.size());
    Door door;
    door.id = place.id;
    door.name = place.name;
    door.is_area = true;
    door.level = place.level;
    door.area = PlaceId{static_cast<std::int32_t>(p)};
    out.push_back(std::move(door));
  }
  return out;
}

void sew_portals(Draft& draft, const Canonical& in, const Arrangement& arrangement, Notes& notes) {
  Sewer(draft, in, arrangement, notes).run();
}

void set_barriers(Draft& draft, const Canonical& in, const Arrangement& arrangement,
                  const std::vector<std::int32_t>& closure_door, Notes& notes) {
  BarrierRules rules(draft, arrangement, closure_door);
  for (DraftFace& face : draft.face)
    for (std::size_t k = 0; k < 3; ++k) face.barrier[k] = rules.barrier(face, k);
  for (const auto& [gate, closure] : rules.shared()) {
    const GateSpan& g = in.gates[static_cast<std::size_t>(gate)];
    notes.warning("E647", g.id, 0.5 * (g.a + g.b),
                  "the gate stands on the border of the closure area \"" +
                      in.places[static_cast<std::size_t>(closure)].id + "\": closing the area does not shut the gate");
  }
}

}  // namespace throng::detail
