#include "sim/report/detail/tables.hpp"

#include "sim/fields/level_of_service.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace throng::report::detail {
namespace {

const Format one_decimal = [](double v) { return number(v, 1); };
const Format whole = [](double v) { return number(v); };
const Format time_long = [](double v) { return duration(v); };

std::string value(const Runs& runs, const Figure& figure, const Format& format) {
  return html(band_text(band_of(runs, figure), format));
}

Format clock_format(const RunHeader& header) {
  return [&header](double v) { return same(clock(header, v)); };
}

/// A term and its value; values from files are escaped.
std::string entry(const Both& term, const std::string& markup) {
  return "<dt>" + html(term) + "</dt><dd>" + markup + "</dd>";
}
std::string code(const std::string& text) { return "<code>" + escape(text) + "</code>"; }

std::string parameters(const RunHeader& header) {
  std::string out = escape(header.model) + (header.profile.empty() ? "" : ", " + escape(header.profile));
  for (const auto& [name, v] : header.model_parameters) out += "; " + escape(name) + " " + html(number(v, 3));
  return out;
}

}  // namespace

std::string service_box(char letter) {
  const auto k = static_cast<std::size_t>(std::clamp(letter - 'A', 0, 5));
  return "<span class=\"los\" style=\"background:" + hex(service_colours[k]) +
         ";color:" + (k == 0 || k == 5 || k == 1 ? "#ffffff" : "#111111") + "\">" + escape(std::string(1, letter)) +
         "</span>";
}

void write_identity(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  std::string dl = "<dl>";
  dl += entry({"Scenario", "Scenario"}, escape(header.scenario_name) + " " + code(header.scenario_file));
  dl += entry({"Site", "Locatie"}, escape(header.site_name) + " " + code(header.site_hash));
  dl += entry({"Simulated", "Gesimuleerd"}, escape(clock(header, 0.0) + " – " + clock(header, runs.front().simulated)) +
                                                " (" + html(duration(runs.front().simulated)) + ", " +
                                                html({"step ", "stap "}) + html(number(header.time_step, 3)) + " s)");
  dl += entry({"Model", "Model"}, parameters(header));
  std::string seeds;
  for (std::size_t k = 0; k < std::min<std::size_t>(runs.size(), 5); ++k)
    seeds += (k > 0 ? ", " : "") + std::to_string(runs[k].header.seed);
  if (runs.size() > 5) seeds += " … (" + std::to_string(runs.size()) + ")";
  dl += entry({"Seed", "Startgetal"}, code(seeds));
  dl += entry({"Program", "Programma"}, "Throng " + escape(header.program_version) + ", " + escape(header.build));
  if (!header.created.empty()) dl += entry({"Made", "Gemaakt"}, escape(header.created));
  dl += entry({"State hash", "Toestandshash"},
              code(runs.front().state_hash) + (runs.size() > 1 ? html({" (first run)", " (eerste run)"}) : ""));
  page.html(dl + "</dl>");
  if (std::any_of(runs.begin(), runs.end(), [](const RunResults& r) { return r.interrupted; }))
    page.html("<p class=\"note\">" +
              html({"The run was stopped before its end; figures cover the simulated part only.",
                    "De run is voor het einde gestopt; de cijfers gaan alleen over het gesimuleerde deel."}) +
              "</p>");
}

