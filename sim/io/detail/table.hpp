#pragma once
#include "sim/core/vec2.hpp"
#include "sim/io/detail/h5.hpp"
#include "sim/scenario/site_geometry.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A vector of structs as one group with one dataset per field. The same `describe(archive, value)` writes and reads,
/// so what is written comes back. Geometry of varying length is a chain of offsets that ends in a list of points.
namespace throng::io::detail {

inline constexpr double big = 1e12;  ///< [m], [s], ...: no finite quantity of ours is larger
struct Bounds {
  double low = -big, high = big;
  bool allow_nan = false;
};

class TableWriter {
 public:
  static constexpr bool reading = false;
  TableWriter(const h5::Place& parent, const std::string& name);
  ~TableWriter();
  void real(const char* name, double& value, Bounds = {}) { reals_[name].push_back(value); }
  void real32(const char* name, float& value, Bounds = {}) { reals32_[name].push_back(value); }
  template <class T>
  void whole(const char* name, T& value, std::int64_t = 0, std::int64_t = 0) {
    wholes_[name].push_back(static_cast<std::int64_t>(value));
  }
  template <class T>
  void word(const char* name, T& value, std::int64_t) {
    words_[name].push_back(static_cast<std::uint8_t>(value));
  }
  void flag(const char* name, bool& value) { words_[name].push_back(value ? 1 : 0); }
  void text(const char* name, std::string& value) { texts_[name].push_back(value); }
  void point(const char* name, Vec2& value) { points_[name].push_back(value); }
  void line(const std::string& name, std::vector<Vec2>& value);
  void polygon(const std::string& name, Polygon& value);
  void polygons(const std::string& name, std::vector<Polygon>& value);
  void texts(const std::string& name, std::vector<std::string>& value);
  template <class T>
  void wholes(const std::string& name, std::vector<T>& value, std::int64_t = 0, std::int64_t = 0) {
    for (const T item : value) wholes_[name].push_back(static_cast<std::int64_t>(item));
    offsets(name).push_back(static_cast<std::int64_t>(wholes_[name].size()));
  }
  void end_row() { ++rows_; }
  void finish();

 private:
  std::vector<std::int64_t>& offsets(const std::string& name);
  h5::Handle group_;
  h5::Place place_;
  std::uint64_t rows_ = 0;
  std::map<std::string, std::vector<double>> reals_;
  std::map<std::string, std::vector<float>> reals32_;
  std::map<std::string, std::vector<std::int64_t>> wholes_;
  std::map<std::string, std::vector<std::uint8_t>> words_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::map<std::string, std::vector<Vec2>> points_;
};

class TableReader {
 public:
  static constexpr bool reading = true;
  TableReader(const h5::Place& parent, const std::string& name);
  std::size_t rows() const { return rows_; }
  void real(const char* name, double& value, Bounds bounds = {});
  void real32(const char* name, float& value, Bounds bounds = {});
  template <class T>
  void whole(const char* name, T& value, std::int64_t low, std::int64_t high) {
    value = static_cast<T>(checked(name, row_, column(wholes_, name)[row_], low, high));
  }
  template <class T>
  void word(const char* name, T& value, std::int64_t count) {
    value = static_cast<T>(checked(name, row_, column(words_, name)[row_], 0, count - 1));
  }
  void flag(const char* name, bool& value) { value = checked(name, row_, column(words_, name)[row_], 0, 1) != 0; }
  void text(const char* name, std::string& value);
  void point(const char* name, Vec2& value);
  void line(const std::string& name, std::vector<Vec2>& value);
  void polygon(const std::string& name, Polygon& value);
  void polygons(const std::string& name, std::vector<Polygon>& value);
  void texts(const std::string& name, std::vector<std::string>& value);
  template <class T>
  void wholes(const std::string& name, std::vector<T>& value, std::int64_t low, std::int64_t high) {
    if (!wholes_.contains(name)) wholes_[name] = h5::read<std::int64_t>(place_, name);
    const std::vector<std::int64_t>& all = wholes_[name];
    const auto [begin, end] = span(name, rows_, all.size(), row_);
    for (std::size_t i = begin; i < end; ++i) value.push_back(static_cast<T>(checked(name, i, all[i], low, high)));
  }
  void end_row() { ++row_; }
  [[noreturn]] void fail(const std::string& name, std::size_t row, const std::string& what,
                         const std::string& value = {}, const std::string& allowed = {}) const;

 private:
  std::int64_t checked(const std::string& name, std::size_t row, std::int64_t value, std::int64_t low,
                       std::int64_t high) const;
  /// Column of one value per row.
  template <class T>
  const std::vector<T>& column(std::map<std::string, std::vector<T>>& columns, const std::string& name) {
    const auto [found, is_new] = columns.try_emplace(name);
    if (is_new) found->second = load<T>(name);
    return found->second;
  }
  template <class T>
  std::vector<T> load(const std::string& name) {
    std::vector<T> out;
    if constexpr (std::is_same_v<T, std::string>)
      out = h5::read_texts(place_, name);
    else
      out = h5::read<T>(place_, name);
    check_rows(name, out.size(), rows_);
    return out;
  }
  void check_rows(const std::string& name, std::size_t found, std::size_t expected) const;
  const std::vector<Vec2>& points(const std::string& name);
  /// Children of parent `i` in an offset column of `n_parents` + 1 values that ends at `n_children`.
  std::pair<std::size_t, std::size_t> span(const std::string& name, std::size_t n_parents, std::size_t n_children,
                                           std::size_t i);
  void read_polygon(const std::string& name, std::size_t ring_begin, std::size_t ring_end, Polygon& out);

  h5::Handle group_;
  h5::Place place_;
  std::size_t rows_ = 0, row_ = 0;
  std::map<std::string, std::vector<double>> reals_;
  std::map<std::string, std::vector<float>> reals32_;
  std::map<std::string, std::vector<std::int64_t>> wholes_, offsets_;
  std::map<std::string, std::size_t> counts_;  ///< children that an offset column describes
  std::map<std::string, std::vector<std::uint8_t>> words_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::map<std::string, std::vector<Vec2>> points_;
};

template <class T>
void write_table(const h5::Place& parent, const std::string& name, const std::vector<T>& rows) {
  TableWriter writer(parent, name);
  for (const T& row : rows) {
    T sample = row;  // a description takes what it may also fill
    describe(writer, sample);
    writer.end_row();
  }
  writer.finish();
}

template <class T>
std::vector<T> read_table_rows(const h5::Place& parent, const std::string& name) {
  TableReader reader(parent, name);
  std::vector<T> out(reader.rows());
  for (T& row : out) {
    describe(reader, row);
    reader.end_row();
  }
  return out;
}

}  // namespace throng::io::detail
