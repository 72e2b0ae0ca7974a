#include "sim/io/detail/scenario_keys.hpp"

#include "sim/core/time.hpp"

#include <sstream>

namespace throng::io::detail {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::fabs(value - std::round(value)) < 1e-9 && std::fabs(value) < 1e15) {
    std::ostringstream whole;
    whole << static_cast<long long>(std::round(value));
    return whole.str();
  }
  std::ostringstream out;
  out.precision(6);
  out << value;
  return out.str();
}

std::string range_text(Limits range, const std::string& unit) {
  return number_text(range.low) + " to " + number_text(range.high) + (unit.empty() ? "" : " " + unit);
}

void ReadContext::fault(const Node& at, const std::string& path, const std::string& what, const std::string& value,
                        const std::string& allowed) {
  faults_.push_back(Fault{file_, path.empty() ? what : path + " " + what, value, allowed, at.at.line, at.at.column});
}

void ReadContext::fault_type(const Node& at, const std::string& path, const std::string& expected) {
  fault(at, path, std::string("is ") + kind_name(at.kind), short_text(at), expected);
}

TextPosition ReadContext::place_of(std::string path) const {
  while (!path.empty()) {
    if (const auto found = places_.find(path); found != places_.end()) return found->second;
    const std::size_t cut = path.find_last_of(".[");
    if (cut == std::string::npos) break;
    path.resize(cut);
  }
  return {};
}

bool ReadContext::number(const Node& node, const std::string& path, Limits range, const std::string& unit,
                         double& out) {
  if (!node.is_number()) {
    fault_type(node, path, "a number, " + range_text(range, unit));
    return false;
  }
  if (!(node.real >= range.low && node.real <= range.high)) {  // also NaN
    fault(node, path, "is out of range", short_text(node), range_text(range, unit));
    return false;
  }
  out = node.real;
  return true;
}

bool ReadContext::integer(const Node& node, const std::string& path, Limits range, std::uint64_t& out) {
  if (node.kind != Node::Kind::integer) {
    fault_type(node, path, "a whole number");
    return false;
  }
  if (node.whole < 0 || node.real < range.low || node.real > range.high) {
    fault(node, path, "is out of range", short_text(node), range_text(range, ""));
    return false;
  }
  out = static_cast<std::uint64_t>(node.whole);
  return true;
}

bool ReadContext::text(const Node& node, const std::string& path, std::string& out) {
  if (node.kind != Node::Kind::text) {
    fault_type(node, path, "a text in quotes");
    return false;
  }
  if (node.text.find('\0') != std::string::npos) {
    fault(node, path, "holds a NUL character");
    return false;
  }
  out = node.text;
  return true;
}

bool ReadContext::boolean(const Node& node, const std::string& path, bool& out) {
  if (node.kind != Node::Kind::boolean) {
    fault_type(node, path, "true or false");
    return false;
  }
  out = node.flag;
  return true;
}

bool ReadContext::word(const Node& node, const std::string& path, const std::vector<std::string>& words,
                       std::size_t& out) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  if (node.kind != Node::Kind::text) {
    fault_type(node, path, "one of " + all);
    return false;
  }
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == node.text) {
      out = i;
      return true;
    }
  const std::string near = nearest_word(node.text, words);
  fault(node, path, near.empty() ? "is not a known word" : "is not a known word; did you mean \"" + near + "\"?",
        short_text(node), "one of " + all);
  return false;
}

bool ReadContext::moment(const Node& node, const std::string& path, Limits range, double& out) {
  std::optional<double> seconds;
  if (node.is_number() || node.kind == Node::Kind::time) seconds = node.real;
  if (node.kind == Node::Kind::text) seconds = parse_duration(node.text);
  if (!seconds && node.kind == Node::Kind::text) {
    fault(node, path, "is not a time", short_text(node), "\"HH:MM\", \"HH:MM:SS\" or seconds");
    return false;
  }
  if (!seconds) {
    fault_type(node, path, "\"HH:MM\", \"HH:MM:SS\" or seconds");
    return false;
  }
  if (!(*seconds >= range.low && *seconds <= range.high)) {
    fault(node, path, "is out of range", short_text(node),
          "\"" + format_duration(range.low) + "\" to \"" + format_duration(range.high) + "\"");
    return false;
  }
  out = *seconds;
  return true;
}

void ReadContext::unknown_key(const Node& node, const std::string& path, const std::string& key,
                              const SectionInfo& section) {
  std::vector<std::string> names;
  std::string all;
  for (const KeyInfo& info : section.info) {
    names.push_back(info.name);
    all += (all.empty() ? "" : ", ") + info.name;
  }
  const std::string near = nearest_word(key, names);
  Fault fault{file_,
              path + (near.empty() ? " is not a known key" : " is not a known key; did you mean \"" + near + "\"?"),
              "",
              all,
              node.key_at.line,
              node.key_at.column};
  if (fault.line == 0) fault.line = node.at.line, fault.column = node.at.column;
  faults_.push_back(std::move(fault));
}

}  // namespace throng::io::detail
