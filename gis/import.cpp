#include "gis/detail/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace throng::gis {
namespace detail {
namespace {

constexpr double far_outside = 200.0;  ///< event objects farther from the data are faults [m]
constexpr double far_files = 2000.0;   ///< city data farther from all others are faults [m]
/// Strips of one street, widened from centre lines by guess, may lie this far apart [m].
constexpr double gap_of_default_widths = 1.5;

struct Inputs {
  std::vector<FeatureFile> plans, events;
};

/// Read all feature files, collecting the faults of all of them.
Inputs read_feature_files(const ImportRequest& request) {
  Inputs out;
  std::vector<Fault> faults;
  const auto each = [&](const std::vector<std::filesystem::path>& paths, const char* kind, bool strict, auto& into) {
    for (const auto& path : paths) {
      try {
        into.push_back(read_features(path, kind, strict));
      } catch (const InputError& e) {
        faults.insert(faults.end(), e.faults().begin(), e.faults().end());
      }
    }
  };
  each(request.plan, "plan", false, out.plans);
  each(request.event, "event", true, out.events);
  if (!faults.empty()) throw InputError(std::move(faults));
  return out;
}

/// The metre system of the site: asked for, else that of the most exact data, else by position.
std::string choose_crs(const ImportRequest& request, const Inputs& inputs) {
  if (!request.crs.empty()) return metre_crs(request.crs, "--crs");
  for (const auto& path : request.bgt)
    if (const std::string crs = bgt_crs(path); !crs.empty()) return metre_crs(crs, path.string());
  for (const auto& path : request.cityjson)
    if (const std::string crs = cityjson_crs(path); !crs.empty()) return metre_crs(crs, path.string());
  if (!request.bgt.empty()) return "EPSG:28992";
  for (const auto* files : {&inputs.plans, &inputs.events})
    for (const FeatureFile& f : *files)
      if (!f.crs.empty() && f.crs != crs_lonlat) return metre_crs(f.crs, f.path.string());
  for (const auto& path : request.osm) return default_metre_crs(osm_centre(path));
  for (const auto& path : request.cityjson)
    throw InputError(
        Fault{path.string(), "C501 the file names no coordinate reference system", {}, "--crs EPSG:n or --crs local"});
  for (const auto* files : {&inputs.plans, &inputs.events})
    for (const FeatureFile& f : *files)
      if (f.degrees) return default_metre_crs({f.middle.x, f.middle.y});
  for (const auto* files : {&inputs.plans, &inputs.events})
    for (const FeatureFile& f : *files) {
      ImportReport unused;
      crs_of(f, {}, unused);  // says what is wrong with its coordinates
    }
  throw InputError(Fault{"import", "nothing to import", {}, "at least one of --osm, --bgt, --cityjson, --plan"});
}

void project_file(FeatureFile& file, const std::string& target, const std::string& requested, ReadContext& context) {
  const std::string from = crs_of(file, requested, context.report);
  const Transformer transformer(from == crs_lonlat || from == crs_local ? from : metre_crs(from, file.path.string()),
                                target, file.path.string());
  Faults faults(file.path.string());
  project(file, transformer, faults);
  if (!faults.empty()) throw InputError(faults.take());
  context.accuracy = std::max(context.accuracy, transformer.accuracy());
}

void shift(std::vector<Feature>& features, Vec2 origin) {
  const auto move = [&](std::vector<Vec2>& line) {
    for (Vec2& v : line) v = v - origin;
  };
  for (Feature& f : features) {
    for (Polygon& p : f.polygons) {
      move(p.outer);
      for (Ring& h : p.holes) move(h);
    }
    for (Line& l : f.lines) move(l);
    for (Line& l : f.corners) move(l);
    move(f.points);
  }
}

/// Event features in the site frame to a checked drawing. @throws InputError with all faults.
Drawing draw(const std::vector<Feature>& features, SiteGeometry& site, ImportReport& report, const std::string& file) {
  Drawing drawing;
  drawing.streets = &site.base.streets;
  Faults faults(file);
  std::vector<Feature> sorted = features;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Feature& a, const Feature& b) { return a.id < b.id; });
  read_event(sorted, drawing, faults, report);
  check_references(drawing, sorted, faults);
  if (!drawing.layer.fences.empty()) {
    std::vector<Obstacle> solid = site.base.obstacles;
    solid.insert(solid.end(), drawing.layer.removed.begin(), drawing.layer.removed.end());
    snap_fence_ends(drawing.layer.fences, site.base.barriers, solid, report);
  }
  // Try every gate on the fences as drawn, so that all faults are told; city walls may carry gates too.
  std::vector<Barrier> all = drawing.layer.fences;
  all.insert(all.end(), site.base.barriers.begin(), site.base.barriers.end());
  drawing.layer.gates = place_gates(all, drawing.gates, 1.0, drawing.perimeter, &faults, report);
  std::copy_n(all.begin(), drawing.layer.fences.size(), drawing.layer.fences.begin());
  if (!faults.empty()) throw InputError(faults.take());
  return drawing;
}

