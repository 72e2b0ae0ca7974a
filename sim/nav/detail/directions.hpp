#pragma once
#include "sim/nav/detail/graph.hpp"
#include "sim/nav/detail/solver.hpp"

#include <cstdint>
#include <vector>

/// The way down a solved field, two 16-bit numbers per node. Even first number: unit vector * 32767 (0 0 = none).
/// Odd first number: the point to walk to, as offset from the cell centre in cells * target_scale.
namespace throng::detail {

inline constexpr double unit_scale = 32767.0;
inline constexpr double target_scale = 6000.0;  ///< offsets up to 5.4 cells

/// A node whose direction the goal itself decides.
struct Aim {
  std::int32_t node = -1;
  Vec2 offset;           ///< point to walk to, from the cell centre [m]
  bool arrived = false;  ///< wholly inside the goal: no direction
};

inline void encode_target(Vec2 offset, double cell, std::int16_t* out) {
  const auto code = [&](double v) {
    return static_cast<std::int16_t>(std::floor(std::clamp(v / cell * target_scale, -32766.0, 32766.0) + 0.5));
  };
  out[0] = static_cast<std::int16_t>(code(offset.x) | 1);
  out[1] = code(offset.y);
}

void find_directions(const Graph& graph, const std::vector<std::uint32_t>& cost,
                     const std::vector<std::uint16_t>& crossing, const Passage& passage, const DoorMasks& masks,
                     const std::vector<Aim>& aims, DistanceField& out);

}  // namespace throng::detail
