#include "sim/core/loops.hpp"

#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <oneapi/tbb/task_group.h>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace throng {
namespace {

/// Tells ThreadSanitizer what the packaged oneTBB, which is not built for it, hides: a hand-over from before a loop to
/// its blocks, and from its blocks to after it. Nothing in other builds.
struct Handover {
#if defined(__SANITIZE_THREAD__)
  char address = 0;
  void give() { __tsan_release(&address); }
  void take() { __tsan_acquire(&address); }
#else
  void give() {}
  void take() {}
#endif
};

}  // namespace

void for_each_block(std::size_t n, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& f) {
  if (n == 0) return;
  if (n <= grain) return f(0, n);
  Handover begun, ended;
  begun.give();
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, (n + grain - 1) / grain, 1),
      [&](const tbb::blocked_range<std::size_t>& blocks) {
        begun.take();
        for (std::size_t b = blocks.begin(); b != blocks.end(); ++b) f(b * grain, std::min(n, (b + 1) * grain));
        ended.give();
      },
      tbb::simple_partitioner{});
  ended.take();
}

double sum_blocks(std::size_t n, std::size_t grain, const std::function<double(std::size_t, std::size_t)>& f) {
  std::vector<double> part((n + grain - 1) / grain);
  for_each_block(n, grain, [&](std::size_t begin, std::size_t end) { part[begin / grain] = f(begin, end); });
  double sum = 0.0;
  for (const double p : part) sum += p;
  return sum;
}

void with_threads(int n, const std::function<void()>& f) {
  if (n <= 0) return f();
  tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(n));
  tbb::task_arena arena(n);
  arena.execute(f);
}

struct Background::Task {
  tbb::task_arena arena{1, 0};
  tbb::task_group group;
  std::exception_ptr fault;
  Handover begun, ended;
};

Background::Background() : task_(nullptr) {}
Background::Background(std::function<void()> f) : task_(new Task) {
  Task* task = task_;
  task->begun.give();
  task->arena.enqueue(task->group.defer([task, g = std::move(f)] {
    task->begun.take();
    try {
      g();
    } catch (...) {
      task->fault = std::current_exception();
    }
    task->ended.give();
  }));
}
Background::~Background() {
  if (task_ == nullptr) return;
  task_->arena.execute([this] { task_->group.wait(); });
  task_->ended.take();
  delete task_;
}
Background::Background(Background&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
Background& Background::operator=(Background&& other) noexcept {
  std::swap(task_, other.task_);
  return *this;
}
void Background::wait() {
  if (task_ == nullptr) return;
  task_->arena.execute([this] { task_->group.wait(); });
  task_->ended.take();
  if (auto fault = std::exchange(task_->fault, nullptr)) std::rethrow_exception(fault);
}

}  // namespace throng
