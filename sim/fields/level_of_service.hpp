#pragma once
#include "sim/scenario/site_geometry.hpp"

#include <array>

namespace throng {

/// Upper limits of levels A to E [1/m²]; above the last is F.
struct ServiceTable {
  ZoneKind kind{};
  std::array<double, 5> density{};
  const char* citation = "";
};

/// Walkway, queue and stairs tables of Fruin (1971) as used by the Highway Capacity Manual. Standing areas and the
/// whole site use the queue table, service lanes the walkway table.
const ServiceTable& service_table(ZoneKind);
/// Letter 'A'..'F' for a mean density [1/m²].
char level_of_service(ZoneKind, double density);

}  // namespace throng
