#include "sim/agents/demand.hpp"

#include "sim/core/error.hpp"
#include "sim/core/time.hpp"

#include <algorithm>
#include <map>

namespace throng {
namespace {

/// Resolves names; every name that does not fit becomes a fault.
class Resolver {
 public:
  Resolver(const Scenario& scenario, const World& world) : scenario_(scenario), world_(world) {}

  Demand resolve() {
    Demand demand;
    demand.start_of_day = scenario_.start_of_day;
    demand.duration = scenario_.duration;
    demand.population = scenario_.population;
    if (demand.population.empty()) demand.population.emplace_back();
    name_stages();
    for (std::size_t j = 0; j < scenario_.journeys.size(); ++j) add_journey(demand, j);
    for (const SourceDemand& source : scenario_.sources) add_source(demand, source);
    for (const TimedChange& change : scenario_.changes) add_change(demand, change);
    std::stable_sort(demand.changes.begin(), demand.changes.end(),
                     [](const Demand::Change& a, const Demand::Change& b) { return a.tick < b.tick; });
    if (!faults_.empty()) throw InputError(std::move(faults_));
    return demand;
  }

 private:
  void fault(const TextPosition& at, std::string where, std::string what, std::string value,
             const std::vector<std::string>& known) {
    const std::string near = nearest_word(value, known);
    faults_.push_back({scenario_.file + ": " + std::move(where), std::move(what), std::move(value),
                       near.empty() ? std::string() : "did you mean " + near + "?", at.line, at.column});
  }

  static std::string stage_name(const std::string& journey, const std::string& stage) { return journey + "/" + stage; }

  /// Stage ids in order of journeys and stages.
  void name_stages() {
    int n = 0;
    for (const JourneyDemand& journey : scenario_.journeys)
      for (const StageDemand& stage : journey.stages) stages_.emplace(stage_name(journey.id, stage.id), StageId{n++});
  }

  std::vector<std::string> place_names() const {
    std::vector<std::string> names;
    for (const Place& place : world_.places()) names.push_back(place.shape.id);
    return names;
  }

  void add_journey(Demand& demand, std::size_t j) {
    const JourneyDemand& journey = scenario_.journeys[j];
    demand.journeys.push_back(journey.id);
    for (const StageDemand& stage : journey.stages) {
      Demand::Stage out{.name = stage_name(journey.id, stage.id),
                        .kind = stage.kind,
                        .places = {},
                        .place_choice = stage.place_choice,
                        .duration = stage.duration,
                        .exit_capacity_per_min = stage.exit_capacity_per_min,
                        .departures = stage.departures,
                        .next_choice = stage.next_choice,
                        .next = {},
                        .journey = static_cast<int>(j)};
      for (const std::string& name : stage.places) add_stage_place(out, stage, name);
      if (out.places.empty() && stage.places.empty()) fault(stage.at, out.name, "a stage needs a place", "", {});
      for (const Share& next : stage.next) add_next(out, journey, stage, next);
      if (stage.kind != StageKind::exit && stage.next.empty())
        fault(stage.at, out.name, "a stage that is no exit needs a next stage", "", {});
      demand.stages.push_back(std::move(out));
    }
  }

  void add_stage_place(Demand::Stage& out, const StageDemand& stage, const std::string& name) {
    const auto place = world_.find_place(name);
    if (!place) return fault(stage.at, out.name, "unknown place", name, place_names());
    if (world_.places()[index(*place)].faces.empty())
      return fault(stage.at, out.name, "place has no walkable ground", name, {});
    out.places.push_back(*place);
  }

  void add_next(Demand::Stage& out, const JourneyDemand& journey, const StageDemand& stage, const Share& next) {
    const auto found = stages_.find(stage_name(journey.id, next.id));
    if (found != stages_.end()) {
      out.next.push_back({found->second, next.weight});
      return;
    }
    std::vector<std::string> names;
    for (const StageDemand& other : journey.stages) names.push_back(other.id);
    fault(stage.at, out.name + ".next", "unknown stage of this journey", next.id, names);
  }

