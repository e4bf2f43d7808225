// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lmc {

/// A table from a CSV file with a heading.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows; ///< as many fields as columns
  std::vector<std::size_t> lines;             ///< line in the file that a row begins at, from 1
};

/// Parses CSV (RFC 4180: commas, fields in double quotes, "" for a quote, LF or CRLF); blank lines
/// and a UTF-8 byte order mark are skipped.
/// @throws std::invalid_argument with the line: no heading, a column twice, a row with another
/// number of fields, an open quote, text after a closing quote
[[nodiscard]] CsvTable parse_csv(std::string_view text);

/// Reads and parses a file of at most 64 MiB. @throws Error input_missing, configuration
[[nodiscard]] CsvTable read_csv_file(const std::filesystem::path& path);

/// A field in double quotes.
[[nodiscard]] std::string csv_field(std::string_view text);

} // namespace lmc
