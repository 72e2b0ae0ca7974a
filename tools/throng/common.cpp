#include "tools/throng/common.hpp"

#include "sim/core/error.hpp"
#include "sim/core/time.hpp"
#include "sim/scenario/drawing_defaults.hpp"
#include "sim/world/reach.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <map>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace throng::cli {
namespace fs = std::filesystem;

namespace {
SiteNames names_of(const World& world) {
  SiteNames names;
  for (const Place& place : world.places())
    names.places.push_back({place.shape.id, place.shape.kind, place.shape.line.empty(), place.area});
  for (const Door& door : world.doors()) names.doors.push_back(door.id);
  for (const MeasurementZone& zone : world.zones()) names.zones.push_back(zone.id);
  for (const MeasurementLine& line : world.lines()) names.lines.push_back(line.id);
  return names;
}

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

void throw_if_any(std::vector<Fault> faults) {
  if (!faults.empty()) throw InputError(std::move(faults));
}
}  // namespace

namespace {
std::vector<std::string> take_drawing_defaults(Scenario& scenario, const World& world) {
  std::vector<std::pair<std::string, ZoneKind>> kinds;
  for (const MeasurementZone& zone : world.zones()) kinds.emplace_back(zone.id, zone.kind);
  return apply_drawing_defaults(scenario, world.data().defaults, names_of(world), kinds);
}

/// Where the scenario sends people, by place: the key path of the first stage that does.
std::map<std::string, std::string> goals_of(const Scenario& scenario) {
  std::map<std::string, std::string> out;
  for (std::size_t j = 0; j < scenario.journeys.size(); ++j)
    for (std::size_t k = 0; k < scenario.journeys[j].stages.size(); ++k) {
      const auto& places = scenario.journeys[j].stages[k].places;
      for (std::size_t p = 0; p < places.size(); ++p)
        out.emplace(places[p], "journey[" + std::to_string(j) + "].stage[" + std::to_string(k) + "].places[" +
                                   std::to_string(p) + "]");
    }
  return out;
}

/// Places out of reach when the run begins: those that open later are told with the time, those that never do and to
/// which the scenario sends people are faults.
void check_reach(const Scenario& scenario, const World& world, std::vector<std::string>& told) {
  std::vector<const Place*> sources;
  for (const SourceDemand& source : scenario.sources)
    if (const auto place = world.find_place(source.place)) sources.push_back(&world.places()[index(*place)]);
  if (sources.empty()) return;
  const std::vector<DoorChange> changes = door_changes(world, scenario.changes);
  std::vector<DoorState> doors = world.initial_doors();
  std::size_t n_first = 0;  // changes at 0 are the state that the run begins with
  for (; n_first < changes.size() && changes[n_first].time <= 0.0; ++n_first)
    doors[changes[n_first].door] = changes[n_first].state;
  const std::map<std::string, std::string> goals = goals_of(scenario);
  const TimeAxis clock(scenario.time_step, scenario.start_of_day);
  std::vector<Fault> faults;
  for (const ClosedPlace& closed : closed_at_first(world, sources, doors, std::span(changes).subspan(n_first))) {
    const PlaceShape& shape = world.places()[index(closed.place)].shape;
    const auto goal = goals.find(shape.id);
    const std::string what =
        std::string(to_string(shape.kind)) + " \"" + shape.id + "\" cannot be reached from any source";
    if (closed.opens)
      told.push_back("warning: " + what + " at the start; a way opens after " + format_duration(*closed.opens) +
                     ", at " + clock.clock(clock.tick_at(*closed.opens)));
    else if (goal != goals.end())
      faults.push_back({scenario.file, goal->second + " cannot be reached from any source at any time of the run",
                        shape.id, "a change that opens a gate on the way, or another place"});
    else if (shape.kind == PlaceKind::exit)
      told.push_back("warning: " + what + " at any time of the run; the scenario does not use it");
  }
  throw_if_any(io::locate(scenario, std::move(faults)));
}
}  // namespace

