#include "sim/agents/run.hpp"

#include "sim/agents/evacuate.hpp"
#include "sim/core/loops.hpp"
#include "sim/core/random.hpp"
#include "sim/io/io.hpp"
#include "sim/report/report.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"
#include "tools/throng/progress.hpp"
#include "tools/throng/version.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace throng::cli {
namespace fs = std::filesystem;

namespace {

struct RunChoices {
  fs::path scenario, out, summary;
  std::optional<std::uint64_t> seed;
  int threads = 0;
  int replications = 1;
  std::string until;
  std::string evacuate_at;
  std::vector<std::string> close;
};

RunHeader header_for(const Prepared& prepared, std::uint64_t seed) {
  RunHeader header = make_header(*prepared.simulation, prepared.scenario, seed);
  header.program_version = THRONG_VERSION;
  header.build = THRONG_BUILD;
  header.created = now_utc();
  header.site_hash = prepared.site_hash;
  header.import_faults = unresolved_faults(prepared.site_report);
  return header;
}

RunResults run_once(const Prepared& prepared, std::uint64_t seed, double until, RunSink* sink,
                    const std::string& title) {
  Progress progress(title);
  const double end = until > 0.0 ? until : prepared.scenario.duration;
  RunOptions options;
  options.until = until;
  options.stop = &stop_requested;
  options.clock = [] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  };
  options.progress = [&](double seconds, std::size_t n) {
    progress.show(seconds / end, format_duration(seconds) + ", " + std::to_string(n) + " people");
  };
  CrowdState state = prepared.simulation->initial_state(seed);
  std::vector<RunSink*> sinks;
  if (sink != nullptr) sinks.push_back(sink);
  return run(*prepared.simulation, state, prepared.scenario, header_for(prepared, seed), sinks, options);
}

double time_option(const char* name, const std::string& text) {
  const auto parsed = parse_duration(text);
  if (!parsed || *parsed <= 0.0) throw InputError({name, "not a time", text, "HH:MM:SS, > 0"});
  return *parsed;
}

/// A time within the scenario [s since start]: given since the start, or else by the clock.
double moment_option(const char* name, const std::string& text, const Scenario& scenario) {
  const double given = time_option(name, text), by_clock = given - scenario.start_of_day;
  if (given <= scenario.duration) return given;
  if (by_clock > 0.0 && by_clock <= scenario.duration) return by_clock;
  const double last = scenario.start_of_day + scenario.duration;
  throw InputError({name, "outside the scenario", text,
                    "up to " + format_duration(scenario.duration) + " since the start, or a time of day from " +
                        format_duration(scenario.start_of_day) + " to " + format_duration(last)});
}

/// How the site empties from a moment of the run, with all exits and with each lost in turn.
void evacuate_command(const RunChoices& choices, const Prepared& prepared, const fs::path& folder, std::uint64_t seed) {
  const double at = moment_option("--evacuate-at", choices.evacuate_at, prepared.scenario);
  const TimeAxis axis(prepared.scenario.time_step);
  CrowdState state = prepared.simulation->initial_state(seed);
  {
    Progress progress("run to the order");
    while (state.tick < axis.tick_at(at) && !stop_requested) {
      prepared.simulation->step(state);
      if (state.tick.count % 50 == 0) progress.show(axis.seconds(state.tick) / at);
    }
  }
  Progress progress("evacuate");
  EvacuationOptions options;
  options.closed = choices.close;
  options.stop = &stop_requested;
  options.progress = [&](const std::string& lost, double seconds, std::size_t inside) {
    progress.show(seconds / options.limit,
                  (lost.empty() ? "all exits" : "without " + lost) + ", " + std::to_string(inside) + " inside");
  };
  const EvacuationFigures figures = evacuate(*prepared.simulation, state, options);
  const fs::path page = folder / "evacuation.html";
  io::write_text(page, report::evacuation_html(header_for(prepared, seed), figures, capacity_sheet(*prepared.world)));
  for (const ClearanceCase& one : figures.cases) {
    const std::string name = one.lost_exit.empty() ? "all exits" : "without " + one.lost_exit;
    if (one.remaining > 0)
      std::printf("%-40s %llu of %llu people still inside after %s\n", name.c_str(),
                  static_cast<unsigned long long>(one.remaining), static_cast<unsigned long long>(one.people),
                  format_duration(figures.limit).c_str());
    else
      std::printf("%-40s %llu people out in %s\n", name.c_str(), static_cast<unsigned long long>(one.people),
                  format_duration(one.time_all).c_str());
  }
  std::printf("evacuation: %s\n", page.c_str());
}

void write_pictures(const fs::path& folder, const RunResults& results) {
  for (const auto& picture : report::pictures(results, "en"))
    report::write_png(folder / (picture.name + ".png"), picture, 2.0);
}

