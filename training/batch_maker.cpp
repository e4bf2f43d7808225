// SPDX-License-Identifier: Apache-2.0
#include "training/batch_maker.hpp"

#include "common/error.hpp"
#include "model/networks.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

namespace lmc::training {

namespace {

constexpr std::uint64_t most_attempts = 100;
constexpr std::uint64_t central = 0; // key of the crop that is not random

using Plane = std::shared_ptr<const DecodedPlane>;

void require_size(const std::filesystem::path& file, const DecodedPlane& plane, std::size_t height,
                  std::size_t width) {
  if (plane.height != height || plane.width != width) {
    throw Error{ErrorCode::input_corrupt, file.string(),
                fmt::format("{} x {} pixels, the transmitted light has {} x {}", plane.height,
                            plane.width, height, width),
                "leave the pair out"};
  }
}

/// Label grey values to [-1, 1]; in double and rounded once, as the published training does.
class LabelScale {
public:
  LabelScale(LabelNormalization kind, const LabelRange& range) {
    if (kind == LabelNormalization::percentile && range.low < range.high) {
      low_ = range.low;
      high_ = range.high;
    }
  }

  [[nodiscard]] float operator()(std::uint16_t grey) const {
    const double scaled = (grey - low_) / (high_ - low_) * 2 - 1;
    return static_cast<float>(std::clamp(scaled, -1.0, 1.0));
  }

private:
  double low_ = 0;
  double high_ = 65535;
};

template <typename Value>
void copy_crop(const Crop& crop, std::size_t width, float* target, Value value) {
  for (std::size_t y = 0; y < crop.side; ++y) {
    for (std::size_t x = 0; x < crop.side; ++x) {
      *target++ = value(crop.source(y, x, width));
    }
  }
}

} // namespace

Batch BatchMaker::empty_batch(std::size_t samples) const {
  const auto n = static_cast<std::int64_t>(samples);
  const auto side = static_cast<std::int64_t>(options_.augmentation.crop);
  const auto channels = static_cast<std::int64_t>(organelle_count);
  return {.light = at::empty({n, 1, side, side}, at::kFloat),
          .labels = at::ones({n, channels, side, side}, at::kFloat),
          .masks = at::ones({n, channels, side, side}, at::kFloat),
          .codes = at::empty({n, 3}, at::kFloat),
          .labelled = {}};
}

Batch BatchMaker::random_batch(Sampler& sampler, std::uint64_t first_place, std::size_t places) {
  Batch batch = empty_batch(places);
  for (std::size_t sample = 0; sample < places; ++sample) {
    add_random(sampler, first_place + sample, batch, sample);
  }
  return batch;
}

Batch BatchMaker::central_batch(const Field& field, std::size_t plane) const {
  Batch batch = empty_batch(1);
  fill(field, plane, central, batch, 0);
  return batch;
}

std::vector<DataProblem> BatchMaker::problems() const {
  const std::lock_guard lock{mutex_};
  return problems_;
}

void BatchMaker::add_random(Sampler& sampler, std::uint64_t place, Batch& batch,
                            std::size_t sample) {
  for (std::uint64_t attempt = 0; attempt < most_attempts; ++attempt) {
    const Draw draw = sampler.draw(place, attempt);
    const Field& field = fields_[draw.field];
    try {
      return fill(field, draw.plane, draw.key | 1U, batch, sample);
    } catch (const Error& error) {
      const std::lock_guard lock{mutex_};
      problems_.push_back({error.subject(), error.cause()});
    }
  }
  throw Error{ErrorCode::input_corrupt, problems().back().file.string(),
              fmt::format("{}; {} planes in a row could not be read", problems().back().reason,
                          most_attempts),
              "check the disk and the files"};
}

void BatchMaker::fill(const Field& field, std::size_t plane, std::uint64_t key, Batch& batch,
                      std::size_t sample) const {
  const Plane light = cache_.light(field.planes[plane], field.hold_out);
  std::array<Plane, organelle_count> labels;
  for (std::size_t k = 0; k < organelle_count; ++k) {
    if (field.labels[k]) {
      labels[k] = cache_.label(*field.labels[k], field.hold_out);
      require_size(*field.labels[k], *labels[k], light->height, light->width);
    }
  }
  const std::size_t width = light->width;
  const std::size_t side = options_.augmentation.crop;
  const Crop crop = key == central ? central_crop(side, light->height, width)
                                   : random_crop(options_.augmentation, key, light->height, width);
  const std::size_t pixels = side * side;
  copy_crop(crop, width, batch.light.mutable_data_ptr<float>() + sample * pixels,
            [&](std::size_t i) { return light->scaled[i]; });
  for (std::size_t k = 0; k < organelle_count; ++k) {
    float* const label =
        batch.labels.mutable_data_ptr<float>() + (sample * organelle_count + k) * pixels;
    float* const mask =
        batch.masks.mutable_data_ptr<float>() + (sample * organelle_count + k) * pixels;
    if (labels[k] != nullptr) {
      const DecodedPlane& truth = *labels[k];
      const LabelScale scale{options_.label_normalization, truth.range};
      copy_crop(crop, width, label, [&](std::size_t i) { return scale(truth.greys[i]); });
      copy_crop(crop, width, mask, [&](std::size_t i) {
        return mask_weight(truth.greys[i], truth.range, options_.mask_borders);
      });
    } else if (options_.missing_labels == MissingLabels::zero) {
      std::fill_n(label, pixels, -1.0F);
    } else {
      continue;
    }
    batch.labelled[k].push_back(static_cast<std::int64_t>(sample));
  }
  batch.codes[static_cast<std::int64_t>(sample)].copy_(model::modality_code(field.modality)[0]);
}

} // namespace lmc::training
