#pragma once
// Sixteen floats as one value, in four forms with the same bits: AVX-512 registers, or parts of 8, 4 or 1 lanes.
// Included once by each kernel source, inside an unnamed namespace. Only + - * / sqrt, comparisons and selections: no
// approximations and no fused operations, which differ between processors. min and max are selections (a < b ? a : b).

#if defined(THRONG_LANES_AVX512)

struct F {
  __m512 v;
};
struct M {
  __mmask16 v;
};
inline F splat(float a) { return {_mm512_set1_ps(a)}; }
inline F load(const float* p) { return {_mm512_loadu_ps(p)}; }
inline void store(float* p, F a) { _mm512_storeu_ps(p, a.v); }
inline F operator+(F a, F b) { return {_mm512_add_ps(a.v, b.v)}; }
inline F operator-(F a, F b) { return {_mm512_sub_ps(a.v, b.v)}; }
inline F operator*(F a, F b) { return {_mm512_mul_ps(a.v, b.v)}; }
inline F operator/(F a, F b) { return {_mm512_div_ps(a.v, b.v)}; }
inline F root(F a) { return {_mm512_sqrt_ps(a.v)}; }
inline F least(F a, F b) { return {_mm512_min_ps(a.v, b.v)}; }
inline F greatest(F a, F b) { return {_mm512_max_ps(a.v, b.v)}; }
inline F magnitude(F a) { return {_mm512_abs_ps(a.v)}; }
inline M operator<(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ)}; }
inline M operator<=(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_LE_OQ)}; }
inline M operator==(F a, F b) { return {_mm512_cmp_ps_mask(a.v, b.v, _CMP_EQ_OQ)}; }
inline M operator&(M a, M b) { return {static_cast<__mmask16>(a.v & b.v)}; }
inline M operator|(M a, M b) { return {static_cast<__mmask16>(a.v | b.v)}; }
inline M without(M a, M b) { return {static_cast<__mmask16>(a.v & ~b.v)}; }
inline F select(M m, F a, F b) { return {_mm512_mask_blend_ps(m.v, b.v, a.v)}; }
inline std::uint32_t bits(M m) { return m.v; }
/// (from[k] - origin) as float
inline F offset(const std::int32_t* from, std::int32_t origin) {
  return {_mm512_cvtepi32_ps(_mm512_sub_epi32(_mm512_loadu_si512(from), _mm512_set1_epi32(origin)))};
}
inline void copy_words(std::uint32_t* to, const std::uint32_t* from) {
  _mm512_storeu_si512(to, _mm512_loadu_si512(from));
}
/// Bytes as words.
inline void widen(std::uint32_t* to, const std::uint8_t* from) {
  _mm512_storeu_si512(to, _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
}
/// to[k] = first + k
inline void count_words(std::uint32_t* to, std::uint32_t first) {
  const __m512i k = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  _mm512_storeu_si512(to, _mm512_add_epi32(k, _mm512_set1_epi32(static_cast<int>(first))));
}
/// Write the lanes of the mask one after the other; what follows them up to 16 lanes is overwritten.
inline void compress(float* to, std::uint32_t mask, F a) {
  _mm512_storeu_ps(to, _mm512_maskz_compress_ps(static_cast<__mmask16>(mask), a.v));
}
inline void compress_words(std::uint32_t* to, std::uint32_t mask, const std::uint32_t* from) {
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(static_cast<__mmask16>(mask), _mm512_loadu_si512(from)));
}
/// 2^n for whole n, -126 <= n <= 127
inline F power_of_two(F n) {
  const __m512i k = _mm512_add_epi32(_mm512_cvttps_epi32(n.v), _mm512_set1_epi32(127));
  return {_mm512_castsi512_ps(_mm512_slli_epi32(k, 23))};
}
inline F gather(const float* base, const std::uint32_t* at) {
  return {_mm512_i32gather_ps(_mm512_loadu_si512(at), base, 4)};
}
inline M mask_of(std::uint32_t m) { return {static_cast<__mmask16>(m)}; }
inline float sum(F a) {
  const __m256 h = _mm256_add_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  const __m128 q = _mm_add_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
  const __m128 d = _mm_add_ps(q, _mm_movehl_ps(q, q));
  return _mm_cvtss_f32(_mm_add_ss(d, _mm_shuffle_ps(d, d, 1)));
}
inline float lowest(F a) {
  const __m256 h = _mm256_min_ps(_mm512_castps512_ps256(a.v), _mm512_extractf32x8_ps(a.v, 1));
  const __m128 q = _mm_min_ps(_mm256_castps256_ps128(h), _mm256_extractf128_ps(h, 1));
  const __m128 d = _mm_min_ps(q, _mm_movehl_ps(q, q));
  return _mm_cvtss_f32(_mm_min_ss(d, _mm_shuffle_ps(d, d, 1)));
}

#else

#if defined(THRONG_LANES_AVX2)
typedef float Part __attribute__((vector_size(32)));
typedef std::int32_t PartMask __attribute__((vector_size(32)));
inline constexpr int part_lanes = 8;
inline Part part_root(Part a) { return reinterpret_cast<Part>(_mm256_sqrt_ps(reinterpret_cast<__m256>(a))); }
inline std::uint32_t part_bits(PartMask m) {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(reinterpret_cast<__m256>(m)));
}
#elif defined(THRONG_LANES_SSE2)
typedef float Part __attribute__((vector_size(16)));
typedef std::int32_t PartMask __attribute__((vector_size(16)));
inline constexpr int part_lanes = 4;
inline Part part_root(Part a) { return reinterpret_cast<Part>(_mm_sqrt_ps(reinterpret_cast<__m128>(a))); }
inline std::uint32_t part_bits(PartMask m) {
  return static_cast<std::uint32_t>(_mm_movemask_ps(reinterpret_cast<__m128>(m)));
}
#else
typedef float Part;
typedef std::int32_t PartMask;
inline constexpr int part_lanes = 1;
inline Part part_root(Part a) { return __builtin_sqrtf(a); }
inline std::uint32_t part_bits(PartMask m) { return m != 0 ? 1U : 0U; }
#endif
inline constexpr int n_parts = lanes / part_lanes;

