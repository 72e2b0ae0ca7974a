#pragma once

namespace throng {

/// One row of a model's parameter table: the only place that names, bounds and explains a parameter. Reading,
/// validation, documentation and user interfaces all use it.
template <class M>
struct Parameter {
  const char* name;  ///< with unit suffix, as in scenario files
  double M::*member;
  double low, high;  ///< allowed range, inclusive
  const char* text;  ///< meaning and symbol
};

}  // namespace throng
