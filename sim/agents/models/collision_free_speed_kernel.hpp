#pragma once
// Kernel of CollisionFreeSpeed; equations and sources in collision_free_speed.hpp. Included once by each kernel source,
// inside an unnamed namespace, after perceive.hpp.

/// exp(x) for -60 <= x <= 80 to 2e-7 relative: Cody-Waite reduction and a polynomial of degree 6, as Cephes does. Below
/// it stays at 9e-27: nothing to a model, and quotients of it are no denormal numbers, which are slow.
inline F exponential(F x) {
  x = least(greatest(x, splat(-60.0F)), splat(80.0F));
  const F big = splat(12582912.0F);  // 1.5 * 2^23: adding it rounds to a whole number
  const F n = (x * splat(1.44269504F) + big) - big;
  const F r = (x - n * splat(0.693359375F)) + n * splat(2.12194440e-4F);
  F y = splat(1.9875691500e-4F);
  y = y * r + splat(1.3981999507e-3F);
  y = y * r + splat(8.3334519073e-3F);
  y = y * r + splat(4.1665795894e-2F);
  y = y * r + splat(1.6666665459e-1F);
  y = y * r + splat(5.0000001201e-1F);
  y = (y * r * r + r) + splat(1.0F);
  return y * power_of_two(n);
}

/// Sum of repulsions by people: unit vectors away from them, weighted. Leaves the gaps to all of them in `vx`.
inline void repulsion_of_people(const SpeedKernel& p, const Seen& seen, float& x, float& y) {
  F sx = splat(0.0F), sy = splat(0.0F);
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k);
    const F d = root(greatest(dx * dx + dy * dy, splat(1e-12F)));
    const F gap = d - load(seen.sum + k);
    store(seen.vx + k, gap);
    const F weight = splat(p.strength) * exponential(gap * splat(-p.inverse_range)) / d;
    sx = sx - weight * dx;
    sy = sy - weight * dy;
  }
  x = sum(sx);
  y = sum(sy);
}

inline void add_repulsion_of_walls(const SpeedKernel& p, const Near& near, float radius, float& x, float& y) {
  for (int w = 0; w < near.n; ++w) {
    float along = -(near.ax[w] * near.ux[w] + near.ay[w] * near.uy[w]);
    along = along < 0.0F ? 0.0F : (along > near.length[w] ? near.length[w] : along);
    const float nx = near.ax[w] + along * near.ux[w], ny = near.ay[w] + along * near.uy[w];
    const float d = __builtin_sqrtf(near.distance2[w] < 1e-12F ? 1e-12F : near.distance2[w]);
    float e[lanes];
    store(e, exponential(splat((radius - d) * p.wall_inverse_range)));
    const float weight = p.wall_strength * e[0] / d;
    x = x - weight * nx;
    y = y - weight * ny;
  }
}

/// Sixteen agents under way through the stages.
struct SpeedBatch {
  Self self[batch];
  Sight sight;
  Near near[batch];
  bool walks[batch];
  alignas(64) float ux[batch], uy[batch], gap[batch];
};

/// Who walks, whom and what each sees.
THRONG_STAGE std::uint32_t look_around(const SlotView& view, const SpeedKernel& p, std::uint32_t s, std::uint32_t n,
                                       std::uint32_t cell, Candidates& candidates, SpeedBatch& all) {
  const Reach reach{p.range * p.range, 0.0F, 0.0F, 1.0F};
  all.sight.begin[0] = 0;
  for (std::uint32_t k = 0; k < n; ++k) {
    cell = cell_of(view, s + k, cell);
    const bool present = view.row[s + k] < ghost_row;
    if (present && candidates.cell != cell) copy_cells<Look::bodies>(view, cell, candidates);
    Self& self = all.self[k];
    describe(view, candidates, s + k, self);
    all.walks[k] = present && view.speed[s + k] > 0.0F && self.ex * self.ex + self.ey * self.ey > 0.5F;
    all.sight.n[k] = 0;
    all.near[k].n = 0;
    if (all.walks[k]) {
      see_people<Look::bodies>(view, candidates, self, reach, k, all.sight);
      see_walls(view, s + k, 1.0F, all.near[k]);
    }
    pad<Look::bodies>(all.sight.of(k));
    next_in(all.sight, k);
  }
  return cell;
}

