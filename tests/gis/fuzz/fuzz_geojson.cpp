#include "tests/gis/fuzz/fuzz_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return throng::fuzz::import_bytes(data, size, ".geojson", [](const std::filesystem::path& path) {
    throng::gis::ImportRequest request;
    request.plan = {path};
    request.crs = "local";
    return request;
  });
}
