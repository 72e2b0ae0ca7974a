#pragma once
// Kernel of BehaviouralHeuristics; equations and sources in behavioural_heuristics.hpp. Included once by each kernel
// source, inside an unnamed namespace, after perceive.hpp.

/// People who may be met within the horizon, as coefficients of the time to collision.
struct Meetings {
  float dx[max_seen + lanes], dy[max_seen + lanes];  ///< d [m]
  float vx[max_seen + lanes], vy[max_seen + lanes];  ///< 2 v [m/s]
  float dv[max_seen + lanes];                        ///< d·v
  float speeds[max_seen + lanes];                    ///< v0² + v·v
  float c[max_seen + lanes], inverse_c[max_seen + lanes];
  std::uint32_t n;
};

/// Leave out those whom no heading can meet within the horizon: nothing closes in faster than `closing`, and 1/t <= 2 b
/// / c.
inline void find_meetings(const HeuristicsKernel& p, const Seen& seen, float speed, float ex, float ey, Meetings& all) {
  all.n = 0;
  const F v0 = splat(speed), least_inverse = splat(speed / p.horizon), none = splat(0.0F);
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k), vx = load(seen.vx + k), vy = load(seen.vy + k);
    const F d2 = load(seen.d2 + k), radii = load(seen.sum + k) * splat(p.collision_ratio);
    const F c = greatest(d2 - radii * radii, none);
    const F dv = dx * vx + dy * vy;
    const F ahead = dx * splat(ex) + dy * splat(ey);
    const F across = magnitude(dy * splat(ex) - dx * splat(ey));
    const F closing = v0 * select(none < ahead, root(d2), across) - dv;
    const std::uint32_t left = seen.n - k;
    const std::uint32_t present = left < lanes ? (1U << left) - 1U : 0xFFFFU;
    const std::uint32_t mask = present & bits(least_inverse * c < splat(2.0F) * closing);
    const std::uint32_t n = all.n;
    compress(all.dx + n, mask, dx);
    compress(all.dy + n, mask, dy);
    compress(all.vx + n, mask, vx + vx);
    compress(all.vy + n, mask, vy + vy);
    compress(all.dv + n, mask, dv);
    compress(all.speeds + n, mask, v0 * v0 + (vx * vx + vy * vy));
    compress(all.c + n, mask, c);
    compress(all.inverse_c + n, mask, splat(1.0F) / greatest(c, splat(1e-6F)));
    all.n = n + static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
}

/// Largest inverse time to collision [1/s] along each heading. With d the vector to someone, w = v0 u - v the relative
/// velocity and R the sum of radii, they meet at t with |d - w t| = R:
///   1/t = (b + sqrt(b² - a c)) / c,   a = w·w,  b = d·w,  c = d·d - R²;   already touching (c = 0): at once if b > 0.
inline F inverse_times(const HeuristicsKernel& p, const Meetings& all, float speed, F wx, F wy) {
  const F none = splat(0.0F);
  F inverse = splat(speed / p.horizon);
  for (std::uint32_t k = 0; k < all.n; ++k) {
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
    const F dx = load(seen.dx + k), dy = load(seen.dy + k);
    const F ahead = dx * splat(ex) + dy * splat(ey);
    const F aside = magnitude(dy * splat(ex) - dx * splat(ey));
    const M meets =
        (splat(0.0F) < ahead) & (aside <= load(seen.sum + k) * splat(swath)) & (splat(0.5F) < load(seen.oncoming + k));
    if (bits(meets) != 0) return true;
  }
  return false;
}

