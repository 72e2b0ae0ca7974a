#include <immintrin.h>

#define THRONG_LANES_SSE2
#define THRONG_KERNELS kernels_sse2
#include "sim/agents/detail/kernels.hpp"
