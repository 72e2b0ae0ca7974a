#pragma once
#include <cstdint>

/// What the vector kernels see: plain columns in slot order (sorted by cell). This header is included by code compiled
/// for several instruction sets, so it holds plain data and declarations only: an inline function here could be linked
/// in from the wrong one.
namespace throng::detail {

inline constexpr int lanes = 16;                         ///< vector width of the kernels, whatever the processor's
inline constexpr std::uint32_t ghost_row = 0x80000000U;  ///< rows from here on are seen but not moved
inline constexpr int max_headings = lanes;
inline constexpr int max_contacts = 48;                         ///< per agent; more are left out, in slot order
inline constexpr int max_walls = 48;                            ///< per agent
inline constexpr int block_slots = 256;                         ///< slots per block of work, a multiple of the lanes
inline constexpr std::uint8_t keeps_heading = 1, squeezes = 2;  ///< flags of a slot

/// Static or closable segment. A door's forward direction is from its left to its right.
struct WallSegment {
  std::int32_t ax, ay;  ///< start [units]
  float ux, uy;         ///< unit direction; zero for a point
  float length;         ///< [m]
  float behind;         ///< only seen from this far left of it or more [m]; far below zero where it has two sides
  std::int32_t door;    ///< -1 = wall
};

/// Columns in slot order (n + lanes, padded) and lookups. Read-only but for the headings.
struct SlotView {
  const std::int32_t *x, *y;        ///< fixed point [units] from the grid's origin
  const float *vx, *vy;             ///< [m/s]
  const float *ex, *ey;             ///< desired direction, unit or zero
  const float* radius;              ///< body radius [m]
  const std::uint32_t* sheet;       ///< own level | linked level in sight + 1 << 16; only with several sheets
  const float* speed;               ///< desired speed [m/s]
  float *hx, *hy;                   ///< heading: of the last step, then the one chosen
  const std::uint8_t* flags;        ///< keeps_heading, squeezes
  const std::uint32_t* row;         ///< row in the state; ghost_row and above: ghost
  const std::uint32_t* walls;       ///< list of the slot: wall_begin[walls] .. wall_begin[walls + 1]
  const std::uint32_t* cell_begin;  ///< (cells + 1) slots; the grid has an empty rim
  std::uint32_t columns, cells;     ///< of the grid: cells per row, cells
  float cell_size;                  ///< [m]
  std::int32_t cell_units;          ///< cell size [units]
  float metre_per_unit;             ///< power of two
  const std::uint32_t* wall_begin;
  const std::int32_t *wall_ax, *wall_ay;  ///< segments list by list, as in WallSegment
  const float *wall_ux, *wall_uy, *wall_length, *wall_behind;
  const std::int32_t* wall_door;
  const std::uint8_t* door_state;  ///< (doors) 0 open, 1 closed, 2 forward only, 3 backward only
  std::int32_t several_sheets;     ///< 0 = everyone may see everyone
  float dt;                        ///< [s]
};

/// Pairs near enough to touch within the step, and walls near enough to be touched, of the slots of one block; by slot.
struct ContactList {
  std::uint8_t* own;       ///< (pairs) slot within the block
  std::uint32_t* other;    ///< (pairs) slot
  float *dx, *dy, *reach;  ///< (pairs) vector to the other and sum of hard radii at the start of the step [m]
  std::uint8_t* wall_own;  ///< (walls) slot within the block
  float *wall_ax, *wall_ay, *wall_ux, *wall_uy, *wall_length, *wall_reach;  ///< (walls)
  std::uint32_t n, n_walls;
};

/// Displacements wanted in this step [m]; written by slot, in whole vectors.
struct SlotResult {
  float *step_x, *step_y;
};

struct HeuristicsKernel {
  float time_gap, swath, collision_ratio, hard_ratio, counter_factor, relaxation, horizon, range, persistence;
  float wall_collision, wall_hard;   ///< ratios to the body radius
  float contact_margin;              ///< greatest approach within a step [m]
  float squeeze;                     ///< least speed tried while walking [m/s]
  float behind, touch2;              ///< people with e·d < -behind [m] are not seen unless within sqrt(touch2) [m]
  float crowd;                       ///< people seen at most, about
  float cos_a[lanes], sin_a[lanes];  ///< headings relative to the desired direction
  float blocked[lanes];              ///< 0 for headings in use, large for padding
  float cos_cost[lanes], cos_cost_side[lanes], cos_cost_wall[lanes];
  float beside_wall2;  ///< squared distance to a wall on the left within which people keep right more [m²]
};

struct SpeedKernel {
  float time_gap, strength, inverse_range, wall_strength, wall_inverse_range, range;
};

struct ContactPass {
  const float *from_x, *from_y;  ///< displacements of all slots before the pass
  float *to_x, *to_y;
  float* overlap;  ///< sum of overlaps [m]; written by the last pass
};

/// Processor ticks by stage of a model's kernel, for benchmarks; nobody counts without one.
struct StageTicks {
  std::uint64_t perceive = 0, heading = 0;
};

/// Kernels of one instruction set, for the slots of [begin, end): a block, which begins at a multiple of block_slots.
/// Models append to an empty contact list with room for all.
struct Kernels {
  void (*heuristics)(const SlotView&, const HeuristicsKernel&, std::uint32_t begin, std::uint32_t end,
                     const SlotResult&, ContactList&, StageTicks*);
  void (*collision_free_speed)(const SlotView&, const SpeedKernel&, std::uint32_t begin, std::uint32_t end,
                               const SlotResult&, StageTicks*);
  void (*contact)(const SlotView&, const ContactList&, const ContactPass&, std::uint32_t begin, std::uint32_t end);
};

extern const Kernels kernels_scalar, kernels_sse2, kernels_avx2, kernels_avx512;

}  // namespace throng::detail
