#include "sim/scenario/detail/fault_list.hpp"

#include <algorithm>
#include <initializer_list>
#include <map>

namespace throng {
namespace {

using detail::FaultList;
using detail::item;

/// Densest start that is accepted: people touch (Fruin's static limit is 7.1 1/m²).
constexpr double max_initial_density = 6.0;

struct SiteCheck {
  const SiteNames& site;
  FaultList& faults;

  std::vector<std::string> ids(std::initializer_list<PlaceKind> kinds) const {
    std::vector<std::string> out;
    for (const auto& place : site.places)
      if (kinds.size() == 0 || std::find(kinds.begin(), kinds.end(), place.kind) != kinds.end())
        out.push_back(place.id);
    return out;
  }
  const SiteNames::PlaceName* find(const std::string& id) const {
    const auto found =
        std::find_if(site.places.begin(), site.places.end(), [&](const auto& place) { return place.id == id; });
    return found == site.places.end() ? nullptr : &*found;
  }
  /// The place when it exists and is of one of the kinds (none listed: any).
  const SiteNames::PlaceName* place(TextPosition at, const std::string& path, const std::string& id,
                                    std::initializer_list<PlaceKind> kinds, const std::string& thing) {
    const auto* found = find(id);
    if (found == nullptr) {
      faults.known(at, path, id, ids(kinds), thing + " of the site");
      return nullptr;
    }
    if (kinds.size() > 0 && std::find(kinds.begin(), kinds.end(), found->kind) == kinds.end()) {
      faults.add(at, path,
                 std::string("is a ") + to_string(found->kind) +
                     (thing == "exit" || thing == "audience" ? ", not an " : ", not a ") + thing,
                 id, detail::listed(ids(kinds), "the site has none"));
      return nullptr;
    }
    return found;
  }
};

void check_stage(const StageDemand& stage, const std::string& path, SiteCheck& check) {
  using K = PlaceKind;
  for (std::size_t i = 0; i < stage.places.size(); ++i) {
    const std::string p = item(path + ".places", i);
    const SiteNames::PlaceName* place = nullptr;
    switch (stage.kind) {
      case StageKind::exit:
        place = check.place(stage.at, p, stage.places[i], {K::exit}, "exit");
        break;
      case StageKind::queue:
        place = check.place(stage.at, p, stage.places[i], {K::server}, "server");
        break;
      case StageKind::visit:
        place = check.place(stage.at, p, stage.places[i], {K::audience, K::stay, K::zone}, "audience");
        break;
      case StageKind::stay:
        place = check.place(stage.at, p, stage.places[i], {K::stay, K::audience, K::zone, K::waypoint}, "stay area");
        break;
      case StageKind::waypoint:
        place = check.place(stage.at, p, stage.places[i], {}, "place");
        break;
    }
    const bool needs_area = stage.kind == StageKind::visit || stage.kind == StageKind::stay;
    if (place != nullptr && needs_area && !place->is_area)
      check.faults.add(stage.at, p, "is a line", stage.places[i], "an area to stand in");
  }
}

void check_sources(const Scenario& scenario, SiteCheck& check) {
  std::map<std::string, double> initial;  // people per place: several entries may share one
  for (std::size_t i = 0; i < scenario.sources.size(); ++i) {
    const SourceDemand& source = scenario.sources[i];
    const std::string path = item("source", i);
    const auto* place = check.place(source.at, path + ".place", source.place, {PlaceKind::source}, "source");
    if (place == nullptr || source.initial <= 0.0) continue;
    initial[source.place] += source.initial;
    if (!place->is_area)
      check.faults.add(source.at, path + ".initial_people", "need a source that is an area", source.place, "a polygon");
    else if (initial[source.place] > max_initial_density * place->area)
      check.faults.add(source.at, path + ".initial_people",
                       "do not fit into the " + detail::number(place->area) + " m² of this source",
                       initial[source.place],
                       "at most " + detail::number(std::floor(max_initial_density * place->area)) + " (6 per m²)");
  }
}

void check_changes(const Scenario& scenario, SiteCheck& check) {
  for (std::size_t i = 0; i < scenario.changes.size(); ++i) {
    const TimedChange& change = scenario.changes[i];
    if (change.kind == ChangeKind::source_factor) continue;
    const std::string path = item("change", i) + ".target";
    const auto* place = check.find(change.target);
    const bool is_area = place != nullptr && place->kind == PlaceKind::closure;
    const bool wants_area = change.kind == ChangeKind::area_close || change.kind == ChangeKind::area_open;
    if (!check.faults.known(change.at, path, change.target, check.site.doors,
                            wants_area ? "area that can be closed" : "gate of the site"))
      continue;
    if (wants_area != is_area)
      check.faults.add(change.at, path, is_area ? "is an area, not a gate" : "is a gate, not an area", change.target,
                       wants_area ? "gate_open or gate_close for gates" : "area_open or area_close for areas");
  }
}

}  // namespace

std::vector<Fault> validate(const Scenario& scenario, const SiteNames& site) {
  FaultList faults(scenario.file);
  SiteCheck check{site, faults};
  check_sources(scenario, check);
  for (std::size_t i = 0; i < scenario.journeys.size(); ++i)
    for (std::size_t k = 0; k < scenario.journeys[i].stages.size(); ++k)
      check_stage(scenario.journeys[i].stages[k], item(item("journey", i) + ".stage", k), check);
  check_changes(scenario, check);
  for (std::size_t i = 0; i < scenario.zones.size(); ++i)
    faults.known({}, item("output.zones", i), scenario.zones[i], site.zones, "zone of the site");
  for (std::size_t i = 0; i < scenario.thresholds.size(); ++i)
    if (const std::string& kind = scenario.thresholds[i].zone_kind; kind.starts_with("zone:"))
      faults.known(scenario.thresholds[i].at, item("threshold", i) + ".zone", kind.substr(5), site.zones,
                   "zone of the site");
  return faults.take();
}

}  // namespace throng
