#pragma once
#include "sim/report/detail/svg.hpp"
#include "sim/report/detail/words.hpp"

#include <string>
#include <vector>

namespace throng::report::detail {

/// One self-contained page: well-formed as XML and as HTML, no outside resource, both languages in it.
class Page {
 public:
  Page(const Both& title, std::string language) : title_(title), language_(std::move(language)) {}
  void heading(const Both&);  ///< a section
  void paragraph(const Both&, const char* style = "");
  void html(const std::string& markup) { body_ += markup + "\n"; }  ///< trusted markup
  void figure(const Picture&, const Both& caption);
  void list(const std::vector<std::string>& items);  ///< items are trusted markup
  std::string finish() const;

 private:
  Both title_;
  std::string language_;
  std::string body_;
  int n_sections_ = 0;
};

/// A table; cells are trusted markup (html(...), chip(...)).
class Table {
 public:
  /// @param numeric columns aligned to the right, by letter: "lrr" = one left, two right
  Table(std::vector<Both> head, std::string align) : head_(std::move(head)), align_(std::move(align)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string markup() const;

 private:
  std::vector<Both> head_;
  std::string align_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace throng::report::detail
