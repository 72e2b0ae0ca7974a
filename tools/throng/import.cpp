#include "gis/import.hpp"

#include "gis/geojson_export.hpp"
#include "sim/core/error.hpp"
#include "sim/io/io.hpp"
#include "sim/report/report.hpp"
#include "sim/report/site_map.hpp"
#include "sim/world/world.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"
#include "tools/throng/progress.hpp"

#include <cstdio>

namespace throng::cli {
namespace fs = std::filesystem;

namespace {

struct ImportChoices {
  gis::ImportRequest request;
  fs::path out, report, geojson, picture, base;
  std::vector<double> bbox;
};

/// What compiling the mesh had to say, as lines of the same report.
void add_notes(gis::ImportReport& report, const std::vector<WorldNote>& notes) {
  for (const WorldNote& note : notes) {
    const auto severity = note.severity == "error"     ? gis::Severity::error
                          : note.severity == "warning" ? gis::Severity::warning
                                                       : gis::Severity::info;
    report.add(note.code, severity, note.object_id, note.at, note.text);
  }
}

void throw_errors(const gis::ImportReport& report, const fs::path& out) {
  std::vector<Fault> faults;
  for (const auto& note : report.notes) {
    if (note.severity != gis::Severity::error) continue;
    std::string at = note.at ? " at " + std::to_string(note.at->x) + ", " + std::to_string(note.at->y) + " m" : "";
    faults.push_back(
        {note.source_id.empty() ? out.string() : note.source_id, note.code + " " + note.text + at, "", ""});
  }
  if (!faults.empty()) throw InputError(std::move(faults));
}

gis::ImportResult import_with_progress(ImportChoices& choices) {
  Progress progress("import");
  choices.request.progress = [&](const char* phase, double fraction) {
    if (stop_requested) throw Interrupted();
    progress.show(fraction, phase);
  };
  if (choices.bbox.size() == 4)
    choices.request.bbox = {choices.bbox[0], choices.bbox[1], choices.bbox[2], choices.bbox[3]};
  if (choices.base.empty()) return gis::import_site(choices.request);
  if (!choices.request.osm.empty() || !choices.request.bgt.empty() || !choices.request.cityjson.empty() ||
      !choices.request.plan.empty())
    throw InputError({"--base", "city data cannot be given together with a base site", "", "--event only"});
  return gis::replace_event(io::read_site(choices.base).geometry, choices.request.event, choices.request);
}

void print_summary(const gis::ImportReport& report, const WorldData& world, const fs::path& out) {
  int warnings = 0;
  for (const auto& note : report.notes) warnings += note.severity == gis::Severity::warning ? 1 : 0;
  std::printf("site:     %s (%zu faces, %zu doors, %zu places, %zu zones, %zu counting lines, %zu levels)\n",
              out.c_str(), world.mesh.face.size(), world.doors.size(), world.places.size(), world.zones.size(),
              world.lines.size(), world.levels.size());
  for (const auto& [name, value] : report.figures) std::printf("  %-32s %12.2f\n", name.c_str(), value);
  std::printf("report:   %zu notes, %d warnings\n", report.notes.size(), warnings);
  for (const auto& note : report.notes)
    if (note.severity == gis::Severity::warning && warnings <= 20)
      std::printf("  warning %s %s: %s\n", note.code.c_str(), note.source_id.c_str(), note.text.c_str());
}

std::vector<fs::path> inputs_of(const ImportChoices& choices) {
  const gis::ImportRequest& r = choices.request;
  std::vector<fs::path> out;
  for (const auto* list : {&r.osm, &r.bgt, &r.cityjson, &r.plan, &r.event})
    out.insert(out.end(), list->begin(), list->end());
  if (!choices.base.empty()) out.push_back(choices.base);
  return out;
}

void write_picture(const fs::path& file, const gis::ImportReport& report, const WorldData& data) {
  std::vector<report::MapMark> marks;
  for (const auto& note : report.notes)
    if (note.at && note.severity != gis::Severity::info) marks.push_back({*note.at, note.code});
  report::write_png(file, report::site_map(World(data), marks), 1.0);
}

void import_command(ImportChoices& choices) {
  std::vector<fs::path> outputs{choices.out, choices.report, choices.picture};
  if (gis::is_one_geojson_file(choices.geojson)) outputs.push_back(choices.geojson);
  check_outputs(outputs, inputs_of(choices));
  catch_interrupts();
  gis::ImportResult result = import_with_progress(choices);
  BuildResult built = build_world(result.site);
  if (stop_requested) throw Interrupted();
  add_notes(result.report, built.notes);
  const std::string report_json = gis::report_json(result.report);
  if (!choices.report.empty()) io::write_text(choices.report, report_json);  // most wanted when the import fails
  throw_errors(result.report, choices.out);
  if (!choices.geojson.empty()) {
    if (!gis::is_one_geojson_file(choices.geojson)) make_folder(choices.geojson);
    gis::export_geojson(result, choices.geojson);
  }
  if (!choices.picture.empty()) write_picture(choices.picture, result.report, built.data);
  io::write_site(choices.out, {std::move(result.site), built.data, report_json, {}});
  print_summary(result.report, built.data, choices.out);
}

}  // namespace

void add_import(CLI::App& app) {
  auto choices = std::make_shared<ImportChoices>();
  gis::ImportRequest& request = choices->request;
  CLI::App* command = app.add_subcommand("import", "City data and an event drawing to a site file");
  command->add_option("--out", choices->out, "Site file to write (HDF5)")->required();
  command->add_option("--osm", request.osm, "OpenStreetMap file(s): .osm, .osm.gz, .osm.pbf");
  command->add_option("--bgt", request.bgt, "BGT file(s) or folder: GML, GeoPackage, SQLite");
  command->add_option("--cityjson", request.cityjson,
                      "CityJSON 1.0-2.0 or CityJSONSeq file(s): footprints and heights");
  command->add_option("--plan", request.plan, "Plain plan(s) in metres (GeoJSON)");
  command->add_option("--event", request.event, "Event drawing(s) (GeoJSON as QGIS writes it)");
  command->add_option("--base", choices->base, "Site file imported before: redo the event only");
  command->add_option("--crs", request.crs, "EPSG:n or local; default: chosen from the data and reported");
  command->add_option("--bbox", choices->bbox, "west south east north: degrees for OSM, else metres")->expected(4);
  command->add_option("--name", request.name, "Name of the site");
  command->add_flag("--roads", request.roads_walkable, "Treat all roads as walkable (city closed to traffic)");
  command->add_option("--close-gaps", request.close_gaps,
                      "Gaps narrower than this between walkable strips become ground, where nothing is mapped [m]; "
                      "0 = none. Default: 1.5 with --osm, else 0");
  command->add_option("--report", choices->report, "Write the import report (JSON)");
  command->add_option("--geojson", choices->geojson,
                      "GeoJSON of walkable ground, obstacles, walls, dropped parts and event, for QGIS: one file "
                      "(.geojson, .json) or a folder of layers");
  command->add_option("--picture", choices->picture, "Write a picture of the result (PNG)");
  command->footer(
      "Example: throng import --out site.h5 --osm town.osm --cityjson buildings.city.json --event event.geojson");
  command->callback([choices] { import_command(*choices); });
}

}  // namespace throng::cli
