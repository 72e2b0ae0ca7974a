#pragma once
#include "sim/world/world.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace throng {

/// Who the way is for: people with reduced mobility are never sent over steps.
enum class Mobility : std::uint8_t { walking, step_free };

struct NavigationOptions {
  double cell = 0.5;          ///< node spacing [m]
  double body_radius = 0.20;  ///< nothing narrower than twice this is a way [m]
  double clearance = 0.40;    ///< closer to walls than this, walking costs more [m]
  double berth = 1.20;        ///< and a little more closer than this, where there is room [m]
};

/// What routes are judged by: doors and congestion at one moment. Immutable; part of the crowd's state by shared
/// pointer, so that copies are cheap and fields are a pure function of it.
struct RouteCosts {
  std::vector<DoorState> doors;  ///< (doors), or empty: as they are initially
  std::vector<float> slowness;   ///< (congestion cells) relative walking time, 1 to 15; empty = free flow
  std::uint64_t hash = 0;        ///< of the two columns; set by seal()
  void seal();
};

namespace detail {
struct PricedGround;
struct Goal;
}  // namespace detail

/// Walking cost to one place from everywhere. Read it through Navigation::direction and Navigation::cost of the
/// Navigation it came from: the way down is found where somebody asks for it, not stored.
struct DistanceField {
  static constexpr std::uint32_t no_way = 0xFFFFFFFFU;
  std::vector<std::uint32_t> cost;  ///< (ground nodes) [Navigation::cost_unit()], lengthened by walls, slow ground,
                                    ///< slowness; no_way = no way
  Mobility mobility{};
  /// (nodes near walls and doors) which way their people look; 0 = nobody has asked yet. Filled where people pass; what
  /// is written depends on the field only, so that it does not matter who writes it.
  mutable std::vector<std::uint8_t> aim;
  std::shared_ptr<const detail::PricedGround> ground;  ///< what it was solved on
  std::shared_ptr<const detail::Goal> goal;            ///< the last metres
};

/// Answers "which way from here to there?". Nodes lie on a grid per level, cut by walls at sub-cell resolution, so that
/// an opening of 0.8 m in any orientation is kept and one narrower than two body radii is not. Fields are solved by
/// fast marching on the nodes (Sethian 1996, doi:10.1073/pnas.93.4.1591). Accuracy against exact geodesics: see
/// docs/methods/navigation.md.
class Navigation {
 public:
  Navigation(std::shared_ptr<const World> world, NavigationOptions options = {});
  ~Navigation();
  Navigation(const Navigation&) = delete;
  Navigation& operator=(const Navigation&) = delete;

  const World& world() const;
  std::size_t n_nodes() const;  ///< nodes on ground
  double cost_unit() const;     ///< [m]
  /// Number of congestion cells, and the cell of a point (-1 outside). Cells are `congestion_cell` wide, per level.
  std::size_t n_congestion_cells() const;
  static constexpr double congestion_cell = 2.0;  ///< [m]
  std::int32_t congestion_cell_of(Vec2 x, LevelId level) const;
  std::span<const float> congestion_cell_area() const;  ///< walkable [m²]
  /// Density around each congestion cell [1/m²]: people of the cell and of those one walks to directly from it, over
  /// their walkable area. `people`: (congestion cells).
  std::vector<float> congestion_density(std::span<const float> people) const;

  /// What crossing every node costs and which doors let people through; shared by all fields of the same costs.
  std::shared_ptr<const detail::PricedGround> price(const RouteCosts& costs) const;
  /// Solve the field of one place. Pure: same arguments, same bits. Safe to call from several threads.
  DistanceField solve(PlaceId goal, Mobility mobility, std::shared_ptr<const detail::PricedGround> ground) const;
  DistanceField solve(PlaceId goal, Mobility mobility, const RouteCosts& costs) const;
  /// Same for an arbitrary goal point.
  DistanceField solve_to(Vec2 goal, FaceId face, Mobility mobility, const RouteCosts& costs) const;

  /// Unit direction to walk, interpolated between nodes that see the point; zero at the goal or without a way. O(1).
  Vec2 direction(const DistanceField&, Vec2 x, LevelId level, FaceId face) const;
  /// Remaining cost [m]; +inf without a way. O(1).
  double cost(const DistanceField&, Vec2 x, LevelId level, FaceId face) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace throng
