#include "sim/core/error.hpp"
#include "sim/report/detail/charts.hpp"
#include "sim/report/detail/map.hpp"
#include "sim/report/detail/tables.hpp"
#include "sim/report/detail/verdict.hpp"
#include "sim/report/report.hpp"

namespace throng::report {
namespace {
using namespace detail;

Picture peak_map(const Runs& runs, const std::string& language) {
  const RunHeader& header = runs.front().header;
  auto values = median_grids(runs, &RunResults::peak_density);
  const Box view = map_view(header, values);
  MapRequest request{header, std::move(values)};
  request.view = view;
  request.spots = worst_spots(runs);
  request.language = language;
  request.title = {"Map of peak density", "Kaart van de piekdichtheid"};
  return draw_map(request);
}

void write_map(Page& page, const Runs& runs) {
  page.heading({"Where it was densest", "Waar het het dichtst was"});
  Both caption = runs.size() > 1 ? Both{"Median over the runs of the highest density at each place. ",
                                        "Mediaan over de runs van de hoogste dichtheid op elke plek. "}
                                 : Both{"Highest density at each place during the run. ",
                                        "Hoogste dichtheid op elke plek tijdens de run. "};
  caption += Both{
      "Dashed black: zones. Purple: counting lines, the arrow is the positive direction. Dark purple: podia. Green: "
      "gates; wine "
      "red: fences. Numbered shapes: worst spots, squares of 5 × 5 m. North is up.",
      "Zwart gestreept: zones. Paars: tellijnen, de pijl is de positieve richting. Donkerpaars: podia. Groen: poorten; "
      "wijnrood: "
      "hekken. Genummerde vormen: slechtste plekken, vierkanten van 5 × 5 m. Het noorden is boven."};
  page.figure(peak_map(runs, "both"), caption);
  std::vector<std::string> items;
  for (const ExceedanceFigures& above : worst_exceedances(runs)) {
    const ZoneInfo& zone = runs.front().header.zones[above.zone];
    if (zone.kind == ZoneKind::site || items.size() == 8) continue;
    items.push_back(
        "<b>" + std::to_string(items.size() + 1) + "</b> " + chip(above.level) + " " + escape(zone.name) + ", " +
        html(value_of(above.quantity, above.peak.median) + Both{", first above ", ", voor het eerst boven "} +
             number(above.limit, above.quantity == Quantity::density ? 2 : 0) + Both{" at ", " om "} +
             same(clock(runs.front().header, above.first_at.median)) + "; " + position(above.at)));
  }
  if (!items.empty()) page.list(items);
}

void write_charts(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  if (!header.zones.empty()) {
    page.heading({"Zones over time", "Zones in de tijd"});
    page.figure(zone_chart(runs, "both"),
                {"Dark line: densest 25 m² (30 s mean). Dashed teal: mean of the zone. Horizontal lines: limits of "
                 "this kind of zone. Strip: level of "
                 "service A–F of the zone mean, on the scale of its kind.",
                 "Donkere lijn: dichtste 25 m² (gemiddelde over 30 s). Gestreept blauwgroen: zonegemiddelde. "
                 "Horizontale lijnen: grenzen voor deze soort "
                 "zone. Strook: serviceniveau A–F van het zonegemiddelde, op de schaal van zijn soort."});
  }
  page.heading({"Flow over counting lines", "Stroom over tellijnen"});
  if (header.lines.empty()) {
    page.paragraph({"The drawing has no counting lines.", "De tekening heeft geen tellijnen."});
  } else {
    page.figure(flow_chart(runs, "both"),
                {"People per minute; up = in the direction of the arrow on the map, down = against it.",
                 "Personen per minuut; omhoog = in de richting van de pijl op de kaart, omlaag = ertegenin."});
    write_line_table(page, runs);
  }
  page.heading({"Who came, who left", "Wie kwam, wie ging"});
  page.figure(exit_chart(runs, "both"),
              {"People who left since the start, per exit.", "Vertrokken personen sinds het begin, per uitgang."});
  page.figure(ledger_chart(runs, "both"),
              {"People inside, and people who found no room to enter yet.",
               "Personen binnen, en personen die nog geen plek vonden om binnen te komen."});
  write_ledger(page, runs);
}

}  // namespace

std::vector<Picture> pictures(const RunResults& run, const std::string& language) {
  const Runs runs{run};
  return {peak_map(runs, language), zone_chart(runs, language), flow_chart(runs, language), exit_chart(runs, language)};
}

std::string summary_html(const std::vector<RunResults>& runs, const PageOptions& options) {
  THRONG_CHECK(!runs.empty(), "a summary needs a run");
  const RunHeader& header = runs.front().header;
  Page page(same(header.scenario_name.empty() ? header.site_name : header.scenario_name), options.language);
  page.paragraph(same(header.site_name + " · ") +
                     same(clock(header, 0.0) + " – " + clock(header, runs.front().simulated)) +
                     Both{" · simulated crowd, not a measurement", " · gesimuleerde menigte, geen meting"},
                 "small");
  write_verdict(page, runs);
  write_map(page, runs);
  write_exceedances(page, runs);
  write_zone_table(page, runs);
  write_charts(page, runs);
  write_queues(page, runs);
  write_travel(page, runs);
  write_not_served(page, runs);
  write_events(page, runs);
  write_assumptions(page, runs);
  write_sources(page, runs);
  page.heading({"What was run", "Wat is gedraaid"});
  write_identity(page, runs);
  return page.finish();
}

std::string summary_html(const RunResults& run, const PageOptions& options) {
  return summary_html(std::vector<RunResults>{run}, options);
}

}  // namespace throng::report
