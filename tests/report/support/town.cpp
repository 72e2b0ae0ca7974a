#include "tests/report/support/town.hpp"

#include "sim/core/math.hpp"
#include "sim/core/random.hpp"
#include "sim/fields/level_of_service.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throng::test {
namespace {

constexpr double minutes = 60.0;
constexpr std::uint32_t columns = 240, rows = 160;

Polygon rectangle(double x0, double y0, double x1, double y1) { return {{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, {}}; }

/// Rises to 1 at `middle` with the given width [min].
double bump(double t, double middle, double width) {
  const double z = (t - middle) / width;
  return math::exp(-0.5 * z * z);
}

double noise(std::uint64_t seed, std::uint32_t subject, std::uint64_t tick) {
  return Random(seed, Stream::test, subject, Tick{tick}).normal();
}

struct ZonePlan {
  const char* id;
  const char* name;
  ZoneKind kind;
  Polygon shape;
  double peak, middle, width;  ///< densest [1/m²], when [min], how long [min]
};

std::vector<ZonePlan> zone_plans(double relief) {
  return {{"bridge", "Sluice bridge", ZoneKind::passage, rectangle(108, 60, 116, 100), 4.3 - 1.7 * relief, 22, 7},
          {"podium", "Podium field", ZoneKind::standing, rectangle(150, 85, 205, 135), 4.4, 35, 12},
          {"quay", "Quay", ZoneKind::passage, rectangle(20, 20, 100, 32), 1.3 + 1.2 * relief, 25, 10},
          {"bar", "Bar queue", ZoneKind::queue, rectangle(150, 40, 170, 52), 2.1, 30, 9},
          {"stairs", "Harbour stairs", ZoneKind::stairs, rectangle(205, 60, 213, 78), 1.2, 48, 6},
          {"site", "Whole ground", ZoneKind::site, rectangle(10, 10, 230, 150), 0.7, 35, 15}};
}

void add_header(RunHeader& header, std::uint64_t seed, double relief) {
  header.program_version = "0.1.0";
  header.build = "test";
  header.created = "2026-06-20T12:00:00Z";
  header.scenario_name = relief > 0.0 ? "Harbour day, quay opened" : "Harbour day";
  header.scenario_file = "harbour.toml";
  header.site_name = "Harbour town (synthetic)";
  header.site_hash = "0123456789abcdef";
  header.sources = {{"harbour.osm", "OSM", "ODbL 1.0, © OpenStreetMap contributors", "2026-05-01", "00ff00ff00ff00ff"},
                    {"event.geojson", "event", "", "", "1234123412341234"}};
  header.seed = seed;
  header.model = "behavioural_heuristics";
  header.profile = "regulatory";
  header.model_parameters = {{"time_gap_s", 0.5}};
  header.start_of_day = 18 * 3600.0;
  header.duration = 3600.0;
  header.licensed_capacity = 4200;
  header.exits = {{"west", "West gate"}, {"ferry", "Ferry"}};
  header.grids = {{{0.0, 0.0}, 1.0, rows, columns, LevelId{0}}};
  header.levels = {{LevelId{0}, "ground", 0.0}};
  Polygon ground = rectangle(10, 10, 230, 150);
  const auto hole = [](double x0, double y0, double x1, double y1) {
    return Ring{{x0, y0}, {x0, y1}, {x1, y1}, {x1, y0}};
  };
  ground.holes = {hole(40, 60, 108, 100), hole(116, 60, 140, 100), hole(172, 118, 190, 130), hole(30, 110, 60, 140)};
  header.ground = {{ground}};
  header.outline_wkt = {"POLYGON ((10 10, 230 10, 230 150, 10 150, 10 10))"};
  header.obstacles = {{rectangle(40, 60, 108, 100), ObstacleKind::water, LevelId{0}, 0, 0, "way/1"},
                      {rectangle(116, 60, 140, 100), ObstacleKind::water, LevelId{0}, 0, 0, "way/2"},
                      {rectangle(172, 118, 190, 130), ObstacleKind::podium, LevelId{0}, 0, 2, "event/podium"},
                      {rectangle(30, 110, 60, 140), ObstacleKind::building, LevelId{0}, 0, 12, "way/3"},
                      {rectangle(0, 0, 8, 160), ObstacleKind::building, LevelId{0}, 0, 12, "way/4"}};
  header.landmarks = {{"podium", "Main podium", "podium", rectangle(172, 118, 190, 130), {181, 124}, 2.0, LevelId{0}},
                      {"fence", "", "fence", {{{150, 84}, {205, 84}}, {}}, {}, 2.0, LevelId{0}}};
  header.assumptions = {"People walk alone: groups and families are not modelled yet.",
                        "Compression is a geometric indicator, not a force.",
                        "50 % of the people avoid congestion that they can see; the others take the shortest way."};
  header.import_faults = {"G104 way/17: self-crossing outline, repaired by hand"};
}

void add_zones(RunResults& run, std::uint64_t seed, double relief) {
  const auto limits = default_thresholds();
  const auto plans = zone_plans(relief);
  for (std::uint32_t z = 0; z < plans.size(); ++z) {
    const ZonePlan& plan = plans[z];
    ZoneInfo info{plan.id, plan.name, plan.kind, area(plan.shape), {}, {plan.shape}, LevelId{0}};
    for (const ThresholdSet& set : limits)
      if (set.zone_kind == to_string(plan.kind)) info.limits = set;
    run.header.zones.push_back(info);
    std::array<Exceedance, 4> above{};
    for (std::uint32_t minute = 0; minute <= 60; ++minute) {
      const double strength = bump(minute, plan.middle, plan.width) * (1.0 + 0.05 * noise(seed, z, minute));
      ZoneSample row;
      row.tick = Tick{minute * 1200};
      row.zone = z;
      row.local_density = static_cast<float>(std::max(0.0, plan.peak * strength));
      row.density = (plan.kind == ZoneKind::site ? 1.0F : 0.62F) * row.local_density;
      row.local_at = centroid(plan.shape) + Vec2{plan.kind == ZoneKind::standing ? 5.0 : 0.0, 8.0};
      row.people = row.density * static_cast<float>(info.area);
      row.speed = minute == 0 ? std::numeric_limits<float>::quiet_NaN() : 1.34F - 0.25F * row.density;
      row.flow = minute == 0 ? 0.0F : row.density * row.speed;
      row.waiting = plan.kind == ZoneKind::queue ? row.people : 0.0F;
      row.service = level_of_service(plan.kind, static_cast<double>(row.density));
      for (std::size_t k = 0; k < 4; ++k) {
        const double value = static_cast<double>(row.local_density);
        if (!(value > info.limits.density[k])) continue;
        row.level = static_cast<AlertLevel>(k + 1);
        if (above[k].duration == 0.0) above[k].first_at = minute * minutes;
        above[k].duration += minutes;
        if (value > above[k].peak) above[k].peak = value, above[k].at = row.local_at;
      }
      run.zones.push_back(row);
    }
    for (std::size_t k = 0; k < 4; ++k)
      if (above[k].duration > 0.0)
        run.exceedances.push_back({z, static_cast<AlertLevel>(k + 1), info.limits.density[k], above[k].first_at,
                                   above[k].duration, above[k].peak, above[k].at});
  }
}

void add_lines(RunResults& run, std::uint64_t seed) {
  for (std::uint32_t l = 0; l < 10; ++l) {
    const double x = 20.0 + 21.0 * l;
    const double y = l % 2 == 0 ? 14.0 : 104.0;
    run.header.lines.push_back({"line" + std::to_string(l),
                                "Line " + std::string(1, static_cast<char>('A' + l)),
                                {{x, y}, {x, y + 14.0}},
                                14.0,
                                LevelId{0}});
    for (std::uint32_t minute = 0; minute <= 60; ++minute) {
      LineSample row;
      row.tick = Tick{minute * 1200};
      row.line = l;
      if (minute > 0) {
        row.forward = static_cast<std::uint32_t>(
            std::max(0.0, (60.0 + 9.0 * l) * bump(minute, 18.0 + l, 9.0) + 3.0 * noise(seed, 100 + l, minute)));
        row.backward = static_cast<std::uint32_t>(
            std::max(0.0, (70.0 - 5.0 * l) * bump(minute, 47.0, 8.0) + 3.0 * noise(seed, 200 + l, minute)));
      }
      run.lines.push_back(row);
    }
  }
}

void add_ledger(RunResults& run, std::uint64_t seed) {
  std::uint64_t scheduled = 0;
  std::uint64_t waiting = 0;
  std::uint64_t left[2] = {0, 0};
  for (std::uint32_t minute = 0; minute <= 60; ++minute) {
    const auto arrivals =
        static_cast<std::uint64_t>(std::max(0.0, 210.0 * bump(minute, 18.0, 8.0) + 6.0 * noise(seed, 300, minute)));
    scheduled += minute > 0 ? arrivals : 0;
    waiting = minute > 12 && minute < 26 ? 10 * (minute - 12) : 0;
    const std::uint64_t entered = scheduled - std::min(waiting, scheduled);
    for (std::size_t e = 0; e < 2; ++e) {
      const auto going = static_cast<std::uint64_t>((e == 0 ? 110.0 : 60.0) * bump(minute, 48.0, 7.0));
      left[e] += std::min(going, entered - std::min(entered, left[0] + left[1]));
      run.exits.push_back({Tick{minute * 1200}, static_cast<std::uint32_t>(e), left[e]});
    }
    run.ledger.push_back(
        {Tick{minute * 1200}, scheduled, scheduled - entered, entered, entered - left[0] - left[1], left[0] + left[1]});
  }
}

void add_grids(RunResults& run, double relief) {
  const auto plans = zone_plans(relief);
  std::vector<float> peak(std::size_t{rows} * columns, std::numeric_limits<float>::quiet_NaN());
  for (std::uint32_t row = 0; row < rows; ++row)
    for (std::uint32_t column = 0; column < columns; ++column) {
      const Vec2 at{column + 0.5, row + 0.5};
      if (!contains(run.header.ground[0][0], at)) continue;
      double value = 0.15;
      for (const ZonePlan& plan : plans) {
        if (plan.kind == ZoneKind::site) continue;
        const Vec2 c = centroid(plan.shape) + Vec2{plan.kind == ZoneKind::standing ? 5.0 : 0.0, 8.0};
        const Box box = bounds(plan.shape);
        const double sx = 0.45 * box.size().x;
        const double sy = 0.45 * box.size().y;
        value = std::max(value, plan.peak * math::exp(-0.5 * ((at.x - c.x) * (at.x - c.x) / (sx * sx) +
                                                              (at.y - c.y) * (at.y - c.y) / (sy * sy))));
      }
      peak[std::size_t{row} * columns + column] = static_cast<float>(value);
    }
  run.mean_density = {peak};
  for (float& value : run.mean_density[0]) value *= 0.4F;
  run.peak_density = {std::move(peak)};
}

}  // namespace

RunResults make_town(std::uint64_t seed, double relief) {
  RunResults run;
  add_header(run.header, seed, relief);
  add_zones(run, seed, relief);
  add_lines(run, seed);
  add_ledger(run, seed);
  add_grids(run, relief);
  run.events = {
      {Tick{12000}, EventKind::change, "north", "gate north opens", {20, 30}, 0.0},
      {Tick{26400}, EventKind::overflow, "ferry", "source ferry has no room: 40 people wait outside", {30, 30}, 40.0}};
  run.queues = {{"bar-1", 41, 95, 260, 388, 6}, {"toilets", 18, 60, 150, 702, 0}};
  run.travel = {{"visitors", 1841, 2111, 2050, 3105}, {"passers-by", 402, 210, 190, 388}};
  run.stuck = {{AgentId{811}, 1500.0, {112, 80}, LevelId{0}, "bridge", "visitors/podium", "crowded"}};
  run.state_hash = "d41d8cd98f00b204";
  run.simulated = 3600.0;
  return run;
}

}  // namespace throng::test
