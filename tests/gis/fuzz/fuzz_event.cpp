// libFuzzer entry point for event drawings, drawn over a square of 60 x 40 m with a building.
#include "tests/gis/fuzz/fuzz_support.hpp"
#include "tests/gis/gis_support.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace throng;
  static const SiteGeometry base = test::import_plan({test::area_feature(R"("kind":"walkable")", 0, 0, 60, 40),
                                                      test::area_feature(R"("kind":"building")", 20, 10, 30, 20)})
                                       .site;
  try {
    gis::replace_event(base, {fuzz::as_file(data, size, ".event.geojson")});
  } catch (const InputError&) {
  }
  return 0;
}
