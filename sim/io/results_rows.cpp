#include "sim/io/detail/results_rows.hpp"

#include <algorithm>
#include <cmath>

namespace throng::io::detail {
namespace {

using h5::Field;
using h5::Type;

double seconds(Tick tick, double dt) { return static_cast<double>(tick.count) * dt; }
bool finite(double value) { return std::fabs(value) <= 1e12; }
/// NaN is a value of ours where nobody was.
bool sane(float value) { return std::isnan(value) || std::fabs(value) <= 1e9F; }

void put_text(char* into, std::size_t size, const std::string& text) {
  std::size_t n = std::min(size, text.size());
  while (n < text.size() && n > 0 && (static_cast<unsigned char>(text[n]) & 0xC0u) == 0x80u) --n;
  std::memset(into, 0, size);
  std::memcpy(into, text.data(), n);
}
std::string get_text(const char* from, std::size_t size) {
  return {from, static_cast<std::size_t>(std::find(from, from + size, '\0') - from)};
}

const char* bad_tick(std::uint64_t tick, double time) {
  return tick > max_ticks ? "has a tick out of range" : !finite(time) ? "has a time that is not finite" : nullptr;
}

}  // namespace

std::vector<Field> TrajectoryRow::fields() {
  using R = TrajectoryRow;
  return {{"id", offsetof(R, id), Type::i64},
          {"frame", offsetof(R, frame), Type::i64},
          {"x", offsetof(R, x), Type::f64},
          {"y", offsetof(R, y), Type::f64},
          {"z", offsetof(R, z), Type::f64},
          {"vx", offsetof(R, vx), Type::f32},
          {"vy", offsetof(R, vy), Type::f32},
          {"level", offsetof(R, level), Type::i16},
          {"activity", offsetof(R, activity), Type::u8},
          {"compression", offsetof(R, compression), Type::f32}};
}
std::vector<Field> FrameRow::fields() {
  using R = FrameRow;
  return {{"frame", offsetof(R, frame), Type::i64},
          {"tick", offsetof(R, tick), Type::u64},
          {"begin", offsetof(R, begin), Type::u64},
          {"end", offsetof(R, end), Type::u64}};
}

std::vector<Field> ZoneRow::fields() {
  using R = ZoneRow;
  return {{"tick", offsetof(R, tick), Type::u64},        {"time", offsetof(R, time), Type::f64},
          {"zone", offsetof(R, zone), Type::u32},        {"people", offsetof(R, people), Type::f32},
          {"density", offsetof(R, density), Type::f32},  {"local_density", offsetof(R, local_density), Type::f32},
          {"local_x", offsetof(R, local_x), Type::f64},  {"local_y", offsetof(R, local_y), Type::f64},
          {"speed", offsetof(R, speed), Type::f32},      {"flow", offsetof(R, flow), Type::f32},
          {"waiting", offsetof(R, waiting), Type::f32},  {"level", offsetof(R, level), Type::u8},
          {"service", offsetof(R, service), Type::u8, 1}};
}
ZoneRow ZoneRow::of(const ZoneSample& s, double dt) {
  return {s.tick.count, seconds(s.tick, dt), s.zone,  s.people, s.density, s.local_density,
          s.local_at.x, s.local_at.y,        s.speed, s.flow,   s.waiting, static_cast<std::uint8_t>(s.level),
          s.service};
}
const char* ZoneRow::fault(const RunHeader& header) const {
  if (const char* bad = bad_tick(tick, time)) return bad;
  if (zone >= header.zones.size()) return "names a zone out of range";
  if (!(sane(people) && sane(density) && sane(local_density) && sane(speed) && sane(flow) && sane(waiting) &&
        finite(local_x) && finite(local_y)))
    return "has a number out of range";
  if (level > static_cast<std::uint8_t>(AlertLevel::unknown)) return "has an alert level out of range";
  return service < 'A' || service > 'F' ? "has a level of service out of range" : nullptr;
}
ZoneSample ZoneRow::sample() const {
  return {Tick{tick},    zone,
          people,        density,
          local_density, {local_x, local_y},
          speed,         flow,
          waiting,       static_cast<AlertLevel>(level),
          service};
}

std::vector<Field> LineRow::fields() {
  using R = LineRow;
  return {{"tick", offsetof(R, tick), Type::u64},
          {"time", offsetof(R, time), Type::f64},
          {"line", offsetof(R, line), Type::u32},
          {"forward", offsetof(R, forward), Type::u32},
          {"backward", offsetof(R, backward), Type::u32}};
}
LineRow LineRow::of(const LineSample& s, double dt) {
  return {s.tick.count, seconds(s.tick, dt), s.line, s.forward, s.backward};
}
const char* LineRow::fault(const RunHeader& header) const {
  if (const char* bad = bad_tick(tick, time)) return bad;
  return line >= header.lines.size() ? "names a line out of range" : nullptr;
}
LineSample LineRow::sample() const { return {Tick{tick}, line, forward, backward}; }

std::vector<Field> ExitRow::fields() {
  using R = ExitRow;
  return {{"tick", offsetof(R, tick), Type::u64},
          {"time", offsetof(R, time), Type::f64},
          {"exit", offsetof(R, exit), Type::u32},
          {"total", offsetof(R, total), Type::u64}};
}
ExitRow ExitRow::of(const ExitSample& s, double dt) { return {s.tick.count, seconds(s.tick, dt), s.exit, s.total}; }
const char* ExitRow::fault(const RunHeader& header) const {
  if (const char* bad = bad_tick(tick, time)) return bad;
  if (exit >= header.exits.size()) return "names an exit out of range";
  return total > max_ticks ? "has a count out of range" : nullptr;
}
ExitSample ExitRow::sample() const { return {Tick{tick}, exit, total}; }

std::vector<Field> LedgerRow::fields() {
  using R = LedgerRow;
  return {{"tick", offsetof(R, tick), Type::u64},
          {"time", offsetof(R, time), Type::f64},
          {"scheduled", offsetof(R, scheduled), Type::u64},
          {"waiting_outside", offsetof(R, waiting_outside), Type::u64},
          {"entered", offsetof(R, entered), Type::u64},
          {"inside", offsetof(R, inside), Type::u64},
          {"left", offsetof(R, left), Type::u64}};
}
LedgerRow LedgerRow::of(const LedgerSample& s, double dt) {
  return {s.tick.count, seconds(s.tick, dt), s.scheduled, s.waiting_outside, s.entered, s.inside, s.left};
}
const char* LedgerRow::fault(const RunHeader&) const {
  if (const char* bad = bad_tick(tick, time)) return bad;
  return std::max({scheduled, waiting_outside, entered, inside, left}) > max_ticks ? "has a count out of range"
                                                                                   : nullptr;
}
LedgerSample LedgerRow::sample() const { return {Tick{tick}, scheduled, waiting_outside, entered, inside, left}; }

std::vector<Field> EventRow::fields() {
  using R = EventRow;
  return {{"tick", offsetof(R, tick), Type::u64},
          {"time", offsetof(R, time), Type::f64},
          {"kind", offsetof(R, kind), Type::u8},
          {"x", offsetof(R, x), Type::f64},
          {"y", offsetof(R, y), Type::f64},
          {"value", offsetof(R, value), Type::f64},
          {"subject", offsetof(R, subject), Type::u8, subject_size},
          {"text", offsetof(R, text), Type::u8, text_size}};
}
EventRow EventRow::of(const Event& e, double dt) {
  EventRow row{};
  row.tick = e.tick.count;
  row.time = seconds(e.tick, dt);
  row.kind = static_cast<std::uint8_t>(e.kind);
  row.x = e.at.x;
  row.y = e.at.y;
  row.value = e.value;
  put_text(row.subject, subject_size, e.subject);
  put_text(row.text, text_size, e.text);
  return row;
}
const char* EventRow::fault(const RunHeader&) const {
  if (const char* bad = bad_tick(tick, time)) return bad;
  if (kind > static_cast<std::uint8_t>(EventKind::note)) return "has a kind out of range";
  return finite(x) && finite(y) ? nullptr : "has a place that is not finite";
}
Event EventRow::sample() const {
  return {Tick{tick}, static_cast<EventKind>(kind), get_text(subject, subject_size), get_text(text, text_size), {x, y},
          value};
}

}  // namespace throng::io::detail