Scenario read_checked_scenario(const fs::path& file, std::shared_ptr<const World>* world, std::string* site_hash,
                               std::string* site_report) {
  Scenario scenario = io::read_scenario(file);
  throw_if_any(io::locate(scenario, validate(scenario.model, known_models(), scenario.file)));
  const fs::path site = io::site_path(scenario);
  std::string hash;
  std::string report;
  auto compiled = std::make_shared<const World>(io::read_world(site, &hash, &report), site.string());
  if (!scenario.site_hash.empty() && scenario.site_hash != hash)
    throw InputError(io::locate(
        scenario,
        {{file.string(),
          "scenario.site_hash is not the one of " + site.string() + ": made for another site, or an older one",
          scenario.site_hash, hash + " once the scenario fits this site, or remove site_hash"}}));
  throw_if_any(io::locate(scenario, validate(scenario, names_of(*compiled))));
  std::vector<std::string> told = take_drawing_defaults(scenario, *compiled);
  for (std::string& line : told) line.insert(0, "note: ");
  check_reach(scenario, *compiled, told);
  for (const std::string& line : told) std::fprintf(stderr, "%s\n", line.c_str());
  if (world != nullptr) *world = compiled;
  if (site_hash != nullptr) *site_hash = hash;
  if (site_report != nullptr) *site_report = report;
  return scenario;
}

Prepared prepare(const fs::path& scenario_file, Isa isa) {
  Prepared out;
  out.scenario = read_checked_scenario(scenario_file, &out.world, &out.site_hash, &out.site_report);
  const RoutingOptions& routing = out.scenario.routing;
  auto navigation = std::make_shared<const Navigation>(
      out.world, NavigationOptions{.body_radius = routing.body_radius, .clearance = routing.clearance});
  StepOptions options;
  options.dt = out.scenario.time_step;
  options.routing = routing;
  options.isa = isa;
  out.simulation = std::make_shared<const Simulation>(out.world, navigation, build_demand(out.scenario, *out.world),
                                                      make_model(out.scenario.model), options);
  return out;
}

void check_writable(const fs::path& file) {
  std::error_code error;
  if (file.empty()) throw InputError({"output", "the result path is empty", "", "a file name"});
  const fs::path folder = folder_of(file);
  if (!fs::is_directory(folder, error))
    throw InputError(
        {file.string(), "the folder for the result does not exist", folder.string(), "an existing folder"});
  if (fs::is_directory(file, error))
    throw InputError({file.string(), "the result path is a folder", "", "a file name"});
  if (fs::exists(file, error) && !fs::is_regular_file(file, error))
    throw InputError({file.string(), "the result path is not a regular file", "", "a file name"});
  if (fs::exists(file, error) && access(file.c_str(), W_OK) != 0)
    throw InputError({file.string(), "the result path cannot be written", std::strerror(errno), "a writable file"});
  // Only creating a file tells: rights, read-only mounts and special file systems all have a say.
  const std::string probe = file.string() + ".probe" + std::to_string(getpid());
  const int descriptor = open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const int code = errno;
  if (descriptor >= 0) {
    close(descriptor);
    unlink(probe.c_str());
    return;
  }
  if (code == ENOSPC || code == EDQUOT || code == EIO || code == EMFILE || code == ENFILE)
    throw IoError(file.string() + ": cannot be written: " + std::strerror(code));
  throw InputError({file.string(), "the result path cannot be written", std::strerror(code), "a writable folder"});
}

void check_outputs(const std::vector<fs::path>& outputs, const std::vector<fs::path>& inputs) {
  std::error_code error;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].empty()) continue;
    check_writable(outputs[i]);
    for (const fs::path& input : inputs)
      if (fs::equivalent(outputs[i], input, error))
        throw InputError({outputs[i].string(), "the result would overwrite an input", input.string(), "another name"});
    for (std::size_t k = 0; k < i; ++k)
      if (fs::weakly_canonical(outputs[i], error) == fs::weakly_canonical(outputs[k], error))
        throw InputError({outputs[i].string(), "two results would have the same name", "", "different names"});
  }
}

void make_folder(const fs::path& folder) {
  if (folder.empty()) return;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || !fs::is_directory(folder))
    throw InputError({folder.string(), "the folder cannot be made", error.message(), "a writable place"});
}

std::string now_utc() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::vector<std::string> unresolved_faults(const std::string& report_json) {
  std::vector<std::string> out;
  const auto report = nlohmann::json::parse(report_json, nullptr, false);
  if (!report.is_object() || !report.contains("notes")) return out;
  for (const auto& note : report["notes"])
    if (note.value("severity", "info") != "info")
      out.push_back(note.value("code", "") + " " + note.value("source_id", "") + ": " + note.value("text", ""));
  return out;
}

}  // namespace throng::cli
