#pragma once
#include "sim/core/error.hpp"
#include "sim/io/detail/node.hpp"
#include "sim/scenario/validate.hpp"

#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// One table says everything about a key of the scenario file: its type, unit, range, default, sentence, and how it is
/// read. The reader, the messages, the JSON Schema and the reference page all come from it (scenario_sections.cpp and
/// the parts that it names).
namespace throng::io::detail {

struct SectionInfo;

/// What documents need of a key.
struct KeyInfo {
  enum class Type : std::uint8_t {
    number,
    integer,
    boolean,
    text,
    words,
    moment,
    clock,
    texts,
    points,
    limits,
    parameters,
    shares,
    duration,
    curve_points,
    table,
    list
  } type = Type::text;
  std::string name, unit;
  Limits range{};
  std::string fallback;  ///< default as TOML text; empty = none
  std::string doc;
  std::vector<std::string> words;  ///< of Type::words
  bool required = false;
  const SectionInfo* items = nullptr;  ///< of tables and lists
};

struct SectionInfo {
  std::string name;
  std::string doc;
  std::vector<KeyInfo> info;
};
const SectionInfo& scenario_section();  ///< the whole file
const SectionInfo& duration_section();  ///< a law of durations

/// What reading collects: faults, and the place of every key path for later checks.
class ReadContext {
 public:
  ReadContext(std::string file, std::filesystem::path folder) : file_(std::move(file)), folder_(std::move(folder)) {}
  void fault(const Node& at, const std::string& path, const std::string& what, const std::string& value = {},
             const std::string& allowed = {});
  void fault_type(const Node& at, const std::string& path, const std::string& expected);
  void remember(const std::string& path, TextPosition at) { places_.emplace(path, at); }
  /// Place of the longest known beginning of a key path.
  TextPosition place_of(std::string path) const;
  const std::filesystem::path& folder() const { return folder_; }
  const std::string& file() const { return file_; }
  std::vector<Fault>& faults() { return faults_; }

  bool number(const Node&, const std::string& path, Limits, const std::string& unit, double& out);
  bool integer(const Node&, const std::string& path, Limits, std::uint64_t& out);
  bool text(const Node&, const std::string& path, std::string& out);
  bool boolean(const Node&, const std::string& path, bool& out);
  bool word(const Node&, const std::string& path, const std::vector<std::string>& words, std::size_t& out);
  /// "HH:MM", "HH:MM:SS", a TOML time, or plain seconds.
  bool moment(const Node&, const std::string& path, Limits, double& out);
  void unknown_key(const Node&, const std::string& path, const std::string& key, const SectionInfo&);

 private:
  std::string file_;
  std::filesystem::path folder_;
  std::vector<Fault> faults_;
  std::map<std::string, TextPosition> places_;
};

std::string range_text(Limits, const std::string& unit);
std::string number_text(double);
inline std::string default_text(double value) { return std::isnan(value) ? "" : number_text(value); }

template <class T>
struct Key {
  KeyInfo info;
  std::function<void(ReadContext&, const Node&, const std::string& path, T&)> read;
};

template <class T>
struct Section : SectionInfo {
  std::vector<Key<T>> keys;
  Section(std::string name_, std::string doc_, std::vector<Key<T>> keys_) : keys(std::move(keys_)) {
    name = std::move(name_);
    doc = std::move(doc_);
    for (const Key<T>& key : keys) info.push_back(key.info);
  }
};

template <class T>
void read_table(ReadContext& context, const Node& node, const Section<T>& section, const std::string& path, T& out) {
  if (node.kind != Node::Kind::table) return context.fault_type(node, path, "a table");
  if constexpr (requires { out.at = node.at; }) out.at = node.at;
  const std::string prefix = path.empty() ? "" : path + ".";
  for (const auto& [name, value] : node.members) {
    const Key<T>* found = nullptr;
    for (const Key<T>& key : section.keys)
      if (key.info.name == name) found = &key;
    if (found == nullptr) {
      context.unknown_key(value, prefix + name, name, section);
      continue;
    }
    context.remember(prefix + name, value.at);
    found->read(context, value, prefix + name, out);
  }
  for (const Key<T>& key : section.keys)
    if (key.info.required && node.find(key.info.name) == nullptr)
      context.fault(node, prefix + key.info.name, "is missing: " + key.info.doc);
}

template <class T, class Use>
void read_list(ReadContext& context, const Node& node, const Section<T>& section, const std::string& path, Use&& use) {
  if (node.kind != Node::Kind::array) return context.fault_type(node, path, "a list of tables");
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    context.remember(item, node.items[i].at);
    const std::size_t before = context.faults().size();
    T value{};
    read_table(context, node.items[i], section, item, value);
    use(std::move(value), context.faults().size() == before);
  }
}

