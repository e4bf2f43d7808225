// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "evaluation/best_focus.hpp"
#include "evaluation/pair.hpp"

#include <filesystem>

namespace lmc::evaluation {

/// Where the images of an evaluation are. All folders are searched with their subfolders.
struct EvaluationFolders {
  std::filesystem::path predictions;
  std::filesystem::path truths;
  std::filesystem::path inputs;   ///< empty: the inputs lie beside the truths, or are not known
  std::filesystem::path left_out; ///< the report's folder, which may lie inside another
  BestFocus best_focus;
};

/// Pairs the images of two folders by name (see `organelle_name_of`): a prediction's truth has the
/// same organelle and the stem of the prediction or, for `image_<id>_<BF|PC|DIC>_z<k>`, the stem
/// `image_<id>`. Of several, the one in the same subfolder is taken; else the prediction is
/// skipped. Sorted by path.
/// @throws Error input_missing for a folder that is none; usage when both are the same
[[nodiscard]] PairList pairs_in_folders(const EvaluationFolders& folders);

} // namespace lmc::evaluation
