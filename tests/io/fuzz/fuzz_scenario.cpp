// libFuzzer entry point: clang++ -fsanitize=fuzzer,address,undefined. Any text is read or refused with an InputError.
#include "sim/core/error.hpp"
#include "sim/io/io.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    throng::io::parse_scenario(std::string(reinterpret_cast<const char*>(data), size), "fuzz.toml");
  } catch (const throng::InputError&) {
  }
  return 0;
}
