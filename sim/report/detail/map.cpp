#include "sim/report/detail/map.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace throng::report::detail {
namespace {

constexpr double legend_height = 64.0;  // [px]

const char* fill_of(ObstacleKind kind) {
  switch (kind) {
    case ObstacleKind::building:
      return "#cbc5bd";
    case ObstacleKind::water:
      return "#b7d3e6";
    case ObstacleKind::podium:
      return "#5b4a7d";
    case ObstacleKind::vegetation:
      return "#cfdfc2";
    case ObstacleKind::closure:
      return "#d8b4b4";
    default:
      return "#8f8a86";
  }
}

/// Site metres to pixels, north up.
struct Frame {
  Box view;
  double scale = 1.0;  // [px/m]
  double x(double east) const { return (east - view.min.x) * scale; }
  double y(double north) const { return (view.max.y - north) * scale; }
  double height() const { return view.size().y * scale; }
};

/// A ring as path text; points closer than 0.3 px to the last one are left out.
std::string ring_path(const Frame& frame, const std::vector<Vec2>& ring, bool closed) {
  std::string d;
  Vec2 last{1e300, 1e300};
  int n = 0;
  for (const Vec2 p : ring) {
    const Vec2 q{frame.x(p.x), frame.y(p.y)};
    if (n > 0 && distance(q, last) < 0.3 && &p != &ring.back()) continue;
    d += (n++ == 0 ? "M" : "L") + px(q.x) + " " + px(q.y);
    last = q;
  }
  return n < 2 ? "" : closed ? d + "Z" : d;
}

std::string polygon_path(const Frame& frame, const Polygon& polygon) {
  std::string d = ring_path(frame, polygon.outer, true);
  for (const Ring& hole : polygon.holes) d += ring_path(frame, hole, true);
  return d;
}

bool overlap(const Box& a, const Box& b) {
  return a.min.x <= b.max.x && b.min.x <= a.max.x && a.min.y <= b.max.y && b.min.y <= a.max.y;
}

/// Keeps texts apart: tries places around the wanted one and takes the first that is free, if there is one.
class Labels {
 public:
  explicit Labels(double width, double height) : width_(width), height_(height) {}
  /// @param rows how many rows up and down the text may move
  std::optional<Vec2> place(Vec2 wanted, double text_width, double text_height, int rows) {
    const double half = 0.5 * text_width;
    for (int k = 0; k <= 2 * rows; ++k)
      for (const double aside : {0.0, 0.6, -0.6}) {
        const int row = k % 2 == 0 ? -k / 2 : k / 2 + 1;
        const double x = wanted.x + aside * text_width;
        const Vec2 at{std::clamp(x, half + 3.0, std::max(half + 3.0, width_ - half - 3.0)),
                      std::clamp(wanted.y + row * (text_height + 2.0), text_height, height_ - 4.0)};
        const Box box{{at.x - half, at.y - text_height}, {at.x + half, at.y + 2.0}};
        if (std::any_of(taken_.begin(), taken_.end(), [&](const Box& other) { return overlap(box, other); })) continue;
        taken_.push_back(box);
        return at;
      }
    return std::nullopt;
  }
  void take(Box box) { taken_.push_back(box); }

