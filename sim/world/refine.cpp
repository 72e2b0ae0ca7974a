#include "sim/world/detail/compile.hpp"

#include <algorithm>
#include <queue>
#include <tuple>

namespace throng::detail {
namespace {

/// Longest-edge bisection (Rosenberg and Stenger 1975, doi:10.1090/S0025-5718-1975-0375068-5): only edges that are too
/// long are cut, the longest first, so pieces do not become thinner than half of what they were.
class Refiner {
 public:
  Refiner(Draft& draft, double max_edge) : draft_(draft), max_edge_(max_edge) {}

  void run() {
    for (std::size_t f = 0; f < draft_.face.size(); ++f) offer(static_cast<std::int32_t>(f));
    while (!queue_.empty()) {
      const Entry entry = queue_.top();
      queue_.pop();
      const DraftFace& face = draft_.face[static_cast<std::size_t>(entry.face)];
      const auto k = static_cast<std::size_t>(entry.edge);
      if (face.vertex[k] == entry.from && face.vertex[(k + 1) % 3] == entry.to) split(entry.face, k);
    }
  }

 private:
  struct Entry {
    double length2;
    std::int32_t face, edge, from, to;
    bool operator<(const Entry& o) const {
      return std::tuple(length2, -face, -edge) < std::tuple(o.length2, -o.face, -o.edge);
    }
  };

  Vec2 at(std::int32_t v) const { return draft_.vertex[static_cast<std::size_t>(v)].position; }
  DraftFace& face(std::int32_t f) { return draft_.face[static_cast<std::size_t>(f)]; }

  void offer(std::int32_t f) {
    const DraftFace& it = face(f);
    for (std::size_t k = 0; k < 3; ++k) {
      const double length2 = norm2(at(it.vertex[(k + 1) % 3]) - at(it.vertex[k]));
      if (length2 > max_edge_ * max_edge_)
        queue_.push({length2, f, static_cast<std::int32_t>(k), it.vertex[k], it.vertex[(k + 1) % 3]});
    }
  }

  std::int32_t middle(std::int32_t u, std::int32_t v) {
    const DraftVertex a = draft_.vertex[static_cast<std::size_t>(u)], b = draft_.vertex[static_cast<std::size_t>(v)];
    draft_.vertex.push_back({0.5 * (a.position + b.position), a.level, 0.5F * (a.height + b.height)});
    return static_cast<std::int32_t>(draft_.vertex.size()) - 1;
  }

  /// Face f = (p, q, w) with edge k = (p, q) becomes (p, m, w) in its row and (m, q, w) in a new one.
  std::int32_t halve(std::int32_t f, std::size_t k, std::int32_t m) {
    const auto k1 = (k + 1) % 3, k2 = (k + 2) % 3;
    DraftFace second = face(f);
    const auto g = static_cast<std::int32_t>(draft_.face.size());
    second.vertex[k] = m;
    second.neighbour[k2] = f;
    second.barrier[k2] = edge_open;
    second.group[k2] = -1;
    if (const std::int32_t beyond = second.neighbour[k1]; beyond >= 0) face(beyond).neighbour[twin(f, k1)] = g;
    DraftFace& first = face(f);
    first.vertex[k1] = m;
    first.neighbour[k1] = g;
    first.barrier[k1] = edge_open;
    first.group[k1] = -1;
    draft_.face.push_back(second);
    return g;
  }

  /// Edge of the face across edge k of face f.
  std::size_t twin(std::int32_t f, std::size_t k) {
    const DraftFace& here = face(f);
    const DraftFace& there = face(here.neighbour[k]);
    for (std::size_t m = 0; m < 3; ++m)
      if (there.neighbour[m] == f && at(there.vertex[m]) == at(here.vertex[(k + 1) % 3]) &&
          at(there.vertex[(m + 1) % 3]) == at(here.vertex[k]))
        return m;
    return 0;
  }

  void split(std::int32_t f, std::size_t k) {
    const std::int32_t other = face(f).neighbour[k];
    const std::int32_t p = face(f).vertex[k], q = face(f).vertex[(k + 1) % 3];
    const std::int32_t m = middle(p, q);
    if (other < 0) {
      const std::int32_t g = halve(f, k, m);
      offer(f);
      offer(g);
      return;
    }
    const std::size_t ko = twin(f, k);
    const bool same_sheet = face(other).vertex[ko] == q && face(other).vertex[(ko + 1) % 3] == p;
    const std::int32_t mo = same_sheet ? m : middle(face(other).vertex[ko], face(other).vertex[(ko + 1) % 3]);
    const std::int32_t g = halve(f, k, m);         // f = p m, g = m q
    const std::int32_t go = halve(other, ko, mo);  // other = q m, go = m p
    face(f).neighbour[k] = go;
    face(go).neighbour[ko] = f;
    face(g).neighbour[k] = other;
    face(other).neighbour[ko] = g;
    for (const std::int32_t changed : {f, g, other, go}) offer(changed);
  }

  Draft& draft_;
  double max_edge_;
  std::priority_queue<Entry> queue_;
};

}  // namespace

void refine(Draft& draft, double max_edge) {
  if (max_edge > 0.0) Refiner(draft, std::max(max_edge, 0.05)).run();
}

}  // namespace throng::detail
