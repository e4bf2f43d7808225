// SPDX-License-Identifier: Apache-2.0
#include "training/data_check.hpp"

#include "common/error.hpp"
#include "common/log.hpp"
#include "common/parallel.hpp"
#include "image/input_image.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lmc::training {

namespace {

constexpr std::size_t always_allowed = 3; // so that small sets need no option
constexpr std::size_t logged = 20;

using Problems = std::vector<DataProblem>;

std::string size_text(const DecodedPlane& plane) {
  return fmt::format("{} x {}", plane.height, plane.width);
}

/// The plane, or nothing and a noted problem.
template <typename Load>
std::shared_ptr<const DecodedPlane> load(const std::filesystem::path& file, Problems& problems,
                                         Load load_plane) {
  try {
    return load_plane();
  } catch (const Error& error) {
    problems.push_back({file, error.cause()});
    return nullptr;
  }
}

/// Whether a plane can be used in a field whose size is that of `first`.
bool fits(const std::filesystem::path& file, const std::shared_ptr<const DecodedPlane>& plane,
          std::shared_ptr<const DecodedPlane>& first, std::size_t crop, Problems& problems) {
  if (plane == nullptr) {
    return false;
  }
  if (std::min(plane->height, plane->width) < crop) {
    problems.push_back(
        {file, fmt::format("{} pixels of it are to be used, a crop (\"data.crop\") takes {} x {}",
                           size_text(*plane), crop, crop)});
    return false;
  }
  first = first == nullptr ? plane : first;
  if (plane->height != first->height || plane->width != first->width) {
    problems.push_back({file, fmt::format("{} pixels, the transmitted light of its field has {}",
                                          size_text(*plane), size_text(*first))});
    return false;
  }
  return true;
}

void find_modality(Field& field, Problems& problems) {
  if (field.modality != Modality::unknown || field.planes.empty()) {
    return;
  }
  field.modality = image::InputImage::open(field.planes.front().path, {}).modality();
  if (field.modality == Modality::unknown) {
    problems.push_back(
        {field.planes.front().path,
         "its metadata name no modality; name it in the table's column \"modality\""});
    field.planes.clear();
  }
}

/// Takes out what cannot be used of one field.
Problems check_field(Field& field, PlaneCache& cache, std::size_t crop) {
  Problems problems;
  std::shared_ptr<const DecodedPlane> first;
  std::vector<PlaneFile> planes;
  for (const PlaneFile& file : field.planes) {
    const auto plane = load(file.path, problems, [&] { return cache.light(file, field.hold_out); });
    if (fits(file.path, plane, first, crop, problems)) {
      planes.push_back(file);
    }
  }
  field.planes = std::move(planes);
  for (auto& label : field.labels) {
    if (!label || field.planes.empty()) {
      continue;
    }
    const auto plane = load(*label, problems, [&] { return cache.label(*label, field.hold_out); });
    if (!fits(*label, plane, first, crop, problems)) {
      label.reset();
    }
  }
  find_modality(field, problems);
  return problems;
}

bool usable(const Field& field) {
  return !field.planes.empty() && std::any_of(field.labels.begin(), field.labels.end(),
                                              [](const auto& label) { return label.has_value(); });
}

} // namespace

void check_files(Catalogue& catalogue, PlaneCache& cache, std::size_t crop, int threads) {
  std::vector<Problems> found(catalogue.fields.size());
  parallel_for_each(found.size(), threads, [&](std::size_t i) {
    found[i] = check_field(catalogue.fields[i], cache, crop);
  });
  for (const Problems& problems : found) {
    catalogue.problems.insert(catalogue.problems.end(), problems.begin(), problems.end());
  }
  std::erase_if(catalogue.fields, [](const Field& field) { return !usable(field); });
}

void report_problems(const std::vector<DataProblem>& problems, std::size_t files,
                     double max_fraction) {
  for (std::size_t i = 0; i < std::min(problems.size(), logged); ++i) {
    log().warn("not used: {}: {}", printable(problems[i].file.string()),
               printable(problems[i].reason));
  }
  if (problems.size() > logged) {
    log().warn("and {} more files are not used", problems.size() - logged);
  }
  const double fraction =
      static_cast<double>(problems.size()) / static_cast<double>(std::max<std::size_t>(files, 1));
  if (problems.size() > always_allowed && fraction > max_fraction) {
    throw Error{
        ErrorCode::input_corrupt, "the training data",
        fmt::format("{} of {} files cannot be used ({:.1f} %, allowed {:.1f} %), the first: "
                    "{}: {}",
                    problems.size(), files, 100 * fraction, 100 * max_fraction,
                    problems.front().file.string(), problems.front().reason),
        "mend or remove them, or raise \"max_bad_fraction\" under \"data\""};
  }
}

} // namespace lmc::training
