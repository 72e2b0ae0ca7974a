#pragma once
#include <cstddef>
#include <functional>

namespace throng {

/// Call f(begin, end) on disjoint blocks that cover [0, n), in parallel. f may write only rows of its own block, so the
/// result does not depend on the number of threads. `grain` is the block size [rows] (> 0).
void for_each_block(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& f);

/// Call f(i) for every row, in parallel; f writes row i only.
template <class F>
void for_each_agent(std::size_t n, F&& f, std::size_t grain = 256) {
  for_each_block(n, grain, [&f](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) f(i);
  });
}

/// Sum of f(begin, end) over blocks of fixed grain, added in block order: one result for any number of threads.
double sum_blocks(std::size_t n, std::size_t grain, const std::function<double(std::size_t, std::size_t)>& f);

/// Run f with at most n threads (0 = as many as the machine has).
void with_threads(int n, const std::function<void()>& f);

/// Start f on a worker thread of the pool; the returned handle waits in its destructor or in wait().
class Background {
 public:
  Background();
  explicit Background(std::function<void()> f);
  ~Background();
  Background(Background&&) noexcept;
  Background& operator=(Background&&) noexcept;
  void wait();  ///< returns when f has ended; rethrows what f threw, once

 private:
  struct Task;
  Task* task_;
};

}  // namespace throng
