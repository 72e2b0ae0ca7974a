#pragma once
// The kernel source: compiled once per instruction set with THRONG_LANES_* and THRONG_KERNELS defined. Everything lies
// in an unnamed namespace and no other header is included, so that no inline function compiled for a newer processor
// can be picked by the linker for an older one.
#include "sim/agents/detail/kernel.hpp"

/// Checks of buffer bounds, in builds with assertions: buffers lie side by side in one object, so that no sanitizer
/// sees one run over into the next. A trap, since nothing of another header may be called.
#ifdef NDEBUG
#define THRONG_FITS(condition) void(0)
#else
#define THRONG_FITS(condition) ((condition) ? void(0) : __builtin_trap())
#endif

namespace throng::detail {
namespace {

// Each of these uses what stands above it.
// clang-format off
#include "sim/agents/detail/lanes.hpp"
#include "sim/agents/detail/perceive.hpp"
#include "sim/agents/detail/contact_kernel.hpp"
#include "sim/agents/models/behavioural_heuristics_kernel.hpp"
#include "sim/agents/models/collision_free_speed_kernel.hpp"
// clang-format on

}  // namespace

extern const Kernels THRONG_KERNELS;
const Kernels THRONG_KERNELS = {heuristics_block, collision_free_speed_block, contact_block};

}  // namespace throng::detail
