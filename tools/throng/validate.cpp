#include "sim/agents/demand.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"

#include <cstdio>

namespace throng::cli {

void add_validate(CLI::App& app) {
  auto file = std::make_shared<std::filesystem::path>();
  CLI::App* command =
      app.add_subcommand("validate", "Check a scenario and its site; list all faults with line and column");
  command->add_option("scenario", *file, "Scenario file (TOML)")->required();
  command->callback([file] {
    std::shared_ptr<const World> world;
    const Scenario scenario = read_checked_scenario(*file, &world);
    const Demand demand = build_demand(scenario, *world);
    std::printf("%s is sound: %zu sources, %zu journeys, %zu stages, %zu timed changes on %s\n", file->c_str(),
                demand.sources.size(), demand.journeys.size(), demand.stages.size(), demand.changes.size(),
                scenario.site.c_str());
  });
}

void add_schema(CLI::App& app) {
  auto markdown = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("schema", "Print the JSON Schema of scenarios, for editors");
  command->add_flag("--markdown", *markdown, "Print the reference page instead");
  command->callback([markdown] {
    const std::string text = *markdown ? io::scenario_reference_markdown() : io::scenario_json_schema();
    std::printf("%s\n", text.c_str());
  });
}

}  // namespace throng::cli
