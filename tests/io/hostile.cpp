// Files with a right seal but wrong content.
#include "tests/io/samples.hpp"
#include "tests/support/tamper.hpp"

#include <cmath>
#include <functional>

#include <catch2/catch.hpp>

using namespace throng;
using namespace throng::test;

namespace {

struct Case {
  const char* what;
  Change change;
  const char* message;
};

void check_all(const std::filesystem::path& good, const std::filesystem::path& bad, const std::vector<Case>& cases,
               const std::function<void(const std::filesystem::path&)>& read) {
  for (const Case& one : cases) {
    INFO(one.what);
    tamper(good, bad, one.change);
    try {
      read(bad);
      FAIL_CHECK("was read");
    } catch (const InputError& error) {
      CHECK_THAT(error.what(), Catch::Contains(one.message) && Catch::Contains(bad.string()));
    }
  }
}

}  // namespace

TEST_CASE("a sealed site file with wrong content is refused with the place of the fault", "[io][unit]") {
  const Folder folder;
  std::uint32_t seed = 1;
  io::SiteFile site = random_site(seed);
  while (site.geometry.walkable.size() < 2 || site.world.zones.empty() || site.geometry.barriers.empty() ||
         site.world.places[0].faces.empty() || site.world.obstacles.empty() || site.world.levels.empty())
    site = random_site(++seed);
  io::write_site(folder / "good.h5", site);
  const std::vector<Case> cases{
      {"format", remove_attribute("/", "format"), "@format is missing"},
      {"version", set_attribute("/", "format_version", H5T_STD_U64LE, 99.0), "@format_version is not known"},
      {"version type", set_attribute("/", "format_version", H5T_IEEE_F64LE, 1.0), "@format_version has the wrong type"},
      {"group", drop("/world/mesh"), "/world/mesh is missing"},
      {"column", drop("/geometry/merged/walkable/surface"), "/surface is missing"},
      {"rows", set_attribute("/geometry/merged/walkable", "rows", H5T_STD_U64LE, 1e15), "@rows is more than"},
      {"rows by one", set_attribute("/geometry/merged/walkable", "rows", H5T_STD_U64LE, 57.0), "wrong number of rows"},
      {"type", replace("/geometry/merged/walkable/surface", H5T_IEEE_F64LE, {3}), "wrong type"},
      {"texts as numbers", replace("/geometry/merged/walkable/source_id", H5T_STD_I32LE, {3}), "wrong type"},
      {"rank", replace("/world/mesh/vertex", H5T_IEEE_F64LE, {12}), "wrong rank"},
      {"shape", replace("/world/mesh/vertex", H5T_IEEE_F64LE, {6, 3}), "wrong shape"},
      {"huge", replace("/world/mesh/height", H5T_IEEE_F32LE, {1ull << 50}, true), "claims more than"},
      {"enumerator", poke<int>("/geometry/merged/walkable/surface", H5T_NATIVE_INT, 1, 200),
       "surface[1] is out of range"},
      {"level", poke<long>("/geometry/merged/walkable/level", H5T_NATIVE_LONG, 0, -40000), "level[0] is out of range"},
      {"level of a world", poke<long>("/world/obstacles/level", H5T_NATIVE_LONG, 0, -1),
       "obstacles/level[0] is out of range"},
      {"level id of a world", poke<long>("/world/levels/id", H5T_NATIVE_LONG, 0, -1),
       "levels/level[0] is out of range"},
      {"nan", poke<double>("/geometry/merged/walkable/speed_factor", H5T_NATIVE_DOUBLE, 0, std::nan("")),
       "speed_factor[0] is out of range"},
      {"infinite point", poke<double>("/world/mesh/vertex", H5T_NATIVE_DOUBLE, 3, INFINITY),
       "vertex[1] is not a finite point"},
      {"offset falls", poke<long>("/geometry/merged/walkable/shape_offset", H5T_NATIVE_LONG, 1, -5),
       "shape_offset[1] is out of range"},
      {"offset too far", poke<long>("/geometry/merged/walkable/shape_ring_offset", H5T_NATIVE_LONG, 1, 1 << 20),
       "shape_ring_offset[1] is out of range"},
      {"face vertex", poke<int>("/world/mesh/face_vertex", H5T_NATIVE_INT, 4, 6), "face_vertex[1] is out of range"},
      {"neighbour", poke<int>("/world/mesh/face_neighbour", H5T_NATIVE_INT, 0, 300),
       "face_neighbour[0] is out of range"},
      {"barrier", poke<int>("/world/mesh/face_barrier", H5T_NATIVE_INT, 0, 4), "face_barrier[0] is out of range"},
      {"door area", poke<long>("/world/doors/area", H5T_NATIVE_LONG, 0, 3), "doors/area[0] is out of range"},
      {"zone place", poke<long>("/world/zones/place", H5T_NATIVE_LONG, 0, 3), "zones/place[0] is out of range"},
      {"face of place", poke<long>("/world/places/faces", H5T_NATIVE_LONG, 0, 300), "out of range"},
  };
  check_all(folder / "good.h5", folder / "bad.h5", cases, [](const auto& path) { io::read_site(path); });
}