/// A plan with faults is not built, but the event objects are checked against what it draws, so that all is told at
/// once.
[[noreturn]] void refuse(std::vector<Fault> faults, const Layers& layers, const std::vector<Feature>& event,
                         const std::string& file) {
  SiteGeometry site;
  site.base.barriers = layers.barriers;
  site.base.obstacles = layers.obstacles;
  site.base.streets = layers.streets;
  ImportReport unused;
  try {
    draw(event, site, unused, file);
  } catch (const InputError& e) {
    faults.insert(faults.end(), e.faults().begin(), e.faults().end());
  }
  throw InputError(std::move(faults));
}

void report_far_objects(const Drawing& drawing, const SiteGeometry& site, ImportReport& report) {
  Box data;
  for (const WalkablePart& w : site.base.walkable)
    for (const Vec2 v : w.shape.outer) data.add(v);
  for (const Obstacle& o : site.base.obstacles)
    for (const Vec2 v : o.shape.outer) data.add(v);
  if (data.empty()) return;
  for (const auto& [id, p] : drawing.somewhere)
    if (!grown(data, far_outside).contains(p))
      report.add(
          "E612", Severity::error, "event/" + id, p,
          fmt::format("More than {:.0f} m outside of the city data; is the coordinate system of the drawing right?",
                      far_outside));
}

void finish(SiteGeometry& site, Drawing& drawing, const ImportRequest& request, ImportResult& result) {
  site.event = drawing.layer;
  site.event.added.insert(site.event.added.end(), drawing.traffic_closures.begin(), drawing.traffic_closures.end());
  const bool plan_only = std::all_of(site.sources.begin(), site.sources.end(),
                                     [](const DataSource& s) { return s.kind == "plan" || s.kind == "event"; });
  const Grids grids = plan_only ? Grids{0.01, 0.01} : Grids{request.grid, std::min(request.grid, request.event_grid)};
  report_far_objects(drawing, site, result.report);
  merge(site, drawing, grids, request.min_part_area, result.report, result.dropped);
}

std::optional<Polygon> clip_of(const ImportRequest& request, const SiteFrame& frame) {
  if (!request.bbox) return std::nullopt;
  const auto& [west, south, east, north] = *request.bbox;
  const bool finite = std::isfinite(west) && std::isfinite(east) && std::isfinite(south) && std::isfinite(north);
  if (!(finite && west < east && south < north))
    throw InputError(
        Fault{"--bbox", "empty box", fmt::format("{},{},{},{}", west, south, east, north), "west,south,east,north"});
  const bool degrees = frame.crs != crs_local && west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
  const Transformer transformer(degrees ? crs_lonlat : frame.crs, frame.crs, "--bbox");
  Polygon box;
  const Vec2 corner[4] = {{west, south}, {east, south}, {east, north}, {west, north}};
  for (int i = 0; i < 4; ++i)
    for (int k = 0; k < (degrees ? 4 : 1); ++k) {
      const Vec2 p = transformer.forward(corner[i] + (k / 4.0) * (corner[(i + 1) % 4] - corner[i]));
      if (!is_finite(p)) throw InputError(Fault{"--bbox", "outside of the coordinate system", frame.crs, {}});
      box.outer.push_back(p - Vec2{frame.origin_x, frame.origin_y});
    }
  return box;
}

