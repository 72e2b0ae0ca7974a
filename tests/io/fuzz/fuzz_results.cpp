// libFuzzer entry point for results files and, in a child process, for foreign trajectories.
#include "tests/io/fuzz/fuzz_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = throng::fuzz::as_file(data, size, "throng-fuzz-results");
  try {
    const throng::io::Hdf5Source source(path);
    for (std::size_t i = 0; i < source.n_frames(); ++i) source.frame(i);
    source.results();
  } catch (const throng::InputError&) {
  }
  try {
    throng::io::read_foreign_trajectory(path, 2.0);
  } catch (const throng::InputError&) {
  }
  return 0;
}
