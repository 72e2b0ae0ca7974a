#include "sim/fields/level_of_service.hpp"

namespace throng {

const ServiceTable& service_table(ZoneKind kind) {
  static constexpr ServiceTable walkway{
      ZoneKind::passage, {0.31, 0.43, 0.72, 1.08, 2.17}, "Fruin 1971 / HCM, walkways"};
  static constexpr ServiceTable queue{ZoneKind::queue, {0.83, 1.11, 1.43, 3.33, 5.0}, "Fruin 1971 / HCM, queues"};
  static constexpr ServiceTable stairs{ZoneKind::stairs, {0.54, 0.72, 1.08, 1.54, 2.70}, "Fruin 1971, stairs"};
  switch (kind) {
    case ZoneKind::stairs:
      return stairs;
    case ZoneKind::queue:
    case ZoneKind::standing:
    case ZoneKind::site:
      return queue;
    default:
      return walkway;
  }
}

char level_of_service(ZoneKind kind, double density) {
  char letter = 'A';
  for (const double limit : service_table(kind).density) {
    if (density <= limit) break;
    ++letter;
  }
  return letter;
}

}  // namespace throng
