// SPDX-License-Identifier: Apache-2.0
#include "training/pair_list.hpp"

#include "common/csv.hpp"
#include "common/error.hpp"
#include "common/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace lmc::training {

namespace {

constexpr std::array columns{"image", "modality", "mitochondria", "nucleus", "tubulin",
                             "actin", "z",        "field"};

using Row = std::map<std::string, std::string>;

[[noreturn]] void fail(const std::filesystem::path& csv, std::size_t line,
                       const std::string& cause) {
  throw Error{
      ErrorCode::input_corrupt, csv.string(), fmt::format("line {}: {}", line, cause),
      fmt::format("the columns, with commas between them, are {}", fmt::join(columns, ", "))};
}

std::vector<std::string> header_of(const std::filesystem::path& csv,
                                   const std::vector<std::string>& names) {
  std::vector<std::string> header;
  for (const std::string& name : names) {
    header.push_back(lower_case(name));
    if (std::find(columns.begin(), columns.end(), header.back()) == columns.end()) {
      fail(csv, 1, fmt::format("unknown column \"{}\"", printable(name)));
    }
  }
  if (std::find(header.begin(), header.end(), "image") == header.end()) {
    fail(csv, 1, "no column \"image\"");
  }
  return header;
}

std::size_t plane_of(const std::filesystem::path& csv, std::size_t line, const std::string& text) {
  std::size_t z = 0;
  if (text.empty()) {
    return z;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), z);
  if (error != std::errc{} || end != text.data() + text.size()) {
    fail(csv, line, fmt::format("z is \"{}\", not a plane's number from 0", printable(text)));
  }
  return z;
}

Modality modality_of(const std::filesystem::path& csv, std::size_t line, const std::string& text) {
  if (text.empty()) {
    return Modality::unknown;
  }
  const auto modality = modality_from_name(text);
  if (!modality) {
    fail(csv, line, fmt::format("modality is \"{}\", allowed BF, PC, DIC", printable(text)));
  }
  return *modality;
}

/// One line as a field of one plane.
Field field_of(const std::filesystem::path& csv, std::size_t line, const Row& row) {
  const auto cell = [&](const std::string& name) {
    const auto found = row.find(name);
    return found == row.end() ? std::string{} : found->second;
  };
  if (cell("image").empty()) {
    fail(csv, line, "no image");
  }
  Field field;
  field.name = cell("field");
  field.modality = modality_of(csv, line, cell("modality"));
  field.planes.push_back(
      {.path = csv.parent_path() / cell("image"), .z = plane_of(csv, line, cell("z"))});
  for (const Organelle organelle : all_organelles) {
    const std::string label = cell(std::string{name_of(organelle)});
    if (!label.empty()) {
      field.labels[channel_of(organelle)] = csv.parent_path() / label;
      field.name = field.name.empty() ? label : field.name;
    }
  }
  return field;
}

/// Where a plane was listed first.
struct Listed {
  std::string field;
  std::size_t line = 0;
};

/// Whether a plane comes for the first time. One plane in two fields might be learnt from and
/// validated on.
bool is_new(const std::filesystem::path& csv, std::size_t line, const Field& field,
            std::map<PlaneFile, Listed>& listed) {
  const PlaneFile& plane = field.planes.front();
  const auto [entry, added] = listed.try_emplace(plane, Listed{field.name, line});
  if (entry->second.field != field.name) {
    fail(
        csv, line,
        fmt::format("{} is listed in line {} for another field; name all labels of a field in each "
                    "of its lines, or give them one \"field\"",
                    printable(plane.path.string()), entry->second.line));
  }
  return added;
}

/// Adds a line's plane to the field of the same name.
void merge(const std::filesystem::path& csv, std::size_t line, const Field& added,
           std::map<std::string, Field>& fields) {
  const auto [entry, first] = fields.try_emplace(added.name, added);
  if (first) {
    return;
  }
  Field& field = entry->second;
  if (field.modality != added.modality) {
    fail(csv, line, fmt::format("field \"{}\" has two modalities", printable(added.name)));
  }
  field.planes.insert(field.planes.end(), added.planes.begin(), added.planes.end());
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (added.labels[k] && field.labels[k] && *added.labels[k] != *field.labels[k]) {
      fail(csv, line,
           fmt::format("field \"{}\" has two labels of {}", printable(added.name),
                       name_of(all_organelles[k])));
    }
    if (added.labels[k]) {
      field.labels[k] = added.labels[k];
    }
  }
}

} // namespace

Catalogue read_pair_list(const std::filesystem::path& csv) {
  const CsvTable table = read_csv_file(csv);
  const std::vector<std::string> header = header_of(csv, table.columns);
  if (table.rows.empty()) {
    fail(csv, 1, "no line follows the header");
  }
  std::map<std::string, Field> fields;
  std::map<PlaneFile, Listed> listed;
  Catalogue catalogue;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    Row row;
    for (std::size_t column = 0; column < header.size(); ++column) {
      row[header[column]] = table.rows[i][column];
    }
    Field field = field_of(csv, table.lines[i], row);
    if (std::none_of(field.labels.begin(), field.labels.end(),
                     [](const auto& label) { return label.has_value(); })) {
      catalogue.problems.push_back({field.planes.front().path, "no label"});
      continue;
    }
    if (!is_new(csv, table.lines[i], field, listed)) {
      catalogue.problems.push_back(
          {field.planes.front().path, fmt::format("line {} lists it again", table.lines[i])});
      field.planes.clear(); // its labels may be new
    }
    merge(csv, table.lines[i], field, fields);
  }
  for (auto& [name, field] : fields) {
    catalogue.fields.push_back(std::move(field));
  }
  return catalogue;
}

} // namespace lmc::training
