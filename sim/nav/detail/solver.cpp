#include "sim/nav/detail/solver.hpp"

#include "sim/core/error.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace throng::detail {
namespace {

constexpr int bucket_bits = 11;          // width of a bucket: below the least K, 4096 / 1.2 / sqrt 2
constexpr std::uint32_t n_buckets = 64;  // > greatest step, 15 * 4096 * sqrt 2, in buckets
constexpr std::uint32_t cost_limit = no_cost - (1U << 18);
static_assert(max_cost_factor * 4096 * 1.4143 < (n_buckets - 2) * (1 << bucket_bits));

/// S / sqrt 2, rounded down.
inline std::uint32_t half_diagonal(std::uint32_t s) { return (s * 46340U) >> 16; }
inline std::uint32_t diagonal(std::uint32_t s) { return (s * 92681U) >> 16; }

/// floor(sqrt(s^2 - d^2)); exact, as the argument is a whole number below 2^34.
inline std::uint32_t leg(std::uint32_t s, std::uint32_t d) {
  const std::int64_t rest = static_cast<std::int64_t>(s) * s - static_cast<std::int64_t>(d) * d;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(std::sqrt(static_cast<double>(rest))));
}

/// Nodes by cost, in a ring of buckets of fixed width.
class Ring {
 public:
  struct Bucket {
    std::vector<std::int32_t> nodes;
    std::size_t size = 0;
    void reserve(std::size_t more) {
      if (size + more > nodes.size()) nodes.resize(std::max<std::size_t>(1024, 2 * nodes.size()));
    }
  };
  Bucket& bucket(std::uint32_t number) { return buckets_[number % n_buckets]; }
  void push(std::uint32_t cost, std::int32_t node) {
    Bucket& to = bucket(cost >> bucket_bits);
    to.reserve(1);
    to.nodes[to.size++] = node;
  }

 private:
  std::array<Bucket, n_buckets> buckets_;
};

class March {
 public:
  March(const Graph& graph, const std::vector<std::uint16_t>& crossing, const PricedGround::Walker& walker,
        std::vector<std::uint32_t>& cost, Ring& ring)
      : graph_(graph),
        crossing_(crossing.data()),
        passage_(walker.passage),
        masks_(walker.masks),
        cost_(cost),
        ring_(ring) {
    cost_.assign(static_cast<std::size_t>(graph.n_nodes), no_cost);
  }

  void run(const std::vector<Seed>& seeds) {
    std::uint32_t first = no_cost;
    for (const Seed& seed : seeds) first = std::min(first, seed.cost);
    std::vector<Seed> later;
    for (const Seed& seed : seeds) {
      if (seed.cost < first + (1U << 16))
        lower(seed.node, seed.cost);
      else
        later.push_back(seed);
    }
    THRONG_CHECK(later.empty(), "goal nodes lie too far apart in cost");
    if (first == no_cost) return;
    for (std::uint32_t empty = 0, number = first >> bucket_bits; empty < n_buckets; ++number) {
      current_ = number;
      Ring::Bucket& bucket = ring_.bucket(number);
      empty = bucket.size == 0 ? empty + 1 : 0;
      for (std::size_t i = 0; i < bucket.size; ++i) handle(bucket, i);
      bucket.size = 0;
    }
  }

 private:
  void handle(Ring::Bucket& bucket, std::size_t i) {
    constexpr std::size_t ahead = 16;
    if (i + ahead < bucket.size) {
      const auto* next = cost_.data() + bucket.nodes[i + ahead];
      __builtin_prefetch(next);
      __builtin_prefetch(next + row_);
      __builtin_prefetch(next - row_);
      __builtin_prefetch(crossing_ + bucket.nodes[i + ahead]);
      __builtin_prefetch(graph_.kind.data() + bucket.nodes[i + ahead]);
    }
    const std::int32_t node = bucket.nodes[i];
    const std::uint32_t u = at(node);
    if (u >> bucket_bits != current_ || u >= cost_limit) return;  // lowered since: handled in its bucket
    if (graph_.kind[static_cast<std::size_t>(node)] == NodeKind::irregular)
      pass_irregular(node, u);
    else
      pass_open(node, u, row_length(node));
  }

  std::uint32_t at(std::int32_t node) const { return cost_[static_cast<std::size_t>(node)]; }

