#include "sim/agents/detail/field_cache.hpp"

#include <utility>

namespace throng::detail {
namespace {
constexpr std::size_t n_workers = 4;  ///< rebuilds under way at once, at most
}

FieldCache::FieldCache(std::shared_ptr<const Navigation> navigation) : navigation_(std::move(navigation)) {
  workers_.resize(n_workers);
}

void FieldCache::drop_unused() {
  std::erase_if(entries_, [](const auto& item) {
    return item.second->costs.expired() && item.second->status == Entry::Status::done;
  });
}

/// The entry of a key, made when there is none. The same costs may live in several objects; any of them keeps it.
std::shared_ptr<FieldCache::Entry> FieldCache::find(const FieldGoal& goal,
                                                    const std::shared_ptr<const RouteCosts>& costs) {
  std::shared_ptr<Entry>& entry = entries_[{costs->hash, goal}];
  if (!entry) entry = std::make_shared<Entry>(Entry{goal, costs, Entry::Status::idle, nullptr});
  if (entry->costs.expired()) entry->costs = costs;
  return entry;
}

/// Fields of the same costs share one priced ground, as long as one of them lives. Computed by one thread without
/// parallel loops, so that the lock cannot be met again by a task that the waiting thread takes up.
std::shared_ptr<const PricedGround> FieldCache::price(const RouteCosts& costs) {
  const std::lock_guard lock(price_mutex_);
  std::erase_if(prices_, [](const auto& item) { return item.second.expired(); });
  std::weak_ptr<const PricedGround>& known = prices_[costs.hash];
  auto ground = known.lock();
  if (!ground) {
    ground = navigation_->price(costs);
    known = ground;
  }
  return ground;
}

void FieldCache::solve(Entry& entry, const RouteCosts& costs) {
  {
    std::unique_lock lock(mutex_);
    if (entry.status != Entry::Status::idle) {
      done_.wait(lock, [&] { return entry.status == Entry::Status::done; });
      return;
    }
    entry.status = Entry::Status::solving;
  }
  auto field =
      std::make_shared<const DistanceField>(navigation_->solve(entry.goal.place, entry.goal.mobility, price(costs)));
  const std::lock_guard lock(mutex_);
  entry.field = std::move(field);
  entry.status = Entry::Status::done;
  done_.notify_all();
}

void FieldCache::prefetch(const std::vector<FieldGoal>& goals, const std::shared_ptr<const RouteCosts>& costs) {
  std::vector<std::shared_ptr<Entry>> missing;
  Background finished;  // waits for the worker's last job outside of the lock
  const std::unique_lock lock(mutex_);
  for (const FieldGoal& goal : goals)
    if (auto entry = find(goal, costs); entry->status == Entry::Status::idle) missing.push_back(std::move(entry));
  if (missing.empty()) return;
  finished = std::exchange(workers_[next_worker_++ % n_workers], Background([this, missing, costs] {
                             for (const auto& entry : missing) {
                               bool idle = false;
                               {
                                 const std::lock_guard inner(mutex_);
                                 idle = entry->status == Entry::Status::idle;
                               }
                               if (idle) solve(*entry, *costs);
                             }
                           }));
}

std::vector<std::shared_ptr<const DistanceField>> FieldCache::get(const std::vector<FieldGoal>& goals,
                                                                  const std::shared_ptr<const RouteCosts>& costs) {
  std::vector<std::shared_ptr<Entry>> entries(goals.size());
  std::vector<std::size_t> missing;
  {
    const std::lock_guard lock(mutex_);
    drop_unused();
    for (std::size_t k = 0; k < goals.size(); ++k) {
      entries[k] = find(goals[k], costs);
      if (entries[k]->status != Entry::Status::done) missing.push_back(k);
    }
  }
  for_each_block(missing.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t m = begin; m < end; ++m) solve(*entries[missing[m]], *costs);
  });
  std::vector<std::shared_ptr<const DistanceField>> fields(goals.size());
  for (std::size_t k = 0; k < goals.size(); ++k) fields[k] = entries[k]->field;
  return fields;
}

}  // namespace throng::detail
