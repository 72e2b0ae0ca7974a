#include "sim/scenario/detail/fault_list.hpp"

#include <map>
#include <set>

namespace throng::detail {

std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string listed(const std::vector<std::string>& names, const std::string& otherwise) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < 12; ++i) out += (i > 0 ? ", " : "") + names[i];
  if (names.size() > 12) out += ", ... (" + std::to_string(names.size()) + " in all)";
  return out.empty() ? otherwise : out;
}

bool FaultList::known(TextPosition at, const std::string& path, const std::string& name,
                      const std::vector<std::string>& names, const std::string& thing) {
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  const std::string near = nearest_word(name, names);
  add(at, path, "is not a known " + thing + (near.empty() ? "" : "; did you mean \"" + near + "\"?"), name,
      listed(names, "none is defined"));
  return false;
}

namespace {

void check_duration(const StageDemand& stage, const std::string& path, double end, FaultList& faults) {
  using Law = Duration::Law;
  const Duration& d = stage.duration;
  const std::string p = path + ".duration";
  if (stage.kind == StageKind::waypoint || stage.kind == StageKind::exit) {
    if (d.law != Law::fixed || d.a != 0.0)
      faults.add(stage.at, p, std::string("is not used by a stage of kind ") + to_string(stage.kind), {},
                 "stay, visit or queue");
    return;
  }
  const Limits first = d.law == Law::until ? limits::moment : limits::stay;
  if (!faults.range(stage.at, p, d.a, first)) return;
  if (!faults.range(stage.at, p, d.b, d.law == Law::gamma || d.law == Law::weibull ? limits::law_shape : limits::stay))
    return;
  if (d.law == Law::uniform && d.b < d.a)
    faults.add(stage.at, p, "has high_s below low_s", d.b, "at least " + number(d.a));
  if (d.law == Law::until && d.a >= end)
    faults.add(stage.at, p, "lasts until after the end of the run", clock(d.a), "before " + clock(end));
  const bool needs_mean =
      d.law == Law::lognormal || d.law == Law::exponential || d.law == Law::gamma || d.law == Law::weibull;
  if ((needs_mean && d.a <= 0.0) || (stage.kind == StageKind::queue && d.law != Law::uniform && d.a <= 0.0))
    faults.add(stage.at, p, stage.kind == StageKind::queue ? "is zero: a server needs a service time" : "is zero", d.a,
               "above 0 s");
  if (stage.kind == StageKind::queue && d.law == Law::until)
    faults.add(stage.at, p, "cannot be \"until\" at a server", {}, "a law of service times");
}

void check_stage(const StageDemand& stage, const std::string& path, double end, FaultList& faults) {
  if (stage.id.empty()) faults.add(stage.at, path + ".id", "is empty");
  if (stage.places.empty()) faults.add(stage.at, path + ".place", "is missing", {}, "ids of places in the drawing");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < stage.places.size(); ++i) {
    const std::string p = item(path + ".places", i);
    if (stage.places[i].empty())
      faults.add(stage.at, p, "is empty");
    else if (!seen.insert(stage.places[i]).second)
      faults.add(stage.at, p, "is listed twice", stage.places[i]);
  }
  if (stage.place_choice == Choice::fixed && stage.places.size() > 1)
    faults.add(stage.at, path + ".choice", "is fixed with several places",
               std::to_string(stage.places.size()) + " places", "weighted or least_loaded");
  check_duration(stage, path, end, faults);
  const bool exit = stage.kind == StageKind::exit;
  faults.range(stage.at, path + ".capacity_per_min", stage.exit_capacity_per_min, limits::rate_per_min);
  if (!exit && stage.exit_capacity_per_min != 0.0)
    faults.add(stage.at, path + ".capacity_per_min", "belongs to exits only");
  if (!exit && !stage.departures.empty()) faults.add(stage.at, path + ".departures", "belong to exits only");
  for (std::size_t i = 0; i < stage.departures.size(); ++i) {
    const ArrivalPulse& d = stage.departures[i];
    const std::string p = item(path + ".departures", i);
    if (faults.range(stage.at, p + ".at", d.time, limits::moment) && d.time >= end)
      faults.add(stage.at, p + ".at", "is after the end of the run", clock(d.time), "before " + clock(end));
    faults.range(stage.at, p + ".people", d.people, limits::people);
    faults.range(stage.at, p + ".boarding_s", d.spread, limits::pulse_spread);
  }
}

