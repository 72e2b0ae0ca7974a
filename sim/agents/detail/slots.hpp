#pragma once
#include "sim/agents/detail/kernel.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace throng::detail {

/// Resize, with an eighth to spare when it must grow.
template <class T>
void fit(std::vector<T>& column, std::size_t n) {
  if (n > column.capacity()) column.reserve(n + n / 8);
  column.resize(n);
}

/// Room for all contacts that one block of slots may have; one per thread at work.
class ContactRoom {
 public:
  ContactList list();  ///< empty

 private:
  static constexpr std::size_t most_pairs = std::size_t{block_slots} * max_contacts + lanes;
  static constexpr std::size_t most_walls = std::size_t{block_slots} * max_walls;
  std::array<std::uint8_t, most_pairs> own_;
  std::array<std::uint32_t, most_pairs> other_;
  std::array<std::array<float, most_pairs>, 3> pair_;
  std::array<std::uint8_t, most_walls> wall_own_;
  std::array<std::array<float, most_walls>, 6> wall_;
};

/// Contacts of one block of slots, as many as there are.
class ContactBuffer {
 public:
  void keep(const ContactList&);
  ContactList list() const;
  std::size_t bytes() const;

 private:
  std::vector<std::uint8_t> own_, wall_own_;
  std::vector<std::uint32_t> other_;
  std::vector<float> pair_, wall_;  // columns one after the other
  std::uint32_t n_ = 0, n_walls_ = 0;
};

/// Working memory of one step: columns by slot (agents sorted by cell), reused between steps.
struct Slots {
  std::size_t n = 0, n_agents = 0;
  std::vector<std::uint32_t> cell_begin;         ///< (cells + 1)
  std::vector<std::uint32_t> row, walls, sheet;  ///< sheet: only where there are several
  std::vector<std::int32_t> x, y;                ///< [units]
  std::vector<std::uint8_t> flags;               ///< keeps_heading, squeezes
  std::vector<float> vx, vy, ex, ey, radius, speed, hx, hy;
  std::array<std::vector<float>, 2> step_x, step_y;  ///< displacement; the last generation is the result
  std::vector<float> overlap;
  struct Ghost {
    std::int32_t x, y;
    std::uint32_t original;  ///< row that it repeats, or ghost_row + post
  };
  std::vector<Ghost> ghosts;                          ///< seen, not moved
  std::vector<std::array<std::uint32_t, 2>> repeats;  ///< (repeated ghosts) own slot, slot of the original
  std::vector<ContactBuffer> contacts;                ///< (blocks)
  std::vector<std::uint32_t> band_begin;              ///< (blocks of items x rows of cells) for sorting
  std::vector<std::uint32_t> item, column;            ///< (n) items by row of cells, for sorting
  int result = 0;                                     ///< which generation holds the result

  std::unique_ptr<ContactRoom> take_room();
  void give_back(std::unique_ptr<ContactRoom>);
  std::size_t bytes() const;  ///< of working memory held

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<ContactRoom>> rooms_;
};

}  // namespace throng::detail