  void add_source(Demand& demand, const SourceDemand& source) {
    const std::string id = source.id.empty() ? source.place : source.id;
    Demand::Source out{.id = id,
                       .place = PlaceId::none,
                       .rates = source.rates,
                       .pulses = source.pulses,
                       .initial = source.initial,
                       .premovement = source.premovement_s,
                       .poisson = source.poisson,
                       .journeys = {},
                       .population = {}};
    if (const auto place = world_.find_place(source.place); !place)
      fault(source.at, "source " + id, "unknown place", source.place, place_names());
    else if (world_.places()[index(*place)].faces.empty())
      fault(source.at, "source " + id, "place has no walkable ground", source.place, {});
    else
      out.place = *place;
    for (const Share& share : source.journeys) add_source_journey(out, source, share);
    if (source.journeys.empty()) fault(source.at, "source " + id, "a source needs a journey", "", {});
    add_population(out, source, demand);
    demand.sources.push_back(std::move(out));
  }

  void add_source_journey(Demand::Source& out, const SourceDemand& source, const Share& share) {
    std::vector<std::string> names;
    for (const JourneyDemand& journey : scenario_.journeys) {
      names.push_back(journey.id);
      if (journey.id != share.id || journey.stages.empty()) continue;
      out.journeys.push_back({stages_.at(stage_name(journey.id, journey.stages.front().id)), share.weight});
      return;
    }
    fault(source.at, "source " + out.id + ".journeys", "unknown journey", share.id, names);
  }

  void add_population(Demand::Source& out, const SourceDemand& source, const Demand& demand) {
    out.population.assign(demand.population.size(), 0.0);
    if (source.population.empty())
      for (std::size_t k = 0; k < demand.population.size(); ++k) out.population[k] = demand.population[k].share;
    for (const Share& share : source.population) {
      const auto found = std::find_if(demand.population.begin(), demand.population.end(),
                                      [&](const PopulationClass& c) { return c.id == share.id; });
      std::vector<std::string> names;
      for (const PopulationClass& c : demand.population) names.push_back(c.id);
      if (found == demand.population.end())
        fault(source.at, "source " + out.id + ".population", "unknown class", share.id, names);
      else
        out.population[static_cast<std::size_t>(found - demand.population.begin())] = share.weight;
    }
  }

  /// Door of a gate id, or of a closure area.
  int door_of(const std::string& name) const {
    for (std::size_t d = 0; d < world_.doors().size(); ++d) {
      const Door& door = world_.doors()[d];
      const bool area = door.area != PlaceId::none && world_.places()[index(door.area)].shape.id == name;
      if (door.id == name || area) return static_cast<int>(d);
    }
    return -1;
  }

  void add_change(Demand& demand, const TimedChange& change) {
    const TimeAxis time(scenario_.time_step, scenario_.start_of_day);
    Demand::Change out{.tick = time.tick_at(change.time),
                       .kind = change.kind,
                       .target = -1,
                       .value = change.value,
                       .direction = change.direction,
                       .text = to_string(change.kind) + std::string(" ") + change.target};
    std::vector<std::string> names;
    if (change.kind == ChangeKind::source_factor) {
      for (std::size_t s = 0; s < demand.sources.size(); ++s) {
        names.push_back(demand.sources[s].id);
        const bool same = demand.sources[s].id == change.target ||
                          (demand.sources[s].place != PlaceId::none &&
                           world_.places()[index(demand.sources[s].place)].shape.id == change.target);
        if (!same) continue;
        if (out.target >= 0) demand.changes.push_back(out);  // several entries of one place
        out.target = static_cast<int>(s);
      }
    } else {
      for (const Door& door : world_.doors()) names.push_back(door.id);
      out.target = door_of(change.target);
    }
    if (out.target < 0) return fault(change.at, "change", "unknown gate, area or source", change.target, names);
    demand.changes.push_back(std::move(out));
  }

  const Scenario& scenario_;
  const World& world_;
  std::map<std::string, StageId> stages_;
  std::vector<Fault> faults_;
};

}  // namespace

Demand build_demand(const Scenario& scenario, const World& world) { return Resolver(scenario, world).resolve(); }

}  // namespace throng
