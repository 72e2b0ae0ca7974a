// libFuzzer entry point for site files with a right seal: whatever was changed, they are read or refused.
#include "tests/io/fuzz/edited_file.hpp"
#include "tests/io/samples.hpp"

namespace {
throng::fuzz::EditedFile good_site() {
  const throng::test::Folder folder;
  throng::io::write_site(folder / "site.h5", throng::test::random_site(3));
  return throng::fuzz::EditedFile(folder / "site.h5");
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const throng::fuzz::EditedFile site = good_site();
  const auto path = site.edited({data, size}, "throng-fuzz-site");
  throng::io::kind_of(path);
  try {
    throng::io::read_world(path);
    throng::io::read_site(path);
  } catch (const throng::InputError&) {
  }
  return 0;
}
