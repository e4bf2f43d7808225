// SPDX-License-Identifier: Apache-2.0
#include "training/data/batch_maker.hpp"

#include "common/error.hpp"
#include "model/networks.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace lmc::training {

namespace {

constexpr std::uint64_t most_attempts = 100;
constexpr std::uint64_t central = 0; // key of the crop that is not random

void require_size(const std::filesystem::path& file, const Plane<std::uint16_t>& label,
                  const LightPlane& light) {
  if (label.height() != light.height() || label.width() != light.width()) {
    throw Error{ErrorCode::input_corrupt, file.string(),
                fmt::format("{} x {} pixels, the transmitted light has {} x {}", label.height(),
                            label.width(), light.height(), light.width()),
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

/// Writes what `value` makes of each pixel.
template <class T, class Value>
void copy_crop(const Crop& crop, const Plane<T>& plane, float* target, Value value) {
  for (Index y = 0; y < crop.side; ++y) {
    for (Index x = 0; x < crop.side; ++x) {
      *target++ = value(crop.of(plane.view(), y, x));
    }
  }
}

/// The plane of one organelle.
float* plane_of(const at::Tensor& planes, std::int64_t sample, Organelle organelle) {
  return planes.mutable_data_ptr<float>() + sample * planes.stride(0) +
         static_cast<std::int64_t>(channel_of(organelle)) * planes.stride(1);
}

} // namespace

Batch BatchMaker::empty_batch(std::int64_t n) const {
  const auto side = static_cast<std::int64_t>(options_.augmentation.crop);
  const auto channels = static_cast<std::int64_t>(organelle_count);
  return {.light = at::empty({n, 1, side, side}, at::kFloat),
          .labels = at::ones({n, channels, side, side}, at::kFloat),
          .masks = at::ones({n, channels, side, side}, at::kFloat),
          .codes = at::empty({n, 3}, at::kFloat),
          .labelled = {}};
}

Batch BatchMaker::random_batch(Sampler& sampler, std::uint64_t first_place, std::size_t places) {
  const auto samples = static_cast<std::int64_t>(places);
  Batch batch = empty_batch(samples);
  for (std::int64_t sample = 0; sample < samples; ++sample) {
    add_random(sampler, first_place + static_cast<std::uint64_t>(sample), batch, sample);
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
                            std::int64_t sample) {
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
                      std::int64_t sample) const {
  const std::shared_ptr<const LightPlane> light = cache_.light(field.planes[plane], field.hold_out);
  PerOrganelle<std::shared_ptr<const LabelPlane>> labels;
  for (const Organelle organelle : all_organelles) {
    if (const auto& file = field.labels[organelle]) {
      labels[organelle] = cache_.label(*file, field.hold_out);
      require_size(*file, labels[organelle]->greys, *light);
    }
  }
  const auto side = static_cast<Index>(options_.augmentation.crop);
  const Crop crop = key == central
                        ? central_crop(side, light->height(), light->width())
                        : random_crop(options_.augmentation, key, light->height(), light->width());
  copy_crop(crop, *light, batch.light.mutable_data_ptr<float>() + sample * side * side,
            [](float seen) { return seen; });
  for (const Organelle organelle : all_organelles) {
    float* const label = plane_of(batch.labels, sample, organelle);
    if (const auto& truth = labels[organelle]) {
      copy_crop(crop, truth->greys, label, LabelScale{options_.label_normalization, truth->range});
      copy_crop(crop, truth->greys, plane_of(batch.masks, sample, organelle),
                [&](std::uint16_t grey) {
                  return mask_weight(grey, truth->range, options_.mask_borders);
                });
    } else if (options_.missing_labels == MissingLabels::zero) {
      std::fill_n(label, side * side, -1.0F);
    } else {
      continue;
    }
    batch.labelled[channel_of(organelle)].push_back(sample);
  }
  batch.codes[sample].copy_(model::modality_code(field.modality)[0]);
}

} // namespace lmc::training
