#include "sim/core/error.hpp"
#include "sim/io/io.hpp"
#include "sim/report/report.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"

#include <cstdio>

namespace throng::cli {
namespace fs = std::filesystem;

namespace {
std::vector<RunResults> read_any(const fs::path& file) {
  switch (io::kind_of(file)) {
    case io::FileKind::results:
      return {io::Hdf5Source(file).results()};
    case io::FileKind::replications:
      return io::read_replications(file);
    default:
      io::check_seal(file);  // says more about files of ours that are damaged
      throw InputError({file.string(), "not a result file", "", "what throng run writes"});
  }
}
}  // namespace

void add_compare(CLI::App& app) {
  auto files = std::make_shared<std::array<fs::path, 3>>();
  CLI::App* command = app.add_subcommand("compare", "Paired differences of two results, as a page");
  command->add_option("A", (*files)[0], "Results of the base case")->required();
  command->add_option("B", (*files)[1], "Results of the variant")->required();
  command->add_option("--out", (*files)[2], "Page to write (HTML)")->required();
  command->callback([files] {
    check_outputs({(*files)[2]}, {(*files)[0], (*files)[1]});
    const auto a = read_any((*files)[0]);
    const auto b = read_any((*files)[1]);
    io::write_text((*files)[2], report::compare_html(a, b));
    std::printf("%scomparison: %s\n", report::compare_table(a, b).c_str(), (*files)[2].c_str());
  });
}

}  // namespace throng::cli
