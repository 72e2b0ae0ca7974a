#include "sim/report/detail/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace throng::report::detail {
namespace {

std::string box(AlertLevel level, const std::string& content) {
  return "<div class=\"verdict\" style=\"border-left-color:" + hex(look_of(level).colour) + "\">" + content + "</div>";
}

std::string card(const Both& label, const Both& value) {
  return "<div class=\"card\"><b>" + html(value) + "</b><span class=\"label\">" + html(label) + "</span></div>";
}

Both count_of(std::size_t n, std::size_t of) {
  return number(static_cast<double>(n)) + Both{" of ", " van de "} + number(static_cast<double>(of));
}

Both lead(const Runs& runs, const std::vector<ExceedanceFigures>& worst) {
  const RunHeader& header = runs.front().header;
  if (header.zones.empty())
    return {"The drawing has no zones, so nothing was judged.",
            "De tekening heeft geen zones; er is niets beoordeeld."};
  if (worst.empty()) return {"No zone went above a limit.", "Geen enkele zone kwam boven een grens."};
  const Both zones = count_of(worst.size(), header.zones.size());
  const AlertLevel top = worst.front().level;
  if (runs.size() > 1) {
    std::size_t n = 0;
    for (const RunResults& run : runs) n += run.exceedances.empty() ? 0 : 1;
    return Both{"A limit was exceeded in ", "Er werd een grens overschreden in "} + count_of(n, runs.size()) +
           Both{" runs, in " + zones.en + " zones.", " runs, in " + zones.nl + " zones."};
  }
  return zones +
         Both{" zones went above a limit; the highest level is ",
              " zones kwamen boven een grens; het hoogste niveau is "} +
         level_word(top) + ".";
}

std::string exceedance_line(const Runs& runs, const ExceedanceFigures& above) {
  const RunHeader& header = runs.front().header;
  const ZoneInfo& zone = header.zones[above.zone];
  Both text = same(" ") + same(zone.name) + Both{": above ", ": boven "} +
              number(above.limit, above.quantity == Quantity::density ? 2 : 0) + " " + unit_of(above.quantity);
  if (runs.size() > 1) text += Both{" in ", " in "} + count_of(above.n_runs, runs.size()) + Both{" runs", " runs"};
  text += Both{runs.size() > 1 ? ", typically from " : " from ", runs.size() > 1 ? ", doorgaans vanaf " : " vanaf "} +
          same(clock(header, above.first_at.median)) + Both{", for ", ", gedurende "} +
          duration(above.duration.median) + Both{" in all; peak ", " in totaal; piek "} +
          value_of(above.quantity, above.peak.median) + ".";
  return chip(above.level) + html(text);
}

Both quiet_line(const Runs& runs) {
  const auto zones = zone_figures(runs.front());
  std::size_t top = 0;
  for (std::size_t z = 1; z < zones.size(); ++z)
    if (zones[z].local > zones[top].local) top = z;
  const ZoneInfo& zone = runs.front().header.zones[top];
  return Both{"The densest spot was in ", "De dichtste plek was in "} + same(zone.name) + ": " +
         density(zones[top].local) + Both{" at ", " om "} + same(clock(runs.front().header, zones[top].local_time)) +
         ".";
}

Both people_line(const Runs& runs) {
  const Format whole = [](double v) { return number(v); };
  const auto count = [&](std::uint64_t LedgerSample::*m) {
    return band_text(band_of(runs, [m](const RunResults& r) { return static_cast<double>(last_ledger(r).*m); }), whole);
  };
  return count(&LedgerSample::entered) + Both{" people entered, ", " mensen kwamen binnen, "} +
         count(&LedgerSample::left) + Both{" left, ", " vertrokken, "} + count(&LedgerSample::inside) +
         Both{" were inside at the end and ", " waren aan het einde binnen en "} +
         count(&LedgerSample::waiting_outside) + Both{" were waiting outside.", " wachtten buiten."};
}

double most_inside(const RunResults& run) { return highest(ledger_series(run, &LedgerSample::inside)); }

void write_capacity(std::vector<std::string>& items, const Runs& runs) {
  const double licensed = runs.front().header.licensed_capacity;
  if (licensed <= 0.0) return;
  const Band most = band_of(runs, most_inside);
  const Format whole = [](double v) { return number(v); };
  items.push_back(html(Both{"At most ", "Hooguit "} + band_text(most, whole) +
                       Both{" people were inside at once, ", " mensen waren tegelijk binnen, "} +
                       number(100.0 * most.median / licensed) +
                       Both{" % of the licensed capacity of ", " % van de vergunde capaciteit van "} +
                       number(licensed) + "."));
}

/// Zones whose paired difference is clear: bigger than 0.25 p/m² with a band on one side of zero.
struct ZoneChange {
  std::size_t zone = 0;
  Band difference;
  double before = 0.0, after = 0.0;
};

std::vector<ZoneChange> clear_changes(const Runs& a, const Runs& b) {
  std::vector<ZoneChange> out;
  for (const auto& [za, zb] : common_zones(a, b)) {
    const std::size_t first = za;
    const std::size_t second = zb;
    const Band d =
        difference(a, b, [&](const RunResults& r, bool is_b) { return zone_figures(r)[is_b ? second : first].local; });
    if (d.n == 0 || std::fabs(d.median) < 0.25 || d.low * d.high < 0.0) continue;
    out.push_back({za, d, band_of(a, [&](const RunResults& r) { return zone_figures(r)[first].local; }).median,
                   band_of(b, [&](const RunResults& r) { return zone_figures(r)[second].local; }).median});
  }
  std::stable_sort(out.begin(), out.end(), [](const ZoneChange& x, const ZoneChange& y) {
    return std::fabs(x.difference.median) > std::fabs(y.difference.median);
  });
  return out;
}

std::set<std::string> alarmed(const Runs& runs, AlertLevel least) {
  std::set<std::string> out;
  for (const auto& above : worst_exceedances(runs))
    if (above.level >= least) out.insert(runs.front().header.zones[above.zone].id);
  return out;
}

}  // namespace

