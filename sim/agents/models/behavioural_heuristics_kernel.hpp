#pragma once
// Kernel of BehaviouralHeuristics; equations and sources in behavioural_heuristics.hpp. Included once by each kernel
// source, inside an unnamed namespace, after perceive.hpp.

/// People who may be met within the horizon, as coefficients of the time to collision; one agent after the other.
struct Meetings {
  alignas(64) float dx[batch_seen + lanes], dy[batch_seen + lanes];  ///< d [m]
  alignas(64) float vx[batch_seen + lanes], vy[batch_seen + lanes];  ///< 2 v [m/s]
  alignas(64) float dv[batch_seen + lanes];                          ///< d·v
  alignas(64) float speeds[batch_seen + lanes];                      ///< v0² + v·v
  alignas(64) float c[batch_seen + lanes], inverse_c[batch_seen + lanes];
  std::uint32_t begin[batch + 1];
};

/// Sixteen agents under way through the stages.
struct HeuristicsBatch {
  Self self[batch];
  Sight sight;
  Near near[batch];
  Meetings meetings;
  bool walks[batch], chooses[batch];
  alignas(64) float ux[batch], uy[batch], gap[batch], least_speed[batch], speed[batch];
};

/// Leave out those whom no heading can meet within the horizon: nothing closes in faster than `closing`, and 1/t <= 2 b
/// / c.
inline std::uint32_t find_meetings(const HeuristicsKernel& p, const Seen& seen, float speed, float ex, float ey,
                                   Meetings& all, std::uint32_t n) {
  const F v0 = splat(speed), least_inverse = splat(speed / p.horizon), none = splat(0.0F);
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k), vx = load(seen.vx + k), vy = load(seen.vy + k);
    const F d2 = dx * dx + dy * dy, radii = magnitude(load(seen.sum + k)) * splat(p.collision_ratio);
    const F c = greatest(d2 - radii * radii, none);
    const F dv = dx * vx + dy * vy;
    const F ahead = dx * splat(ex) + dy * splat(ey);
    const F across = magnitude(dy * splat(ex) - dx * splat(ey));
    const F closing = v0 * select(none < ahead, root(d2), across) - dv;
    const std::uint32_t left = seen.n - k;
    const std::uint32_t present = left < lanes ? (1U << left) - 1U : 0xFFFFU;
    const std::uint32_t mask = present & bits(least_inverse * c < splat(2.0F) * closing);
    THRONG_FITS(n + lanes <= batch_seen + lanes);
    compress(all.dx + n, mask, dx);
    compress(all.dy + n, mask, dy);
    compress(all.vx + n, mask, vx + vx);
    compress(all.vy + n, mask, vy + vy);
    compress(all.dv + n, mask, dv);
    compress(all.speeds + n, mask, v0 * v0 + (vx * vx + vy * vy));
    compress(all.c + n, mask, c);
    compress(all.inverse_c + n, mask, splat(1.0F) / greatest(c, splat(1e-6F)));
    n += static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
  return n;
}

/// Largest inverse time to collision [1/s] along each heading. With d the vector to someone, w = v0 u - v the relative
/// velocity and R the sum of radii, they meet at t with |d - w t| = R:
///   1/t = (b + sqrt(b² - a c)) / c,   a = w·w,  b = d·w,  c = d·d - R²;   already touching (c = 0): at once if b > 0.
inline F inverse_times(const HeuristicsKernel& p, const Meetings& all, std::uint32_t begin, std::uint32_t end,
                       float speed, F wx, F wy) {
  const F none = splat(0.0F);
  F inverse = splat(speed / p.horizon);
  for (std::uint32_t k = begin; k < end; ++k) {
    const F b = wx * splat(all.dx[k]) + wy * splat(all.dy[k]) - splat(all.dv[k]);
    const F a = splat(all.speeds[k]) - (wx * splat(all.vx[k]) + wy * splat(all.vy[k]));
    const F inside = b * b - a * splat(all.c[k]);
    const M meets = (none < b) & (none < inside);
    const F when = (b + root(greatest(inside, none))) * splat(all.inverse_c[k]);
    inverse = greatest(inverse, select(meets, when, none));
  }
  return inverse;
}