  void lower(std::int32_t node, std::uint32_t cost) {
    std::uint32_t& have = cost_[static_cast<std::size_t>(node)];
    if (cost >= have) return;
    const bool moved = (cost >> bucket_bits) != (have >> bucket_bits);
    have = cost;
    if (moved) ring_.push(cost, node);
  }

  std::int32_t row_length(std::int32_t node) {
    if (node < row_begin_ || node >= row_end_) {
      const int g = graph_.lattice.grid_of_cell(node);
      const LevelGrid& grid = graph_.lattice.levels[static_cast<std::size_t>(g)];
      row_begin_ = grid.base;
      row_end_ = grid.base + grid.nx * grid.ny;
      row_ = grid.nx;
    }
    return row_;
  }

  /// Both sides across `b`: from between the node and the lower of two opposite neighbours.
  static std::uint32_t passed_on(std::uint32_t u, std::uint32_t b, std::uint32_t s) {
    const std::uint32_t d = b < u ? std::min(u - b, half_diagonal(s)) : 0;
    const std::uint32_t from = b < u ? b : u;
    return from + d + leg(s, d);
  }

  void pass_open(std::int32_t node, std::uint32_t u, std::int32_t row) {
    const std::uint32_t s = crossing_[node];
    const std::uint32_t e = at(node + 1), w = at(node - 1), n = at(node + row), o = at(node - row);
    const std::uint32_t along_x = passed_on(u, std::min(n, o), s), along_y = passed_on(u, std::min(e, w), s);
    lower_both(node + 1, e, node - 1, w, along_x);
    lower_both(node + row, n, node - row, o, along_y);
  }

  /// lower() for two nodes of known cost, without branches: which of them the front reaches is hard to predict.
  void lower_both(std::int32_t a, std::uint32_t have_a, std::int32_t b, std::uint32_t have_b, std::uint32_t cost) {
    const std::uint32_t number = cost >> bucket_bits;
    Ring::Bucket& to = ring_.bucket(number);
    to.reserve(2);
    std::int32_t* list = to.nodes.data();
    std::size_t n = to.size;
    list[n] = a;
    n += static_cast<std::size_t>((cost < have_a) & (have_a >> bucket_bits != number));
    list[n] = b;
    n += static_cast<std::size_t>((cost < have_b) & (have_b >> bucket_bits != number));
    to.size = n;
    cost_[static_cast<std::size_t>(a)] = std::min(have_a, cost);
    cost_[static_cast<std::size_t>(b)] = std::min(have_b, cost);
  }

  void pass_irregular(std::int32_t node, std::uint32_t u) {
    const NodeRecord& record = graph_.records[graph_.irregular.position(node)];
    const std::uint32_t s = crossing_[node];
    std::uint32_t links = record.links, triangles = record.triangles;
    if (record.door >= 0) {
      links = masks_.links[static_cast<std::size_t>(record.door)];
      triangles = masks_.triangles[static_cast<std::size_t>(record.door)];
    }
    for (std::size_t d = 0; d < 8; ++d) {
      if (((links >> d) & 1U) == 0) continue;
      if (d % 2 == 1) {
        lower(record.neighbour[d], u + diagonal(s));
        continue;
      }
      std::uint32_t b = u;
      if (((triangles >> d) & 1U) != 0) b = std::min(b, at(record.neighbour[(d + 2) % 8]));
      if (((triangles >> (d + 1)) & 1U) != 0) b = std::min(b, at(record.neighbour[(d + 6) % 8]));
      lower(record.neighbour[d], passed_on(u, b, s));
    }
    for (int k = 0; k < record.n_extra; ++k) {
      const ExtraLink& link = graph_.extras[static_cast<std::size_t>(record.extra_begin + k)];
      if (!passage_.allows(link.condition)) continue;
      switch (link.length) {
        case ExtraLink::Length::none:
          lower_twin(link.from, u + 1);
          break;
        case ExtraLink::Length::side:
          lower(link.from, u + s);
          break;
        case ExtraLink::Length::diagonal:
          lower(link.from, u + diagonal(s));
          break;
      }
    }
  }

  /// The other part of a cell gets its cost within the current bucket, perhaps after nodes beside it were handled:
  /// those pass on what they have once more, now with the twin as their lower neighbour.
  void lower_twin(std::int32_t node, std::uint32_t cost) {
    if (cost >= at(node)) return;
    lower(node, cost);
    if (cost >> bucket_bits != current_) return;
    const NodeRecord* record = graph_.record(node);
    if (record == nullptr) return;
    for (std::size_t d = 0; d < 8; d += 2) {
      const std::int32_t side = record->neighbour[d];
      if (side >= 0 && at(side) > cost && at(side) >> bucket_bits == current_) ring_.push(at(side), side);
    }
    ring_.push(cost, node);
  }