void write_verdict(Page& page, const Runs& runs) {
  const auto worst = worst_exceedances(runs);
  std::vector<std::string> items;
  for (std::size_t k = 0; k < std::min<std::size_t>(worst.size(), 6); ++k)
    items.push_back(exceedance_line(runs, worst[k]));
  if (worst.size() > 6)
    items.push_back(html(Both{"and ", "en "} + number(static_cast<double>(worst.size() - 6)) +
                         Both{" more, see the table of limits.", " meer, zie de tabel met grenzen."}));
  if (worst.empty() && !runs.front().header.zones.empty()) items.push_back(html(quiet_line(runs)));
  write_capacity(items, runs);
  items.push_back(html(people_line(runs)));
  std::string list = "<p class=\"lead\">" + html(lead(runs, worst)) + "</p><ul>";
  for (const std::string& item : items) list += "<li>" + item + "</li>";
  page.html(box(worst.empty() ? AlertLevel::normal : worst.front().level, list + "</ul>"));
  const Format whole = [](double v) { return number(v); };
  const Format tenth = [](double v) { return number(v, 1); };
  const auto densest = [](const RunResults& run) {
    double top = 0.0;
    for (const ZoneFigures& zone : zone_figures(run)) top = std::max(top, zone.local);
    return top;
  };
  page.html(
      "<div class=\"cards\">" +
      card({"densest 25 m², p/m²", "dichtste 25 m², p/m²"}, band_text(band_of(runs, densest), tenth)) +
      card({"most people inside at once", "meeste mensen tegelijk binnen"},
           band_text(band_of(runs, most_inside), whole)) +
      card({"waiting outside at the end", "wachtend buiten aan het einde"},
           band_text(
               band_of(runs, [](const RunResults& r) { return static_cast<double>(last_ledger(r).waiting_outside); }),
               whole)) +
      card({"reports of no progress", "meldingen zonder voortgang"},
           band_text(band_of(runs, [](const RunResults& r) { return static_cast<double>(r.stuck.size()); }), whole)) +
      card({"runs", "runs"},
           runs.size() == 1 ? Both{"1, no band", "1, geen band"} : number(static_cast<double>(runs.size()))) +
      "</div>");
  page.paragraph(runs.size() == 1 ? Both{"One run: no uncertainty.", "Eén run: geen onzekerheid."}
                                  : Both{"Figures are the median of the runs, with the 5–95 % band in parentheses.",
                                         "Cijfers zijn de mediaan van de runs, met de band van 5–95 % tussen haakjes."},
                 "small");
}

std::vector<std::pair<const RunResults*, const RunResults*>> pairs(const Runs& a, const Runs& b, bool* by_seed) {
  std::vector<std::pair<const RunResults*, const RunResults*>> out;
  for (const RunResults& x : a)
    for (const RunResults& y : b)
      if (x.header.seed == y.header.seed) {
        out.emplace_back(&x, &y);
        break;
      }
  const bool matched = out.size() == std::min(a.size(), b.size());
  if (by_seed != nullptr) *by_seed = matched;
  if (matched) return out;
  out.clear();
  for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) out.emplace_back(&a[k], &b[k]);
  return out;
}

Band difference(const Runs& a, const Runs& b, const std::function<double(const RunResults&, bool)>& figure) {
  std::vector<double> sample;
  for (const auto& [x, y] : pairs(a, b)) sample.push_back(figure(*y, true) - figure(*x, false));
  return band(std::move(sample));
}

std::vector<std::pair<std::size_t, std::size_t>> common_zones(const Runs& a, const Runs& b) {
  std::vector<std::pair<std::size_t, std::size_t>> out;
  const auto& za = a.front().header.zones;
  const auto& zb = b.front().header.zones;
  for (std::size_t i = 0; i < za.size(); ++i)
    for (std::size_t k = 0; k < zb.size(); ++k)
      if (za[i].id == zb[k].id) out.emplace_back(i, k);
  return out;
}

