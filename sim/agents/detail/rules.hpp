#pragma once
#include "sim/agents/detail/field_cache.hpp"
#include "sim/agents/detail/locomotion.hpp"
#include "sim/agents/simulation.hpp"
#include "sim/core/random.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

/// The parts of Simulation::step. Each is a member of Simulation::Impl, defined in the file that its comment names.
namespace throng {
namespace detail {

/// A place as the step uses it.
struct PlaceInfo {
  LevelId level{};
  Box box;
  bool is_line = false;
  std::vector<double> cumulative_area;  ///< (faces) for drawing points evenly
  std::vector<int> starts;              ///< sources: components of the ground where people appear; empty = all
  std::optional<Vec2> focus;            ///< audience: the podium
  int queue = -1;                       ///< servers: index into CrowdState::queues
  int exit = -1;                        ///< exits: index into Counters::exited
  double exit_rate = 0.0;               ///< exits: people per second that may leave; 0 = any number
  std::vector<ArrivalPulse> seats;      ///< exits: departures by timetable
  std::vector<Vec2> lane;               ///< servers: where people wait, from the server outward
  double lane_length = 0.0;             ///< [m]
  int servers = 1;
};

/// What agents follow at one place: fields by kind of costs.
enum class RouteKind : std::uint8_t { congested, free_flow, all_open, count_ };

struct LineCrossing {
  std::uint32_t line;
  bool forward;
};
struct DoorCrossing {
  std::uint32_t row;
  std::int32_t door;
  bool forward;
  FaceId face_before;
  Vec2 before;
  Vec2 target;
};

/// What one block of rows found; blocks are read in order.
struct BlockNews {
  std::vector<LineCrossing> lines;
  std::vector<DoorCrossing> doors;
  std::vector<StuckReport> stuck;
  std::vector<std::uint32_t> at_exit, queueing;
  void clear() {
    lines.clear();
    doors.clear();
    stuck.clear();
    at_exit.clear();
    queueing.clear();
  }
};

/// Working memory of one step.
struct StepScratch {
  Slots slots;
  std::vector<Intent> intents;
  std::vector<BlockNews> news;
  std::vector<DoorState> doors;             ///< effective now: closed, metered without credit
  std::vector<std::uint8_t> wanted;         ///< (places x mobility x kinds) a field is needed
  std::vector<const DistanceField*> field;  ///< same shape
  std::vector<std::shared_ptr<const DistanceField>> held;
  std::vector<std::uint32_t> headed;   ///< (places) agents on their way to or at it
  std::vector<std::uint32_t> leaving;  ///< rows, ascending
  bool any_shut = false;               ///< some door is not open both ways
};

}  // namespace detail

struct Simulation::Impl {
  std::shared_ptr<const World> world;
  std::shared_ptr<const Navigation> navigation;
  Demand demand;
  Model model;
  StepOptions options;
  TimeAxis time;
  detail::Period period;
  detail::Locomotion locomotion;
  std::vector<detail::PlaceInfo> places;
  std::vector<PlaceId> servers, exits;                             ///< in World order
  std::uint32_t look_ticks = 1, watch_ticks = 1, stuck_ticks = 1;  ///< how often [ticks]
  mutable detail::FieldCache fields;
  mutable std::mutex mutex;
  mutable std::vector<std::unique_ptr<detail::StepScratch>> pool;
  mutable std::shared_ptr<const RouteCosts> all_open;
  mutable std::vector<std::shared_ptr<const RouteCosts>> free_flow;  ///< last used first
  mutable std::atomic<bool> timed{false};
  mutable PhaseTimes times;

  Impl(std::shared_ptr<const World>, std::shared_ptr<const Navigation>, Demand, Model, StepOptions);
  std::unique_ptr<detail::StepScratch> take_scratch() const;
  void give_back(std::unique_ptr<detail::StepScratch>) const;

  // geometry of places: detail/places.cpp
  void describe_places();
  std::vector<int> starts_of(PlaceId) const;
  bool may_start(PlaceId, FaceId) const;
  Vec2 random_point(PlaceId, Random&, FaceId&) const;
  bool reached(PlaceId, Vec2 x, FaceId) const;
  Vec2 nearest_point(PlaceId, Vec2 x) const;
  bool in_sight(std::span<const DoorState>, FaceId, Vec2 from, Vec2 to) const;

  // people come: detail/arrivals.cpp
  void place_initial(CrowdState&) const;
  void insert_arrivals(CrowdState&, StepReport*) const;
  struct Newcomer {
    Vec2 position;
    FaceId face{};
    float speed = 1.34F, radius = 0.18F;
    std::uint8_t population = 0;
    std::uint16_t source = 0;
    StageId stage = StageId::none;
    Vec2 direction{1.0, 0.0};
  };
  AgentId append(CrowdState&, const Newcomer&) const;
  bool admit(CrowdState&, std::size_t source, std::uint32_t id, Vec2 x, FaceId) const;

