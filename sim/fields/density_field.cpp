#include "sim/fields/density_field.hpp"

#include <limits>

namespace throng {
namespace {
constexpr float nothing = std::numeric_limits<float>::quiet_NaN();

std::vector<float> density_of(const GroundGrid& grid, const std::vector<std::uint32_t>& people, std::uint64_t samples) {
  std::vector<float> out(people.size(), nothing);
  const float least = 0.1F * static_cast<float>(grid.cell * grid.cell);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (grid.area[i] >= least)
      out[i] = samples > 0 ? static_cast<float>(people[i]) / (static_cast<float>(samples) * grid.area[i]) : 0.0F;
  return out;
}
}  // namespace

DensityField::DensityField(const World& world, double cell) : grids_(make_ground_grids(world, cell)) {
  for (const GroundGrid& grid : grids_) {
    Sheet sheet;
    sheet.people.assign(grid.area.size(), 0);
    sheet.total.assign(grid.area.size(), 0);
    sheet.speed.assign(grid.area.size(), 0.0F);
    sheets_.push_back(std::move(sheet));
  }
}

void DensityField::add(const World& world, const PeopleView& people) {
  for (Sheet& sheet : sheets_) ++sheet.samples, ++sheet.all_samples;
  for (std::size_t i = 0; i < people.size(); ++i) {
    const LevelId level = world.mesh().face[index(people.face[i])].level;
    for (std::size_t g = 0; g < grids_.size(); ++g) {
      if (grids_[g].level != level) continue;
      const int at = grids_[g].cell_of(people.position[i]);
      if (at < 0) break;
      ++sheets_[g].people[static_cast<std::size_t>(at)];
      ++sheets_[g].total[static_cast<std::size_t>(at)];
      sheets_[g].speed[static_cast<std::size_t>(at)] += static_cast<float>(norm(people.velocity[i]));
      break;
    }
  }
}

DensityField::Means DensityField::take(std::size_t g) {
  Sheet& sheet = sheets_[g];
  Means out{density_of(grids_[g], sheet.people, sheet.samples), std::vector<float>(sheet.people.size(), nothing)};
  for (std::size_t i = 0; i < sheet.people.size(); ++i)
    if (sheet.people[i] > 0) out.speed[i] = sheet.speed[i] / static_cast<float>(sheet.people[i]);
  sheet.people.assign(sheet.people.size(), 0);
  sheet.speed.assign(sheet.speed.size(), 0.0F);
  sheet.samples = 0;
  return out;
}

std::vector<float> DensityField::run_mean(std::size_t g) const {
  return density_of(grids_[g], sheets_[g].total, sheets_[g].all_samples);
}

}  // namespace throng