Vec2 origin_of(const Layers& layers, const std::vector<Feature>& event, const ImportRequest& request,
               const std::string& crs) {
  if (crs == crs_local) return {};
  Box box = bounds_of(layers);
  if (!layers.extent.empty()) box = layers.extent;
  if (request.bbox && box.empty() == false) {
    const auto clip = clip_of(request, {crs, 0.0, 0.0, 0.0});
    box = bounds(*clip);
  }
  if (box.empty())
    for (const Feature& f : event) box.add(f.somewhere());
  if (box.empty()) return {};
  return {std::floor(box.min.x / 1000.0) * 1000.0, std::floor(box.min.y / 1000.0) * 1000.0};
}

double gap_between(const Box& a, const Box& b) {
  const double x = std::max({0.0, a.min.x - b.max.x, b.min.x - a.max.x});
  const double y = std::max({0.0, a.min.y - b.max.y, b.min.y - a.max.y});
  return std::sqrt(x * x + y * y);
}

/// Which files lie near each other, directly or by way of others: the lowest row of the group of each.
std::vector<std::size_t> groups_of(const std::vector<std::pair<std::filesystem::path, Box>>& files) {
  std::vector<std::size_t> group(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    group[i] = i;
    for (std::size_t k = 0; k < i; ++k) {
      if (gap_between(files[i].second, files[k].second) > far_files) continue;
      const auto [low, high] = std::minmax(group[i], group[k]);
      std::replace(group.begin(), group.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::size_t{high},
                   std::size_t{low});
    }
  }
  return group;
}

/// City data of one place: files that lie far from most others are of another one, or their coordinate system is wrong.
void check_one_place(const std::vector<std::pair<std::filesystem::path, Box>>& files) {
  const std::vector<std::size_t> group = groups_of(files);
  const auto size = [&](std::size_t g) { return std::count(group.begin(), group.end(), g); };
  std::ptrdiff_t most = 0;
  for (const std::size_t g : group) most = std::max(most, size(g));
  const bool tie =
      std::any_of(group.begin(), group.end(), [&](std::size_t g) { return g != group[0] && size(g) == most; }) &&
      size(group[0]) == most;
  std::vector<Fault> faults;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (size(group[i]) == most && !tie) continue;
    double nearest = 1e300;
    for (std::size_t k = 0; k < files.size(); ++k)
      if (group[k] != group[i]) nearest = std::min(nearest, gap_between(files[i].second, files[k].second));
    if (nearest < 1e299)
      faults.push_back({files[i].first.string(), "X708 the data lie far from those of the other files",
                        fmt::format("{:.1f} km", nearest / 1000.0),
                        fmt::format("data of one place, at most {:.0f} km apart; or --bbox", far_files / 1000.0)});
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

void read_city(const ImportRequest& request, ReadContext& context, Layers& layers, Progress& progress) {
  const bool ground = request.osm.empty() && request.bgt.empty() && request.plan.empty();
  std::vector<std::pair<std::filesystem::path, Box>> boxes;
  const auto each = [&](const std::vector<std::filesystem::path>& paths, auto read) {
    for (const auto& path : paths) {
      Layers one;
      context.files.clear();
      read(path, one);
      const Box box = bounds_of(one);
      if (!context.files.empty())
        boxes.insert(boxes.end(), context.files.begin(), context.files.end());
      else if (!box.empty())
        boxes.emplace_back(path, box);
      append(layers, std::move(one));
    }
  };
  if (request.bbox) context.clip = bounds(*clip_of(request, {context.target, 0.0, 0.0, 0.0}));
  progress.phase("read_osm", 0.05);
  each(request.osm, [&](const auto& path, Layers& one) { read_osm(path, context, one); });
  progress.phase("read_bgt", 0.2);
  each(request.bgt, [&](const auto& path, Layers& one) { read_bgt(path, context, one); });
  progress.phase("read_cityjson", 0.3);
  each(request.cityjson, [&](const auto& path, Layers& one) { read_cityjson(path, context, one, ground); });
  if (!request.bbox) return check_one_place(boxes);
  const Box& clip = context.clip;
  const Box all = bounds_of(layers);
  if (all.empty() || gap_between(clip, all) == 0.0) return;
  const auto& [west, south, east, north] = *request.bbox;
  throw InputError(Fault{"--bbox", "X709 the data lie outside of the box",
                         fmt::format("{} {} {} {}", west, south, east, north),
                         fmt::format("a part of {:.0f} {:.0f} {:.0f} {:.0f} ({})", all.min.x, all.min.y, all.max.x,
                                     all.max.y, context.target)});
}

/// Buildings of flat sources take their height from 3D ones on the same spot, which then stand in for nothing twice.
void join_heights(Layers& layers, ImportReport& report) {
  std::vector<std::size_t> solid;
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < layers.obstacles.size(); ++i)
    if (layers.obstacles[i].source_id.rfind("cityjson/", 0) == 0) {
      solid.push_back(i);
      boxes.push_back(bounds(layers.obstacles[i].shape));
    }
  if (solid.empty()) return;
  const BoxIndex index(std::move(boxes), 30.0);
  double n = 0.0;
  for (Obstacle& flat : layers.obstacles) {
    if (flat.kind != ObstacleKind::building || flat.height > 0.0 || flat.source_id.rfind("cityjson/", 0) == 0) continue;
    const Vec2 p = inner_point(flat.shape);
    for (const std::size_t k : index.find({p, p})) {
      const Obstacle& tall = layers.obstacles[solid[k]];
      if (!contains(tall.shape, p)) continue;
      flat.height = std::max(flat.height, tall.height);
    }
    if (flat.height > 0.0) ++n;
  }
  report.figures.emplace_back("n_heights_from_cityjson", n);
}

