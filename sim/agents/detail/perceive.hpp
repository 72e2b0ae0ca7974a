#pragma once
// What an agent sees: people of the 3 x 3 cells around, walls of its list. Included once by each kernel source, inside
// an unnamed namespace, after lanes.hpp. Coordinates are relative to the centre of the agent's cell, then to the agent.

inline constexpr std::uint32_t max_candidates = 1024;  ///< people in 3 x 3 cells; more are left out, in slot order
inline constexpr std::uint32_t max_seen = 256;         ///< people in range

/// People of the 3 x 3 cells around one cell, cell rows from south to north.
struct Candidates {
  float x[max_candidates + lanes], y[max_candidates + lanes], vx[max_candidates + lanes], vy[max_candidates + lanes];
  float ex[max_candidates + lanes], ey[max_candidates + lanes], radius[max_candidates + lanes];
  std::uint32_t slot[max_candidates + lanes], sheet[max_candidates + lanes];
  std::uint32_t n;
  std::int32_t origin_x, origin_y;  ///< [units]
};

/// People in sight of one agent.
struct Seen {
  float dx[max_seen + lanes], dy[max_seen + lanes], d2[max_seen + lanes];
  float vx[max_seen + lanes], vy[max_seen + lanes];
  float sum[max_seen + lanes];       ///< sum of body radii, shoulders turned
  float oncoming[max_seen + lanes];  ///< 1 = opposite heading
  std::uint32_t slot[max_seen + lanes];
  std::uint32_t n;
};

/// Walls near one agent: start, direction and length, relative to the agent.
struct Near {
  float ax[max_walls], ay[max_walls], ux[max_walls], uy[max_walls], length[max_walls];
  float side[max_walls];       ///< cross(a, u): distance from the line, > 0 when the agent is on its left
  float distance2[max_walls];  ///< squared distance to the segment
  int n;
};

inline void copy_run(const SlotView& view, std::uint32_t from, std::uint32_t to, Candidates& all) {
  for (std::uint32_t s = from; s < to; s += lanes) {
    if (all.n + lanes > max_candidates) return;
    const std::uint32_t n = all.n;
    store(all.x + n, offset(view.x + s, all.origin_x) * splat(view.metre_per_unit));
    store(all.y + n, offset(view.y + s, all.origin_y) * splat(view.metre_per_unit));
    store(all.vx + n, load(view.vx + s));
    store(all.vy + n, load(view.vy + s));
    store(all.ex + n, load(view.ex + s));
    store(all.ey + n, load(view.ey + s));
    store(all.radius + n, load(view.radius + s));
    if (view.several_sheets != 0) copy_words(all.sheet + n, view.sheet + s);
    count_words(all.slot + n, s);
    const std::uint32_t left = to - s;
    all.n = n + (left < lanes ? left : lanes);
  }
}

inline void copy_cells(const SlotView& view, std::uint32_t cell, Candidates& all) {
  const std::uint32_t row = cell / view.columns, column = cell % view.columns;
  all.n = 0;
  all.origin_x = static_cast<std::int32_t>(column) * view.cell_units + view.cell_units / 2;
  all.origin_y = static_cast<std::int32_t>(row) * view.cell_units + view.cell_units / 2;
  for (std::uint32_t k = 0; k < 3; ++k) {
    const std::uint32_t middle = cell + (k - 1) * view.columns;
    copy_run(view, view.cell_begin[middle - 1], view.cell_begin[middle + 2], all);
  }
  store(all.x + all.n, splat(1e6F));  // the rest of the last vector is out of everyone's range
}

/// One agent's own numbers.
struct Self {
  float x, y, ex, ey, radius;
  std::uint32_t slot, sheet;
};

inline Self self_of(const SlotView& view, const Candidates& all, std::uint32_t s) {
  return {static_cast<float>(view.x[s] - all.origin_x) * view.metre_per_unit,
          static_cast<float>(view.y[s] - all.origin_y) * view.metre_per_unit,
          view.ex[s],
          view.ey[s],
          view.radius[s],
          s,
          view.sheet[s]};
}

/// Same sheet, or each near a portal to the other's.
inline bool sheets_meet(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t own_a = a & 0xFFFFU, own_b = b & 0xFFFFU;
  return own_a == own_b || ((a >> 16) == own_b + 1 && (b >> 16) == own_a + 1);
}

