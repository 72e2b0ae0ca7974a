#include "gis/detail/layers.hpp"

#include "sim/core/hash.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

namespace throng::gis::detail {
namespace {

/// Apply f to every coordinate of the layers.
template <class LayersType, class F>
void for_each_point(LayersType& layers, F&& f) {
  const auto line = [&](auto& points) {
    for (auto& p : points) f(p);
  };
  const auto polygon = [&](auto& shape) {
    line(shape.outer);
    for (auto& hole : shape.holes) line(hole);
  };
  for (auto& g : layers.ground) polygon(g.shape);
  for (auto& l : layers.lines) line(l.line);
  for (auto& d : layers.decks) {
    for (auto& g : d.pieces) polygon(g.shape);
    for (auto& e : d.ends) f(e.at);
  }
  for (auto& o : layers.obstacles) polygon(o.shape);
  for (auto& b : layers.barriers) line(b.line);
  for (auto& g : layers.gaps) f(g.at);
  for (auto& p : layers.posts) f(p.position);
  for (auto& s : layers.streets) line(s.line);
  for (auto& p : layers.portals) {
    f(p.a);
    f(p.b);
  }
}

bool less_ring(const std::vector<Vec2>& a, const std::vector<Vec2>& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](Vec2 p, Vec2 q) { return std::tie(p.x, p.y) < std::tie(q.x, q.y); });
}

double now() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Box bounds_of(const Layers& layers) {
  Box box;
  for_each_point(layers, [&](const Vec2& p) {
    if (is_finite(p)) box.add(p);
  });
  return box;
}

void append(Layers& layers, Layers&& more) {
  const auto move = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  move(layers.ground, more.ground);
  move(layers.lines, more.lines);
  move(layers.decks, more.decks);
  move(layers.obstacles, more.obstacles);
  move(layers.barriers, more.barriers);
  move(layers.gaps, more.gaps);
  move(layers.posts, more.posts);
  move(layers.portals, more.portals);
  move(layers.coastlines, more.coastlines);
  move(layers.streets, more.streets);
  move(layers.sources, more.sources);
  if (more.extent.empty()) return;
  layers.extent.add(more.extent.min);
  layers.extent.add(more.extent.max);
}

bool nested_too_deeply(const std::string& json) {
  constexpr int most = 64;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{') && ++depth > most)
      return true;
    else if (!quoted && (c == ']' || c == '}'))
      --depth;
  }
  return false;
}

void shift(Layers& layers, Vec2 origin) {
  for_each_point(layers, [&](Vec2& p) { p = p - origin; });
  for (auto& c : layers.coastlines)
    for (Vec2& p : c) p = p - origin;
  if (!layers.extent.empty()) layers.extent = {layers.extent.min - origin, layers.extent.max - origin};
}

void sort_canonically(Layers& layers) {
  const auto by = [](auto& rows, auto key) {
    std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
      if (a.source_id != b.source_id) return a.source_id < b.source_id;
      return less_ring(key(a), key(b));
    });
  };
  const auto outer = [](const auto& row) -> const std::vector<Vec2>& { return row.shape.outer; };
  const auto line = [](const auto& row) -> const std::vector<Vec2>& { return row.line; };
  by(layers.ground, outer);
  by(layers.lines, line);
  by(layers.obstacles, outer);
  by(layers.barriers, line);
  by(layers.streets, line);
  by(layers.gaps, [](const BarrierGap& g) { return std::vector<Vec2>{g.at}; });
  by(layers.posts, [](const Post& p) { return std::vector<Vec2>{p.position}; });
  by(layers.portals, [](const Portal& p) { return std::vector<Vec2>{p.a, p.b}; });
  std::sort(layers.coastlines.begin(), layers.coastlines.end(), less_ring);
  for (Deck& d : layers.decks) {
    by(d.pieces, outer);
    by(d.ends, [](const DeckEnd& e) { return std::vector<Vec2>{e.at}; });
  }
  std::stable_sort(layers.decks.begin(), layers.decks.end(), [](const Deck& a, const Deck& b) {
    const std::string ia = a.pieces.empty() ? "" : a.pieces[0].source_id;
    const std::string ib = b.pieces.empty() ? "" : b.pieces[0].source_id;
    return std::tie(a.level, ia) < std::tie(b.level, ib);
  });
}

int rank_of(Surface surface) {
  // pedestrian footway steps road cycleway parking square grass paved bridge platform temporary private undefined
  constexpr std::array<int, static_cast<std::size_t>(Surface::count_)> rank{75, 65, 90, 30, 40, 45, 70,
                                                                            10, 20, 15, 80, 95, 5,  0};
  return rank[static_cast<std::size_t>(surface)];
}

void Progress::phase(const char* name, double fraction) {
  close();
  name_ = name;
  started_ = now();
  if (request_.progress) request_.progress(name, fraction);
}

void Progress::close() {
  if (name_ == nullptr) return;
  if (std::string(name_) == "done") return;
  report_.figures.emplace_back(fmt::format("seconds_{}", name_), now() - started_);
  name_ = nullptr;
}

Progress::~Progress() { close(); }

void Faults::add(std::string where, std::string what, std::string value, std::string allowed) {
  faults_.push_back(
      {file_ + (where.empty() ? "" : ": " + where), std::move(what), std::move(value), std::move(allowed)});
}

std::string read_bytes(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw InputError(Fault{path.string(), "no such file", {}, "an existing file"});
  if (!std::filesystem::is_regular_file(path, error))
    throw InputError(Fault{path.string(), "is not a regular file", {}, "a file"});
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.good() && !stream.eof()) throw InputError(Fault{path.string(), "cannot be read", {}, "a readable file"});
  if (bytes.empty()) throw InputError(Fault{path.string(), "the file is empty", {}, {}});
  return bytes;
}

DataSource describe(const std::filesystem::path& path, const std::string& bytes, std::string kind,
                    std::string licence) {
  return {path.filename().string(), std::move(kind), std::move(licence), "",
          to_hex(hash_bytes(bytes.data(), bytes.size()))};
}

std::string at_text(Vec2 p) { return fmt::format("({:.2f}, {:.2f})", p.x, p.y); }

}  // namespace throng::gis::detail
