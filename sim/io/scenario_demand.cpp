// [[population]] and [[source]]: who comes, when and where.
#include "sim/io/detail/scenario_csv.hpp"
#include "sim/io/detail/scenario_parts.hpp"

namespace throng::io::detail {
namespace {

using Type = KeyInfo::Type;

const Section<RatePiece>& rate_keys() {
  static const Section<RatePiece> section(
      "rate", "A constant stream between two times.",
      {
          required(moment<RatePiece>("from", &RatePiece::from, limits::moment, "Begin, since the start.")),
          required(moment<RatePiece>("to", &RatePiece::to, limits::moment, "End, since the start.")),
          required(number<RatePiece>("people_per_min", &RatePiece::rate, limits::rate_per_min, "1/min",
                                     "Arrivals per minute.", 1.0 / 60.0)),
      });
  return section;
}

struct Curve {
  double people = 0.0;
  std::vector<Vec2> points;  // x: time [s], y: cumulative share
};

void read_curve_points(ReadContext& context, const Node& node, const std::string& path, Curve& out) {
  if (node.kind != Node::Kind::array || node.items.size() < 2)
    return context.fault_type(node, path, "a list of at least two points [\"HH:MM\", share]");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    const Node& point = node.items[i];
    if (point.kind != Node::Kind::array || point.items.size() != 2) {
      context.fault_type(point, item, "a point [\"HH:MM\", share]");
      continue;
    }
    Vec2 value;
    const bool time = context.moment(point.items[0], item + "[0]", limits::moment, value.x);
    const bool share = context.number(point.items[1], item + "[1]", limits::share, "", value.y);
    if (!time || !share) continue;
    if (!out.points.empty() && value.x <= out.points.back().x)
      context.fault(point.items[0], item + "[0]", "is not after the point before it", short_text(point.items[0]),
                    "rising times");
    else if (!out.points.empty() && value.y < out.points.back().y)
      context.fault(point.items[1], item + "[1]", "is below the point before it", short_text(point.items[1]),
                    "a cumulative share never falls");
    else
      out.points.push_back(value);
  }
}

const Section<Curve>& curve_keys() {
  static const Section<Curve> section(
      "curve", "Arrivals by a cumulative curve; linear between its points.",
      {
          required(number<Curve>("people", &Curve::people, limits::people, "persons", "People in all.")),
          required(custom<Curve>(Type::curve_points, "points", "", limits::share, "",
                                 "`[time, cumulative share]`, times rising, shares from 0 to 1.", read_curve_points)),
      });
  return section;
}

void read_curve(ReadContext& context, const Node& node, const std::string& path, SourceDemand& out) {
  Curve curve;
  const std::size_t before = context.faults().size();
  read_table(context, node, curve_keys(), path, curve);
  if (context.faults().size() != before) return;
  for (std::size_t i = 0; i + 1 < curve.points.size(); ++i) {
    const Vec2 a = curve.points[i], b = curve.points[i + 1];
    if (b.y > a.y) out.rates.push_back({a.x, b.x, curve.people * (b.y - a.y) / (b.x - a.x)});
  }
  const double first = curve.points.front().y * curve.people;  // share present before the first point
  if (first > 0.0)
    context.fault(node, path + ".points[0][1]", "does not begin at 0", number_text(curve.points.front().y),
                  "0; use initial_people for those already there");
}

}  // namespace

const Section<PopulationClass>& population_keys() {
  using P = PopulationClass;
  static const Section<P> section(
      "population", "A class of pedestrians. Without any, everybody is an adult with the defaults below.",
      {
          required(text<P>("id", &P::id, "Name of the class.")),
          number<P>("share", &P::share, limits::weight, "", "Relative share of this class."),
          number<P>("speed_mean_m_per_s", &P::speed_mean, limits::speed, "m/s",
                    "Mean of the desired speed (Weidmann 1993)."),
          number<P>("speed_sd_m_per_s", &P::speed_sd, limits::speed_sd, "m/s",
                    "Standard deviation of the desired speed."),
          number<P>("speed_min_m_per_s", &P::speed_min, limits::speed, "m/s", "Slowest desired speed drawn."),
          number<P>("speed_max_m_per_s", &P::speed_max, limits::speed, "m/s", "Fastest desired speed drawn."),
          text<P>("age_table", &P::age_table,
                  "`\"rimea\"`: speed by age (RiMEA test 7, Weidmann); empty: the normal law above."),
          number<P>("age_min_years", &P::age_min, limits::age, "years", "Youngest age, with an age table."),
          number<P>("age_max_years", &P::age_max, limits::age, "years",
                    "Oldest age, with an age table; ages are uniform."),
          number<P>("radius_m", &P::radius, limits::body_radius, "m", "Body radius."),
          number<P>("stairs_factor", &P::stairs_factor, limits::stairs_factor, "",
                    "Speed on steps relative to level ground."),
          boolean<P>("impaired", &P::impaired, "Reduced mobility: never routed over steps."),
          boolean<P>("luggage", &P::luggage, "With luggage: body radius 0.05 m larger."),
      });
  return section;
}

const Section<SourceDemand>& source_keys() {
  using S = SourceDemand;
  static const Section<S> section(
      "source", "People that appear at a source of the drawing. All profiles of one entry add up.",
      {
          text<S>("id", &S::id, "Name of this entry; default: the place."),
          required(text<S>("place", &S::place, "Id of a source in the drawing.")),
          number<S>("initial_people", &S::initial, limits::people, "persons",
                    "People who stand evenly in the source area at the start."),
          number<S>("premovement_s", &S::premovement_s, limits::premovement, "s",
                    "Mean reaction time before they walk off."),
          boolean<S>("poisson", &S::poisson, "Arrivals as a Poisson process; false: evenly spaced."),
          list<S>("rates", rate_keys(), &S::rates, "Constant streams."),
          list<S>("pulses", pulse_keys(), &S::pulses, "Groups that arrive together."),
          {KeyInfo{Type::table, "curve", "", {}, "", "Arrivals by a cumulative curve.", {}, false, &curve_keys()},
           read_curve},
          custom<S>(Type::text, "arrivals_csv", "", {}, "\"\"",
                    "CSV file, relative to this file, with rows `time,people`: the people who arrive from that time "
                    "until the time of the next row; the last row lasts as long as the one before it.",
                    [](ReadContext& context, const Node& node, const std::string& path, S& out) {
                      std::string name;
                      if (context.text(node, path, name) && !name.empty())
                        read_arrivals_csv(context, node, path, name, out.rates);
                    }),
          shares<S>("journeys", &S::journeys, "the only journey, where there is one", "Which journeys they make."),
          shares<S>("population", &S::population, "the shares of the classes", "Which classes they are of."),
      });
  return section;
}

}  // namespace throng::io::detail
