// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::training {

/// Part of a field of view that training never sees.
enum class HoldOut {
  none,
  right_quarter, ///< the last quarter of the columns
};

/// One focal plane on disk.
struct PlaneFile {
  std::filesystem::path path;
  std::size_t z = 0; ///< plane within the file

  friend auto operator<=>(const PlaneFile&, const PlaneFile&) = default;
};

/// One field of view: its transmitted-light planes and what is labelled.
struct Field {
  std::string name; ///< unique within its source, decides the split
  Modality modality = Modality::unknown;
  std::vector<PlaneFile> planes; ///< by focus
  std::array<std::optional<std::filesystem::path>, organelle_count> labels;
  HoldOut hold_out = HoldOut::none;
  std::size_t repeat = 1; ///< times that it counts in the sampling lists
};

/// A file that cannot be used, and why.
struct DataProblem {
  std::filesystem::path file;
  std::string reason;
};

/// What a source holds.
struct Catalogue {
  std::vector<Field> fields;
  std::vector<DataProblem> problems;
};

/// Files that a list of fields names.
[[nodiscard]] std::size_t files_of(const std::vector<Field>& fields);

/// Columns of a field of `width` columns that training sees.
[[nodiscard]] std::size_t visible_width(std::size_t width, HoldOut hold_out);

} // namespace lmc::training
