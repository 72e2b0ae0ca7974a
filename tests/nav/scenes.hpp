#pragma once
#include "sim/core/random.hpp"
#include "sim/core/vec2.hpp"
#include "tests/support/plan.hpp"

#include <cmath>
#include <cstdint>
#include <queue>
#include <string>
#include <vector>

/// Plans on a square lattice with their exact geodesics, for comparing fields against.
namespace throng::test {

/// Blocked and free squares; (0, 0) is the south-west one. The outermost squares are blocked.
struct LatticePlan {
  int nx = 0, ny = 0;
  double size = 1.0;    ///< [m]
  std::string letters;  ///< (ny x nx) from the south, as in world_from_plan

  LatticePlan(int columns, int rows, double cell) : nx(columns), ny(rows), size(cell) {
    letters.assign(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny), '.');
    for (int x = 0; x < nx; ++x) at(x, 0) = at(x, ny - 1) = '#';
    for (int y = 0; y < ny; ++y) at(0, y) = at(nx - 1, y) = '#';
  }
  char& at(int x, int y) { return letters[static_cast<std::size_t>(y * nx + x)]; }
  char at(int x, int y) const { return letters[static_cast<std::size_t>(y * nx + x)]; }
  bool blocked(int x, int y) const { return x < 0 || y < 0 || x >= nx || y >= ny || at(x, y) == '#'; }
  void fill(int x0, int y0, int x1, int y1, char letter) {
    for (int y = y0; y < y1; ++y)
      for (int x = x0; x < x1; ++x) at(x, y) = letter;
  }
  std::string text() const {
    std::string out;
    for (int y = ny - 1; y >= 0; --y)
      out += letters.substr(static_cast<std::size_t>(y * nx), static_cast<std::size_t>(nx)) + '\n';
    return out;
  }

  /// The same ground less a margin of `squares` finer squares along all walls; k x k finer squares for each one.
  LatticePlan eroded(int k, int squares) const {
    LatticePlan out(nx * k, ny * k, size / k);
    for (int y = 0; y < out.ny; ++y)
      for (int x = 0; x < out.nx; ++x) {
        bool wall = false;
        for (const int dy : {-squares, 0, squares})
          for (const int dx : {-squares, 0, squares}) {
            const int fx = x + dx, fy = y + dy;
            wall = wall || fx < 0 || fy < 0 || blocked(fx / k, fy / k);
          }
        out.at(x, y) = wall ? '#' : '.';
      }
    return out;
  }

  /// Does the open segment p q stay out of the interior of all blocked squares, and off the seam of two of them?
  bool sees(Vec2 p, Vec2 q) const {
    constexpr double tiny = 1e-7;
    p = p / size;
    q = q / size;
    if (p.y > q.y) std::swap(p, q);
    const auto on_line = [](double v) { return std::abs(v - std::round(v)) < tiny; };
    if (q.y - p.y < tiny && on_line(p.y)) {
      const int row = static_cast<int>(std::round(p.y));
      const double x0 = std::min(p.x, q.x), x1 = std::max(p.x, q.x);
      for (int column = static_cast<int>(std::floor(x0 + tiny)); column < x1 - tiny; ++column)
        if (blocked(column, row) && blocked(column, row - 1)) return false;
      return true;
    }
    for (int row = static_cast<int>(std::floor(p.y + tiny)); row < q.y - tiny || row == std::floor(p.y + tiny); ++row) {
      const double low = std::max(p.y, static_cast<double>(row)), high = std::min(q.y, row + 1.0);
      double xa = p.x, xb = q.x;
      if (q.y - p.y > tiny) {
        xa = p.x + (q.x - p.x) * (low - p.y) / (q.y - p.y);
        xb = p.x + (q.x - p.x) * (high - p.y) / (q.y - p.y);
      }
      if (xa > xb) std::swap(xa, xb);
      if (xb - xa < tiny && on_line(xa)) {
        const int column = static_cast<int>(std::round(xa));
        if (blocked(column, row) && blocked(column - 1, row)) return false;
        continue;
      }
      for (int column = static_cast<int>(std::floor(xa + tiny)); column < xb - tiny; ++column)
        if (blocked(column, row)) return false;
    }
    return true;
  }

  /// Corners that shortest paths bend at: points with exactly one blocked square around.
  std::vector<Vec2> bends() const {
    std::vector<Vec2> out;
    for (int y = 1; y < ny; ++y)
      for (int x = 1; x < nx; ++x) {
        const int n = blocked(x, y) + blocked(x - 1, y) + blocked(x, y - 1) + blocked(x - 1, y - 1);
        if (n == 1) out.push_back({x * size, y * size});
      }
    return out;
  }
};

/// Exact walking distance of a point (no body) to the nearest of some goal points, by a visibility graph.
class Geodesics {
 public:
  Geodesics(const LatticePlan& plan, std::vector<Vec2> goals)
      : plan_(plan), goals_(std::move(goals)), bends_(plan.bends()) {
    distance_.assign(bends_.size(), 1e300);
    using Entry = std::pair<double, std::size_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
    for (std::size_t i = 0; i < bends_.size(); ++i) {
      distance_[i] = direct(bends_[i]);
      if (distance_[i] < 1e299) queue.emplace(distance_[i], i);
    }
    std::vector<bool> done(bends_.size());
    while (!queue.empty()) {
      const auto [d, i] = queue.top();
      queue.pop();
      if (done[i]) continue;
      done[i] = true;
      for (std::size_t j = 0; j < bends_.size(); ++j) {
        const double via = d + distance(bends_[i], bends_[j]);
        if (done[j] || via >= distance_[j] || !plan_.sees(bends_[i], bends_[j])) continue;
        distance_[j] = via;
        queue.emplace(via, j);
      }
    }
  }
  double operator()(Vec2 x) const {
    double best = direct(x);
    for (std::size_t i = 0; i < bends_.size(); ++i) {
      const double via = distance_[i] + distance(bends_[i], x);
      if (via < best && plan_.sees(bends_[i], x)) best = via;
    }
    return best;
  }

 private:
  double direct(Vec2 x) const {
    double best = 1e300;
    for (const Vec2 goal : goals_)
      if (const double d = distance(x, goal); d < best && plan_.sees(x, goal)) best = d;
    return best;
  }
  const LatticePlan& plan_;
  std::vector<Vec2> goals_, bends_;
  std::vector<double> distance_;
};

/// A town of rectangular blocks with streets of at least one square between them.
inline LatticePlan town(int n, double size, int n_blocks, int least, int most, std::uint64_t seed) {
  LatticePlan plan(n, n, size);
  Random random(seed, Stream::test, 0, Tick{});
  const auto draw = [&](int low, int high) { return low + static_cast<int>(random.uniform() * (high - low + 1)); };
  for (int placed = 0, tries = 0; placed < n_blocks && tries < 50 * n_blocks; ++tries) {
    const int w = draw(least, most), h = draw(least, most);
    const int x = draw(2, n - 2 - w), y = draw(2, n - 2 - h);
    bool room = true;
    for (int j = y - 1; j <= y + h && room; ++j)
      for (int i = x - 1; i <= x + w && room; ++i) room = plan.at(i, j) == '.';
    if (!room) continue;
    plan.fill(x, y, x + w, y + h, '#');
    ++placed;
  }
  return plan;
}

}  // namespace throng::test
