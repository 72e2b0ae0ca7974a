#include "sim/agents/bench.hpp"

#include "sim/core/error.hpp"
#include "sim/core/loops.hpp"
#include "sim/io/io.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace throng::cli {

namespace {

struct BenchChoices {
  BenchOptions options;
  std::filesystem::path site;
  std::string isa = "best";
  int threads = 1;
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
  std::printf("%-22s %.3f million/s\n%-22s %.1f ns\n%-22s %.0f\n%-22s %.1f\n", "agent-steps",
              result.agent_steps_per_s / 1e6, "per agent-step", result.ns_per_agent_step, "bytes per agent",
              result.bytes_per_agent, "real-time factor", result.realtime_factor);
  for (const auto& [phase, ns] : result.phases_ns) std::printf("  %-20s %.1f ns\n", phase.c_str(), ns);
  std::printf("%-22s %s\n", "state hash", result.state_hash.c_str());
}

void print_json(const BenchChoices& choices, const BenchResult& result) {
  const nlohmann::ordered_json out{{"scene", choices.options.scene},
                                   {"agents", choices.options.n_agents},
                                   {"threads", choices.threads},
                                   {"model", choices.options.model},
                                   {"density_per_m2", choices.options.density},
                                   {"obstacles", choices.options.n_obstacles},
                                   {"isa", choices.isa},
                                   {"agent_steps_per_s", result.agent_steps_per_s},
                                   {"ns_per_agent_step", result.ns_per_agent_step},
                                   {"phases_ns", result.phases_ns},
                                   {"bytes_per_agent", result.bytes_per_agent},
                                   {"realtime_factor", result.realtime_factor},
                                   {"state_hash", result.state_hash}};
  std::printf("%s\n", out.dump(2).c_str());
}

void bench_command(BenchChoices& choices) {
  choices.options.isa = isa_from(choices.isa);
  if (choices.options.scene == "site") {
    if (choices.site.empty()) throw InputError({"throng bench site", "no site file", "", "throng bench site FILE"});
    choices.options.site = std::make_shared<const World>(io::read_world(choices.site), choices.site.string());
  }
  with_threads(choices.threads, [&] {
    const BenchResult result = run_bench(choices.options);
    choices.json ? print_json(choices, result) : print_text(result);
  });
}

}  // namespace

void add_bench(CLI::App& app) {
  auto choices = std::make_shared<BenchChoices>();
  BenchOptions& options = choices->options;
  CLI::App* command = app.add_subcommand("bench", "Measure the speed of the simulation core");
  command->add_option("scene", options.scene, "open (periodic), corridor, bottleneck, plaza, or site")
      ->required()
      ->check(CLI::IsMember({"open", "corridor", "bottleneck", "plaza", "site"}));
  command->add_option("site", choices->site, "Site file for the scene `site`");
  command->add_option("--agents", options.n_agents, "Number of agents")->check(CLI::Range(1, 5000000));
  command->add_option("--threads", choices->threads, "Threads")->check(CLI::Range(1, 1024));
  command->add_option("--model", options.model, "behavioural_heuristics or collision_free_speed");
  command->add_option("--density", options.density, "People per m²")->check(CLI::Range(0.01, 8.0));
  command->add_option("--obstacles", options.n_obstacles, "Obstacles in the plaza")->check(CLI::Range(0, 5000));
  command->add_option("--seconds", options.measure_seconds, "Time to measure [s]")->check(CLI::Range(0.1, 600.0));
  command->add_option("--isa", choices->isa, "Instruction set of the kernels")
      ->check(CLI::IsMember({"scalar", "sse2", "avx2", "avx512", "best"}));
  command->add_flag("--json", choices->json, "Print JSON");
  command->callback([choices] { bench_command(*choices); });
}

}  // namespace throng::cli