struct F {
  Part v[n_parts];
};
struct M {
  PartMask v[n_parts];
};
#define THRONG_EACH for (int part = 0; part < n_parts; ++part)
inline F load(const float* p) {
  F r;
  __builtin_memcpy(&r, p, sizeof r);
  return r;
}
inline void store(float* p, F a) { __builtin_memcpy(p, &a, sizeof a); }
inline F splat(float a) {
  F r;
  THRONG_EACH r.v[part] = Part{} + a;
  return r;
}
#define THRONG_OPERATOR(op)                         \
  inline F operator op(F a, F b) {                  \
    F r;                                            \
    THRONG_EACH r.v[part] = a.v[part] op b.v[part]; \
    return r;                                       \
  }
THRONG_OPERATOR(+)
THRONG_OPERATOR(-)
THRONG_OPERATOR(*)
THRONG_OPERATOR(/)
#undef THRONG_OPERATOR
#if defined(THRONG_LANES_SCALAR)
#define THRONG_COMPARE(op)                                   \
  inline M operator op(F a, F b) {                           \
    M r;                                                     \
    THRONG_EACH r.v[part] = a.v[part] op b.v[part] ? -1 : 0; \
    return r;                                                \
  }
#else
#define THRONG_COMPARE(op)                          \
  inline M operator op(F a, F b) {                  \
    M r;                                            \
    THRONG_EACH r.v[part] = a.v[part] op b.v[part]; \
    return r;                                       \
  }
#endif
THRONG_COMPARE(<)
THRONG_COMPARE(<=)
THRONG_COMPARE(==)
#undef THRONG_COMPARE
inline F root(F a) {
  F r;
  THRONG_EACH r.v[part] = part_root(a.v[part]);
  return r;
}
inline F select(M m, F a, F b) {
  F r;
  THRONG_EACH r.v[part] = m.v[part] ? a.v[part] : b.v[part];
  return r;
}
inline F least(F a, F b) { return select(a < b, a, b); }
inline F greatest(F a, F b) { return select(b < a, a, b); }
inline F magnitude(F a) { return select(a < splat(0.0F), splat(0.0F) - a, a); }
inline M operator&(M a, M b) {
  M r;
  THRONG_EACH r.v[part] = a.v[part] & b.v[part];
  return r;
}
inline M operator|(M a, M b) {
  M r;
  THRONG_EACH r.v[part] = a.v[part] | b.v[part];
  return r;
}
inline M without(M a, M b) {
  M r;
  THRONG_EACH r.v[part] = a.v[part] & ~b.v[part];
  return r;
}
inline std::uint32_t bits(M m) {
  std::uint32_t all = 0;
  THRONG_EACH all |= part_bits(m.v[part]) << (part * part_lanes);
  return all;
}
inline F offset(const std::int32_t* from, std::int32_t origin) {
  float r[lanes];
  for (int k = 0; k < lanes; ++k) r[k] = static_cast<float>(from[k] - origin);
  return load(r);
}
inline void copy_words(std::uint32_t* to, const std::uint32_t* from) {
  __builtin_memcpy(to, from, lanes * sizeof(std::uint32_t));
}
inline void widen(std::uint32_t* to, const std::uint8_t* from) {
  for (int k = 0; k < lanes; ++k) to[k] = from[k];
}
inline void count_words(std::uint32_t* to, std::uint32_t first) {
  for (int k = 0; k < lanes; ++k) to[k] = first + static_cast<std::uint32_t>(k);
}
inline void compress(float* to, std::uint32_t mask, F a) {
  float all[lanes];
  store(all, a);
  for (; mask != 0; mask &= mask - 1) *to++ = all[__builtin_ctz(mask)];
}
inline void compress_words(std::uint32_t* to, std::uint32_t mask, const std::uint32_t* from) {
  for (; mask != 0; mask &= mask - 1) *to++ = from[__builtin_ctz(mask)];
}
inline F power_of_two(F n) {
  float t[lanes];
  store(t, n);
  for (int k = 0; k < lanes; ++k) {
    const std::int32_t word = (static_cast<std::int32_t>(t[k]) + 127) << 23;
    __builtin_memcpy(&t[k], &word, sizeof word);
  }
  return load(t);
}
inline F gather(const float* base, const std::uint32_t* at) {
  float r[lanes];
  for (int k = 0; k < lanes; ++k) r[k] = base[at[k]];
  return load(r);
}
inline M mask_of(std::uint32_t m) {
  std::int32_t r[lanes];
  for (int k = 0; k < lanes; ++k) r[k] = (m >> k & 1U) != 0 ? -1 : 0;
  M result;
  __builtin_memcpy(&result, r, sizeof result);
  return result;
}
inline float sum(F a) {
  float t[lanes];
  store(t, a);
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int k = 0; k < half; ++k) t[k] = t[k] + t[k + half];
  return t[0];
}
inline float lowest(F a) {
  float t[lanes];
  store(t, a);
  for (int half = lanes / 2; half > 0; half /= 2)
    for (int k = 0; k < half; ++k) t[k] = t[k] < t[k + half] ? t[k] : t[k + half];
  return t[0];
}
#undef THRONG_EACH

#endif
