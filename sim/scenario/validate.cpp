#include "sim/scenario/validate.hpp"

#include "sim/scenario/detail/fault_list.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

namespace throng {
namespace {

using detail::FaultList;
using detail::item;

void check_general(const Scenario& s, FaultList& faults) {
  const TextPosition none;
  if (s.name.empty()) faults.add(none, "scenario.name", "is empty");
  if (s.site.empty()) faults.add(none, "scenario.site", "is empty", {}, "path of a site file");
  faults.range(none, "scenario.start", s.start_of_day, limits::clock);
  faults.range(none, "scenario.duration", s.duration, limits::duration);
  faults.range(none, "scenario.time_step_s", s.time_step, limits::time_step);
  faults.range(none, "scenario.licensed_capacity", s.licensed_capacity, limits::people);
  for (const char c : s.site_hash)
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      faults.add(none, "scenario.site_hash", "is not a hash", s.site_hash, "lower-case hexadecimal digits");
      break;
    }
}

void check_routing(const RoutingOptions& r, FaultList& faults) {
  const TextPosition none;
  faults.range(none, "routing.reroute_interval_s", r.reroute_interval, limits::reroute_interval);
  if (r.reroute_interval > 0.0 && r.reroute_interval < 1.0)
    faults.add(none, "routing.reroute_interval_s", "is out of range", r.reroute_interval, "0 (never), or 1 to 3600");
  faults.range(none, "routing.reroute_share", r.reroute_share, limits::share);
  faults.range(none, "routing.update_delay_s", r.update_delay, limits::update_delay);
  faults.range(none, "routing.congestion_weight", r.congestion_weight, limits::congestion_weight);
  faults.range(none, "routing.smoothing_s", r.smoothing, limits::smoothing);
  faults.range(none, "routing.clearance_m", r.clearance, limits::clearance);
  faults.range(none, "routing.body_radius_m", r.body_radius, limits::body_radius);
}

bool is_multiple(double of, double step) {
  const double n = of / step;
  return n > 0.5 && std::fabs(n - std::floor(n + 0.5)) < 1e-6 * std::max(1.0, n);
}

void check_interval(const char* path, double value, double step, const char* step_name, FaultList& faults) {
  if (!faults.range({}, path, value, limits::interval) || !(step > 0.0)) return;
  if (!is_multiple(value, step))
    faults.add({}, path, std::string("is not a whole multiple of ") + step_name, value,
               "a multiple of " + detail::number(step) + " s");
}

void check_output(const Scenario& s, FaultList& faults) {
  const OutputOptions& o = s.output;
  check_interval("output.frame_interval_s", o.frame_interval, s.time_step, "the time step", faults);
  check_interval("output.grid_interval_s", o.grid_interval, s.time_step, "the time step", faults);
  check_interval("output.measure_interval_s", o.measure_interval, s.time_step, "the time step", faults);
  check_interval("output.report_interval_s", o.report_interval, o.measure_interval, "measure_interval_s", faults);
  faults.range({}, "output.grid_cell_m", o.grid_cell, limits::grid_cell);
  for (std::size_t i = 0; i < o.region.size(); ++i)
    if (!is_finite(o.region[i])) faults.add({}, item("output.region", i), "is not finite");
  if (!o.region.empty() && (o.region.size() < 3 || std::fabs(area(o.region)) < 1e-6))
    faults.add({}, "output.region", "encloses no area", std::to_string(o.region.size()) + " points",
               "a polygon of at least 3 points");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < s.zones.size(); ++i)
    if (!seen.insert(s.zones[i]).second) faults.add({}, item("output.zones", i), "is listed twice", s.zones[i]);
}

void check_model(const ModelChoice& model, FaultList& faults) {
  if (model.name.empty()) faults.add(model.at, "model.name", "is empty");
  for (const auto& [name, value] : model.parameters)
    if (!std::isfinite(value)) faults.add(model.at, "model.parameters." + name, "is not finite");
}

