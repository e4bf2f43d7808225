// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::dataset {

/// One focal plane on disk.
struct PlaneFile {
  std::filesystem::path path;
  std::size_t z = 0; ///< plane within the file

  friend auto operator<=>(const PlaneFile&, const PlaneFile&) = default;
};

/// One field of view: its transmitted-light planes and what is labelled.
struct Field {
  std::string name; ///< unique within its study or table
  Modality modality = Modality::unknown;
  std::vector<PlaneFile> planes; ///< by focus
  PerOrganelle<std::optional<std::filesystem::path>> labels;

  [[nodiscard]] std::size_t label_count() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(labels, [](const auto& label) { return label.has_value(); }));
  }
  /// Whether something can be learnt from it.
  [[nodiscard]] bool is_usable() const { return !planes.empty() && label_count() > 0; }
};

/// A file that cannot be used, and why.
struct DataProblem {
  std::filesystem::path file;
  std::string reason;
};

/// What a study or a table holds.
struct Catalogue {
  std::vector<Field> fields;
  std::vector<DataProblem> problems;
};

} // namespace lmc::dataset
