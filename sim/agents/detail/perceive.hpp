#pragma once
// What agents see: people of the 3 x 3 cells around, walls of their list. Included once by each kernel source, inside
// an unnamed namespace, after lanes.hpp. Coordinates are relative to the centre of the agent's cell, then to the agent.
// Sixteen agents go through each stage together: what one stage writes has left the processor's store queue when the
// next one reads it, and the stages of one agent need not wait for each other's branches.

// A stage is a function of its own: inlined into one another they would want more registers than there are.
#define THRONG_STAGE __attribute__((noinline))

inline constexpr std::uint32_t max_candidates = 1024;  ///< people in 3 x 3 cells; more are left out, in slot order
inline constexpr std::uint32_t max_seen = 256;         ///< people in range of one agent
inline constexpr std::uint32_t batch = lanes;          ///< agents taken together
inline constexpr std::uint32_t batch_seen = batch * (max_seen + 2 * lanes);
static_assert(max_seen % lanes == 0 && batch * (max_seen + lanes) <= batch_seen, "see next_in: all have room");

/// Adds the processor's ticks since the last mark to a stage, where somebody counts.
class StageClock {
 public:
  explicit StageClock(const StageTicks* counted) : on_(counted != nullptr), last_(on_ ? __builtin_ia32_rdtsc() : 0) {}
  void mark(StageTicks* ticks, std::uint64_t StageTicks::*stage) {
    if (!on_) return;
    const std::uint64_t now = __builtin_ia32_rdtsc();
    ticks->*stage += now - last_;
    last_ = now;
  }

 private:
  bool on_;
  std::uint64_t last_;
};

/// People of the 3 x 3 cells around one cell, cell rows from south to north.
struct Candidates {
  alignas(64) float x[max_candidates + lanes], y[max_candidates + lanes];
  float vx[max_candidates + lanes], vy[max_candidates + lanes];
  float ex[max_candidates + lanes], ey[max_candidates + lanes], radius[max_candidates + lanes];
  std::uint32_t slot[max_candidates + lanes], sheet[max_candidates + lanes];
  std::uint32_t n, cell;
  std::uint32_t middle, middle_slot;  ///< place and slot of the first of the middle row of cells
  std::int32_t origin_x, origin_y;    ///< [units]
};

/// People in sight of one agent; padded to whole vectors with people too far to matter.
struct Seen {
  float *dx, *dy;
  float *vx, *vy;  ///< where bodies only are looked at: room for the model
  float* sum;      ///< sum of body radii, shoulders turned; negative = opposite heading
  std::uint32_t* slot;
  std::uint32_t n;
};

/// People in sight of each agent of a batch.
struct Sight {
  alignas(64) float dx[batch_seen + lanes], dy[batch_seen + lanes], vx[batch_seen + lanes], vy[batch_seen + lanes];
  alignas(64) float sum[batch_seen + lanes];
  alignas(64) std::uint32_t slot[batch_seen + lanes];
  std::uint32_t n[batch], begin[batch + 1];
  Seen of(std::uint32_t k) {
    const std::uint32_t b = begin[k];
    return {dx + b, dy + b, vx + b, vy + b, sum + b, slot + b, n[k]};
  }
};

/// Walls near one agent: start, direction and length, relative to the agent.
struct Near {
  static constexpr int room = max_walls + lanes;
  float ax[room], ay[room], ux[room], uy[room], length[room];
  float side[room];       ///< cross(a, u): distance from the line, > 0 when the agent is on its left
  float distance2[room];  ///< squared distance to the segment
  int n;
};

/// What a model looks at: a constant of the kernel, so that columns nobody reads are not filled.
enum class Look { bodies, people };

template <Look what>
inline void copy_run(const SlotView& view, std::uint32_t from, std::uint32_t to, Candidates& all) {
  for (std::uint32_t s = from; s < to; s += lanes) {
    if (all.n + lanes > max_candidates) return;
    const std::uint32_t n = all.n;
    THRONG_FITS(n + lanes <= max_candidates && to <= view.cell_begin[view.cells]);
    store(all.x + n, offset(view.x + s, all.origin_x) * splat(view.metre_per_unit));
    store(all.y + n, offset(view.y + s, all.origin_y) * splat(view.metre_per_unit));
    store(all.radius + n, load(view.radius + s));
    if constexpr (what == Look::people) {
      count_words(all.slot + n, s);
      store(all.vx + n, load(view.vx + s));
      store(all.vy + n, load(view.vy + s));
      store(all.ex + n, load(view.ex + s));
      store(all.ey + n, load(view.ey + s));
    }
    if (view.several_sheets != 0) copy_words(all.sheet + n, view.sheet + s);
    const std::uint32_t left = to - s;
    all.n = n + (left < lanes ? left : lanes);
  }
}

