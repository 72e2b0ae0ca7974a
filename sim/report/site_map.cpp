#include "sim/report/site_map.hpp"

#include "sim/report/detail/words.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace throng::report {
namespace {

constexpr double picture_width = 1600.0;  // [px]

const char* fill_of(Surface surface) {
  switch (surface) {
    case Surface::footway:
      return "#efe6d2";
    case Surface::steps:
      return "#d9b8e0";
    case Surface::road:
      return "#dcdcdc";
    case Surface::cycleway:
      return "#e8cfc4";
    case Surface::parking:
      return "#d0d0d8";
    case Surface::grass:
      return "#d3e4c3";
    case Surface::bridge:
      return "#c9c2ae";
    case Surface::temporary:
      return "#f3d9a4";
    case Surface::private_ground:
      return "#cfc8c8";
    case Surface::undefined:
      return "#f2f2ec";
    default:
      return "#f7efdd";
  }
}

const char* fill_of(ObstacleKind kind) {
  switch (kind) {
    case ObstacleKind::building:
      return "#a9a19a";
    case ObstacleKind::water:
      return "#a8cbe0";
    case ObstacleKind::podium:
      return "#5b4a7d";
    case ObstacleKind::vegetation:
      return "#a9c79a";
    default:
      return "#8d8d8d";
  }
}

/// Collects SVG in site metres turned into pixels, north up.
class Canvas {
 public:
  explicit Canvas(Box box) : box_(box), scale_(picture_width / std::max(1.0, box.size().x)) {}
  int width() const { return static_cast<int>(picture_width); }
  int height() const { return static_cast<int>(std::max(1.0, box_.size().y) * scale_) + 1; }
  std::string point(Vec2 p) const {
    char text[48];
    std::snprintf(text, sizeof text, "%.1f,%.1f", (p.x - box_.min.x) * scale_, (box_.max.y - p.y) * scale_);
    return text;
  }
  std::string path(const Polygon& polygon) const {
    std::string d = ring(polygon.outer);
    for (const Ring& hole : polygon.holes) d += ring(hole);
    return d;
  }
  void add(const std::string& element) { body_ += element + "\n"; }
  void line(Vec2 a, Vec2 b, const std::string& style) {
    add("<polyline points=\"" + point(a) + " " + point(b) + "\" " + style + "/>");
  }
  void lines(const std::vector<Vec2>& points, const std::string& style) {
    std::string list;
    for (const Vec2 p : points) list += point(p) + " ";
    add("<polyline points=\"" + list + "\" fill=\"none\" " + style + "/>");
  }
  void label(Vec2 at, const std::string& text, const std::string& style) {
    const std::string p = point(at);
    const auto comma = p.find(',');
    add("<text x=\"" + p.substr(0, comma) + "\" y=\"" + p.substr(comma + 1) + "\" text-anchor=\"middle\" " + style +
        ">" + detail::escape(text) + "</text>");
  }
  std::string finish() const {
    const std::string size = "width=\"" + std::to_string(width()) + "\" height=\"" + std::to_string(height()) + "\"";
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size +
           " font-family=\"DejaVu Sans, sans-serif\" font-size=\"11\">\n<rect " + size + " fill=\"#ffffff\"/>\n" +
           body_ + "</svg>\n";
  }
  double metres(double m) const { return m * scale_; }

 private:
  std::string ring(const Ring& points) const {
    std::string d;
    for (std::size_t i = 0; i < points.size(); ++i) d += (i == 0 ? "M" : "L") + point(points[i]);
    return d.empty() ? d : d + "Z";
  }
  Box box_;
  double scale_;
  std::string body_;
};

void draw_ground(Canvas& canvas, const World& world) {
  const WalkableMesh& mesh = world.mesh();
  std::map<Surface, std::string> by_surface;
  for (const MeshFace& face : mesh.face) {
    std::string& d = by_surface[face.surface];
    for (int k = 0; k < 3; ++k)
      d += (k == 0 ? "M" : "L") +
           canvas.point(mesh.vertex[static_cast<std::size_t>(face.vertex[static_cast<std::size_t>(k)])]);
    d += "Z";
  }
  for (const auto& [surface, d] : by_surface) {
    const std::string fill = fill_of(surface);
    canvas.add("<path d=\"" + d + "\" fill=\"" + fill + "\" stroke=\"" + fill + "\" stroke-width=\"0.4\"/>");
  }
}

void draw_places(Canvas& canvas, const World& world) {
  for (const Place& place : world.places()) {
    const bool is_zone = place.shape.kind == PlaceKind::zone;
    const bool is_end = place.shape.kind == PlaceKind::source || place.shape.kind == PlaceKind::exit;
    const std::string color = is_zone ? "#1b6ca8" : is_end ? "#00796b" : "#8a6d00";
    for (const Polygon& area : place.shape.areas)
      canvas.add("<path d=\"" + canvas.path(area) + "\" fill=\"" + color + "\" fill-opacity=\"0.06\" stroke=\"" +
                 color + "\" stroke-width=\"1\" stroke-dasharray=\"4 3\" fill-rule=\"evenodd\"/>");
    canvas.lines(place.shape.line, "stroke=\"" + color + "\" stroke-width=\"2\" stroke-dasharray=\"4 3\"");
    if (!place.shape.areas.empty())
      canvas.label(centroid(place.shape.areas.front()), place.shape.name.empty() ? place.shape.id : place.shape.name,
                   "fill=\"" + color + "\"");
  }
}

void draw_barriers(Canvas& canvas, const World& world) {
  for (const Wall& wall : world.walls()) canvas.line(wall.a, wall.b, "stroke=\"#3a3a3a\" stroke-width=\"1\"");
  for (const Door& door : world.doors())
    for (const auto& segment : door.segments)
      canvas.line(segment[0], segment[1],
                  door.initial == DoorState::closed ? "stroke=\"#b8003a\" stroke-width=\"4\""
                                                    : "stroke=\"#2e8b57\" stroke-width=\"4\"");
  for (const MeasurementLine& line : world.lines()) canvas.lines(line.line, "stroke=\"#d1470c\" stroke-width=\"2\"");
}

void draw_scale(Canvas& canvas, Box box) {
  const Vec2 a{box.min.x + 0.02 * box.size().x, box.min.y + 0.02 * box.size().y};
  const double length = box.size().x > 400.0 ? 100.0 : box.size().x > 40.0 ? 10.0 : 1.0;
  canvas.line(a, a + Vec2{length, 0.0}, "stroke=\"#000\" stroke-width=\"3\"");
  canvas.label(a + Vec2{0.5 * length, 0.008 * box.size().x}, std::to_string(static_cast<int>(length)) + " m",
               "fill=\"#000\"");
}

}  // namespace

Picture site_map(const World& world, const std::vector<MapMark>& marks) {
  Box box = world.bounds();
  box.add(box.min - Vec2{5.0, 5.0});
  box.add(box.max + Vec2{5.0, 5.0});
  Canvas canvas(box);
  for (const Obstacle& obstacle : world.data().obstacles)
    canvas.add("<path d=\"" + canvas.path(obstacle.shape) + "\" fill=\"" + fill_of(obstacle.kind) +
               "\" fill-rule=\"evenodd\"/>");
  draw_ground(canvas, world);
  draw_places(canvas, world);
  draw_barriers(canvas, world);
  for (const MapMark& mark : marks) canvas.label(mark.at, "⚠ " + mark.text, "fill=\"#b8003a\" font-weight=\"bold\"");
  draw_scale(canvas, box);
  return {"site", canvas.finish(), canvas.width(), canvas.height()};
}

}  // namespace throng::report