  const Graph& graph_;
  const std::uint16_t* crossing_;
  const Passage& passage_;
  const DoorMasks& masks_;
  std::vector<std::uint32_t>& cost_;
  Ring& ring_;
  std::uint32_t current_ = 0;
  std::int32_t row_begin_ = 0, row_end_ = 0, row_ = 1;
};

}  // namespace

struct Marcher::Scratch {
  std::vector<std::uint32_t> cost;  ///< (nodes)
  Ring ring;                        ///< empty between uses
};

Marcher::Marcher() = default;
Marcher::~Marcher() = default;

std::vector<std::uint32_t> Marcher::march(const Graph& graph, const PricedGround& ground, Mobility mobility,
                                          const std::vector<Seed>& seeds) {
  std::unique_ptr<Scratch> scratch;
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      scratch = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (!scratch) scratch = std::make_unique<Scratch>();
  March(graph, ground.crossing, ground.of(mobility), scratch->cost, scratch->ring).run(seeds);
  std::vector<std::uint32_t> out(graph.ground_node.size());
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = scratch->cost[static_cast<std::size_t>(graph.ground_node[k])];
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(scratch));
  return out;
}

Passage::Passage(std::span<const DoorState> doors, bool steps) : steps_(steps) {
  open_.assign(2 * doors.size() + 1, 1);
  for (std::size_t i = 0; i < doors.size(); ++i) {
    const DoorState state = doors[i];
    open_[2 * i + 1] = state == DoorState::open || state == DoorState::forward_only ? 1 : 0;
    open_[2 * i + 2] = state == DoorState::open || state == DoorState::backward_only ? 1 : 0;
  }
}

DoorMasks door_masks(const Graph& graph, const Passage& passage) {
  DoorMasks out;
  for (const DoorNode& door : graph.doors) {
    const NodeRecord& record = graph.records[graph.irregular.position(door.node)];
    unsigned links = 0, triangles = 0, exits = 0;
    bool all_open = true;
    for (std::size_t d = 0; d < 8; ++d) {
      const bool comes = passage.allows(door.link[d]), goes = passage.allows(reversed(door.link[d]));
      if (comes) links |= record.links & (1U << d);
      if (goes) exits |= record.links & (1U << d);
      all_open = all_open && comes && goes;  // who may only come from there must not look that way
    }
    for (std::size_t d = 0; d < 8; ++d) {
      const std::size_t side = d & ~std::size_t{1}, b = (side + (d % 2 == 0 ? 2 : 6)) % 8;
      if (passage.allows(door.triangle[d]) && ((links >> side) & 1U) != 0 && (((links | exits) >> b) & 1U) != 0)
        triangles |= record.triangles & (1U << d);
    }
    out.links.push_back(static_cast<std::uint8_t>(links));
    out.triangles.push_back(static_cast<std::uint8_t>(triangles));
    out.exits.push_back(static_cast<std::uint8_t>(exits));
    out.all_open.push_back(all_open ? 1 : 0);
  }
  return out;
}

PricedGround price(const Graph& graph, std::span<const DoorState> doors, std::span<const float> slowness) {
  const auto walker = [&](bool steps) {
    Passage passage(doors, steps);
    DoorMasks masks = door_masks(graph, passage);
    return PricedGround::Walker{std::move(passage), std::move(masks)};
  };
  PricedGround out{graph.cost, walker(true), walker(false)};
  if (slowness.empty()) return out;
  constexpr auto limit = static_cast<float>(max_cost_factor * cost_units_per_cell);
  for (std::size_t k = 0; k < graph.ground_node.size(); ++k) {
    const std::int32_t c = graph.ground_congestion[k];
    if (c < 0 || slowness[static_cast<std::size_t>(c)] <= 1.0F) continue;
    std::uint16_t& cost = out.crossing[static_cast<std::size_t>(graph.ground_node[k])];
    cost =
        static_cast<std::uint16_t>(std::min(static_cast<float>(cost) * slowness[static_cast<std::size_t>(c)], limit));
  }
  return out;
}

}  // namespace throng::detail
