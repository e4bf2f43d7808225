// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "figure/canvas.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lmc::figure {

/// Text as HTML or SVG content or as an attribute's value: markup is escaped, control characters
/// and invalid UTF-8 are replaced.
[[nodiscard]] std::string escape_html(std::string_view text);

/// An `img` element that holds its PNG file itself.
/// @param description shown instead of the picture, and to those who cannot see it
[[nodiscard]] std::string img_element(const Canvas& picture, std::string_view description);

/// A captioned picture in a row of them, which are in an element of class "panels".
/// @param content an element, as `img_element`
[[nodiscard]] std::string figure_element(std::string_view content, std::string_view caption);

/// A table. The first column is text, the others are numbers and set flush right.
struct HtmlTable {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows; ///< text, not HTML
};

[[nodiscard]] std::string html_of(const HtmlTable& table);

/// What a page is beside its content.
struct PageSettings {
  std::string title;
  int refresh_seconds = 0; ///< the browser loads the page again after this time; 0: never
};

/// A whole page that needs no other file and no network: head, style, heading, then `body`.
/// @param body HTML
[[nodiscard]] std::string html_page(const PageSettings& settings, std::string_view body);

} // namespace lmc::figure