/// Directions: the desired one and all repulsions. Where they cancel, nobody walks.
THRONG_STAGE void choose_directions(const SlotView& view, const SpeedKernel& p, std::uint32_t s, std::uint32_t n,
                                    SpeedBatch& all) {
  for (std::uint32_t k = 0; k < n; ++k) {
    repulsion_of_people(p, all.sight.of(k), all.ux[k], all.uy[k]);
    if (all.near[k].n > 0) add_repulsion_of_walls(p, all.near[k], all.self[k].radius, all.ux[k], all.uy[k]);
  }
  const F ux = load(all.ux) + load(view.ex + s), uy = load(all.uy) + load(view.ey + s);
  const F length = root(ux * ux + uy * uy), size = greatest(length, splat(1e-6F));
  store(all.ux, ux / size);
  store(all.uy, uy / size);
  const std::uint32_t some = bits(splat(1e-6F) < length);
  for (std::uint32_t k = 0; k < n; ++k) all.walks[k] = all.walks[k] && (some >> k & 1U) != 0;
}

THRONG_STAGE void find_gaps(std::uint32_t n, SpeedBatch& all) {
  for (std::uint32_t k = 0; k < n; ++k)
    all.gap[k] = all.walks[k] ? gap_ahead(all.sight.of(k), all.ux[k], all.uy[k], 1.0F, 1e6F, all.sight.of(k).vx) : 0.0F;
}

/// Displacements of the batch; ghosts move on as they do.
THRONG_STAGE void move_on(const SlotView& view, const SpeedKernel& p, std::uint32_t s, std::uint32_t n,
                          const SpeedBatch& all, const SlotResult& out) {
  std::uint32_t walking = 0, ghosts = 0;
  for (std::uint32_t k = 0; k < n; ++k) {
    walking |= (all.walks[k] ? 1U : 0U) << k;
    ghosts |= (view.row[s + k] >= ghost_row ? 1U : 0U) << k;
  }
  const M walks = mask_of(walking), ghost = mask_of(ghosts);
  const F ux = load(all.ux), uy = load(all.uy), dt = splat(view.dt), none = splat(0.0F);
  const F target = least(greatest(load(all.gap) / splat(p.time_gap), none), load(view.speed + s));
  store(out.step_x + s, select(walks, target * ux, select(ghost, load(view.vx + s), none)) * dt);
  store(out.step_y + s, select(walks, target * uy, select(ghost, load(view.vy + s), none)) * dt);
  store(view.hx + s, select(walks, ux, load(view.hx + s)));
  store(view.hy + s, select(walks, uy, load(view.hy + s)));
}

void collision_free_speed_block(const SlotView& view, const SpeedKernel& p, std::uint32_t begin, std::uint32_t end,
                                const SlotResult& out, StageTicks* ticks) {
  StageClock clock(ticks);
  Candidates candidates;
  SpeedBatch all;
  candidates.cell = 0xFFFFFFFFU;
  candidates.n = 0;
  candidates.origin_x = candidates.origin_y = 0;
  std::uint32_t cell = first_cell_of(view, begin);
  for (std::uint32_t s = begin; s < end; s += batch) {
    const std::uint32_t n = end - s < batch ? end - s : batch;
    cell = look_around(view, p, s, n, cell, candidates, all);
    hide_behind_walls<Look::bodies>(n, all.near, all.sight);
    clock.mark(ticks, &StageTicks::perceive);
    choose_directions(view, p, s, n, all);
    find_gaps(n, all);
    move_on(view, p, s, n, all, out);
    clock.mark(ticks, &StageTicks::heading);
  }
}
