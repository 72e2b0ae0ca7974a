#include "sim/agents/detail/rules.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace throng {
namespace {

constexpr double spacing = 0.55;        ///< between people in a queue [m]
constexpr double join_within = 3.0;     ///< of the queue's end or of the server: joined [m]
constexpr double at_server = 0.9;       ///< served within this distance of the head of the lane, or in the place [m]
constexpr double at_head = 2.0;         ///< of the counter: can be called [m]
constexpr std::size_t looked_over = 6;  ///< people at the front among whom the next is looked for
constexpr std::uint32_t not_begun = 0xFFFFFFFFU;  ///< called to the server, not there yet

bool at_the_head(const AgentColumns& agents, AgentId id, Vec2 counter) {
  const auto row = detail::row_of(agents, id);
  return row && norm2(agents.position[*row] - counter) < at_head * at_head;
}

/// The first of the front few who is at the head; nothing when the crowd holds them all up elsewhere.
std::optional<std::size_t> someone_at_the_head(const AgentColumns& agents, const QueueState& queue, Vec2 counter) {
  for (std::size_t k = 0; k < std::min(queue.waiting.size(), looked_over); ++k)
    if (at_the_head(agents, queue.waiting[k], counter)) return k;
  return std::nullopt;
}

}  // namespace

/// Someone on the way to a server joins when near its queue; first come, first served.
void Simulation::Impl::join_queue(CrowdState& state, std::size_t row) const {
  AgentColumns& a = state.agents;
  const PlaceId place = a.place[row];
  const detail::PlaceInfo& info = places[index(place)];
  if (info.queue < 0 || a.activity[row] == Activity::queueing) return;
  QueueState& queue = state.queues[static_cast<std::size_t>(info.queue)];
  const double tail = std::min(info.lane_length, spacing * static_cast<double>(queue.waiting.size()));
  const bool near_tail = norm2(lane_point(place, tail) - a.position[row]) < join_within * join_within;
  const bool near_server = norm2(lane_point(place, 0.0) - a.position[row]) < join_within * join_within;
  if (level_of(a.face[row]) != info.level) return;
  if (!near_tail && !near_server && !reached(place, a.position[row], a.face[row])) return;
  queue.waiting.push_back(a.id[row]);
  queue.joined.push_back(tick32(state.tick));
  a.activity[row] = Activity::queueing;
  a.until[row] = 0;
}

/// Call the next, begin services, end them.
void Simulation::Impl::serve(CrowdState& state, std::size_t q, detail::StepScratch& scratch, StepReport* report) const {
  QueueState& queue = state.queues[q];
  AgentColumns& a = state.agents;
  const PlaceId place = servers[q];
  const std::uint32_t now = tick32(state.tick);
  const Vec2 counter = lane_point(place, 0.0);
  for (std::size_t k = 0; k < queue.service_end.size(); ++k) {
    if (queue.service_end[k] == not_begun && !at_the_head(a, queue.in_service[k], counter) &&
        someone_at_the_head(a, queue,
                            counter)) {  // whoever was called is held up: back to the front, the next one goes
      const auto called = detail::row_of(a, queue.in_service[k]);
      queue.waiting.insert(queue.waiting.begin(), queue.in_service[k]);
      queue.joined.insert(queue.joined.begin(), called ? a.until[*called] : now);
      if (called) a.until[*called] = 0;
      queue.service_end[k] = 0;
    }
    if (queue.service_end[k] == 0 && !queue.waiting.empty()) {
      const std::size_t next = someone_at_the_head(a, queue, counter).value_or(0);
      queue.in_service[k] = queue.waiting[next];
      queue.service_end[k] = not_begun;
      if (const auto row = detail::row_of(a, queue.in_service[k])) a.until[*row] = queue.joined[next];
      queue.waiting.erase(queue.waiting.begin() + static_cast<std::ptrdiff_t>(next));
      queue.joined.erase(queue.joined.begin() + static_cast<std::ptrdiff_t>(next));
    }
    if (queue.service_end[k] == 0) continue;
    const auto row = detail::row_of(a, queue.in_service[k]);
    if (!row || a.place[*row] != place) {  // taken out of the crowd from outside
      queue.service_end[k] = 0;
      continue;
    }
    if (queue.service_end[k] == not_begun) {
      a.spot[*row] = counter;
      if (norm2(counter - a.position[*row]) > at_server * at_server && !reached(place, a.position[*row], a.face[*row]))
        continue;
      const Demand::Stage& stage = demand.stages[index(a.stage[*row])];
      queue.service_end[k] = end_of(state, *row, stage.duration, Stream::service);
      if (report != nullptr) report->served.push_back({place, (now - a.until[*row]) * options.dt});
      a.spot[*row] = a.position[*row];
    }
    if (now < queue.service_end[k]) continue;
    queue.service_end[k] = 0;
    ++queue.served;
    if (const StageId next = next_stage(state, *row, scratch.headed); next != StageId::none)
      enter_stage(state, *row, next, scratch.headed);
  }
  for (std::size_t k = 0; k < queue.waiting.size(); ++k) {
    const auto row = detail::row_of(a, queue.waiting[k]);
    if (!row || a.place[*row] != place) continue;
    const double arc = spacing * (static_cast<double>(k) + 1.0);
    a.spot[*row] = lane_point(place, arc);  // beyond the lane's end people gather there
  }
}

/// All queues, in World order; joining in row order.
void Simulation::Impl::run_queues(CrowdState& state, detail::StepScratch& scratch, StepReport* report) const {
  for (const detail::BlockNews& news : scratch.news)
    for (const std::uint32_t row : news.queueing) join_queue(state, row);
  for (std::size_t q = 0; q < state.queues.size(); ++q) {
    QueueState& queue = state.queues[q];
    for (std::size_t k = queue.waiting.size(); k-- > 0;) {  // who was taken out of the crowd leaves the queue
      const auto row = detail::row_of(state.agents, queue.waiting[k]);
      if (row && state.agents.place[*row] == servers[q]) continue;
      queue.waiting.erase(queue.waiting.begin() + static_cast<std::ptrdiff_t>(k));
      queue.joined.erase(queue.joined.begin() + static_cast<std::ptrdiff_t>(k));
    }
    serve(state, q, scratch, report);
  }
}

}  // namespace throng
