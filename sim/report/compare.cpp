#include "sim/core/error.hpp"
#include "sim/report/detail/charts.hpp"
#include "sim/report/detail/map.hpp"
#include "sim/report/detail/tables.hpp"
#include "sim/report/detail/verdict.hpp"
#include "sim/report/report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace throng::report {
namespace {
using namespace detail;

bool same_grid(const GridSpec& a, const GridSpec& b) {
  return a.origin == b.origin && a.cell == b.cell && a.rows == b.rows && a.columns == b.columns && a.level == b.level;
}

/// B - A on the grids of A, each cell looked up in B by its centre; NaN where one of them has no ground.
std::vector<std::vector<float>> grid_difference(const Runs& a, const Runs& b) {
  const auto va = median_grids(a, &RunResults::peak_density);
  const auto vb = median_grids(b, &RunResults::peak_density);
  const auto& ga = a.front().header.grids;
  const auto& gb = b.front().header.grids;
  std::vector<std::vector<float>> out = va;
  for (std::size_t g = 0; g < out.size() && g < ga.size(); ++g) {
    const auto other = std::find_if(gb.begin(), gb.end(), [&](const GridSpec& s) { return s.level == ga[g].level; });
    const auto k = static_cast<std::size_t>(other - gb.begin());
    for (std::size_t i = 0; i < out[g].size(); ++i) {
      float there = std::numeric_limits<float>::quiet_NaN();
      if (other != gb.end() && k < vb.size()) {
        if (same_grid(ga[g], *other)) {
          there = vb[k][i];
        } else {
          const Vec2 at = ga[g].origin + ga[g].cell * Vec2{static_cast<double>(i % ga[g].columns) + 0.5,
                                                           static_cast<double>(i / ga[g].columns) + 0.5};
          const double column = std::floor((at.x - other->origin.x) / other->cell);
          const double row = std::floor((at.y - other->origin.y) / other->cell);
          if (column >= 0.0 && row >= 0.0 && column < other->columns && row < other->rows)
            there = vb[k][static_cast<std::size_t>(row) * other->columns + static_cast<std::size_t>(column)];
        }
      }
      out[g][i] = there - out[g][i];
    }
  }
  return out;
}

void write_maps(Page& page, const Runs& a, const Runs& b) {
  page.heading({"Maps on one scale", "Kaarten op één schaal"});
  const auto va = median_grids(a, &RunResults::peak_density);
  const auto vb = median_grids(b, &RunResults::peak_density);
  Box view = map_view(a.front().header, va);
  const Box other = map_view(b.front().header, vb);
  view.add(other.min);
  view.add(other.max);
  std::string both = "<div style=\"display:flex;gap:10px\">";
  for (const Runs* runs : {&a, &b}) {
    MapRequest request{runs->front().header, runs == &a ? va : vb};
    request.width = 480;
    request.view = view;
    request.spots = worst_spots(*runs);
    request.place_names = false;
    request.title = {runs == &a ? "Peak density in A" : "Peak density in B",
                     runs == &a ? "Piekdichtheid in A" : "Piekdichtheid in B"};
    both += std::string("<figure style=\"flex:1\"><h3>") + (runs == &a ? "A: " : "B: ") +
            escape(runs->front().header.scenario_name) + "</h3>" + draw_map(request).svg + "</figure>";
  }
  page.html(both + "</div>");
  if (a.front().header.grids.size() != b.front().header.grids.size() ||
      !std::equal(a.front().header.grids.begin(), a.front().header.grids.end(), b.front().header.grids.begin(),
                  same_grid))
    page.paragraph({"The sites differ; cells are compared by place.",
                    "De locaties verschillen; cellen zijn op plaats vergeleken."},
                   "small");
  RunHeader header = b.front().header;
  header.grids = a.front().header.grids;
  MapRequest difference_map{header, grid_difference(a, b)};
  difference_map.scale = MapScale::difference;
  difference_map.view = view;
  difference_map.title = {"Difference in peak density", "Verschil in piekdichtheid"};
  page.figure(draw_map(difference_map),
              {"Blue: less crowded in B. Orange: more crowded in B. Differences below 0.25 p/m² are not drawn.",
               "Blauw: rustiger in B. Oranje: drukker in B. Verschillen onder 0,25 p/m² zijn niet getekend."});
}

void write_zones(Page& page, const Runs& a, const Runs& b) {
  page.heading({"Zones: paired differences", "Zones: gepaarde verschillen"});
  const Format tenth = [](double v) { return number(v, 1); };
  const Format plus = [](double v) { return signed_number(v, 1); };
  Table table({{"Zone", "Zone"},
               {"Densest 25 m² in A, p/m²", "Dichtste 25 m² in A, p/m²"},
               {"in B", "in B"},
               {"B − A", "B − A"},
               {"Zone mean in A, p/m²", "Zonegemiddelde in A, p/m²"},
               {"in B", "in B"},
               {"B − A", "B − A"},
               {"Level in A", "Niveau in A"},
               {"Level in B", "Niveau in B"}},
              "lrrrrrrll");
  for (const auto& common : common_zones(a, b)) {
    std::vector<std::string> cells{escape(a.front().header.zones[common.first].name)};
    AlertLevel levels[2] = {AlertLevel::normal, AlertLevel::normal};
    for (double ZoneFigures::*member : {&ZoneFigures::local, &ZoneFigures::mean_peak}) {
      const auto figure = [&](const RunResults& run, bool is_b) {
        return zone_figures(run)[is_b ? common.second : common.first].*member;
      };
      cells.push_back(html(band_text(band_of(a, [&](const RunResults& r) { return figure(r, false); }), tenth)));
      cells.push_back(html(band_text(band_of(b, [&](const RunResults& r) { return figure(r, true); }), tenth)));
      cells.push_back(html(band_text(difference(a, b, figure), plus)));
    }
    for (const RunResults& run : a) levels[0] = std::max(levels[0], zone_figures(run)[common.first].level);
    for (const RunResults& run : b) levels[1] = std::max(levels[1], zone_figures(run)[common.second].level);
    cells.push_back(chip(levels[0]));
    cells.push_back(chip(levels[1]));
    table.row(std::move(cells));
  }
  page.html(table.markup());
  bool by_seed = false;
  const std::size_t n = pairs(a, b, &by_seed).size();
  page.paragraph(number(static_cast<double>(n)) +
                     (by_seed ? Both{" pairs of runs with equal seeds.", " paren van runs met gelijke startgetallen."}
                              : Both{" pairs of runs; the seeds differ, so chance does not cancel.",
                                     " paren van runs; de startgetallen verschillen, dus het toeval valt niet weg."}) +
                     (n > 1 ? Both{" In parentheses the 5–95 % band of the paired differences.",
                                   " Tussen haakjes de band van 5–95 % van de gepaarde verschillen."}
                            : Both{" One run: no uncertainty.", " Eén run: geen onzekerheid."}),
                 "small");
  page.figure(zone_comparison(a, b, "both"), {"Densest 25 m² per zone. Blue: A. Dashed orange: B.",
                                              "Dichtste 25 m² per zone. Blauw: A. Gestreept oranje: B."});
}

void write_solved(Page& page, const Runs& a, const Runs& b) {
  page.heading({"Limits: solved, remaining, new", "Grenzen: opgelost, gebleven, nieuw"});
  struct Sides {
    const ExceedanceFigures* a = nullptr;
    const ExceedanceFigures* b = nullptr;
    std::string name;
    AlertLevel level{};
  };
  const auto rows_a = exceedance_figures(a);
  const auto rows_b = exceedance_figures(b);
  std::map<std::tuple<int, std::string, Quantity>, Sides> sides;
  const auto add = [&](const Runs& runs, const std::vector<ExceedanceFigures>& rows,
                       const ExceedanceFigures* Sides::*side) {
    for (const ExceedanceFigures& row : rows) {
      const ZoneInfo& zone = runs.front().header.zones[row.zone];
      Sides& entry = sides[{-static_cast<int>(row.level), zone.id, row.quantity}];
      entry.*side = &row;
      entry.name = zone.name;
      entry.level = row.level;
    }
  };
  add(a, rows_a, &Sides::a);
  add(b, rows_b, &Sides::b);
  if (sides.empty())
    return page.paragraph(
        {"No zone went above a limit in A or B.", "Geen enkele zone kwam in A of B boven een grens."});
  Table table({{"Zone", "Zone"},
               {"Level", "Niveau"},
               {"What happened", "Wat er gebeurde"},
               {"Time above in A", "Tijd erboven in A"},
               {"in B", "in B"},
               {"Peak in A", "Piek in A"},
               {"in B", "in B"}},
              "lllrrrr");
  for (const auto& [key, entry] : sides) {
    const Both word = entry.b == nullptr                                    ? Both{"✓ solved", "✓ opgelost"}
                      : entry.a == nullptr                                  ? Both{"✗ new", "✗ nieuw"}
                      : entry.b->duration.median < entry.a->duration.median ? Both{"remains, shorter", "blijft, korter"}
                                                                            : Both{"remains", "blijft"};
    const auto time = [](const ExceedanceFigures* side) {
      return side == nullptr ? std::string("–") : html(band_text(side->duration, [](double v) { return duration(v); }));
    };
    const auto peak = [](const ExceedanceFigures* side) {
      return side == nullptr ? std::string("–")
                             : html(band_text(side->peak, [side](double v) { return value_of(side->quantity, v); }));
    };
    table.row({escape(entry.name), chip(entry.level), html(word), time(entry.a), time(entry.b), peak(entry.a),
               peak(entry.b)});
  }
  page.html(table.markup());
}

void write_travel_difference(Page& page, const Runs& a, const Runs& b) {
  Table table({{"Journey", "Reis"}, {"Median in A", "Mediaan in A"}, {"in B", "in B"}, {"B − A, s", "B − A, s"}},
              "lrrr");
  for (std::size_t j = 0; j < a.front().travel.size(); ++j)
    for (std::size_t k = 0; k < b.front().travel.size(); ++k) {
      if (a.front().travel[j].journey != b.front().travel[k].journey) continue;
      const auto median = [&](const RunResults& run, bool is_b) {
        const std::size_t at = is_b ? k : j;
        return at < run.travel.size() && run.travel[at].n > 0 ? run.travel[at].median
                                                              : std::numeric_limits<double>::quiet_NaN();
      };
      const Format time = [](double v) { return duration(v); };
      table.row({escape(a.front().travel[j].journey),
                 html(band_text(band_of(a, [&](const RunResults& r) { return median(r, false); }), time)),
                 html(band_text(band_of(b, [&](const RunResults& r) { return median(r, true); }), time)),
                 html(band_text(difference(a, b, median), [](double v) { return signed_number(v, 0); }))});
    }
  if (table.empty()) return;
  page.heading({"Travel times", "Reistijden"});
  page.html(table.markup());
}

}  // namespace

std::string compare_html(const std::vector<RunResults>& a, const std::vector<RunResults>& b,
                         const PageOptions& options) {
  THRONG_CHECK(!a.empty() && !b.empty(), "a comparison needs two results");
  const auto name = [](const Runs& runs) { return runs.front().header.scenario_name; };
  Page page(Both{"Comparison: ", "Vergelijking: "} + same("A " + name(a) + " – B " + name(b)), options.language);
  write_comparison_verdict(page, a, b);
  write_maps(page, a, b);
  write_zones(page, a, b);
  write_solved(page, a, b);
  page.heading({"Who came, who left", "Wie kwam, wie ging"});
  page.figure(exit_comparison(a, b, "both"), {"People who left and people inside, A and B over each other.",
                                              "Vertrokken personen en personen binnen, A en B over elkaar."});
  write_travel_difference(page, a, b);
  write_assumptions(page, a);
  write_sources(page, a);
  page.heading({"What was compared", "Wat is vergeleken"});
  page.html("<h3>A</h3>");
  write_identity(page, a);
  page.html("<h3>B</h3>");
  write_identity(page, b);
  return page.finish();
}

}  // namespace throng::report