void check_population(const Scenario& s, FaultList& faults) {
  double shares = 0.0;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < s.population.size(); ++i) {
    const PopulationClass& c = s.population[i];
    const std::string path = item("population", i);
    if (c.id.empty()) faults.add(c.at, path + ".id", "is empty");
    if (!seen.insert(c.id).second) faults.add(c.at, path + ".id", "is used twice", c.id, "unique ids");
    if (faults.range(c.at, path + ".share", c.share, limits::weight)) shares += c.share;
    const bool mean = faults.range(c.at, path + ".speed_mean_m_per_s", c.speed_mean, limits::speed);
    const bool low = faults.range(c.at, path + ".speed_min_m_per_s", c.speed_min, limits::speed);
    const bool high = faults.range(c.at, path + ".speed_max_m_per_s", c.speed_max, limits::speed);
    faults.range(c.at, path + ".speed_sd_m_per_s", c.speed_sd, limits::speed_sd);
    if (low && high && c.speed_min > c.speed_max)
      faults.add(c.at, path + ".speed_min_m_per_s", "is above speed_max_m_per_s", c.speed_min,
                 "at most " + detail::number(c.speed_max));
    else if (mean && low && high && c.age_table.empty() && (c.speed_mean < c.speed_min || c.speed_mean > c.speed_max))
      faults.add(c.at, path + ".speed_mean_m_per_s", "lies outside of speed_min_m_per_s to speed_max_m_per_s",
                 c.speed_mean, detail::number(c.speed_min) + " to " + detail::number(c.speed_max));
    if (!c.age_table.empty() && c.age_table != "rimea")
      faults.add(c.at, path + ".age_table", "is not known", c.age_table, "\"\" or \"rimea\"");
    const bool young = faults.range(c.at, path + ".age_min_years", c.age_min, limits::age);
    const bool old = faults.range(c.at, path + ".age_max_years", c.age_max, limits::age);
    if (young && old && c.age_min > c.age_max)
      faults.add(c.at, path + ".age_min_years", "is above age_max_years", c.age_min,
                 "at most " + detail::number(c.age_max));
    faults.range(c.at, path + ".radius_m", c.radius, limits::body_radius);
    faults.range(c.at, path + ".stairs_factor", c.stairs_factor, limits::stairs_factor);
  }
  if (!s.population.empty() && !(shares > 0.0))
    faults.add(s.population.front().at, "population[0].share", "and all others sum to zero", {},
               "at least one above 0");
}

std::vector<std::string> ids_of(const std::vector<PopulationClass>& list) {
  std::vector<std::string> out;
  for (const PopulationClass& c : list) out.push_back(c.id);
  if (out.empty()) out.push_back(PopulationClass{}.id);
  return out;
}
std::vector<std::string> ids_of(const std::vector<JourneyDemand>& list) {
  std::vector<std::string> out;
  for (const JourneyDemand& j : list) out.push_back(j.id);
  return out;
}

void check_pulses(const std::vector<ArrivalPulse>& pulses, TextPosition at, const std::string& path, double end,
                  FaultList& faults) {
  for (std::size_t i = 0; i < pulses.size(); ++i) {
    const std::string p = item(path, i);
    if (faults.range(at, p + ".at", pulses[i].time, limits::moment) && pulses[i].time >= end)
      faults.add(at, p + ".at", "is after the end of the run", detail::clock(pulses[i].time),
                 "before " + detail::clock(end));
    faults.range(at, p + ".people", pulses[i].people, limits::people);
    faults.range(at, p + ".spread_s", pulses[i].spread, limits::pulse_spread);
  }
}

/// Arrivals expected in all. Only rates that begin inside the run count as sound.
double check_rates(const SourceDemand& s, const std::string& path, double end, FaultList& faults) {
  double people = 0.0;
  bool told = false;
  for (std::size_t i = 0; i < s.rates.size(); ++i) {
    const RatePiece& r = s.rates[i];
    const std::string p = item(path + ".rates", i);
    const bool from = faults.range(s.at, p + ".from", r.from, limits::moment);
    const bool to = faults.range(s.at, p + ".to", r.to, limits::moment);
    const bool rate = faults.range(s.at, p + ".people_per_min", r.rate * 60.0, limits::rate_per_min);
    if (!from || !to || !rate) continue;
    if (r.to <= r.from)
      faults.add(s.at, p + ".to", "is not after from", detail::clock(r.to), "after " + detail::clock(r.from));
    else
      people += r.rate * (r.to - r.from);
    if (r.from >= end && !std::exchange(told, true))
      faults.add(s.at, p + ".from", "is after the end of the run", detail::clock(r.from),
                 "before " + detail::clock(end));
  }
  return people;
}

void check_shares(const std::vector<Share>& shares, const std::vector<std::string>& known, const char* thing,
                  TextPosition at, const std::string& path, FaultList& faults) {
  double sum = 0.0;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::string p = item(path, i);
    faults.known(at, p, shares[i].id, known, thing);
    if (!seen.insert(shares[i].id).second) faults.add(at, p, "is listed twice", shares[i].id);
    if (faults.range(at, p + ".weight", shares[i].weight, limits::weight)) sum += shares[i].weight;
  }
  if (!shares.empty() && !(sum > 0.0)) faults.add(at, path, "has weights that sum to zero", {}, "at least one above 0");
}

