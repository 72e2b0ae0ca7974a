#include "sim/core/error.hpp"
#include "sim/io/io.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"

#include <cstdio>

namespace throng::cli {
namespace fs = std::filesystem;

void add_export(CLI::App& app) {
  struct Choices {
    fs::path results, pedpy, text;
    int level = 0;
  };
  auto choices = std::make_shared<Choices>();
  CLI::App* command = app.add_subcommand("export", "Trajectories of one level for other programs");
  command->add_option("results", choices->results, "Result file (HDF5)")->required();
  command->add_option("--pedpy", choices->pedpy, "Write a Pedestrian Data Archive file that PedPy reads (HDF5)");
  command->add_option("--text", choices->text, "Write all levels as a text table: id frame x y z [m] (.csv: commas)");
  command->add_option("--level", choices->level, "Level to export; 0 = the ground")->check(CLI::Range(0, 32767));
  command->callback([choices] {
    if (choices->pedpy.empty() && choices->text.empty())
      throw InputError({"throng export", "nothing to write", "", "--pedpy FILE or --text FILE"});
    check_outputs({choices->pedpy, choices->text}, {choices->results});
    const auto level = static_cast<LevelId>(choices->level);
    if (!choices->pedpy.empty()) {
      io::export_pedpy(choices->results, level, choices->pedpy);
      std::printf("written: %s\n", choices->pedpy.c_str());
    }
    if (!choices->text.empty()) {
      io::export_text(choices->results, choices->text);
      std::printf("written: %s\n", choices->text.c_str());
    }
  });
}

void add_recover(CLI::App& app) {
  auto files = std::make_shared<std::array<fs::path, 2>>();
  CLI::App* command =
      app.add_subcommand("recover", "Save the whole frames of a temporary left by a full disk or a crash");
  command->add_option("temporary", (*files)[0], "The .part file")->required();
  command->add_option("out", (*files)[1], "Result file to write")->required();
  command->callback([files] {
    check_outputs({(*files)[1]}, {(*files)[0]});
    io::recover((*files)[0], (*files)[1]);
    std::printf("recovered: %s (%zu frames)\n", (*files)[1].c_str(), io::Hdf5Source((*files)[1]).n_frames());
  });
}

}  // namespace throng::cli