void write_zone_table(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  page.heading({"Zones", "Zones"});
  if (header.zones.empty()) return page.paragraph({"The drawing has no zones.", "De tekening heeft geen zones."});
  std::vector<std::vector<ZoneFigures>> all;
  for (const RunResults& run : runs) all.push_back(zone_figures(run));
  Table table({{"Zone", "Zone"},
               {"Kind", "Soort"},
               {"Area, m²", "Oppervlak, m²"},
               {"Densest 25 m², p/m²", "Dichtste 25 m², p/m²"},
               {"at", "om"},
               {"Zone mean, p/m²", "Zonegemiddelde, p/m²"},
               {"Service", "Niveau"},
               {"Time at E–F", "Tijd op E–F"},
               {"Most people", "Meeste mensen"},
               {"Flow, p/m/min", "Stroom, p/m/min"},
               {"Level", "Grens"}},
              "llrrrrlrrrl");
  for (std::size_t z = 0; z < header.zones.size(); ++z) {
    const ZoneInfo& zone = header.zones[z];
    const auto figure = [&](double ZoneFigures::*member, const Format& format) {
      std::vector<double> sample;
      for (const auto& run : all) sample.push_back(run[z].*member);
      return html(band_text(band(std::move(sample)), format));
    };
    char service = 'A';
    AlertLevel level = AlertLevel::normal;
    for (const auto& run : all) service = std::max(service, run[z].service), level = std::max(level, run[z].level);
    table.row({escape(zone.name), html(kind_word(zone.kind)), html(number(zone.area)),
               figure(&ZoneFigures::local, one_decimal), escape(clock(header, all.front()[z].local_time)),
               figure(&ZoneFigures::mean_peak, one_decimal), service_box(service),
               figure(&ZoneFigures::crowded_time, time_long), figure(&ZoneFigures::people, whole),
               figure(&ZoneFigures::flow, whole), chip(level)});
  }
  page.html(table.markup());
  std::set<ZoneKind> kinds;
  for (const ZoneInfo& zone : header.zones) kinds.insert(zone.kind);
  Both scales{"Level of service A–F of the zone mean, by kind of zone: ",
              "Serviceniveau A–F van het zonegemiddelde, per soort zone: "};
  std::set<const ServiceTable*> seen;
  for (const ZoneKind kind : kinds) {
    const ServiceTable& scale = service_table(kind);
    if (!seen.insert(&scale).second) continue;
    Both bounds;
    for (const double bound : scale.density) bounds += (bounds.en.empty() ? Both{} : same(" / ")) + number(bound, 2);
    scales += bounds + (std::string(" p/m² (") + scale.citation + "). ").c_str();
  }
  page.paragraph(scales + Both{"All figures are the highest of the run; flow is density times speed.",
                               "Alle cijfers zijn de hoogste van de run; stroom is dichtheid maal snelheid."},
                 "small");
}

Both limit_text(const ExceedanceFigures& above) {
  return number(above.limit, above.quantity == Quantity::density ? 2 : 0) + " " + unit_of(above.quantity);
}

void write_exceedances(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  page.heading({"Limits exceeded", "Overschreden grenzen"});
  const auto rows = exceedance_figures(runs);
  if (rows.empty()) return page.paragraph({"No zone went above a limit.", "Geen enkele zone kwam boven een grens."});
  std::vector<Both> head{{"Zone", "Zone"},
                         {"Level", "Niveau"},
                         {"Limit", "Grens"},
                         {"First at", "Voor het eerst om"},
                         {"Time above", "Tijd erboven"},
                         {"Peak", "Piek"},
                         {"Place", "Plaats"},
                         {"Source of the limit", "Bron van de grens"}};
  std::string align = "llrrrrll";
  if (runs.size() > 1) {
    head.insert(head.begin() + 2, Both{"Runs", "Runs"});
    align.insert(2, "r");
  }
  Table table(head, align);
  std::set<std::string> cited;
  for (const ExceedanceFigures& above : rows) {
    const ZoneInfo& zone = header.zones[above.zone];
    std::vector<std::string> cells{escape(zone.name),
                                   chip(above.level),
                                   html(limit_text(above)),
                                   html(band_text(above.first_at, clock_format(header))),
                                   html(band_text(above.duration, time_long)),
                                   html(band_text(above.peak, [&](double v) { return value_of(above.quantity, v); })),
                                   html(position(above.at)),
                                   escape(zone.limits.citation)};
    if (runs.size() > 1)
      cells.insert(cells.begin() + 2, std::to_string(above.n_runs) + " / " + std::to_string(runs.size()));
    table.row(cells);
  }
  page.html(table.markup());
  page.paragraph(
      {"Judged on the densest 25 m² of the zone (mean over 30 s); whole-site zones on their mean density; flow is that "
       "of the whole zone (density times speed, mean over 30 s). Time above "
       "is the sum of all moments above the limit.",
       "Beoordeeld op de dichtste 25 m² van de zone (gemiddelde over 30 s); zones voor het hele terrein op hun "
       "gemiddelde dichtheid; stroom is die van de hele zone (dichtheid maal snelheid, gemiddelde over 30 s). Tijd "
       "erboven is de som van alle momenten boven de grens."},
      "small");
}

