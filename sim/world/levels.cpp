#include "sim/world/detail/compile.hpp"
#include "sim/world/detail/triangulation.hpp"

#include <algorithm>
#include <map>

namespace throng::detail {
namespace {

using Set = std::vector<std::int32_t>;  // ascending

/// Sets of area items that cover faces, each stored once.
class Sets {
 public:
  Sets() { number(Set{}); }
  std::int32_t number(const Set& set) {
    const auto [at, added] = rows_.try_emplace(set, static_cast<std::int32_t>(sets_.size()));
    if (added) sets_.push_back(set);
    return at->second;
  }
  const Set& at(std::int32_t row) const { return sets_[static_cast<std::size_t>(row)]; }
  std::size_t size() const { return sets_.size(); }

 private:
  std::map<Set, std::int32_t> rows_;
  std::vector<Set> sets_;
};

/// Crossing an edge enters or leaves every polygon that it borders: each label toggles one, twice is not at all.
Set toggled(Set set, std::span<const EdgeLabel> labels) {
  for (const EdgeLabel& label : labels) {
    if (label.kind != EdgeKind::area) continue;
    const auto at = std::lower_bound(set.begin(), set.end(), label.object);
    if (at != set.end() && *at == label.object)
      set.erase(at);
    else
      set.insert(at, label.object);
  }
  return set;
}

/// One level of the arrangement, triangulated.
struct Sheet {
  Triangulated mesh;
  std::vector<std::array<std::int32_t, 3>> group;
  std::vector<std::int32_t> cover;  ///< (triangles) row of Sets
};

class LevelBuilder {
 public:
  LevelBuilder(const Canonical& in, const Arrangement& arrangement, Notes& notes)
      : in_(in), arrangement_(arrangement), notes_(notes) {
    for (const WalkablePart& part : in.parts) part_area_.push_back(area(part.shape));
    out_.place_sets.emplace_back();
    place_rows_[Set{}] = 0;
  }

  Draft run() {
    for (std::size_t level = 0; level < in_.levels.size(); ++level) add_level(static_cast<std::int32_t>(level));
    return std::move(out_);
  }

 private:
  std::int32_t group_of(std::int32_t level, std::int32_t u, std::int32_t v) const {
    if (u > v) std::swap(u, v);
    const auto at = std::lower_bound(arrangement_.group.begin(), arrangement_.group.end() - 1, std::tuple(level, u, v),
                                     [&](std::int32_t row, const auto& key) {
                                       const EdgeLabel& label = arrangement_.label[static_cast<std::size_t>(row)];
                                       return std::tuple(label.level, label.u, label.v) < key;
                                     });
    if (at == arrangement_.group.end() - 1) return -1;
    const EdgeLabel& label = arrangement_.label[static_cast<std::size_t>(*at)];
    if (label.level != level || label.u != u || label.v != v) return -1;
    return static_cast<std::int32_t>(at - arrangement_.group.begin());
  }

  Sheet triangulated(std::int32_t level) {
    std::vector<std::array<std::int32_t, 2>> edges;
    Set used;
    for (const EdgeLabel& label : arrangement_.label) {
      if (label.level != level) continue;
      if (!edges.empty() && edges.back() == std::array{label.u, label.v}) continue;
      edges.push_back({label.u, label.v});
      used.push_back(label.u);
      used.push_back(label.v);
    }
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    Sheet sheet;
    sheet.mesh = triangulate(arrangement_.vertex, used, edges);
    for (const auto& [u, v] : sheet.mesh.rejected)
      notes_.error("M807", "", arrangement_.vertex[static_cast<std::size_t>(u)],
                   "a border was left out because it crosses another one");
    for (const auto& t : sheet.mesh.triangle)
      sheet.group.push_back({group_of(level, t[0], t[1]), group_of(level, t[1], t[2]), group_of(level, t[2], t[0])});
    return sheet;
  }

