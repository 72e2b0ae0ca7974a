#include "sim/report/detail/words.hpp"

#include <array>
#include <utility>

namespace throng::report::detail {
namespace {

/// English sentences of run headers and their Dutch; '#' stands for a number.
constexpr std::array<std::pair<const char*, const char*>, 20> known{{
    {"People walk alone: groups and families are not modelled yet.",
     "Mensen lopen alleen: groepen en gezinnen zijn nog niet gemodelleerd."},
    {"Speeds and door flows are calibrated for moving densities up to about # people/m²; above that the density shows "
     "that it "
     "is too full, not how full.",
     "Snelheden en deurstromen zijn gekalibreerd voor bewegende dichtheden tot ongeveer # personen/m²; daarboven toont "
     "de "
     "dichtheid dat het te vol is, niet hoe vol."},
    {"Compression is a geometric indicator, not a force.", "Samendrukking is een meetkundige aanwijzing, geen kracht."},
    {"No vehicles, weather, panic, falls or intoxication are modelled.",
     "Voertuigen, weer, paniek, vallen en drankgebruik zijn niet gemodelleerd."},
    {"Local density: densest # x # m square (at least # m² walkable), mean over # s, judged every # s.",
     "Plaatselijke dichtheid: dichtste vierkant van # x # m (minstens # m² beloopbaar), gemiddelde over # s, elke # s "
     "beoordeeld."},
    {"Zones without such a square, such as narrow alleys, are judged on their own mean over # s.",
     "Zones zonder zo'n vierkant, zoals smalle stegen, worden beoordeeld op hun eigen gemiddelde over # s."},
    {"# % of the people avoid congestion that they can see; the others take the shortest way.",
     "# % van de mensen mijdt drukte die zij kunnen zien; de anderen nemen de kortste weg."},
    {"Demand is as the scenario states it: arrivals, routes and times of stay are input, not outcome.",
     "De vraag is zoals het scenario haar geeft: aankomst, routes en verblijfsduur zijn invoer, geen uitkomst."},
    {"One run shows one course of events; use replications for a band.",
     "Eén run toont één verloop; gebruik herhalingen voor een bandbreedte."},
    {"Whole-site zones are judged on their mean density, all other zones on their densest 25 m².",
     "Zones voor het hele terrein worden beoordeeld op hun gemiddelde dichtheid, alle andere op hun dichtste 25 m²."},
    {"no way", "geen weg"},
    {"crowded", "te druk"},
    {"wall", "muur"},
    {"closed gate", "gesloten poort"},
    {"full exit", "uitgang vol"},
    {"people", "andere mensen"},
    {"Everyone inside walks to the nearest usable exit at once; sources stop. At an exit with a timetable (tram, "
     "ferry) "
     "people are out when they reach it: no departure is waited for.",
     "Iedereen binnen loopt meteen naar de dichtstbijzijnde bruikbare uitgang; de aanvoer stopt. Bij een uitgang met "
     "dienstregeling (tram, veer) is men buiten bij aankomst: er wordt niet op een vertrek gewacht."},
    {"standing", "staan"},
    {"queueing", "in de rij"},
    {"waiting at gate", "wacht bij poort"},
}};

bool is_number_part(char c) { return (c >= '0' && c <= '9') || c == '.'; }

/// The numbers that stand for '#' when the text fits the pattern.
bool fits(const std::string& pattern, const std::string& text, std::vector<std::string>& numbers) {
  std::size_t at = 0;
  numbers.clear();
  for (const char c : pattern) {
    if (c != '#') {
      if (at >= text.size() || text[at] != c) return false;
      ++at;
      continue;
    }
    std::string number;
    while (at < text.size() && is_number_part(text[at])) number += text[at++];
    if (number.empty()) return false;
    numbers.push_back(number);
  }
  return at == text.size();
}

}  // namespace

Both sentence(const std::string& english) {
  std::vector<std::string> numbers;
  for (const auto& [en, nl] : known) {
    if (!fits(en, english, numbers)) continue;
    std::string dutch;
    std::size_t used = 0;
    for (const char* c = nl; *c != '\0'; ++c) {
      if (*c != '#') {
        dutch += *c;
        continue;
      }
      for (const char digit : numbers[used]) dutch += digit == '.' ? ',' : digit;
      ++used;
    }
    return {english, dutch};
  }
  return same(english);
}

Both cause(const std::string& english) { return sentence(english); }

}  // namespace throng::report::detail
