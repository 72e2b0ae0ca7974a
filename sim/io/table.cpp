#include "sim/io/detail/table.hpp"

namespace throng::io::detail {

// ---- writer
// ----------------------------------------------------------------------------------------------------------

TableWriter::TableWriter(const h5::Place& parent, const std::string& name) {
  auto [group, place] = h5::create_group(parent, name);
  group_ = std::move(group);
  place_ = std::move(place);
}
TableWriter::~TableWriter() {
  const h5::Lock lock;
  group_.reset();
}

std::vector<std::int64_t>& TableWriter::offsets(const std::string& name) {
  std::vector<std::int64_t>& out = wholes_[name + "_offset"];
  if (out.empty()) out.push_back(0);
  return out;
}

void TableWriter::line(const std::string& name, std::vector<Vec2>& value) {
  std::vector<Vec2>& points = points_[name];
  points.insert(points.end(), value.begin(), value.end());
  offsets(name).push_back(static_cast<std::int64_t>(points.size()));
}

void TableWriter::polygon(const std::string& name, Polygon& value) {
  const std::string rings = name + "_ring";
  if (!value.outer.empty()) line(rings, value.outer);
  for (Ring& hole : value.holes) line(rings, hole);
  offsets(name).push_back(static_cast<std::int64_t>(offsets(rings).size()) - 1);
  points_[rings];
}

void TableWriter::polygons(const std::string& name, std::vector<Polygon>& value) {
  const std::string parts = name + "_part";
  for (Polygon& part : value) polygon(parts, part);
  offsets(name).push_back(static_cast<std::int64_t>(offsets(parts).size()) - 1);
  offsets(parts + "_ring");
  points_[parts + "_ring"];
}

void TableWriter::texts(const std::string& name, std::vector<std::string>& value) {
  std::vector<std::string>& all = texts_[name];
  all.insert(all.end(), value.begin(), value.end());
  offsets(name).push_back(static_cast<std::int64_t>(all.size()));
}

void TableWriter::finish() {
  const h5::Lock lock;
  h5::set(place_, "rows", rows_);
  for (const auto& [name, values] : reals_) h5::write(place_, name, values);
  for (const auto& [name, values] : reals32_) h5::write(place_, name, values);
  for (const auto& [name, values] : wholes_) h5::write(place_, name, values);
  for (const auto& [name, values] : words_) h5::write(place_, name, values);
  for (const auto& [name, values] : texts_) h5::write_texts(place_, name, values);
  for (const auto& [name, values] : points_)
    h5::write(place_, name, h5::Type::f64, h5::Shape{{values.size(), 2}}, values.data());
}

// ---- reader
// ----------------------------------------------------------------------------------------------------------

TableReader::TableReader(const h5::Place& parent, const std::string& name) {
  auto [group, place] = h5::open_group(parent, name);
  group_ = std::move(group);
  place_ = std::move(place);
  const std::uint64_t rows = h5::get_whole(place_, "rows");
  if (rows > h5::plausible_bytes(place_))
    h5::fail_read(place_, "@rows", "is more than the file can hold", std::to_string(rows));
  rows_ = static_cast<std::size_t>(rows);
}

void TableReader::fail(const std::string& name, std::size_t row, const std::string& what, const std::string& value,
                       const std::string& allowed) const {
  h5::fail_read(place_, name + "[" + std::to_string(row) + "]", what, value, allowed);
}

std::int64_t TableReader::checked(const std::string& name, std::size_t row, std::int64_t value, std::int64_t low,
                                  std::int64_t high) const {
  if (value < low || value > high)
    fail(name, row, "is out of range", std::to_string(value), std::to_string(low) + " to " + std::to_string(high));
  return value;
}

void TableReader::check_rows(const std::string& name, std::size_t found, std::size_t expected) const {
  if (found != expected)
    h5::fail_read(place_, name, "has the wrong number of rows", std::to_string(found), std::to_string(expected));
}

void TableReader::real(const char* name, double& value, Bounds bounds) {
  const double found = column(reals_, name)[row_];
  const bool right = std::isnan(found) ? bounds.allow_nan : found >= bounds.low && found <= bounds.high;
  if (!right) fail(name, row_, "is out of range", std::to_string(found));
  value = found;
}

void TableReader::real32(const char* name, float& value, Bounds bounds) {
  const float found = column(reals32_, name)[row_];
  const bool right = std::isnan(found) ? bounds.allow_nan : found >= bounds.low && found <= bounds.high;
  if (!right) fail(name, row_, "is out of range", std::to_string(found));
  value = found;
}

void TableReader::text(const char* name, std::string& value) { value = column(texts_, name)[row_]; }

const std::vector<Vec2>& TableReader::points(const std::string& name) {
  const auto [found, is_new] = points_.try_emplace(name);
  if (!is_new) return found->second;
  const h5::Shape shape = h5::shape_of(place_, name, h5::Type::f64, 2);
  if (shape.size[1] != 2)
    h5::fail_read(place_, name, "has the wrong shape", std::to_string(shape.size[1]) + " columns", "x, y");
  found->second.resize(static_cast<std::size_t>(shape.size[0]));
  static_assert(sizeof(Vec2) == 2 * sizeof(double));
  if (!found->second.empty()) h5::read(place_, name, h5::Type::f64, found->second.data());
  for (std::size_t i = 0; i < found->second.size(); ++i)
    if (!(std::fabs(found->second[i].x) <= big && std::fabs(found->second[i].y) <= big))
      fail(name, i, "is not a finite point");
  return found->second;
}

void TableReader::point(const char* name, Vec2& value) {
  const std::vector<Vec2>& all = points(name);
  check_rows(name, all.size(), rows_);
  value = all[row_];
}

std::pair<std::size_t, std::size_t> TableReader::span(const std::string& name, std::size_t n_parents,
                                                      std::size_t n_children, std::size_t i) {
  const std::string column_name = name + "_offset";
  const auto [found, is_new] = offsets_.try_emplace(column_name);
  std::vector<std::int64_t>& offset = found->second;
  if (is_new) {
    offset = h5::read<std::int64_t>(place_, column_name);
    check_rows(column_name, offset.size(), n_parents + 1);
    for (std::size_t k = 0; k < offset.size(); ++k) {
      const std::int64_t low = k == 0 ? 0 : offset[k - 1];
      const std::int64_t high = k == 0 ? 0 : static_cast<std::int64_t>(n_children);
      checked(column_name, k, offset[k], k + 1 == offset.size() ? high : low, high);
    }
  }
  return {static_cast<std::size_t>(offset[i]), static_cast<std::size_t>(offset[i + 1])};
}

void TableReader::line(const std::string& name, std::vector<Vec2>& value) {
  const std::vector<Vec2>& all = points(name);
  const auto [begin, end] = span(name, rows_, all.size(), row_);
  value.assign(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end));
}

