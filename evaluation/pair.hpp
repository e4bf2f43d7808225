// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace lmc::evaluation {

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

} // namespace lmc::evaluation
