#include "tests/io/samples.hpp"

#include <cstdio>
#include <functional>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace throng;
using namespace throng::test;

namespace {

/// Written without a rename: the tests make thousands.
void put(const std::filesystem::path& path, const std::string& bytes) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  REQUIRE(file != nullptr);
  std::fwrite(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
}

/// Reads as far as there is something to read.
void read_all(const std::filesystem::path& path) {
  if (path.filename().string().starts_with("site")) {
    io::read_site(path);
    return;
  }
  const io::Hdf5Source source(path);
  for (std::size_t i = 0; i < source.n_frames(); ++i) source.frame(i);
  for (std::size_t i = 0; i < source.n_grid_frames(); ++i) source.grid_frame(i);
  source.results();
}

/// "input", "io", "read" or "other: ..."
std::string outcome(const std::filesystem::path& path) {
  try {
    read_all(path);
    return "read";
  } catch (const InputError&) {
    return "input";
  } catch (const std::exception& error) {
    return std::string("other: ") + error.what();
  }
}

std::string small_site(const Folder& folder) {
  io::write_site(folder / "site.h5", random_site(1));
  return io::read_text(folder / "site.h5");
}
std::string small_results(const Folder& folder) {
  write_results(folder / "results.h5", random_results(random_header(1), 1), 3, 20);
  return io::read_text(folder / "results.h5");
}

}  // namespace

TEST_CASE("a file that is cut anywhere is refused", "[io][unit]") {
  const Folder folder;
  for (const auto& [name, bytes] :
       {std::pair{"site_cut.h5", small_site(folder)}, std::pair{"results_cut.h5", small_results(folder)}}) {
    const std::filesystem::path path = folder / name;
    put(path, bytes);
    REQUIRE(outcome(path) == "read");
    std::size_t refused = 0, tried = 0;
    // Every length near both ends, each 97th between.
    for (std::size_t n = 0; n < bytes.size(); n += n < 64 || n + 600 > bytes.size() ? 1 : 97, ++tried) {
      std::filesystem::resize_file(path, 0);
      put(path, bytes.substr(0, n));
      refused += outcome(path) == "input" ? 1 : 0;
    }
    CHECK(refused == tried);
    put(path, bytes + "x");
    CHECK(outcome(path) == "input");
  }
}

TEST_CASE("a file with changed bytes is refused", "[io][property]") {
  const Folder folder;
  for (const auto& [name, bytes] :
       {std::pair{"site_changed.h5", small_site(folder)}, std::pair{"results_changed.h5", small_results(folder)}}) {
    Filler filler(5);
    std::size_t refused = 0;
    constexpr std::size_t n = 2000;
    for (std::size_t k = 0; k < n; ++k) {
      std::string changed = bytes;
      const std::uint32_t count = k % 2 == 0 ? 1 : 1 + filler.below(64);
      for (std::uint32_t i = 0; i < count; ++i) {
        char& byte = changed[filler.below(static_cast<std::uint32_t>(bytes.size()))];
        byte = static_cast<char>(byte ^ static_cast<char>(1 + filler.below(255)));
      }
      if (changed == bytes) changed[0] = 'x';
      put(folder / name, changed);
      refused += outcome(folder / name) == "input" ? 1 : 0;
    }
    CHECK(refused == n);
  }
}

TEST_CASE("files that are not ours are refused with a reason", "[io][unit]") {
  const Folder folder;
  put(folder / "empty.h5", "");
  put(folder / "text.h5", "hello, this is not a results file at all");
  CHECK_THROWS_WITH(io::check_seal(folder / "empty.h5"), Catch::Contains("does not end with Throng's seal"));
  CHECK_THROWS_WITH(io::Hdf5Source(folder / "text.h5"),
                    Catch::Contains("text.h5") && Catch::Contains("does not end with Throng's seal"));
  io::seal(folder / "text.h5");
  CHECK_THROWS_WITH(io::Hdf5Source(folder / "text.h5"), Catch::Contains("cannot be opened as HDF5"));
  CHECK_THROWS_AS(io::Hdf5Source(folder / "missing.h5"), InputError);
  CHECK_THROWS_AS(io::Hdf5Source(folder.path), InputError);
  small_site(folder);
  small_results(folder);
  CHECK_THROWS_WITH(io::read_world(folder / "results.h5"),
                    Catch::Contains("throng-results") && Catch::Contains("throng-site"));
  CHECK_THROWS_WITH(io::Hdf5Source(folder / "site.h5"), Catch::Contains("throng-site"));
  CHECK_THROWS_WITH(io::read_replications(folder / "results.h5"), Catch::Contains("throng-replications"));
}
