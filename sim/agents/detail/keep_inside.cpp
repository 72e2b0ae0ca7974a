#include "sim/agents/detail/rules.hpp"
#include "sim/core/loops.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace throng {
namespace {

/// Is x inside a face by more than rounding? Then no edge was crossed on the way from another point of it.
bool well_inside(const WalkableMesh& mesh, FaceId f, Vec2 x) {
  const MeshFace& face = mesh.face[index(f)];
  const Vec2 a = mesh.vertex[index(face.vertex[0])], b = mesh.vertex[index(face.vertex[1])],
             c = mesh.vertex[index(face.vertex[2])];
  const double margin = 1e-5;  // twice an area [m²]: more than a micrometre from edges shorter than 10 m
  return orient(a, b, x) > margin && orient(b, c, x) > margin && orient(c, a, x) > margin;
}

constexpr std::size_t ahead = 8;  ///< slots between asking for a row and using it

/// Ask for the columns of a row that moving it reads and writes.
void fetch_row(const AgentColumns& agents, std::uint32_t row) {
  if (row >= agents.size()) return;
  __builtin_prefetch(&agents.position[row], 1);
  __builtin_prefetch(&agents.velocity[row], 1);
  __builtin_prefetch(&agents.heading[row], 1);
  __builtin_prefetch(&agents.compression[row], 1);
  __builtin_prefetch(&agents.face[row], 1);
}

}  // namespace

/// Crossings of counting lines; forward = from the left to the right of the line as drawn.
void Simulation::Impl::count_lines(Vec2 from, Vec2 to, LevelId level, detail::BlockNews& news) const {
  const auto lines = world->lines();
  for (std::size_t n = 0; n < lines.size(); ++n) {
    if (lines[n].level != level) continue;
    for (std::size_t k = 0; k + 1 < lines[n].line.size(); ++k) {
      const Vec2 a = lines[n].line[k], b = lines[n].line[k + 1];
      const bool left_before = orient(a, b, from) > 0.0, left_after = orient(a, b, to) > 0.0;
      if (left_before == left_after) continue;
      if ((orient(from, to, a) >= 0.0) == (orient(from, to, b) >= 0.0)) continue;
      news.lines.push_back({static_cast<std::uint32_t>(n), left_before});
    }
  }
}

/// Into the other end of a repeated world.
void Simulation::Impl::wrap(CrowdState& state, std::size_t row) const {
  Vec2& x = state.agents.position[row];
  const auto inside = [](double u, double low, double size) {
    if (size <= 0.0) return u;
    if (u < low) u += size;
    if (u >= low + size) u -= size;
    return std::min(std::max(u, low), low + size - 1e-9);
  };
  x = {inside(x.x, period.min.x, period.length.x), inside(x.y, period.min.y, period.length.y)};
  const LevelId level = level_of(state.agents.face[row]);
  if (const auto face = world->locate(x, level)) {
    state.agents.face[row] = *face;
  } else if (const auto near = world->nearest(x, level, 0.5)) {
    x = near->first;
    state.agents.face[row] = near->second;
  }
}

void Simulation::Impl::settle(CrowdState& state, std::size_t row, Vec2 before, const Stride& stride) const {
  state.agents.position[row] = stride.position;
  state.agents.face[row] = stride.face;
  state.agents.velocity[row] = (stride.position - before) / options.dt;
}

void Simulation::Impl::move_row(CrowdState& state, std::size_t s, detail::StepScratch& scratch,
                                detail::BlockNews& news) const {
  const detail::Slots& slots = scratch.slots;
  const std::size_t row = slots.row[s];
  if (row >= detail::ghost_row) return;
  AgentColumns& a = state.agents;
  const auto g = static_cast<std::size_t>(slots.result);
  const Vec2 before = a.position[row];
  const Vec2 target = before + Vec2{static_cast<double>(slots.step_x[g][s]), static_cast<double>(slots.step_y[g][s])};
  a.compression[row] = slots.contacts.empty() ? 0.0F : slots.overlap[s];
  a.heading[row] = {slots.hx[s], slots.hy[s]};
  if (period.any()) {
    const Vec2 high = period.min + period.length;
    const bool leaves = (period.length.x > 0.0 && (target.x < period.min.x || target.x >= high.x)) ||
                        (period.length.y > 0.0 && (target.y < period.min.y || target.y >= high.y));
    if (leaves) {
      a.position[row] = target;
      a.velocity[row] = (target - before) / options.dt;
      wrap(state, row);
      return;
    }
  }
  if (well_inside(world->mesh(), a.face[row], target)) {
    a.position[row] = target;
    a.velocity[row] = (target - before) / options.dt;
  } else {
    const FaceId face_before = a.face[row];
    const Stride stride = walk_and_slide(world->mesh(), scratch.doors, face_before, before, target);
    settle(state, row, before, stride);
    if (stride.door_passed >= 0)
      news.doors.push_back(
          {static_cast<std::uint32_t>(row), stride.door_passed, stride.door_forward, face_before, before, target});
  }
  if (locomotion.walls().near_lines(slots.walls[s])) count_lines(before, a.position[row], level_of(a.face[row]), news);
}

/// Count those who went through doors; a metered door lets through only as many as it has credit for.
void Simulation::Impl::pass_doors(CrowdState& state, detail::StepScratch& scratch) const {
  for (const detail::BlockNews& news : scratch.news)
    for (const detail::DoorCrossing& crossing : news.doors) {
      const std::size_t d = index(crossing.door);
      if (state.controls.meter_per_min[d] > 0.0) {
        if (state.meter_credit[d] < 1.0) {
          const DoorState kept = std::exchange(scratch.doors[d], DoorState::closed);
          settle(state, crossing.row, crossing.before,
                 walk_and_slide(world->mesh(), scratch.doors, crossing.face_before, crossing.before, crossing.target));
          scratch.doors[d] = kept;
          continue;
        }
        state.meter_credit[d] -= 1.0;
      }
      ++state.counters.door_passed[d];
    }
}

void Simulation::Impl::keep_inside(CrowdState& state, detail::StepScratch& scratch) const {
  const std::size_t grain = detail::Locomotion::grain, n = scratch.slots.n;
  scratch.news.resize(std::max(scratch.news.size(), (n + grain - 1) / grain));
  for_each_block(n, grain, [&](std::size_t begin, std::size_t end) {
    detail::BlockNews& news = scratch.news[begin / grain];
    news.lines.clear();
    news.doors.clear();
    for (std::size_t s = begin; s < end; ++s) {
      if (s + ahead < n) fetch_row(state.agents, scratch.slots.row[s + ahead]);
      move_row(state, s, scratch, news);
    }
  });
  pass_doors(state, scratch);
  for (const detail::BlockNews& news : scratch.news)
    for (const detail::LineCrossing& crossing : news.lines)
      ++(crossing.forward ? state.counters.line_forward : state.counters.line_backward)[crossing.line];
}

}  // namespace throng
