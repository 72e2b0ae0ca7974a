#include "sim/fields/zone_meter.hpp"

#include <algorithm>
#include <limits>

namespace throng {

ZoneMeter::ZoneMeter(const World& world, std::size_t window)
    : world_(world),
      begin_(world.mesh().face.size() + 1),
      sum_(world.zones().size()),
      present_(world.zones().size()),
      ring_(std::max<std::size_t>(1, window), std::vector<std::uint32_t>(world.zones().size())),
      recent_(world.zones().size()),
      speeds_(ring_.size(), std::vector<double>(world.zones().size())) {
  std::vector<std::vector<std::uint32_t>> of_face(world.mesh().face.size());
  for (std::size_t z = 0; z < world.zones().size(); ++z)
    for (const FaceId face : world.places()[index(world.zones()[z].place)].faces)
      of_face[index(face)].push_back(static_cast<std::uint32_t>(z));
  for (std::size_t f = 0; f < of_face.size(); ++f) {
    zone_.insert(zone_.end(), of_face[f].begin(), of_face[f].end());
    begin_[f + 1] = static_cast<std::int32_t>(zone_.size());
  }
}

void ZoneMeter::add(const PeopleView& people) {
  std::fill(present_.begin(), present_.end(), 0u);
  std::vector<double>& speeds = speeds_[next_];
  std::fill(speeds.begin(), speeds.end(), 0.0);
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::size_t face = index(people.face[i]);
    for (std::int32_t k = begin_[face]; k < begin_[face + 1]; ++k) {
      const std::uint32_t z = zone_[static_cast<std::size_t>(k)];
      ++present_[z];
      ++sum_[z].people;
      const double speed = norm(people.velocity[i]);
      sum_[z].speed += speed;
      speeds[z] += speed;
      sum_[z].waiting += people.activity[i] == Activity::queueing ? 1u : 0u;
    }
  }
  ++samples_;
  auto& oldest = ring_[next_];
  for (std::size_t z = 0; z < recent_.size(); ++z) {
    recent_[z] = recent_[z] + present_[z] - oldest[z];
    oldest[z] = present_[z];
  }
  next_ = (next_ + 1) % ring_.size();
  filled_ = std::min(ring_.size(), filled_ + 1);
}

double ZoneMeter::recent_density(std::size_t z) const {
  const double area = world_.zones()[z].area;
  return area > 0.0 && filled_ > 0 ? static_cast<double>(recent_[z]) / (static_cast<double>(filled_) * area) : 0.0;
}

double ZoneMeter::recent_flow(std::size_t z) const {
  const double area = world_.zones()[z].area;
  if (area <= 0.0 || filled_ == 0) return 0.0;
  double sum = 0.0;
  for (const std::vector<double>& speeds : speeds_) sum += speeds[z];
  return sum / (static_cast<double>(filled_) * area);
}

ZoneMeans ZoneMeter::means(std::size_t z) const {
  ZoneMeans out;
  out.speed = std::numeric_limits<double>::quiet_NaN();
  if (samples_ == 0) return out;
  const Sum& sum = sum_[z];
  const double area = world_.zones()[z].area;
  out.people = static_cast<double>(sum.people) / static_cast<double>(samples_);
  out.waiting = static_cast<double>(sum.waiting) / static_cast<double>(samples_);
  out.density = area > 0.0 ? out.people / area : 0.0;
  if (sum.people == 0) return out;
  out.speed = sum.speed / static_cast<double>(sum.people);
  out.flow = out.density * out.speed;
  return out;
}

void ZoneMeter::reset() {
  sum_.assign(sum_.size(), {});
  samples_ = 0;
}

}  // namespace throng
