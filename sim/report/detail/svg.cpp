#include "sim/report/detail/svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace throng::report::detail {
namespace {

/// Outline of a level's shape in a box of side 2 r around x y.
std::string outline(const char* shape, double x, double y, double r) {
  const auto p = [](double a, double b) { return px(a) + " " + px(b); };
  if (std::strcmp(shape, "disc") == 0)
    return "M" + p(x - r, y) + "A" + p(r, r) + " 0 1 1 " + p(x + r, y) + "A" + p(r, r) + " 0 1 1 " + p(x - r, y) + "Z";
  if (std::strcmp(shape, "triangle") == 0)
    return "M" + p(x, y - r) + "L" + p(x + r, y + 0.8 * r) + "L" + p(x - r, y + 0.8 * r) + "Z";
  if (std::strcmp(shape, "diamond") == 0)
    return "M" + p(x, y - r) + "L" + p(x + r, y) + "L" + p(x, y + r) + "L" + p(x - r, y) + "Z";
  if (std::strcmp(shape, "cross") == 0) {
    const double a = 0.38 * r;
    return "M" + p(x, y - a) + "L" + p(x + r - a, y - r) + "L" + p(x + r, y - r + a) + "L" + p(x + a, y) + "L" +
           p(x + r, y + r - a) + "L" + p(x + r - a, y + r) + "L" + p(x, y + a) + "L" + p(x - r + a, y + r) + "L" +
           p(x - r, y + r - a) + "L" + p(x - a, y) + "L" + p(x - r, y - r + a) + "L" + p(x - r + a, y - r) + "Z";
  }
  const double s = 0.86 * r;
  return "M" + p(x - s, y - s) + "L" + p(x + s, y - s) + "L" + p(x + s, y + s) + "L" + p(x - s, y + s) + "Z";
}

}  // namespace

std::string hex(Rgb c) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", c.r, c.g, c.b);
  return text;
}

std::string px(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  const std::size_t n = std::strlen(text);
  if (text[n - 1] == '0') text[n - 2] = '\0';
  return std::strcmp(text, "-0") == 0 ? "0" : text;
}

void Svg::rect(double x, double y, double w, double h, const std::string& style) {
  body_ += "<rect x=\"" + px(x) + "\" y=\"" + px(y) + "\" width=\"" + px(std::max(0.0, w)) + "\" height=\"" +
           px(std::max(0.0, h)) + "\" " + style + "/>\n";
}

void Svg::line(double x1, double y1, double x2, double y2, const std::string& style) {
  body_ +=
      "<line x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) + "\" y2=\"" + px(y2) + "\" " + style + "/>\n";
}

void Svg::path(const std::string& d, const std::string& style) {
  if (!d.empty()) body_ += "<path d=\"" + d + "\" " + style + "/>\n";
}

void Svg::text(double x, double y, const Both& words, const std::string& style) {
  const auto element = [&](const std::string& text, const char* extra) {
    body_ += "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" " + extra + style + ">" + escape(text) + "</text>\n";
  };
  if (language_ == "nl") return element(words.nl, "");
  if (language_ == "en" || words.en == words.nl) return element(words.en, "");
  element(words.en, "class=\"en\" ");
  element(words.nl, "class=\"nl\" ");
}

void Svg::halo_text(double x, double y, const Both& words, const std::string& style) {
  text(x, y, words,
       style +
           " stroke=\"#ffffff\" stroke-opacity=\"0.9\" stroke-width=\"3.5\" stroke-linejoin=\"round\" "
           "aria-hidden=\"true\"");
  text(x, y, words, style);
}

void Svg::image(double x, double y, double w, double h, const Raster& raster) {
  body_ += "<image x=\"" + px(x) + "\" y=\"" + px(y) + "\" width=\"" + px(w) + "\" height=\"" + px(h) +
           "\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64," +
           base64(png(raster)) + "\"/>\n";
}

void Svg::glyph(double x, double y, double size, AlertLevel level) {
  const LevelLook& look = look_of(level);
  path(outline(look.shape, x, y, 0.5 * size),
       "fill=\"" + hex(look.colour) + "\" stroke=\"#111111\" stroke-width=\"1.2\" stroke-linejoin=\"round\"");
  if (level == AlertLevel::unknown)
    text(x, y + 0.3 * size, same("?"),
         "text-anchor=\"middle\" font-weight=\"bold\" font-size=\"" + px(0.8 * size) + "\"");
}

Picture Svg::finish(std::string name, const Both& title) const {
  const std::string size = "width=\"" + std::to_string(width_) + "\" height=\"" + std::to_string(height_) + "\"";
  const std::string label = escape(language_ == "nl" ? title.nl : title.en);
  Picture picture;
  picture.name = std::move(name);
  picture.width = width_;
  picture.height = height_;
  picture.svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size + " viewBox=\"0 0 " + std::to_string(width_) + " " +
                std::to_string(height_) + "\" role=\"img\" aria-label=\"" + label +
                "\" font-family=\"'DejaVu Sans', Verdana, sans-serif\" font-size=\"11\">\n<rect width=\"100%\" "
                "height=\"100%\" fill=\"#ffffff\"/>\n" +
                body_ + "</svg>\n";
  return picture;
}

std::string chip(AlertLevel level) {
  const LevelLook& look = look_of(level);
  const std::string d = outline(look.shape, 6.0, 6.0, 4.6);
  const std::string ink = hex(look.ink);
  return "<span class=\"chip\" style=\"background:" + hex(look.colour) + ";color:" + ink +
         "\"><svg width=\"12\" height=\"12\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><path d=\"" + d + "\" fill=\"" +
         ink + "\"/></svg>" + html(level_word(level)) + "</span>";
}

}  // namespace throng::report::detail
