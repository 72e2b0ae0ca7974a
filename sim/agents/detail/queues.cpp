#include <algorithm>
#include <cmath>

#include "sim/agents/detail/rules.hpp"

namespace throng {
namespace {

constexpr double spacing = 0.55;      ///< between people in a queue [m]
constexpr double join_within = 3.0;   ///< of the queue's end or of the server: joined [m]
constexpr double at_server = 0.9;     ///< served within this distance of the head of the lane, or in the place [m]
constexpr std::uint32_t not_begun = 0xFFFFFFFFU;  ///< called to the server, not there yet

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
  for (std::size_t k = 0; k < queue.service_end.size(); ++k) {
    if (queue.service_end[k] == 0 && !queue.waiting.empty()) {
      queue.in_service[k] = queue.waiting.front();
      queue.service_end[k] = not_begun;
      if (const auto row = detail::row_of(a, queue.in_service[k])) a.until[*row] = queue.joined.front();
      queue.waiting.erase(queue.waiting.begin());
      queue.joined.erase(queue.joined.begin());
    }
    if (queue.service_end[k] == 0) continue;
    const auto row = detail::row_of(a, queue.in_service[k]);
    if (!row || a.place[*row] != place) {  // taken out of the crowd from outside
      queue.service_end[k] = 0;
      continue;
    }
    if (queue.service_end[k] == not_begun) {
      const Vec2 counter = lane_point(place, 0.0);
      a.spot[*row] = counter;
      if (norm2(counter - a.position[*row]) > at_server * at_server && !reached(place, a.position[*row], a.face[*row])) continue;
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
    a.spot[*row] = arc <= places[index(place)].lane_length + spacing ? lane_point(place, arc) : a.position[*row];
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
