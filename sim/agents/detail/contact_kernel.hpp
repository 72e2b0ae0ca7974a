#pragma once
// One Jacobi pass of position-based contact (Müller et al. 2007, doi:10.1016/j.jvcir.2007.01.005). Included once by
// each kernel source, inside an unnamed namespace, after perceive.hpp. Reads the displacements before the pass, writes
// new ones. Vectors run over the pairs of a block, whoever they belong to; sums per agent are taken in list order.

/// Sums over the touching pairs of each slot of a block.
struct Pushes {
  alignas(64) float x[block_slots], y[block_slots], touching[block_slots], overlap[block_slots];
};

/// Push out of a wall from its nearest point.
inline void leave_wall(const ContactList& list, std::uint32_t w, float& x, float& y) {
  const float ax = list.wall_ax[w] - x, ay = list.wall_ay[w] - y;
  float along = -(ax * list.wall_ux[w] + ay * list.wall_uy[w]);
  along = along < 0.0F ? 0.0F : (along > list.wall_length[w] ? list.wall_length[w] : along);
  const float nx = ax + along * list.wall_ux[w], ny = ay + along * list.wall_uy[w];
  const float d2 = nx * nx + ny * ny, reach = list.wall_reach[w];
  if (d2 >= reach * reach || d2 < 1e-12F) return;
  const float d = __builtin_sqrtf(d2);
  const float push = (reach - d) / d;
  x = x - push * nx;
  y = y - push * ny;
}

/// Pushes of the touching ones among sixteen pairs.
inline void push_apart(const SlotView& view, const ContactList& list, const ContactPass& pass, std::uint32_t begin,
                       std::uint32_t k, Pushes& pushes) {
  std::uint32_t own[lanes];
  widen(own, list.own + k);
  const F px = load(list.dx + k) + gather(pass.from_x, list.other + k) - gather(pass.from_x + begin, own);
  const F py = load(list.dy + k) + gather(pass.from_y, list.other + k) - gather(pass.from_y + begin, own);
  const F reach = load(list.reach + k), d2 = px * px + py * py;
  const std::uint32_t left = list.n - k;
  const std::uint32_t touches = bits(d2 < reach * reach) & (left < lanes ? (1U << left) - 1U : 0xFFFFU);
  if (touches == 0) return;
  const F d = root(greatest(d2, splat(1e-10F)));
  const F depth = reach - d, push = splat(0.5F) * depth / d;
  float depths[lanes], xs[lanes], ys[lanes];
  store(depths, depth);
  store(xs, push * px);
  store(ys, push * py);
  const std::uint32_t twins = touches & bits(d2 < splat(1e-10F));
  for (std::uint32_t m = touches; m != 0; m &= m - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(m));
    const std::uint32_t i = own[lane];
    if ((twins >> lane & 1U) != 0) {  // at the same point: the later row goes east, the earlier west
      const bool later = view.row[list.other[k + lane]] < view.row[begin + i];
      pushes.x[i] = pushes.x[i] - 0.25F * (later ? list.reach[k + lane] : -list.reach[k + lane]);
    } else {
      pushes.x[i] = pushes.x[i] + xs[lane];
      pushes.y[i] = pushes.y[i] + ys[lane];
    }
    pushes.touching[i] = pushes.touching[i] + 0.6F;
    pushes.overlap[i] = pushes.overlap[i] + depths[lane];
  }
}

void contact_block(const SlotView& view, const ContactList& list, const ContactPass& pass, std::uint32_t begin,
                   std::uint32_t end) {
  Pushes pushes;
  const F none = splat(0.0F);
  for (std::uint32_t s = begin; s < end; s += lanes) {
    store(pushes.x + (s - begin), none);
    store(pushes.y + (s - begin), none);
    store(pushes.touching + (s - begin), none);
    store(pushes.overlap + (s - begin), none);
  }
  for (std::uint32_t k = 0; k < list.n; k += lanes) push_apart(view, list, pass, begin, k, pushes);
  for (std::uint32_t s = begin; s < end; s += lanes) {
    const F divide = greatest(load(pushes.touching + (s - begin)), splat(1.0F));
    store(pass.to_x + s, load(pass.from_x + s) - load(pushes.x + (s - begin)) / divide);
    store(pass.to_y + s, load(pass.from_y + s) - load(pushes.y + (s - begin)) / divide);
    if (pass.overlap != nullptr) store(pass.overlap + s, load(pushes.overlap + (s - begin)));
  }
  for (std::uint32_t w = 0; w < list.n_walls; ++w) {
    const std::uint32_t s = begin + list.wall_own[w];
    leave_wall(list, w, pass.to_x[s], pass.to_y[s]);
  }
}
