#include "sim/scenario/drawing_defaults.hpp"

#include "sim/core/time.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace throng {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Words and times of a text, in order; everything between them is left out.
struct Token {
  std::string word;    ///< lower case; empty for a time
  double clock = 0.0;  ///< [s since midnight]
};

/// HH:MM or HH:MM:SS at `i`; moves `i` behind it.
std::optional<double> clock_at(std::string_view text, std::size_t& i) {
  std::size_t end = i;
  while (end < text.size() && (is_digit(text[end]) || text[end] == ':')) ++end;
  const std::string_view part = text.substr(i, end - i);
  i = end;
  if (part.find(':') == std::string_view::npos) return std::nullopt;
  const auto seconds = parse_duration(part);
  return seconds && *seconds <= 86400.0 ? seconds : std::nullopt;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> out;
  bool dated = false;  // the last time was that of a date: "+02:00" or "-05:00" behind it is its zone
  for (std::size_t i = 0; i < text.size();) {
    if (is_digit(text[i])) {
      const char before = i > 0 ? text[i - 1] : ' ';
      const bool zone = dated && (before == '+' || before == '-');
      const bool range = before == '-' && !out.empty() && out.back().word.empty();
      const auto clock = clock_at(text, i);
      if (!clock || zone) continue;
      if (range) out.push_back({"to", 0.0});
      out.push_back({"", *clock});
      dated = before == 'T';
    } else if (is_letter(text[i])) {
      std::string word;
      for (; i < text.size() && is_letter(text[i]); ++i) word += static_cast<char>(text[i] | 0x20);
      if (word != "t" && word != "z") out.push_back({word, 0.0});  // the T and Z of ISO 8601
    } else {
      ++i;
    }
  }
  return out;
}

std::optional<bool> state_of(const std::string& word) {
  if (word == "open" || word == "opens" || word == "opened") return true;
  if (word == "closed" || word == "close" || word == "closes") return false;
  return std::nullopt;
}

std::string text_of(const std::vector<ScheduleEntry>& schedule) {
  std::string out;
  for (const ScheduleEntry& entry : schedule)
    out += (out.empty() ? "" : ", ") + format_duration(entry.clock) + (entry.open ? " open" : " closed");
  return out;
}

/// Seconds after the start at which a time of day comes in the run; negative when it is over before.
double moment_of(const Scenario& scenario, double clock) {
  const double after = clock - scenario.start_of_day;
  return after < 0.0 && after + 86400.0 < scenario.duration ? after + 86400.0 : after;
}

void add_schedule(Scenario& scenario, const std::string& id, bool is_area, const std::vector<ScheduleEntry>& schedule) {
  const ScheduleEntry* before = nullptr;
  const auto add = [&](double time, bool open) {
    TimedChange change;
    change.time = time;
    change.kind = is_area ? (open ? ChangeKind::area_open : ChangeKind::area_close)
                          : (open ? ChangeKind::gate_open : ChangeKind::gate_close);
    change.target = id;
    scenario.changes.push_back(std::move(change));
  };
  for (const ScheduleEntry& entry : schedule)
    if (moment_of(scenario, entry.clock) < 0.0) before = &entry;
  if (before != nullptr) add(0.0, before->open);
  for (const ScheduleEntry& entry : schedule)
    if (const double time = moment_of(scenario, entry.clock); time >= 0.0 && time < scenario.duration)
      add(time, entry.open);
}

}  // namespace

std::optional<std::vector<ScheduleEntry>> parse_schedule(std::string_view text) {
  const std::vector<Token> tokens = tokens_of(text);
  std::vector<ScheduleEntry> out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].word.empty()) continue;
    std::optional<bool> open;
    for (std::size_t k = i + 1; k < tokens.size() && !tokens[k].word.empty() && !open; ++k)
      open = state_of(tokens[k].word);
    if (const bool ends = i > 0 && (tokens[i - 1].word == "to" || tokens[i - 1].word == "until"); ends)
      open = out.empty() ? false : !out.back().open;
    out.push_back({tokens[i].clock, open.value_or(true)});
  }
  if (out.empty()) return std::nullopt;
  std::stable_sort(out.begin(), out.end(),
                   [](const ScheduleEntry& a, const ScheduleEntry& b) { return a.clock < b.clock; });
  return out;
}