template <Look what>
inline void copy_cells(const SlotView& view, std::uint32_t cell, Candidates& all) {
  const std::uint32_t row = cell / view.columns, column = cell % view.columns;
  all.n = 0;
  all.cell = cell;
  all.origin_x = static_cast<std::int32_t>(column) * view.cell_units + view.cell_units / 2;
  all.origin_y = static_cast<std::int32_t>(row) * view.cell_units + view.cell_units / 2;
  for (std::uint32_t k = 0; k < 3; ++k) {
    const std::uint32_t middle = cell + (k - 1) * view.columns, from = view.cell_begin[middle - 1];
    if (k == 1) all.middle = all.n, all.middle_slot = from;
    copy_run<what>(view, from, view.cell_begin[middle + 2], all);
  }
  THRONG_FITS(all.n <= max_candidates);
  store(all.x + all.n, splat(1e6F));  // the rest of the last vector is out of everyone's range
}

/// The last cell that begins at or before a slot, from a cell on that does.
inline std::uint32_t cell_of(const SlotView& view, std::uint32_t s, std::uint32_t from) {
  while (view.cell_begin[from + 1] <= s) ++from;
  return from;
}
inline std::uint32_t first_cell_of(const SlotView& view, std::uint32_t s) {
  std::uint32_t low = 0, high = view.cells;  // cell_begin[low] <= s < cell_begin[high]
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (view.cell_begin[middle] <= s ? low : high) = middle;
  }
  return low;
}

/// One agent's own numbers.
struct Self {
  float x, y, ex, ey, radius;
  std::uint32_t slot, sheet;
  std::uint32_t candidate;  ///< its place among the candidates
};