inline std::uint32_t sheets_in_sight(const Candidates& all, std::uint32_t from, std::uint32_t mask, std::uint32_t own) {
  std::uint32_t kept = 0;
  for (std::uint32_t m = mask; m != 0; m &= m - 1) {
    const int k = __builtin_ctz(m);
    if (sheets_meet(own, all.sheet[from + static_cast<std::uint32_t>(k)])) kept |= 1U << k;
  }
  return kept;
}

/// People within sqrt(range2), in candidate order. Of those behind (e·d < -behind) only the ones within sqrt(touch2).
inline void see_people(const SlotView& view, const Candidates& all, const Self& self, float range2, float behind,
                       float touch2, float counter_factor, Seen& seen) {
  seen.n = 0;
  const F x = splat(self.x), y = splat(self.y), ex = splat(self.ex), ey = splat(self.ey), own = splat(self.radius);
  for (std::uint32_t k = 0; k < all.n; k += lanes) {
    const F dx = load(all.x + k) - x, dy = load(all.y + k) - y;
    const F d2 = dx * dx + dy * dy;
    const F ahead = dx * ex + dy * ey;
    std::uint32_t mask = bits((d2 < splat(range2)) & ((splat(-behind) <= ahead) | (d2 < splat(touch2))));
    mask &= ~equal_words(all.slot + k, self.slot);
    if (mask == 0) continue;
    if (view.several_sheets != 0) mask = sheets_in_sight(all, k, mask, self.sheet);
    if (seen.n + lanes > max_seen) return;
    const std::uint32_t n = seen.n;
    const M opposite = (load(all.ex + k) * ex + load(all.ey + k) * ey) < splat(-0.3F);
    const F radii = load(all.radius + k) + own;
    compress(seen.dx + n, mask, dx);
    compress(seen.dy + n, mask, dy);
    compress(seen.d2 + n, mask, d2);
    compress(seen.vx + n, mask, load(all.vx + k));
    compress(seen.vy + n, mask, load(all.vy + k));
    compress(seen.sum + n, mask, select(opposite, radii * splat(counter_factor), radii));
    compress(seen.oncoming + n, mask, select(opposite, splat(1.0F), splat(0.0F)));
    compress_words(seen.slot + n, mask, all.slot + k);
    seen.n = n + static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
}

/// Does this door stop someone on its left (side > 0) or right? Its forward direction is from left to right.
inline bool door_stops(std::uint8_t state, float side) {
  return state == 1 || (state == 2 && side <= 0.0F) || (state == 3 && side > 0.0F);
}

/// Walls and shut doors within `reach` [m].
inline void see_walls(const SlotView& view, std::uint32_t s, float reach, Near& near) {
  near.n = 0;
  const std::uint32_t begin = view.wall_begin[view.walls[s]], end = view.wall_begin[view.walls[s] + 1];
  for (std::uint32_t k = begin; k < end && near.n < max_walls; ++k) {
    const WallSegment& wall = view.wall[view.wall_list[k]];
    const float ax = static_cast<float>(wall.ax - view.x[s]) * view.metre_per_unit;
    const float ay = static_cast<float>(wall.ay - view.y[s]) * view.metre_per_unit;
    const float side = ax * wall.uy - ay * wall.ux;
    if (side > reach || side < -reach) continue;
    if (wall.door >= 0 && !door_stops(view.door_state[wall.door], side)) continue;
    float along = -(ax * wall.ux + ay * wall.uy);
    along = along < 0.0F ? 0.0F : (along > wall.length ? wall.length : along);
    const float nx = ax + along * wall.ux, ny = ay + along * wall.uy;
    const float d2 = nx * nx + ny * ny;
    if (d2 > reach * reach) continue;
    const int n = near.n++;
    near.ax[n] = ax;
    near.ay[n] = ay;
    near.ux[n] = wall.ux;
    near.uy[n] = wall.uy;
    near.length[n] = wall.length;
    near.side[n] = side;
    near.distance2[n] = d2;
  }
}

/// Drop people behind a wall. Keeps the order.
inline void hide_people(const Near& near, Seen& seen) {
  if (near.n == 0) return;
  const std::uint32_t before = seen.n;
  seen.n = 0;
  for (std::uint32_t k = 0; k < before; k += lanes) {
    const F px = load(seen.dx + k), py = load(seen.dy + k);
    M hidden = splat(1.0F) < splat(0.0F);
    for (int w = 0; w < near.n; ++w) {
      const F ax = splat(near.ax[w]), ay = splat(near.ay[w]), ux = splat(near.ux[w]), uy = splat(near.uy[w]);
      const F own = splat(near.side[w]);                // cross(a, u): side of the agent
      const F other = (ax - px) * uy - (ay - py) * ux;  // side of the other
      const F at_a = px * ay - py * ax;                 // cross(p, a)
      const F at_b = at_a + splat(near.length[w]) * (px * uy - py * ux);
      hidden = hidden | ((own * other < splat(0.0F)) & (at_a * at_b <= splat(0.0F)));
    }
    const std::uint32_t left = before - k;
    const std::uint32_t present = left < lanes ? (1U << left) - 1U : 0xFFFFU;
    const std::uint32_t mask = present & ~bits(hidden);
    if (mask == present && seen.n == k) {
      seen.n += static_cast<std::uint32_t>(__builtin_popcount(mask));
      continue;
    }
    const std::uint32_t n = seen.n;
    const F d2 = load(seen.d2 + k), vx = load(seen.vx + k), vy = load(seen.vy + k), radii = load(seen.sum + k),
            oncoming = load(seen.oncoming + k);
    std::uint32_t slots[lanes];
    copy_words(slots, seen.slot + k);
    compress(seen.dx + n, mask, px);
    compress(seen.dy + n, mask, py);
    compress(seen.d2 + n, mask, d2);
    compress(seen.vx + n, mask, vx);
    compress(seen.vy + n, mask, vy);
    compress(seen.sum + n, mask, radii);
    compress(seen.oncoming + n, mask, oncoming);
    compress_words(seen.slot + n, mask, slots);
    seen.n = n + static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
}

/// Fill up the last vector with people too far to matter.
inline void pad(Seen& seen) {
  const F zero = splat(0.0F), far = splat(1e6F);
  store(seen.dx + seen.n, far);
  store(seen.dy + seen.n, far);
  store(seen.d2 + seen.n, splat(2e12F));
  store(seen.vx + seen.n, zero);
  store(seen.vy + seen.n, zero);
  store(seen.sum + seen.n, zero);
  store(seen.oncoming + seen.n, zero);
}

/// Smallest gap [m] between bodies ahead along unit (ux, uy) in a swath of `swath` times the sum of radii; `none` if
/// free.
inline float gap_ahead(const Seen& seen, float ux, float uy, float swath, float none) {
  F gap = splat(none);
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k), radii = load(seen.sum + k);
    const F ahead = dx * splat(ux) + dy * splat(uy);
    const F aside = magnitude(dy * splat(ux) - dx * splat(uy));
    const M counts = (splat(0.0F) < ahead) & (aside <= radii * splat(swath));
    gap = least(gap, select(counts, root(load(seen.d2 + k)) - radii, splat(none)));
  }
  return lowest(gap);
}

