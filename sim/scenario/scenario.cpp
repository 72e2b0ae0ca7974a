#include "sim/scenario/scenario.hpp"

#include "sim/scenario/activity.hpp"

#include <algorithm>
#include <limits>

namespace throng {

std::vector<ThresholdSet> default_thresholds() {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto set = [](const char* kind, std::array<double, 4> density, std::array<double, 4> flow,
                      const char* citation) {
    ThresholdSet out;
    out.zone_kind = kind;
    out.density = density;
    out.flow = flow;
    out.citation = citation;
    return out;
  };
  return {
      set("passage", {1.08, 2.17, 3.5, 4.0}, {49.0, 66.0, 82.0, none},
          "Fruin/HCM level of service D/E 1.08, E/F 2.17; contact 3.5 (Fruin); 4.0 moving (Event Safety Guide); flow "
          "49, 66 "
          "(HCM), 82 (Green Guide)"),
      set("standing", {2.5, 3.5, 4.7, 5.5}, {none, none, none, none},
          "2.5 Dutch permit practice; 3.5 contact (Fruin); 4.7 Green Guide / Event Safety Guide; 5.5 dangerous forces "
          "(Fruin)"),
      set("stairs", {1.08, 1.54, 2.70, none}, {33.0, 43.0, 56.0, 66.0},
          "Fruin stairs levels of service C/D, D/E, E/F; flow 66 Green Guide"),
      set("queue", {1.43, 3.33, 4.0, 5.0}, {none, none, none, none}, "HCM queue levels of service C/D, D/E; 5.0 E/F"),
      set("keep_clear", {0.1, 0.5, 1.0, none}, {none, none, none, none},
          "own working limits: a service lane should be empty"),
      set("site", {1.0, 2.0, 2.5, 3.0}, {none, none, none, none},
          "2.0-2.5 average on event ground, Dutch permit practice; others own working limits"),
  };
}

ThresholdSet thresholds_for(const Scenario& scenario, const std::string& zone_id, ZoneKind kind) {
  for (const ThresholdSet& set : scenario.thresholds)
    if (set.zone_kind == "zone:" + zone_id) return set;
  for (const ThresholdSet& set : scenario.thresholds)
    if (set.zone_kind == to_string(kind)) return set;
  for (const ThresholdSet& set : default_thresholds())
    if (set.zone_kind == to_string(kind)) return set;
  return {};
}

double most_person_seconds(const Scenario& scenario, double end) {
  double sum = 0.0;
  for (const SourceDemand& source : scenario.sources) {
    sum += source.initial * end;
    for (const ArrivalPulse& pulse : source.pulses) sum += pulse.people * std::max(0.0, end - pulse.time);
    for (const RatePiece& piece : source.rates) {
      const double length = std::min(piece.to, end) - piece.from;
      if (length > 0.0) sum += piece.rate * length * (end - piece.from - 0.5 * length);
    }
  }
  return sum;
}

const char* to_string(StageKind value) {
  constexpr const char* names[] = {"waypoint", "stay", "visit", "queue", "exit"};
  return names[static_cast<std::size_t>(value)];
}
const char* to_string(Choice value) {
  constexpr const char* names[] = {"fixed", "weighted", "least_loaded"};
  return names[static_cast<std::size_t>(value)];
}
const char* to_string(ChangeKind value) {
  constexpr const char* names[] = {"gate_open",  "gate_close", "gate_meter",   "gate_direction",
                                   "area_close", "area_open",  "source_factor"};
  return names[static_cast<std::size_t>(value)];
}
const char* to_string(Activity value) {
  constexpr const char* names[] = {"walking", "standing", "queueing", "waiting_at_gate", "reacting"};
  return names[static_cast<std::size_t>(value)];
}
const char* to_string(AlertLevel value) {
  constexpr const char* names[] = {"normal", "yellow", "orange", "red", "critical", "unknown"};
  return names[static_cast<std::size_t>(value)];
}

}  // namespace throng
