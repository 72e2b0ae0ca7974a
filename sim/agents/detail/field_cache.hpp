#pragma once
#include "sim/core/loops.hpp"
#include "sim/nav/navigation.hpp"

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <tuple>
#include <vector>

namespace throng::detail {

struct FieldGoal {
  PlaceId place{};
  Mobility mobility{};
  friend auto operator<=>(const FieldGoal&, const FieldGoal&) = default;
};

/// Distance fields by goal and costs, solved when first asked for or ahead of time in the background. A field is a pure
/// function of its key, so who solves it, when, and how often never shows in a result. Fields of costs that no state
/// holds any more are dropped.
class FieldCache {
 public:
  explicit FieldCache(std::shared_ptr<const Navigation>);
  /// Begin solving on worker threads.
  void prefetch(const std::vector<FieldGoal>&, const std::shared_ptr<const RouteCosts>&);
  /// Solved fields, in the order asked for; missing ones are solved now, in parallel.
  std::vector<std::shared_ptr<const DistanceField>> get(const std::vector<FieldGoal>&,
                                                        const std::shared_ptr<const RouteCosts>&);

 private:
  struct Entry {
    FieldGoal goal;
    std::weak_ptr<const RouteCosts> costs;
    enum class Status { idle, solving, done } status = Status::idle;
    std::shared_ptr<const DistanceField> field;
  };
  using Key = std::tuple<std::uint64_t, FieldGoal>;
  std::shared_ptr<Entry> find(const FieldGoal&, const std::shared_ptr<const RouteCosts>&);
  void solve(Entry&, const RouteCosts&);  ///< returns when the entry is done, by whomever
  void drop_unused();
  std::shared_ptr<const PricedGround> price(const RouteCosts&);

  std::shared_ptr<const Navigation> navigation_;
  std::mutex mutex_;
  std::condition_variable done_;
  std::map<Key, std::shared_ptr<Entry>> entries_;
  std::mutex price_mutex_;
  std::map<std::uint64_t, std::weak_ptr<const PricedGround>> prices_;  ///< by hash of the costs
  std::vector<Background> workers_;
  std::size_t next_worker_ = 0;
};

}  // namespace throng::detail
