// libFuzzer entry point for results files with a right seal: whatever was changed, they are read or refused.
#include "tests/io/fuzz/edited_file.hpp"
#include "tests/io/samples.hpp"

namespace {
throng::fuzz::EditedFile good_results() {
  const throng::test::Folder folder;
  throng::test::write_results(folder / "results.h5", throng::test::random_results(throng::test::random_header(1), 1), 3,
                              20);
  return throng::fuzz::EditedFile(folder / "results.h5");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const throng::fuzz::EditedFile results = good_results();
  const auto path = results.edited({data, size}, "throng-fuzz-results");
  try {
    const throng::io::Hdf5Source source(path);
    for (std::size_t i = 0; i < source.n_frames(); ++i) source.frame(i);
    for (std::size_t i = 0; i < source.n_grid_frames(); ++i) source.grid_frame(i);
    source.results();
  } catch (const throng::InputError&) {
  }
  return 0;
}
