// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "training/field.hpp"

#include <filesystem>

namespace lmc::training {

/// Reads a CSV file that lists a user's pairs, one transmitted-light plane a line. Its first line
/// names the columns: `image` (required), `modality` (BF, PC or DIC), `mitochondria`, `nucleus`,
/// `tubulin`, `actin` (at least one), `z` (plane within the file, 0 if absent), `field`. Paths are
/// relative to the CSV file's folder; an empty cell is a missing label; cells with commas or quotes
/// are quoted as in RFC 4180. Lines of the same `field`, or without that column the same first
/// label, are focal planes of one field of view.
/// @throws Error input_missing; configuration for what is no CSV table; input_corrupt naming the
/// line and the columns that are allowed
[[nodiscard]] Catalogue read_pair_list(const std::filesystem::path& csv);

} // namespace lmc::training
