// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace lmc::dataset {

/// Plane in best focus, by field ("image_12").
using BestFocus = std::map<std::string, double>;

/// Reads a CSV table with the columns `field` and `best_z`, or a JSON object {"image_12": 7}.
/// @throws Error input_missing, configuration
[[nodiscard]] BestFocus read_best_focus(const std::filesystem::path& file);

/// |z - best z| in planes. Best z is the table's; for fields that are not in it the middle one of
/// the field's planes (number size / 2 in ascending order), because the public data set keeps its
/// planes around the best focus and does not name it. Nothing when the field has one plane only.
/// @param planes all planes of the field that are known
[[nodiscard]] std::optional<double> focus_deviation(const BestFocus& table,
                                                    const std::string& field, int z,
                                                    const std::set<int>& planes);

} // namespace lmc::dataset
