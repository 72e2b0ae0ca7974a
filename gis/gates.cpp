#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

// Gates on fences: straight spans of exact width. Fence ends: closed where they nearly touch.
namespace throng::gis::detail {
namespace {

constexpr double touch = 0.4;  ///< fence ends closer than this are closed [m]

struct Foot {
  double distance = 1e300;
  double arc = 0.0;  ///< along the line [m]
  Vec2 point;
};

Foot foot_on(const Line& line, Vec2 p) {
  Foot best;
  double arc = 0.0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vec2 q = nearest_on_segment(p, line[i], line[i + 1]);
    const double d = distance(p, q);
    if (d < best.distance) best = {d, arc + distance(line[i], q), q};
    arc += distance(line[i], line[i + 1]);
  }
  return best;
}

double length_of(const Line& line) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) sum += distance(line[i], line[i + 1]);
  return sum;
}

Vec2 point_at(const Line& line, double arc) {
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const double step = distance(line[i], line[i + 1]);
    if (arc <= step) return step > 0.0 ? line[i] + (arc / step) * (line[i + 1] - line[i]) : line[i];
    arc -= step;
  }
  return line.back();
}

bool closed(const Line& line) { return line.size() > 3 && line.front() == line.back(); }

/// Turn a closed line so that it begins far from p.
void begin_far_from(Line& line, Vec2 p) {
  if (!closed(line)) return;
  line.pop_back();
  const auto far =
      std::max_element(line.begin(), line.end(), [&](Vec2 a, Vec2 b) { return distance(a, p) < distance(b, p); });
  std::rotate(line.begin(), far, line.end());
  line.push_back(line.front());
}

/// Arc positions of the two ends of a chord of length `width` centred near `arc`; nothing when the line is too short.
std::optional<std::pair<double, double>> chord(const Line& line, double arc, double width) {
  const double length = length_of(line);
  const auto ends = [&](double t) {
    const double lo = std::clamp(arc - t, 0.0, std::max(0.0, length - 2.0 * t));
    return std::pair{lo, std::min(length, lo + 2.0 * t)};
  };
  const auto span = [&](double t) {
    const auto [lo, hi] = ends(t);
    return distance(point_at(line, lo), point_at(line, hi));
  };
  double low = 0.0;
  double high = 0.5 * width;
  while (span(high) < width - 1e-9) {
    if (2.0 * high >= length) return std::nullopt;
    low = high;
    high = std::min(0.5 * length, high * 1.25 + 0.01);
  }
  for (int i = 0; i < 80; ++i) {
    const double mid = 0.5 * (low + high);
    (span(mid) < width ? low : high) = mid;
  }
  return ends(high);
}

/// The line with the section between two arcs replaced by the straight segment a b.
Line with_span(const Line& line, double lo, double hi, Vec2 a, Vec2 b) {
  Line out;
  double arc = 0.0;
  bool inserted = false;
  const auto insert = [&] {
    if (inserted) return;
    out.push_back(a);
    out.push_back(b);
    inserted = true;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (i > 0) arc += distance(line[i - 1], line[i]);
    if (arc < lo - 1e-9) {
      out.push_back(line[i]);
    } else {
      insert();
      if (arc > hi + 1e-9) out.push_back(line[i]);
    }
  }
  insert();
  return out;
}

GateDirection direction_of(const GateRequest& request, const GateSpan& span, const Polygons& perimeter, bool& unknown) {
  using Side = GateRequest::Side;
  if (request.side == Side::both) return GateDirection::both;
  if (request.side == Side::forward) return GateDirection::forward;
  if (request.side == Side::backward) return GateDirection::backward;
  const Vec2 middle = 0.5 * (span.a + span.b);
  const Vec2 left = perp(normalized(span.b - span.a));
  const auto inside = [&](Vec2 p) {
    return std::any_of(perimeter.begin(), perimeter.end(), [&](const Polygon& q) { return contains(q, p); });
  };
  bool right_in = false;
  unknown = true;
  for (const double reach : {0.5, 1.5, 3.0}) {  // a perimeter is rarely drawn exactly on the fence
    right_in = inside(middle - reach * left);
    if (right_in == inside(middle + reach * left)) continue;
    unknown = false;
    break;
  }
  return (request.side == Side::in) == right_in ? GateDirection::forward : GateDirection::backward;
}

/// Puts requests onto one set of barriers, in order of their ids.
class Placer {
 public:
  Placer(std::vector<Barrier>& barriers, double reach, const Polygons& perimeter, Faults* faults, ImportReport& report)
      : barriers_(barriers), reach_(reach), perimeter_(perimeter), faults_(faults), report_(report) {}
  std::vector<GateSpan> spans;

  void place(const GateRequest& request) {
    GateSpan span = request.span;
    std::optional<std::size_t> on;
    if (!request.free_standing) {
      on = nearest_barrier(request);
      if (!on) return;
      if (!cut(request, *on, span)) return;
    }
    bool unknown = false;
    span.direction = direction_of(request, span, perimeter_, unknown);
    if (unknown && !request.city) {
      fail(request, "E617", "direction \"in\" or \"out\" needs a perimeter with exactly one side of the gate inside",
           "");
      return;
    }
    spans.push_back(span);
    barrier_of_.push_back(on ? static_cast<std::ptrdiff_t>(*on) : -1);
  }