/// Start the rows of a slot in the contact list.
inline bool room_for(const ContactList& list, std::uint32_t row) {
  return list.begin[row] + max_contacts + lanes <= list.pair_capacity &&
         list.wall_first[row] + max_walls <= list.wall_capacity;
}
inline void no_contacts(const ContactList& list, std::uint32_t row) {
  list.begin[row + 1] = list.begin[row];
  list.wall_first[row + 1] = list.wall_first[row];
}

/// Note whom and what this agent may touch within the step.
inline void note_contacts(const Seen& seen, const Near& near, float hard_ratio, float own_hard, float margin,
                          const ContactList& list, std::uint32_t row) {
  std::uint32_t n = list.begin[row];
  const std::uint32_t most = n + max_contacts;
  for (std::uint32_t k = 0; k < seen.n && n < most; k += lanes) {
    const F reach = load(seen.sum + k) * splat(hard_ratio);
    const F limit = reach + splat(margin);
    std::uint32_t mask = bits(load(seen.d2 + k) < limit * limit);
    const std::uint32_t left = seen.n - k;
    if (left < lanes) mask &= (1U << left) - 1U;
    if (mask == 0) continue;
    compress(list.dx + n, mask, load(seen.dx + k));
    compress(list.dy + n, mask, load(seen.dy + k));
    compress(list.reach + n, mask, reach);
    compress_words(list.other + n, mask, seen.slot + k);
    n += static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
  list.begin[row + 1] = n < most ? n : most;
  std::uint32_t w = list.wall_first[row];
  for (int k = 0; k < near.n; ++k) {
    if (near.distance2[k] > (own_hard + margin) * (own_hard + margin)) continue;
    list.wall_ax[w] = near.ax[k];
    list.wall_ay[w] = near.ay[k];
    list.wall_ux[w] = near.ux[k];
    list.wall_uy[w] = near.uy[k];
    list.wall_length[w] = near.length[k];
    list.wall_reach[w++] = own_hard;
  }
  list.wall_first[row + 1] = w;
}
