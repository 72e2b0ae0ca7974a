// Small shapes of the scenario file that several keys share.
#include "sim/io/detail/scenario_parts.hpp"

namespace throng::io::detail {

const Section<Share>& share_keys() {
  static const Section<Share> section(
      "share", "A name with a relative weight.",
      {
          required(text<Share>("id", &Share::id, "Name of what is chosen.")),
          number<Share>("weight", &Share::weight, limits::weight, "", "Relative weight; weights need not sum to 1."),
      });
  return section;
}

void read_shares(ReadContext& context, const Node& node, const std::string& path, std::vector<Share>& out) {
  if (node.kind == Node::Kind::text) {
    out.push_back({node.text, 1.0});
    return;
  }
  if (node.kind != Node::Kind::array)
    return context.fault_type(node, path, "\"id\", [\"id\", ...] or [{id = \"id\", weight = 1.0}, ...]");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    context.remember(item, node.items[i].at);
    Share share;
    if (node.items[i].kind == Node::Kind::text)
      share.id = node.items[i].text;
    else
      read_table(context, node.items[i], share_keys(), item, share);
    out.push_back(std::move(share));
  }
}

void read_texts(ReadContext& context, const Node& node, const std::string& path, std::vector<std::string>& out) {
  if (node.kind != Node::Kind::array) return context.fault_type(node, path, "a list of texts");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    context.remember(item, node.items[i].at);
    std::string value;
    context.text(node.items[i], item, value);
    out.push_back(std::move(value));
  }
}

const Section<ArrivalPulse>& pulse_keys() {
  static const Section<ArrivalPulse> section(
      "pulse", "People that arrive together, such as with a tram or a ferry.",
      {
          required(moment<ArrivalPulse>("at", &ArrivalPulse::time, limits::moment,
                                        "When the pulse begins, since the start.")),
          required(number<ArrivalPulse>("people", &ArrivalPulse::people, limits::people, "persons",
                                        "How many people arrive.")),
          number<ArrivalPulse>("spread_s", &ArrivalPulse::spread, limits::pulse_spread, "s",
                               "They arrive within this time."),
      });
  return section;
}

const Section<ArrivalPulse>& departure_keys() {
  static const Section<ArrivalPulse> section(
      "departure", "A tram, bus or ferry that leaves with a number of places.",
      {
          required(moment<ArrivalPulse>("at", &ArrivalPulse::time, limits::moment,
                                        "When boarding begins, since the start.")),
          required(
              number<ArrivalPulse>("people", &ArrivalPulse::people, limits::people, "persons", "Places on board.")),
          number<ArrivalPulse>("boarding_s", &ArrivalPulse::spread, limits::pulse_spread, "s",
                               "Doors are open for this time."),
      });
  return section;
}

}  // namespace throng::io::detail
