// Scenarios shown in the documents are scenarios: each TOML block that begins with `format = 1` is read.
#include "sim/core/error.hpp"
#include "sim/io/io.hpp"
#include "tests/support/source_dir.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace {
namespace fs = std::filesystem;

struct Example {
  std::string page, text;
};

void collect(const fs::path& page, std::vector<Example>& out) {
  const std::string text = throng::io::read_text(page);
  for (std::size_t at = text.find("```toml"); at != std::string::npos; at = text.find("```toml", at + 1)) {
    const std::size_t begin = text.find('\n', at) + 1;
    const std::size_t end = text.find("```", begin);
    // Blocks may be indented, as in lists; TOML does not mind.
    const std::string block = text.substr(begin, end - begin);
    const std::size_t first = block.find_first_not_of(" \n");
    if (first != std::string::npos && block.compare(first, 10, "format = 1") == 0)
      out.push_back({page.string(), block});
  }
}

std::vector<Example> examples() {
  const fs::path root = throng::test::source_dir();
  std::vector<Example> out;
  collect(root / "README.md", out);
  for (const auto& entry : fs::recursive_directory_iterator(root / "docs"))
    if (entry.path().extension() == ".md") collect(entry.path(), out);
  return out;
}
}  // namespace

TEST_CASE("scenarios shown in the documents can be read", "[house][unit]") {
  const auto all = examples();
  REQUIRE(all.size() >= 2);
  for (const Example& example : all) {
    std::string faults;
    try {
      const throng::Scenario scenario = throng::io::parse_scenario(example.text, example.page);
      CHECK_FALSE(scenario.sources.empty());
      CHECK_FALSE(scenario.journeys.empty());
    } catch (const throng::InputError& error) {
      for (const throng::Fault& fault : error.faults()) faults += fault.text() + "\n";
    }
    CHECK(faults == "");
  }
}