void check_request(const ImportRequest& request) {
  std::vector<Fault> faults;
  if (request.osm.empty() && request.bgt.empty() && request.cityjson.empty() && request.plan.empty() &&
      request.event.empty())
    faults.push_back({"import", "nothing to import", {}, "at least one of --osm, --bgt, --cityjson, --plan"});
  const auto grid = [&](const char* name, double value) {
    if (!(value >= 0.001 && value <= 2.0))
      faults.push_back({name, "out of range", fmt::format("{}", value), "0.001 to 2 m"});
  };
  grid("grid", request.grid);
  grid("event_grid", request.event_grid);
  if (const double w = request.close_gaps.value_or(0.0); !(w >= 0.0 && w <= 5.0))
    faults.push_back({"close_gaps", "out of range", fmt::format("{}", w), "0 to 5 m"});
  if (!(request.min_part_area >= 0.0))
    faults.push_back({"min_part_area", "out of range", fmt::format("{}", request.min_part_area), ">= 0 m²"});
  for (const auto* list : {&request.osm, &request.bgt, &request.cityjson, &request.plan, &request.event})
    for (const auto& path : *list) {
      std::error_code error;
      const bool may_be_folder = list == &request.bgt;
      if (!std::filesystem::exists(path, error))
        faults.push_back({path.string(), "no such file", {}, "an existing file"});
      else if (!std::filesystem::is_regular_file(path, error) &&
               !(may_be_folder && std::filesystem::is_directory(path, error)))
        faults.push_back({path.string(), "is not a regular file", {}, may_be_folder ? "a file or folder" : "a file"});
    }
  if (!faults.empty()) throw InputError(std::move(faults));
}

}  // namespace
}  // namespace detail

