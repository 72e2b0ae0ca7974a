#pragma once
#include "sim/io/detail/h5.hpp"
#include "sim/record/record.hpp"

#include <cstring>

/// Rows of the tables in a results file. Each has its fields, its making from a sample, and the way back with checks.
namespace throng::io::detail {

inline constexpr std::uint64_t max_ticks = 1ull << 53;

struct TrajectoryRow {
  std::int64_t id, frame;
  double x, y, z;
  float vx, vy;
  std::int16_t level;
  std::uint8_t activity;
  float compression;
  static std::vector<h5::Field> fields();
};
/// Rows of one frame in /trajectory: [begin, end).
struct FrameRow {
  std::int64_t frame;
  std::uint64_t tick, begin, end;
  static std::vector<h5::Field> fields();
};

struct ZoneRow {
  using Sample = ZoneSample;
  static constexpr const char* name = "zones";
  std::uint64_t tick;
  double time;
  std::uint32_t zone;
  float people, density, local_density;
  double local_x, local_y;
  float speed, flow, waiting;
  std::uint8_t level;
  char service;
  static std::vector<h5::Field> fields();
  static ZoneRow of(const ZoneSample&, double dt);
  const char* fault(const RunHeader&) const;  ///< what is wrong with the row, or null
  ZoneSample sample() const;
};
struct LineRow {
  using Sample = LineSample;
  static constexpr const char* name = "lines";
  std::uint64_t tick;
  double time;
  std::uint32_t line, forward, backward;
  static std::vector<h5::Field> fields();
  static LineRow of(const LineSample&, double dt);
  const char* fault(const RunHeader&) const;
  LineSample sample() const;
};
struct ExitRow {
  using Sample = ExitSample;
  static constexpr const char* name = "exits";
  std::uint64_t tick;
  double time;
  std::uint32_t exit;
  std::uint64_t total;
  static std::vector<h5::Field> fields();
  static ExitRow of(const ExitSample&, double dt);
  const char* fault(const RunHeader&) const;
  ExitSample sample() const;
};
struct LedgerRow {
  using Sample = LedgerSample;
  static constexpr const char* name = "ledger";
  std::uint64_t tick;
  double time;
  std::uint64_t scheduled, waiting_outside, entered, inside, left;
  static std::vector<h5::Field> fields();
  static LedgerRow of(const LedgerSample&, double dt);
  const char* fault(const RunHeader&) const;
  LedgerSample sample() const;
};
struct EventRow {
  using Sample = Event;
  static constexpr const char* name = "events";
  static constexpr std::size_t subject_size = 128, text_size = 1024;  ///< [bytes]; longer texts are cut at a character
  std::uint64_t tick;
  double time;
  std::uint8_t kind;
  double x, y, value;
  char subject[subject_size], text[text_size];
  static std::vector<h5::Field> fields();
  static EventRow of(const Event&, double dt);
  const char* fault(const RunHeader&) const;
  Event sample() const;
};

}  // namespace throng::io::detail