void write_line_table(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  Table table({{"Counting line", "Tellijn"},
               {"Width, m", "Breedte, m"},
               {"With the arrow, people", "Met de pijl mee, personen"},
               {"Against, people", "Tegen de pijl in, personen"},
               {"Highest, p/min", "Hoogste, p/min"},
               {"Highest per metre, p/m/min", "Hoogste per meter, p/m/min"}},
              "lrrrrr");
  for (std::size_t l = 0; l < header.lines.size(); ++l) {
    const double width = header.lines[l].width;
    const Figure top = [l](const RunResults& run) {
      Series both = line_series(run, l, true);
      const Series back = line_series(run, l, false);
      for (std::size_t i = 0; i < both.size(); ++i) both[i].value += back[i].value;
      return highest(both);
    };
    table.row({escape(header.lines[l].name), html(number(width, 1)),
               value(
                   runs, [l](const RunResults& r) { return static_cast<double>(total_crossings(r, l, true)); }, whole),
               value(
                   runs, [l](const RunResults& r) { return static_cast<double>(total_crossings(r, l, false)); }, whole),
               value(runs, top, whole),
               width > 0.0 ? value(
                                 runs, [&](const RunResults& r) { return top(r) / width; }, whole)
                           : "–"});
  }
  page.html(table.markup());
  page.paragraph(
      {"Highest = both directions together in one report interval. For comparison: 82 p/m/min on level ground and 66 "
       "p/m/min on stairs (Green Guide).",
       "Hoogste = beide richtingen samen in één rapportinterval. Ter vergelijking: 82 p/m/min op vlakke grond en 66 "
       "p/m/min op trappen (Green Guide)."},
      "small");
}

void write_ledger(Page& page, const Runs& runs) {
  const auto count = [&](std::uint64_t LedgerSample::*member) {
    return value(
        runs, [member](const RunResults& run) { return static_cast<double>(last_ledger(run).*member); }, whole);
  };
  Table table({{"Expected so far", "Tot nu verwacht"},
               {"Waiting outside", "Wachtend buiten"},
               {"Entered", "Binnengekomen"},
               {"Left", "Vertrokken"},
               {"Inside at the end", "Binnen aan het einde"},
               {"Check", "Controle"}},
              "rrrrrl");
  const bool conserved = std::all_of(runs.begin(), runs.end(), [](const RunResults& run) {
    return std::all_of(run.ledger.begin(), run.ledger.end(),
                       [](const LedgerSample& row) { return row.entered == row.inside + row.left; });
  });
  table.row({count(&LedgerSample::scheduled), count(&LedgerSample::waiting_outside), count(&LedgerSample::entered),
             count(&LedgerSample::left), count(&LedgerSample::inside),
             html(conserved ? Both{"entered = inside + left, in every row",
                                   "binnengekomen = binnen + vertrokken, in elke rij"}
                            : Both{"entered differs from inside + left: a fault in the program",
                                   "binnengekomen is niet binnen + vertrokken: een fout in het programma"})});
  page.html(table.markup());
}

void write_queues(Page& page, const Runs& runs) {
  page.heading({"Queues and waiting", "Wachtrijen en wachttijden"});
  if (runs.front().queues.empty())
    return page.paragraph({"The scenario has no queues.", "Het scenario heeft geen wachtrijen."});
  Table table({{"Service point", "Servicepunt"},
               {"Longest queue, people", "Langste rij, personen"},
               {"Median wait", "Mediane wachttijd"},
               {"95 % wait at most", "95 % wacht hooguit"},
               {"Served, people", "Geholpen, personen"},
               {"Still waiting, people", "Nog wachtend, personen"}},
              "lrrrrr");
  for (std::size_t q = 0; q < runs.front().queues.size(); ++q) {
    const auto get = [&](auto member, const Format& format) {
      return value(
          runs,
          [q, member](const RunResults& r) {
            return q < r.queues.size() ? static_cast<double>(r.queues[q].*member) : NAN;
          },
          format);
    };
    table.row({escape(runs.front().queues[q].place), get(&QueueFigure::longest, whole),
               get(&QueueFigure::wait_median, time_long), get(&QueueFigure::wait_95, time_long),
               get(&QueueFigure::served, whole), get(&QueueFigure::unserved, whole)});
  }
  page.html(table.markup());
}