  /// Flood from outside, keeping count of the polygons entered.
  void classify(Sheet& sheet) {
    sheet.cover.assign(sheet.mesh.triangle.size(), -1);
    std::vector<std::size_t> stack;
    const auto reach = [&](std::size_t t, std::int32_t from, std::int32_t group) {
      if (sheet.cover[t] >= 0) return;
      sheet.cover[t] = group < 0 ? from : sets_.number(toggled(sets_.at(from), arrangement_.labels(group)));
      stack.push_back(t);
    };
    for (std::size_t t = 0; t < sheet.mesh.triangle.size(); ++t)
      for (std::size_t k = 0; k < 3; ++k)
        if (sheet.mesh.neighbour[t][k] < 0) reach(t, 0, sheet.group[t][k]);
    while (!stack.empty()) {
      const std::size_t t = stack.back();
      stack.pop_back();
      for (std::size_t k = 0; k < 3; ++k)
        if (const std::int32_t next = sheet.mesh.neighbour[t][k]; next >= 0)
          reach(static_cast<std::size_t>(next), sheet.cover[t], sheet.group[t][k]);
    }
  }

  /// The part that gives a face its surface: the smallest that covers it (steps in a square), the later one in ties.
  std::int32_t part_of(const Set& cover) const {
    std::int32_t best = -1;
    for (const std::int32_t item : cover) {
      const std::int32_t part = arrangement_.item[static_cast<std::size_t>(item)].part;
      if (part < 0) continue;
      if (best < 0 || part_area_[static_cast<std::size_t>(part)] <= part_area_[static_cast<std::size_t>(best)])
        best = part;
    }
    return best;
  }

  std::int32_t places_of(const Set& cover) {
    Set places;
    for (const std::int32_t item : cover)
      if (const std::int32_t place = arrangement_.item[static_cast<std::size_t>(item)].place; place >= 0)
        places.push_back(place);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    const auto [at, added] = place_rows_.try_emplace(places, static_cast<std::int32_t>(out_.place_sets.size()));
    if (added) out_.place_sets.push_back(places);
    return at->second;
  }

  void add_level(std::int32_t level) {
    Sheet sheet = triangulated(level);
    classify(sheet);
    std::vector<std::int32_t> part_of_cover, places_of_cover;
    for (std::size_t c = 0; c < sets_.size(); ++c) {
      part_of_cover.push_back(part_of(sets_.at(static_cast<std::int32_t>(c))));
      places_of_cover.push_back(places_of(sets_.at(static_cast<std::int32_t>(c))));
    }
    std::vector<std::int32_t> face_of(sheet.mesh.triangle.size(), -1), vertex_of(arrangement_.vertex.size(), -1);
    auto n = static_cast<std::int32_t>(out_.face.size());
    for (std::size_t t = 0; t < face_of.size(); ++t)
      if (part_of_cover[static_cast<std::size_t>(sheet.cover[t])] >= 0) face_of[t] = n++;
    const auto height = static_cast<float>(in_.levels[static_cast<std::size_t>(level)].height);
    for (std::size_t t = 0; t < face_of.size(); ++t) {
      if (face_of[t] < 0) continue;
      DraftFace face;
      face.level = level;
      face.part = part_of_cover[static_cast<std::size_t>(sheet.cover[t])];
      face.places = places_of_cover[static_cast<std::size_t>(sheet.cover[t])];
      face.group = sheet.group[t];
      for (std::size_t k = 0; k < 3; ++k) {
        const auto v = static_cast<std::size_t>(sheet.mesh.triangle[t][k]);
        if (vertex_of[v] < 0) {
          vertex_of[v] = static_cast<std::int32_t>(out_.vertex.size());
          out_.vertex.push_back({arrangement_.vertex[v], level, height});
        }
        face.vertex[k] = vertex_of[v];
        if (const std::int32_t next = sheet.mesh.neighbour[t][k]; next >= 0)
          face.neighbour[k] = face_of[static_cast<std::size_t>(next)];
      }
      out_.face.push_back(face);
    }
  }

  const Canonical& in_;
  const Arrangement& arrangement_;
  Notes& notes_;
  Draft out_;
  Sets sets_;
  std::vector<double> part_area_;
  std::map<Set, std::int32_t> place_rows_;
};

}  // namespace

Draft triangulate_levels(const Canonical& in, const Arrangement& arrangement, Notes& notes) {
  return LevelBuilder(in, arrangement, notes).run();
}

}  // namespace throng::detail
