// SPDX-License-Identifier: Apache-2.0
#include "evaluation/pair_csv.hpp"

#include "common/csv.hpp"
#include "common/error.hpp"
#include "common/number.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace lmc::evaluation {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 3> needed{"prediction", "truth", "organelle"};
constexpr std::array<std::string_view, 3> optional{"modality", "focus_deviation", "input"};

[[noreturn]] void refuse(const fs::path& table, const std::string& cause) {
  throw Error{ErrorCode::configuration, table.string(), cause,
              fmt::format("give the columns {} and, if wanted, {}", fmt::join(needed, ", "),
                          fmt::join(optional, ", "))};
}

void check_columns(const fs::path& table, const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (std::ranges::find(needed, column) == needed.end() &&
        std::ranges::find(optional, column) == optional.end()) {
      refuse(table, fmt::format("column \"{}\" is not known", column));
    }
  }
  for (const std::string_view column : needed) {
    if (std::ranges::find(columns, column) == columns.end()) {
      refuse(table, fmt::format("column \"{}\" is missing", column));
    }
  }
}

using Row = std::map<std::string, std::string>;

Organelle organelle_in(const Row& row, const fs::path& table, std::size_t line) {
  const std::string& name = row.at("organelle");
  if (const auto organelle = organelle_from_name(name)) {
    return *organelle;
  }
  throw Error{ErrorCode::configuration, table.string(),
              fmt::format("line {}: organelle \"{}\" is not known", line, name),
              "give mitochondria, nucleus, tubulin or actin"};
}

Modality modality_in(const Row& row, const fs::path& table, std::size_t line) {
  const auto cell = row.find("modality");
  if (cell == row.end() || cell->second.empty()) {
    return Modality::unknown;
  }
  if (const auto modality = modality_from_name(cell->second)) {
    return *modality;
  }
  throw Error{ErrorCode::configuration, table.string(),
              fmt::format("line {}: modality \"{}\" is not known", line, cell->second),
              "give BF, PC or DIC, or leave it empty"};
}

std::optional<double> deviation_in(const Row& row, const fs::path& table, std::size_t line) {
  const auto cell = row.find("focus_deviation");
  if (cell == row.end() || cell->second.empty()) {
    return std::nullopt;
  }
  const std::optional<double> deviation = number_from(cell->second);
  if (!deviation || *deviation < 0) {
    throw Error{
        ErrorCode::configuration, table.string(),
        fmt::format("line {}: focus_deviation \"{}\" is no number from 0", line, cell->second),
        "give the distance from the plane in best focus, or leave it empty"};
  }
  return deviation;
}

fs::path path_in(const Row& row, const std::string& column, const fs::path& folder) {
  const auto cell = row.find(column);
  return cell == row.end() || cell->second.empty() ? fs::path{} : folder / cell->second;
}

} // namespace

PairList pairs_in_csv(const fs::path& table) {
  const CsvTable csv = read_csv_file(table);
  check_columns(table, csv.columns);
  const fs::path folder = table.parent_path();
  PairList list;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    Row row;
    for (std::size_t k = 0; k < csv.columns.size(); ++k) {
      row[csv.columns[k]] = csv.rows[i][k];
    }
    Pair pair{path_in(row, "prediction", folder),     path_in(row, "truth", folder),
              organelle_in(row, table, csv.lines[i]), modality_in(row, table, csv.lines[i]),
              deviation_in(row, table, csv.lines[i]), path_in(row, "input", folder)};
    std::error_code error;
    if (pair.truth.empty() || !fs::exists(pair.truth, error)) {
      list.skipped.push_back({pair.prediction, pair.organelle,
                              pair.truth.empty()
                                  ? "the table names no truth"
                                  : fmt::format("there is no {}", pair.truth.string())});
      continue;
    }
    list.pairs.push_back(std::move(pair));
  }
  return list;
}

} // namespace lmc::evaluation
