// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"
#include "dataset/best_focus.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::dataset {

/// A prediction and its ground truth.
struct Pair {
  std::filesystem::path prediction;
  std::filesystem::path truth;
  Organelle organelle = Organelle::mitochondria;
  Modality modality = Modality::unknown; ///< unknown: as the input's metadata say
  std::optional<double> focus_deviation; ///< |z - best z|, planes
  std::filesystem::path input;           ///< transmitted light; empty where it is not known
};

/// A prediction that is not evaluated, and why.
struct SkippedPrediction {
  std::filesystem::path prediction;
  Organelle organelle = Organelle::mitochondria;
  std::string reason;
};

/// What there is to evaluate.
struct PairList {
  std::vector<Pair> pairs;
  std::vector<SkippedPrediction> skipped;
  std::vector<std::filesystem::path> unused_truths; ///< truths that nothing was predicted for
};

/// Where predictions and their truths are. All folders are searched with their subfolders.
struct PairFolders {
  std::filesystem::path predictions;
  std::filesystem::path truths;
  std::filesystem::path inputs;   ///< empty: the inputs lie beside the truths, or are not known
  std::filesystem::path left_out; ///< a folder for results, which may lie inside another
  BestFocus best_focus;
};

/// Pairs the images of two folders by name (see `FileName`): a prediction's truth shows the same
/// organelle of the same image or else of its field (`image_12_BF_z3_nucleus`: of `image_12`). Of
/// several truths the one in the same subfolder is taken; without one the prediction is skipped.
/// Sorted by path. Names without an image (`nucleus.tif`) take no part.
/// @throws Error input_missing for a folder that is none; usage when both are the same
[[nodiscard]] PairList pairs_in_folders(const PairFolders& folders);

} // namespace lmc::dataset
