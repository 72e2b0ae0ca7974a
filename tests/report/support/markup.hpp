#pragma once
#include <cctype>
#include <string>
#include <vector>

namespace throng::test {

/// First fault of a text as XML (tags balanced, attributes quoted, & and < escaped), or empty. Style and script are
/// text like any other: our pages keep < and & out of them.
inline std::string markup_fault(const std::string& text) {
  std::vector<std::string> open;
  std::size_t i = 0;
  const auto near = [&](const char* what) { return std::string(what) + " near: " + text.substr(i, 60); };
  if (text.rfind("<!DOCTYPE html>", 0) == 0) i = 15;
  while (i < text.size()) {
    if (text[i] == '&') {
      const auto end = text.find(';', i);
      if (end == std::string::npos || end - i > 8) return near("bare ampersand");
      const std::string name = text.substr(i + 1, end - i - 1);
      if (name != "lt" && name != "gt" && name != "amp" && name != "quot" && name[0] != '#')
        return near("unknown entity");
      i = end;
    } else if (text[i] == '<') {
      const bool closing = text[i + 1] == '/';
      std::size_t k = i + (closing ? 2 : 1);
      const std::size_t name_begin = k;
      while (k < text.size() && (std::isalnum(static_cast<unsigned char>(text[k])) != 0 || text[k] == '-')) ++k;
      const std::string name = text.substr(name_begin, k - name_begin);
      if (name.empty()) return near("tag without a name");
      bool quoted = false;
      bool value_expected = false;
      for (; k < text.size() && (quoted || text[k] != '>'); ++k) {
        if (text[k] == '<') return near("< inside a tag");
        if (text[k] == '"') {
          if (!quoted && !value_expected) return near("stray quote");
          quoted = !quoted;
          value_expected = false;
        } else if (!quoted && text[k] == '=') {
          value_expected = true;
        } else if (!quoted && value_expected) {
          return near("attribute without quotes");
        }
      }
      if (k >= text.size()) return near("tag without end");
      if (closing) {
        if (open.empty() || open.back() != name) return near(("unbalanced </" + name + "> ").c_str());
        open.pop_back();
      } else if (text[k - 1] != '/') {
        open.push_back(name);
      }
      i = k;
    }
    ++i;
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

/// Every place where a page would load something: values of src, href and url(...).
inline std::vector<std::string> loads(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string key : {"src=\"", "href=\"", "url(", "@import"})
    for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1))
      out.push_back(text.substr(at + key.size(), 22));
  return out;
}

}  // namespace throng::test
