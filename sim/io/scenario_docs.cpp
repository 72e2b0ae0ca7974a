#include "sim/core/time.hpp"
#include "sim/io/detail/scenario_keys.hpp"
#include "sim/io/io.hpp"

#include <nlohmann/json.hpp>

namespace throng::io {
namespace {

using detail::KeyInfo;
using detail::SectionInfo;
using Json = nlohmann::ordered_json;
using Type = KeyInfo::Type;

Json section_schema(const SectionInfo&);

Json number_schema(const Limits& range) {
  return {{"type", "number"}, {"minimum", range.low}, {"maximum", range.high}};
}

/// "HH:MM", "HH:MM:SS" or seconds.
Json moment_schema(const Limits& range) {
  return {{"oneOf",
           {Json{{"type", "string"}, {"pattern", "^[0-9]+(:[0-5]?[0-9](:[0-5]?[0-9](\\.[0-9]+)?)?)?$"}},
            number_schema(range)}}};
}

Json array_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Json limits_schema(const Limits& range) {
  Json out = array_of({{"type", "number"}, {"minimum", range.low}, {"maximum", range.high}});
  out["minItems"] = 4;
  out["maxItems"] = 4;
  return out;
}

Json pair_schema(Json first, Json second) {
  return {{"type", "array"}, {"prefixItems", {std::move(first), std::move(second)}}, {"minItems", 2}, {"maxItems", 2}};
}

Json key_schema(const KeyInfo& key) {
  const Json text{{"type", "string"}};
  switch (key.type) {
    case Type::number:
      return number_schema(key.range);
    case Type::integer:
      return {{"type", "integer"},
              {"minimum", static_cast<std::uint64_t>(key.range.low)},
              {"maximum", static_cast<std::uint64_t>(key.range.high)}};
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::text:
      return text;
    case Type::words:
      return {{"enum", key.words}};
    case Type::moment:
    case Type::clock:
      return moment_schema(key.range);
    case Type::texts:
      return array_of(text);
    case Type::points:
      return array_of(pair_schema(number_schema(key.range), number_schema(key.range)));
    case Type::limits:
      return limits_schema(key.range);
    case Type::parameters:
      return {{"type", "object"}, {"additionalProperties", {{"type", "number"}}}};
    case Type::shares:
      return {{"oneOf", {text, array_of({{"oneOf", {text, section_schema(*key.items)}}})}}};
    case Type::duration:
      return {{"oneOf", {moment_schema(key.range), section_schema(detail::duration_section())}}};
    case Type::curve_points: {
      Json out = array_of(pair_schema(moment_schema(limits::moment), number_schema(key.range)));
      out["minItems"] = 2;
      return out;
    }
    case Type::table:
      return section_schema(*key.items);
    case Type::list:
      return array_of(section_schema(*key.items));
  }
  return {};
}

Json section_schema(const SectionInfo& section) {
  Json properties = Json::object();
  Json needed = Json::array();
  for (const KeyInfo& key : section.info) {
    Json entry = key_schema(key);
    entry["description"] = key.doc + (key.unit.empty() ? "" : " [" + key.unit + "]");
    properties[key.name] = std::move(entry);
    if (key.required) needed.push_back(key.name);
  }
  Json out{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!needed.empty()) out["required"] = std::move(needed);
  return out;
}

// ---- page
// ------------------------------------------------------------------------------------------------------------

std::string type_text(const KeyInfo& key) {
  switch (key.type) {
    case Type::number:
      return "number";
    case Type::integer:
      return "whole number";
    case Type::boolean:
      return "true/false";
    case Type::text:
      return "text";
    case Type::words:
      return "word";
    case Type::moment:
      return "time";
    case Type::clock:
      return "clock time";
    case Type::texts:
      return "list of texts";
    case Type::points:
      return "list of `[x, y]`";
    case Type::limits:
      return "4 numbers";
    case Type::parameters:
      return "table of numbers";
    case Type::shares:
      return "id, ids or `{id, weight}`s";
    case Type::duration:
      return "time or law";
    case Type::curve_points:
      return "list of `[time, share]`";
    case Type::table:
      return "table";
    case Type::list:
      return "list of tables";
  }
  return "";
}

std::string allowed_text(const KeyInfo& key) {
  if (!key.words.empty()) {
    std::string out;
    for (const std::string& word : key.words) out += (out.empty() ? "`" : ", `") + word + "`";
    return out;
  }
  switch (key.type) {
    case Type::number:
    case Type::integer:
    case Type::limits:
    case Type::points:
    case Type::curve_points:
      return detail::number_text(key.range.low) + " to " + detail::number_text(key.range.high);
    case Type::moment:
    case Type::clock:
    case Type::duration:
      return format_duration(key.range.low) + " to " + format_duration(key.range.high);
    default:
      return "";
  }
}

void write_section(const SectionInfo& section, const std::string& title, std::string& out) {
  out += "\n### " + title + "\n\n" + section.doc +
         "\n\n| key | type | unit | allowed | default | meaning |\n|---|---|---|---|---|---|\n";
  for (const KeyInfo& key : section.info) {
    const std::string fallback = key.required ? "required" : key.fallback.empty() ? "–" : "`" + key.fallback + "`";
    out += "| `" + key.name + "` | " + type_text(key) + " | " + key.unit + " | " + allowed_text(key) + " | " +
           fallback + " | " + key.doc + " |\n";
  }
}

void write_nested(const SectionInfo& section, const std::string& prefix, std::string& out) {
  for (const KeyInfo& key : section.info) {
    if (key.items == nullptr) continue;
    const std::string path = prefix.empty() ? key.name : prefix + "." + key.name;
    const bool top = key.type == Type::list && (prefix.empty() || key.name == "stage");
    write_section(*key.items, top ? "`[[" + path + "]]`" : prefix.empty() ? "`[" + path + "]`" : "`" + path + "`", out);
    write_nested(*key.items, path, out);
  }
}

}  // namespace

std::string scenario_json_schema() {
  Json out{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "Throng scenario, format 1"}};
  out.update(section_schema(detail::scenario_section()));
  return out.dump(2) + "\n";
}

std::string scenario_reference_markdown() {
  std::string out;
  write_section(detail::scenario_section(), "The file", out);
  write_nested(detail::scenario_section(), "", out);
  write_section(detail::duration_section(), "Laws of `duration`", out);
  return out;
}

}  // namespace throng::io
