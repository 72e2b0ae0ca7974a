// throng: the one command-line program. Parses, wires, maps exceptions to exit codes.
#include "sim/core/error.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/version.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace throng::cli {

std::atomic<bool> stop_requested{false};

namespace {
extern "C" void on_interrupt(int signal) {
  if (stop_requested.exchange(true)) std::_Exit(128 + signal);
}

/// A wrong first word is told as such, with the nearest right one.
void check_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return;
  const std::string near = nearest_word(argv[1], names);
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  throw InputError({"throng", "no such command", argv[1], near.empty() ? all : "nearest: " + near});
}

void print_faults(const InputError& error) {
  const auto& faults = error.faults();
  for (const Fault& fault : faults) std::fprintf(stderr, "error: %s\n", fault.text().c_str());
  if (faults.size() > 1) std::fprintf(stderr, "%zu faults; no result was written\n", faults.size());
}
}  // namespace

void catch_interrupts() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
}

int run_program(int argc, char** argv) {
  CLI::App app("Throng " THRONG_VERSION
               " - rehearse a crowd at a city event: from city data to a simulated crowd in HDF5.\n"
               "Start with: throng import --help, then throng run --help.");
  app.require_subcommand(1);
  app.set_version_flag("--version", THRONG_VERSION " (" THRONG_BUILD ")");
  app.footer("Exit codes: 0 done, 2 bad input, 3 outside fault (disk, display), 130 interrupted.");
  add_import(app);
  add_validate(app);
  add_run(app);
  add_compare(app);
  add_info(app);
  add_export(app);
  add_recover(app);
  add_schema(app);
  add_bench(app);
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the limit is an error of write(), as a full disk is
  try {
    check_command(app, argc, argv);
    app.parse(argc, argv);
    errno = 0;
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
      throw IoError(std::string("standard output cannot be written") +
                    (errno != 0 ? std::string(": ") + std::strerror(errno) : std::string()));
    return stop_requested ? 130 : 0;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::fprintf(stderr, "error: %s\nRun with --help for more information.\n", error.what());
    return 2;
  } catch (const InputError& error) {
    print_faults(error);
    return 2;
  } catch (const Interrupted&) {
    std::fprintf(stderr, "interrupted\n");
    return 130;
  } catch (const IoError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    std::fflush(nullptr);
    std::_Exit(3);  // libhdf5 crashes in its own clearing up after a file that could not be written
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "error: out of memory\n");
    return 3;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 3;
  }
}

}  // namespace throng::cli

int main(int argc, char** argv) { return throng::cli::run_program(argc, argv); }
