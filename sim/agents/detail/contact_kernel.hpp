#pragma once
// One Jacobi pass of position-based contact (Müller et al. 2007, doi:10.1016/j.jvcir.2007.01.005). Included once by
// each kernel source, inside an unnamed namespace, after perceive.hpp. Reads the displacements before the pass, writes
// new ones.

/// Push out of the walls, nearest point of each, in list order.
inline void leave_walls(const ContactList& list, std::uint32_t from, std::uint32_t to, float& x, float& y) {
  for (std::uint32_t w = from; w < to; ++w) {
    const float ax = list.wall_ax[w] - x, ay = list.wall_ay[w] - y;
    float along = -(ax * list.wall_ux[w] + ay * list.wall_uy[w]);
    along = along < 0.0F ? 0.0F : (along > list.wall_length[w] ? list.wall_length[w] : along);
    const float nx = ax + along * list.wall_ux[w], ny = ay + along * list.wall_uy[w];
    const float d2 = nx * nx + ny * ny, reach = list.wall_reach[w];
    if (d2 >= reach * reach || d2 < 1e-12F) continue;
    const float d = __builtin_sqrtf(d2);
    const float push = (reach - d) / d;
    x = x - push * nx;
    y = y - push * ny;
  }
}

void contact_block(const SlotView& view, const ContactList& list, const ContactPass& pass, std::uint32_t block_begin,
                   std::uint32_t end) {
  const F half = splat(0.5F), none = splat(0.0F);
  for (std::uint32_t s = block_begin; s < end; ++s) {
    const std::uint32_t row = s - block_begin, from = list.begin[row], to = list.begin[row + 1];
    float x = pass.from_x[s], y = pass.from_y[s], overlap = 0.0F;
    if (from < to) {
      F sx = none, sy = none, deep = none, touching = none;
      for (std::uint32_t k = from; k < to; k += lanes) {
        const std::uint32_t left = to - k;
        const M present = mask_of(left < lanes ? (1U << left) - 1U : 0xFFFFU);
        const F px = load(list.dx + k) + gather(pass.from_x, list.other + k) - splat(x);
        const F py = load(list.dy + k) + gather(pass.from_y, list.other + k) - splat(y);
        const F reach = load(list.reach + k), d2 = px * px + py * py;
        const M touches = present & (d2 < reach * reach);
        if (bits(touches) == 0) continue;
        const M same = d2 < splat(1e-10F);  // at the same point: the later slot goes east, the earlier west
        const F d = root(greatest(d2, splat(1e-10F)));
        const F depth = select(touches, reach - d, none);
        const F push = half * depth / d;
        sx = sx - select(without(touches, same), push * px, none);
        sy = sy - select(without(touches, same), push * py, none);
        const std::uint32_t twins = bits(touches & same);
        if (twins != 0) {
          const float aside = 0.25F * list.reach[k];
          for (std::uint32_t m = twins; m != 0; m &= m - 1)
            x = x +
                (view.row[list.other[k + static_cast<std::uint32_t>(__builtin_ctz(m))]] < view.row[s] ? aside : -aside);
        }
        deep = deep + depth;
        touching = touching + select(touches, splat(1.0F), none);
      }
      const float n = 0.6F * sum(touching), divide = n > 1.0F ? n : 1.0F;
      x = x + sum(sx) / divide;
      y = y + sum(sy) / divide;
      overlap = sum(deep);
    }
    leave_walls(list, list.wall_first[row], list.wall_first[row + 1], x, y);
    pass.to_x[s] = x;
    pass.to_y[s] = y;
    if (pass.overlap != nullptr) pass.overlap[s] = overlap;
  }
}
