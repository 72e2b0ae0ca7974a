#include "sim/core/error.hpp"
#include "sim/report/detail/png.hpp"
#include "sim/report/report.hpp"
#include "tests/report/support/town.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>

#include <catch2/catch.hpp>
#include <png.h>

using namespace throng;
namespace fs = std::filesystem;

namespace {

struct Pixels {
  unsigned width = 0, height = 0;
  std::vector<unsigned char> rgba;
  std::uint32_t at(unsigned x, unsigned y) const {
    const std::size_t i = 4 * (std::size_t{y} * width + x);
    return static_cast<std::uint32_t>(rgba[i] << 24 | rgba[i + 1] << 16 | rgba[i + 2] << 8 | rgba[i + 3]);
  }
  std::size_t n_colours() const {
    std::set<std::uint32_t> seen;
    for (unsigned y = 0; y < height; ++y)
      for (unsigned x = 0; x < width; ++x) seen.insert(at(x, y));
    return seen.size();
  }
};

Pixels read(const std::string& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) != 0);
  image.format = PNG_FORMAT_RGBA;
  Pixels out{image.width, image.height, std::vector<unsigned char>(PNG_IMAGE_SIZE(image))};
  REQUIRE(png_image_finish_read(&image, nullptr, out.rgba.data(), 0, nullptr) != 0);
  return out;
}

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("the raster encoder writes PNG that a library reads back", "[report][unit]") {
  report::detail::Raster raster{3, 2, {0, 1, 2, 2, 1, 0}, {{10, 20, 30}, {200, 100, 50}}};
  const Pixels pixels = read(report::detail::png(raster));
  REQUIRE(pixels.width == 3);
  REQUIRE(pixels.height == 2);
  CHECK((pixels.at(0, 0) & 0xFFu) == 0u);  // transparent
  CHECK(pixels.at(1, 0) == 0x0A141EFFu);
  CHECK(pixels.at(0, 1) == 0xC86432FFu);
  CHECK(report::detail::base64("Man") == "TWFu");
  CHECK(report::detail::base64("Ma") == "TWE=");
  CHECK(report::detail::base64("M") == "TQ==");
}

TEST_CASE("pictures become PNG files of the right size with something on them", "[report][unit]") {
  const fs::path folder = fs::temp_directory_path() / "throng-report-test";
  fs::create_directories(folder);
  const auto pictures = report::pictures(test::make_town(), "en");
  REQUIRE(pictures.size() == 4);
  for (const auto& picture : pictures) {
    const fs::path file = folder / (picture.name + ".png");
    report::write_png(file, picture, 0.5);
    const Pixels pixels = read(content(file));
    CHECK(pixels.width == static_cast<unsigned>((picture.width + 1) / 2));
    CHECK(pixels.height == static_cast<unsigned>((picture.height + 1) / 2));
    CHECK(pixels.n_colours() > 20);
    CHECK_FALSE(fs::exists(file.string() + ".part"));
  }
  fs::remove_all(folder);
}

TEST_CASE("a picture that cannot be written says why", "[report][unit]") {
  const report::Picture picture{"x", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"5\" height=\"5\"/>", 5, 5};
  CHECK_THROWS_AS(report::write_png("/nowhere/at/all.png", picture), IoError);
  CHECK_THROWS_AS(report::write_png(fs::temp_directory_path() / "broken.png", {"x", "<svg", 5, 5}), IoError);
}