/// Largest inverse distance [1/m] to a wall along each heading: linear in the heading for each wall.
inline F inverse_wall_distances(const Near& near, F ux, F uy) {
  F inverse = splat(0.0F);
  for (int w = 0; w < near.n; ++w) {
    float side = near.side[w], sx = near.ux[w], sy = near.uy[w], ax = near.ax[w], ay = near.ay[w];
    if (side < 0.0F) {  // look from the other end, so that the line is ahead for cross(u, s) > 0
      ax = ax + near.length[w] * sx;
      ay = ay + near.length[w] * sy;
      sx = -sx;
      sy = -sy;
      side = -side;
    }
    if (side < 1e-4F) side = 1e-4F;
    const F towards = ux * splat(sy) - uy * splat(sx);
    const F along = splat(ax) * uy - splat(ay) * ux;  // times distance / side: where along the segment
    const M hits = (splat(0.0F) < towards) & (splat(0.0F) <= along) & (along <= towards * splat(near.length[w]));
    inverse = greatest(inverse, select(hits, towards * splat(1.0F / side), splat(0.0F)));
  }
  return inverse;
}

inline bool oncoming_ahead(const Seen& seen, float ex, float ey, float swath) {
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k), sum = load(seen.sum + k), none = splat(0.0F);
    const F ahead = dx * splat(ex) + dy * splat(ey);
    const F aside = magnitude(dy * splat(ex) - dx * splat(ey));
    const M meets = (none < ahead) & (sum < none) & (aside <= magnitude(sum) * splat(swath));
    if (bits(meets) != 0) return true;
  }
  return false;
}

/// Is there a wall close by on the left, not behind?
inline bool wall_on_left(const Near& near, float ex, float ey, float close2) {
  for (int w = 0; w < near.n; ++w) {
    if (near.distance2[w] > close2) continue;
    float along = -(near.ax[w] * near.ux[w] + near.ay[w] * near.uy[w]);
    along = along < 0.0F ? 0.0F : along;
    along = along > near.length[w] ? near.length[w] : along;
    const float px = near.ax[w] + along * near.ux[w], py = near.ay[w] + along * near.uy[w];
    if (ex * py - ey * px > 0.0F && ex * px + ey * py > -0.3F) return true;
  }
  return false;
}

/// Lane of the best heading.
inline int best_heading(const HeuristicsKernel& p, const SlotView& view, HeuristicsBatch& all, std::uint32_t k) {
  const Self& self = all.self[k];
  const Near& near = all.near[k];
  const float speed = all.speed[k], ex = self.ex, ey = self.ey;
  const F cos_a = load(p.cos_a), sin_a = load(p.sin_a);
  const F ux = splat(ex) * cos_a - splat(ey) * sin_a, uy = splat(ex) * sin_a + splat(ey) * cos_a;
  const F inverse = inverse_times(p, all.meetings, all.meetings.begin[k], all.meetings.begin[k + 1], speed,
                                  splat(speed) * ux, splat(speed) * uy);
  F free = splat(speed) / inverse;
  if (near.n > 0) {
    const F wall = inverse_wall_distances(near, ux, uy);
    const F to_wall = splat(1.0F) / greatest(wall, splat(1e-6F)) - splat(self.radius * p.wall_collision);
    free = least(free, greatest(to_wall, splat(0.0F)));
  }
  free = greatest(free, splat(0.02F));  // blocked all round: push on straight
  const bool side = p.cos_cost_side[0] != p.cos_cost[0] && oncoming_ahead(all.sight.of(k), ex, ey, p.swath);
  const bool hugging = side && wall_on_left(near, ex, ey, p.beside_wall2);
  const F turn = load(hugging ? p.cos_cost_wall : side ? p.cos_cost_side : p.cos_cost);
  F cost = free * (free - splat(2.0F * p.horizon) * turn) + load(p.blocked);
  if (p.persistence > 0.0F) {
    const M same = splat(0.99F) < ux * splat(view.hx[self.slot]) + uy * splat(view.hy[self.slot]);
    cost = cost - select(same, splat(p.persistence), splat(0.0F));
  }
  return __builtin_ctz(bits(cost == splat(lowest(cost))));
}

