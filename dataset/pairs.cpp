// SPDX-License-Identifier: Apache-2.0
#include "dataset/pairs.hpp"

#include "common/error.hpp"
#include "dataset/file_name.hpp"
#include "dataset/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace lmc::dataset {

namespace fs = std::filesystem;

namespace {

using Paths = std::vector<fs::path>; ///< below their folder

/// The images of a folder by what they show of which image.
struct Images {
  fs::path folder;
  std::map<fs::path, FileName> names;
  std::map<std::pair<std::string, std::optional<Organelle>>, Paths> files;
  std::map<std::string, std::set<int>> planes; ///< focal planes of each field

  [[nodiscard]] const Paths* find(const std::string& image,
                                  std::optional<Organelle> organelle) const {
    const auto found = files.find({image, organelle});
    return found == files.end() ? nullptr : &found->second;
  }
};

Images images_in(const fs::path& folder, const Paths& left_out) {
  Images images{.folder = folder, .names = {}, .files = {}, .planes = {}};
  for (const fs::path& file : images_below(folder, left_out)) {
    FileName name = file_name_of(file);
    if (name.image.empty()) {
      continue;
    }
    images.files[{name.image, name.organelle}].push_back(file);
    if (name.z) {
      images.planes[name.field].insert(*name.z);
    }
    images.names.emplace(file, std::move(name));
  }
  return images;
}

/// The one that lies where `prediction` lies, or the only one; empty when there are several.
fs::path choose(const Paths& candidates, const fs::path& prediction) {
  const auto beside = std::ranges::find_if(candidates, [&](const fs::path& candidate) {
    return candidate.parent_path() == prediction.parent_path();
  });
  if (beside != candidates.end()) {
    return *beside;
  }
  return candidates.size() == 1 ? candidates.front() : fs::path{};
}

/// Finds what belongs to each prediction.
struct Matching {
  const BestFocus& best_focus;
  const Images& predictions;
  const Images& truths;
  const Images& inputs;
  PairList list{};
  std::set<fs::path> used{}; ///< truths

  void skip(const fs::path& prediction, Organelle organelle, std::string reason) {
    list.skipped.push_back({predictions.folder / prediction, organelle, std::move(reason)});
  }

  [[nodiscard]] fs::path input_of(const FileName& name, const fs::path& prediction) const {
    const Paths* const candidates = inputs.find(name.image, std::nullopt);
    const fs::path input = candidates == nullptr ? fs::path{} : choose(*candidates, prediction);
    return input.empty() ? input : inputs.folder / input;
  }

  void match(const fs::path& prediction, const FileName& name) {
    const Organelle organelle = *name.organelle;
    const Paths* candidates = truths.find(name.image, organelle);
    candidates = candidates == nullptr ? truths.find(name.field, organelle) : candidates;
    if (candidates == nullptr) {
      return skip(prediction, organelle, "no truth");
    }
    const fs::path truth = choose(*candidates, prediction);
    if (truth.empty()) {
      return skip(
          prediction, organelle,
          fmt::format("{} truths have its name, none in the same subfolder", candidates->size()));
    }
    used.insert(truth);
    Pair pair{.prediction = predictions.folder / prediction,
              .truth = truths.folder / truth,
              .organelle = organelle,
              .modality = name.modality,
              .focus_deviation = std::nullopt,
              .input = input_of(name, prediction)};
    if (name.z) {
      // Without inputs the planes are those that were predicted.
      const auto known = inputs.planes.find(name.field);
      pair.focus_deviation = focus_deviation(
          best_focus, name.field, *name.z,
          known == inputs.planes.end() ? predictions.planes.at(name.field) : known->second);
    }
    list.pairs.push_back(std::move(pair));
  }
};

} // namespace

PairList pairs_in_folders(const PairFolders& folders) {
  if (is_same_folder(folders.predictions, folders.truths)) {
    throw Error{ErrorCode::usage, folders.truths.string(),
                "it is the folder of the predictions too",
                "keep predictions and truths in folders of their own, or list the pairs in a CSV "
                "table"};
  }
  const Images predictions =
      images_in(folders.predictions, {folders.truths, folders.inputs, folders.left_out});
  const Paths no_inputs{folders.predictions, folders.left_out};
  const Images truths = images_in(folders.truths, no_inputs);
  const Images inputs = folders.inputs.empty() ? truths : images_in(folders.inputs, no_inputs);
  Matching matching{folders.best_focus, predictions, truths, inputs};
  for (const auto& [file, name] : predictions.names) {
    if (name.organelle) {
      matching.match(file, name);
    }
  }
  for (const auto& [file, name] : truths.names) {
    if (name.organelle && !matching.used.contains(file)) {
      matching.list.unused_truths.push_back(truths.folder / file);
    }
  }
  return std::move(matching.list);
}

} // namespace lmc::dataset