 private:
  double width_, height_;
  std::vector<Box> taken_;
};

/// Number of UTF-8 characters.
double n_characters(const std::string& text) {
  return static_cast<double>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::uint8_t colour_number(MapScale scale, float value) {
  if (!std::isfinite(value)) return 0;
  std::uint8_t number = 1;
  if (scale == MapScale::density) {
    if (value < density_seen) return 0;
    for (const double bound : density_bounds) number = static_cast<std::uint8_t>(number + (value >= bound ? 1 : 0));
    return number;
  }
  for (const double bound : difference_bounds) number = static_cast<std::uint8_t>(number + (value >= bound ? 1 : 0));
  return number == 4 ? 0 : number;
}

void draw_grid(Svg& svg, const Frame& frame, const GridSpec& grid, const std::vector<float>& values, MapScale scale) {
  if (grid.rows == 0 || grid.columns == 0 || values.size() != static_cast<std::size_t>(grid.rows) * grid.columns)
    return;
  Raster raster;
  raster.columns = static_cast<int>(grid.columns);
  raster.rows = static_cast<int>(grid.rows);
  if (scale == MapScale::density)
    raster.colours.assign(service_colours.begin(), service_colours.end());
  else
    raster.colours.assign(difference_colours.begin(), difference_colours.end());
  for (std::uint32_t row = grid.rows; row-- > 0;)
    for (std::uint32_t column = 0; column < grid.columns; ++column)
      raster.index.push_back(colour_number(scale, values[static_cast<std::size_t>(row) * grid.columns + column]));
  svg.image(frame.x(grid.origin.x), frame.y(grid.origin.y + grid.rows * grid.cell),
            grid.columns * grid.cell * frame.scale, grid.rows * grid.cell * frame.scale, raster);
}

void draw_ground(Svg& svg, const Frame& frame, const MapRequest& request) {
  const RunHeader& header = request.header;
  svg.rect(0, 0, frame.view.size().x * frame.scale, frame.height(), "fill=\"#e4e1dc\"");
  for (const Obstacle& obstacle : header.obstacles)
    if (overlap(bounds(obstacle.shape), frame.view))
      svg.path(polygon_path(frame, obstacle.shape),
               std::string("fill=\"") + fill_of(obstacle.kind) + "\" fill-rule=\"evenodd\"");
  for (std::size_t l = 0; l < header.ground.size(); ++l) {
    std::string d;
    for (const Polygon& part : header.ground[l]) d += polygon_path(frame, part);
    svg.path(d, "fill=\"#fdfcf9\" fill-rule=\"evenodd\"");
    for (std::size_t g = 0; g < header.grids.size() && g < request.values.size(); ++g)
      if (l < header.levels.size() && header.grids[g].level == header.levels[l].id)
        draw_grid(svg, frame, header.grids[g], request.values[g], request.scale);
    svg.path(d, "fill=\"none\" stroke=\"#77706a\" stroke-width=\"0.8\"");
  }
}

void draw_landmarks(Svg& svg, const Frame& frame, const RunHeader& header) {
  for (const Obstacle& obstacle : header.obstacles)
    if (obstacle.kind == ObstacleKind::podium)
      svg.path(polygon_path(frame, obstacle.shape), "fill=\"#5b4a7d\" stroke=\"#2f2544\" stroke-width=\"1\"");
  for (const Landmark& mark : header.landmarks) {
    if (mark.kind == "fence")
      svg.path(ring_path(frame, mark.shape.outer, false), "fill=\"none\" stroke=\"#8c1d4f\" stroke-width=\"1.8\"");
    else if (mark.kind == "gate")
      svg.path(ring_path(frame, mark.shape.outer, false), "fill=\"none\" stroke=\"#00796b\" stroke-width=\"4\"");
    else if (mark.shape.outer.size() >= 3)
      svg.path(polygon_path(frame, mark.shape), "fill=\"none\" stroke=\"#5b4a7d\" stroke-width=\"1.2\"");
  }
}

void draw_landmark_names(Svg& svg, const Frame& frame, const RunHeader& header, Labels& labels) {
  for (const Landmark& mark : header.landmarks) {
    const Vec2 at = mark.shape.outer.size() >= 3 ? centroid(mark.shape) : mark.point;
    if (mark.name.empty() || mark.kind == "fence" || !frame.view.contains(at)) continue;
    if (const auto p = labels.place({frame.x(at.x), frame.y(at.y) + 4.0}, 6.4 * n_characters(mark.name), 11.0, 0))
      svg.halo_text(p->x, p->y, same(mark.name),
                    "text-anchor=\"middle\" font-size=\"10\" font-style=\"italic\" fill=\"#3d3160\"");
  }
}

void draw_zones(Svg& svg, const Frame& frame, const RunHeader& header) {
  for (const ZoneInfo& zone : header.zones)
    for (const Polygon& shape : zone.shape)
      svg.path(polygon_path(frame, shape),
               "fill=\"none\" stroke=\"#1a1a1a\" stroke-width=\"1.4\" stroke-dasharray=\"6 3\"");
}

/// A counting line with an arrow in its positive direction (from the left to the right of the drawn line).
void draw_line(Svg& svg, const Frame& frame, const LineInfo& info) {
  svg.path(ring_path(frame, info.line, false), "fill=\"none\" stroke=\"#ffffff\" stroke-width=\"5\"");
  svg.path(ring_path(frame, info.line, false), "fill=\"none\" stroke=\"#6a1b9a\" stroke-width=\"2.6\"");
  if (info.line.size() < 2) return;
  const Vec2 a = info.line.front();
  const Vec2 b = info.line.back();
  const Vec2 n = normalized(-perp(b - a));
  const Vec2 m = 0.5 * (a + b);
  const Vec2 c{frame.x(m.x), frame.y(m.y)};
  const Vec2 d{n.x, -n.y};
  const Vec2 side = perp(d);
  const Vec2 tip = c + 13.0 * d;
  const Vec2 left = c + 6.0 * d + 4.5 * side;
  const Vec2 right = c + 6.0 * d - 4.5 * side;
  svg.line(c.x, c.y, c.x + 7.0 * d.x, c.y + 7.0 * d.y, "stroke=\"#6a1b9a\" stroke-width=\"2.2\"");
  svg.path("M" + px(tip.x) + " " + px(tip.y) + "L" + px(left.x) + " " + px(left.y) + "L" + px(right.x) + " " +
               px(right.y) + "Z",
           "fill=\"#6a1b9a\"");
}

/// Middle of a zone; for the whole site its north-western corner, where it hides less.
Vec2 label_place(const ZoneInfo& zone, const Frame& frame, double character_width) {
  if (zone.kind != ZoneKind::site) return centroid(zone.shape.front());
  const Box box = bounds(zone.shape.front());
  return {std::max(box.min.x, frame.view.min.x) + (0.5 * character_width * n_characters(zone.name) + 8.0) / frame.scale,
          std::min(box.max.y, frame.view.max.y) - 18.0 / frame.scale};
}

void draw_names(Svg& svg, const Frame& frame, const RunHeader& header, Labels& labels) {
  constexpr double character_width = 8.2;
  const auto name = [&](Vec2 at, const std::string& text, const std::string& style, double character, int rows) {
    if (!frame.view.contains(at)) return;
    if (const auto p = labels.place({frame.x(at.x), frame.y(at.y)}, character * n_characters(text), 12.0, rows))
      svg.halo_text(p->x, p->y, same(text), "text-anchor=\"middle\" " + style);
  };
  for (const ZoneInfo& zone : header.zones)
    if (!zone.shape.empty())
      name(label_place(zone, frame, character_width), zone.name, "font-weight=\"bold\" font-size=\"12\"",
           character_width, 6);
  for (const LineInfo& line : header.lines)
    if (line.line.size() >= 2) name(line.line.back(), line.name, "font-size=\"10\" fill=\"#4a1270\"", 6.4, 1);
}

void draw_spots(Svg& svg, const Frame& frame, const std::vector<Spot>& spots, Labels& labels) {
  for (const Spot& spot : spots) {
    if (!frame.view.contains(spot.at)) continue;
    const Vec2 c{frame.x(spot.at.x), frame.y(spot.at.y)};
    const double side = 5.0 * frame.scale;
    svg.rect(c.x - 0.5 * side, c.y - 0.5 * side, side, side, "fill=\"none\" stroke=\"#111111\" stroke-width=\"1.6\"");
    svg.glyph(c.x, c.y, 15.0, spot.level);
    const double width = 7.4 * std::max(n_characters(spot.label.en), n_characters(spot.label.nl));
    labels.take({{c.x - 8.0, c.y - 8.0}, {c.x + 8.0, c.y + 8.0}});
    const Vec2 wanted{c.x + 12.0 + 0.5 * width, c.y + 4.0};
    const Vec2 p = labels.place(wanted, width, 12.0, 8).value_or(wanted);
    svg.halo_text(p.x, p.y, spot.label, "text-anchor=\"middle\" font-weight=\"bold\" font-size=\"11\"");
  }
}

/// Ends at `right`.
void draw_scale_bar(Svg& svg, const Frame& frame, double right, double y) {
  double length = 1.0;
  for (const double candidate : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0})
    if (candidate * frame.scale <= 0.17 * frame.scale * frame.view.size().x) length = candidate;
  const double w = length * frame.scale;
  const double x = right - w;
  svg.rect(x, y, w, 6, "fill=\"#ffffff\" stroke=\"#111111\" stroke-width=\"1\"");
  svg.rect(x, y, 0.5 * w, 6, "fill=\"#111111\"");
  svg.text(x, y + 19, same("0"), "text-anchor=\"middle\"");
  svg.text(x + w, y + 19, number(length) + " m", "text-anchor=\"middle\"");
}

void draw_north(Svg& svg, double x, double y) {
  svg.path("M" + px(x) + " " + px(y - 15) + "L" + px(x + 7) + " " + px(y + 9) + "L" + px(x) + " " + px(y + 4) + "L" +
               px(x - 7) + " " + px(y + 9) + "Z",
           "fill=\"#111111\" stroke=\"#ffffff\" stroke-width=\"1\"");
  svg.text(x, y + 22, same("N"), "text-anchor=\"middle\" font-weight=\"bold\"");
}

void draw_legend(Svg& svg, const MapRequest& request, double y) {
  const bool density_scale = request.scale == MapScale::density;
  const std::size_t n = density_scale ? service_colours.size() : difference_colours.size();
  const double left = 14.0;
  const double box = std::min(64.0, (0.62 * request.width - left) / static_cast<double>(n));
  svg.text(left, y + 14,
           density_scale ? Both{"Peak density: people per m², densest 5 × 5 m, mean over 30 s",
                                "Piekdichtheid: personen per m², dichtste 5 × 5 m, gemiddelde over 30 s"}
                         : Both{"Difference B − A in peak density, people per m²",
                                "Verschil B − A in piekdichtheid, personen per m²"},
           "font-size=\"11\" font-weight=\"bold\"");
  for (std::size_t k = 0; k < n; ++k)
    svg.rect(left + box * static_cast<double>(k), y + 21, box, 14,
             "fill=\"" + hex(density_scale ? service_colours[k] : difference_colours[k]) +
                 "\" stroke=\"#55504b\" stroke-width=\"0.6\"");
  const auto bound = [&](std::size_t k, const Both& words) {
    svg.text(left + box * static_cast<double>(k), y + 49, words, "text-anchor=\"middle\"");
  };
  if (density_scale) {
    svg.text(left, y + 49, number(density_seen, 1), "text-anchor=\"start\"");
    for (std::size_t k = 0; k < density_bounds.size(); ++k) bound(k + 1, number(density_bounds[k]));
    svg.text(left + box * static_cast<double>(n), y + 49, {"more", "meer"}, "text-anchor=\"end\"");
  } else {
    for (std::size_t k = 0; k < difference_bounds.size(); ++k)
      bound(k + 1, signed_number(difference_bounds[k], std::fabs(difference_bounds[k]) < 1.0 ? 2 : 0));
    svg.text(left, y + 61, {"less crowded in B", "rustiger in B"}, "font-size=\"10\"");
    svg.text(left + box * static_cast<double>(n), y + 61, {"more crowded in B", "drukker in B"},
             "font-size=\"10\" text-anchor=\"end\"");
  }
}

}  // namespace