std::optional<std::array<double, 4>> parse_density_limits(std::string_view text) {
  std::vector<double> numbers;
  for (std::size_t i = 0; i < text.size();) {
    double value = 0.0;
    const auto [end, fault] = std::from_chars(text.data() + i, text.data() + text.size(), value);
    if (fault == std::errc{} && std::isfinite(value)) {
      numbers.push_back(value);
      i = static_cast<std::size_t>(end - text.data());
    } else if (is_letter(text[i])) {
      return std::nullopt;
    } else {
      ++i;
    }
  }
  if (numbers.size() != 4) return std::nullopt;
  std::array<double, 4> out{};
  for (std::size_t i = 0; i < 4; ++i) {
    out[i] = numbers[i];
    const double least = i == 0 ? limits::density_limit.low : out[i - 1] + 1e-12;
    if (out[i] < least || out[i] > limits::density_limit.high) return std::nullopt;
  }
  return out;
}

bool is_schedule(const DrawingDefault& one) { return one.key == "schedule"; }
bool is_limit(const DrawingDefault& one) { return one.key == "limits" || one.key == "thresholds"; }

std::vector<std::string> apply_drawing_defaults(Scenario& scenario, const std::vector<DrawingDefault>& defaults,
                                                const SiteNames& site,
                                                const std::vector<std::pair<std::string, ZoneKind>>& kinds) {
  std::vector<std::string> told;
  const std::vector<TimedChange> own = scenario.changes;
  const std::vector<ThresholdSet> own_limits = scenario.thresholds;
  for (const DrawingDefault& one : defaults) {
    const auto tell = [&](const std::string& what) {
      told.push_back(one.key + " of \"" + one.object_id + "\" " + what);
    };
    if (is_schedule(one)) {
      if (std::find(site.doors.begin(), site.doors.end(), one.object_id) == site.doors.end()) continue;
      const auto schedule = parse_schedule(one.value);
      const bool overridden = std::any_of(own.begin(), own.end(), [&](const TimedChange& c) {
        return c.target == one.object_id && c.kind != ChangeKind::gate_meter && c.kind != ChangeKind::source_factor;
      });
      if (overridden) {
        tell("in the drawing is overridden by the scenario's changes");
      } else if (schedule) {
        const bool is_area = std::any_of(site.places.begin(), site.places.end(), [&](const SiteNames::PlaceName& p) {
          return p.id == one.object_id && p.kind == PlaceKind::closure;
        });
        add_schedule(scenario, one.object_id, is_area, *schedule);
        tell("is taken from the drawing: " + text_of(*schedule));
      }
    } else if (is_limit(one)) {
      const auto zone =
          std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == one.object_id; });
      const auto values = parse_density_limits(one.value);
      if (zone == kinds.end() || !values) continue;
      const bool overridden = std::any_of(own_limits.begin(), own_limits.end(), [&](const ThresholdSet& t) {
        return t.zone_kind == "zone:" + one.object_id || t.zone_kind == to_string(zone->second);
      });
      if (overridden) {
        tell("in the drawing are overridden by the scenario");
      } else {
        ThresholdSet set = thresholds_for(scenario, one.object_id, zone->second);
        set.zone_kind = "zone:" + one.object_id;
        set.density = *values;
        set.citation = "event drawing";
        scenario.thresholds.push_back(std::move(set));
        tell("are taken from the drawing: " + one.value + " people/m²");
      }
    }
  }
  return told;
}

}  // namespace throng
