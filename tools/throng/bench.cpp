#include "sim/agents/bench.hpp"

#include "sim/core/error.hpp"
#include "sim/io/io.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

namespace throng::cli {

namespace {

struct BenchChoices {
  BenchOptions options;
  std::string model = "behavioural_heuristics", profile, isa = "best";
  std::filesystem::path site;
  bool json = false;
};

Isa isa_from(const std::string& name) {
  if (name == "scalar") return Isa::scalar;
  if (name == "sse2") return Isa::sse2;
  if (name == "avx2") return Isa::avx2;
  if (name == "avx512") return Isa::avx512;
  return Isa::best;
}

void print_text(const BenchResult& result) {
  std::printf("%-20s %s, %s, %zu agents at %.2f /m², %d thread(s)\n", "scene", result.scene.c_str(),
              result.model.c_str(), result.n_agents, result.density, result.threads);
  std::printf("%-20s %10.3f million/s\n%-20s %10.1f ns\n", "agent-steps", result.agent_steps_per_s / 1e6,
              "per agent-step", 1e9 / result.agent_steps_per_s);
  std::printf("%-20s %10.1f ns\n%-20s %10.0f\n%-20s %10.1f\n", "processor time", result.cpu_ns, "bytes per agent",
              result.bytes_per_agent, "real-time factor", result.realtime_factor);
  for (const auto& phase : result.phases) std::printf("  %-18s %10.1f ns\n", phase.name.c_str(), phase.ns);
  std::printf("%-20s %s\n", "state hash", result.state_hash.c_str());
}

void print_json(const BenchChoices& choices, const BenchResult& result) {
  nlohmann::ordered_json phases;
  for (const auto& phase : result.phases) phases[phase.name] = phase.ns;
  const nlohmann::ordered_json out{{"scene", result.scene},
                                   {"agents", result.n_agents},
                                   {"threads", result.threads},
                                   {"model", result.model},
                                   {"density_per_m2", result.density},
                                   {"obstacles", result.n_obstacles},
                                   {"isa", choices.isa},
                                   {"agent_steps_per_s", result.agent_steps_per_s},
                                   {"ns_per_agent_step", 1e9 / result.agent_steps_per_s},
                                   {"cpu_ns_per_agent_step", result.cpu_ns},
                                   {"phases_ns", phases},
                                   {"bytes_per_agent", result.bytes_per_agent},
                                   {"realtime_factor", result.realtime_factor},
                                   {"mean_speed_m_per_s", result.mean_speed},
                                   {"state_hash", result.state_hash}};
  std::printf("%s\n", out.dump(2).c_str());
}

void bench_command(BenchChoices& choices) {
  BenchOptions& options = choices.options;
  options.step.isa = isa_from(choices.isa);
  ModelChoice model;
  model.name = choices.model;
  model.profile = choices.profile;
  options.model = make_model(model);
  if ((options.scene == "site") != !choices.site.empty())
    throw InputError(
        {"FILE", "a site file goes with the scene `site`, and only with it", choices.site.string(), "bench site FILE"});
  if (!choices.site.empty())
    options.site = std::make_shared<const World>(io::read_world(choices.site), choices.site.string());
  const BenchResult result = run_bench(options);
  choices.json ? print_json(choices, result) : print_text(result);
}

}  // namespace

void add_bench(CLI::App& app) {
  auto choices = std::make_shared<BenchChoices>();
  BenchOptions& options = choices->options;
  CLI::App* command = app.add_subcommand("bench", "Measure the speed of the simulation core");
  command->add_option("scene", options.scene, "open (periodic), corridor, bottleneck, plaza, or site")
      ->required()
      ->check(CLI::IsMember(bench_scenes()));
  command->add_option("FILE", choices->site, "Site file, for the scene `site`")->check(CLI::ExistingFile);
  command->add_option("--agents", options.n_agents, "Number of agents")->check(CLI::Range(1, 5000000));
  command->add_option("--threads", options.threads, "Threads")->check(CLI::Range(1, 1024));
  command->add_option("--model", choices->model, "behavioural_heuristics or collision_free_speed");
  command->add_option("--profile", choices->profile, "Calibration profile; default: the model's first");
  command->add_option("--density", options.density, "People per m²")->check(CLI::Range(0.01, 8.0));
  command->add_option("--obstacles", options.n_obstacles, "Obstacles in the plaza")->check(CLI::Range(0, 5000));
  command->add_option("--steps", options.n_steps, "Steps to measure, after the warm-up")->check(CLI::Range(1, 1000000));
  command->add_option("--repeats", options.repeats, "Repeat; the fastest counts")->check(CLI::Range(1, 100));
  command->add_option("--seed", options.seed, "Seed");
  command->add_option("--isa", choices->isa, "Instruction set of the kernels; same bits for each")
      ->check(CLI::IsMember({"scalar", "sse2", "avx2", "avx512", "best"}));
  command->add_flag("--json", choices->json, "Print JSON");
  command->callback([choices] { bench_command(*choices); });
}

}  // namespace throng::cli
