#pragma once
#include "sim/fields/palette.hpp"
#include "sim/report/detail/png.hpp"
#include "sim/report/detail/words.hpp"
#include "sim/report/report.hpp"

#include <string>

namespace throng::report::detail {

std::string hex(Rgb);    ///< "#a31621"
std::string px(double);  ///< at most one decimal

/// Text of an SVG picture under construction. Coordinates in pixels, y down.
class Svg {
 public:
  /// @param language "en", "nl" or "both" (for a page that switches)
  Svg(int width, int height, std::string language) : width_(width), height_(height), language_(std::move(language)) {}
  void rect(double x, double y, double w, double h, const std::string& style);
  void line(double x1, double y1, double x2, double y2, const std::string& style);
  void path(const std::string& d, const std::string& style);
  void text(double x, double y, const Both&, const std::string& style);
  /// With a white edge, for text on maps.
  void halo_text(double x, double y, const Both&, const std::string& style);
  void image(double x, double y, double w, double h, const Raster&);
  /// The shape of a level centred at x y, filled and outlined, `size` pixels wide.
  void glyph(double x, double y, double size, AlertLevel);
  void open(const std::string& element) { body_ += element + "\n"; }
  void close(const char* name) { body_ += std::string("</") + name + ">\n"; }
  int width() const { return width_; }
  int height() const { return height_; }
  const std::string& language() const { return language_; }
  /// Complete picture with a white ground; `title` is read by screen readers.
  Picture finish(std::string name, const Both& title) const;

 private:
  int width_, height_;
  std::string language_;
  std::string body_;
};

/// The glyph and word of a level as a filled chip in HTML.
std::string chip(AlertLevel);

}  // namespace throng::report::detail
