#include "sim/core/loops.hpp"
#include "sim/core/queues.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace throng;

TEST_CASE("blocks cover every row once, whatever the number of threads", "[core][unit]") {
  for (const int threads : {1, 2, 3, 8}) {
    std::vector<int> visits(10007);
    with_threads(threads, [&] {
      for_each_agent(
          visits.size(), [&](std::size_t i) { ++visits[i]; }, 64);
    });
    CHECK(std::all_of(visits.begin(), visits.end(), [](int v) { return v == 1; }));
  }
}

TEST_CASE("a sum has the same bits on any number of threads", "[core][unit]") {
  std::vector<double> sums;
  for (const int threads : {1, 2, 3, 8})
    with_threads(threads, [&] {
      sums.push_back(sum_blocks(100003, 1000, [](std::size_t begin, std::size_t end) {
        double s = 0.0;
        for (std::size_t i = begin; i < end; ++i) s += 1.0 / (1.0 + static_cast<double>(i));
        return s;
      }));
    });
  for (const double s : sums) CHECK(s == sums[0]);
}

TEST_CASE("work in the background ends before its handle does and passes on its fault", "[core][unit]") {
  std::atomic<int> done{0};
  {
    Background task([&] { ++done; });
  }
  CHECK(done == 1);
  Background bad([] { throw std::runtime_error("no"); });
  CHECK_THROWS_AS(bad.wait(), std::runtime_error);
  Background moved = std::move(bad);
  CHECK_NOTHROW(moved.wait());
}

TEST_CASE("a bounded queue loses nothing and a latest slot keeps the newest", "[core][unit]") {
  BoundedQueue<int> queue(4);
  std::thread writer([&] {
    for (int i = 0; i < 1000; ++i) queue.put(i);
    queue.close();
  });
  int expected = 0;
  while (const auto value = queue.take()) CHECK(*value == expected++);
  writer.join();
  CHECK(expected == 1000);
  CHECK_FALSE(queue.put(1));

  Latest<int> slot;
  CHECK_FALSE(slot.take().has_value());
  slot.put(1);
  slot.put(2);
  CHECK(slot.take() == 2);
}
