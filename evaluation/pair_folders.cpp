// SPDX-License-Identifier: Apache-2.0
#include "evaluation/pair_folders.hpp"

#include "common/error.hpp"
#include "evaluation/field_name.hpp"
#include "image/image_suffix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace lmc::evaluation {

namespace fs = std::filesystem;

namespace {

using Paths = std::vector<fs::path>; ///< below their folder

bool is_same_folder(const fs::path& a, const fs::path& b) {
  std::error_code error;
  return !b.empty() && fs::equivalent(a, b, error) && !error;
}

/// Images below `folder`, sorted, without those below the folders left out.
Paths images_below(const fs::path& folder, const Paths& left_out) {
  if (!fs::is_directory(folder)) {
    throw Error{ErrorCode::input_missing, folder.string(), "there is no such folder",
                "name a folder with images"};
  }
  Paths images;
  for (auto entry = fs::recursive_directory_iterator{folder}; entry != fs::end(entry); ++entry) {
    const std::string name = entry->path().filename().string();
    if (entry->is_directory()) {
      if (std::ranges::any_of(left_out,
                              [&](const fs::path& out) { return is_same_folder(*entry, out); })) {
        entry.disable_recursion_pending();
      }
    } else if (!name.starts_with('.') && image::image_suffix(name)) {
      images.push_back(entry->path().lexically_relative(folder)); // links stay links
    }
  }
  std::ranges::sort(images);
  return images;
}

/// The truths of a folder by stem and organelle.
using TruthIndex = std::map<std::pair<std::string, Organelle>, Paths>;

/// The transmitted-light images by stem, and the focal planes of each field.
struct InputIndex {
  fs::path folder;
  std::map<std::string, Paths> by_stem;
  std::map<std::string, std::set<int>> planes;
};

void add_plane(const PlaneName& name, std::map<std::string, std::set<int>>& planes) {
  if (name.z) {
    planes[name.field].insert(*name.z);
  }
}

InputIndex index_inputs(const fs::path& folder, const Paths& files) {
  InputIndex index{folder, {}, {}};
  for (const fs::path& file : files) {
    if (!organelle_name_of(file)) {
      const std::string stem = image::without_image_suffix(file.filename()).string();
      index.by_stem[stem].push_back(file);
      add_plane(plane_name_of(stem), index.planes);
    }
  }
  return index;
}

/// Fields without inputs: their planes are those that were predicted.
void add_predicted_planes(const Paths& predictions, InputIndex& inputs) {
  std::map<std::string, std::set<int>> predicted;
  for (const fs::path& prediction : predictions) {
    if (const auto name = organelle_name_of(prediction)) {
      add_plane(plane_name_of(name->stem), predicted);
    }
  }
  inputs.planes.merge(predicted); // keeps what is there
}

TruthIndex index_truths(const Paths& files) {
  TruthIndex index;
  for (const fs::path& file : files) {
    if (const auto name = organelle_name_of(file)) {
      index[{name->stem, name->organelle}].push_back(file);
    }
  }
  return index;
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

const Paths* find_truths(const TruthIndex& truths, const OrganelleName& name,
                         const PlaneName& plane) {
  for (const std::string& stem : {name.stem, plane.field}) {
    if (const auto found = truths.find({stem, name.organelle}); found != truths.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

fs::path input_of(const InputIndex& inputs, const std::string& stem, const fs::path& prediction) {
  const auto found = inputs.by_stem.find(stem);
  const fs::path input =
      found == inputs.by_stem.end() ? fs::path{} : choose(found->second, prediction);
  return input.empty() ? input : inputs.folder / input;
}

struct Matching {
  const EvaluationFolders& folders;
  const TruthIndex& truths;
  const InputIndex& inputs;
};

void match(const Matching& matching, const fs::path& prediction, const OrganelleName& name,
           PairList& list, std::set<fs::path>& used) {
  const PlaneName plane = plane_name_of(name.stem);
  const fs::path path = matching.folders.predictions / prediction;
  const Paths* const candidates = find_truths(matching.truths, name, plane);
  if (candidates == nullptr) {
    list.skipped.push_back({path, name.organelle, "no truth"});
    return;
  }
  const fs::path truth = choose(*candidates, prediction);
  if (truth.empty()) {
    list.skipped.push_back(
        {path, name.organelle,
         fmt::format("{} truths have its name, none in the same subfolder", candidates->size())});
    return;
  }
  used.insert(truth);
  Pair pair{path, matching.folders.truths / truth, name.organelle, plane.modality, std::nullopt,
            {}};
  if (plane.z) {
    pair.focus_deviation = focus_deviation(matching.folders.best_focus, plane.field, *plane.z,
                                           matching.inputs.planes.at(plane.field));
  }
  pair.input = input_of(matching.inputs, name.stem, prediction);
  list.pairs.push_back(std::move(pair));
}

} // namespace

PairList pairs_in_folders(const EvaluationFolders& folders) {
  if (is_same_folder(folders.predictions, folders.truths)) {
    throw Error{ErrorCode::usage, folders.truths.string(),
                "it is the folder of the predictions too",
                "keep predictions and truths in folders of their own, or list the pairs in a CSV "
                "table"};
  }
  const Paths predictions =
      images_below(folders.predictions, {folders.truths, folders.inputs, folders.left_out});
  const Paths truth_files = images_below(folders.truths, {folders.predictions, folders.left_out});
  const TruthIndex truths = index_truths(truth_files);
  const bool beside = folders.inputs.empty();
  InputIndex inputs = index_inputs(
      beside ? folders.truths : folders.inputs,
      beside ? truth_files : images_below(folders.inputs, {folders.predictions, folders.left_out}));
  add_predicted_planes(predictions, inputs);
  PairList list;
  std::set<fs::path> used;
  for (const fs::path& prediction : predictions) {
    if (const auto name = organelle_name_of(prediction)) {
      match({folders, truths, inputs}, prediction, *name, list, used);
    }
  }
  for (const auto& [key, files] : truths) {
    for (const fs::path& file : files) {
      if (!used.contains(file)) {
        list.unused_truths.push_back(folders.truths / file);
      }
    }
  }
  return list;
}

} // namespace lmc::evaluation
