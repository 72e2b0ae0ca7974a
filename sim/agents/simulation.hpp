#pragma once
#include "sim/agents/demand.hpp"
#include "sim/agents/models/model.hpp"
#include "sim/agents/state.hpp"
#include "sim/fields/people.hpp"
#include "sim/nav/navigation.hpp"
#include "sim/record/record.hpp"
#include "sim/world/world.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace throng {

struct StepOptions {
  double dt = 0.05;  ///< [s] (0, 0.2]
  RoutingOptions routing;
  double stuck_after = 30.0;  ///< without progress [s]
  Isa isa = Isa::best;        ///< instruction set of the kernels; same bits whichever
  /// A world repeated without end along an axis (benchmarks, fundamental diagrams): its ground is a rectangle with its
  /// lower left corner at `period_min`; length 0 = not repeated [m].
  Vec2 period_min, period_length;
};

/// Someone without progress towards the current stage.
struct StuckReport {
  AgentId id{};
  Tick tick;
  Vec2 at;
  LevelId level{};
  StageId stage{};
  PlaceId place{};    ///< a place they stand in, or none
  std::string cause;  ///< "closed gate", "full exit", "no way", "crowded", "wall", "people"
};

/// What one step has to tell beyond the new state. Reused between steps; holds no state.
struct StepReport {
  std::vector<StuckReport> stuck;
  std::vector<Event> events;  ///< changes carried out, sources overflowing
  struct Departure {
    AgentId id;
    StageId exit_stage;
    PlaceId exit;
    std::uint32_t entered;
  };
  std::vector<Departure> departed;
  struct Service {
    PlaceId server;
    double waited_s;
  };
  std::vector<Service> served;
};

/// The rules: constant after construction (caches aside), safe to share between threads and ensemble members.
class Simulation {
 public:
  Simulation(std::shared_ptr<const World>, std::shared_ptr<const Navigation>, Demand, Model, StepOptions);
  ~Simulation();
  CrowdState initial_state(std::uint64_t seed) const;
  /// Exactly one tick: insert arrivals, choose stage, choose direction, next velocity, resolve contact, keep inside,
  /// remove departures.
  void step(CrowdState&, StepReport* report = nullptr) const;

  const World& world() const;
  const Navigation& navigation() const;
  const Demand& demand() const;
  const Model& model() const;
  double dt() const;
  std::size_t n_waiting_outside(const CrowdState&) const;
  /// Nanoseconds spent by phase since construction, for benchmarks. Off unless enabled; never part of a result.
  struct PhaseTimes {
    double sort = 0;        ///< into cells, and columns by cell
    double perceive = 0;    ///< people and walls in sight, contacts that may come
    double heading = 0;     ///< heading and speed
    double contact = 0;     ///< passes over the contacts
    double walls = 0;       ///< walking over the mesh: kept inside, lines and doors counted
    double navigation = 0;  ///< looking up the way
    double fields = 0;      ///< costs of routes, waiting for distance fields
    double demand = 0;      ///< arrivals, stages, queues, departures
  };
  void enable_phase_times(bool) const;
  PhaseTimes phase_times() const;

  struct Impl;  ///< in detail/rules.hpp, for edit:: and tests
  const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

PeopleView people(const CrowdState&);

/// Legal changes of a state from outside (operator, assimilation, tests): inside the ground, not overlapping hard
/// discs, ids unique.
namespace edit {
struct NewAgent {
  Vec2 position;
  LevelId level{};
  StageId stage{};  ///< none = walks on along `direction` for ever
  Vec2 direction{1.0, 0.0};
  float desired_speed = 1.34F;  ///< [m/s]
  float radius = 0.18F;         ///< [m]
  std::uint8_t population = 0;
};
/// Id of the new agent, or nothing when there is no room or no ground.
std::optional<AgentId> insert(const Simulation&, CrowdState&, const NewAgent&);
bool remove(const Simulation&, CrowdState&, AgentId);
bool move(const Simulation&, CrowdState&, AgentId, Vec2 to, LevelId level);
}  // namespace edit

}  // namespace throng
