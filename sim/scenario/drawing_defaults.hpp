#pragma once
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/validate.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Times and limits found in an event drawing are defaults: they hold where the scenario says nothing.
namespace throng {

/// A gate opens or closes at a time of day.
struct ScheduleEntry {
  double clock = 0.0;  ///< [s since midnight]
  bool open = true;
};

/// `18:30 open, 22:00 closed`, or JSON such as [{"from": "18:30", "to": "22:00"}] or [{"at": "18:30", "state":
/// "open"}]; times may be ISO 8601, whose date and zone are not looked at. Ascending by time. Nothing when it cannot be
/// read.
std::optional<std::vector<ScheduleEntry>> parse_schedule(std::string_view);

/// Four rising densities [1/m²], such as `1.5, 2.5, 3.5, 5` or [1.5, 2.5, 3.5, 5]. Nothing when they cannot be read.
std::optional<std::array<double, 4>> parse_density_limits(std::string_view);

/// Is this property of a drawing one that apply_drawing_defaults() uses?
bool is_schedule(const DrawingDefault&);
bool is_limit(const DrawingDefault&);

/// Take over what the scenario leaves open: schedules of gates of which it changes nothing, limits of zones for which
/// it sets none by id or kind. Returns a line on each default, taken or overridden. `kinds`: of the zones of the site.
std::vector<std::string> apply_drawing_defaults(Scenario&, const std::vector<DrawingDefault>&, const SiteNames&,
                                                const std::vector<std::pair<std::string, ZoneKind>>& kinds);

}  // namespace throng