void check_sources(const Scenario& s, FaultList& faults) {
  const auto journeys = ids_of(s.journeys);
  const auto classes = ids_of(s.population);
  std::set<std::string> seen;
  double people = 0.0;
  for (std::size_t i = 0; i < s.sources.size(); ++i) {
    const SourceDemand& source = s.sources[i];
    const std::string path = item("source", i);
    const std::string& id = source.id.empty() ? source.place : source.id;
    if (source.place.empty())
      faults.add(source.at, path + ".place", "is empty", {}, "id of a source in the drawing");
    else if (!seen.insert(id).second)
      faults.add(source.at, path + ".id", "is used twice", id, "unique ids");
    people += check_rates(source, path, s.duration, faults);
    check_pulses(source.pulses, source.at, path + ".pulses", s.duration, faults);
    for (const ArrivalPulse& pulse : source.pulses) people += pulse.people;
    if (faults.range(source.at, path + ".initial_people", source.initial, limits::people)) people += source.initial;
    faults.range(source.at, path + ".premovement_s", source.premovement_s, limits::premovement);
    if (source.journeys.empty())
      faults.add(source.at, path + ".journeys", "is missing", {}, detail::listed(journeys, "a [[journey]]"));
    check_shares(source.journeys, journeys, "journey", source.at, path + ".journeys", faults);
    check_shares(source.population, classes, "population class", source.at, path + ".population", faults);
  }
  if (people > limits::people.high)
    faults.add({}, "source", "entries bring too many people in all", people, "at most 10 million");
}

void check_changes(const Scenario& s, FaultList& faults) {
  std::vector<std::string> sources;
  for (const SourceDemand& source : s.sources) sources.push_back(source.id.empty() ? source.place : source.id);
  for (std::size_t i = 0; i < s.changes.size(); ++i) {
    const TimedChange& c = s.changes[i];
    const std::string path = item("change", i);
    if (faults.range(c.at, path + ".at", c.time, limits::moment) && c.time >= s.duration)
      faults.add(c.at, path + ".at", "is after the end of the run", detail::clock(c.time),
                 "before " + detail::clock(s.duration));
    if (c.target.empty()) faults.add(c.at, path + ".target", "is empty");
    if (c.kind == ChangeKind::source_factor) {
      faults.range(c.at, path + ".value", c.value, limits::factor);
      if (!c.target.empty()) faults.known(c.at, path + ".target", c.target, sources, "source");
    } else {
      faults.range(c.at, path + ".value", c.value, limits::rate_per_min);
    }
  }
}

void check_rising(const std::array<double, 4>& values, TextPosition at, const std::string& path, Limits range,
                  FaultList& faults) {
  double before = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    if (std::isnan(values[i]) || !faults.range(at, item(path, i), values[i], range)) continue;
    if (values[i] <= before)
      faults.add(at, item(path, i), "is not above the limit before it", values[i], "rising limits");
    before = values[i];
  }
}

void check_thresholds(const Scenario& s, FaultList& faults) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < s.thresholds.size(); ++i) {
    const ThresholdSet& t = s.thresholds[i];
    const std::string path = item("threshold", i);
    const bool one_zone = t.zone_kind.starts_with("zone:");
    if (one_zone ? t.zone_kind.size() == 5 : !zone_kind_from(t.zone_kind))
      faults.add(t.at, path + (one_zone ? ".zone" : ".zone_kind"), "is not known", t.zone_kind,
                 "passage, standing, queue, stairs, keep_clear, site, or a zone id");
    if (!seen.insert(t.zone_kind).second)
      faults.add(t.at, path, "limits the same zones as an entry before it", t.zone_kind);
    check_rising(t.density, t.at, path + ".density_per_m2", limits::density_limit, faults);
    check_rising(t.flow, t.at, path + ".flow_per_m_min", limits::flow_limit, faults);
  }
}

}  // namespace

std::vector<Fault> validate(const Scenario& scenario) {
  FaultList faults(scenario.file);
  check_general(scenario, faults);
  check_model(scenario.model, faults);
  check_routing(scenario.routing, faults);
  check_output(scenario, faults);
  check_population(scenario, faults);
  check_sources(scenario, faults);
  detail::check_journeys(scenario, faults);
  check_changes(scenario, faults);
  check_thresholds(scenario, faults);
  return faults.take();
}

std::vector<Fault> validate(const ModelChoice& choice, const KnownModels& known, const std::string& file) {
  FaultList faults(file);
  if (known.models.empty()) return {};
  std::vector<std::string> names;
  const KnownModels::Model* model = nullptr;
  for (const KnownModels::Model& candidate : known.models) {
    names.push_back(candidate.name);
    if (candidate.name == choice.name) model = &candidate;
  }
  faults.known(choice.at, "model.name", choice.name, names, "model");
  if (model == nullptr) return faults.take();
  if (!model->profiles.empty())
    faults.known(choice.at, "model.profile", choice.profile, model->profiles, "calibration profile");
  std::vector<std::string> parameters;
  for (const auto& parameter : model->parameters) parameters.push_back(parameter.name);
  for (const auto& [name, value] : choice.parameters) {
    const std::string path = "model.parameters." + name;
    faults.known(choice.at, path, name, parameters, "parameter of " + model->name);
    for (const auto& parameter : model->parameters)
      if (parameter.name == name) faults.range(choice.at, path, value, {parameter.low, parameter.high});
  }
  return faults.take();
}

}  // namespace throng
