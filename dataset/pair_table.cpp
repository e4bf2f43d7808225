// SPDX-License-Identifier: Apache-2.0
#include "dataset/pair_table.hpp"

#include "common/error.hpp"
#include "common/records/csv.hpp"
#include "common/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

namespace lmc::dataset {

namespace fs = std::filesystem;

namespace {

constexpr std::array<std::string_view, 12> columns{
    "image", "modality", "mitochondria", "nucleus", "tubulin",   "actin",
    "z",     "field",    "prediction",   "truth",   "organelle", "focus_deviation"};

[[noreturn]] void refuse(const fs::path& table, const std::string& cause) {
  throw Error{
      ErrorCode::configuration, table.string(), cause,
      fmt::format("the columns, with commas between them, are {}", fmt::join(columns, ", "))};
}

/// A line of the table.
class Row {
public:
  Row(const fs::path& table, std::size_t line) : table_{table}, line_{line} {}

  void add(const std::string& column, const std::string& cell) { cells_[column] = cell; }

  /// The cell's text; empty where there is no such column.
  [[nodiscard]] std::string operator[](std::string_view column) const {
    const auto found = cells_.find(column);
    return found == cells_.end() ? std::string{} : found->second;
  }

  /// A path that the table names; empty for none.
  [[nodiscard]] fs::path below_table(const std::string& cell) const {
    return cell.empty() ? fs::path{} : table_.parent_path() / cell;
  }

  [[nodiscard]] fs::path path(std::string_view column) const {
    return below_table((*this)[column]);
  }

  /// The cell as `read` understands it; nothing where it is empty.
  template <class Value>
  [[nodiscard]] std::optional<Value> value(std::string_view column,
                                           std::optional<Value> (*read)(std::string_view),
                                           std::string_view allowed) const {
    const std::string cell = (*this)[column];
    const std::optional<Value> value = cell.empty() ? std::nullopt : read(cell);
    if (!cell.empty() && !value) {
      fail(fmt::format("{} \"{}\" is none of {}", column, printable(cell), allowed));
    }
    return value;
  }

  [[nodiscard]] Modality modality() const {
    return value("modality", modality_from_name, "BF, PC, DIC").value_or(Modality::unknown);
  }

  [[nodiscard]] std::optional<Organelle> organelle() const {
    return value("organelle", organelle_from_name, "mitochondria, nucleus, tubulin, actin");
  }

  /// The cells that name truths of the image, as they are written.
  [[nodiscard]] PerOrganelle<std::string> truths() const {
    PerOrganelle<std::string> truths;
    for (const Organelle organelle : all_organelles) {
      truths[organelle] = (*this)[name_of(organelle)];
    }
    if (const std::string truth = (*this)["truth"]; !truth.empty()) {
      const std::optional<Organelle> of = organelle();
      if (!of) {
        fail("a truth without its organelle");
      }
      if (!truths[*of].empty() && truths[*of] != truth) {
        fail(fmt::format("two truths of {}", name_of(*of)));
      }
      truths[*of] = truth;
    }
    return truths;
  }

  [[nodiscard]] std::size_t line() const { return line_; }