void check_next(const StageDemand& stage, const std::vector<std::string>& ids, const std::string& path,
                FaultList& faults) {
  if (stage.kind == StageKind::exit) {
    if (!stage.next.empty())
      faults.add(stage.at, path + ".next", "follows an exit", stage.next.front().id, "none: people are gone");
    return;
  }
  if (stage.next.empty()) faults.add(stage.at, path + ".next", "is missing", {}, listed(ids, "a stage id"));
  if (stage.next_choice == Choice::fixed && stage.next.size() > 1)
    faults.add(stage.at, path + ".next_choice", "is fixed with several next stages",
               std::to_string(stage.next.size()) + " stages", "weighted or least_loaded");
  double sum = 0.0;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < stage.next.size(); ++i) {
    const Share& next = stage.next[i];
    faults.known(stage.at, item(path + ".next", i), next.id, ids, "stage of this journey");
    if (!seen.insert(next.id).second) faults.add(stage.at, item(path + ".next", i), "is listed twice", next.id);
    if (faults.range(stage.at, item(path + ".next", i) + ".weight", next.weight, limits::weight)) sum += next.weight;
  }
  if (!stage.next.empty() && !(sum > 0.0))
    faults.add(stage.at, path + ".next", "has weights that sum to zero", {}, "at least one above 0");
}

/// Rows reachable over edges, from the rows given.
std::set<std::size_t> reach(std::vector<std::size_t> from, const std::vector<std::vector<std::size_t>>& edges) {
  std::set<std::size_t> seen(from.begin(), from.end());
  while (!from.empty()) {
    const std::size_t i = from.back();
    from.pop_back();
    for (const std::size_t j : edges[i])
      if (seen.insert(j).second) from.push_back(j);
  }
  return seen;
}

/// Every stage can be reached from the first, and an exit from every stage.
void check_flow(const JourneyDemand& journey, const std::string& path, FaultList& faults) {
  std::map<std::string, std::size_t> row;
  for (std::size_t i = 0; i < journey.stages.size(); ++i) row.emplace(journey.stages[i].id, i);
  std::vector<std::vector<std::size_t>> forward(journey.stages.size()), backward(journey.stages.size());
  std::vector<std::size_t> exits;
  for (std::size_t i = 0; i < journey.stages.size(); ++i) {
    if (journey.stages[i].kind == StageKind::exit) exits.push_back(i);
    for (const Share& next : journey.stages[i].next)
      if (const auto to = row.find(next.id); to != row.end() && next.weight > 0.0) {
        forward[i].push_back(to->second);
        backward[to->second].push_back(i);
      }
  }
  if (exits.empty())
    return faults.add(journey.at, path, "has no exit: nobody would ever leave", journey.id,
                      "at least one stage of kind exit");
  const auto reached = reach({0}, forward), leaving = reach(exits, backward);
  for (std::size_t i = 0; i < journey.stages.size(); ++i) {
    const StageDemand& stage = journey.stages[i];
    if (!reached.contains(i))
      faults.add(stage.at, item(path + ".stage", i), "is never reached from the first stage", stage.id);
    else if (!leaving.contains(i) && !stage.next.empty())
      faults.add(stage.at, item(path + ".stage", i), "never leads to an exit", stage.id);
  }
}

}  // namespace

void check_journeys(const Scenario& scenario, FaultList& faults) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < scenario.journeys.size(); ++i) {
    const JourneyDemand& journey = scenario.journeys[i];
    const std::string path = item("journey", i);
    if (journey.id.empty()) faults.add(journey.at, path + ".id", "is empty");
    if (!seen.insert(journey.id).second)
      faults.add(journey.at, path + ".id", "is used twice", journey.id, "unique ids");
    if (journey.stages.empty()) {
      faults.add(journey.at, path + ".stage", "is missing", {}, "at least an exit");
      continue;
    }
    std::vector<std::string> ids;
    for (const StageDemand& stage : journey.stages) ids.push_back(stage.id);
    std::set<std::string> stage_ids;
    for (std::size_t k = 0; k < journey.stages.size(); ++k) {
      const std::string stage_path = item(path + ".stage", k);
      if (!stage_ids.insert(ids[k]).second)
        faults.add(journey.stages[k].at, stage_path + ".id", "is used twice in this journey", ids[k], "unique ids");
      check_stage(journey.stages[k], stage_path, scenario.duration, faults);
      check_next(journey.stages[k], ids, stage_path, faults);
    }
    check_flow(journey, path, faults);
  }
}

}  // namespace throng::detail
