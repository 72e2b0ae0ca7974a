#include "sim/agents/detail/locomotion.hpp"

#include "sim/core/loops.hpp"
#include "sim/core/math.hpp"

#include <algorithm>
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
  for (int k = 0; k < lanes; ++k) {
    const bool used = k < n_headings;
    const double angle = used ? math::pi * (static_cast<double>(k) / (n_headings - 1) - 0.5) : 0.0;
    p.cos_a[k] = static_cast<float>(math::cos(angle));
    p.sin_a[k] = static_cast<float>(math::sin(angle));
    p.blocked[k] = used ? 0.0F : 1e9F;
    p.cos_cost[k] = p.cos_a[k];
    p.cos_cost_side[k] = static_cast<float>(math::cos(angle + model.side_preference));
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

double squeeze_of(const BehaviouralHeuristics& model) { return model.squeeze_speed; }
double squeeze_of(const CollisionFreeSpeed&) { return 0.0; }
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

void ContactBuffer::fit(std::size_t rows) {
  begin.resize(rows + 1);
  wall_first.resize(rows + 1);
  begin[0] = wall_first[0] = 0;
  if (other.empty()) {
    other.resize(2 * rows + 2 * max_contacts);
    pair.resize(3 * other.size());
    wall.resize(6 * (rows / 2 + 2 * max_walls));
  }
}

void ContactBuffer::grow() {
  const std::size_t pairs = other.size(), n_walls = wall.size() / 6;
  const auto enlarge = [](std::vector<float>& columns, std::size_t n_columns, std::size_t before, std::size_t after) {
    std::vector<float> larger(n_columns * after);
    for (std::size_t c = 0; c < n_columns; ++c)
      std::copy_n(columns.begin() + static_cast<std::ptrdiff_t>(c * before), before,
                  larger.begin() + static_cast<std::ptrdiff_t>(c * after));
    columns = std::move(larger);
  };
  other.resize(2 * pairs);
  enlarge(pair, 3, pairs, 2 * pairs);
  enlarge(wall, 6, n_walls, 2 * n_walls);
}

ContactList ContactBuffer::view() {
  const std::size_t p = other.size(), w = wall.size() / 6;
  return {.begin = begin.data(),
          .other = other.data(),
          .dx = pair.data(),
          .dy = pair.data() + p,
          .reach = pair.data() + 2 * p,
          .wall_first = wall_first.data(),
          .wall_ax = wall.data(),
          .wall_ay = wall.data() + w,
          .wall_ux = wall.data() + 2 * w,
          .wall_uy = wall.data() + 3 * w,
          .wall_length = wall.data() + 4 * w,
          .wall_reach = wall.data() + 5 * w,
          .pair_capacity = static_cast<std::uint32_t>(p),
          .wall_capacity = static_cast<std::uint32_t>(w)};
}

Locomotion::Locomotion(const World& world, const Model& model, double dt, Isa isa, const Period& period)
    : world_(world),
      frame_(frame_of(world.bounds(), 2.0 * interaction_range(model) + 1.0)),
      period_(period),
      dt_(dt),
      cell_size_(interaction_range(model)),
      kernels_(&kernels_for(isa)),
      kernel_(std::visit([&](const auto& m) { return kernel_of(m, dt); }, model)),
      walls_(world, frame_, std::min(2.0, interaction_range(model)), period) {
  squeeze_ = std::visit([](const auto& m) { return squeeze_of(m); }, model);
  const double interval = std::visit([](const auto& m) { return heading_interval_of(m); }, model);
  heading_interval_ = static_cast<std::uint64_t>(std::max(1.0, std::floor(interval / dt + 0.5)));
  passes_ = std::visit([](const auto& m) { return m.contact_passes(); }, model);
  several_sheets_ = world.levels().size() > 1;
  cell_units_ = static_cast<std::int32_t>(std::ceil(cell_size_ * frame_.units_per_metre));
  columns_ = static_cast<std::uint32_t>(frame_.x(world.bounds().max.x + cell_size_) / cell_units_) + 3;
  rows_ = static_cast<std::uint32_t>(frame_.y(world.bounds().max.y + cell_size_) / cell_units_) + 3;
}

std::uint32_t Locomotion::cell_at(std::int32_t x, std::int32_t y) const {
  return static_cast<std::uint32_t>(y / cell_units_) * columns_ + static_cast<std::uint32_t>(x / cell_units_);
}

/// Posts, and in a repeated world the images of those near its border.
void Locomotion::add_ghosts(const AgentColumns& agents, Slots& slots) const {
  slots.ghosts.clear();
  for (std::size_t k = 0; k < world_.data().posts.size(); ++k) {
    const Post& post = world_.data().posts[k];
    if (!world_.bounds().contains(post.position)) continue;
    slots.ghosts.push_back(
        {frame_.x(post.position.x), frame_.y(post.position.y), ghost_row + static_cast<std::uint32_t>(k)});
  }
  if (!period_.any()) return;
  const auto outside = [this](double x, double low, double length) {
    return x < low - cell_size_ || x > low + length + cell_size_;
  };
  for (std::size_t r = 0; r < agents.size(); ++r)
    for (int i = period_.length.x > 0.0 ? -1 : 0; i <= (period_.length.x > 0.0 ? 1 : 0); ++i)
      for (int j = period_.length.y > 0.0 ? -1 : 0; j <= (period_.length.y > 0.0 ? 1 : 0); ++j) {
        const Vec2 x = agents.position[r] + Vec2{i * period_.length.x, j * period_.length.y};
        if ((i == 0 && j == 0) || (period_.length.x > 0.0 && outside(x.x, period_.min.x, period_.length.x)) ||
            (period_.length.y > 0.0 && outside(x.y, period_.min.y, period_.length.y)))
          continue;
        slots.ghosts.push_back({frame_.x(x.x), frame_.y(x.y), static_cast<std::uint32_t>(r)});
      }
}

/// Counting sort by cell, rows ascending within a cell, ghosts after agents.
void Locomotion::sort(const AgentColumns& agents, Slots& slots) const {
  add_ghosts(agents, slots);
  slots.n_agents = agents.size();
  slots.n = agents.size() + slots.ghosts.size();
  slots.cell_of_row.resize(slots.n);
  slots.order.resize(slots.n);
  for_each_agent(
      agents.size(),
      [&](std::size_t r) {
        slots.cell_of_row[r] = cell_at(frame_.x(agents.position[r].x), frame_.y(agents.position[r].y));
      },
      4096);
  for (std::size_t k = 0; k < slots.ghosts.size(); ++k)
    slots.cell_of_row[agents.size() + k] = cell_at(slots.ghosts[k].x, slots.ghosts[k].y);
  std::vector<std::uint32_t>& begin = slots.cell_begin;
  begin.assign(std::size_t{columns_} * rows_ + 2, 0);
  for (const std::uint32_t cell : slots.cell_of_row) ++begin[cell + 2];
  for (std::size_t c = 2; c < begin.size(); ++c) begin[c] += begin[c - 1];
  for (std::size_t r = 0; r < slots.n; ++r)
    slots.order[begin[slots.cell_of_row[r] + 1]++] = static_cast<std::uint32_t>(r);
}

void Locomotion::fill_ghost(const AgentColumns& agents, std::span<const Intent> intents, Slots& slots,
                            std::size_t s) const {
  const auto k = slots.order[s] - static_cast<std::uint32_t>(slots.n_agents);
  const Slots::Ghost& ghost = slots.ghosts[k];
  slots.row[s] = ghost_row + k;
  slots.x[s] = ghost.x;
  slots.y[s] = ghost.y;
  slots.walls[s] = 0;
  slots.speed[s] = slots.squeeze[s] = slots.hx[s] = slots.hy[s] = 0.0F;
  if (ghost.original >= ghost_row) {
    const Post& post = world_.data().posts[ghost.original - ghost_row];
    slots.vx[s] = slots.vy[s] = slots.ex[s] = slots.ey[s] = 0.0F;
    slots.radius[s] = static_cast<float>(post.radius);
    slots.sheet[s] = static_cast<std::uint32_t>(index(post.level));
    return;
  }
  const std::size_t r = ghost.original;
  slots.vx[s] = static_cast<float>(agents.velocity[r].x);
  slots.vy[s] = static_cast<float>(agents.velocity[r].y);
  slots.ex[s] = intents[r].ex;
  slots.ey[s] = intents[r].ey;
  slots.radius[s] = agents.radius[r];
  slots.sheet[s] = static_cast<std::uint32_t>(index(world_.mesh().face[index(agents.face[r])].level));
}

void Locomotion::fill(const AgentColumns& agents, std::span<const Intent> intents, Tick tick, Slots& slots) const {
  const std::size_t padded = slots.n + lanes;
  slots.keeps.resize(padded);
  for (auto* column : {&slots.row, &slots.cell, &slots.walls, &slots.sheet}) column->resize(padded);
  for (auto* column : {&slots.x, &slots.y}) column->resize(padded);
  for (auto* column : {&slots.vx, &slots.vy, &slots.ex, &slots.ey, &slots.radius, &slots.speed, &slots.squeeze,
                       &slots.hx, &slots.hy, &slots.step_x[0], &slots.step_x[1], &slots.step_y[0], &slots.step_y[1],
                       &slots.new_hx, &slots.new_hy, &slots.overlap})
    column->resize(padded);
  const auto squeeze = static_cast<float>(squeeze_);
  for_each_agent(
      slots.n,
      [&](std::size_t s) {
        const std::size_t r = slots.order[s];
        slots.cell[s] = slots.cell_of_row[r];
        slots.overlap[s] = 0.0F;
        if (r >= slots.n_agents) return fill_ghost(agents, intents, slots, s);
        const Intent& intent = intents[r];
        slots.row[s] = static_cast<std::uint32_t>(r);
        slots.keeps[s] = (tick.count + static_cast<std::uint64_t>(agents.id[r])) % heading_interval_ != 0 ? 1 : 0;
        slots.x[s] = frame_.x(agents.position[r].x);
        slots.y[s] = frame_.y(agents.position[r].y);
        slots.vx[s] = static_cast<float>(agents.velocity[r].x);
        slots.vy[s] = static_cast<float>(agents.velocity[r].y);
        slots.hx[s] = static_cast<float>(agents.heading[r].x);
        slots.hy[s] = static_cast<float>(agents.heading[r].y);
        slots.ex[s] = intent.ex;
        slots.ey[s] = intent.ey;
        slots.speed[s] = intent.speed;
        slots.squeeze[s] = std::min(intent.squeeze * squeeze, intent.speed);
        slots.radius[s] = agents.radius[r];
        const LevelId level = world_.mesh().face[index(agents.face[r])].level;
        slots.walls[s] = walls_.list_of(slots.x[s], slots.y[s], level);
        slots.sheet[s] = walls_.sheet_of(slots.walls[s], level);
      },
      grain);
  if (!period_.any()) return;
  slots.repeats.clear();
  std::vector<std::uint32_t> slot_of(slots.n_agents);
  for (std::size_t s = 0; s < slots.n; ++s)
    if (slots.row[s] < ghost_row) slot_of[slots.row[s]] = static_cast<std::uint32_t>(s);
  for (std::size_t s = 0; s < slots.n; ++s) {
    if (slots.row[s] < ghost_row) continue;
    const std::uint32_t original = slots.ghosts[slots.row[s] - ghost_row].original;
    if (original < ghost_row) slots.repeats.push_back({static_cast<std::uint32_t>(s), slot_of[original]});
  }
}

SlotView Locomotion::view_of(const Slots& slots, const std::uint8_t* doors) const {
  return {.x = slots.x.data(),
          .y = slots.y.data(),
          .vx = slots.vx.data(),
          .vy = slots.vy.data(),
          .ex = slots.ex.data(),
          .ey = slots.ey.data(),
          .radius = slots.radius.data(),
          .sheet = slots.sheet.data(),
          .speed = slots.speed.data(),
          .squeeze = slots.squeeze.data(),
          .hx = slots.hx.data(),
          .hy = slots.hy.data(),
          .keeps = slots.keeps.data(),
          .row = slots.row.data(),
          .cell = slots.cell.data(),
          .walls = slots.walls.data(),
          .cell_begin = slots.cell_begin.data(),
          .columns = columns_,
          .cell_size = static_cast<float>(cell_size_),
          .cell_units = cell_units_,
          .metre_per_unit = static_cast<float>(1.0 / frame_.units_per_metre),
          .wall_begin = walls_.begin().data(),
          .wall_list = walls_.list().data(),
          .wall = walls_.walls().data(),
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
      kernels_->contact(view, slots.contacts[begin / grain].view(), columns, static_cast<std::uint32_t>(begin),
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
  const SlotResult result{slots.step_x[0].data(), slots.step_y[0].data(), slots.new_hx.data(), slots.new_hy.data()};
  slots.contacts.resize((slots.n + grain - 1) / grain);
  for_each_block(slots.n, grain, [&](std::size_t begin, std::size_t end) {
    ContactBuffer& contacts = slots.contacts[begin / grain];
    contacts.fit(end - begin);
    const auto first = static_cast<std::uint32_t>(begin), last = static_cast<std::uint32_t>(end);
    for (std::uint32_t s = first; s < last;) {
      const ContactList list = contacts.view();
      if (const auto* p = std::get_if<HeuristicsKernel>(&kernel_))
        s = kernels_->heuristics(view, *p, first, s, last, result, list);
      else
        s = kernels_->collision_free_speed(view, std::get<SpeedKernel>(kernel_), first, s, last, result, list);
      if (s < last) contacts.grow();
    }
  });
  const double t2 = times != nullptr ? now() : 0.0;
  slots.result = 0;
  if (passes_ > 0) pass_contacts(view, slots);
  if (times != nullptr) {
    times->sort += t1 - t0;
    times->perceive += t2 - t1;
    times->contact += now() - t2;
  }
}

}  // namespace throng::detail