void write_travel(Page& page, const Runs& runs) {
  page.heading({"Travel times", "Reistijden"});
  Table table({{"Journey", "Reis"},
               {"People who finished", "Mensen die klaar zijn"},
               {"Mean", "Gemiddeld"},
               {"Median", "Mediaan"},
               {"95 % at most", "95 % hooguit"}},
              "lrrrr");
  for (std::size_t j = 0; j < runs.front().travel.size(); ++j) {
    const auto get = [&](auto member, const Format& format) {
      return value(
          runs,
          [j, member](const RunResults& r) {
            return j < r.travel.size() && (r.travel[j].n > 0 || static_cast<double>(r.travel[j].*member) == 0.0)
                       ? static_cast<double>(r.travel[j].*member)
                       : NAN;
          },
          format);
    };
    const bool nobody = std::all_of(runs.begin(), runs.end(),
                                    [&](const RunResults& r) { return j >= r.travel.size() || r.travel[j].n == 0; });
    table.row({escape(runs.front().travel[j].journey), get(&TravelFigure::n, whole),
               nobody ? "–" : get(&TravelFigure::mean, time_long), nobody ? "–" : get(&TravelFigure::median, time_long),
               nobody ? "–" : get(&TravelFigure::p95, time_long)});
  }
  if (table.empty()) return page.paragraph({"No journeys.", "Geen reizen."});
  page.html(table.markup());
  page.paragraph({"From entry to exit, including stays and queues; only people who left count.",
                  "Van binnenkomst tot vertrek, met verblijf en wachtrijen; alleen wie vertrokken is telt mee."},
                 "small");
}

void write_not_served(Page& page, const Runs& runs) {
  page.heading({"Not served, waiting outside, stuck", "Niet geholpen, wachtend buiten, vast"});
  const auto figure = [&](const Figure& f) { return band_text(band_of(runs, f), whole); };
  page.list(
      {html(Both{"Waiting outside at the end (no room to enter): ",
                 "Wachtend buiten aan het einde (geen plek om binnen te komen): "} +
            figure([](const RunResults& r) { return static_cast<double>(last_ledger(r).waiting_outside); }) +
            Both{" people", " personen"}),
       html(Both{"Still queueing at the end: ", "Nog in de rij aan het einde: "} +
            figure([](const RunResults& r) { return static_cast<double>(unserved(r)); }) +
            Both{" people", " personen"}),
       html(Both{"Reported without progress for 30 s or more: ", "Gemeld zonder voortgang gedurende 30 s of meer: "} +
            figure([](const RunResults& r) { return static_cast<double>(r.stuck.size()); }) +
            Both{" times", " keer"})});
  const RunResults& first = runs.front();
  if (first.stuck.empty()) return;
  Table table({{"Reports", "Meldingen"},
               {"Cause", "Oorzaak"},
               {"Place", "Plaats"},
               {"Going to", "Onderweg naar"},
               {"From", "Van"},
               {"To", "Tot"},
               {"About here", "Ongeveer hier"}},
              "rlllrrl");
  constexpr std::size_t most = 20;
  const std::vector<StallGroup> groups = stall_groups(first);
  for (std::size_t k = 0; k < std::min(groups.size(), most); ++k) {
    const StallGroup& group = groups[k];
    table.row({std::to_string(group.n), html(cause(group.cause)), escape(group.place), escape(group.stage),
               escape(clock(first.header, group.first)), escape(clock(first.header, group.last)),
               html(position(group.middle))});
  }
  page.html(table.markup());
  page.paragraph(
      {"Waiting at closed gates and full exits is counted apart from crowding." +
           (groups.size() > most ? " The largest " + std::to_string(most) + " of " + std::to_string(groups.size()) +
                                       " groups; all are in the result file."
                                 : std::string()),
       "Wachten bij gesloten poorten en volle uitgangen telt apart van drukte." +
           (groups.size() > most ? " De grootste " + std::to_string(most) + " van " + std::to_string(groups.size()) +
                                       " groepen; alle staan in het resultaatbestand."
                                 : std::string())},
      "small");
}

