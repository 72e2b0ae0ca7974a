#include "sim/fields/local_density.hpp"

#include "sim/core/loops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace throng {
namespace {

constexpr int reach = LocalDensity::square / 2;

/// Sum over the (2 reach + 1)² neighbourhood of each cell, separably; cells beyond the border count as zero.
template <class T>
void box_sum(const GroundGrid& grid, const std::vector<T>& in, std::vector<T>& strip, std::vector<T>& out) {
  const int rows = grid.rows;
  const int columns = grid.columns;
  for_each_block(static_cast<std::size_t>(rows), 32, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const T* from = in.data() + row * static_cast<std::size_t>(columns);
      T* to = strip.data() + row * static_cast<std::size_t>(columns);
      for (int c = 0; c < columns; ++c) {
        T sum{};
        for (int k = std::max(0, c - reach); k <= std::min(columns - 1, c + reach); ++k) sum += from[k];
        to[c] = sum;
      }
    }
  });
  for_each_block(static_cast<std::size_t>(rows), 32, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      const int row = static_cast<int>(r);
      T* to = out.data() + r * static_cast<std::size_t>(columns);
      std::fill(to, to + columns, T{});
      for (int k = std::max(0, row - reach); k <= std::min(rows - 1, row + reach); ++k) {
        const T* from = strip.data() + static_cast<std::size_t>(k) * static_cast<std::size_t>(columns);
        for (int c = 0; c < columns; ++c) to[c] += from[c];
      }
    }
  });
}

}  // namespace

std::size_t LocalDensity::window(double sample_interval) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(averaging_time / sample_interval + 0.5)));
}

LocalDensity::LocalDensity(const World& world, double sample_interval)
    : grids_(make_ground_grids(world, cell)), window_(window(sample_interval)), ring_(window_) {
  for (const GroundGrid& grid : grids_) {
    Sheet sheet;
    std::vector<float> strip(grid.area.size());
    std::vector<float> area(grid.area.size());
    box_sum(grid, grid.area, strip, area);
    sheet.inverse_area.resize(area.size());
    for (std::size_t i = 0; i < area.size(); ++i)
      sheet.inverse_area[i] = area[i] >= static_cast<float>(least_area) ? 1.0F / area[i] : 0.0F;
    sheet.count.assign(area.size(), 0);
    sheet.square.assign(area.size(), 0);
    sheet.strip.assign(area.size(), 0);
    sheet.density.assign(area.size(), 0.0F);
    sheet.peak.assign(area.size(), 0.0F);
    sheets_.push_back(std::move(sheet));
  }
  for (const MeasurementZone& zone : world.zones()) {
    const PlaceShape& shape = world.places()[index(zone.place)].shape;
    ZoneCells cells;
    while (cells.sheet < grids_.size() && grids_[cells.sheet].level != shape.level) ++cells.sheet;
    if (cells.sheet == grids_.size()) cells.sheet = 0;
    const GroundGrid& grid = grids_[cells.sheet];
    Box box;
    for (const Polygon& part : shape.areas)
      for (const Vec2 p : part.outer) box.add(p);
    for (int i = 0; i < grid.rows * grid.columns; ++i) {
      if (sheets_[cells.sheet].inverse_area[static_cast<std::size_t>(i)] <= 0.0F) continue;
      const Vec2 centre = grid.centre(i);
      if (!box.contains(centre)) continue;
      const bool inside =
          std::any_of(shape.areas.begin(), shape.areas.end(), [&](const Polygon& p) { return contains(p, centre); });
      if (inside) cells.cells.push_back(i);
    }
    zones_.push_back(std::move(cells));
  }
}

void LocalDensity::add(const World& world, const PeopleView& people) {
  auto& slot = ring_[next_];
  for (const auto& [sheet, at] : slot) --sheets_[sheet].count[static_cast<std::size_t>(at)];
  slot.clear();
  const bool single = grids_.size() == 1;
  for (std::size_t i = 0; i < people.size(); ++i) {
    std::size_t sheet = 0;
    if (!single) {
      const LevelId level = world.mesh().face[index(people.face[i])].level;
      while (sheet < grids_.size() && grids_[sheet].level != level) ++sheet;
      if (sheet == grids_.size()) continue;
    }
    const int at = grids_[sheet].cell_of(people.position[i]);
    if (at < 0) continue;
    ++sheets_[sheet].count[static_cast<std::size_t>(at)];
    slot.emplace_back(static_cast<std::uint16_t>(sheet), at);
  }
  next_ = (next_ + 1) % window_;
  filled_ = std::min(window_, filled_ + 1);
}

void LocalDensity::evaluate() {
  const float samples = static_cast<float>(std::max<std::size_t>(1, filled_));
  for (std::size_t g = 0; g < grids_.size(); ++g) {
    Sheet& sheet = sheets_[g];
    box_sum(grids_[g], sheet.count, sheet.strip, sheet.square);
    for (std::size_t i = 0; i < sheet.square.size(); ++i) {
      sheet.density[i] = static_cast<float>(sheet.square[i]) * sheet.inverse_area[i] / samples;
      sheet.peak[i] = std::max(sheet.peak[i], sheet.density[i]);
    }
  }
}

LocalMaximum LocalDensity::zone_maximum(std::size_t z) const {
  const ZoneCells& zone = zones_[z];
  LocalMaximum worst;
  const std::vector<float>& density = sheets_[zone.sheet].density;
  for (const std::int32_t at : zone.cells)
    if (density[static_cast<std::size_t>(at)] > worst.density)
      worst = {density[static_cast<std::size_t>(at)], grids_[zone.sheet].centre(at)};
  return worst;
}

std::vector<float> LocalDensity::peak(std::size_t g) const {
  std::vector<float> out = sheets_[g].peak;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (sheets_[g].inverse_area[i] <= 0.0F || grids_[g].area[i] <= 0.0F)
      out[i] = std::numeric_limits<float>::quiet_NaN();
  return out;
}

}  // namespace throng
