#include "sim/report/detail/words.hpp"

#include "sim/fields/palette.hpp"

#include <cmath>
#include <cstdio>

namespace throng::report::detail {
namespace {

/// Digits grouped by three, with the signs of one language.
std::string grouped(const std::string& plain, char group, char point) {
  const auto dot = plain.find('.');
  const std::string whole = plain.substr(0, dot);
  std::string out;
  const std::size_t digits = whole.size() - (whole[0] == '-' ? 1 : 0);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const std::size_t left = whole.size() - i;
    if (i > 0 && whole[i - 1] != '-' && left % 3 == 0 && digits > 3) out += group;
    if (whole[i] == '-')
      out += "\u2212";
    else
      out += whole[i];
  }
  if (dot != std::string::npos) out += point + plain.substr(dot + 1);
  return out;
}

bool is_zero(const std::string& text) { return text.find_first_not_of("-0.") == std::string::npos; }

std::string plain_number(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  std::string out = text;
  if (out[0] == '-' && is_zero(out)) out.erase(0, 1);
  return out;
}

/// Length of the UTF-8 sequence that begins here and is allowed in XML; 0 = broken or forbidden.
std::size_t sequence(std::string_view text, std::size_t i) {
  const auto c = static_cast<unsigned char>(text[i]);
  if (c < 0x80) return c >= 0x20 || c == '\t' || c == '\n' || c == '\r' ? 1 : 0;
  const std::size_t n = c >= 0xF0 && c < 0xF5 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 0;
  if (n == 0 || c >= 0xF5 || i + n > text.size()) return 0;
  for (std::size_t k = 1; k < n; ++k)
    if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return 0;
  const auto second = static_cast<unsigned char>(text[i + 1]);
  const bool broken = (c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F) || (c == 0xF0 && second < 0x90) ||
                      (c == 0xF4 && second > 0x8F) ||
                      (c == 0xEF && second == 0xBF && static_cast<unsigned char>(text[i + 2]) >= 0xBE);
  return broken ? 0 : n;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t n = sequence(text, i);
    if (n == 0) {
      out += "\uFFFD";
      ++i;
      continue;
    }
    switch (text[i]) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out.append(text.substr(i, n));
    }
    i += n;
  }
  return out;
}

std::string html(const Both& text) {
  if (text.en == text.nl) return escape(text.en);
  return "<span class=\"en\" lang=\"en\">" + escape(text.en) + "</span><span class=\"nl\" lang=\"nl\">" +
         escape(text.nl) + "</span>";
}

Both number(double value, int decimals) {
  if (!std::isfinite(value)) return same("–");
  const std::string plain = plain_number(value, decimals);
  return {grouped(plain, ',', '.'), grouped(plain, '.', ',')};
}

Both signed_number(double value, int decimals) {
  const bool plus = value > 0.0 && !is_zero(plain_number(value, decimals));
  return plus ? "+" + number(value, decimals) : number(value, decimals);
}

Both density(double value) { return number(value, value < 0.095 ? 2 : 1) + " p/m²"; }

Both unit_of(Quantity quantity) { return quantity == Quantity::density ? same("p/m²") : Both{"p/m/min", "p/m/min"}; }

Both value_of(Quantity quantity, double value) {
  return quantity == Quantity::density ? density(value) : number(value, 0) + " p/m/min";
}

Both duration(double seconds) {
  if (!std::isfinite(seconds)) return same("–");
  const auto s = static_cast<long long>(std::floor(seconds + 0.5));
  char text[48];
  if (s < 60)
    std::snprintf(text, sizeof text, "%lld s", s);
  else if (s < 3600 && s % 60 == 0)
    std::snprintf(text, sizeof text, "%lld min", s / 60);
  else if (s < 3600)
    std::snprintf(text, sizeof text, "%lld min %02lld s", s / 60, s % 60);
  else {
    std::snprintf(text, sizeof text, "%lld h %02lld min", s / 3600, s / 60 % 60);
    char dutch[48];
    std::snprintf(dutch, sizeof dutch, "%lld u %02lld min", s / 3600, s / 60 % 60);
    return {text, dutch};
  }
  return same(text);
}

std::string clock_seconds(const RunHeader& header, double seconds) {
  const auto s = static_cast<long long>(std::floor(header.start_of_day + seconds + 0.5));
  char text[32];
  std::snprintf(text, sizeof text, "%02lld:%02lld:%02lld", (s / 3600) % 24, s / 60 % 60, s % 60);
  return text;
}

std::string clock(const RunHeader& header, double seconds) { return clock_seconds(header, seconds).substr(0, 5); }

Both people(double n) {
  return number(n) + (std::fabs(n - 1.0) < 0.5 ? Both{" person", " persoon"} : Both{" people", " personen"});
}

Both position(Vec2 at) { return "x " + number(at.x) + " m, y " + number(at.y) + " m"; }

Both level_word(AlertLevel level) { return {look_of(level).en, look_of(level).nl}; }

Both kind_word(ZoneKind kind) {
  switch (kind) {
    case ZoneKind::passage:
      return {"passage", "doorgang"};
    case ZoneKind::standing:
      return {"standing area", "stavak"};
    case ZoneKind::queue:
      return {"queue", "wachtrij"};
    case ZoneKind::stairs:
      return {"stairs", "trap"};
    case ZoneKind::keep_clear:
      return {"keep clear", "vrij te houden"};
    default:
      return {"whole site", "hele terrein"};
  }
}

}  // namespace throng::report::detail
