#include "sim/fields/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace throng {

double quantile(std::vector<double> sample, double q) {
  if (sample.empty()) return 0.0;
  std::sort(sample.begin(), sample.end());
  const double at = q * static_cast<double>(sample.size() - 1);
  const auto low = static_cast<std::size_t>(std::floor(at));
  const std::size_t high = std::min(sample.size() - 1, low + 1);
  return sample[low] + (at - std::floor(at)) * (sample[high] - sample[low]);
}

double mean(const std::vector<double>& sample) {
  double sum = 0.0;
  for (const double x : sample) sum += x;
  return sample.empty() ? 0.0 : sum / static_cast<double>(sample.size());
}

}  // namespace throng
