// Full disks and killed programs.
#include "tests/io/samples.hpp"

#include <csignal>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace throng;
using namespace throng::test;

namespace {

/// Runs in a child, so that limits and kills do not touch the test program. Returns the status of waitpid.
int in_child(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    try {
      work();
    } catch (const std::exception&) {
      ::_exit(77);
    }
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

/// Streams frames until the sink refuses; the message goes to a file. Exit 0: refused with an IoError, 1: never
/// refused.
void fill_disk(const Folder& folder, const std::filesystem::path& target, int n_frames) {
  Filler filler(1);
  const RunResults results = random_results(random_header(1), 1);
  std::string message;
  try {
    io::Hdf5Sink sink(target, {.checkpoint_s = 0.0});  // every frame: the test must not depend on the disk's speed
    sink.begin(results.header);
    for (int i = 0; i < n_frames; ++i) {
      sink.frame(random_frame(filler, static_cast<std::uint64_t>(i), 2000));
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    sink.end(results);
  } catch (const IoError& error) {
    message = error.what();
  }
  const rlimit free{RLIM_INFINITY, RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &free);
  io::write_text(folder / "message", message);
}

/// @param least frames that must have been saved
void check_recovered(const std::filesystem::path& path, std::uint32_t seed, std::size_t least) {
  const io::Hdf5Source source(path);
  Filler filler(seed);
  CHECK(source.n_frames() >= least);
  for (std::size_t i = 0; i < source.n_frames(); ++i) REQUIRE(same(source.frame(i), random_frame(filler, i, 2000)));
  CHECK(source.results().interrupted);
}

}  // namespace

TEST_CASE("a full disk is an IoError that names the temporary, which can be recovered", "[io][unit]") {
  const Folder folder;
  const std::filesystem::path target = folder / "run.h5";
  const int status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{3'000'000, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    fill_disk(folder, target, 200);
  });
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  const std::string message = io::read_text(folder / "message");
  INFO(message);
  CHECK_THAT(message, Catch::Contains("File too large") &&
                          Catch::Contains("throng recover " + (folder / "run.h5.part").string()));
  CHECK_FALSE(std::filesystem::exists(target));
  REQUIRE(std::filesystem::exists(folder / "run.h5.part"));
  io::recover(folder / "run.h5.part", target);
  check_recovered(target, 1, 1);
}

TEST_CASE("a full tmpfs is an IoError that names the temporary", "[io][unit]") {
  const Folder folder;
  std::filesystem::create_directory(folder / "small");
  if (::mount("tmpfs", (folder / "small").c_str(), "tmpfs", 0, "size=3m") != 0) {
    std::printf("SKIPPED: mounting a small tmpfs needs rights\n");
    return;
  }
  const std::filesystem::path target = folder / "small" / "run.h5";
  const int status = in_child([&] { fill_disk(folder, target, 200); });
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  CHECK_THAT(io::read_text(folder / "message"),
             Catch::Contains("No space left on device") && Catch::Contains("throng recover"));
  CHECK_FALSE(std::filesystem::exists(target));
  io::recover(folder / "small" / "run.h5.part", folder / "saved.h5");
  check_recovered(folder / "saved.h5", 1, 1);
  ::umount((folder / "small").c_str());
}

TEST_CASE("a site that does not fit on the disk leaves nothing behind", "[io][unit]") {
  const Folder folder;
  const int status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{20'000, RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    io::write_site(folder / "site.h5", random_site(1));
  });
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 77));
  CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("a killed program leaves no file under the final name, and its frames can be recovered", "[io][unit]") {
  for (const int delay_ms : {0, 33, 170, 3000}) {
    const Folder folder;
    const pid_t child = ::fork();
    if (child == 0) {
      Filler filler(2);
      const RunResults results = random_results(random_header(1), 1);
      io::Hdf5Sink sink(folder / "run.h5", {.checkpoint_s = 0.02});
      sink.begin(results.header);
      for (std::uint64_t i = 0;; ++i) sink.frame(random_frame(filler, i, 2000));
    }
    const auto on_disk = [&] {
      std::error_code error;
      const auto size = std::filesystem::file_size(folder / "run.h5.part", error);
      return error ? 0 : size;
    };
    for (int i = 0; i < 3000 && on_disk() < 500'000; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    CHECK_FALSE(std::filesystem::exists(folder / "run.h5"));
    REQUIRE(std::filesystem::exists(folder / "run.h5.part"));
    CHECK_THROWS_AS(io::Hdf5Source(folder / "run.h5.part"), InputError);
    io::recover(folder / "run.h5.part", folder / "run.h5");
    // before the first checkpoint is complete there is nothing to save
    check_recovered(folder / "run.h5", 2, delay_ms >= 3000 ? 1u : 0u);
  }
}

TEST_CASE("a sink that is dropped keeps its temporary only when it holds frames", "[io][unit]") {
  const Folder folder;
  const RunResults results = random_results(random_header(1), 1);
  {
    io::Hdf5Sink sink(folder / "none.h5");
    sink.begin(results.header);
  }
  CHECK(std::filesystem::is_empty(folder.path));
  {
    Filler filler(1);
    io::Hdf5Sink sink(folder / "some.h5");
    sink.begin(results.header);
    for (std::uint64_t i = 0; i < 5; ++i) sink.frame(random_frame(filler, i, 2000));
  }
  CHECK_FALSE(std::filesystem::exists(folder / "some.h5"));
  io::recover(folder / "some.h5.part", folder / "some.h5");
  CHECK(io::Hdf5Source(folder / "some.h5").n_frames() == 5);
  check_recovered(folder / "some.h5", 1, 1);
}

TEST_CASE("a damaged temporary cannot take the program down", "[io][property]") {
  const Folder folder;
  const RunResults results = random_results(random_header(1), 1);
  {
    Filler filler(1);
    io::Hdf5Sink sink(folder / "run.h5");
    sink.begin(results.header);
    for (std::uint64_t i = 0; i < 5; ++i) sink.frame(random_frame(filler, i, 20));
  }
  const std::string bytes = io::read_text(folder / "run.h5.part");
  Filler filler(3);
  for (int k = 0; k < 4; ++k) {
    std::string changed = bytes;
    for (std::uint32_t i = 1 + filler.below(200); i > 0; --i)
      changed[filler.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(filler.below(256));
    io::write_text(
        folder / "bad.part",
        changed.substr(0, bytes.size() - filler.below(2) * filler.below(static_cast<std::uint32_t>(bytes.size()))));
    try {
      io::recover(folder / "bad.part", folder / "out.h5");
      io::check_seal(folder / "out.h5");  // what was recovered is sound
    } catch (const InputError&) {
    } catch (const IoError&) {
    }
  }
  CHECK_THROWS_AS(io::recover(folder / "missing.part", folder / "out.h5"), InputError);
}

TEST_CASE("a folder that is not there is an IoError at the beginning", "[io][unit]") {
  const Folder folder;
  io::Hdf5Sink sink(folder / "no/such/run.h5");
  CHECK_THROWS_WITH(sink.begin(random_header(1)), Catch::Contains("No such file or directory"));
  CHECK_THROWS_AS(io::write_site(folder / "no/site.h5", random_site(1)), IoError);
  CHECK_THROWS_AS(io::write_text(folder / "no/text", "x"), IoError);
}
