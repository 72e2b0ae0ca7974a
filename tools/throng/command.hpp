#pragma once
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace throng::cli {

/// Each subcommand declares its options on `app` and, when chosen, runs. Exceptions become exit codes in main only.
void add_import(CLI::App& app);
void add_validate(CLI::App& app);
void add_run(CLI::App& app);
void add_compare(CLI::App& app);
void add_info(CLI::App& app);
void add_export(CLI::App& app);
void add_recover(CLI::App& app);
void add_schema(CLI::App& app);
void add_bench(CLI::App& app);

/// Set by Ctrl-C; long work looks at it and ends in order.
extern std::atomic<bool> stop_requested;
/// Make Ctrl-C set stop_requested; a second Ctrl-C ends at once.
void catch_interrupts();

}  // namespace throng::cli