/// Lane of the best heading.
inline int best_heading(const HeuristicsKernel& p, const Seen& seen, const Near& near, float ex, float ey, float speed,
                        float radius, float hx, float hy) {
  const F cos_a = load(p.cos_a), sin_a = load(p.sin_a);
  const F ux = splat(ex) * cos_a - splat(ey) * sin_a, uy = splat(ex) * sin_a + splat(ey) * cos_a;
  Meetings meetings;
  find_meetings(p, seen, speed, ex, ey, meetings);
  const F inverse = inverse_times(p, meetings, speed, splat(speed) * ux, splat(speed) * uy);
  F free = splat(speed) / inverse;
  if (near.n > 0) {
    const F wall = inverse_wall_distances(near, ux, uy);
    const F to_wall = splat(1.0F) / greatest(wall, splat(1e-6F)) - splat(radius * p.wall_collision);
    free = least(free, greatest(to_wall, splat(0.0F)));
  }
  free = greatest(free, splat(0.02F));  // blocked all round: push on straight
  const bool side = p.cos_cost_side[0] != p.cos_cost[0] && oncoming_ahead(seen, ex, ey, p.swath);
  const F turn = load(side ? p.cos_cost_side : p.cos_cost);
  F cost = free * (free - splat(2.0F * p.horizon) * turn) + load(p.blocked);
  if (p.persistence > 0.0F) {
    const M same = splat(0.99F) < ux * splat(hx) + uy * splat(hy);
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

/// Heading and target speed of someone who walks.
inline void choose_velocity(const SlotView& view, const HeuristicsKernel& p, const Seen& seen, const Near& near,
                            const Self& self, float& ux, float& uy, float& target) {
  const float speed = view.speed[self.slot];
  ux = self.ex;
  uy = self.ey;
  target = speed;
  if (seen.n == 0 && near.n == 0) return;
  const float hx = view.hx[self.slot], hy = view.hy[self.slot];
  if (view.keeps[self.slot] != 0 && hx * self.ex + hy * self.ey >= 0.0F) {
    ux = hx;
    uy = hy;
  } else {
    const int k = best_heading(p, seen, near, self.ex, self.ey, speed, self.radius, hx, hy);
    ux = self.ex * p.cos_a[k] - self.ey * p.sin_a[k];
    uy = self.ex * p.sin_a[k] + self.ey * p.cos_a[k];
  }
  const float gap = gap_ahead(seen, ux, uy, p.swath, 1e6F);
  const float wanted = gap / p.time_gap, least_speed = view.squeeze[self.slot];
  target = wanted < least_speed ? least_speed : (wanted > speed ? speed : wanted);
}

std::uint32_t heuristics_block(const SlotView& view, const HeuristicsKernel& p, std::uint32_t block_begin,
                               std::uint32_t begin, std::uint32_t end, const SlotResult& out, const ContactList& list) {
  Candidates all;
  Seen seen;
  Near near;
  std::uint32_t cell = 0xFFFFFFFFU;
  const float share = view.dt < p.relaxation ? view.dt / p.relaxation : 1.0F;
  for (std::uint32_t s = begin; s < end; ++s) {
    const std::uint32_t row = s - block_begin;
    if (!room_for(list, row)) return s;
    if (view.row[s] >= ghost_row) {
      out.step_x[s] = view.vx[s] * view.dt;
      out.step_y[s] = view.vy[s] * view.dt;
      no_contacts(list, row);
      continue;
    }
    if (view.cell[s] != cell) {
      cell = view.cell[s];
      copy_cells(view, cell, all);
    }
    const Self self = self_of(view, all, s);
    const bool walks = view.speed[s] > 0.0F && self.ex * self.ex + self.ey * self.ey > 0.5F;
    const float near_range2 = 1.0F;
    see_people(view, all, self, walks ? range2_for(view, p, all.n) : near_range2, p.behind, p.touch2, p.counter_factor,
               seen);
    see_walls(view, s, walks ? p.range : 1.0F, near);
    hide_people(near, seen);
    pad(seen);
    note_contacts(seen, near, p.hard_ratio, self.radius * p.wall_hard, p.contact_margin, list, row);
    float ux = view.hx[s], uy = view.hy[s], target = 0.0F;
    if (walks) choose_velocity(view, p, seen, near, self, ux, uy, target);
    const float vx = view.vx[s] + (target * ux - view.vx[s]) * share;
    const float vy = view.vy[s] + (target * uy - view.vy[s]) * share;
    out.step_x[s] = vx * view.dt;
    out.step_y[s] = vy * view.dt;
    out.hx[s] = ux;
    out.hy[s] = uy;
  }
  return end;
}
