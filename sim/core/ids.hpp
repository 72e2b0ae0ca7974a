#pragma once
#include <cstddef>
#include <cstdint>

namespace throng {

/// Never reused within a run.
enum class AgentId : std::uint32_t {};
enum class FaceId : std::int32_t { none = -1 };
/// A sheet of walkable ground: the ground itself is 0, bridges and floors have their own.
enum class LevelId : std::int16_t {};
/// A named area or line of the event: zone, source, exit, stage area, server, lane (index into World::places()).
enum class PlaceId : std::int32_t { none = -1 };
enum class GateId : std::int32_t { none = -1 };
enum class ZoneId : std::int32_t { none = -1 };
enum class LineId : std::int32_t { none = -1 };
/// A step of a journey (index into Demand::stages()).
enum class StageId : std::int32_t { none = -1 };
enum class SourceId : std::int32_t { none = -1 };

/// Row or column that an id stands for.
template <class Id>
constexpr std::size_t index(Id id) {
  return static_cast<std::size_t>(id);
}

}  // namespace throng
