// libFuzzer entry point for site files: whatever the bytes, they are read or refused with an InputError.
#include "tests/io/fuzz/fuzz_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    throng::io::read_site(throng::fuzz::as_file(data, size, "throng-fuzz-site"));
  } catch (const throng::InputError&) {
  }
  return 0;
}
