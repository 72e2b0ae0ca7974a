#pragma once
#include "sim/agents/detail/kernel.hpp"
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
  float squeeze = 0;     ///< share of the model's squeeze speed tried: 1 walking towards a goal, 0 waiting
};

/// Contact pairs of one block of slots; grows, never shrinks.
struct ContactBuffer {
  std::vector<std::uint32_t> begin, wall_first, other;
  std::vector<float> pair, wall;
  ContactList view();
  void fit(std::size_t rows);
  void grow();
};

/// Working memory of one step: columns by slot (agents sorted by cell), reused between steps.
struct Slots {
  std::size_t n = 0, n_agents = 0;
  std::vector<std::uint32_t> cell_of_row, cell_begin, order;
  std::vector<std::uint32_t> row, cell, walls, sheet;
  std::vector<std::int32_t> x, y;
  std::vector<std::uint8_t> keeps;
  std::vector<float> vx, vy, ex, ey, radius, speed, squeeze, hx, hy;
  std::array<std::vector<float>, 2> step_x, step_y;  ///< displacement; the last generation is the result
  std::vector<float> new_hx, new_hy, overlap;
  struct Ghost {
    std::int32_t x, y;
    std::uint32_t original;  ///< row that it repeats, or ghost_row + post
  };
  std::vector<Ghost> ghosts;                          ///< seen, not moved
  std::vector<std::array<std::uint32_t, 2>> repeats;  ///< (repeated ghosts) own slot, slot of the original
  std::vector<ContactBuffer> contacts;
  int result = 0;  ///< which generation holds the result
};

struct LocomotionTimes {
  double sort = 0, perceive = 0, contact = 0;  ///< [ns]
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
  static constexpr std::size_t grain = 256;  ///< slots per block

 private:
  void sort(const AgentColumns&, Slots&) const;
  void add_ghosts(const AgentColumns&, Slots&) const;
  void fill(const AgentColumns&, std::span<const Intent>, Tick, Slots&) const;
  void fill_ghost(const AgentColumns&, std::span<const Intent>, Slots&, std::size_t slot) const;
  std::uint32_t cell_at(std::int32_t x, std::int32_t y) const;
  SlotView view_of(const Slots&, const std::uint8_t* doors) const;
  void pass_contacts(const SlotView&, Slots&) const;
  void copy_ghosts(Slots&, int generation) const;

  const World& world_;
  FixedFrame frame_;
  Period period_;
  double dt_, cell_size_, squeeze_ = 0.0;
  std::int32_t cell_units_ = 0;
  std::uint32_t columns_ = 0, rows_ = 0;
  int passes_ = 0;
  std::uint64_t heading_interval_ = 1;  ///< [steps]
  bool several_sheets_ = false;
  const Kernels* kernels_;
  std::variant<HeuristicsKernel, SpeedKernel> kernel_;
  WallGrid walls_;
};

}  // namespace throng::detail