void write_comparison_verdict(Page& page, const Runs& a, const Runs& b) {
  const auto changes = clear_changes(a, b);
  const RunHeader& header = a.front().header;
  std::vector<std::string> items;
  bool better = false;
  bool worse = false;
  for (const ZoneChange& change : changes) {
    (change.difference.median < 0.0 ? better : worse) = true;
    if (items.size() >= 6) continue;
    items.push_back(html(same(header.zones[change.zone].name) + Both{": peak from ", ": piek van "} +
                         number(change.before, 1) + Both{" to ", " naar "} + density(change.after) +
                         Both{"; difference ", "; verschil "} +
                         band_text(change.difference, [](double v) { return signed_number(v, 1); }) + "."));
  }
  const auto before = alarmed(a, AlertLevel::red);
  const auto after = alarmed(b, AlertLevel::red);
  const auto is_new = std::count_if(after.begin(), after.end(), [&](const auto& id) { return !before.contains(id); });
  const auto solved = std::count_if(before.begin(), before.end(), [&](const auto& id) { return !after.contains(id); });
  if (solved + is_new > 0)
    items.push_back(html(Both{"Zones at red or critical: ", "Zones op rood of kritiek: "} +
                         number(static_cast<double>(before.size())) + Both{" in A, ", " in A, "} +
                         number(static_cast<double>(after.size())) + Both{" in B (", " in B ("} +
                         number(static_cast<double>(solved)) + Both{" solved, ", " opgelost, "} +
                         number(static_cast<double>(is_new)) + Both{" new).", " nieuw)."}));
  const Band leaving = difference(a, b, [](const RunResults& r, bool) { return time_share_left(r, 0.9); });
  if (leaving.n > 0 && std::fabs(leaving.median) >= 30.0)
    items.push_back(
        html(Both{"The moment by which 90 % of those who left were out is ",
                  "Het moment waarop 90 % van de vertrekkers buiten was, ligt "} +
             duration(std::fabs(leaving.median)) +
             (leaving.median < 0.0 ? Both{" earlier in B.", " eerder in B."} : Both{" later in B.", " later in B."})));
  const Band outside =
      difference(a, b, [](const RunResults& r, bool) { return static_cast<double>(last_ledger(r).waiting_outside); });
  if (outside.n > 0 && std::fabs(outside.median) >= 1.0)
    items.push_back(html(Both{"Waiting outside at the end: ", "Wachtend buiten aan het einde: "} +
                         signed_number(outside.median, 0) + Both{" people in B.", " personen in B."}));
  Both lead{"No zone changed clearly between A and B.", "Geen enkele zone veranderde duidelijk tussen A en B."};
  Both lesson{"Differences below 0.25 p/m², or with a band across zero, are not told apart from chance.",
              "Verschillen onder 0,25 p/m², of met een band over nul heen, zijn niet van toeval te onderscheiden."};
  if (better && worse) {
    lead = {"B relieves some zones and burdens others: the crowd has moved, not vanished.",
            "B ontlast sommige zones en belast andere: de drukte is verplaatst, niet verdwenen."};
    lesson = {
        "Look at the map of differences: orange shows where the relief of the blue places went. A measure is an "
        "improvement only "
        "if the places that gained can bear it (see their limits).",
        "Kijk op de verschilkaart: oranje toont waar de ontlasting van de blauwe plekken heen ging. Een maatregel is "
        "pas een "
        "verbetering als de plekken die drukker werden het aankunnen (zie hun grenzen)."};
  } else if (better) {
    lead = {"B is less crowded where it changed, and no zone became clearly more crowded.",
            "B is rustiger waar het veranderde, en geen enkele zone werd duidelijk drukker."};
    lesson = {"Check what the relief costs: longer routes, people waiting outside, a later departure.",
              "Ga na wat de ontlasting kost: langere routes, wachtenden buiten, een later vertrek."};
  } else if (worse) {
    lead = {"B is more crowded where it changed, and no zone became clearly less crowded.",
            "B is drukker waar het veranderde, en geen enkele zone werd duidelijk rustiger."};
    lesson = {
        "The same people have less room or arrive closer together; act on the inflow, because lowering a density "
        "afterwards is hard.",
        "Dezelfde mensen hebben minder ruimte of komen dichter op elkaar; stuur op de toestroom, want een dichtheid "
        "achteraf verlagen is moeilijk."};
  }
  if (pairs(a, b).size() == 1)
    items.push_back(
        html({"One run on each side: part of every difference is chance. Use replications with the same seeds for a "
              "5–95 % band.",
              "Eén run aan elke kant: een deel van elk verschil is toeval. Gebruik herhalingen met dezelfde "
              "startgetallen voor een band van 5–95 %."}));
  std::string content = "<p class=\"lead\">" + html(lead) + "</p><p>" + html(lesson) + "</p><ul>";
  for (const std::string& item : items) content += "<li>" + item + "</li>";
  const auto worst = worst_exceedances(b);
  page.html(box(worst.empty() ? AlertLevel::normal : worst.front().level, content + "</ul>"));
}

}  // namespace throng::report::detail
