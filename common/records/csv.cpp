// SPDX-License-Identifier: Apache-2.0
#include "common/records/csv.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace lmc {

namespace {

constexpr std::uintmax_t largest_file = std::uintmax_t{64} << 20;

/// Takes records off the front of a text.
class CsvReader {
public:
  explicit CsvReader(std::string_view text) : text_{text} {}

  [[nodiscard]] std::size_t line() const { return line_; }

  /// The next record that is no blank line; nothing at the end.
  std::optional<std::vector<std::string>> next() {
    while (position_ < text_.size() && (here() == '\n' || here() == '\r')) {
      advance();
    }
    if (position_ == text_.size()) {
      return std::nullopt;
    }
    first_line_ = line_;
    std::vector<std::string> fields{field()};
    while (position_ < text_.size() && here() == ',') {
      advance();
      fields.push_back(field());
    }
    return fields;
  }

  /// Line that the last record began at.
  [[nodiscard]] std::size_t first_line() const { return first_line_; }

private:
  [[nodiscard]] char here() const { return text_[position_]; }

  void advance() {
    line_ += here() == '\n' ? 1 : 0;
    ++position_;
  }

  std::string field() {
    if (position_ < text_.size() && here() == '"') {
      return quoted();
    }
    const std::size_t end = std::min(text_.find_first_of(",\r\n", position_), text_.size());
    std::string value{text_.substr(position_, end - position_)};
    position_ = end;
    return value;
  }

  std::string quoted() {
    std::string value;
    advance();
    while (true) {
      if (position_ == text_.size()) {
        throw std::invalid_argument{
            fmt::format("line {}: a quoted field without its closing quote", first_line_)};
      }
      const char c = here();
      advance();
      if (c != '"') {
        value += c;
      } else if (position_ < text_.size() && here() == '"') {
        value += '"';
        advance();
      } else {
        break;
      }
    }
    if (position_ < text_.size() && here() != ',' && here() != '\n' && here() != '\r') {
      throw std::invalid_argument{fmt::format("line {}: text after a closing quote", line_)};
    }
    return value;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
  std::size_t first_line_ = 1;
};

void refuse_repeated(const std::vector<std::string>& columns) {
  for (auto column = columns.begin(); column != columns.end(); ++column) {
    if (std::find(columns.begin(), column, *column) != column) {
      throw std::invalid_argument{fmt::format("column \"{}\" is there twice", *column)};
    }
  }
}

} // namespace

CsvTable parse_csv(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  CsvReader reader{text};
  std::optional<std::vector<std::string>> record = reader.next();
  if (!record) {
    throw std::invalid_argument{"it has no heading"};
  }
  CsvTable table{std::move(*record), {}, {}};
  refuse_repeated(table.columns);
  while ((record = reader.next())) {
    if (record->size() != table.columns.size()) {
      throw std::invalid_argument{fmt::format("line {}: {} fields, {} in the heading",
                                              reader.first_line(), record->size(),
                                              table.columns.size())};
    }
    table.rows.push_back(std::move(*record));
    table.lines.push_back(reader.first_line());
  }
  return table;
}

CsvTable read_csv_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  std::ifstream file{path, std::ios::binary};
  if (error || !file) {
    throw Error{ErrorCode::input_missing, path.string(), "the table cannot be read",
                "check the path and its permissions"};
  }
  try {
    if (bytes > largest_file) {
      throw std::invalid_argument{
          fmt::format("{} bytes, at most {} are read", bytes, largest_file)};
    }
    return parse_csv(std::string{std::istreambuf_iterator<char>{file}, {}});
  } catch (const std::invalid_argument& cause) {
    throw Error{ErrorCode::configuration, path.string(), cause.what(),
                "mend the table: one heading, commas, fields with commas in double quotes"};
  }
}

std::string csv_field(std::string_view text) {
  std::string field{'"'};
  for (const char c : text) {
    field += c;
    if (c == '"') {
      field += c;
    }
  }
  return field + '"';
}

} // namespace lmc
