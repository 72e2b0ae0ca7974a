#pragma once
#include <cmath>

/// Elementary functions from + - * / and sqrt only, so that every machine and library gives the same bits.
/// The C library picks other code on other processors at run time; `sim` calls these instead.
/// Accuracy: a few units in the last place (tested against the C library to 4e-15 relative).
namespace throng::math {

inline constexpr double pi = 3.14159265358979323846;

double exp(double x);                      ///< 0 below -745, +inf above 709.78
double log(double x);                      ///< -inf at 0, NaN below
double sin(double x);                      ///< |x| <= 1e6
double cos(double x);                      ///< |x| <= 1e6
double atan2(double y, double x);          ///< (-pi, pi]
double pow(double base, double exponent);  ///< base > 0: exp(exponent log(base)); 0 for base 0

}  // namespace throng::math

namespace throng {

double normal_cdf(double x);          ///< standard normal distribution function, absolute error < 1e-12
double inverse_normal_cdf(double p);  ///< p in (0, 1); Acklam's rational start, one Halley step

}  // namespace throng
