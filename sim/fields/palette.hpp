#pragma once
#include "sim/scenario/activity.hpp"

#include <array>
#include <cstdint>

namespace throng {

/// A colour on screen and paper, sRGB.
struct Rgb {
  std::uint8_t r = 0, g = 0, b = 0;
  friend constexpr bool operator==(Rgb, Rgb) = default;
};

/// How an alert level looks: always colour, shape and word together (docs/glossary.md).
struct LevelLook {
  Rgb colour;         ///< fill of the chip
  Rgb ink;            ///< of the glyph and the word on it
  const char* shape;  ///< "disc", "triangle", "diamond", "square", "cross", "question"
  const char* en;
  const char* nl;
};
const LevelLook& look_of(AlertLevel);

/// Levels of service A to F. Pairwise CIEDE2000 distance at least 16 under protan, deutan and tritan vision (simulated
/// with Machado et al. 2009, doi:10.1109/TVCG.2009.113), where the classic blue-green-red scale has pairs of 4.
inline constexpr std::array<Rgb, 6> service_colours{{{0x2c, 0x4a, 0x9a},
                                                     {0x3f, 0x8f, 0xc4},
                                                     {0x9f, 0xd0, 0xdc},
                                                     {0xf4, 0xe3, 0x8c},
                                                     {0xe8, 0x83, 0x3a},
                                                     {0xa3, 0x16, 0x21}}};

/// Density on maps: the six colours above between these limits [1/m²]; below `density_seen` nothing is drawn.
inline constexpr std::array<double, 5> density_bounds{1.0, 2.0, 3.0, 4.0, 5.0};
inline constexpr double density_seen = 0.5;  ///< [1/m²]

/// Differences on maps, blue = less, orange = more: seven classes between these limits [1/m²]; the middle is not drawn.
inline constexpr std::array<double, 6> difference_bounds{-2.0, -1.0, -0.25, 0.25, 1.0, 2.0};
inline constexpr std::array<Rgb, 7> difference_colours{{{0x08, 0x45, 0x94},
                                                        {0x31, 0x82, 0xbd},
                                                        {0x9e, 0xca, 0xe1},
                                                        {0xff, 0xff, 0xff},
                                                        {0xfd, 0xbe, 0x85},
                                                        {0xf1, 0x82, 0x2e},
                                                        {0xb3, 0x3c, 0x00}}};

}  // namespace throng
