// libFuzzer entry point for the seal itself: any bytes are recognised or refused with an InputError.
#include "tests/io/fuzz/fuzz_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto path = throng::fuzz::as_file(data, size, "throng-fuzz-seal");
  throng::io::kind_of(path);
  try {
    throng::io::check_seal(path);
  } catch (const throng::InputError&) {
  }
  return 0;
}
