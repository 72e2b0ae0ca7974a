#pragma once
#include "sim/core/ids.hpp"
#include "sim/core/vec2.hpp"
#include "sim/scenario/activity.hpp"

#include <span>

namespace throng {

/// The columns of a crowd that measures look at; rows by ascending id. All spans have length n.
struct PeopleView {
  std::span<const AgentId> id;
  std::span<const Vec2> position;  ///< [m]
  std::span<const Vec2> velocity;  ///< [m/s]
  std::span<const FaceId> face;
  std::span<const float> compression;  ///< [m]
  std::span<const Activity> activity;
  std::size_t size() const { return id.size(); }
};

}  // namespace throng
