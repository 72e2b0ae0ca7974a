#include "sim/agents/detail/rules.hpp"

#include <algorithm>

namespace throng::detail {
namespace {

/// Call f on every column.
template <class F>
void for_columns(AgentColumns& a, F&& f) {
  f(a.id), f(a.position), f(a.velocity), f(a.heading), f(a.way), f(a.face), f(a.radius), f(a.desired_speed), f(a.stage),
      f(a.place), f(a.spot), f(a.until), f(a.entered), f(a.best_cost), f(a.progress), f(a.compression), f(a.activity),
      f(a.informed), f(a.population), f(a.source);
}

}  // namespace

void erase_rows(AgentColumns& agents, std::span<const std::uint32_t> rows) {
  if (rows.empty()) return;
  for_columns(agents, [rows](auto& column) {
    std::size_t to = rows.front();
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::size_t from = rows[k] + 1, end = k + 1 < rows.size() ? rows[k + 1] : column.size();
      for (std::size_t r = from; r < end; ++r) column[to++] = column[r];
    }
    column.resize(to);
  });
}

void push_row(AgentColumns& agents) {
  for_columns(agents, [](auto& column) { column.emplace_back(); });
}

void reserve_rows(AgentColumns& agents, std::size_t n) {
  for_columns(agents, [n](auto& column) { column.reserve(n); });
}

std::optional<std::size_t> row_of(const AgentColumns& agents, AgentId id) {
  const auto found = std::lower_bound(agents.id.begin(), agents.id.end(), id);
  if (found == agents.id.end() || *found != id) return std::nullopt;
  return static_cast<std::size_t>(found - agents.id.begin());
}

}  // namespace throng::detail