/// Field by field, where it is to stay: a copy of the whole would wait for each of them.
inline void describe(const SlotView& view, const Candidates& all, std::uint32_t s, Self& self) {
  self.x = static_cast<float>(view.x[s] - all.origin_x) * view.metre_per_unit;
  self.y = static_cast<float>(view.y[s] - all.origin_y) * view.metre_per_unit;
  self.ex = view.ex[s];
  self.ey = view.ey[s];
  self.radius = view.radius[s];
  self.slot = s;
  self.sheet = view.several_sheets != 0 ? view.sheet[s] : 0;
  self.candidate = all.middle + (s - all.middle_slot);
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

/// How far an agent sees: everyone within sqrt(range2); of those behind (e·d < -behind) only the ones within
/// sqrt(touch2).
struct Reach {
  float range2, behind, touch2;
  float counter_factor;  ///< on radii between people of opposite headings
};

/// People in sight of agent k of the batch, in candidate order.
template <Look what>
inline void see_people(const SlotView& view, const Candidates& all, const Self& self, const Reach& reach,
                       std::uint32_t k, Sight& sight) {
  const Seen seen = sight.of(k);
  std::uint32_t n = 0;
  const F x = splat(self.x), y = splat(self.y), ex = splat(self.ex), ey = splat(self.ey), own = splat(self.radius);
  const F range2 = splat(reach.range2), behind = splat(-reach.behind), touch2 = splat(reach.touch2);
  for (std::uint32_t c = 0; c < all.n && n + lanes <= max_seen; c += lanes) {
    const F dx = load(all.x + c) - x, dy = load(all.y + c) - y;
    const F d2 = dx * dx + dy * dy;
    std::uint32_t mask = 0;
    if constexpr (what == Look::people)
      mask = bits((d2 < range2) & ((behind <= dx * ex + dy * ey) | (d2 < touch2)));
    else
      mask = bits(d2 < range2);
    if (self.candidate - c < lanes) mask &= ~(1U << (self.candidate - c));
    // Sixteen with nobody in sight among them are rare: to guess is dearer than to write nothing.
    if (view.several_sheets != 0) mask = sheets_in_sight(all, c, mask, self.sheet);
    F radii = load(all.radius + c) + own;
    THRONG_FITS(n + lanes <= max_seen && c + lanes <= max_candidates + lanes);
    compress(seen.dx + n, mask, dx);
    compress(seen.dy + n, mask, dy);
    if constexpr (what == Look::people) {
      const M opposite = (load(all.ex + c) * ex + load(all.ey + c) * ey) < splat(-0.3F);
      radii = select(opposite, splat(0.0F) - radii * splat(reach.counter_factor), radii);
      compress(seen.vx + n, mask, load(all.vx + c));
      compress(seen.vy + n, mask, load(all.vy + c));
      compress_words(seen.slot + n, mask, all.slot + c);
    }
    compress(seen.sum + n, mask, radii);
    n += static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
  sight.n[k] = n;
}

/// Fill up the last vector with people too far to matter.
template <Look what>
inline void pad(const Seen& seen) {
  const F zero = splat(0.0F), far = splat(1e6F);
  THRONG_FITS(seen.n <= max_seen);
  store(seen.dx + seen.n, far);
  store(seen.dy + seen.n, far);
  store(seen.sum + seen.n, zero);
  if constexpr (what == Look::people) {
    store(seen.vx + seen.n, zero);
    store(seen.vy + seen.n, zero);
  }
}

/// The next agent's people go to the next whole vector but one: room for the padding of fewer people.
inline void next_in(Sight& sight, std::uint32_t k) {
  sight.begin[k + 1] = sight.begin[k] + (sight.n[k] + lanes - 1) / lanes * lanes + lanes;
  THRONG_FITS(sight.begin[k + 1] <= (k + 1) * (max_seen + lanes));
}

/// Does this door stop someone on its left (side > 0) or right? Its forward direction is from left to right.
inline bool door_stops(std::uint8_t state, float side) {
  return state == 1 || (state == 2 && side <= 0.0F) || (state == 3 && side > 0.0F);
}

/// Of the walls of a mask those that stop someone there: doors only where they are shut.
inline std::uint32_t that_stop(const SlotView& view, std::uint32_t from, std::uint32_t mask, const float* side) {
  std::uint32_t kept = mask;
  for (std::uint32_t m = mask; m != 0; m &= m - 1) {
    const int k = __builtin_ctz(m);
    const std::int32_t door = view.wall_door[from + static_cast<std::uint32_t>(k)];
    if (door >= 0 && !door_stops(view.door_state[door], side[k])) kept &= ~(1U << k);
  }
  return kept;
}

/// Walls and shut doors within `reach` [m], in the order of their list; of houses only the sides that face the agent.
inline void see_walls(const SlotView& view, std::uint32_t s, float reach, Near& near) {
  const std::uint32_t begin = view.wall_begin[view.walls[s]], end = view.wall_begin[view.walls[s] + 1];
  const F metre = splat(view.metre_per_unit), none = splat(0.0F), reach2 = splat(reach * reach);
  const bool doors = begin < end && view.wall_door[end - 1] >= 0;  // they end a list
  std::uint32_t n = 0;
  for (std::uint32_t k = begin; k < end && n < max_walls; k += lanes) {
    const F ax = offset(view.wall_ax + k, view.x[s]) * metre, ay = offset(view.wall_ay + k, view.y[s]) * metre;
    const F ux = load(view.wall_ux + k), uy = load(view.wall_uy + k), length = load(view.wall_length + k);
    const F side = ax * uy - ay * ux;
    const F along = least(greatest(none - (ax * ux + ay * uy), none), length);
    const F nx = ax + along * ux, ny = ay + along * uy;
    const F d2 = nx * nx + ny * ny;
    const std::uint32_t left = end - k;
    std::uint32_t mask =
        bits((d2 <= reach2) & (load(view.wall_behind + k) <= side)) & (left < lanes ? (1U << left) - 1U : 0xFFFFU);
    if (mask == 0) continue;
    if (doors) {
      float sides[lanes];
      store(sides, side);
      mask = that_stop(view, k, mask, sides);
    }
    THRONG_FITS(n + lanes <= Near::room);
    compress(near.ax + n, mask, ax);
    compress(near.ay + n, mask, ay);
    compress(near.ux + n, mask, ux);
    compress(near.uy + n, mask, uy);
    compress(near.length + n, mask, length);
    compress(near.side + n, mask, side);
    compress(near.distance2 + n, mask, d2);
    n += static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
  near.n = static_cast<int>(n < max_walls ? n : max_walls);
}

/// Drop people behind a wall. Keeps the order.
template <Look what>
inline std::uint32_t hide_people(const Near& near, const Seen& seen) {
  std::uint32_t n = 0;
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
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
    const std::uint32_t left = seen.n - k;
    const std::uint32_t present = left < lanes ? (1U << left) - 1U : 0xFFFFU;
    const std::uint32_t mask = present & ~bits(hidden);
    const std::uint32_t before = n;
    n += static_cast<std::uint32_t>(__builtin_popcount(mask));
    if (mask == present && before == k) continue;
    const F radii = load(seen.sum + k);
    THRONG_FITS(before <= k && k + lanes <= max_seen + lanes);
    compress(seen.dx + before, mask, px);
    compress(seen.dy + before, mask, py);
    compress(seen.sum + before, mask, radii);
    if constexpr (what == Look::people) {
      const F vx = load(seen.vx + k), vy = load(seen.vy + k);
      std::uint32_t slots[lanes];
      copy_words(slots, seen.slot + k);
      compress(seen.vx + before, mask, vx);
      compress(seen.vy + before, mask, vy);
      compress_words(seen.slot + before, mask, slots);
    }
  }
  return n;
}

/// Drop whom walls hide, for a batch. A stage of its own: the columns it reads have just been written piece by piece.
template <Look what>
THRONG_STAGE void hide_behind_walls(std::uint32_t n, const Near* near, Sight& sight) {
  for (std::uint32_t k = 0; k < n; ++k) {
    if (near[k].n == 0 || sight.n[k] == 0) continue;
    sight.n[k] = hide_people<what>(near[k], sight.of(k));
    pad<what>(sight.of(k));
  }
}

/// Smallest gap [m] between bodies ahead along unit (ux, uy) in a swath of `swath` times the sum of radii; `none` if
/// free. `gaps`: (seen) gaps in any direction, where they are known already.
inline float gap_ahead(const Seen& seen, float ux, float uy, float swath, float none, const float* gaps = nullptr) {
  F gap = splat(none);
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k), radii = magnitude(load(seen.sum + k));
    const F ahead = dx * splat(ux) + dy * splat(uy);
    const F aside = magnitude(dy * splat(ux) - dx * splat(uy));
    const M counts = (splat(0.0F) < ahead) & (aside <= radii * splat(swath));
    const F here = gaps != nullptr ? load(gaps + k) : root(dx * dx + dy * dy) - radii;
    gap = least(gap, select(counts, here, splat(none)));
  }
  return lowest(gap);
}

