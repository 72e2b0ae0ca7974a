#pragma once
// Kernel of CollisionFreeSpeed; equations and sources in collision_free_speed.hpp. Included once by each kernel source,
// inside an unnamed namespace, after perceive.hpp.

/// exp(x) for -80 <= x <= 80 to 2e-7 relative: Cody-Waite reduction and a polynomial of degree 6, as Cephes does.
inline F exponential(F x) {
  x = least(greatest(x, splat(-80.0F)), splat(80.0F));
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

/// Sum of repulsions by people: unit vectors away from them, weighted.
inline void repulsion_of_people(const SpeedKernel& p, const Seen& seen, float& x, float& y) {
  F sx = splat(0.0F), sy = splat(0.0F);
  for (std::uint32_t k = 0; k < seen.n; k += lanes) {
    const F d = root(greatest(load(seen.d2 + k), splat(1e-12F)));
    const F weight = splat(p.strength) * exponential((load(seen.sum + k) - d) * splat(p.inverse_range)) / d;
    sx = sx - weight * load(seen.dx + k);
    sy = sy - weight * load(seen.dy + k);
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

std::uint32_t collision_free_speed_block(const SlotView& view, const SpeedKernel& p, std::uint32_t block_begin,
                                         std::uint32_t begin, std::uint32_t end, const SlotResult& out,
                                         const ContactList& list) {
  Candidates all;
  Seen seen;
  Near near;
  std::uint32_t cell = 0xFFFFFFFFU;
  for (std::uint32_t s = begin; s < end; ++s) {
    no_contacts(list, s - block_begin);
    if (view.row[s] >= ghost_row) {
      out.step_x[s] = view.vx[s] * view.dt;
      out.step_y[s] = view.vy[s] * view.dt;
      continue;
    }
    if (view.cell[s] != cell) {
      cell = view.cell[s];
      copy_cells(view, cell, all);
    }
    const Self self = self_of(view, all, s);
    out.step_x[s] = 0.0F;
    out.step_y[s] = 0.0F;
    out.hx[s] = view.hx[s];
    out.hy[s] = view.hy[s];
    if (!(view.speed[s] > 0.0F) || !(self.ex * self.ex + self.ey * self.ey > 0.5F)) continue;
    see_people(view, all, self, p.range * p.range, 1e6F, 0.0F, 1.0F, seen);
    see_walls(view, s, 1.0F, near);
    hide_people(near, seen);
    pad(seen);
    float ux, uy;
    repulsion_of_people(p, seen, ux, uy);
    add_repulsion_of_walls(p, near, self.radius, ux, uy);
    ux = ux + self.ex;
    uy = uy + self.ey;
    const float length = __builtin_sqrtf(ux * ux + uy * uy);
    if (!(length > 1e-6F)) continue;
    ux = ux / length;
    uy = uy / length;
    const float wanted = gap_ahead(seen, ux, uy, 1.0F, 1e6F) / p.time_gap, speed = view.speed[s];
    const float target = wanted < 0.0F ? 0.0F : (wanted > speed ? speed : wanted);
    out.step_x[s] = target * ux * view.dt;
    out.step_y[s] = target * uy * view.dt;
    out.hx[s] = ux;
    out.hy[s] = uy;
  }
  return end;
}
