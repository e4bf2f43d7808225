// SPDX-License-Identifier: Apache-2.0
#include "dataset/study.hpp"

#include "common/error.hpp"
#include "dataset/file_name.hpp"
#include "dataset/scan.hpp"

#include <map>
#include <string_view>
#include <utility>

namespace lmc::dataset {

namespace {

constexpr std::string_view prefix = "image_";

/// A field while its files are found.
struct Found {
  std::map<std::pair<Modality, int>, std::filesystem::path> planes;
  PerOrganelle<std::optional<std::filesystem::path>> labels;
};

/// Takes a file whose name is one of the layout's.
void take(const std::filesystem::path& file, std::map<std::string, Found>& fields) {
  const FileName name = file_name_of(file.filename()); // folders name no organelle here
  if (!name.field.starts_with(prefix) || name.organelle.has_value() == name.z.has_value()) {
    return;
  }
  Found& field = fields[name.field.substr(prefix.size())];
  if (!name.organelle) {
    field.planes.try_emplace({name.modality, *name.z}, file);
  } else if (auto& label = field.labels[*name.organelle]; !label) {
    label = file;
  }
}

std::string problem_of(const Found& found, const Field& field) {
  if (found.planes.empty()) {
    return "a label without transmitted light";
  }
  if (field.label_count() == 0) {
    return "transmitted light without a label";
  }
  return found.planes.begin()->first.first != found.planes.rbegin()->first.first
             ? "transmitted light of two modalities in one field"
             : "";
}

/// The file that a problem is told of.
std::filesystem::path first_file(const Field& field) {
  if (!field.planes.empty()) {
    return field.planes.front().path;
  }
  return **std::ranges::find_if(field.labels, [](const auto& label) { return label.has_value(); });
}

} // namespace

Catalogue read_study(const std::filesystem::path& folder) {
  std::map<std::string, Found> fields;
  for (const auto& file : images_below(folder)) {
    take(folder / file, fields);
  }
  if (fields.empty()) {
    throw Error{ErrorCode::input_missing, folder.string(),
                "holds no Study_<n>/image_<id>_<BF|PC|DIC>_z<k>.ome.tiff",
                "name a folder of that layout, or list the pairs in a .csv file"};
  }
  Catalogue catalogue;
  for (const auto& [id, found] : fields) {
    Field field;
    field.name = id;
    field.labels = found.labels;
    for (const auto& [key, path] : found.planes) {
      field.modality = key.first;
      field.planes.push_back({.path = path});
    }
    const std::string problem = problem_of(found, field);
    if (problem.empty()) {
      catalogue.fields.push_back(std::move(field));
    } else {
      catalogue.problems.push_back({first_file(field), problem});
    }
  }
  return catalogue;
}

} // namespace lmc::dataset