 private:
  void fail(const GateRequest& request, const char* code, const std::string& text, const std::string& value) {
    if (faults_ != nullptr && !request.city)
      faults_->add(request.label, std::string(code) + " " + text, value);
    else
      report_.add(request.city ? "O409" : code, request.city ? Severity::info : Severity::error, request.span.id,
                  request.span.a, text + "; left out.");
  }
  static double distance_of(const Barrier& barrier, const GateRequest& request) {
    const double a = foot_on(barrier.line, request.span.a).distance;
    return request.drawn_as_point ? a : std::max(a, foot_on(barrier.line, request.span.b).distance);
  }
  std::optional<std::size_t> nearest_barrier(const GateRequest& request) {
    std::optional<std::size_t> best;
    double best_distance = 1e300;
    for (int pass = request.city ? 1 : 0; pass < 2 && !best; ++pass)
      for (std::size_t i = 0; i < barriers_.size(); ++i) {
        const Barrier& barrier = barriers_[i];
        if (barrier.level != request.span.level || (pass == 0) != (barrier.kind == BarrierKind::event_fence)) continue;
        const double d = distance_of(barrier, request);
        if (d < best_distance) {
          best_distance = d;
          if (d <= reach_) best = i;
        }
      }
    if (!best)
      fail(request, "E611", fmt::format("gate is not on a fence; more than {} m away", reach_),
           best_distance < 1e299 ? fmt::format("{:.2f} m from the nearest", best_distance)
                                 : "there is no fence on its level");
    return best;
  }
  bool cut(const GateRequest& request, std::size_t row, GateSpan& span) {
    Line& line = barriers_[row].line;
    const Vec2 middle = 0.5 * (span.a + span.b);
    begin_far_from(line, middle);
    const Foot fa = foot_on(line, span.a);
    const Foot fb = foot_on(line, span.b);
    const auto found = chord(line, 0.5 * (fa.arc + fb.arc), span.width);
    if (!found) {
      fail(request, "E613", fmt::format("gate of {:.2f} m is wider than its fence is long", span.width),
           fmt::format("{:.2f} m", length_of(line)));
      return false;
    }
    for (std::size_t k = 0; k < spans.size(); ++k) {
      if (barrier_of_[k] != static_cast<std::ptrdiff_t>(row)) continue;
      const double p = foot_on(line, spans[k].a).arc;
      const double q = foot_on(line, spans[k].b).arc;
      if (std::min(found->second, std::max(p, q)) - std::max(found->first, std::min(p, q)) > 1e-6) {
        fail(request, "E614", "gate overlaps gate \"" + spans[k].id + "\"", "");
        return false;
      }
    }
    const Vec2 a = point_at(line, found->first);
    const Vec2 b = a + span.width * normalized(point_at(line, found->second) - a);
    line = with_span(line, found->first, found->second, a, b);
    const bool turned = !request.drawn_as_point && dot(span.b - span.a, b - a) < 0.0;
    span.a = turned ? b : a;
    span.b = turned ? a : b;
    return true;
  }
  std::vector<Barrier>& barriers_;
  double reach_;
  const Polygons& perimeter_;
  Faults* faults_;
  ImportReport& report_;
  std::vector<std::ptrdiff_t> barrier_of_;
};

}  // namespace

std::vector<GateSpan> place_gates(std::vector<Barrier>& barriers, const std::vector<GateRequest>& requests,
                                  double reach, const Polygons& perimeter, Faults* faults, ImportReport& report) {
  Placer placer(barriers, reach, perimeter, faults, report);
  for (const GateRequest& request : requests) placer.place(request);
  return std::move(placer.spans);
}

void snap_fence_ends(std::vector<Barrier>& fences, const std::vector<Barrier>& city, const std::vector<Obstacle>& solid,
                     ImportReport& report) {
  for (std::size_t i = 0; i < fences.size(); ++i) {
    if (closed(fences[i].line)) continue;
    for (const bool at_front : {true, false}) {
      const Vec2 end = at_front ? fences[i].line.front() : fences[i].line.back();
      Foot best;
      std::string what;
      const auto consider = [&](const Line& line, const std::string& id) {
        if (!grown(bounds_of_line(line), touch).contains(end)) return;
        const Foot foot = foot_on(line, end);
        if (foot.distance < best.distance) {
          best = foot;
          what = id;
        }
      };
      for (std::size_t k = 0; k < fences.size(); ++k)
        if (k != i && fences[k].level == fences[i].level) consider(fences[k].line, fences[k].source_id);
      for (const Barrier& b : city)
        if (b.level == fences[i].level) consider(b.line, b.source_id);
      for (const Obstacle& o : solid) {
        if (o.level != fences[i].level) continue;
        Line ring = o.shape.outer;
        ring.push_back(ring.front());
        consider(ring, o.source_id);
      }
      const Vec2 other = at_front ? fences[i].line.back() : fences[i].line.front();
      if (fences[i].line.size() > 2 && distance(end, other) < std::min(touch, best.distance)) {
        best = {distance(end, other), 0.0, other};
        what = "its own other end";
      }
      if (best.distance >= touch || best.distance < 1e-9) continue;
      if (at_front)
        fences[i].line.insert(fences[i].line.begin(), best.point);
      else
        fences[i].line.push_back(best.point);
      report.add("E610", Severity::warning, fences[i].source_id, end,
                 fmt::format("Fence ends {:.2f} m from {}; closed.", best.distance, what));
    }
  }
}

}  // namespace throng::gis::detail
