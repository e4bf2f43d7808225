// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "dataset/field.hpp"
#include "dataset/pairs.hpp"

#include <filesystem>

namespace lmc::dataset {

// A table of pairs is a CSV file (RFC 4180) whose first line names its columns, in any order and
// case. Paths are relative to the table's folder; an empty cell says nothing.
//
// | column                               | means                                                 |
// | ------------------------------------ | ----------------------------------------------------- |
// | image, or input                      | transmitted light                                     |
// | modality                             | BF, PC or DIC; empty: as the image's metadata say     |
// | mitochondria, nucleus, tubulin, actin| the image's ground truths                             |
// | prediction, organelle, truth         | a prediction, what it shows, and its ground truth,    |
// |                                      | which may stand in the organelle's column instead     |
// | z, field                             | the image's plane within its file, from 0; its field  |
// | focus_deviation                      | distance from the plane in best focus, planes         |
//
// Learning needs image and a truth, evaluation prediction, organelle and truth; each passes over
// the columns that only the other uses, so that one table serves both.

/// The fields of view that a table lists, a transmitted-light plane a line. Lines of the same
/// `field`, or without that the same first truth, are focal planes of one field of view.
/// @throws Error input_missing; configuration, naming the line, for a table that means nothing
[[nodiscard]] Catalogue fields_in_table(const std::filesystem::path& table);

/// The predictions that a table lists, one a line, with their truths. Lines whose truth is empty or
/// does not exist are skipped. @throws as `fields_in_table`
[[nodiscard]] PairList pairs_in_table(const std::filesystem::path& table);

} // namespace lmc::dataset