/// Note whom and what this agent may touch within the step.
inline void note_contacts(const Seen& seen, const Near& near, std::uint32_t own, float hard_ratio, float own_hard,
                          float margin, ContactList& list) {
  const std::uint32_t begin = list.n, most = begin + max_contacts;
  std::uint32_t n = begin;
  THRONG_FITS(own < block_slots && begin <= own * max_contacts && list.n_walls <= own * max_walls &&
              near.n <= max_walls);
  for (std::uint32_t k = 0; k < seen.n && n < most; k += lanes) {
    const F dx = load(seen.dx + k), dy = load(seen.dy + k), reach = magnitude(load(seen.sum + k)) * splat(hard_ratio);
    const F limit = reach + splat(margin);
    const std::uint32_t mask = bits(dx * dx + dy * dy < limit * limit);  // nobody of the padding
    THRONG_FITS(n < std::uint32_t{block_slots} * max_contacts);          // and a vector beyond, see ContactRoom
    compress(list.dx + n, mask, dx);
    compress(list.dy + n, mask, dy);
    compress(list.reach + n, mask, reach);
    compress_words(list.other + n, mask, seen.slot + k);
    n += static_cast<std::uint32_t>(__builtin_popcount(mask));
  }
  list.n = n < most ? n : most;
  __builtin_memset(list.own + begin, static_cast<int>(own), sizeof(std::uint8_t) * max_contacts);  // and the next one's
  std::uint32_t w = list.n_walls;
  for (int k = 0; k < near.n; ++k) {
    if (near.distance2[k] > (own_hard + margin) * (own_hard + margin)) continue;
    list.wall_own[w] = static_cast<std::uint8_t>(own);
    list.wall_ax[w] = near.ax[k];
    list.wall_ay[w] = near.ay[k];
    list.wall_ux[w] = near.ux[k];
    list.wall_uy[w] = near.uy[k];
    list.wall_length[w] = near.length[k];
    list.wall_reach[w++] = own_hard;
  }
  list.n_walls = w;
}
