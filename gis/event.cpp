#include "gis/detail/event.hpp"

#include "sim/scenario/drawing_defaults.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <fmt/format.h>

namespace throng::gis::detail {
namespace {

/// One feature being read, with everything a kind may need.
struct Reading {
  const Feature& f;
  Drawing& drawing;
  Faults& faults;
  ImportReport& report;
  std::string name;
  LevelId level{};

  double number(const char* key, double otherwise, double low, double high) {
    const auto value = f.number_of(key, faults);
    if (!value) return otherwise;
    if (*value < low || *value > high) {
      faults.add(f.label + "." + key, "E608 out of range", fmt::format("{}", *value),
                 fmt::format("{} to {}", low, high));
      return otherwise;
    }
    return *value;
  }
  /// Number of a level.
  int whole(const char* key, int otherwise) {
    const double value = number(key, otherwise, -100.0, 1000.0);
    if (value != std::floor(value))
      faults.add(f.label + "." + key, "E608 not a whole number", fmt::format("{}", value), "an integer");
    return static_cast<int>(value);
  }
  bool flag(const char* key, bool otherwise) { return f.flag(key, faults).value_or(otherwise); }
  /// One of a list of words; the first is the default unless required.
  std::string word(const char* key, const std::vector<std::string>& allowed, bool required = false) {
    const auto value = f.text(key);
    if (!value) {
      if (required)
        faults.add(f.label + "." + key, "E606 missing property", {}, fmt::format("{}", fmt::join(allowed, ", ")));
      return allowed[0];
    }
    if (std::find(allowed.begin(), allowed.end(), *value) != allowed.end()) return *value;
    const std::string near = nearest_word(*value, allowed);
    faults.add(f.label + "." + key, "E605 unknown word", *value,
               fmt::format("{}{}", fmt::join(allowed, ", "), near.empty() ? "" : "; nearest: " + near));
    return allowed[0];
  }
  PlaceShape place(PlaceKind kind) {
    PlaceShape p;
    p.id = f.id;
    p.name = name;
    p.kind = kind;
    p.level = level;
    p.areas = f.polygons;
    if (!f.lines.empty()) p.line = f.lines[0];
    return p;
  }
};

void read_solid(Reading& r, ObstacleKind kind, const char* word, double height) {
  height = r.number("height_m", height, 0.0, 500.0);
  for (const Polygon& p : r.f.polygons) {
    r.drawing.layer.removed.push_back({p, kind, r.level, 0.0, height, "event/" + r.f.id});
    r.drawing.layer.landmarks.push_back({r.f.id, r.name, word, p, inner_point(p), height, r.level});
  }
}

void read_fence(Reading& r) {
  const double height = r.number("height_m", 2.0, 0.0, 50.0);
  r.drawing.layer.defaults.push_back({r.f.id, "height_m", fmt::format("{}", height)});
  r.drawing.layer.fences.push_back(
      {r.f.lines[0], BarrierKind::event_fence, r.level, r.flag("see_through", true), "event/" + r.f.id});
}

GateRequest gate_of(Reading& r) {
  GateRequest gate;
  gate.label = r.f.label;
  GateSpan& span = gate.span;
  span.id = r.f.id;
  span.name = r.name;
  span.level = r.level;
  span.initial = r.word("state", {"open", "closed"}) == "closed" ? GateState::closed : GateState::open;
  span.capacity_per_min = r.number("capacity_per_min", 0.0, 0.0, 100000.0);
  return gate;
}

bool set_gate_line(Reading& r, GateRequest& gate) {
  if (r.f.lines[0].size() != 2) {
    r.faults.add(r.f.label, "E603 a gate line has two points", fmt::format("{} points", r.f.lines[0].size()),
                 "2 points");
    return false;
  }
  gate.span.a = r.f.lines[0][0];
  gate.span.b = r.f.lines[0][1];
  return true;
}

void read_gate(Reading& r) {
  GateRequest gate = gate_of(r);
  const std::string side = r.word("direction", {"both", "in", "out", "forward", "backward"});
  using Side = GateRequest::Side;
  gate.side = side == "in"         ? Side::in
              : side == "out"      ? Side::out
              : side == "forward"  ? Side::forward
              : side == "backward" ? Side::backward
                                   : Side::both;
  gate.drawn_as_point = r.f.shape == Shape::point;
  if (gate.drawn_as_point) {
    gate.span.a = gate.span.b = r.f.points[0];
    if (!r.f.text("width_m")) {
      r.faults.add(r.f.label + ".width_m", "E606 missing property: a gate drawn as a point needs its width", {},
                   "m, >= 0.6");
      return;
    }
  } else if (!set_gate_line(r, gate)) {
    return;
  }
  const auto width = r.f.text("width_m") ? r.f.number_of("width_m", r.faults) : distance(gate.span.a, gate.span.b);
  if (!width) return;
  gate.span.width = *width;
  if (*width < 0.6 || *width > 200.0) {
    r.faults.add(r.f.label + ".width_m", "E602 gate width out of range", fmt::format("{:.3f}", *width), "0.6 to 200 m");
    return;
  }
  r.drawing.gates.push_back(std::move(gate));
}

void read_oneway(Reading& r) {
  GateRequest gate = gate_of(r);
  gate.free_standing = true;
  gate.side = GateRequest::Side::forward;
  if (!set_gate_line(r, gate)) return;
  gate.span.width = distance(gate.span.a, gate.span.b);
  if (gate.span.width < 0.6) {
    r.faults.add(r.f.label, "E602 one-way door narrower than 0.6 m", fmt::format("{:.3f}", gate.span.width),
                 ">= 0.6 m");
    return;
  }
  r.drawing.gates.push_back(std::move(gate));
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return text;
}

/// The part of a street to close: all ways of that name or number, within the polygon when one is drawn. By level.
std::map<LevelId, Polygons> street_of(Reading& r) {
  const std::string name = lower(r.f.text("street").value_or(""));
  std::string id = r.f.text("osm_id").value_or("");
  if (!id.empty() && id.rfind("way/", 0) != 0) id.insert(0, "way/");
  std::map<LevelId, Polygons> out;
  std::set<std::string> names;
  for (const Street& s : r.drawing.streets != nullptr ? *r.drawing.streets : std::vector<Street>{}) {
    if (!s.name.empty()) names.insert(s.name);
    if ((name.empty() || lower(s.name) != name) && (id.empty() || s.source_id != id)) continue;
    for (Polygon& p : buffer_line(s.line, s.width, false)) out[s.level].push_back(std::move(p));
  }
  if (out.empty()) {
    const std::string wanted = name.empty() ? id : *r.f.text("street");
    const std::string near = nearest_word(wanted, {names.begin(), names.end()});
    r.faults.add(r.f.label, "E624 no street of this name or number in the city data", wanted,
                 names.empty()  ? "OSM data with streets"
                 : near.empty() ? "name or way number of a street"
                                : "nearest: " + near);
  }
  for (auto& [level, shapes] : out) {
    shapes = unite(shapes, 0.01);
    if (!r.f.polygons.empty()) shapes = intersect(shapes, r.f.polygons, 0.01);
  }
  return out;
}

void read_closure(Reading& r) {
  const std::string effect = r.word("effect", {"close_to_traffic", "close_to_pedestrians", "timed"}, true);
  std::map<LevelId, Polygons> shapes;
  if (r.f.text("street") || r.f.text("osm_id")) {
    shapes = street_of(r);
    double sum = 0.0;
    for (const auto& [level, list] : shapes) sum += total_area(list);
    if (!shapes.empty())
      r.report.add("E625", sum > 0.0 ? Severity::info : Severity::error, "event/" + r.f.id, std::nullopt,
                   fmt::format("Street {} found: {:.0f} m² to close.",
                               r.f.text("street").value_or(r.f.text("osm_id").value_or("")), sum));
  } else {
    shapes[r.level] = r.f.polygons;
  }
  if (effect == "timed" && shapes.size() > 1)
    r.faults.add(r.f.label, "E626 the street lies on several levels; a timed closure has one", {},
                 "a polygon around the part to close");
  for (auto& [level, list] : shapes) {
    if (effect == "timed") {
      PlaceShape p = r.place(PlaceKind::closure);
      p.level = level;
      p.areas = list;
      if (!p.areas.empty()) r.drawing.layer.places.push_back(std::move(p));
      continue;
    }
    for (const Polygon& p : list) {
      if (effect == "close_to_pedestrians")
        r.drawing.layer.removed.push_back({p, ObstacleKind::closure, level, 0.0, 0.0, "event/" + r.f.id});
      else
        r.drawing.traffic_closures.push_back({p, Surface::road, level, 1.0, "event/" + r.f.id});
    }
  }
}

/// The two ends of a walkway between sheets: first to second corner, third to fourth.
void read_joints(Reading& r) {
  if (!r.f.text("from_level") && !r.f.text("to_level")) return;
  const int own = static_cast<int>(r.level);
  const int ends[2] = {r.whole("from_level", own), r.whole("to_level", own)};
  if (r.f.corners.size() != 1 || r.f.corners[0].size() != 4) {
    r.faults.add(r.f.label, "E603 an object with from_level or to_level is one polygon of four corners", {},
                 "4 corners");
    return;
  }
  const Line& c = r.f.corners[0];
  for (int k = 0; k < 2; ++k) {
    if (ends[k] == own) continue;
    const auto i = static_cast<std::size_t>(2 * k);
    const Vec2 inward = normalized(0.5 * (c[(i + 2) % 4] + c[(i + 3) % 4]) - 0.5 * (c[i] + c[i + 1]));
    r.drawing.joints.push_back({c[i], c[i + 1], inward, own, ends[k], "event/" + r.f.id});
  }
}

void read_ground(Reading& r, Surface surface, double speed) {
  if (const auto word = r.f.text("surface")) {
    if (const auto named = surface_from(*word))
      surface = *named;
    else
      r.faults.add(r.f.label + ".surface", "E605 unknown word", *word, "a surface of docs/formats/event-drawing.md");
  }
  speed = r.number("speed_factor", speed, 0.05, 1.2);
  for (const Polygon& p : r.f.polygons)
    r.drawing.layer.added.push_back({p, surface, r.level, speed, "event/" + r.f.id});
  read_joints(r);
}

void read_zone(Reading& r) {
  PlaceShape p = r.place(PlaceKind::zone);
  p.zone_kind = *zone_kind_from(r.word("zone_kind", {"passage", "standing", "queue", "stairs", "keep_clear", "site"}));
  r.drawing.layer.places.push_back(std::move(p));
}

void read_server(Reading& r) {
  PlaceShape p = r.place(PlaceKind::server);
  if (r.f.shape == Shape::point) {
    const double h = 0.5 * r.number("size_m", 1.5, 0.2, 100.0);
    const Vec2 c = r.f.points[0];
    p.areas.push_back({{c + Vec2{-h, -h}, c + Vec2{h, -h}, c + Vec2{h, h}, c + Vec2{-h, h}}, {}});
  }
  r.drawing.layer.places.push_back(std::move(p));
}

void read_belonging(Reading& r, PlaceKind kind, bool required) {
  PlaceShape p = r.place(kind);
  p.belongs_to = r.f.text("belongs_to").value_or("");
  if (required && p.belongs_to.empty())
    r.faults.add(r.f.label + ".belongs_to", "E606 missing property", {}, "id of a server");
  r.drawing.layer.places.push_back(std::move(p));
}

void read_sensor(Reading& r) {
  SensorSite s;
  s.id = r.f.id;
  s.name = r.name;
  s.type = r.word("type", {"line_counter", "area_counter", "wifi"}, true);
  s.channel = r.f.text("channel").value_or(r.f.id);
  s.level = r.level;
  s.bias = r.number("bias", 0.0, -1e6, 1e6);
  s.sigma = r.number("sigma", 0.0, 0.0, 1e6);
  const Shape wanted = s.type == "line_counter"   ? Shape::line
                       : s.type == "area_counter" ? Shape::polygon
                                                  : Shape::point;
  if (r.f.shape != wanted) {
    r.faults.add(r.f.label, "E603 wrong geometry for a sensor of type " + s.type, to_string(r.f.shape),
                 to_string(wanted));
    return;
  }
  if (wanted == Shape::line) {
    s.line = r.f.lines[0];
    r.drawing.layer.lines.push_back({s.id, s.name, s.line, r.level, s.channel});
  } else if (wanted == Shape::polygon) {
    s.area = r.f.polygons[0];
  } else {
    s.point = r.f.points[0];
    s.radius = r.number("radius_m", 30.0, 0.1, 10000.0);
  }
  r.drawing.layer.sensors.push_back(std::move(s));
}

struct Kind {
  std::string shapes;  ///< P polygon, M multipolygon, L line, X point
  std::vector<std::string> properties;
  std::function<void(Reading&)> read;
};

const std::map<std::string, Kind>& kinds() {
  using R = Reading&;
  const auto place = [](PlaceKind kind) { return [kind](R r) { r.drawing.layer.places.push_back(r.place(kind)); }; };
  const auto flow_place = [](PlaceKind kind) {
    return [kind](R r) {
      PlaceShape p = r.place(kind);
      p.step_free = r.flag("step_free", false);
      r.drawing.layer.places.push_back(std::move(p));
    };
  };
  const auto ground = [](Surface surface, double speed) { return [=](R r) { read_ground(r, surface, speed); }; };
  const auto podium = [](R r) { read_solid(r, ObstacleKind::podium, "podium", 1.5); };
  static const std::map<std::string, Kind> table{
      {"podium", {"P", {"height_m"}, podium}},
      {"stage", {"P", {"height_m"}, podium}},
      {"structure", {"PM", {"height_m"}, [](R r) { read_solid(r, ObstacleKind::structure, "structure", 3.0); }}},
      {"container", {"PM", {"height_m"}, [](R r) { read_solid(r, ObstacleKind::container, "container", 2.6); }}},
      {"fence", {"L", {"height_m", "see_through"}, read_fence}},
      {"gate", {"LX", {"width_m", "state", "direction", "capacity_per_min", "schedule"}, read_gate}},
      {"closure", {"PM", {"effect", "street", "osm_id"}, read_closure}},
      {"opening", {"PM", {"surface", "speed_factor"}, ground(Surface::temporary, 1.0)}},
      {"pontoon", {"PM", {"surface", "speed_factor"}, ground(Surface::temporary, 1.0)}},
      {"walkway", {"PM", {"surface", "speed_factor", "from_level", "to_level"}, ground(Surface::temporary, 1.0)}},
      {"stairs", {"P", {"surface", "speed_factor", "from_level", "to_level"}, ground(Surface::steps, 0.5)}},
      {"zone", {"PM", {"zone_kind"}, read_zone}},
      {"audience", {"PM", {"belongs_to"}, [](R r) { read_belonging(r, PlaceKind::audience, false); }}},
      {"stay", {"PM", {}, place(PlaceKind::stay)}},
      {"waypoint", {"PM", {}, place(PlaceKind::waypoint)}},
      {"source", {"PML", {"step_free"}, flow_place(PlaceKind::source)}},
      {"exit", {"PML", {"step_free"}, flow_place(PlaceKind::exit)}},
      {"server", {"PX", {"size_m"}, read_server}},
      {"queue_lane", {"L", {"belongs_to"}, [](R r) { read_belonging(r, PlaceKind::queue_lane, true); }}},
      {"service_lane",
       {"PL",
        {"clear_width_m"},
        [](R r) {
          PlaceShape p = r.place(PlaceKind::service_lane);
          p.clear_width = r.number("clear_width_m", 3.5, 0.1, 100.0);
          r.drawing.layer.places.push_back(std::move(p));
        }}},
      {"perimeter",
       {"PM",
        {},
        [](R r) {
          r.drawing.layer.places.push_back(r.place(PlaceKind::perimeter));
          r.drawing.perimeter.insert(r.drawing.perimeter.end(), r.f.polygons.begin(), r.f.polygons.end());
        }}},
      {"sensor", {"LPX", {"type", "channel", "bias", "sigma", "radius_m"}, read_sensor}},
      {"line",
       {"L",
        {},
        [](R r) {
          r.drawing.layer.lines.push_back({r.f.id, r.name, r.f.lines[0], r.level, ""});
        }}},
      {"oneway", {"L", {"state", "capacity_per_min"}, read_oneway}},
      {"poi", {"X", {}, [](R r) {
                 r.drawing.layer.landmarks.push_back({r.f.id, r.name, "poi", {}, r.f.points[0], 0.0, r.level});
               }}}};
  return table;
}

bool shape_allowed(const std::string& letters, Shape shape) {
  const char letter = shape == Shape::polygon         ? 'P'
                      : shape == Shape::multi_polygon ? 'M'
                      : shape == Shape::line          ? 'L'
                      : shape == Shape::point         ? 'X'
                                                      : '-';
  return letters.find(letter) != std::string::npos;
}

/// QGIS writes every polygon as a MultiPolygon: one part is as good as a plain shape.
Feature simplified(const Feature& feature) {
  Feature f = feature;
  if (f.shape == Shape::multi_polygon && f.polygons.size() == 1) f.shape = Shape::polygon;
  if (f.shape == Shape::multi_line && f.lines.size() == 1) f.shape = Shape::line;
  if (f.shape == Shape::multi_point && f.points.size() == 1) f.shape = Shape::point;
  return f;
}

std::string shape_names(const std::string& letters) {
  std::vector<std::string> words;
  for (const char c : letters)
    words.emplace_back(c == 'P' ? "Polygon" : c == 'M' ? "MultiPolygon" : c == 'L' ? "LineString" : "Point");
  return fmt::format("{}", fmt::join(words, ", "));
}

/// Times, rates and limits are kept as defaults; near misses of property names are told.
void keep_defaults(const Feature& f, const Kind& kind, Drawing& drawing, ImportReport& report) {
  static const std::set<std::string> common{"id", "kind", "name", "level", "z", "valid_from", "valid_to"};
  static const std::vector<std::string> as_default{"z",      "valid_from", "valid_to",   "schedule", "rate",
                                                   "rates",  "limits",     "thresholds", "capacity", "capacity_per_min",
                                                   "people", "profile"};
  for (const auto& [key, value] : f.properties) {
    if (std::find(as_default.begin(), as_default.end(), key) != as_default.end()) {
      drawing.layer.defaults.push_back({f.id, key, value.text});
      const DrawingDefault& kept = drawing.layer.defaults.back();
      if ((is_schedule(kept) && !parse_schedule(kept.value)) || (is_limit(kept) && !parse_density_limits(kept.value)))
        report.add("E623", Severity::warning, "event/" + f.id, f.somewhere(),
                   fmt::format("\"{}\" cannot be read and has no effect: {}.", key, value.text.substr(0, 80)));
      report.add("E620", Severity::info, "event/" + f.id, f.somewhere(),
                 fmt::format("\"{}\" of the drawing is kept as a default; the scenario decides.", key));
      continue;
    }
    if (common.contains(key) || std::find(kind.properties.begin(), kind.properties.end(), key) != kind.properties.end())
      continue;
    const std::string near = nearest_word(key, kind.properties);
    if (!near.empty())
      report.add("E621", Severity::warning, "event/" + f.id, f.somewhere(),
                 fmt::format("Property \"{}\" is not known and was ignored; did you mean \"{}\"?", key, near));
  }
}

void read_one(const Feature& raw, Drawing& drawing, Faults& faults, ImportReport& report) {
  const Feature f = simplified(raw);
  if (!f.has_id) faults.add(f.label, "E600 no id", {}, "a unique property \"id\"");
  const auto word = f.text("kind");
  if (!word) {
    faults.add(f.label + ".kind", "E606 missing property", {}, fmt::format("{}", fmt::join(event_kinds(), ", ")));
    return;
  }
  const auto kind = kinds().find(*word);
  if (kind == kinds().end()) {
    const std::string near = nearest_word(*word, event_kinds());
    faults.add(f.label + ".kind", "E604 unknown kind", *word,
               near.empty() ? fmt::format("{}", fmt::join(event_kinds(), ", ")) : "nearest: " + near);
    return;
  }
  if (!f.has_geometry && kind->first != "closure") {
    faults.add(f.label, "E603 no geometry", {}, shape_names(kind->second.shapes));
    return;
  }
  if (f.has_geometry && !shape_allowed(kind->second.shapes, f.shape)) {
    faults.add(f.label, "E603 wrong geometry for kind " + *word, to_string(f.shape), shape_names(kind->second.shapes));
    return;
  }
  Reading reading{f, drawing, faults, report, f.text("name").value_or(f.id), LevelId{}};
  reading.level = static_cast<LevelId>(reading.whole("level", 0));
  if (f.has_geometry) drawing.somewhere.emplace_back(f.id, f.somewhere());
  kind->second.read(reading);
  keep_defaults(f, kind->second, drawing, report);
}

}  // namespace

std::vector<std::string> event_kinds() {
  std::vector<std::string> out;
  for (const auto& [word, kind] : kinds()) out.push_back(word);
  return out;
}

void read_event(const std::vector<Feature>& features, Drawing& drawing, Faults& faults, ImportReport& report) {
  for (const Feature& f : features) read_one(f, drawing, faults, report);
}

void check_references(const Drawing& drawing, const std::vector<Feature>& features, Faults& faults) {
  std::map<std::string, std::string> first;
  for (const Feature& f : features) {
    if (!f.has_id) continue;
    const auto [at, fresh] = first.emplace(f.id, f.file + " " + f.label);
    if (!fresh) faults.add(f.label, "E601 the same id twice; first in " + at->second, f.id, "unique ids");
  }
  std::set<std::string> servers;
  std::set<std::string> podia;
  for (const PlaceShape& p : drawing.layer.places)
    if (p.kind == PlaceKind::server) servers.insert(p.id);
  for (const Landmark& m : drawing.layer.landmarks)
    if (m.kind == "podium") podia.insert(m.id);
  for (const PlaceShape& p : drawing.layer.places) {
    if (p.belongs_to.empty()) continue;
    const auto& known = p.kind == PlaceKind::queue_lane ? servers : podia;
    std::string rest = p.belongs_to + ",";
    while (!rest.empty()) {
      std::string one = rest.substr(0, rest.find(','));
      rest.erase(0, rest.find(',') + 1);
      one.erase(0, one.find_first_not_of(' '));
      one.erase(one.find_last_not_of(' ') + 1);
      if (one.empty() || known.contains(one)) continue;
      faults.add("\"" + p.id + "\".belongs_to", "E609 names nothing", one,
                 p.kind == PlaceKind::queue_lane ? "id of a server" : "id of a podium");
    }
  }
}

}  // namespace throng::gis::detail
