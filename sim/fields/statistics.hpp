#pragma once
#include <vector>

namespace throng {

/// Quantile q in [0, 1] by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996,
/// doi:10.2307/2684934); 0 of an empty sample.
double quantile(std::vector<double> sample, double q);
double mean(const std::vector<double>& sample);  ///< 0 of an empty sample

}  // namespace throng
