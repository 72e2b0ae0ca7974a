#include "sim/agents/detail/locomotion.hpp"

#include "sim/core/loops.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>

namespace throng::detail {
namespace {

constexpr float reference_radius = 0.18F;  ///< body that the models' radii are given for [m]
constexpr double fastest = 2.0;            ///< nobody walks faster [m/s]
constexpr int n_headings = 13;             ///< K, from -90° to 90°
constexpr double crowd_in_sight = 20.0;    ///< people seen at most, about (nearest 16-24)
constexpr double behind_in_sight = 0.3;    ///< people farther behind than this only matter when they touch [m]
constexpr double touch_range = 0.9;        ///< contact is possible within a step [m]
constexpr double beside_wall = 1.5;        ///< with a wall this close on the left people keep right more [m]

const Kernels& kernels_for(Isa isa) {
  __builtin_cpu_init();
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
  const bool avx2 = __builtin_cpu_supports("avx2");
  switch (isa) {
    case Isa::scalar:
      return kernels_scalar;
    case Isa::sse2:
      return kernels_sse2;
    case Isa::avx2:
      return avx2 ? kernels_avx2 : kernels_sse2;
    case Isa::avx512:
    case Isa::best:
      break;
  }
  return avx512 ? kernels_avx512 : (avx2 ? kernels_avx2 : kernels_sse2);
}

std::variant<HeuristicsKernel, SpeedKernel> kernel_of(const BehaviouralHeuristics& model, double dt) {
  HeuristicsKernel p{};
  p.time_gap = static_cast<float>(model.time_gap);
  p.swath = static_cast<float>(model.swath);
  p.collision_ratio = p.wall_collision = static_cast<float>(model.collision_radius) / reference_radius;
  p.hard_ratio = p.wall_hard = static_cast<float>(model.hard_radius) / reference_radius;
  p.counter_factor = static_cast<float>(model.counter_factor);
  p.relaxation = static_cast<float>(model.relaxation_time);
  p.horizon = static_cast<float>(model.horizon);
  p.range = static_cast<float>(model.range);
  p.persistence = static_cast<float>(model.heading_persistence);
  p.contact_margin = static_cast<float>(2.0 * fastest * dt + 0.04);
  p.behind = static_cast<float>(behind_in_sight);
  p.touch2 = static_cast<float>(touch_range * touch_range);
  p.crowd = static_cast<float>(crowd_in_sight);
  p.beside_wall2 = static_cast<float>(beside_wall * beside_wall);
  p.squeeze = static_cast<float>(model.squeeze_speed);
  for (int k = 0; k < lanes; ++k) {
    const bool used = k < n_headings;
    const double angle = used ? math::pi * (static_cast<double>(k) / (n_headings - 1) - 0.5) : 0.0;
    p.cos_a[k] = static_cast<float>(math::cos(angle));
    p.sin_a[k] = static_cast<float>(math::sin(angle));
    p.blocked[k] = used ? 0.0F : 1e9F;
    p.cos_cost[k] = p.cos_a[k];
    p.cos_cost_side[k] = static_cast<float>(math::cos(angle + model.side_preference));
    p.cos_cost_wall[k] = static_cast<float>(math::cos(angle + 2.0 * model.side_preference));
  }
  return p;
}

std::variant<HeuristicsKernel, SpeedKernel> kernel_of(const CollisionFreeSpeed& model, double) {
  return SpeedKernel{.time_gap = static_cast<float>(model.time_gap),
                     .strength = static_cast<float>(model.repulsion_strength),
                     .inverse_range = static_cast<float>(1.0 / model.repulsion_range),
                     .wall_strength = static_cast<float>(model.wall_repulsion_strength),
                     .wall_inverse_range = static_cast<float>(1.0 / model.wall_repulsion_range),
                     .range = static_cast<float>(model.interaction_range())};
}

double heading_interval_of(const BehaviouralHeuristics& model) { return model.heading_interval; }
double heading_interval_of(const CollisionFreeSpeed&) { return 0.0; }

/// The world's box and what stands beyond it, in the finest power of two that fits into 31 bits.
FixedFrame frame_of(const Box& bounds, double margin) {
  FixedFrame frame;
  frame.origin = {std::floor(bounds.min.x - margin), std::floor(bounds.min.y - margin)};
  const Vec2 size = bounds.max - frame.origin + Vec2{margin, margin};
  frame.units_per_metre = 262144.0;
  while (std::max(size.x, size.y) * frame.units_per_metre > 2.0e9) frame.units_per_metre /= 2.0;
  return frame;
}

double now() {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Locomotion::Locomotion(const World& world, const Model& model, double dt, Isa isa, const Period& period)
    : world_(world),
      frame_(frame_of(world.bounds(), 2.0 * interaction_range(model) + 1.0)),
      period_(period),
      dt_(dt),
      cell_size_(interaction_range(model)),
      kernels_(&kernels_for(isa)),
      kernel_(std::visit([&](const auto& m) { return kernel_of(m, dt); }, model)),
      walls_(world, frame_, std::min(2.0, interaction_range(model)), period) {
  const double interval = std::visit([](const auto& m) { return heading_interval_of(m); }, model);
  heading_interval_ = static_cast<std::uint64_t>(std::max(1.0, std::floor(interval / dt + 0.5)));
  passes_ = std::visit([](const auto& m) { return m.contact_passes(); }, model);
  several_sheets_ = world.levels().size() > 1;
  if (!world.mesh().face.empty()) only_level_ = world.mesh().face.front().level;
  cell_units_ = static_cast<std::int32_t>(std::ceil(cell_size_ * frame_.units_per_metre));
  columns_ = static_cast<std::uint32_t>(frame_.x(world.bounds().max.x + cell_size_) / cell_units_) + 3;
  rows_ = static_cast<std::uint32_t>(frame_.y(world.bounds().max.y + cell_size_) / cell_units_) + 3;
}

SlotView Locomotion::view_of(Slots& slots, const std::uint8_t* doors) const {
  return {.x = slots.x.data(),
          .y = slots.y.data(),
          .vx = slots.vx.data(),
          .vy = slots.vy.data(),
          .ex = slots.ex.data(),
          .ey = slots.ey.data(),
          .radius = slots.radius.data(),
          .sheet = slots.sheet.data(),
          .speed = slots.speed.data(),
          .hx = slots.hx.data(),
          .hy = slots.hy.data(),
          .flags = slots.flags.data(),
          .row = slots.row.data(),
          .walls = slots.walls.data(),
          .cell_begin = slots.cell_begin.data(),
          .columns = columns_,
          .cells = columns_ * rows_,
          .cell_size = static_cast<float>(cell_size_),
          .cell_units = cell_units_,
          .metre_per_unit = static_cast<float>(1.0 / frame_.units_per_metre),
          .wall_begin = walls_.begin().data(),
          .wall_ax = walls_.columns().ax.data(),
          .wall_ay = walls_.columns().ay.data(),
          .wall_ux = walls_.columns().ux.data(),
          .wall_uy = walls_.columns().uy.data(),
          .wall_length = walls_.columns().length.data(),
          .wall_behind = walls_.columns().behind.data(),
          .wall_door = walls_.columns().door.data(),
          .door_state = doors,
          .several_sheets = several_sheets_ ? 1 : 0,
          .dt = static_cast<float>(dt_)};
}

void Locomotion::copy_ghosts(Slots& slots, int g) const {
  const auto k = static_cast<std::size_t>(g);
  for (const auto& [own, original] : slots.repeats) {
    slots.step_x[k][own] = slots.step_x[k][original];
    slots.step_y[k][own] = slots.step_y[k][original];
  }
}

/// Displacements by the model into generation 0, and the contacts to resolve.
void Locomotion::next_velocities(const SlotView& view, Slots& slots, StageTicks* ticks) const {
  const SlotResult result{slots.step_x[0].data(), slots.step_y[0].data()};
  slots.contacts.resize(passes_ > 0 ? (slots.n + grain - 1) / grain : 0);
  std::atomic<std::uint64_t> perceive{0}, heading{0};
  for_each_block(slots.n, grain, [&](std::size_t begin, std::size_t end) {
    const auto first = static_cast<std::uint32_t>(begin), last = static_cast<std::uint32_t>(end);
    StageTicks own, *counted = ticks != nullptr ? &own : nullptr;
    if (const auto* speed = std::get_if<SpeedKernel>(&kernel_)) {
      kernels_->collision_free_speed(view, *speed, first, last, result, counted);
    } else {
      auto room = slots.take_room();
      ContactList contacts = room->list();
      kernels_->heuristics(view, std::get<HeuristicsKernel>(kernel_), first, last, result, contacts, counted);
      slots.contacts[begin / grain].keep(contacts);
      slots.give_back(std::move(room));
    }
    perceive += own.perceive;
    heading += own.heading;
  });
  if (ticks != nullptr) *ticks = {perceive, heading};
}

void Locomotion::pass_contacts(const SlotView& view, Slots& slots) const {
  int from = 0;
  for (int pass = 0; pass < passes_; ++pass) {
    copy_ghosts(slots, from);
    const auto a = static_cast<std::size_t>(from), b = 1 - a;
    const ContactPass columns{.from_x = slots.step_x[a].data(),
                              .from_y = slots.step_y[a].data(),
                              .to_x = slots.step_x[b].data(),
                              .to_y = slots.step_y[b].data(),
                              .overlap = pass + 1 == passes_ ? slots.overlap.data() : nullptr};
    for_each_block(slots.n, grain, [&](std::size_t begin, std::size_t end) {
      kernels_->contact(view, slots.contacts[begin / grain].list(), columns, static_cast<std::uint32_t>(begin),
                        static_cast<std::uint32_t>(end));
    });
    from = 1 - from;
  }
  slots.result = from;
}

void Locomotion::move(const AgentColumns& agents, std::span<const Intent> intents, std::span<const DoorState> doors,
                      Tick tick, Slots& slots, LocomotionTimes* times) const {
  static_assert(static_cast<int>(DoorState::open) == 0 && static_cast<int>(DoorState::closed) == 1 &&
                static_cast<int>(DoorState::forward_only) == 2 && static_cast<int>(DoorState::backward_only) == 3);
  const double t0 = times != nullptr ? now() : 0.0;
  sort(agents, slots);
  fill(agents, intents, tick, slots);
  const double t1 = times != nullptr ? now() : 0.0;
  const SlotView view = view_of(slots, reinterpret_cast<const std::uint8_t*>(doors.data()));
  StageTicks ticks;
  next_velocities(view, slots, times != nullptr ? &ticks : nullptr);
  const double t2 = times != nullptr ? now() : 0.0;
  slots.result = 0;
  if (passes_ > 0) pass_contacts(view, slots);
  if (times != nullptr) {
    times->sort += t1 - t0;
    const auto all = static_cast<double>(std::max<std::uint64_t>(1, ticks.perceive + ticks.heading));
    times->perceive += (t2 - t1) * static_cast<double>(ticks.perceive) / all;
    times->heading += (t2 - t1) * static_cast<double>(ticks.heading) / all;
    times->contact += now() - t2;
  }
}

}  // namespace throng::detail