/// People are seen up to the distance at which about `crowd` of them are in sight, never less than 1 m.
inline float range2_for(const SlotView& view, const HeuristicsKernel& p, std::uint32_t n) {
  const float area = 9.0F * view.cell_size * view.cell_size;
  const float range2 = p.crowd * area / (3.14159265F * static_cast<float>(n));
  const float full = p.range * p.range;
  return range2 > full ? full : (range2 < 1.0F ? 1.0F : range2);
}

/// Who walks, whom and what each sees.
THRONG_STAGE std::uint32_t look_around(const SlotView& view, const HeuristicsKernel& p, std::uint32_t s,
                                       std::uint32_t n, std::uint32_t cell, Candidates& candidates,
                                       HeuristicsBatch& all) {
  Reach walking{0.0F, p.behind, p.touch2, p.counter_factor}, standing{1.0F, p.behind, p.touch2, p.counter_factor};
  walking.range2 = range2_for(view, p, candidates.n);
  all.sight.begin[0] = 0;
  for (std::uint32_t k = 0; k < n; ++k) {
    cell = cell_of(view, s + k, cell);
    const bool present = view.row[s + k] < ghost_row;
    if (present && candidates.cell != cell) {
      copy_cells<Look::people>(view, cell, candidates);
      walking.range2 = range2_for(view, p, candidates.n);
    }
    Self& self = all.self[k];
    describe(view, candidates, s + k, self);
    all.speed[k] = view.speed[s + k];
    all.walks[k] = present && all.speed[k] > 0.0F && self.ex * self.ex + self.ey * self.ey > 0.5F;
    all.sight.n[k] = 0;
    all.near[k].n = 0;
    if (present) {
      see_people<Look::people>(view, candidates, self, all.walks[k] ? walking : standing, k, all.sight);
      see_walls(view, s + k, all.walks[k] ? p.range : 1.0F, all.near[k]);
    }
    pad<Look::people>(all.sight.of(k));
    next_in(all.sight, k);
  }
  return cell;
}

/// Who chooses a heading in this step, and whom they may meet; the others keep theirs.
THRONG_STAGE void find_all_meetings(const SlotView& view, const HeuristicsKernel& p, std::uint32_t s, std::uint32_t n,
                                    HeuristicsBatch& all) {
  std::uint32_t end = 0;
  for (std::uint32_t k = 0; k < n; ++k) {
    const Self& self = all.self[k];
    const bool alone = all.sight.n[k] == 0 && all.near[k].n == 0;
    const float hx = view.hx[s + k], hy = view.hy[s + k];
    const bool keeps = (view.flags[s + k] & keeps_heading) != 0 && hx * self.ex + hy * self.ey >= 0.0F;
    all.meetings.begin[k] = end;
    all.chooses[k] = all.walks[k] && !alone && !keeps;
    all.ux[k] = all.walks[k] && alone ? self.ex : hx;
    all.uy[k] = all.walks[k] && alone ? self.ey : hy;
    if (all.chooses[k]) end = find_meetings(p, all.sight.of(k), all.speed[k], self.ex, self.ey, all.meetings, end);
  }
  all.meetings.begin[n] = end;
}