TEST_CASE("a sealed results file with wrong content is refused with the place of the fault", "[io][unit]") {
  const Folder folder;
  write_results(folder / "good.h5", random_results(random_header(1), 1), 4, 30);
  const double nan = std::nan("");
  const std::vector<Case> cases{
      {"trajectory", drop("/trajectory"), "/trajectory is missing"},
      {"no table", replace("/trajectory", H5T_IEEE_F64LE, {120}), "/trajectory has the wrong type"},
      {"index", drop("/trajectory_index"), "/trajectory_index is missing"},
      {"index beyond", poke_row<std::uint64_t>("/trajectory_index", "end", H5T_NATIVE_UINT64, 3, 1u << 30),
       "trajectory_index[3] does not fit"},
      {"index gap", poke_row<std::uint64_t>("/trajectory_index", "begin", H5T_NATIVE_UINT64, 2, 1),
       "trajectory_index[2] does not fit"},
      {"id", poke_row<std::int64_t>("/trajectory", "id", H5T_NATIVE_INT64, 7, -1),
       "trajectory[7] has an id out of range"},
      {"position", poke_row<double>("/trajectory", "x", H5T_NATIVE_DOUBLE, 8, nan), "trajectory[8] has a position"},
      {"activity", poke_row<std::uint8_t>("/trajectory", "activity", H5T_NATIVE_UINT8, 9, 17),
       "trajectory[9] has an activity"},
      {"level", poke_row<std::int16_t>("/trajectory", "level", H5T_NATIVE_INT16, 9, -3), "trajectory[9] has a level"},
      {"zone", poke_row<std::uint32_t>("/zones", "zone", H5T_NATIVE_UINT32, 2, 9), "/zones[2] names a zone"},
      {"alert", poke_row<std::uint8_t>("/zones", "level", H5T_NATIVE_UINT8, 2, 9), "/zones[2] has an alert level"},
      {"line", poke_row<std::uint32_t>("/lines", "line", H5T_NATIVE_UINT32, 1, 2), "/lines[1] names a line"},
      {"exit", poke_row<std::uint32_t>("/exits", "exit", H5T_NATIVE_UINT32, 1, 2), "/exits[1] names an exit"},
      {"event", poke_row<std::uint8_t>("/events", "kind", H5T_NATIVE_UINT8, 1, 99), "/events[1] has a kind"},
      {"series without column", replace("/ledger", H5T_STD_I64LE, {3}), "/ledger has the wrong type"},
      {"exceedance", poke<long>("/figures/exceedances/zone", H5T_NATIVE_LONG, 0, 2), "names a zone out of range"},
      {"grid shape", replace("/grid/0/density", H5T_IEEE_F32LE, {1, 5, 5}), "/grid/0/density has the wrong shape"},
      {"peak shape", replace("/grid/0/peak", H5T_IEEE_F32LE, {5, 5}), "/grid/0/peak has the wrong shape"},
      {"grid spec", poke<long>("/info/grids/rows", H5T_NATIVE_LONG, 0, -4), "rows[0] is out of range"},
      {"time step", set_attribute("/", "time_step_s", H5T_IEEE_F64LE, 0.0), "@time_step_s is out of range"},
      {"time step nan", set_attribute("/", "time_step_s", H5T_IEEE_F64LE, nan), "@time_step_s is not a finite number"},
      {"provenance", drop("/provenance"), "/provenance is missing"},
      {"figures", drop("/figures"), "/figures is missing"},
  };
  check_all(folder / "good.h5", folder / "bad.h5", cases, [](const auto& path) {
    const io::Hdf5Source source(path);
    for (std::size_t i = 0; i < source.n_frames(); ++i) source.frame(i);
    source.results();
  });
}
