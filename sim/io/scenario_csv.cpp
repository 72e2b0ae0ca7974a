#include "sim/io/detail/scenario_csv.hpp"

#include "sim/core/time.hpp"
#include "sim/io/io.hpp"

#include <charconv>

namespace throng::io::detail {
namespace {

constexpr std::size_t max_rows = 100000;

struct Row {
  double time = 0.0, people = 0.0;
  int line = 0;
};

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\"");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\"") - begin + 1));
}

std::optional<double> plain_number(const std::string& text) {
  double value = 0.0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

struct CsvReader {
  std::string file;
  std::vector<Fault>& faults;
  std::vector<Row> rows;
  bool header_seen = false;

  void fault(int line, int column, const std::string& what, const std::string& value, const std::string& allowed) {
    if (faults.size() < 1000) faults.push_back(Fault{file, what, value.substr(0, 60), allowed, line, column});
  }
  void row(std::string_view text, int line) {
    if (const std::string whole = trimmed(text); whole.empty() || whole[0] == '#') return;
    const std::size_t cut = text.find_first_of(",;\t");
    if (cut == std::string_view::npos) return fault(line, 1, "row has one column", trimmed(text), "time,people");
    const std::string time_text = trimmed(text.substr(0, cut)), people_text = trimmed(text.substr(cut + 1));
    const std::optional<double> time = parse_duration(time_text);
    const std::optional<double> people = plain_number(people_text);
    const bool may_be_header = rows.empty() && !header_seen;
    if (!time && !people && may_be_header) {
      header_seen = true;
      return;
    }
    const int second = static_cast<int>(cut) + 2;
    if (!time || *time > limits::moment.high)
      return fault(line, 1, "time cannot be read", time_text, "\"HH:MM\", \"HH:MM:SS\" or seconds, at most 168:00:00");
    if (!people || *people < 0.0 || *people > limits::people.high)
      return fault(line, second, "number of people is out of range", people_text,
                   range_text(limits::people, "persons"));
    if (!rows.empty() && *time <= rows.back().time)
      return fault(line, 1, "time is not after the row before it", time_text, "rising times");
    rows.push_back({*time, *people, line});
  }
};

}  // namespace

void read_arrivals_csv(ReadContext& context, const Node& at, const std::string& path, const std::string& name,
                       std::vector<RatePiece>& out) {
  const std::filesystem::path file = context.folder() / name;
  std::string text;
  try {
    if (std::filesystem::exists(file) && std::filesystem::file_size(file) > max_text_bytes)
      return context.fault(at, path, "names a file that is too large", name, "at most 8 MiB");
    text = read_text(file);
  } catch (const std::exception& error) {
    return context.fault(at, path, std::string("names a file that cannot be read: ") + error.what(), name);
  }
  CsvReader reader{file.string(), context.faults(), {}};
  const std::size_t before = context.faults().size();
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  int line = 1;
  for (std::size_t begin = 0; begin < text.size() && reader.rows.size() < max_rows; ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    reader.row(std::string_view(text).substr(begin, end - begin), line);
    begin = end + 1;
  }
  if (context.faults().size() != before) return;
  if (reader.rows.size() < 2)
    return context.fault(at, path, "names a file with fewer than two rows", name, "at least two rows time,people");
  if (reader.rows.size() >= max_rows)
    return context.fault(at, path, "names a file with too many rows", name, "fewer than 100000 rows");
  const Row last = reader.rows.back();
  if (last.people > 0.0)
    reader.rows.push_back({last.time + last.time - reader.rows[reader.rows.size() - 2].time, 0.0, last.line});
  for (std::size_t i = 0; i + 1 < reader.rows.size(); ++i) {
    const Row &a = reader.rows[i], &b = reader.rows[i + 1];
    if (a.people > 0.0) out.push_back({a.time, b.time, a.people / (b.time - a.time)});
  }
}

}  // namespace throng::io::detail
