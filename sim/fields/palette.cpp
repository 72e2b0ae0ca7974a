#include "sim/fields/palette.hpp"

#include <cstddef>

namespace throng {

const LevelLook& look_of(AlertLevel level) {
  static constexpr Rgb black{0x11, 0x11, 0x11};
  static constexpr Rgb white{0xff, 0xff, 0xff};
  static constexpr std::array<LevelLook, 6> looks{{
      {{0x4e, 0x9f, 0xd6}, black, "disc", "normal", "normaal"},
      {{0xf7, 0xe3, 0x7a}, black, "triangle", "yellow", "geel"},
      {{0xf0, 0x86, 0x2b}, black, "diamond", "orange", "oranje"},
      {{0xa3, 0x12, 0x2b}, white, "square", "red", "rood"},
      {{0x3b, 0x03, 0x12}, white, "cross", "critical", "kritiek"},
      {{0x9a, 0xa0, 0xa6}, black, "question", "unknown", "onbekend"},
  }};
  return looks[static_cast<std::size_t>(level)];
}

}  // namespace throng
