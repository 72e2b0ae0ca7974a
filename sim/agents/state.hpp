#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/time.hpp"
#include "sim/core/vec2.hpp"
#include "sim/nav/navigation.hpp"
#include "sim/scenario/activity.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// The crowd as a value: copy it, hash it, store it, compare it. Only Simulation::step and edit:: change it.
namespace throng {

/// Unit vector to walk along, or zero.
struct Way {
  float x = 0.0F, y = 0.0F;
};

/// Structure of arrays; row i is one agent, rows ordered by id. All columns have the same length n.
struct AgentColumns {
  std::vector<AgentId> id;
  std::vector<Vec2> position, velocity;      ///< [m], [m/s], site frame
  std::vector<Way> heading;                  ///< unit direction chosen last step (model memory)
  std::vector<Way> way;                      ///< desired direction, looked up about every 0.2 s
  std::vector<FaceId> face;                  ///< walkable-mesh face below
  std::vector<float> radius, desired_speed;  ///< [m], [m/s]
  std::vector<StageId> stage;                ///< current stage of the journey
  std::vector<PlaceId> place;                ///< place chosen for the stage
  std::vector<Vec2> spot;                    ///< point aimed at inside the place [m]; NaN = anywhere in it
  std::vector<std::uint32_t> until;          ///< tick at which dwelling, service or reacting ends; 0 = not set
  std::vector<std::uint32_t> entered;        ///< tick of entry
  std::vector<float> best_cost;              ///< least remaining cost to the stage so far [m]
  std::vector<std::uint32_t> progress;       ///< tick of the last progress
  std::vector<float> compression;            ///< sum of overlaps in the last step [m]
  std::vector<Activity> activity;
  std::vector<std::uint8_t> informed;    ///< bit 0: follows congestion-aware routes; bit 1: only shut doors lead
                                         ///< on; bit 2: sees congestion
  std::vector<std::uint8_t> population;  ///< class, index into Demand
  std::vector<std::uint16_t> source;     ///< SourceId of entry
  std::size_t size() const { return id.size(); }
};

/// What an operator or the assimilation may turn.
struct Controls {
  std::vector<double> arrival_factor;  ///< (sources) [-] (>= 0)
  std::vector<DoorState> door;         ///< (doors)
  std::vector<double> meter_per_min;   ///< (doors) 0 = unmetered
};

/// Agents waiting for or at one server place.
struct QueueState {
  std::vector<AgentId> waiting;            ///< in order of arrival; those in service are not in it
  std::vector<std::uint32_t> joined;       ///< (waiting) tick of joining
  std::vector<std::uint32_t> service_end;  ///< (servers) tick; 0 = free
  std::vector<AgentId> in_service;         ///< (servers)
  std::uint64_t served = 0;
};

/// People counted since the start.
struct Counters {
  std::vector<std::uint64_t> line_forward, line_backward;  ///< (lines)
  std::vector<std::uint64_t> exited;                       ///< (exit places, in World order)
  std::vector<std::uint64_t> door_passed;                  ///< (doors)
  std::uint64_t scheduled = 0, entered = 0, left = 0;
};

/// Costs that routes are judged by now, and those under construction.
struct RouteState {
  std::shared_ptr<const RouteCosts> current;
  std::shared_ptr<const RouteCosts> pending;  ///< takes effect at `pending_at`
  Tick pending_at;
  std::vector<float> smoothed;  ///< (congestion cells) smoothed density [1/m²]
};

struct CrowdState {
  Tick tick;
  std::uint64_t seed{};
  std::uint32_t next_id = 1;
  AgentColumns agents;
  Controls controls;
  std::vector<QueueState> queues;              ///< (server places)
  std::vector<double> meter_credit;            ///< (doors) people that may pass now
  std::vector<std::uint32_t> waiting_outside;  ///< (sources) arrivals that found no room yet
  std::vector<double> exit_credit;             ///< (exit places) people that may leave now
  RouteState routes;
  Counters counters;
};

/// One number for all bits that decide the future: equal states have equal hashes.
std::uint64_t hash_of(const CrowdState&);

}  // namespace throng
