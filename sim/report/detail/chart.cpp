#include "sim/report/detail/charts.hpp"

#include <algorithm>
#include <cmath>

namespace throng::report::detail {
namespace {

/// The least of 1, 2, 5 times a power of ten with which at most `n` steps cover the span.
double round_step(double span, int n) {
  for (double decade = 1e-3; decade < 1e9; decade *= 10.0)
    for (const double digit : {1.0, 2.0, 5.0})
      if (digit * decade * n >= span * 0.9999) return digit * decade;
  return span;
}

double time_step(double span) {
  for (const double minutes : {0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 360.0})
    if (span / (60.0 * minutes) <= 6.0) return 60.0 * minutes;
  return 43200.0;
}

class Panel {
 public:
  Panel(Svg& svg, const ChartRequest& request) : svg_(svg), request_(request) {
    left_ = request.x + 44.0;
    right_ = request.x + request.width - request.right_margin;
    top_ = request.y + 26.0;
    bottom_ = request.y + request.height - (request.strip.empty() ? 24.0 : 36.0);
    find_ranges();
  }
  void draw() {
    frame();
    for (const Curve& curve : request_.curves) draw_band(curve);
    for (const Mark& mark : request_.marks) draw_mark(mark);
    for (const Curve& curve : request_.curves) draw_curve(curve);
    mark_labels();
    end_labels();
    strip();
  }

 private:
  void find_ranges() {
    begin_ = 1e300;
    end_ = -1e300;
    double top = request_.top;
    for (const Curve& curve : request_.curves)
      for (const Series* series : {&curve.middle, &curve.high})
        for (const Point p : *series) {
          begin_ = std::min(begin_, p.t);
          end_ = std::max(end_, p.t);
          if (std::isfinite(p.value)) top = std::max(top, std::fabs(p.value));
        }
    if (begin_ > end_) begin_ = 0.0, end_ = std::max(60.0, request_.header.duration);
    if (begin_ > 0.0 && begin_ <= request_.header.report_interval) begin_ = 0.0;
    if (end_ <= begin_) end_ = begin_ + 60.0;
    for (const Mark& mark : request_.marks)
      if (mark.value <= 1.35 * top || mark.level == AlertLevel::yellow) top = std::max(top, mark.value * 1.06);
    step_ = round_step(std::max(top, 1e-3), request_.mirrored ? 2 : 4);
    value_top_ = step_ * std::ceil(std::max(top, 1e-3) / step_ - 1e-9);
    value_low_ = request_.mirrored ? -value_top_ : 0.0;
  }
  double x(double t) const { return left_ + (t - begin_) / (end_ - begin_) * (right_ - left_); }
  double y(double v) const { return bottom_ - (v - value_low_) / (value_top_ - value_low_) * (bottom_ - top_); }

