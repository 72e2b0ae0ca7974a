#include "sim/core/error.hpp"
#include "sim/world/detail/compile.hpp"

namespace throng {

BuildResult build_world(const SiteGeometry& site, const BuildOptions& options) {
  constexpr double tolerance = 2e-3;  // lines nearer than this are one [m]
  detail::Notes notes;
  const detail::Canonical in = detail::canonical(site, notes);
  const detail::Arrangement arrangement = detail::arrange(in, tolerance, notes);
  std::vector<std::int32_t> closure_door;
  std::vector<Door> doors = detail::make_doors(in, closure_door);
  detail::Draft draft = detail::triangulate_levels(in, arrangement, notes);
  detail::sew_portals(draft, in, arrangement, notes);
  detail::set_barriers(draft, in, arrangement, closure_door, notes);
  detail::refine(draft, options.max_edge);
  BuildResult out;
  out.data = detail::assemble(site, in, arrangement, std::move(draft), std::move(doors), options, notes);
  try {
    const World world(out.data, site.name);
    detail::audit(world, in, notes);
    detail::audit_lanes(world, notes);
  } catch (const InputError& error) {
    for (const Fault& fault : error.faults()) notes.error("M805", "", {}, fault.text());
  }
  out.notes = notes.take();
  return out;
}

}  // namespace throng
