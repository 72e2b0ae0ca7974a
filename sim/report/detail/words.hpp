#pragma once
#include "sim/record/record.hpp"

#include <string>
#include <string_view>

/// Text in two languages, numbers as each writes them, and escaping.
namespace throng::report::detail {

/// The same words in English and Dutch, not yet escaped.
struct Both {
  std::string en, nl;
  friend Both operator+(Both a, const Both& b) { return {std::move(a.en) + b.en, std::move(a.nl) + b.nl}; }
  friend Both operator+(Both a, const char* b) { return {std::move(a.en) + b, std::move(a.nl) + b}; }
  friend Both operator+(const char* a, const Both& b) { return {a + b.en, a + b.nl}; }
  Both& operator+=(const Both& b) { return en += b.en, nl += b.nl, *this; }
};
inline Both same(std::string text) { return {text, text}; }

/// Safe inside XML text and attributes; bytes that XML forbids become U+FFFD.
std::string escape(std::string_view text);
/// Two spans, of which the page shows one; a single text when both are equal. Escaped.
std::string html(const Both&);

Both number(double value, int decimals = 0);                  ///< "1,234.5" and "1.234,5"; "–" when not finite
Both signed_number(double value, int decimals);               ///< with + or the minus sign
Both density(double value);                                   ///< "3.1 p/m²"
Both duration(double seconds);                                ///< "45 s", "6 min 30 s", "1 h 05 min"
std::string clock(const RunHeader&, double seconds);          ///< time of day "18:22", 24 h
std::string clock_seconds(const RunHeader&, double seconds);  ///< "18:22:10"
Both people(double n);                                        ///< "1 person", "12 people"
Both position(Vec2);                                          ///< "x 12 m, y 34 m"

Both level_word(AlertLevel);
Both kind_word(ZoneKind);
/// A sentence of the run header in both languages; Dutch falls back to the English where it is not known.
Both sentence(const std::string& english);
Both value_of(Quantity, double value);  ///< "4.1 p/m²", "71 p/m/min"
Both unit_of(Quantity);
Both cause(const std::string& english);  ///< why somebody is stuck

}  // namespace throng::report::detail