ImportResult import_site(const ImportRequest& request) {
  using namespace detail;
  check_request(request);
  ImportResult result;
  SiteGeometry& site = result.site;
  Progress progress(request, result.report);
  progress.phase("read_drawings", 0.0);
  Inputs inputs = read_feature_files(request);
  const std::string crs = choose_crs(request, inputs);
  ReadContext context{request, crs, result.report};
  Layers layers;
  std::vector<Feature> event;
  std::vector<Fault> plan_faults;
  std::size_t n_walkable = 0;
  std::string event_name = "event";
  for (FeatureFile& file : inputs.plans) {
    project_file(file, crs, request.crs, context);
    Faults faults(file.path.string());
    PlanParts parts = read_plan(file, layers, faults, result.report);
    const std::vector<Fault> found = faults.take();
    plan_faults.insert(plan_faults.end(), found.begin(), found.end());
    n_walkable += parts.n_walkable;
    if (!parts.event.empty()) event_name = file.path.string();
    event.insert(event.end(), parts.event.begin(), parts.event.end());
    layers.sources.push_back(file.source);
  }
  for (FeatureFile& file : inputs.events) {
    project_file(file, crs, request.crs, context);
    event_name = file.path.string();
    event.insert(event.end(), file.features.begin(), file.features.end());
    layers.sources.push_back(file.source);
  }
  if (!plan_faults.empty()) refuse(std::move(plan_faults), layers, event, event_name);
  read_city(request, context, layers, progress);
  progress.phase("overlay", 0.4);
  const Vec2 origin = origin_of(layers, event, request, crs);
  shift(layers, origin);
  shift(event, origin);
  for (ImportNote& note : result.report.notes)  // readers note projected coordinates
    if (note.at) note.at = *note.at - origin;
  site.name = request.name;
  site.frame = {crs, origin.x, origin.y, context.accuracy};
  site.sources = layers.sources;
  if (context.accuracy > 0.3)
    result.report.add("X707", Severity::info, "", std::nullopt,
                      fmt::format("Stated accuracy of the projection is {:.2f} m.", context.accuracy));
  join_heights(layers, result.report);

  const bool has_perimeter =
      std::any_of(event.begin(), event.end(), [](const Feature& f) { return f.text("kind") == "perimeter"; });
  const bool plan_only = request.osm.empty() && request.bgt.empty() && request.cityjson.empty();
  BaseOptions options;
  const double fine = plan_only ? 0.01 : std::min(request.grid, request.event_grid);
  options.grids = {fine, fine};
  if (plan_only && n_walkable == 0 && !layers.ground.empty() && !has_perimeter) {
    // Stairs alone are no ground: the box minus the obstacles is.
    const Box box = bounds_of(layers);
    layers.ground.push_back({{{box.min, {box.max.x, box.min.y}, box.max, {box.min.x, box.max.y}}, {}},
                             Surface::undefined,
                             0,
                             1.0,
                             false,
                             "plan/box"});
    result.report.add(
        "G316", Severity::warning, "", 0.5 * (box.min + box.max),
        "The plan draws no walkable ground; its bounding box minus the obstacles is taken as open space.");
  }
  options.open_space_if_empty = !has_perimeter;
  options.clip = clip_of(request, site.frame);
  options.close_gaps = request.close_gaps.value_or(request.osm.empty() ? 0.0 : gap_of_default_widths);
  site.base = make_base(layers, options, result.report);
  progress.phase("event", 0.7);
  Drawing drawing = draw(event, site, result.report, event_name);
  progress.phase("merge", 0.8);
  finish(site, drawing, request, result);
  progress.phase("done", 1.0);
  return result;
}

ImportResult replace_event(const SiteGeometry& base, const std::vector<std::filesystem::path>& event_files,
                           const ImportRequest& options) {
  using namespace detail;
  ImportRequest request = options;
  request.event = event_files;
  request.plan.clear();
  ImportResult result;
  SiteGeometry& site = result.site;
  site.name = options.name.empty() ? base.name : options.name;
  site.frame = base.frame;
  site.base = base.base;
  for (const DataSource& s : base.sources)
    if (s.kind != "event") site.sources.push_back(s);
  Progress progress(request, result.report);
  progress.phase("read_drawings", 0.0);
  Inputs inputs = read_feature_files(request);
  ReadContext context{request, base.frame.crs, result.report};
  std::vector<Feature> event;
  std::string name = "event";
  for (FeatureFile& file : inputs.events) {
    project_file(file, base.frame.crs, base.frame.crs, context);
    name = file.path.string();
    event.insert(event.end(), file.features.begin(), file.features.end());
    site.sources.push_back(file.source);
  }
  shift(event, {base.frame.origin_x, base.frame.origin_y});
  progress.phase("event", 0.3);
  Drawing drawing = draw(event, site, result.report, name);
  progress.phase("merge", 0.5);
  finish(site, drawing, request, result);
  progress.phase("done", 1.0);
  return result;
}

}  // namespace throng::gis
