// [[journey]] with its stages and laws of durations: what people do.
#include "sim/io/detail/scenario_parts.hpp"

namespace throng::io::detail {
namespace {

using Type = KeyInfo::Type;
const std::vector<std::string> choice_words{"fixed", "weighted", "least_loaded"};

struct DurationEntry {
  Duration::Law law = Duration::Law::fixed;
  double value = unset, low = unset, high = unset, mean = unset, sd = unset, shape = unset, scale = unset, at = unset,
         spread = unset;
};

const Section<DurationEntry>& duration_keys() {
  using D = DurationEntry;
  static const Section<D> section(
      "duration",
      "A law of durations: `fixed` value_s; `uniform` low_s high_s; `normal`, `lognormal` mean_s sd_s (of the duration "
      "itself); `exponential` mean_s; `gamma`, `weibull` shape scale_s; `until` at spread_s (stay until a time since "
      "the start).",
      {
          required(words<D>("law", &D::law,
                            {"fixed", "uniform", "normal", "exponential", "lognormal", "gamma", "weibull", "until"},
                            "Name of the law.")),
          number<D>("value_s", &D::value, limits::stay, "s", "fixed: the duration."),
          number<D>("low_s", &D::low, limits::stay, "s", "uniform: shortest."),
          number<D>("high_s", &D::high, limits::stay, "s", "uniform: longest."),
          number<D>("mean_s", &D::mean, limits::stay, "s", "normal, exponential, lognormal: mean."),
          number<D>("sd_s", &D::sd, limits::stay, "s", "normal, lognormal: standard deviation."),
          number<D>("shape", &D::shape, limits::law_shape, "", "gamma, weibull: shape."),
          number<D>("scale_s", &D::scale, limits::stay, "s", "gamma, weibull: scale."),
          custom<D>(Type::moment, "at", "s", limits::moment, "", "until: the time, since the start.",
                    [](ReadContext& context, const Node& node, const std::string& path, D& out) {
                      context.moment(node, path, limits::moment, out.at);
                    }),
          number<D>("spread_s", &D::spread, limits::stay, "s", "until: standard deviation around the time; default 0."),
      });
  return section;
}

/// Which numbers a law takes: {first, second} as key names.
std::pair<const char*, const char*> names_of(Duration::Law law) {
  using L = Duration::Law;
  switch (law) {
    case L::fixed:
      return {"value_s", ""};
    case L::uniform:
      return {"low_s", "high_s"};
    case L::normal:
    case L::lognormal:
      return {"mean_s", "sd_s"};
    case L::exponential:
      return {"mean_s", ""};
    case L::gamma:
    case L::weibull:
      return {"scale_s", "shape"};
    case L::until:
      return {"at", "spread_s"};
  }
  return {"", ""};
}

double value_of(const DurationEntry& entry, const std::string& name) {
  const std::pair<const char*, double> all[] = {
      {"value_s", entry.value}, {"low_s", entry.low}, {"high_s", entry.high},
      {"mean_s", entry.mean},   {"sd_s", entry.sd},   {"shape", entry.shape},
      {"scale_s", entry.scale}, {"at", entry.at},     {"spread_s", entry.spread}};
  for (const auto& [key, value] : all)
    if (name == key) return value;
  return unset;
}

void read_law(ReadContext& context, const Node& node, const std::string& path, Duration& out) {
  DurationEntry entry;
  const std::size_t before = context.faults().size();
  read_table(context, node, duration_keys(), path, entry);
  if (context.faults().size() != before) return;
  const auto [first, second] = names_of(entry.law);
  const std::string law = node.find("law")->text;
  for (const auto& [name, value] : node.members)
    if (name != "law" && name != first && name != second)
      context.fault(value, path + "." + name, "does not belong to the law " + law, {},
                    std::string(first) + (*second ? std::string(", ") + second : ""));
  for (const char* name : {first, second})
    if (*name != 0 && node.find(name) == nullptr && std::string(name) != "spread_s")
      context.fault(node, path + "." + name, "is missing for the law " + law);
  if (context.faults().size() != before) return;
  const double a = value_of(entry, first), b = *second ? value_of(entry, second) : 0.0;
  out = Duration{entry.law, a, std::isnan(b) ? 0.0 : b};
}

void read_duration(ReadContext& context, const Node& node, const std::string& path, Duration& out) {
  if (node.kind == Node::Kind::table) return read_law(context, node, path, out);
  if (context.moment(node, path, limits::stay, out.a)) out.law = Duration::Law::fixed;
}

/// What the file says of a stage; choices not given follow from the number of places and next stages.
struct StageEntry {
  StageDemand stage;
  bool place_choice_given = false, next_choice_given = false;
};

template <class Access>
Key<StageEntry> choice(const char* name, Access access, bool StageEntry::*given, const char* fallback,
                       const char* doc) {
  KeyInfo info{Type::words, name, "", {}, fallback, doc, choice_words, false, nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, StageEntry& out) {
            std::size_t which = 0;
            if (context.word(node, path, choice_words, which)) std::invoke(access, out) = static_cast<Choice>(which);
            out.*given = true;
          }};
}

const Section<StageEntry>& stage_keys() {
  using S = StageEntry;
  static const Section<S> section(
      "stage", "One step of a journey. The first is where the journey begins.",
      {
          required(text<S>(
              "id", [](S& s) -> std::string& { return s.stage.id; }, "Name, unique within the journey.")),
          required(words<S>(
              "kind", [](S& s) -> StageKind& { return s.stage.kind; }, {"waypoint", "stay", "visit", "queue", "exit"},
              "`waypoint`: pass it; `stay`: spend time in an area; `visit`: stand in an audience; `queue`: be served "
              "at a server; `exit`: leave.")),
          custom<S>(Type::text, "place", "", {}, "", "Id of the place in the drawing; or `places`.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      std::string place;
                      context.remember(path + "s[0]", node.at);
                      if (context.text(node, path, place)) out.stage.places.push_back(place);
                    }),
          texts<S>(
              "places", [](S& s) -> std::vector<std::string>& { return s.stage.places; }, "",
              "Ids of several places of which `choice` picks one."),
          choice(
              "choice", [](S& s) -> Choice& { return s.stage.place_choice; }, &S::place_choice_given,
              "\"least_loaded\" with several places, else \"fixed\"",
              "How one of several places is picked on entering the stage."),
          custom<S>(Type::duration, "duration", "s", limits::stay, "0",
                    "stay, visit: time spent; queue: service time of one person at one server. A time or a law.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      read_duration(context, node, path, out.stage.duration);
                    }),
          number<S>(
              "capacity_per_min", [](S& s) -> double& { return s.stage.exit_capacity_per_min; }, limits::rate_per_min,
              "1/min", "exit: most people who leave per minute; 0: unlimited."),
          list<S>(
              "departures", departure_keys(), [](S& s) -> std::vector<ArrivalPulse>& { return s.stage.departures; },
              "exit: people leave with these only; none: continuously."),
          shares<S>(
              "next", [](S& s) -> std::vector<Share>& { return s.stage.next; }, "",
              "Id of the next stage, or several with weights; none on exits."),
          choice(
              "next_choice", [](S& s) -> Choice& { return s.stage.next_choice; }, &S::next_choice_given,
              "\"weighted\" with several next stages, else \"fixed\"", "How one of several next stages is picked."),
      });
  return section;
}

