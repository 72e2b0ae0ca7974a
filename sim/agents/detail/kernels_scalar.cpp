
#define THRONG_LANES_SCALAR
#define THRONG_KERNELS kernels_scalar
#include "sim/agents/detail/kernels.hpp"
