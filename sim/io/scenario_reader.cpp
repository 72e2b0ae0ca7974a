#include "sim/io/detail/scenario_keys.hpp"
#include "sim/io/io.hpp"

#include <algorithm>

namespace throng::io {
namespace {

/// Defaults that depend on the rest of the file.
void complete(Scenario& out) {
  if (out.population.empty()) out.population.emplace_back();
  for (SourceDemand& source : out.sources) {
    if (source.id.empty()) source.id = source.place;
    if (source.journeys.empty() && out.journeys.size() == 1) source.journeys.push_back({out.journeys.front().id, 1.0});
  }
}

/// Key path at the beginning of a message of validate(): up to the first blank.
std::string path_of(const std::string& what) { return what.substr(0, what.find(' ')); }

/// The entry that a path lies in: up to its last index.
std::string entry_of(const std::string& path) {
  const std::size_t end = path.rfind(']');
  return end == std::string::npos ? path : path.substr(0, end + 1);
}

/// Faults of validate(), placed exactly; dropped where reading has already found a fault in the same entry, as they
/// may then only follow from it.
void add_checked(std::vector<Fault> more, const detail::ReadContext& context, std::vector<Fault>& faults) {
  const std::size_t n_read = faults.size();
  for (Fault& fault : more) {
    const std::string path = path_of(fault.what);
    const bool told =
        std::any_of(faults.begin(), faults.begin() + static_cast<std::ptrdiff_t>(n_read), [&](const Fault& other) {
          const std::string before = path_of(other.what);
          return entry_of(before) == entry_of(path) || before.starts_with(path) || path.starts_with(before);
        });
    if (told) continue;
    if (const TextPosition at = context.place_of(path); at.line > 0) fault.line = at.line, fault.column = at.column;
    faults.push_back(std::move(fault));
  }
}

}  // namespace

Scenario parse_scenario(const std::string& text, const std::string& file_for_messages) {
  const detail::Node root = detail::parse_toml(text, file_for_messages);
  detail::ReadContext context(file_for_messages, std::filesystem::path(file_for_messages).parent_path());
  Scenario out;
  out.file = file_for_messages;
  detail::read_table(context, root, detail::scenario_keys(), "", out);
  complete(out);
  std::vector<Fault>& faults = context.faults();
  add_checked(validate(out), context, faults);
  if (!faults.empty()) {
    std::stable_sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) {
      return a.line != b.line ? a.line < b.line : a.column < b.column;
    });
    throw InputError(std::move(faults));
  }
  out.text = text;
  return out;
}

Scenario read_scenario(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > detail::max_text_bytes)
    throw InputError(Fault{path.string(), "file is too large for a scenario", std::to_string(size) + " bytes",
                           "at most 8 MiB", 0, 0});
  return parse_scenario(read_text(path), path.string());
}

std::vector<Fault> locate(const Scenario& scenario, std::vector<Fault> faults) {
  if (scenario.text.empty()) return faults;
  detail::ReadContext context(scenario.file, std::filesystem::path(scenario.file).parent_path());
  Scenario again;
  detail::read_table(context, detail::parse_toml(scenario.text, scenario.file), detail::scenario_keys(), "", again);
  for (Fault& fault : faults)
    if (const TextPosition at = context.place_of(path_of(fault.what)); at.line > 0)
      fault.line = at.line, fault.column = at.column;
  return faults;
}

std::filesystem::path site_path(const Scenario& scenario) {
  return std::filesystem::path(scenario.file).parent_path() / scenario.site;
}

}  // namespace throng::io