void write_events(Page& page, const Runs& runs) {
  const RunResults& run = runs.front();
  Table table({{"Time", "Tijd"}, {"What", "Wat"}}, "rl");
  std::size_t n = 0;
  for (const Event& event : run.events) {
    if (event.kind == EventKind::stuck || event.kind == EventKind::threshold) continue;
    if (++n > 100) break;
    table.row({escape(clock_seconds(run.header, seconds(run.header, event.tick))),
               "<span lang=\"en\">" + escape(event.text) + "</span>"});
  }
  if (table.empty()) return;
  page.heading({"Measures and events during the run", "Maatregelen en gebeurtenissen tijdens de run"});
  page.html(table.markup());
  if (n > 100)
    page.paragraph({"Only the first 100 are listed; all are in the result file.",
                    "Alleen de eerste 100 staan hier; alle staan in het resultaatbestand."},
                   "small");
}

/// Names of the zones where some run is denser than the validation goes (docs/validation: packed crowd).
std::string beyond_validation(const Runs& runs) {
  constexpr double validated = 7.0;  // [1/m²]
  std::string names;
  for (std::size_t z = 0; z < runs.front().header.zones.size(); ++z) {
    const bool beyond = std::any_of(runs.begin(), runs.end(), [&](const RunResults& run) {
      return std::any_of(run.zones.begin(), run.zones.end(), [&](const ZoneSample& sample) {
        return sample.zone == z && static_cast<double>(sample.local_density) > validated;
      });
    });
    if (beyond) names += (names.empty() ? "" : ", ") + runs.front().header.zones[z].name;
  }
  return names;
}

void write_assumptions(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  page.heading({"Assumptions and limits of validity", "Aannamen en grenzen van geldigheid"});
  std::vector<std::string> items;
  if (runs.size() == 1)
    items.push_back(
        "<b>" +
        html({"One run: no uncertainty. Another seed gives other figures; use replications for a 5–95 % band.",
              "Eén run: geen onzekerheid. Een ander startgetal geeft andere cijfers; gebruik herhalingen voor een band "
              "van 5–95 %."}) +
        "</b>");
  else
    items.push_back(html(Both{"Median and 5–95 % band of ", "Mediaan en band van 5–95 % van "} +
                         number(static_cast<double>(runs.size())) +
                         Both{" runs with different seeds. The band covers chance within the model, not faults of the "
                              "model or of the input.",
                              " runs met verschillende startgetallen. De band dekt het toeval in het model, niet "
                              "fouten van het model of van de invoer."}));
  if (const std::string packed = beyond_validation(runs); !packed.empty())
    items.push_back("<b>" +
                    html(Both{"Above 7 people/m², the most that the model was checked at: ",
                              "Boven 7 personen/m², het hoogste waarbij het model is gecontroleerd: "} +
                         same(packed) +
                         Both{". Read these figures as far too full, not as a density.",
                              ". Lees deze cijfers als veel te vol, niet als een dichtheid."}) +
                    "</b>");
  for (const std::string& text : header.assumptions) items.push_back(html(sentence(text)));
  page.list(items);
  page.html("<h3>" + html({"Unresolved faults of the import", "Onopgeloste fouten van de import"}) + "</h3>");
  if (header.import_faults.empty()) return page.paragraph({"None.", "Geen."});
  items.clear();
  for (const std::string& fault : header.import_faults) items.push_back(escape(fault));
  page.list(items);
}

void write_sources(Page& page, const Runs& runs) {
  const RunHeader& header = runs.front().header;
  page.heading({"Data sources", "Gegevensbronnen"});
  Table table({{"Data set", "Gegevensset"},
               {"Kind", "Soort"},
               {"Licence and credit", "Licentie en naamsvermelding"},
               {"Date", "Datum"},
               {"Hash", "Hash"}},
              "lllll");
  for (const DataSource& source : header.sources)
    table.row({escape(source.name), escape(source.kind), escape(source.licence),
               source.date.empty() ? "–" : escape(source.date), code(source.hash)});
  if (table.empty()) return page.paragraph({"None stated.", "Geen vermeld."});
  page.html(table.markup());
}

}  // namespace throng::report::detail
