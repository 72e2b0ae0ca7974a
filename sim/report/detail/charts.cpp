#include "sim/report/detail/charts.hpp"

#include "sim/fields/level_of_service.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace throng::report::detail {
namespace {

constexpr int width = 960;  // [px]
constexpr std::array<const char*, 6> line_colours{"#2c4a9a", "#b3500a", "#0b7285", "#7a1fa2", "#5d4037", "#4a4a4a"};
constexpr std::array<const char*, 4> dashes{"", "7 3", "2 3", "10 3 2 3"};
const char* const colour_a = "#2c4a9a";
const char* const colour_b = "#c25a00";

int panel_rows(std::size_t n) { return static_cast<int>((std::max<std::size_t>(n, 1) + 1) / 2); }

std::vector<Mark> limits(const ZoneInfo& zone) {
  std::vector<Mark> marks;
  for (std::size_t k = 0; k < 4; ++k)
    if (std::isfinite(zone.limits.density[k])) {
      const auto level = static_cast<AlertLevel>(k + 1);
      marks.push_back({zone.limits.density[k], level, level_word(level) + " " + number(zone.limits.density[k], 2)});
    }
  return marks;
}

/// Letter of the median density in each interval.
std::string service_strip(const ZoneInfo& zone, const Series& density) {
  std::string out;
  for (const Point& p : density) out += level_of_service(zone.kind, std::isfinite(p.value) ? p.value : 0.0);
  return out;
}

std::vector<std::size_t> worst_first(const Runs& runs) {
  const auto zones = zone_figures(runs.front());
  std::vector<std::size_t> order(zones.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return zones[a].level != zones[b].level ? zones[a].level > zones[b].level : zones[a].local > zones[b].local;
  });
  return order;
}

void place_panel(ChartRequest& chart, std::size_t k, double panel_height) {
  chart.x = k % 2 == 0 ? 0.0 : 0.5 * width + 4.0;
  chart.y = static_cast<double>(k / 2) * panel_height;
  chart.width = 0.5 * width - 4.0;
  chart.height = panel_height - 10.0;
}

Both band_note(const Runs& runs) {
  if (runs.size() < 2) return {};
  return {", band 5–95 % of " + std::to_string(runs.size()) + " runs",
          ", band 5–95 % van " + std::to_string(runs.size()) + " runs"};
}

}  // namespace

Picture zone_chart(const Runs& runs, const std::string& language) {
  const RunHeader& header = runs.front().header;
  const double panel = 212.0;
  Svg svg(width, static_cast<int>(panel * panel_rows(header.zones.size()) + 8), language);
  const auto order = worst_first(runs);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t z = order[k];
    const ZoneInfo& zone = header.zones[z];
    ChartRequest chart{header};
    place_panel(chart, k, panel);
    chart.title = same(zone.name);
    chart.unit = Both{"p/m², ", "p/m², "} + kind_word(zone.kind);
    Curve mean = curve_of(runs, [&](const RunResults& run) { return zone_series(run, z, &ZoneSample::density); });
    Curve local =
        curve_of(runs, [&](const RunResults& run) { return zone_series(run, z, &ZoneSample::local_density); });
    mean.colour = "#2f7f8c";
    mean.dash = "5 2";
    mean.width = 1.6;
    mean.low.clear();
    mean.high.clear();
    local.colour = "#1b1b3a";
    chart.marks = limits(zone);
    chart.top = 0.5;
    chart.right_margin = 84.0;
    chart.strip = service_strip(zone, mean.middle);
    chart.curves = {std::move(mean), std::move(local)};
    draw_chart(svg, chart);
  }
  return svg.finish(
      "zones", {"Density and level of service per zone over time", "Dichtheid en serviceniveau per zone in de tijd"});
}

Picture flow_chart(const Runs& runs, const std::string& language) {
  const RunHeader& header = runs.front().header;
  const double panel = 168.0;
  Svg svg(width, static_cast<int>(panel * panel_rows(header.lines.size()) + 8), language);
  for (std::size_t l = 0; l < header.lines.size(); ++l) {
    const LineInfo& line = header.lines[l];
    ChartRequest chart{header};
    place_panel(chart, l, panel);
    Curve forward = curve_of(runs, [&](const RunResults& run) { return line_series(run, l, true); });
    Curve backward = curve_of(runs, [&](const RunResults& run) {
      Series series = line_series(run, l, false);
      for (Point& p : series) p.value = -p.value;
      return series;
    });
    forward.steps = backward.steps = true;
    forward.colour = colour_a;
    backward.colour = "#e8833a";
    chart.title = same(line.name);
    chart.unit = Both{"p/min, width ", "p/min, breedte "} + number(line.width, 1) + " m";
    chart.mirrored = true;
    chart.top = 10.0;
    chart.curves = {std::move(forward), std::move(backward)};
    draw_chart(svg, chart);
    svg.halo_text(chart.x + 50.0, chart.y + 38.0, {"▲ with the arrow", "▲ met de pijl mee"},
                  "font-size=\"9\" fill=\"#2c4a9a\"");
    svg.halo_text(chart.x + 50.0, chart.y + chart.height - 28.0, {"▼ against the arrow", "▼ tegen de pijl in"},
                  "font-size=\"9\" fill=\"#a34b00\"");
  }
  return svg.finish("flows", {"People per minute over each counting line", "Personen per minuut over elke tellijn"});
}