void warn_about_size(const Scenario& scenario, double until) {
  const double end = until > 0.0 ? std::min(until, scenario.duration) : scenario.duration;
  const double rows = most_person_seconds(scenario, end) / scenario.output.frame_interval;
  const double bytes = io::estimated_trajectory_bytes(rows);
  if (scenario.output.trajectory && scenario.output.region.empty() && bytes > 2e9)
    std::fprintf(stderr,
                 "warning: the trajectory may need up to %.1f GB, if nobody leaves early; raise "
                 "output.frame_interval_s or set output.region\n",
                 bytes / 1e9);
}

/// Whole replications only: one that was stopped half-way would bend the band.
std::vector<RunResults> run_replications(const Prepared& prepared, std::uint64_t seed, double until, int n) {
  std::vector<RunResults> out;
  for (int k = 0; k < n && !stop_requested; ++k) {
    RunResults one = run_once(prepared, derive(seed, static_cast<std::uint64_t>(k)), until, nullptr,
                              "run " + std::to_string(k + 1) + "/" + std::to_string(n));
    if (!one.interrupted) out.push_back(std::move(one));
  }
  if (out.empty()) {
    std::fprintf(stderr, "no replication was complete; nothing was written\n");
    throw Interrupted();
  }
  if (static_cast<int>(out.size()) < n)
    std::fprintf(stderr, "interrupted: %zu of %d replications are complete and were kept\n", out.size(), n);
  return out;
}

void run_command(const RunChoices& choices) {
  if (!choices.until.empty()) time_option("--until", choices.until);  // before anything is read
  check_outputs({choices.out}, {choices.scenario});
  catch_interrupts();
  const Prepared prepared = prepare(choices.scenario);
  check_outputs({choices.out}, {io::site_path(prepared.scenario)});
  const double until = choices.until.empty() ? 0.0 : moment_option("--until", choices.until, prepared.scenario);
  warn_about_size(prepared.scenario, until);
  const std::uint64_t seed = choices.seed.value_or(prepared.scenario.seed);
  const fs::path folder = choices.summary.empty() ? choices.out.parent_path() : choices.summary;
  make_folder(folder);
  check_writable(folder / "summary.html");
  if (!choices.evacuate_at.empty()) return evacuate_command(choices, prepared, folder, seed);
  std::vector<RunResults> all;
  if (choices.replications <= 1) {
    io::Hdf5Sink sink(choices.out);
    all.push_back(run_once(prepared, seed, until, &sink, "run"));
    io::write_text(folder / "summary.html", report::summary_html(all.front()));
  } else {
    all = run_replications(prepared, seed, until, choices.replications);
    io::write_replications(choices.out, all.front().header, all);
    io::write_text(folder / "summary.html", report::summary_html(all));
  }
  write_pictures(folder, all.front());
  std::printf("%s", report::zone_table(all.front()).c_str());
  std::printf("results:  %s\nsummary:  %s\n", choices.out.c_str(), (folder / "summary.html").c_str());
  if (all.front().interrupted)
    std::printf("interrupted: the results end at %s\n", format_duration(all.front().simulated).c_str());
  if (all.size() == 1) std::printf("one run: no uncertainty; add --replications 20 for a 5-95 %% band\n");
  std::printf("state hash: %s\n", all.back().state_hash.c_str());
}

}  // namespace

void add_run(CLI::App& app) {
  auto choices = std::make_shared<RunChoices>();
  CLI::App* command =
      app.add_subcommand("run", "Simulate a scenario and write results (HDF5), a summary page and pictures");
  command->add_option("scenario", choices->scenario, "Scenario file (TOML); it names its site file")->required();
  command->add_option("--out", choices->out, "Result file to write (HDF5)")->required();
  command->add_option("--summary", choices->summary,
                      "Folder for summary.html and the PNG pictures; default: beside the results");
  command->add_option("--seed", choices->seed, "Seed of the random numbers; default: the scenario's")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--threads", choices->threads, "Threads to use; 0 = all. The result does not depend on it")
      ->check(CLI::Range(0, 1024));
  command->add_option("--until", choices->until,
                      "Stop at this moment, HH:MM:SS since the start or by the scenario's clock");
  command
      ->add_option("--replications", choices->replications, "Repeat with n derived seeds; gives median and 5-95 % band")
      ->check(CLI::Range(1, 10000));
  CLI::Option* evacuate = command->add_option(
      "--evacuate-at", choices->evacuate_at,
      "Sound the alarm at this simulated time, HH:MM:SS: everybody walks to the exits. Writes evacuation.html with the "
      "clearance time per zone, with all exits and with each lost in turn, and the capacity sheet");
  command->add_option("--close", choices->close, "Exit that is lost from the alarm on, by id; may be repeated")
      ->needs(evacuate);
  command->footer(
      "Example: throng run scenarios/harbour-town/demo.toml --out out/demo/results.h5\n"
      "Ctrl-C ends the file in order. The last line printed is the hash of the final state.");
  command->callback([choices] { with_threads(choices->threads, [&] { run_command(*choices); }); });
}

}  // namespace throng::cli
