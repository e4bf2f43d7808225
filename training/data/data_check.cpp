// SPDX-License-Identifier: Apache-2.0
#include "training/data/data_check.hpp"

#include "common/error.hpp"
#include "common/running/log.hpp"
#include "common/running/parallel.hpp"
#include "image/input_image.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lmc::training {

namespace {

constexpr std::size_t always_allowed = 3; // so that small sets need no option
constexpr std::size_t logged = 20;

using Problems = std::vector<DataProblem>;

struct Size {
  Index height = 0;
  Index width = 0;

  [[nodiscard]] std::string text() const { return fmt::format("{} x {}", height, width); }
  friend bool operator==(const Size&, const Size&) = default;
};

/// What of a field can be used.
class FieldCheck {
public:
  FieldCheck(PlaneCache& cache, HoldOut hold_out, Index crop)
      : cache_{cache}, hold_out_{hold_out}, crop_{crop} {}

  [[nodiscard]] bool light(const PlaneFile& file) {
    return fits(file.path, [&] {
      const auto plane = cache_.light(file, hold_out_);
      return Size{plane->height(), plane->width()};
    });
  }

  [[nodiscard]] bool label(const std::filesystem::path& file) {
    return fits(file, [&] {
      const auto plane = cache_.label(file, hold_out_);
      return Size{plane->greys.height(), plane->greys.width()};
    });
  }

  Problems problems{};

private:
  /// Whether a file can be read and has the size of the field's first plane.
  template <class Load> bool fits(const std::filesystem::path& file, Load size_of_plane) {
    try {
      const Size size = size_of_plane();
      if (std::min(size.height, size.width) < crop_) {
        problems.push_back(
            {file,
             fmt::format("{} pixels of it are to be used, a crop (\"data.crop\") takes {} x {}",
                         size.text(), crop_, crop_)});
        return false;
      }
      first_ = first_.value_or(size);
      if (size != first_) {
        problems.push_back(
            {file, fmt::format("{} pixels, the transmitted light of its field has {}", size.text(),
                               first_->text())});
      }
      return size == first_;
    } catch (const Error& error) {
      problems.push_back({file, error.cause()});
      return false;
    }
  }

  PlaneCache& cache_;
  HoldOut hold_out_;
  Index crop_;
  std::optional<Size> first_;
};

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
Problems check_field(Field& field, PlaneCache& cache, Index crop) {
  FieldCheck check{cache, field.hold_out, crop};
  std::erase_if(field.planes, [&](const PlaneFile& file) { return !check.light(file); });
  for (auto& label : field.labels) {
    if (label && !field.planes.empty() && !check.label(*label)) {
      label.reset();
    }
  }
  find_modality(field, check.problems);
  return std::move(check.problems);
}

} // namespace

Problems check_files(std::vector<Field>& fields, PlaneCache& cache, Index crop, int threads) {
  std::vector<Problems> found(fields.size());
  parallel_for_each(found.size(), threads,
                    [&](std::size_t i) { found[i] = check_field(fields[i], cache, crop); });
  std::erase_if(fields, [](const Field& field) { return !field.is_usable(); });
  Problems all;
  for (const Problems& problems : found) {
    all.insert(all.end(), problems.begin(), problems.end());
  }
  return all;
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
