#include "sim/report/detail/page.hpp"

namespace throng::report::detail {
namespace {

const char* const style = R"(
html{font-family:"DejaVu Sans",Verdana,sans-serif;font-size:14px;line-height:1.45;color:#1b1b1b;background:#ffffff}
body{max-width:980px;margin:0 auto;padding:18px 16px 40px}
html[data-lang="en"] .nl,html[data-lang="nl"] .en{display:none}
h1{font-size:25px;margin:0 0 2px}h2{font-size:17px;margin:30px 0 8px;padding-bottom:3px;border-bottom:2px solid #2c4a9a}
h3{font-size:14px;margin:14px 0 4px}p{margin:6px 0}.small{font-size:12px;color:#444444}
.top{display:flex;justify-content:space-between;align-items:flex-start;gap:16px}
.langs{flex:none;white-space:nowrap}.langs button{font:inherit;padding:8px 14px;min-height:44px;border:1px solid #2c4a9a;background:#ffffff;color:#2c4a9a;cursor:pointer}
html[data-lang="en"] button[data-to="en"],html[data-lang="nl"] button[data-to="nl"]{background:#2c4a9a;color:#ffffff}
.verdict{border:1px solid #b8b2aa;border-left:9px solid #4e9fd6;padding:10px 16px;margin:14px 0;background:#faf9f6}
.verdict p.lead{font-size:18px;font-weight:bold;margin:0 0 6px}
.verdict ul{margin:6px 0;padding-left:20px}.verdict li{margin:3px 0}
.cards{display:flex;flex-wrap:wrap;gap:8px;margin:12px 0}
.card{border:1px solid #cfcac3;padding:7px 12px;flex:1 1 130px}.card b{display:block;font-size:19px;white-space:nowrap}
.card span.label{font-size:12px;color:#444444}
table{border-collapse:collapse;width:100%;margin:8px 0;font-size:12.5px}
th{background:#eef0f6;text-align:left;vertical-align:bottom}th,td{border-bottom:1px solid #d8d4cd;padding:4px 7px}
td{vertical-align:top}th.r,td.r{text-align:right}td.r{font-variant-numeric:tabular-nums}
figure{margin:8px 0 12px}figure svg{max-width:100%;height:auto;display:block}figcaption{font-size:12px;color:#333333;margin-top:3px}
.chip{display:inline-flex;align-items:center;gap:4px;border:1px solid #111111;border-radius:3px;padding:0 6px;font-size:12px;font-weight:bold;white-space:nowrap}
.los{display:inline-block;min-width:17px;text-align:center;font-weight:bold;border:1px solid #55504b}
dl{display:grid;grid-template-columns:max-content 1fr;gap:1px 14px;font-size:12.5px;margin:6px 0}dt{color:#444444}dd{margin:0;overflow-wrap:anywhere}
code{font-family:"DejaVu Sans Mono",monospace;font-size:12px}
.note{border-left:6px solid #7a6f00;background:#fffbe3;padding:6px 12px;margin:8px 0}
@page{size:A4;margin:13mm 12mm}
@media print{html{font-size:11px;-webkit-print-color-adjust:exact;print-color-adjust:exact}body{max-width:none;padding:0}
.langs{display:none}table{font-size:9.6px}h2{break-after:avoid}tr,.verdict,.card{break-inside:avoid}
figure{break-inside:avoid}figure.long{break-inside:auto}thead{display:table-header-group}figure svg{max-height:250mm}}
)";

const char* const script =
    R"(document.querySelectorAll("button[data-to]").forEach(function(b){b.addEventListener("click",function(){)"
    R"(var h=document.documentElement;h.lang=b.dataset.to;h.dataset.lang=b.dataset.to;});});)";

}  // namespace

void Page::heading(const Both& text) {
  ++n_sections_;
  body_ += "<h2>" + std::to_string(n_sections_) + ". " + detail::html(text) + "</h2>\n";
}

void Page::paragraph(const Both& text, const char* css) {
  body_ += std::string("<p") + (*css != '\0' ? std::string(" class=\"") + css + "\"" : "") + ">" + detail::html(text) +
           "</p>\n";
}

void Page::figure(const Picture& picture, const Both& caption) {
  body_ += std::string("<figure") + (picture.height > 1300 ? " class=\"long\"" : "") + ">" + picture.svg +
           "<figcaption>" + detail::html(caption) + "</figcaption></figure>\n";
}

void Page::list(const std::vector<std::string>& items) {
  body_ += "<ul>";
  for (const std::string& item : items) body_ += "<li>" + item + "</li>\n";
  body_ += "</ul>\n";
}

std::string Page::finish() const {
  const std::string language = language_ == "nl" ? "nl" : "en";
  return "<!DOCTYPE html>\n<html lang=\"" + language + "\" data-lang=\"" + language +
         "\">\n<head>\n<meta charset=\"utf-8\"/>\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
         "script-src "
         "'unsafe-inline'; img-src data:\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>" +
         escape(language == "nl" ? title_.nl : title_.en) + "</title>\n<style>" + style +
         "</style>\n</head>\n<body>\n" + "<div class=\"top\"><h1>" + detail::html(title_) +
         "</h1><div class=\"langs\"><button type=\"button\" data-to=\"en\" lang=\"en\">English</button><button "
         "type=\"button\" data-to=\"nl\" lang=\"nl\">Nederlands</button></div></div>\n" +
         body_ + "<script>" + script + "</script>\n</body>\n</html>\n";
}

std::string Table::markup() const {
  const auto cell = [&](const char* tag, std::size_t column, const std::string& content) {
    const bool right = column < align_.size() && align_[column] == 'r';
    return std::string("<") + tag + (right ? " class=\"r\">" : ">") + content + "</" + tag + ">";
  };
  std::string out = "<table><thead><tr>";
  for (std::size_t c = 0; c < head_.size(); ++c) out += cell("th", c, html(head_[c]));
  out += "</tr></thead><tbody>\n";
  for (const auto& row : rows_) {
    out += "<tr>";
    for (std::size_t c = 0; c < row.size(); ++c) out += cell("td", c, row[c]);
    out += "</tr>\n";
  }
  return out + "</tbody></table>";
}

}  // namespace throng::report::detail
