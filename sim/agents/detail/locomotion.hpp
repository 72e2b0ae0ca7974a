#pragma once
#include "sim/agents/detail/kernel.hpp"
#include "sim/agents/detail/slots.hpp"
#include "sim/agents/detail/wall_grid.hpp"
#include "sim/agents/models/model.hpp"
#include "sim/agents/state.hpp"
#include "sim/world/world.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>
#include <vector>

namespace throng::detail {

/// What a row wants this step.
struct Intent {
  float ex = 0, ey = 0;  ///< desired direction: unit, or zero to stand
  float speed = 0;       ///< desired speed here [m/s]
  bool squeeze = false;  ///< tries the model's squeeze speed: walking towards a goal, not waiting
};

struct LocomotionTimes {
  double sort = 0, perceive = 0, heading = 0, contact = 0;  ///< [ns]
};

/// The operational step: sort by cell, next velocity, contact. Pure apart from its working memory.
class Locomotion {
 public:
  Locomotion(const World&, const Model&, double dt, Isa, const Period&);
  /// Displacements of all agents in `slots` (slot order, slots.row gives the rows).
  /// @param doors (doors) effective state now.
  void move(const AgentColumns&, std::span<const Intent>, std::span<const DoorState> doors, Tick, Slots& slots,
            LocomotionTimes* times) const;
  const WallGrid& walls() const { return walls_; }
  const FixedFrame& frame() const { return frame_; }
  static constexpr std::size_t grain = block_slots;

 private:
  void sort(const AgentColumns&, Slots&) const;
  void sort_by_band(const AgentColumns&, Slots&) const;
  void sort_band(Slots&, std::size_t band) const;
  void add_ghosts(const AgentColumns&, Slots&) const;
  void fill(const AgentColumns&, std::span<const Intent>, Tick, Slots&) const;
  void fill_agent(const AgentColumns&, const Intent&, Slots&, std::size_t slot) const;
  void fill_ghost(const AgentColumns&, std::span<const Intent>, Slots&, std::size_t slot) const;
  void find_repeats(Slots&) const;
  void next_velocities(const SlotView&, Slots&, StageTicks*) const;
  LevelId level_of(const AgentColumns& agents, std::size_t row) const {
    return several_sheets_ ? world_.mesh().face[index(agents.face[row])].level : only_level_;
  }
  SlotView view_of(Slots&, const std::uint8_t* doors) const;
  void pass_contacts(const SlotView&, Slots&) const;
  void copy_ghosts(Slots&, int generation) const;

  const World& world_;
  FixedFrame frame_;
  Period period_;
  double dt_, cell_size_;
  std::int32_t cell_units_ = 0;
  std::uint32_t columns_ = 0, rows_ = 0;
  int passes_ = 0;
  std::uint64_t heading_interval_ = 1;  ///< [steps]
  bool several_sheets_ = false;
  LevelId only_level_{};
  const Kernels* kernels_;
  std::variant<HeuristicsKernel, SpeedKernel> kernel_;
  WallGrid walls_;
};

}  // namespace throng::detail
