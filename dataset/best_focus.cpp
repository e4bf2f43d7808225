// SPDX-License-Identifier: Apache-2.0
#include "dataset/best_focus.hpp"

#include "common/error.hpp"
#include "common/records/csv.hpp"
#include "common/records/json.hpp"
#include "common/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <iterator>
#include <stdexcept>

namespace lmc::dataset {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& cause) {
  throw Error{ErrorCode::configuration, file.string(), cause,
              R"(give a CSV table with the columns field,best_z, or JSON such as {"image_12": 7})"};
}

BestFocus from_json(const std::filesystem::path& file) {
  BestFocus table;
  try {
    const nlohmann::json json = read_json_file(file);
    if (!json.is_object()) {
      throw std::invalid_argument{"it is no JSON object"};
    }
    for (const auto& [field, z] : json.items()) {
      if (!z.is_number()) {
        throw std::invalid_argument{fmt::format("best z of \"{}\" is no number", field)};
      }
      table[field] = z.get<double>();
    }
  } catch (const std::invalid_argument& cause) {
    refuse(file, cause.what());
  }
  return table;
}

BestFocus from_csv(const std::filesystem::path& file) {
  const CsvTable csv = read_csv_file(file);
  if (csv.columns != std::vector<std::string>{"field", "best_z"}) {
    refuse(file, "its columns are not field,best_z");
  }
  BestFocus table;
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    const std::optional<double> z = number_from(csv.rows[i][1]);
    if (!z) {
      refuse(file,
             fmt::format("line {}: best_z \"{}\" is no number", csv.lines[i], csv.rows[i][1]));
    }
    table[csv.rows[i][0]] = *z;
  }
  return table;
}

} // namespace

BestFocus read_best_focus(const std::filesystem::path& file) {
  return file.extension() == ".json" ? from_json(file) : from_csv(file);
}

std::optional<double> focus_deviation(const BestFocus& table, const std::string& field, int z,
                                      const std::set<int>& planes) {
  if (const auto stated = table.find(field); stated != table.end()) {
    return std::abs(z - stated->second);
  }
  if (planes.size() < 2) {
    return std::nullopt;
  }
  const int middle = *std::next(planes.begin(), static_cast<std::ptrdiff_t>(planes.size() / 2));
  return std::abs(z - middle);
}

} // namespace lmc::dataset
