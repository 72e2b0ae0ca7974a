// throng: the one command-line program. Parses, wires, maps exceptions to exit codes.
#include "sim/core/error.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/version.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

namespace throng::cli {

std::atomic<bool> stop_requested{false};

namespace {
extern "C" void on_interrupt(int signal) {
  if (stop_requested.exchange(true)) std::_Exit(128 + signal);
}

void print_faults(const InputError& error) {
  const auto& faults = error.faults();
  for (const Fault& fault : faults) std::fprintf(stderr, "error: %s\n", fault.text().c_str());
  if (faults.size() > 1) std::fprintf(stderr, "%zu faults; nothing was written\n", faults.size());
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
  try {
    app.parse(argc, argv);
    return stop_requested ? 130 : 0;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const InputError& error) {
    print_faults(error);
    return 2;
  } catch (const Interrupted&) {
    std::fprintf(stderr, "interrupted\n");
    return 130;
  } catch (const IoError& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 3;
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