  void frame() {
    svg_.text(request_.x + 4.0, request_.y + 14.0, request_.title, "font-weight=\"bold\" font-size=\"12\"");
    svg_.text(right_, request_.y + 14.0, request_.unit, "text-anchor=\"end\" font-size=\"10\" fill=\"#444444\"");
    const int decimals = step_ < 0.0999 ? 2 : step_ < 0.9999 ? 1 : 0;
    for (double v = value_low_; v <= value_top_ + 1e-6 * step_; v += step_) {
      svg_.line(left_, y(v), right_, y(v), "stroke=\"#dddad5\" stroke-width=\"0.8\"");
      svg_.text(left_ - 5.0, y(v) + 3.5, number(std::fabs(v), decimals), "text-anchor=\"end\" font-size=\"10\"");
    }
    const double step = time_step(end_ - begin_);
    const double offset = request_.header.start_of_day;
    for (double t = std::ceil((begin_ + offset) / step) * step - offset; t <= end_ + 1e-6; t += step) {
      svg_.line(x(t), bottom_, x(t), bottom_ + 4.0, "stroke=\"#444444\" stroke-width=\"0.8\"");
      const std::string text = step < 60.0 ? clock_seconds(request_.header, t) : clock(request_.header, t);
      svg_.text(x(t), request_.y + request_.height - 6.0, same(text), "text-anchor=\"middle\" font-size=\"10\"");
    }
    svg_.line(left_, y(0.0), right_, y(0.0), "stroke=\"#444444\" stroke-width=\"1\"");
  }
  /// Band between two series, drawn as far as both are numbers.
  void draw_band(const Curve& curve) {
    if (curve.low.size() != curve.high.size() || curve.low.size() < 2) return;
    std::string there;
    std::string back;
    for (std::size_t i = 0; i < curve.low.size(); ++i) {
      if (!std::isfinite(curve.low[i].value) || !std::isfinite(curve.high[i].value)) continue;
      there += (there.empty() ? "M" : "L") + px(x(curve.high[i].t)) + " " + px(y(curve.high[i].value));
      back = "L" + px(x(curve.low[i].t)) + " " + px(y(curve.low[i].value)) + back;
    }
    if (!there.empty())
      svg_.path(there + back + "Z", "fill=\"" + curve.colour + "\" fill-opacity=\"0.18\" stroke=\"none\"");
  }
  void draw_curve(const Curve& curve) {
    if (curve.steps) return draw_bars(curve);
    std::string d;
    bool pen = false;
    for (const Point p : curve.middle) {
      if (!std::isfinite(p.value)) {
        pen = false;
        continue;
      }
      d += (pen ? "L" : "M") + px(x(p.t)) + " " + px(y(p.value));
      pen = true;
    }
    svg_.path(d, "fill=\"none\" stroke=\"" + curve.colour + "\" stroke-width=\"" + px(curve.width) +
                     "\" stroke-linejoin=\"round\"" +
                     (curve.dash.empty() ? "" : " stroke-dasharray=\"" + curve.dash + "\""));
  }
  void draw_bars(const Curve& curve) {
    std::string d;
    double before = begin_;
    for (const Point p : curve.middle) {
      const double from = x(before) + 0.5;
      const double to = x(p.t) - 0.5;
      before = p.t;
      if (!std::isfinite(p.value) || p.value == 0.0) continue;
      d += "M" + px(from) + " " + px(y(0.0)) + "V" + px(y(p.value)) + "H" + px(std::max(to, from + 0.6)) + "V" +
           px(y(0.0)) + "Z";
    }
    svg_.path(d, "fill=\"" + curve.colour + "\"");
  }
  bool shown(const Mark& mark) const { return mark.value <= value_top_ * 1.0001; }
  void draw_mark(const Mark& mark) {
    if (!shown(mark)) return;
    const std::string colour = mark.level == AlertLevel::unknown ? "#444444" : hex(look_of(mark.level).colour);
    svg_.line(left_, y(mark.value), right_, y(mark.value),
              "stroke=\"#3a3a3a\" stroke-width=\"2.2\" stroke-opacity=\"0.55\" stroke-dasharray=\"7 4\"");
    svg_.line(left_, y(mark.value), right_, y(mark.value),
              "stroke=\"" + colour + "\" stroke-width=\"1.6\" stroke-dasharray=\"7 4\"");
  }
  /// Names of the limits, right of the panel and at least 11 px apart.
  void mark_labels() {
    double limit = bottom_ + 2.0;
    for (const Mark& mark : request_.marks) {  // rising limits: from the bottom up
      if (!shown(mark)) continue;
      const double at = std::min(limit, y(mark.value));
      if (mark.level == AlertLevel::unknown) {
        svg_.halo_text(left_ + 6.0, at - 4.0, mark.label, "font-size=\"10\" fill=\"#222222\"");
        continue;
      }
      svg_.glyph(right_ + 9.0, at, 9.0, mark.level);
      svg_.text(right_ + 17.0, at + 3.2, mark.label, "font-size=\"9\" fill=\"#222222\"");
      limit = at - 11.0;
    }
  }
  void end_labels() {
    std::vector<std::pair<double, const Curve*>> ends;
    for (const Curve& curve : request_.curves)
      if (!curve.label.en.empty() && !curve.middle.empty() && std::isfinite(curve.middle.back().value))
        ends.emplace_back(y(curve.middle.back().value), &curve);
    std::stable_sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    // Apart by 12 px, first downwards from the top, then pushed back up from the bottom.
    for (std::size_t i = 1; i < ends.size(); ++i) ends[i].first = std::max(ends[i].first, ends[i - 1].first + 12.0);
    double limit = bottom_ + 2.0;
    for (std::size_t i = ends.size(); i-- > 0; limit = ends[i].first - 12.0)
      ends[i].first = std::min(ends[i].first, limit);
    for (const auto& [at, curve] : ends)
      svg_.halo_text(right_ + 5.0, at + 3.5, curve->label, "font-size=\"10\" fill=\"" + curve->colour + "\"");
  }
  /// Coloured boxes with letters, run-length: one letter where it fits.
  void strip() {
    const std::string& letters = request_.strip;
    if (letters.empty() || request_.curves.empty()) return;
    const Series& series = request_.curves.front().middle;
    const double top = bottom_ + 5.0;
    for (std::size_t i = 0; i < std::min(letters.size(), series.size());) {
      std::size_t end = i;
      while (end < std::min(letters.size(), series.size()) && letters[end] == letters[i]) ++end;
      const double from = x(i == 0 ? begin_ : series[i - 1].t);
      const double to = x(series[end - 1].t);
      const auto k = static_cast<std::size_t>(std::clamp(letters[i] - 'A', 0, 5));
      svg_.rect(from, top, to - from, 10.0, "fill=\"" + hex(service_colours[k]) + "\"");
      if (to - from > 9.0)
        svg_.text(0.5 * (from + to), top + 8.6, same(std::string(1, letters[i])),
                  std::string("text-anchor=\"middle\" font-size=\"9\" font-weight=\"bold\" fill=\"") +
                      (k == 0 || k == 5 ? "#ffffff" : "#111111") + "\"");
      i = end;
    }
  }

  Svg& svg_;
  const ChartRequest& request_;
  double left_ = 0, right_ = 0, top_ = 0, bottom_ = 0;
  double begin_ = 0, end_ = 0, step_ = 1, value_top_ = 1, value_low_ = 0;
};

}  // namespace

void draw_chart(Svg& svg, const ChartRequest& request) { Panel(svg, request).draw(); }

Curve curve_of(const Runs& runs, const std::function<Series(const RunResults&)>& series) {
  Curve curve;
  if (runs.size() == 1) {
    curve.middle = series(runs.front());
    return curve;
  }
  std::vector<Series> all;
  for (const RunResults& run : runs) all.push_back(series(run));
  curve.middle = quantile_series(all, 0.5);
  curve.low = quantile_series(all, 0.05);
  curve.high = quantile_series(all, 0.95);
  return curve;
}

}  // namespace throng::report::detail