template <class T>
Key<T> required(Key<T> key) {
  key.info.required = true;
  key.info.fallback.clear();
  return key;
}

/// `scale` converts the unit of the file to that of the field.
template <class T, class Access>
Key<T> number(const char* name, Access access, Limits range, const char* unit, const char* doc, double scale = 1.0) {
  T fallback{};
  KeyInfo info{KeyInfo::Type::number,
               name,
               unit,
               range,
               default_text(std::invoke(access, fallback) / scale),
               doc,
               {},
               false,
               nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            double value = 0.0;
            if (context.number(node, path, range, unit, value)) std::invoke(access, out) = value * scale;
          }};
}

template <class T, class Access>
Key<T> moment(const char* name, Access access, Limits range, const char* doc, bool clock = false) {
  T fallback{};
  KeyInfo info{clock ? KeyInfo::Type::clock : KeyInfo::Type::moment,
               name,
               "s",
               range,
               '"' + format_duration(std::invoke(access, fallback)) + '"',
               doc,
               {},
               false,
               nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            context.moment(node, path, range, std::invoke(access, out));
          }};
}

template <class T, class Access>
Key<T> text(const char* name, Access access, const char* doc) {
  T fallback{};
  KeyInfo info{KeyInfo::Type::text,
               name,
               "",
               {},
               '"' + std::string(std::invoke(access, fallback)) + '"',
               doc,
               {},
               false,
               nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            context.text(node, path, std::invoke(access, out));
          }};
}

template <class T, class Access>
Key<T> boolean(const char* name, Access access, const char* doc) {
  T fallback{};
  KeyInfo info{
      KeyInfo::Type::boolean, name, "", {}, std::invoke(access, fallback) ? "true" : "false", doc, {}, false, nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            context.boolean(node, path, std::invoke(access, out));
          }};
}

/// Words stand for the enumerators in their order; a text field takes the word itself.
template <class T, class Access>
Key<T> words(const char* name, Access access, std::vector<std::string> list, const char* doc) {
  T fallback{};
  auto& field = std::invoke(access, fallback);
  using Enum = std::remove_reference_t<decltype(field)>;
  std::string shown;
  if constexpr (std::is_enum_v<Enum>) shown = '"' + list[static_cast<std::size_t>(field)] + '"';
  KeyInfo info{KeyInfo::Type::words, name, "", {}, shown, doc, list, false, nullptr};
  return {info, [=](ReadContext& context, const Node& node, const std::string& path, T& out) {
            std::size_t which = 0;
            if (!context.word(node, path, list, which)) return;
            if constexpr (std::is_same_v<Enum, std::string>)
              std::invoke(access, out) = list[which];
            else
              std::invoke(access, out) = static_cast<Enum>(which);
          }};
}

template <class T, class U, class Access>
Key<T> table(const char* name, const Section<U>& section, Access access, const char* doc) {
  KeyInfo info{KeyInfo::Type::table, name, "", {}, "", doc, {}, false, &section};
  return {info, [&section, access](ReadContext& context, const Node& node, const std::string& path, T& out) {
            read_table(context, node, section, path, std::invoke(access, out));
          }};
}

/// List of tables; entries with faults are kept, so that indices in messages stay right.
template <class T, class U, class Access>
Key<T> list(const char* name, const Section<U>& section, Access access, const char* doc) {
  KeyInfo info{KeyInfo::Type::list, name, "", {}, "", doc, {}, false, &section};
  return {info, [&section, access](ReadContext& context, const Node& node, const std::string& path, T& out) {
            read_list(context, node, section, path,
                      [&](U&& value, bool) { std::invoke(access, out).push_back(std::move(value)); });
          }};
}

template <class T, class Read>
Key<T> custom(KeyInfo::Type type, const char* name, const char* unit, Limits range, const char* fallback,
              const char* doc, Read read) {
  return {KeyInfo{type, name, unit, range, fallback, doc, {}, false, nullptr}, read};
}

const Section<Scenario>& scenario_keys();

}  // namespace throng::io::detail
