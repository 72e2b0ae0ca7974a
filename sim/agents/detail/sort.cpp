#include "sim/agents/detail/locomotion.hpp"
#include "sim/core/loops.hpp"

#include <algorithm>
#include <utility>

namespace throng::detail {
namespace {

constexpr std::size_t sort_grain = 4096;  ///< items per block of a sort
constexpr std::size_t ahead = 8;          ///< slots between asking for a row and using it

/// Ask for the columns of a row that its slot is filled from.
void fetch_row(const AgentColumns& agents, std::span<const Intent> intents, std::uint32_t row) {
  if (row >= agents.size()) return;
  __builtin_prefetch(&intents[row]);
  __builtin_prefetch(&agents.position[row]);
  __builtin_prefetch(&agents.velocity[row]);
  __builtin_prefetch(&agents.heading[row]);
  __builtin_prefetch(&agents.radius[row]);
  __builtin_prefetch(&agents.id[row]);
}

}  // namespace

/// Posts, and in a repeated world the images of those near its border.
void Locomotion::add_ghosts(const AgentColumns& agents, Slots& slots) const {
  slots.ghosts.clear();
  for (std::size_t k = 0; k < world_.data().posts.size(); ++k) {
    const Post& post = world_.data().posts[k];
    if (!world_.bounds().contains(post.position)) continue;
    slots.ghosts.push_back(
        {frame_.x(post.position.x), frame_.y(post.position.y), ghost_row + static_cast<std::uint32_t>(k)});
  }
  if (!period_.any()) return;
  const auto outside = [](double u, double low, double length, double margin) {
    return length > 0.0 && (u < low - margin || u > low + length + margin);
  };
  const Vec2 size = period_.length;
  const int across = size.x > 0.0 ? 1 : 0, up = size.y > 0.0 ? 1 : 0;
  for (std::size_t r = 0; r < agents.size(); ++r) {
    const Vec2 own = agents.position[r];
    if (!outside(own.x, period_.min.x, size.x, -cell_size_) && !outside(own.y, period_.min.y, size.y, -cell_size_))
      continue;
    for (int i = -across; i <= across; ++i)
      for (int j = -up; j <= up; ++j) {
        const Vec2 x = own + Vec2{i * size.x, j * size.y};
        if ((i == 0 && j == 0) || outside(x.x, period_.min.x, size.x, cell_size_) ||
            outside(x.y, period_.min.y, size.y, cell_size_))
          continue;
        slots.ghosts.push_back({frame_.x(x.x), frame_.y(x.y), static_cast<std::uint32_t>(r)});
      }
  }
}

/// Stable sort by cell in two counting passes, by row of cells and then within each: rows ascend within a cell, ghosts
/// follow agents. Blocks count and place on their own, so the order does not depend on the threads.
void Locomotion::sort(const AgentColumns& agents, Slots& slots) const {
  add_ghosts(agents, slots);
  slots.n_agents = agents.size();
  slots.n = agents.size() + slots.ghosts.size();
  for (auto* column : {&slots.row, &slots.item, &slots.column}) fit(*column, slots.n + lanes);
  sort_by_band(agents, slots);
  slots.cell_begin.resize(std::size_t{columns_} * rows_ + 1);
  slots.cell_begin[0] = 0;
  for_each_block(rows_, 8, [&](std::size_t begin, std::size_t end) {
    for (std::size_t band = begin; band < end; ++band) sort_band(slots, band);
  });
}

/// Items (agents, then ghosts) by row of cells: slots.item and their columns of cells; slots.band_begin ends as the end
/// of each block's part of each band.
void Locomotion::sort_by_band(const AgentColumns& agents, Slots& slots) const {
  const auto units = static_cast<std::uint32_t>(cell_units_);
  const std::size_t n = slots.n, n_blocks = (n + sort_grain - 1) / sort_grain;
  const auto x_of = [&](std::size_t k) {
    return static_cast<std::uint32_t>(k < slots.n_agents ? frame_.x(agents.position[k].x)
                                                         : slots.ghosts[k - slots.n_agents].x);
  };
  const auto y_of = [&](std::size_t k) {
    return static_cast<std::uint32_t>(k < slots.n_agents ? frame_.y(agents.position[k].y)
                                                         : slots.ghosts[k - slots.n_agents].y);
  };
  slots.band_begin.assign(n_blocks * rows_, 0);
  for_each_block(n, sort_grain, [&](std::size_t begin, std::size_t end) {
    std::uint32_t* count = slots.band_begin.data() + begin / sort_grain * rows_;
    for (std::size_t k = begin; k < end; ++k) ++count[y_of(k) / units];
  });
  std::uint32_t sum = 0;
  for (std::size_t band = 0; band < rows_; ++band)
    for (std::size_t b = 0; b < n_blocks; ++b) {
      std::uint32_t& count = slots.band_begin[b * rows_ + band];
      count = std::exchange(sum, sum + count);
    }
  for_each_block(n, sort_grain, [&](std::size_t begin, std::size_t end) {
    std::uint32_t* next = slots.band_begin.data() + begin / sort_grain * rows_;
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t place = next[y_of(k) / units]++;
      slots.item[place] = static_cast<std::uint32_t>(k);
      slots.column[place] = x_of(k) / units;
    }
  });
}