  [[noreturn]] void fail(const std::string& cause) const {
    refuse(table_, fmt::format("line {}: {}", line_, cause));
  }

private:
  fs::path table_;
  std::size_t line_;
  std::map<std::string, std::string, std::less<>> cells_;
};

std::vector<std::string> heading_of(const fs::path& table, std::vector<std::string> names,
                                    std::initializer_list<std::string_view> needed) {
  for (std::string& name : names) {
    name = lower_case(name);
    if (name == "input") {
      name = "image";
    }
    if (std::ranges::find(columns, name) == columns.end()) {
      refuse(table, fmt::format("column \"{}\" is not known", printable(name)));
    }
    if (std::ranges::count(names, name) > 1) {
      refuse(table, fmt::format("column \"{}\" is there twice", name));
    }
  }
  for (const std::string_view name : needed) {
    if (std::ranges::find(names, name) == names.end()) {
      refuse(table, fmt::format("column \"{}\" is missing", name));
    }
  }
  return names;
}

/// @param needed columns that every line must fill
std::vector<Row> read(const fs::path& table, std::initializer_list<std::string_view> needed) {
  const CsvTable csv = read_csv_file(table);
  const std::vector<std::string> heading = heading_of(table, csv.columns, needed);
  if (csv.rows.empty()) {
    refuse(table, "no line follows the heading");
  }
  std::vector<Row> rows;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    Row& row = rows.emplace_back(table, csv.lines[i]);
    for (std::size_t column = 0; column < heading.size(); ++column) {
      row.add(heading[column], csv.rows[i][column]);
    }
    for (const std::string_view column : needed) {
      if (row[column].empty()) {
        row.fail(fmt::format("no {}", column));
      }
    }
  }
  return rows;
}

std::optional<double> deviation_from(std::string_view text) {
  const std::optional<double> deviation = number_from(text);
  return deviation && *deviation >= 0 ? deviation : std::nullopt;
}

/// Fields while their lines are read.
class FieldsOfLines {
public:
  void add(const Row& row) {
    const PerOrganelle<std::string> truths = row.truths();
    const PlaneFile plane{
        row.path("image"),
        row.value("z", number_from<std::size_t>, "the numbers from 0").value_or(0)};
    const auto* const first = std::ranges::find_if_not(truths, &std::string::empty);
    if (first == truths.end()) {
      catalogue_.problems.push_back({plane.path, "no label"});
      return;
    }
    const std::string name = row["field"].empty() ? *first : row["field"];
    const auto [listed, is_new] = listed_.try_emplace(plane, Listed{name, row.line()});
    if (listed->second.field != name) {
      // One plane in two fields might be learnt from and validated on.
      row.fail(fmt::format("{} is listed in line {} for another field; name all truths of a field "
                           "in each of its lines, or give them one \"field\"",
                           printable(plane.path.string()), listed->second.line));
    }
    Field& field = field_of(row, name);
    const bool tells_more = add_labels(row, truths, field);
    if (is_new) {
      field.planes.push_back(plane);
    } else if (!tells_more) {
      catalogue_.problems.push_back(
          {plane.path, fmt::format("line {} lists it again", row.line())});
    }
  }

  [[nodiscard]] Catalogue take() {
    for (auto& [name, field] : fields_) {
      catalogue_.fields.push_back(std::move(field));
    }
    return std::move(catalogue_);
  }

private:
  /// Where a plane was listed first.
  struct Listed {
    std::string field;
    std::size_t line = 0;
  };

  Field& field_of(const Row& row, const std::string& name) {
    const Modality modality = row.modality();
    const auto [entry, is_new] = fields_.try_emplace(name);
    Field& field = entry->second;
    if (is_new) {
      field.name = name;
      field.modality = modality;
    }
    if (field.modality != modality) {
      row.fail(fmt::format("field \"{}\" has two modalities", printable(name)));
    }
    return field;
  }

  /// @return whether any is new
  static bool add_labels(const Row& row, const PerOrganelle<std::string>& truths, Field& field) {
    bool any_new = false;
    for (const Organelle organelle : all_organelles) {
      if (truths[organelle].empty()) {
        continue;
      }
      auto& label = field.labels[organelle];
      const fs::path truth = row.below_table(truths[organelle]);
      if (label.value_or(truth) != truth) {
        row.fail(fmt::format("field \"{}\" has two labels of {}", printable(field.name),
                             name_of(organelle)));
      }
      any_new = any_new || !label;
      label = truth;
    }
    return any_new;
  }

  std::map<std::string, Field> fields_;
  std::map<PlaneFile, Listed> listed_;
  Catalogue catalogue_;
};

} // namespace

Catalogue fields_in_table(const fs::path& table) {
  FieldsOfLines fields;
  for (const Row& row : read(table, {"image"})) {
    fields.add(row);
  }
  return fields.take();
}

PairList pairs_in_table(const fs::path& table) {
  PairList list;
  for (const Row& row : read(table, {"prediction", "organelle"})) {
    const Organelle organelle = *row.organelle();
    const std::string truth = row.truths()[organelle];
    Pair pair{.prediction = row.path("prediction"),
              .truth = row.below_table(truth),
              .organelle = organelle,
              .modality = row.modality(),
              .focus_deviation = row.value("focus_deviation", deviation_from, "the numbers from 0"),
              .input = row.path("image")};
    std::error_code error;
    if (truth.empty()) {
      list.skipped.push_back({pair.prediction, organelle, "the table names no truth"});
    } else if (!fs::exists(pair.truth, error)) {
      list.skipped.push_back(
          {pair.prediction, organelle, fmt::format("there is no {}", pair.truth.string())});
    } else {
      list.pairs.push_back(std::move(pair));
    }
  }
  return list;
}

} // namespace lmc::dataset
