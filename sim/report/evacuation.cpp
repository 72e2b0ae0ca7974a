#include "sim/report/detail/page.hpp"
#include "sim/report/detail/words.hpp"
#include "sim/report/report.hpp"

#include <algorithm>
#include <cmath>

namespace throng::report {
namespace {
using namespace detail;

Both time_or_not(double seconds) {
  return std::isfinite(seconds) ? duration(seconds) : Both{"not within the limit", "niet binnen de grens"};
}

Both case_name(const ClearanceCase& c) {
  if (c.lost_exit.empty()) return {"all exits", "alle uitgangen"};
  return Both{"without ", "zonder "} + same(c.lost_exit);
}

void write_times(Page& page, const EvacuationFigures& figures) {
  page.heading({"Clearance times", "Ontruimingstijden"});
  std::vector<Both> head{{"Case", "Geval"},
                         {"People inside", "Mensen binnen"},
                         {"Half out after", "Helft buiten na"},
                         {"95 % out after", "95 % buiten na"},
                         {"Last person out after", "Laatste persoon buiten na"},
                         {"Still inside", "Nog binnen"}};
  Table table(head, "lrrrrr");
  for (const ClearanceCase& c : figures.cases)
    table.row({html(case_name(c)), html(number(static_cast<double>(c.people))), html(time_or_not(c.time_half)),
               html(time_or_not(c.time_95)), html(time_or_not(c.time_all)),
               html(number(static_cast<double>(c.remaining)))});
  page.html(table.markup());
  page.heading({"Last person out, per zone", "Laatste persoon weg, per zone"});
  std::vector<Both> zones{{"Case", "Geval"}};
  for (const std::string& zone : figures.zones) zones.push_back(same(zone));
  Table cleared(zones, "l" + std::string(figures.zones.size(), 'r'));
  for (const ClearanceCase& c : figures.cases) {
    std::vector<std::string> cells{html(case_name(c))};
    for (const double t : c.zone_cleared)
      cells.push_back(t == 0.0 ? html({"was empty", "was leeg"}) : html(time_or_not(t)));
    cleared.row(std::move(cells));
  }
  page.html(cleared.markup());
  page.heading({"People per exit", "Mensen per uitgang"});
  std::vector<Both> exits{{"Case", "Geval"}};
  for (const std::string& exit : figures.exits) exits.push_back(same(exit));
  Table used(exits, "l" + std::string(figures.exits.size(), 'r'));
  for (const ClearanceCase& c : figures.cases) {
    std::vector<std::string> cells{html(case_name(c))};
    for (const std::uint64_t n : c.by_exit) cells.push_back(html(number(static_cast<double>(n))));
    used.row(std::move(cells));
  }
  page.html(used.markup());
}

void write_sheet(Page& page, const CapacitySheet& sheet) {
  page.heading({"Capacity sheet", "Capaciteitsblad"});
  Table table({{"Capacity", "Capaciteit"}, {"People", "Personen"}, {"Computed as", "Berekend als"}}, "lrl");
  const CapacityInputs& in = sheet.inputs;
  const auto product = [](const CitedNumber& flow, double width, const CitedNumber& time) {
    return html(number(flow.value) + (" " + flow.unit + " × ").c_str() + number(width, 1) + " m × " +
                number(time.value, 1) + (" " + time.unit).c_str());
  };
  table.row({html({"entry", "instroom"}), html(number(sheet.entry)),
             product(in.entry_flow, sheet.entry_width, in.entry_time)});
  table.row({html({"holding", "verblijf"}), html(number(sheet.holding_capacity)),
             html(number(sheet.holding_area) + " m² (" + same(sheet.holding_area_of) + ") / 10 × " +
                  number(in.holding.value) + " × min(" + number(in.physical.value, 2) + "; " +
                  number(in.safety.value, 2) + ")")});
  table.row(
      {html({"exit", "uitstroom"}), html(number(sheet.exit)), product(in.exit_flow, sheet.exit_width, in.exit_time)});
  table.row({html({"emergency exit, widest exit lost", "nooduitgang, breedste uitgang weggevallen"}),
             html(number(sheet.emergency)), product(in.emergency_flow, sheet.emergency_width, in.emergency_time)});
  table.row({"<b>" + html({"final = the least", "eindcapaciteit = de laagste"}) + "</b>",
             "<b>" + html(number(sheet.final_capacity)) + "</b>",
             html(Both{"limited by: ", "beperkt door: "} + same(sheet.limited_by))});
  page.html(table.markup());
  Table inputs({{"Input", "Invoer"}, {"Value", "Waarde"}, {"Source", "Bron"}}, "lrl");
  const auto row = [&](const Both& name, const CitedNumber& n) {
    inputs.row({html(name), html(number(n.value, n.unit == "-" ? 2 : 1) + (n.unit == "-" ? "" : " " + n.unit).c_str()),
                escape(n.citation)});
  };
  row({"entry flow", "instroom per meter"}, in.entry_flow);
  row({"entry time", "instroomtijd"}, in.entry_time);
  row({"holding density", "verblijfsdichtheid"}, in.holding);
  row({"P factor", "P-factor"}, in.physical);
  row({"S factor", "S-factor"}, in.safety);
  row({"exit flow", "uitstroom per meter"}, in.exit_flow);
  row({"exit time", "uitstroomtijd"}, in.exit_time);
  row({"emergency flow", "nooduitstroom per meter"}, in.emergency_flow);
  row({"emergency time", "noodtijd"}, in.emergency_time);
  page.html(inputs.markup());
  page.paragraph({"Published sources disagree; replace the inputs by those of your own assessment. The sheet is an "
                  "aid, not a permit.",
                  "Gepubliceerde bronnen spreken elkaar tegen; vervang de invoer door die van uw eigen beoordeling. "
                  "Het blad is een hulpmiddel, geen vergunning."},
                 "small");
}

}  // namespace

std::string evacuation_html(const RunHeader& header, const EvacuationFigures& figures, const CapacitySheet& sheet,
                            const PageOptions& options) {
  Page page(Both{"Evacuation: ", "Ontruiming: "} + same(header.scenario_name), options.language);
  const auto slowest =
      std::max_element(figures.cases.begin(), figures.cases.end(), [](const ClearanceCase& a, const ClearanceCase& b) {
        const auto key = [](const ClearanceCase& c) { return std::isfinite(c.time_all) ? c.time_all : 1e300; };
        return key(a) < key(b);
      });
  if (slowest != figures.cases.end()) {
    const ClearanceCase& base = figures.cases.front();
    Both lead = number(static_cast<double>(base.people)) + Both{" people inside at ", " mensen binnen om "} +
                same(clock(header, figures.at)) +
                Both{"; with all exits the last is out after ", "; met alle uitgangen is de laatste buiten na "} +
                time_or_not(base.time_all) + ".";
    if (!slowest->lost_exit.empty())
      lead += Both{" The worst loss is ", " Het ergste verlies is "} + same(slowest->lost_exit) + ": " +
              time_or_not(slowest->time_all) + ".";
    page.html("<div class=\"verdict\"><p class=\"lead\">" + html(lead) + "</p></div>");
  }
  page.paragraph(
      sentence("Everyone inside walks to the nearest usable exit at once; sources stop. At an exit with a timetable "
               "(tram, ferry) people are out when they reach it: no departure is waited for."));
  if (figures.interrupted)
    page.html("<p class=\"note\">" +
              html({"Stopped before all cases were done.", "Gestopt voordat alle gevallen klaar waren."}) + "</p>");
  if (!figures.closed.empty()) {
    std::string names;
    for (const std::string& name : figures.closed) names += (names.empty() ? "" : ", ") + name;
    page.paragraph(Both{"Closed from the start: ", "Vanaf het begin gesloten: "} + same(names) + ".");
  }
  write_times(page, figures);
  write_sheet(page, sheet);
  page.paragraph(
      {"One run: no uncertainty. Reaction time, smoke, panic and staff directions are not modelled.",
       "Eén run: geen onzekerheid. Reactietijd, rook, paniek en aanwijzingen van personeel zijn niet gemodelleerd."},
      "small");
  return page.finish();
}

}  // namespace throng::report