Box map_view(const RunHeader& header, const std::vector<std::vector<float>>& values) {
  Box box;
  for (std::size_t g = 0; g < header.grids.size() && g < values.size(); ++g)
    for (std::size_t i = 0; i < values[g].size(); ++i) {
      if (!(std::fabs(values[g][i]) >= 0.02F)) continue;
      const GridSpec& grid = header.grids[g];
      box.add(grid.origin +
              grid.cell * Vec2{static_cast<double>(i % grid.columns), static_cast<double>(i / grid.columns)});
    }
  for (const ZoneInfo& zone : header.zones)
    for (const Polygon& shape : zone.shape)
      for (const Vec2 p : shape.outer) box.add(p);
  for (const LineInfo& line : header.lines)
    for (const Vec2 p : line.line) box.add(p);
  if (box.empty())
    for (const auto& level : header.ground)
      for (const Polygon& part : level)
        for (const Vec2 p : part.outer) box.add(p);
  if (box.empty()) box = {{0.0, 0.0}, {10.0, 10.0}};
  const double margin = 3.0 + 0.03 * std::max(box.size().x, box.size().y);
  box.min = box.min - Vec2{margin, margin};
  box.max = box.max + Vec2{margin, margin};
  // Not flatter than 1 : 2.5 and not taller than 4 : 3, so that it fits a page.
  const Vec2 size = box.size();
  const Vec2 grow{std::max(0.0, 0.75 * size.y - size.x) * 0.5, std::max(0.0, 0.4 * size.x - size.y) * 0.5};
  return {box.min - grow, box.max + grow};
}