  // what people do: detail/stages.cpp
  void enter_stage(CrowdState&, std::size_t row, StageId, std::span<const std::uint32_t> headed) const;
  StageId next_stage(const CrowdState&, std::size_t row, std::span<const std::uint32_t> headed) const;
  void choose_stages(CrowdState&, detail::StepScratch&) const;
  void advance(CrowdState&, std::size_t row, detail::StepScratch&, detail::BlockNews&) const;
  bool choose_spot(CrowdState&, std::size_t row, const detail::StepScratch&) const;
  void linger(CrowdState&, std::size_t row, detail::StepScratch&) const;
  double crowding_at(const CrowdState&, std::size_t row) const;
  std::uint32_t end_of(const CrowdState&, std::size_t row, const Duration&, Stream) const;
  void count_headed(const CrowdState&, detail::StepScratch&) const;

  // queues: detail/queues.cpp
  void run_queues(CrowdState&, detail::StepScratch&, StepReport*) const;
  void join_queue(CrowdState&, std::size_t row) const;
  void serve(CrowdState&, std::size_t queue, detail::StepScratch&, StepReport*) const;
  Vec2 lane_point(PlaceId, double arc) const;

  // routes and gates: detail/routes.cpp
  void apply_changes(CrowdState&, StepReport*) const;
  void update_routes(CrowdState&) const;
  void rebase_progress(CrowdState&, const std::shared_ptr<const RouteCosts>& before) const;
  bool sees_congestion(const CrowdState&, std::size_t row) const;
  void notice_congestion(CrowdState&) const;
  void effective_doors(CrowdState&, detail::StepScratch&) const;
  void resolve_fields(const CrowdState&, detail::StepScratch&) const;
  std::shared_ptr<const RouteCosts> free_flow_of(const std::shared_ptr<const RouteCosts>&) const;
  bool follows_field(const CrowdState&, std::size_t row) const;
  std::vector<detail::FieldGoal> goals_of(const CrowdState&, bool informed) const;
  void smooth_density(CrowdState&) const;
  std::vector<float> slowness_of(const CrowdState&) const;

  // direction: detail/steering.cpp
  void choose_directions(CrowdState&, detail::StepScratch&) const;
  detail::Intent intent_of(CrowdState&, std::size_t row, const detail::StepScratch&, detail::BlockNews&) const;
  Vec2 way(const CrowdState&, std::size_t row, const detail::StepScratch&, bool& detour) const;
  void look(CrowdState&, std::size_t row, const detail::StepScratch&) const;
  void watch_route(CrowdState&, std::size_t row, const detail::StepScratch&, detail::BlockNews&) const;
  bool gate_ahead(const CrowdState&, std::size_t row, Vec2 e, const detail::StepScratch&) const;
  const char* stall_cause(const CrowdState&, std::size_t row, double cost, bool no_way) const;
  void watch_progress(CrowdState&, std::size_t row, double cost, bool no_way, detail::BlockNews&) const;

  // moving: detail/keep_inside.cpp
  void keep_inside(CrowdState&, detail::StepScratch&) const;
  void move_row(CrowdState&, std::size_t slot, detail::StepScratch&, detail::BlockNews&) const;
  void settle(CrowdState&, std::size_t row, Vec2 before, const Stride&) const;
  void count_lines(Vec2 from, Vec2 to, LevelId, detail::BlockNews&) const;
  void pass_doors(CrowdState&, detail::StepScratch&) const;
  void wrap(CrowdState&, std::size_t row) const;

  // people leave: detail/departures.cpp
  void remove_departures(CrowdState&, detail::StepScratch&, StepReport*) const;
  void refill_exits(CrowdState&) const;

  bool impaired(const CrowdState& state, std::size_t row) const {
    return demand.population[state.agents.population[row]].impaired;
  }
  Mobility mobility(const CrowdState& state, std::size_t row) const {
    return impaired(state, row) ? Mobility::step_free : Mobility::walking;
  }
  std::size_t key(PlaceId place, Mobility m, detail::RouteKind kind) const {
    return (index(place) * 2 + static_cast<std::size_t>(m)) * static_cast<std::size_t>(detail::RouteKind::count_) +
           static_cast<std::size_t>(kind);
  }
  LevelId level_of(FaceId face) const { return world->mesh().face[index(face)].level; }
  std::uint32_t tick32(Tick t) const { return static_cast<std::uint32_t>(t.count); }
};

namespace detail {
/// Keep the rows that are not listed (ascending), in order, in all columns.
void erase_rows(AgentColumns&, std::span<const std::uint32_t> rows);
/// Append one row of zeros.
void push_row(AgentColumns&);
/// Make room for n rows in all.
void reserve_rows(AgentColumns&, std::size_t n);
/// Row of an id; nothing when absent. Rows are ordered by id.
std::optional<std::size_t> row_of(const AgentColumns&, AgentId);
}  // namespace detail

}  // namespace throng
