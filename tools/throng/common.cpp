#include "tools/throng/common.hpp"

#include "sim/core/error.hpp"

#include <ctime>

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

void throw_if_any(std::vector<Fault> faults) {
  if (!faults.empty()) throw InputError(std::move(faults));
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
    throw InputError({file.string(), "the site file is not the one this scenario was made for (scenario.site_hash)",
                      hash, scenario.site_hash + ", or remove site_hash"});
  throw_if_any(io::locate(scenario, validate(scenario, names_of(*compiled))));
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
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  if (!fs::is_directory(folder))
    throw InputError(
        {file.string(), "the folder for the result does not exist", folder.string(), "an existing folder"});
  if (fs::is_directory(file)) throw InputError({file.string(), "the result path is a folder", "", "a file name"});
  if (access(folder.c_str(), W_OK) != 0 || (fs::exists(file) && access(file.c_str(), W_OK) != 0))
    throw InputError({file.string(), "the result path cannot be written", "", "a writable folder"});
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