Picture draw_map(const MapRequest& request) {
  Frame frame{request.view, request.width / std::max(1.0, request.view.size().x)};
  const double height = std::floor(frame.height());
  Svg svg(request.width, static_cast<int>(height + legend_height + 2.0), request.language);
  svg.open("<svg x=\"0\" y=\"0\" width=\"" + std::to_string(request.width) + "\" height=\"" + px(height) + "\">");
  Labels labels(request.width, height);
  labels.take({{request.width - 44.0, 0.0}, {static_cast<double>(request.width), 54.0}});
  draw_ground(svg, frame, request);
  draw_landmarks(svg, frame, request.header);
  draw_zones(svg, frame, request.header);
  for (const LineInfo& line : request.header.lines) draw_line(svg, frame, line);
  draw_spots(svg, frame, request.spots, labels);
  if (request.place_names) draw_names(svg, frame, request.header, labels);
  if (request.place_names) draw_landmark_names(svg, frame, request.header, labels);
  draw_north(svg, request.width - 22.0, 24.0);
  svg.close("svg");
  svg.rect(0.5, 0.5, request.width - 1.0, height, "fill=\"none\" stroke=\"#77706a\"");
  draw_legend(svg, request, height);
  draw_scale_bar(svg, frame, request.width - 34.0, height + 22.0);
  return svg.finish("peak-density", request.title);
}

std::vector<Spot> worst_spots(const Runs& runs) {
  std::vector<Spot> out;
  int n = 0;
  for (const ExceedanceFigures& above : worst_exceedances(runs)) {
    if (runs.front().header.zones[above.zone].kind == ZoneKind::site) continue;
    if (n == 8) break;
    out.push_back(
        {above.at, above.level, same(std::to_string(++n) + "  ") + value_of(above.quantity, above.peak.median)});
  }
  if (!out.empty()) return out;
  ZoneFigures worst;
  for (const ZoneFigures& zone : zone_figures(runs.front()))
    if (zone.local > worst.local) worst = zone;
  if (worst.local > 0.0) out.push_back({worst.local_at, worst.level, same("1  ") + density(worst.local)});
  return out;
}

}  // namespace throng::report::detail
