#pragma once
#include "sim/fields/capacity.hpp"
#include "sim/record/record.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// Pages and pictures from results: self-contained HTML in English and Dutch, SVG, PNG.
namespace throng::report {

struct PageOptions {
  std::string language = "en";  ///< language shown first; the page switches between "en" and "nl"
};
/// A picture by name: SVG text and its size.
struct Picture {
  std::string name;  ///< "peak-density", "zones", "flows", "exits"
  std::string svg;
  int width = 0, height = 0;  ///< [px]
};
std::vector<Picture> pictures(const RunResults&, const std::string& language);
/// One self-contained page.
std::string summary_html(const RunResults&, const PageOptions& = {});
/// Replications of one scenario: median and 5-95 % band instead of one run.
std::string summary_html(const std::vector<RunResults>& replications, const PageOptions& = {});
/// Two runs or two sets of replications with the same seeds: paired differences.
std::string compare_html(const std::vector<RunResults>& a, const std::vector<RunResults>& b, const PageOptions& = {});
/// Clearance times with all exits and with each lost, and the capacity sheet with its sources.
std::string evacuation_html(const RunHeader&, const EvacuationFigures&, const CapacitySheet&, const PageOptions& = {});
/// Zone table for a terminal.
std::string zone_table(const RunResults&);
/// Paired differences of the zones for a terminal.
std::string compare_table(const std::vector<RunResults>& a, const std::vector<RunResults>& b);
/// Rasterise and write (temporary, then rename). @throws IoError
void write_png(const std::filesystem::path&, const Picture&, double scale = 1.0);

}  // namespace throng::report
