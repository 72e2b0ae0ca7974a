#include "sim/core/error.hpp"
#include "sim/io/detail/child.hpp"
#include "sim/io/detail/files.hpp"
#include "sim/io/detail/h5.hpp"
#include "sim/io/io.hpp"

#include <cmath>
#include <cstring>

#include <fcntl.h>

namespace throng::io {
namespace {

struct Row {
  std::int64_t id, frame;
  double x, y, z;
};
static_assert(sizeof(Row) == 40 && std::is_trivially_copyable_v<Row>);
constexpr std::size_t max_rows = 200'000'000;

std::vector<h5::Field> fields(bool with_z) {
  std::vector<h5::Field> out{{"id", offsetof(Row, id), h5::Type::i64},
                             {"frame", offsetof(Row, frame), h5::Type::i64},
                             {"x", offsetof(Row, x), h5::Type::f64},
                             {"y", offsetof(Row, y), h5::Type::f64}};
  if (with_z) out.push_back({"z", offsetof(Row, z), h5::Type::f64});
  return out;
}

bool has_column(const h5::Place& root, const char* name) {
  const h5::Handle dataset(H5Dopen2(root.id, "trajectory", H5P_DEFAULT), H5Dclose);
  const h5::Handle type(dataset ? H5Dget_type(dataset.get()) : -1, H5Tclose);
  return type && H5Tget_class(type.get()) == H5T_COMPOUND && H5Tget_member_index(type.get(), name) >= 0;
}

/// Attribute fps of the dataset, whole or real.
double frame_rate(const h5::Place& root) {
  const h5::Handle dataset(H5Dopen2(root.id, "trajectory", H5P_DEFAULT), H5Dclose);
  const h5::Handle attribute(H5Aexists(dataset.get(), "fps") > 0 ? H5Aopen(dataset.get(), "fps", H5P_DEFAULT) : -1,
                             H5Aclose);
  if (!attribute)
    h5::fail_read(root, "trajectory@fps", "is missing", {}, "frames per second, an attribute of the dataset");
  const h5::Handle space(H5Aget_space(attribute.get()), H5Sclose);
  double fps = 0.0;
  if (H5Sget_simple_extent_npoints(space.get()) != 1 || H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &fps) < 0 ||
      !(fps > 0.0 && fps < 1e6))
    h5::fail_read(root, "trajectory@fps", "is not a frame rate", std::to_string(fps), "above 0");
  return fps;
}

/// Walkable area as text, of fixed or variable length; empty when there is none.
std::string walkable_area(const h5::Place& root) {
  if (H5Aexists(root.id, "wkt_geometry") <= 0) return {};
  const h5::Handle attribute(H5Aopen(root.id, "wkt_geometry", H5P_DEFAULT), H5Aclose);
  const h5::Handle type(H5Aget_type(attribute.get()), H5Tclose), space(H5Aget_space(attribute.get()), H5Sclose);
  if (H5Tget_class(type.get()) != H5T_STRING || H5Sget_simple_extent_npoints(space.get()) != 1) return {};
  if (H5Tis_variable_str(type.get()) > 0) return h5::get_text(root, "wkt_geometry");
  std::string out(H5Tget_size(type.get()), '\0');
  if (H5Aread(attribute.get(), type.get(), out.data()) < 0) return {};
  return out.substr(0, out.find('\0'));
}

template <class T>
void put(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
T get(const std::string& from, std::size_t& at) {
  T value{};
  std::memcpy(&value, from.data() + at, sizeof value);
  at += sizeof value;
  return value;
}

/// In the child: fps, length and text of the area, number of rows, rows.
std::string read_rows(const std::filesystem::path& path) {
  const h5::Lock lock;
  const h5::Handle file = h5::open_file(path, H5F_ACC_RDONLY);
  const h5::Place root{file.get(), path.string(), ""};
  if (H5Aexists(root.id, "format") > 0) check_seal(path);  // a file of ours is whole or not read at all
  if (!h5::has(root, "trajectory"))
    h5::fail_read(root, "trajectory", "is missing", {}, "a table with columns id, frame, x, y");
  const auto columns = fields(has_column(root, "z"));
  const std::size_t n = h5::rows_of(root, "trajectory", columns);
  if (n > max_rows) h5::fail_read(root, "trajectory", "has too many rows", std::to_string(n), "at most 200 million");
  const std::string wkt = walkable_area(root);
  std::string out;
  put(out, frame_rate(root));
  put(out, static_cast<std::uint64_t>(wkt.size()));
  out += wkt;
  put(out, static_cast<std::uint64_t>(n));
  const std::size_t head = out.size();
  out.resize(head + n * sizeof(Row));
  std::vector<Row> block;
  for (std::size_t first = 0; first < n; first += block.size()) {
    block.assign(std::min<std::size_t>(n - first, 65536), Row{});
    h5::read_rows(root, "trajectory", columns, sizeof(Row), first, block.size(), block.data());
    for (std::size_t i = 0; i < block.size(); ++i)
      if (!(std::fabs(block[i].x) <= 1e9 && std::fabs(block[i].y) <= 1e9 && std::fabs(block[i].z) <= 1e9))
        h5::fail_read(root, "trajectory[" + std::to_string(first + i) + "]", "has a position that is not finite");
    std::memcpy(out.data() + head + first * sizeof(Row), block.data(), block.size() * sizeof(Row));
  }
  return out;
}

}  // namespace

ForeignTrajectory read_foreign_trajectory(const std::filesystem::path& path, double time_limit_s) {
  const detail::File probe(path, O_RDONLY);
  if (!probe.is_regular()) throw InputError(Fault{path.string(), "is not a regular file", {}, "an HDF5 file", 0, 0});
  const std::string bytes = detail::run_in_child(path, time_limit_s, [&] { return read_rows(path); });
  std::size_t at = 0;
  ForeignTrajectory out;
  out.fps = get<double>(bytes, at);
  const auto wkt_size = get<std::uint64_t>(bytes, at);
  out.wkt = bytes.substr(at, wkt_size);
  at += wkt_size;
  const auto n = static_cast<std::size_t>(get<std::uint64_t>(bytes, at));
  for (auto* column : {&out.id, &out.frame}) column->reserve(n);
  for (auto* column : {&out.x, &out.y, &out.z}) column->reserve(n);
  for (std::size_t i = 0; i < n; ++i) {
    const Row row = get<Row>(bytes, at);
    out.id.push_back(row.id);
    out.frame.push_back(row.frame);
    out.x.push_back(row.x);
    out.y.push_back(row.y);
    out.z.push_back(row.z);
  }
  return out;
}

}  // namespace throng::io
