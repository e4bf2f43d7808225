// SPDX-License-Identifier: Apache-2.0
#include "training/study_folder.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

namespace lmc::training {

namespace {

constexpr std::string_view prefix = "image_";
constexpr std::string_view suffix = ".ome.tiff";

/// The parts of a file name: id, what it shows, and the focal plane of transmitted light.
struct NameParts {
  std::string id;
  std::string what;
  std::optional<long> z;
};

std::optional<long> number(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                  : std::nullopt;
}

std::optional<NameParts> parts_of(std::string_view name) {
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) {
    return std::nullopt;
  }
  name.remove_prefix(prefix.size());
  name.remove_suffix(suffix.size());
  const std::size_t first = name.find('_');
  if (first == std::string_view::npos || first == 0) {
    return std::nullopt;
  }
  NameParts parts{.id = std::string{name.substr(0, first)}, .what = {}, .z = {}};
  name.remove_prefix(first + 1);
  const std::size_t focus = name.rfind("_z");
  if (focus != std::string_view::npos) {
    parts.z = number(name.substr(focus + 2));
    name = name.substr(0, focus);
  }
  parts.what = name;
  return parts;
}

/// A field while its files are found.
struct Found {
  std::map<std::pair<Modality, long>, std::filesystem::path> planes;
  std::map<Organelle, std::filesystem::path> labels;
};

/// @return whether the name is one of the layout's
bool take(const std::filesystem::path& path, std::map<std::string, Found>& fields) {
  const auto parts = parts_of(path.filename().string());
  if (!parts) {
    return false;
  }
  if (const auto organelle = organelle_from_name(parts->what); organelle && !parts->z) {
    fields[parts->id].labels.emplace(*organelle, path);
    return true;
  }
  const auto modality = modality_from_name(parts->what);
  if (!modality || !parts->z) {
    return false;
  }
  fields[parts->id].planes.emplace(std::pair{*modality, *parts->z}, path);
  return true;
}

std::string problem_of(const Found& found) {
  if (found.planes.empty()) {
    return "a label without transmitted light";
  }
  if (found.labels.empty()) {
    return "transmitted light without a label";
  }
  return found.planes.begin()->first.first != found.planes.rbegin()->first.first
             ? "transmitted light of two modalities in one field"
             : "";
}

Field field_of(const std::string& id, const Found& found) {
  Field field;
  field.name = id;
  field.modality = found.planes.begin()->first.first;
  for (const auto& [key, path] : found.planes) {
    field.planes.push_back({.path = path});
  }
  for (const auto& [organelle, path] : found.labels) {
    field.labels[channel_of(organelle)] = path;
  }
  return field;
}

} // namespace

Catalogue read_study_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::recursive_directory_iterator entry{folder, error}, end;
       !error && entry != end; entry.increment(error)) {
    files.push_back(entry->path());
  }
  if (error) {
    throw Error{ErrorCode::input_missing, folder.string(), error.message(),
                "name a folder that can be read, or a .csv file"};
  }
  std::sort(files.begin(), files.end());
  std::map<std::string, Found> fields;
  for (const auto& path : files) {
    take(path, fields);
  }
  Catalogue catalogue;
  for (const auto& [id, found] : fields) {
    const std::string problem = problem_of(found);
    if (problem.empty()) {
      catalogue.fields.push_back(field_of(id, found));
    } else {
      catalogue.problems.push_back(
          {found.planes.empty() ? found.labels.begin()->second : found.planes.begin()->second,
           problem});
    }
  }
  if (fields.empty()) {
    throw Error{ErrorCode::input_missing, folder.string(),
                "holds no Study_<n>/image_<id>_<BF|PC|DIC>_z<k>.ome.tiff",
                "name a folder of that layout, or list the pairs in a .csv file"};
  }
  return catalogue;
}

} // namespace lmc::training
