#include "sim/agents/state.hpp"

#include "sim/agents/simulation.hpp"
#include "sim/core/hash.hpp"

namespace throng {
namespace {

void add(Hasher& hash, const AgentColumns& agents) {
  hash.column(agents.id);
  hash.column(agents.position);
  hash.column(agents.velocity);
  hash.column(agents.heading);
  hash.column(agents.way);
  hash.column(agents.face);
  hash.column(agents.radius);
  hash.column(agents.desired_speed);
  hash.column(agents.stage);
  hash.column(agents.place);
  hash.column(agents.spot);
  hash.column(agents.until);
  hash.column(agents.entered);
  hash.column(agents.best_cost);
  hash.column(agents.progress);
  hash.column(agents.compression);
  hash.column(agents.activity);
  hash.column(agents.informed);
  hash.column(agents.population);
  hash.column(agents.source);
}

void add(Hasher& hash, const QueueState& queue) {
  hash.column(queue.waiting);
  hash.column(queue.joined);
  hash.column(queue.service_end);
  hash.column(queue.in_service);
  hash.add(queue.served);
}

void add(Hasher& hash, const RouteState& routes) {
  hash.add(routes.current ? routes.current->hash : std::uint64_t{0});
  hash.add(routes.pending ? routes.pending->hash : std::uint64_t{0});
  hash.add(routes.pending ? routes.pending_at.count : std::uint64_t{0});
  hash.column(routes.smoothed);
}

void add(Hasher& hash, const Counters& counters) {
  hash.column(counters.line_forward);
  hash.column(counters.line_backward);
  hash.column(counters.exited);
  hash.column(counters.door_passed);
  hash.add(counters.scheduled);
  hash.add(counters.entered);
  hash.add(counters.left);
}

}  // namespace

std::uint64_t hash_of(const CrowdState& state) {
  Hasher hash;
  hash.add(state.tick.count);
  hash.add(state.seed);
  hash.add(state.next_id);
  add(hash, state.agents);
  hash.column(state.controls.arrival_factor);
  hash.column(state.controls.door);
  hash.column(state.controls.meter_per_min);
  hash.add(static_cast<std::uint64_t>(state.queues.size()));
  for (const QueueState& queue : state.queues) add(hash, queue);
  hash.column(state.meter_credit);
  hash.column(state.waiting_outside);
  hash.column(state.exit_credit);
  add(hash, state.routes);
  add(hash, state.counters);
  return hash.value();
}

PeopleView people(const CrowdState& state) {
  const AgentColumns& a = state.agents;
  return {a.id, a.position, a.velocity, a.face, a.compression, a.activity};
}

}  // namespace throng
