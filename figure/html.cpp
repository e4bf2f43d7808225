// SPDX-License-Identifier: Apache-2.0
#include "figure/html.hpp"

#include "common/error.hpp"
#include "common/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace lmc::figure {

namespace {

constexpr std::string_view style = R"(
:root { --ink: #1c2530; --faint: #5d6b7a; --line: #d9e0e7; --card: #ffffff; --page: #f5f7f9; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
       font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; }
h2 { font-size: 19px; margin: 36px 0 10px; }
h3 { font-size: 15px; margin: 18px 0 6px; }
p { margin: 6px 0; max-width: 75em; }
.faint { color: var(--faint); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
        padding: 14px 16px; margin: 10px 0; }
.scroll { overflow-x: auto; }
.charts { display: flex; flex-wrap: wrap; gap: 12px; }
.charts > * { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 14px 4px 0; text-align: right; border-bottom: 1px solid var(--line);
         white-space: nowrap; vertical-align: top; }
th { color: var(--faint); font-weight: 600; }
th:first-child, td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; }
.panels { display: flex; flex-wrap: wrap; gap: 12px; }
figure { margin: 0; flex: 1 1 220px; max-width: 272px; }
figure img { width: 100%; height: auto; display: block; border-radius: 4px;
             image-rendering: pixelated; }
figcaption { color: var(--faint); font-size: 13px; }
.absent { aspect-ratio: 1; border: 1px dashed var(--line); border-radius: 4px; display: flex;
          align-items: center; justify-content: center; color: var(--faint); font-size: 13px; }
.bar { height: 10px; border-radius: 3px; }
.ends { display: flex; justify-content: space-between; }
)";

std::string row_of(std::span<const std::string> cells, std::string_view element) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) {
    row += fmt::format("<{0}>{1}</{0}>", element, escape_html(cell));
  }
  return row + "</tr>\n";
}

} // namespace

std::string escape_html(std::string_view text) {
  static constexpr std::array<std::pair<char, std::string_view>, 5> markup{
      {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}}};
  const bool valid = is_utf8(text);
  std::string escaped;
  for (const char c : printable(text)) {
    const auto* const found =
        std::ranges::find(markup, c, &std::pair<char, std::string_view>::first);
    if (found != markup.end()) {
      escaped += found->second;
    } else {
      escaped += valid || static_cast<unsigned char>(c) < 0x80 ? c : '?';
    }
  }
  return escaped;
}

std::string img_element(const Canvas& picture, std::string_view description) {
  return fmt::format(R"(<img src="data:image/png;base64,{}" alt="{}">)", base64_of(picture.png()),
                     escape_html(description));
}

std::string figure_element(std::string_view content, std::string_view caption) {
  return fmt::format("<figure>{}<figcaption>{}</figcaption></figure>", content,
                     escape_html(caption));
}

std::string html_of(const HtmlTable& table) {
  std::string html = "<div class=\"scroll\"><table>\n" + row_of(table.headings, "th");
  for (const auto& row : table.rows) {
    html += row_of(row, "td");
  }
  return html + "</table></div>\n";
}

std::string html_page(const PageSettings& settings, std::string_view body) {
  const std::string refresh =
      settings.refresh_seconds > 0
          ? fmt::format("<meta http-equiv=\"refresh\" content=\"{}\">\n", settings.refresh_seconds)
          : "";
  const std::string title = escape_html(settings.title);
  return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                     "{}<title>{}</title>\n<style>{}</style>\n</head>\n<body><main>\n<h1>{}</h1>\n"
                     "{}</main></body>\n</html>\n",
                     refresh, title, style, title, body);
}

} // namespace lmc::figure
