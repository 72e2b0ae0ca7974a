#include <immintrin.h>

#define THRONG_LANES_AVX512
#define THRONG_KERNELS kernels_avx512
#include "sim/agents/detail/kernels.hpp"
