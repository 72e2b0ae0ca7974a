#include "sim/core/error.hpp"
#include "sim/io/detail/node.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

// toml++ 3.3 asserts, and in release builds assumes, what a wrong file breaks: "[(a]" stops a debug build and is
// undefined behaviour where the compiler knows __builtin_assume. With neither the parser goes on and reports the syntax
// error.
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace throng::io::detail {
namespace {

constexpr int max_depth = 64;

TextPosition position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  // Columns count characters, as the parser does.
  const auto columns = std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line_begin), before.end(),
                                     [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; });
  return {static_cast<int>(lines) + 1, static_cast<int>(columns) + 1};
}

[[noreturn]] void refuse(const std::string& file, std::string_view text, std::size_t offset, std::string what,
                         std::string value = {}, std::string allowed = {}) {
  const TextPosition at = position_of(text, offset);
  throw InputError(Fault{file, std::move(what), std::move(value), std::move(allowed), at.line, at.column});
}

/// Offset of the first byte that is not UTF-8 (overlong forms and surrogates included), or npos.
std::size_t first_bad_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned c = byte(i);
    const std::size_t n = c < 0x80u                   ? 1
                          : (c >= 0xC2u && c < 0xE0u) ? 2
                          : (c & 0xF0u) == 0xE0u      ? 3
                          : (c >= 0xF0u && c < 0xF5u) ? 4
                                                      : 0;
    if (n == 0 || i + n > text.size()) return i;
    for (std::size_t k = 1; k < n; ++k)
      if ((byte(i + k) & 0xC0u) != 0x80u) return i;
    const unsigned second = byte(i + 1);
    if ((c == 0xE0u && second < 0xA0u) || (c == 0xEDu && second > 0x9Fu) || (c == 0xF0u && second < 0x90u) ||
        (c == 0xF4u && second > 0x8Fu))
      return i;
    i += n;
  }
  return std::string_view::npos;
}

/// Where a string that begins at `i` ends (offset after it). Unclosed strings end with the line or the text.
std::size_t skip_string(std::string_view text, std::size_t i) {
  const char quote = text[i];
  const std::string_view triple = quote == '"' ? "\"\"\"" : "'''";
  const bool many_lines = text.substr(i, 3) == triple;
  std::size_t k = i + (many_lines ? 3 : 1);
  for (; k < text.size(); ++k) {
    if (quote == '"' && text[k] == '\\')
      ++k;
    else if (many_lines ? text.substr(k, 3) == triple : text[k] == quote)
      return k + (many_lines ? 3 : 1);
    else if (!many_lines && text[k] == '\n')
      return k;
  }
  return text.size();
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == ' ' || c == '\t';
}

/// Brackets and dotted keys make nested nodes; the parser and the destructors recurse over them.
void check_depth(std::string_view text, const std::string& file) {
  int brackets = 0;
  int dots = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = skip_string(text, i) - 1;
    } else if (c == '#') {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (c == '.') {
      if (++dots > max_depth) refuse(file, text, i, "nested too deeply", {}, "at most 64 levels");
    } else if (!is_key_character(c)) {
      dots = 0;
      if (c == '[' || c == '{') {
        if (++brackets > max_depth) refuse(file, text, i, "nested too deeply", {}, "at most 64 levels");
      } else if (c == ']' || c == '}') {
        brackets = std::max(0, brackets - 1);
      }
    }
  }
}

TextPosition place(const toml::source_region& source) {
  return {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
}

Node convert(const toml::node& from) {
  Node out;
  out.at = place(from.source());
  if (const auto* flag = from.as_boolean()) {
    out.kind = Node::Kind::boolean;
    out.flag = flag->get();
  } else if (const auto* whole = from.as_integer()) {
    out.kind = Node::Kind::integer;
    out.whole = whole->get();
    out.real = static_cast<double>(out.whole);
  } else if (const auto* real = from.as_floating_point()) {
    out.kind = Node::Kind::number;
    out.real = real->get();
  } else if (const auto* text = from.as_string()) {
    out.kind = Node::Kind::text;
    out.text = text->get();
  } else if (const auto* time = from.as_time()) {
    const toml::time t = time->get();
    out.kind = Node::Kind::time;
    out.real = t.hour * 3600.0 + t.minute * 60.0 + t.second + 1e-9 * t.nanosecond;
  } else if (const auto* array = from.as_array()) {
    out.kind = Node::Kind::array;
    for (const toml::node& item : *array) out.items.push_back(convert(item));
  } else if (const auto* table = from.as_table()) {
    out.kind = Node::Kind::table;
    for (const auto& [key, value] : *table) {
      out.members.push_back(Member{std::string(key.str()), convert(value)});
      out.members.back().second.key_at = place(key.source());
    }
    std::stable_sort(out.members.begin(), out.members.end(), [](const auto& a, const auto& b) {
      const TextPosition p = a.second.key_at, q = b.second.key_at;
      return p.line != q.line ? p.line < q.line : p.column < q.column;
    });
  } else {
    out.kind = Node::Kind::none;  // dates: no key takes one
  }
  return out;
}

}  // namespace

const Node* Node::find(const std::string& key) const {
  for (const auto& [name, value] : members)
    if (name == key) return &value;
  return nullptr;
}

const char* kind_name(Node::Kind kind) {
  constexpr const char* names[] = {"a date", "true or false", "a whole number", "a number",
                                   "a text", "a time",        "a list",         "a table"};
  return names[static_cast<std::size_t>(kind)];
}

std::string short_text(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::boolean:
      out = node.flag ? "true" : "false";
      break;
    case Node::Kind::integer:
      out = std::to_string(node.whole);
      break;
    case Node::Kind::number:
    case Node::Kind::time: {
      std::ostringstream text;
      text << node.real;
      out = node.kind == Node::Kind::time ? format_duration(node.real) : text.str();
      break;
    }
    case Node::Kind::text:
      out = node.text;
      break;
    case Node::Kind::array:
      out = "list of " + std::to_string(node.items.size());
      break;
    case Node::Kind::table:
      out = "table of " + std::to_string(node.members.size());
      break;
    case Node::Kind::none:
      out = "a date";
      break;
  }
  if (out.size() <= 60) return out;
  std::size_t cut = 57;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0u) == 0x80u) --cut;
  return out.substr(0, cut) + "...";
}

Node parse_toml(const std::string& text, const std::string& file) {
  if (text.size() > max_text_bytes)
    throw InputError(
        Fault{file, "file is too large for a scenario", std::to_string(text.size()) + " bytes", "at most 8 MiB", 0, 0});
  if (const std::size_t bad = first_bad_utf8(text); bad != std::string_view::npos)
    refuse(file, text, bad, "text is not UTF-8", {}, "UTF-8 encoding");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    throw InputError(Fault{file, "file is empty", {}, "a scenario that begins with format = 1", 0, 0});
  check_depth(text, file);
  try {
    return convert(toml::parse(std::string_view(text), std::string_view(file)));
  } catch (const toml::parse_error& error) {
    const TextPosition at = place(error.source());
    throw InputError(Fault{file, "syntax error: " + std::string(error.description()), {}, {}, at.line, at.column});
  }
}

}  // namespace throng::io::detail