void TableReader::read_polygon(const std::string& name, std::size_t ring_begin, std::size_t ring_end, Polygon& out) {
  const std::string rings = name + "_ring";
  const std::vector<Vec2>& all = points(rings);
  const std::size_t n_rings = static_cast<std::size_t>(offsets_[name + "_offset"].back());
  out = {};
  for (std::size_t r = ring_begin; r < ring_end; ++r) {
    const auto [begin, end] = span(rings, n_rings, all.size(), r);
    Ring ring(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end));
    if (r == ring_begin)
      out.outer = std::move(ring);
    else
      out.holes.push_back(std::move(ring));
  }
}

namespace {
/// Rows of an offset dataset less one: how many children it describes.
std::size_t described(const h5::Place& place, const std::string& name) {
  const std::size_t n = h5::shape_of(place, name + "_offset", h5::Type::i64, 1).count();
  return n == 0 ? 0 : n - 1;
}
}  // namespace

void TableReader::polygon(const std::string& name, Polygon& value) {
  if (!counts_.contains(name)) counts_[name] = described(place_, name + "_ring");
  const auto [begin, end] = span(name, rows_, counts_[name], row_);
  read_polygon(name, begin, end, value);
}

void TableReader::polygons(const std::string& name, std::vector<Polygon>& value) {
  const std::string parts = name + "_part";
  if (!counts_.contains(name)) {
    counts_[name] = described(place_, parts);
    counts_[parts] = described(place_, parts + "_ring");
  }
  const auto [begin, end] = span(name, rows_, counts_[name], row_);
  value.resize(end - begin);
  for (std::size_t p = begin; p < end; ++p) {
    const auto [ring_begin, ring_end] = span(parts, counts_[name], counts_[parts], p);
    read_polygon(parts, ring_begin, ring_end, value[p - begin]);
  }
}

void TableReader::texts(const std::string& name, std::vector<std::string>& value) {
  if (!texts_.contains(name)) texts_[name] = h5::read_texts(place_, name);
  const std::vector<std::string>& all = texts_[name];
  const auto [begin, end] = span(name, rows_, all.size(), row_);
  value.assign(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end));
}

}  // namespace throng::io::detail