void read_stages(ReadContext& context, const Node& node, const std::string& path, JourneyDemand& out) {
  read_list(context, node, stage_keys(), path, [&](StageEntry&& entry, bool) {
    if (!entry.place_choice_given && entry.stage.places.size() > 1) entry.stage.place_choice = Choice::least_loaded;
    if (!entry.next_choice_given && entry.stage.next.size() > 1) entry.stage.next_choice = Choice::weighted;
    const std::size_t i = out.stages.size();
    const std::string item = path + "[" + std::to_string(i) + "]";
    entry.stage.at = node.items[i].at;
    if (node.items[i].find("place") != nullptr && node.items[i].find("places") != nullptr)
      context.fault(*node.items[i].find("places"), item + ".places", "is given beside place", {}, "one of the two");
    out.stages.push_back(std::move(entry.stage));
  });
}

}  // namespace

const Section<JourneyDemand>& journey_keys() {
  using J = JourneyDemand;
  static const Section<J> section(
      "journey", "What people do from their arrival to their exit.",
      {
          required(text<J>("id", &J::id, "Name of the journey.")),
          required(
              Key<J>{KeyInfo{Type::list, "stage", "", {}, "", "The steps.", {}, false, &stage_keys()}, read_stages}),
      });
  return section;
}

const SectionInfo& duration_section() { return duration_keys(); }

}  // namespace throng::io::detail
