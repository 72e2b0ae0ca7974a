#pragma once
#include "sim/report/detail/figures.hpp"
#include "sim/report/detail/svg.hpp"

#include <string>
#include <vector>

namespace throng::report::detail {

/// One curve of a chart, with a band when there are replications.
struct Curve {
  Series middle, low, high;  ///< low and high empty without a band
  std::string colour = "#2c4a9a";
  std::string dash;    ///< SVG dash pattern; empty = solid
  double width = 2.0;  ///< [px]
  Both label;          ///< written at its end; may be empty
  bool steps = false;  ///< draw filled bars from zero (one per interval)
};
/// A horizontal line: a limit or a licensed number.
struct Mark {
  double value = 0.0;
  AlertLevel level = AlertLevel::unknown;
  Both label;
};
struct ChartRequest {
  const RunHeader& header;
  double x = 0.0, y = 0.0, width = 470.0, height = 200.0;  ///< panel in the picture [px]
  Both title = {}, unit = {};
  std::vector<Curve> curves = {};
  std::vector<Mark> marks = {};
  double top = 0.0;        ///< least upper end of the value axis
  bool mirrored = false;   ///< value axis from -top to top, shown without sign
  std::string strip = {};  ///< levels of service, one letter per interval, below the axis
  double right_margin = 14.0;
};
void draw_chart(Svg&, const ChartRequest&);

/// Pictures over all replications; one run gives curves without bands.
Picture zone_chart(const Runs&, const std::string& language);
Picture flow_chart(const Runs&, const std::string& language);
Picture exit_chart(const Runs&, const std::string& language);
Picture ledger_chart(const Runs&, const std::string& language);
/// A against B.
Picture exit_comparison(const Runs& a, const Runs& b, const std::string& language);
Picture zone_comparison(const Runs& a, const Runs& b, const std::string& language);

/// Median and 5-95 % band of a series over the runs.
Curve curve_of(const Runs&, const std::function<Series(const RunResults&)>&);

}  // namespace throng::report::detail
