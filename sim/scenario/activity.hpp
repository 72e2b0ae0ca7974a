#pragma once
#include <cstdint>

namespace throng {

/// What a person is doing, for drawing and for telling waiting from being stuck.
enum class Activity : std::uint8_t { walking, standing, queueing, waiting_at_gate, reacting };

/// Alert levels with their one table of words, colours and shapes (docs/glossary.md).
enum class AlertLevel : std::uint8_t { normal, yellow, orange, red, critical, unknown };

const char* to_string(Activity);
const char* to_string(AlertLevel);

}  // namespace throng
