#include "sim/core/math.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace throng::math {
namespace {
constexpr double ln2_high = 6.93147180369123816490e-01;  // upper bits of ln 2: k * ln2_high is exact for |k| < 2^20
constexpr double ln2_low = 1.90821492927058770002e-10;
constexpr double inf = std::numeric_limits<double>::infinity();

double scale_by_power_of_two(double x, int k) {
  while (k > 1000) x *= 0x1p1000, k -= 1000;
  while (k < -1000) x *= 0x1p-1000, k += 1000;
  return x * std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

// Taylor polynomials on [-pi/4, pi/4], truncation below 1e-17.
double sin_kernel(double x) {
  const double z = x * x;
  double p = -1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return x + x * z * p;
}
double cos_kernel(double x) {
  const double z = x * x;
  double p = 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  return 1.0 - 0.5 * z + z * z * p;
}
// Remainder of x by pi/2 in three parts (Cody and Waite); returns the quadrant.
int reduce(double x, double& r) {
  constexpr double p1 = 1.57079632673412561417e+00;
  constexpr double p2 = 6.07710050630396597660e-11;
  constexpr double p3 = 2.02226624879595063154e-21;
  const double n = std::floor(x * (2.0 / pi) + 0.5);
  r = ((x - n * p1) - n * p2) - n * p3;
  return static_cast<int>(static_cast<long long>(n) & 3);
}
// atan on [0, 1] by one argument halving at tan(pi/8) steps and an odd series.
double atan_unit(double x) {
  double offset = 0.0;
  if (x > 0.41421356237309503) {  // tan(pi/8)
    x = (x - 1.0) / (x + 1.0);
    offset = pi / 4.0;
  }
  double scale = 1.0;
  for (int i = 0; i < 2; ++i) {  // atan(x) = 2 atan(x / (1 + sqrt(1 + x^2)))
    x = x / (1.0 + std::sqrt(1.0 + x * x));
    scale *= 2.0;
  }
  const double z = x * x;
  double p = 0.0;
  for (int k = 12; k >= 0; --k) p = 1.0 / (2.0 * k + 1.0) - z * p;
  return offset + scale * x * p;
}
}  // namespace

double exp(double x) {
  if (std::isnan(x)) return x;
  if (x > 709.782712893384) return inf;
  if (x < -745.2) return 0.0;
  const double k = std::floor(x / 0.69314718055994530942 + 0.5);
  const double r = (x - k * ln2_high) - k * ln2_low;  // |r| <= ln2 / 2
  double p = 1.0;
  for (int n = 14; n >= 1; --n) p = 1.0 + p * r / static_cast<double>(n);
  return scale_by_power_of_two(p, static_cast<int>(k));
}

double log(double x) {
  if (std::isnan(x) || x < 0.0) return std::numeric_limits<double>::quiet_NaN();
  if (x == 0.0) return -inf;
  if (std::isinf(x)) return x;
  int k = 0;
  if (x < 0x1p-1022) x *= 0x1p54, k -= 54;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  k += static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000FFFFFFFFFFFFFull) | 0x3FF0000000000000ull);
  if (m > 1.4142135623730951) m *= 0.5, ++k;
  const double s = (m - 1.0) / (m + 1.0);  // |s| <= 0.1716
  const double z = s * s;
  double p = 0.0;
  for (int n = 11; n >= 1; --n) p = z * (1.0 / (2.0 * n + 1.0) + p);
  return k * ln2_high + (2.0 * s + (2.0 * s * p + k * ln2_low));
}

double sin(double x) {
  double r = 0.0;
  switch (reduce(x, r)) {
    case 0:
      return sin_kernel(r);
    case 1:
      return cos_kernel(r);
    case 2:
      return -sin_kernel(r);
    default:
      return -cos_kernel(r);
  }
}

double cos(double x) {
  double r = 0.0;
  switch (reduce(x, r)) {
    case 0:
      return cos_kernel(r);
    case 1:
      return -sin_kernel(r);
    case 2:
      return -cos_kernel(r);
    default:
      return sin_kernel(r);
  }
}

double atan2(double y, double x) {
  if (x == 0.0 && y == 0.0) return 0.0;
  const double ax = std::fabs(x);
  const double ay = std::fabs(y);
  double a = ay <= ax ? atan_unit(ay / ax) : pi / 2.0 - atan_unit(ax / ay);
  if (x < 0.0) a = pi - a;
  return y < 0.0 ? -a : a;
}

double pow(double base, double exponent) { return base > 0.0 ? exp(exponent * log(base)) : 0.0; }

}  // namespace throng::math

namespace throng {
namespace {
// erfc by the continued fraction (large x) or the series of erf (small x); both converge to double precision.
double erfc_positive(double x) {
  if (x < 2.0) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 60; ++n) {
      term *= -x * x / n;
      sum += term / (2.0 * n + 1.0);
    }
    return 1.0 - 2.0 / std::sqrt(math::pi) * sum;
  }
  double fraction = 0.0;
  for (int n = 60; n >= 1; --n) fraction = 0.5 * n / (x + fraction);
  return math::exp(-x * x) / std::sqrt(math::pi) / (x + fraction);
}
}  // namespace

double normal_cdf(double x) {
  const double e = erfc_positive(std::fabs(x) / std::sqrt(2.0));
  return x < 0.0 ? 0.5 * e : 1.0 - 0.5 * e;
}

double inverse_normal_cdf(double p) {
  if (p <= 0.0) return -38.0;
  if (p >= 1.0) return 38.0;
  if (p > 0.5) return -inverse_normal_cdf(1.0 - p);  // exact symmetry
  constexpr double a[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                          1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr double b[] = {-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                          -1.328068155288572e+01};
  constexpr double c[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                          -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr double d[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00};
  double x = 0.0;
  if (p < 0.02425) {
    const double q = std::sqrt(-2.0 * math::log(p));
    x = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
        ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1.0);
  } else {
    const double q = p - 0.5;
    const double r = q * q;
    x = (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
        (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1.0);
  }
  const double e = normal_cdf(x) - p;
  const double u = e * std::sqrt(2.0 * math::pi) * math::exp(0.5 * x * x);
  return x - u / (1.0 + 0.5 * x * u);
}

}  // namespace throng
