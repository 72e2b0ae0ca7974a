#include "sim/world/detail/orientation.hpp"

#include <array>
#include <cstddef>

namespace throng::detail {
namespace {

struct Pair {
  double high, low;  // high + low is exact
};

Pair two_sum(double a, double b) {
  const double sum = a + b;
  const double bv = sum - a;
  return {sum, (a - (sum - bv)) + (b - bv)};
}

Pair split(double a) {
  const double c = 134217729.0 * a;  // 2^27 + 1
  const double high = c - (c - a);
  return {high, a - high};
}

Pair two_product(double a, double b) {
  const double product = a * b;
  const Pair x = split(a), y = split(b);
  return {product, x.low * y.low - (((product - x.high * y.high) - x.low * y.high) - x.high * y.low)};
}

}  // namespace

int exact_orientation(Vec2 a, Vec2 b, Vec2 c) {
  const std::array<Pair, 6> products{two_product(a.x, b.y),  two_product(-a.y, b.x), two_product(b.x, c.y),
                                     two_product(-b.y, c.x), two_product(c.x, a.y),  two_product(-c.y, a.x)};
  std::array<double, 12> expansion{};  // non-overlapping, ascending magnitude
  std::size_t n = 0;
  const auto grow = [&](double value) {
    for (std::size_t i = 0; i < n; ++i) {
      const Pair s = two_sum(value, expansion[i]);
      expansion[i] = s.low;
      value = s.high;
    }
    expansion[n++] = value;
  };
  for (const Pair& p : products) {
    grow(p.low);
    grow(p.high);
  }
  for (std::size_t i = n; i-- > 0;)
    if (expansion[i] != 0.0) return expansion[i] > 0.0 ? 1 : -1;
  return 0;
}

}  // namespace throng::detail
