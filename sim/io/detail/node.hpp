#pragma once
#include "sim/core/time.hpp"
#include "sim/scenario/scenario.hpp"

#include <string>
#include <utility>
#include <vector>

namespace throng::io::detail {

struct Member;

/// A value of a configuration text with its place, free of the parser's types. Depth is bounded by the parser.
struct Node {
  enum class Kind : std::uint8_t { none, boolean, integer, number, text, time, array, table } kind = Kind::none;
  bool flag = false;
  std::int64_t whole = 0;
  double real = 0.0;  ///< integer, number: value; time: seconds since midnight
  std::string text;
  std::vector<Node> items;
  std::vector<Member> members;  ///< in the order of the text
  TextPosition at;
  TextPosition key_at;  ///< of the key that names it; 0 for array items

  bool is_number() const { return kind == Kind::integer || kind == Kind::number; }
  const Node* find(const std::string& key) const;
};

/// One key of a table.
struct Member {
  std::string first;  ///< the key
  Node second;        ///< its value
};

/// "a table", "a number", ... for messages.
const char* kind_name(Node::Kind);
/// The value as a short text, cut at 60 characters.
std::string short_text(const Node&);

inline constexpr std::size_t max_text_bytes = 8u << 20;

/// TOML to nodes. Refuses empty, huge, non-UTF-8 and deeply nested text before the parser sees it.
/// @throws InputError with one fault: toml++ stops at the first syntax error.
Node parse_toml(const std::string& text, const std::string& file);

}  // namespace throng::io::detail
