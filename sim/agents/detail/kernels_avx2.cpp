#include <immintrin.h>

#define THRONG_LANES_AVX2
#define THRONG_KERNELS kernels_avx2
#include "sim/agents/detail/kernels.hpp"