/// Items of one row of cells by column; the ends of its cells.
void Locomotion::sort_band(Slots& slots, std::size_t band) const {
  const auto end_of = [&](std::size_t b) {  // the last block's part ends where the band ends
    const std::size_t n_blocks = slots.band_begin.size() / rows_;
    return n_blocks == 0 ? 0U : slots.band_begin[(n_blocks - 1) * rows_ + b];
  };
  const std::uint32_t begin = band == 0 ? 0 : end_of(band - 1), end = end_of(band);
  std::uint32_t* cell = slots.cell_begin.data() + band * columns_ + 1;  // ends; counts and starts on the way
  std::fill(cell, cell + columns_, begin == end ? begin : 0U);
  if (begin == end) return;
  for (std::uint32_t k = begin; k < end; ++k) ++cell[slots.column[k]];
  std::uint32_t sum = begin;
  for (std::uint32_t c = 0; c < columns_; ++c) cell[c] = std::exchange(sum, sum + cell[c]);
  for (std::uint32_t k = begin; k < end; ++k) slots.row[cell[slots.column[k]]++] = slots.item[k];
}

void Locomotion::fill_ghost(const AgentColumns& agents, std::span<const Intent> intents, Slots& slots,
                            std::size_t s) const {
  const auto k = slots.row[s] - static_cast<std::uint32_t>(slots.n_agents);
  const Slots::Ghost& ghost = slots.ghosts[k];
  slots.row[s] = ghost_row + k;
  slots.x[s] = ghost.x;
  slots.y[s] = ghost.y;
  slots.walls[s] = 0;
  slots.flags[s] = 0;
  slots.speed[s] = slots.hx[s] = slots.hy[s] = 0.0F;
  LevelId level{};
  if (ghost.original >= ghost_row) {
    const Post& post = world_.data().posts[ghost.original - ghost_row];
    slots.vx[s] = slots.vy[s] = slots.ex[s] = slots.ey[s] = 0.0F;
    slots.radius[s] = static_cast<float>(post.radius);
    level = post.level;
  } else {
    const std::size_t r = ghost.original;
    slots.vx[s] = static_cast<float>(agents.velocity[r].x);
    slots.vy[s] = static_cast<float>(agents.velocity[r].y);
    slots.ex[s] = intents[r].ex;
    slots.ey[s] = intents[r].ey;
    slots.radius[s] = agents.radius[r];
    level = level_of(agents, r);
  }
  if (several_sheets_) slots.sheet[s] = static_cast<std::uint32_t>(index(level));
}

void Locomotion::fill_agent(const AgentColumns& agents, const Intent& intent, Slots& slots, std::size_t s) const {
  const std::size_t r = slots.row[s];
  slots.x[s] = frame_.x(agents.position[r].x);
  slots.y[s] = frame_.y(agents.position[r].y);
  slots.vx[s] = static_cast<float>(agents.velocity[r].x);
  slots.vy[s] = static_cast<float>(agents.velocity[r].y);
  slots.hx[s] = agents.heading[r].x;
  slots.hy[s] = agents.heading[r].y;
  slots.ex[s] = intent.ex;
  slots.ey[s] = intent.ey;
  slots.speed[s] = intent.speed;
  slots.radius[s] = agents.radius[r];
  const LevelId level = level_of(agents, r);
  slots.walls[s] = walls_.list_of(slots.x[s], slots.y[s], level);
  if (several_sheets_) slots.sheet[s] = walls_.sheet_of(slots.walls[s], level);
}

void Locomotion::fill(const AgentColumns& agents, std::span<const Intent> intents, Tick tick, Slots& slots) const {
  const std::size_t padded = slots.n + lanes;
  fit(slots.flags, padded);
  fit(slots.walls, padded);
  fit(slots.sheet, several_sheets_ ? padded : 0);
  for (auto* column : {&slots.x, &slots.y}) fit(*column, padded);
  for (auto* column : {&slots.vx, &slots.vy, &slots.ex, &slots.ey, &slots.radius, &slots.speed, &slots.hx, &slots.hy,
                       &slots.step_x[0], &slots.step_x[1], &slots.step_y[0], &slots.step_y[1], &slots.overlap})
    fit(*column, padded);
  const auto turn =
      static_cast<std::uint32_t>((heading_interval_ - tick.count % heading_interval_) % heading_interval_);
  const auto interval = static_cast<std::uint32_t>(heading_interval_);
  for_each_block(slots.n, grain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end; ++s) {
      if (s + ahead < slots.n) fetch_row(agents, intents, slots.row[s + ahead]);
      const std::size_t r = slots.row[s];
      if (r >= slots.n_agents) {
        fill_ghost(agents, intents, slots, s);
        continue;
      }
      fill_agent(agents, intents[r], slots, s);
      const bool keeps = static_cast<std::uint32_t>(agents.id[r]) % interval != turn;
      slots.flags[s] = static_cast<std::uint8_t>((keeps ? keeps_heading : 0) | (intents[r].squeeze ? squeezes : 0));
    }
  });
  if (period_.any()) find_repeats(slots);
}

/// Where the originals of repeated ghosts stand.
void Locomotion::find_repeats(Slots& slots) const {
  slots.repeats.clear();
  std::vector<std::uint32_t>& slot_of = slots.item;  // done with
  for_each_agent(slots.n, [&](std::size_t s) {
    if (slots.row[s] < ghost_row) slot_of[slots.row[s]] = static_cast<std::uint32_t>(s);
  });
  for (std::size_t s = 0; s < slots.n; ++s) {
    if (slots.row[s] < ghost_row) continue;
    const std::uint32_t original = slots.ghosts[slots.row[s] - ghost_row].original;
    if (original < ghost_row) slots.repeats.push_back({static_cast<std::uint32_t>(s), slot_of[original]});
  }
}

}  // namespace throng::detail
