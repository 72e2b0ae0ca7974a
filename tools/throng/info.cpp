#include "sim/core/error.hpp"
#include "sim/io/io.hpp"
#include "sim/report/report.hpp"
#include "tools/throng/command.hpp"
#include "tools/throng/common.hpp"
#include "tools/throng/file_kinds.hpp"

#include <cstdio>
#include <map>

namespace throng::cli {
namespace fs = std::filesystem;

namespace {

void describe_frame(const SiteFrame& frame) {
  std::printf("coordinates: %s, origin %.0f %.0f m\n", frame.crs.c_str(), frame.origin_x, frame.origin_y);
}

void describe_sources(const std::vector<DataSource>& sources) {
  for (const DataSource& source : sources)
    std::printf("source:      %s (%s) %s %s\n", source.name.c_str(), source.kind.c_str(), source.licence.c_str(),
                source.date.c_str());
}

void describe_site(const fs::path& file) {
  std::string hash;
  const World world(io::read_world(file, &hash), file.string());
  const Vec2 size = world.bounds().size();
  std::printf("site file \"%s\", hash %s\n", world.data().name.c_str(), hash.c_str());
  describe_frame(world.data().frame);
  describe_sources(world.data().sources);
  std::printf("extent:      %.0f x %.0f m, %.0f m² walkable in %zu connected parts, %zu levels\n", size.x, size.y,
              world.area(), world.components().size(), world.levels().size());
  std::printf("mesh:        %zu faces, %zu vertices, %zu walls\n", world.mesh().face.size(), world.mesh().vertex.size(),
              world.walls().size());
  for (const Door& door : world.doors())
    std::printf("door:        %-24s %5.2f m, %s at the start\n", door.id.c_str(), door.width,
                door.initial == DoorState::closed ? "closed" : "open");
  for (const Place& place : world.places())
    std::printf("%-12s %-24s %9.1f m²\n", (std::string(to_string(place.shape.kind)) + ":").c_str(),
                place.shape.id.c_str(), place.area);
  for (const MeasurementLine& line : world.lines())
    std::printf("line:        %-24s %9.1f m wide\n", line.id.c_str(), line.width);
}

void describe_results(const fs::path& file) {
  const io::Hdf5Source source(file);
  const RunHeader& header = source.header();
  const RunResults results = source.results();
  std::printf("result file of \"%s\" on \"%s\"\n", header.scenario_name.c_str(), header.site_name.c_str());
  std::printf("made by:     throng %s (%s), %s\n", header.program_version.c_str(), header.build.c_str(),
              header.created.c_str());
  std::printf("model:       %s, profile %s, seed %llu, step %.3f s\n", header.model.c_str(), header.profile.c_str(),
              static_cast<unsigned long long>(header.seed), header.time_step);
  describe_frame(header.frame);
  describe_sources(header.sources);
  std::printf("frames:      %zu every %.2f s; simulated %s%s\n", source.n_frames(), header.frame_interval,
              format_duration(results.simulated).c_str(), results.interrupted ? " (interrupted)" : "");
  std::printf("state hash:  %s\n%s", results.state_hash.c_str(), report::zone_table(results).c_str());
}

void describe_scenario(const fs::path& file) {
  const Scenario scenario = io::read_scenario(file);
  std::printf("scenario \"%s\": %s\n", scenario.name.c_str(), scenario.description.c_str());
  std::printf("site:        %s\nmodel:       %s, profile %s\nduration:    %s from %s, step %.3f s, seed %llu\n",
              scenario.site.c_str(), scenario.model.name.c_str(), scenario.model.profile.c_str(),
              format_duration(scenario.duration).c_str(), format_duration(scenario.start_of_day).c_str(),
              scenario.time_step, static_cast<unsigned long long>(scenario.seed));
  for (const SourceDemand& source : scenario.sources) {
    double people = source.initial;
    for (const RatePiece& piece : source.rates) people += piece.rate * (piece.to - piece.from);
    for (const ArrivalPulse& pulse : source.pulses) people += pulse.people;
    std::printf("source:      %-24s about %.0f people\n", source.id.c_str(), people);
  }
  for (const JourneyDemand& journey : scenario.journeys)
    std::printf("journey:     %-24s %zu stages\n", journey.id.c_str(), journey.stages.size());
  for (const TimedChange& change : scenario.changes)
    std::printf("change:      %s %s %s\n", format_duration(change.time).c_str(), to_string(change.kind),
                change.target.c_str());
}

}  // namespace

void add_info(CLI::App& app) {
  auto file = std::make_shared<fs::path>();
  CLI::App* command = app.add_subcommand("info", "Describe a site, result or scenario file for a person");
  command->add_option("file", *file, "Any file that throng reads or writes")->required();
  command->callback([file] {
    switch (io::kind_of(*file)) {
      case io::FileKind::site:
        return describe_site(*file);
      case io::FileKind::results:
        return describe_results(*file);
      case io::FileKind::replications: {
        const auto all = io::read_replications(*file);
        std::printf("%zu replications of \"%s\"\n%s", all.size(), all.front().header.scenario_name.c_str(),
                    report::zone_table(all.front()).c_str());
        return;
      }
      case io::FileKind::scenario:
        return describe_scenario(*file);
      default:
        return describe_other(*file);
    }
  });
}

}  // namespace throng::cli
