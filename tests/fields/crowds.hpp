#pragma once
#include "sim/core/random.hpp"
#include "sim/fields/people.hpp"
#include "sim/world/world.hpp"

#include <vector>

namespace throng::test {

/// Columns that a PeopleView looks at.
struct Crowd {
  std::vector<AgentId> id;
  std::vector<Vec2> position, velocity;
  std::vector<FaceId> face;
  std::vector<float> compression;
  std::vector<Activity> activity;
  void add(const World& world, Vec2 x, Vec2 v = {}, Activity what = Activity::walking, LevelId level = LevelId{0}) {
    const auto found = world.locate(x, level);
    if (!found) return;
    id.push_back(static_cast<AgentId>(id.size() + 1));
    position.push_back(x);
    velocity.push_back(v);
    face.push_back(*found);
    compression.push_back(0.0F);
    activity.push_back(what);
  }
  PeopleView view() const { return {id, position, velocity, face, compression, activity}; }
};

/// `n` draws anywhere in the world's box; those off the ground are left out.
inline Crowd random_crowd(const World& world, std::uint32_t n, std::uint32_t number, LevelId level = LevelId{0}) {
  Crowd crowd;
  Random random(11, Stream::test, number, Tick{});
  const Box box = world.bounds();
  for (std::uint32_t k = 0; k < n; ++k) {
    const double x = random.uniform(box.min.x, box.max.x);
    const double y = random.uniform(box.min.y, box.max.y);
    crowd.add(world, {x, y}, {random.uniform(-1.5, 1.5), 0.5}, Activity::walking, level);
  }
  return crowd;
}

}  // namespace throng::test
