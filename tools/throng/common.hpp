#pragma once
#include "sim/agents/simulation.hpp"
#include "sim/io/io.hpp"
#include "sim/scenario/scenario.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace throng::cli {

/// A scenario with its site, checked against each other, ready to step.
struct Prepared {
  Scenario scenario;
  std::shared_ptr<const World> world;
  std::string site_hash, site_report;
  std::shared_ptr<const Simulation> simulation;
};

/// Read and check a scenario and its site, and take over what the drawing says where the scenario says nothing. Notes
/// and warnings go to stderr. @throws InputError with all faults of the first stage that has any.
Scenario read_checked_scenario(const std::filesystem::path& file, std::shared_ptr<const World>* world = nullptr,
                               std::string* site_hash = nullptr, std::string* site_report = nullptr);
Prepared prepare(const std::filesystem::path& scenario_file, Isa isa = Isa::best);
/// Fail early when a result could not be written there. @throws InputError; IoError when the disk is full or broken.
void check_writable(const std::filesystem::path& file);
/// The same for all results of a command (empty ones are not asked for), which must not be inputs of it or each other.
void check_outputs(const std::vector<std::filesystem::path>& outputs,
                   const std::vector<std::filesystem::path>& inputs = {});
/// With its parents. @throws InputError
void make_folder(const std::filesystem::path& folder);
/// ISO 8601 UTC, now.
std::string now_utc();
/// Lines of the import report that are not mere information.
std::vector<std::string> unresolved_faults(const std::string& report_json);

}  // namespace throng::cli