Picture exit_chart(const Runs& runs, const std::string& language) {
  const RunHeader& header = runs.front().header;
  Svg svg(width, 300, language);
  ChartRequest chart{header};
  chart.width = width;
  chart.height = 296.0;
  chart.right_margin = 190.0;
  chart.title = Both{"People who left since the start", "Personen vertrokken sinds het begin"} + band_note(runs);
  chart.unit = {"people", "personen"};
  Curve all = curve_of(runs, [](const RunResults& run) { return ledger_series(run, &LedgerSample::left); });
  all.colour = "#111111";
  all.width = 2.6;
  all.label = Both{"all exits: ", "alle uitgangen: "} + number(all.middle.empty() ? 0.0 : all.middle.back().value);
  chart.curves.push_back(std::move(all));
  for (std::size_t e = 0; e < header.exits.size(); ++e) {
    Curve curve = curve_of(runs, [&](const RunResults& run) { return exit_series(run, e); });
    curve.colour = line_colours[e % line_colours.size()];
    curve.dash = dashes[(e / line_colours.size() + e) % dashes.size()];
    curve.label = same(header.exits[e].name + ": ") + number(curve.middle.empty() ? 0.0 : curve.middle.back().value);
    chart.curves.push_back(std::move(curve));
  }
  draw_chart(svg, chart);
  return svg.finish("exits", {"People who left, per exit", "Vertrokken personen, per uitgang"});
}

Picture ledger_chart(const Runs& runs, const std::string& language) {
  const RunHeader& header = runs.front().header;
  Svg svg(width, 250, language);
  ChartRequest chart{header};
  chart.width = width;
  chart.height = 246.0;
  chart.right_margin = 190.0;
  chart.title = Both{"People inside and waiting outside", "Personen binnen en wachtend buiten"} + band_note(runs);
  chart.unit = {"people", "personen"};
  if (header.licensed_capacity > 0.0)
    chart.marks.push_back({header.licensed_capacity, AlertLevel::unknown,
                           Both{"licensed capacity ", "vergunde capaciteit "} + number(header.licensed_capacity)});
  Curve inside = curve_of(runs, [](const RunResults& run) { return ledger_series(run, &LedgerSample::inside); });
  Curve waiting =
      curve_of(runs, [](const RunResults& run) { return ledger_series(run, &LedgerSample::waiting_outside); });
  inside.label = {"inside", "binnen"};
  waiting.label = {"waiting outside", "wachtend buiten"};
  waiting.colour = colour_b;
  waiting.dash = "6 3";
  chart.curves = {std::move(inside), std::move(waiting)};
  draw_chart(svg, chart);
  return svg.finish("ledger", {"People inside and waiting outside", "Personen binnen en wachtend buiten"});
}

Picture exit_comparison(const Runs& a, const Runs& b, const std::string& language) {
  Svg svg(width, 300, language);
  ChartRequest chart{a.front().header};
  chart.width = width;
  chart.height = 296.0;
  chart.right_margin = 120.0;
  chart.title = Both{"People who left since the start", "Personen vertrokken sinds het begin"} + band_note(a);
  chart.unit = {"people", "personen"};
  const auto left = [](const RunResults& run) { return ledger_series(run, &LedgerSample::left); };
  const auto inside = [](const RunResults& run) { return ledger_series(run, &LedgerSample::inside); };
  const auto add = [&](const Runs& runs, const auto& series, const char* colour, const char* dash, const Both& label) {
    Curve curve = curve_of(runs, series);
    curve.colour = colour;
    curve.dash = dash;
    curve.label = label;
    chart.curves.push_back(std::move(curve));
  };
  add(a, left, colour_a, "", {"A left", "A vertrokken"});
  add(b, left, colour_b, "9 3", {"B left", "B vertrokken"});
  add(a, inside, colour_a, "2 2", {"A inside", "A binnen"});
  add(b, inside, colour_b, "2 4", {"B inside", "B binnen"});
  draw_chart(svg, chart);
  return svg.finish("exits", {"People who left, A and B", "Vertrokken personen, A en B"});
}

Picture zone_comparison(const Runs& a, const Runs& b, const std::string& language) {
  const RunHeader& header = a.front().header;
  std::vector<std::pair<std::size_t, std::size_t>> both;
  for (std::size_t z : worst_first(a))
    for (std::size_t k = 0; k < b.front().header.zones.size(); ++k)
      if (b.front().header.zones[k].id == header.zones[z].id) both.emplace_back(z, k);
  const double panel = 200.0;
  Svg svg(width, static_cast<int>(panel * panel_rows(both.size()) + 8), language);
  for (std::size_t k = 0; k < both.size(); ++k) {
    ChartRequest chart{header};
    place_panel(chart, k, panel);
    const ZoneInfo& zone = header.zones[both[k].first];
    chart.title = same(zone.name);
    chart.unit = {"densest 25 m², p/m²", "dichtste 25 m², p/m²"};
    chart.marks = limits(zone);
    chart.top = 0.5;
    chart.right_margin = 84.0;
    const auto series = [](std::size_t z) {
      return [z](const RunResults& run) { return zone_series(run, z, &ZoneSample::local_density); };
    };
    Curve first = curve_of(a, series(both[k].first));
    Curve second = curve_of(b, series(both[k].second));
    first.colour = colour_a;
    second.colour = colour_b;
    second.dash = "9 3";
    chart.curves = {std::move(first), std::move(second)};
    draw_chart(svg, chart);
  }
  return svg.finish("zones", {"Density per zone, A and B", "Dichtheid per zone, A en B"});
}

}  // namespace throng::report::detail