THRONG_STAGE void choose_headings(const SlotView& view, const HeuristicsKernel& p, std::uint32_t n,
                                  HeuristicsBatch& all) {
  for (std::uint32_t k = 0; k < n; ++k) {
    if (!all.chooses[k]) continue;
    const Self& self = all.self[k];
    const int h = best_heading(p, view, all, k);
    all.ux[k] = self.ex * p.cos_a[h] - self.ey * p.sin_a[h];
    all.uy[k] = self.ex * p.sin_a[h] + self.ey * p.cos_a[h];
  }
}

/// Velocities of the batch from headings and gaps; ghosts move on as they do.
THRONG_STAGE void move_on(const SlotView& view, const HeuristicsKernel& p, std::uint32_t s, std::uint32_t n,
                          const HeuristicsBatch& all, const SlotResult& out) {
  const F speed = load(all.speed), least_speed = load(all.least_speed), wanted = load(all.gap) / splat(p.time_gap);
  F target = least(greatest(wanted, least_speed), speed);
  std::uint32_t walking = 0, ghosts = 0;
  for (std::uint32_t k = 0; k < n; ++k) {
    walking |= (all.walks[k] ? 1U : 0U) << k;
    ghosts |= (view.row[s + k] >= ghost_row ? 1U : 0U) << k;
  }
  target = select(mask_of(walking), target, splat(0.0F));
  const F ux = load(all.ux), uy = load(all.uy), vx = load(view.vx + s), vy = load(view.vy + s), dt = splat(view.dt);
  const F share = select(mask_of(ghosts), splat(0.0F), splat(view.dt < p.relaxation ? view.dt / p.relaxation : 1.0F));
  store(out.step_x + s, (vx + (target * ux - vx) * share) * dt);
  store(out.step_y + s, (vy + (target * uy - vy) * share) * dt);
  store(view.hx + s, ux);
  store(view.hy + s, uy);
}

/// Whom and what each may touch within the step.
THRONG_STAGE void note_all_contacts(const HeuristicsKernel& p, std::uint32_t first, std::uint32_t n,
                                    HeuristicsBatch& all, ContactList& list) {
  for (std::uint32_t k = 0; k < n; ++k)
    note_contacts(all.sight.of(k), all.near[k], first + k, p.hard_ratio, all.self[k].radius * p.wall_hard,
                  p.contact_margin, list);
}

THRONG_STAGE void find_gaps(const SlotView& view, const HeuristicsKernel& p, std::uint32_t s, std::uint32_t n,
                            HeuristicsBatch& all) {
  for (std::uint32_t k = 0; k < n; ++k) {
    all.gap[k] = all.walks[k] ? gap_ahead(all.sight.of(k), all.ux[k], all.uy[k], p.swath, 1e6F) : 0.0F;
    const float squeeze = (view.flags[s + k] & squeezes) != 0 ? p.squeeze : 0.0F;
    all.least_speed[k] = squeeze < all.speed[k] ? squeeze : all.speed[k];
  }
}

void heuristics_block(const SlotView& view, const HeuristicsKernel& p, std::uint32_t begin, std::uint32_t end,
                      const SlotResult& out, ContactList& list, StageTicks* ticks) {
  StageClock clock(ticks);
  Candidates candidates;
  HeuristicsBatch all;
  candidates.cell = 0xFFFFFFFFU;
  candidates.n = 0;
  candidates.origin_x = candidates.origin_y = 0;
  std::uint32_t cell = first_cell_of(view, begin);
  for (std::uint32_t s = begin; s < end; s += batch) {
    const std::uint32_t n = end - s < batch ? end - s : batch;
    cell = look_around(view, p, s, n, cell, candidates, all);
    hide_behind_walls<Look::people>(n, all.near, all.sight);
    note_all_contacts(p, s - begin, n, all, list);
    clock.mark(ticks, &StageTicks::perceive);
    find_all_meetings(view, p, s, n, all);
    choose_headings(view, p, n, all);
    find_gaps(view, p, s, n, all);
    move_on(view, p, s, n, all, out);
    clock.mark(ticks, &StageTicks::heading);
  }
}
