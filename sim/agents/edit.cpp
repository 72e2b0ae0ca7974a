#include "sim/agents/detail/rules.hpp"

#include <cmath>

namespace throng::edit {
namespace {

constexpr double hard_pair = 0.32;  ///< centres of two bodies of 0.18 m, no nearer [m]

/// No other body there, apart from the agent's own row.
bool free_of_people(const Simulation& simulation, const CrowdState& state, Vec2 x, LevelId level, float radius,
                    std::optional<std::size_t> own) {
  const AgentColumns& a = state.agents;
  for (std::size_t r = 0; r < a.size(); ++r) {
    if (own == r || simulation.impl().level_of(a.face[r]) != level) continue;
    const double reach = hard_pair * (static_cast<double>(radius) + static_cast<double>(a.radius[r])) / 0.36;
    if (norm2(a.position[r] - x) < reach * reach) return false;
  }
  return true;
}

std::optional<FaceId> ground(const Simulation& simulation, Vec2 x, LevelId level) {
  if (!is_finite(x)) return std::nullopt;
  return simulation.world().locate(x, level);
}

}  // namespace

std::optional<AgentId> insert(const Simulation& simulation, CrowdState& state, const NewAgent& agent) {
  const auto face = ground(simulation, agent.position, agent.level);
  if (!face || !free_of_people(simulation, state, agent.position, agent.level, agent.radius, std::nullopt))
    return std::nullopt;
  if (agent.stage != StageId::none && index(agent.stage) >= simulation.demand().stages.size()) return std::nullopt;
  if (agent.population >= simulation.demand().population.size()) return std::nullopt;
  ++state.counters.scheduled;
  return simulation.impl().append(state, {.position = agent.position,
                                          .face = *face,
                                          .speed = agent.desired_speed,
                                          .radius = agent.radius,
                                          .population = agent.population,
                                          .source = 0,
                                          .stage = agent.stage,
                                          .direction = normalized(agent.direction, {1.0, 0.0})});
}

bool remove(const Simulation&, CrowdState& state, AgentId id) {
  const auto row = detail::row_of(state.agents, id);
  if (!row) return false;
  const auto r = static_cast<std::uint32_t>(*row);
  detail::erase_rows(state.agents, {&r, 1});
  ++state.counters.left;
  return true;
}

bool move(const Simulation& simulation, CrowdState& state, AgentId id, Vec2 to, LevelId level) {
  const auto row = detail::row_of(state.agents, id);
  const auto face = ground(simulation, to, level);
  if (!row || !face || !free_of_people(simulation, state, to, level, state.agents.radius[*row], row)) return false;
  state.agents.position[*row] = to;
  state.agents.face[*row] = *face;
  state.agents.velocity[*row] = {};
  return true;
}

}  // namespace throng::edit
