// SPDX-License-Identifier: Apache-2.0
#include "training/configuration.hpp"

#include "common/error.hpp"
#include "common/json.hpp"
#include "model/networks.hpp"
#include "training/json_fields.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace lmc::training {

namespace {

using nlohmann::json;

constexpr std::array strategies{Choice<Strategy>{Strategy::separate, "separate"},
                                Choice<Strategy>{Strategy::unified, "unified"},
                                Choice<Strategy>{Strategy::dynamic, "dynamic"}};
constexpr std::array modalities{Choice<Modality>{Modality::bright_field, "BF"},
                                Choice<Modality>{Modality::phase_contrast, "PC"},
                                Choice<Modality>{Modality::dic, "DIC"}};
constexpr std::array hold_outs{Choice<HoldOut>{HoldOut::none, "none"},
                               Choice<HoldOut>{HoldOut::right_quarter, "right_quarter"}};
constexpr std::array l1_masks{Choice<L1Mask>{L1Mask::per_pixel, "per_pixel"},
                              Choice<L1Mask>{L1Mask::upstream_scalar_mask, "upstream_scalar_mask"},
                              Choice<L1Mask>{L1Mask::none, "none"}};
constexpr std::array borders{Choice<MaskBorders>{MaskBorders::exclusive, "exclusive"},
                             Choice<MaskBorders>{MaskBorders::inclusive, "inclusive"}};
constexpr std::array reductions{
    Choice<Reduction>{Reduction::sum_of_organelles, "sum_of_organelles"},
    Choice<Reduction>{Reduction::mean_of_planes, "mean_of_planes"}};
constexpr std::array label_normalizations{
    Choice<LabelNormalization>{LabelNormalization::none, "none"},
    Choice<LabelNormalization>{LabelNormalization::percentile, "percentile"}};
constexpr std::array missing_labels{Choice<MissingLabels>{MissingLabels::skip, "skip"},
                                    Choice<MissingLabels>{MissingLabels::zero, "zero"}};
constexpr std::array input_normalizations{
    Choice<model::InputNormalization>{model::InputNormalization::none, "none"},
    Choice<model::InputNormalization>{model::InputNormalization::percentile, "percentile"},
    Choice<model::InputNormalization>{model::InputNormalization::z_score, "zscore"}};

constexpr std::array precisions{Choice<Precision>{Precision::fp32, "fp32"},
                                Choice<Precision>{Precision::bf16, "bf16"},
                                Choice<Precision>{Precision::fp16, "fp16"}};

/// One description of each group for reading and writing.
struct Visitor {
  template <typename Fields> void operator()(Fields& fields, SourceOptions& source) const {
    fields.field("path", source.path);
    fields.field("validation_fraction", source.validation_fraction);
    fields.choice("hold_out", source.hold_out, hold_outs);
    fields.field("repeat", source.repeat);
  }

  template <typename Fields> void operator()(Fields& fields, DataOptions& data) const {
    fields.list("sources", data.sources, *this);
    fields.field("batch", data.batch);
    fields.field("crop", data.batches.augmentation.crop);
    fields.field("balanced", data.balanced);
    fields.field("rotations", data.batches.augmentation.rotations);
    fields.field("flips", data.batches.augmentation.flips);
    fields.choice("label_normalization", data.batches.label_normalization, label_normalizations);
    fields.choice("missing_labels", data.batches.missing_labels, missing_labels);
    fields.field("max_bad_fraction", data.max_bad_fraction);
    fields.field("check", data.check);
    fields.field("cache_megabytes", data.cache_megabytes);
    fields.field("prefetch_threads", data.prefetch_threads);
  }

  template <typename Fields> void operator()(Fields& fields, ValidationOptions& options) const {
    fields.field("every_epochs", options.every_epochs);
    fields.field("max_fields", options.max_fields);
  }

  template <typename Fields> void operator()(Fields& fields, Configuration& c) const {
    fields.choice("strategy", c.strategy, strategies);
    fields.choice("modality", c.modality, modalities);
    fields.field("adversarial", c.adversarial);
    fields.choice("input_normalization", c.input_normalization, input_normalizations);
    fields.field("initial_weights", c.initial_weights);
    fields.group("loss", c, [](auto& inner, Configuration& all) {
      inner.field("l1_weight", all.loss.l1_weight);
      inner.field("gan_weight", all.loss.gan_weight);
      inner.choice("l1_mask", all.loss.l1_mask, l1_masks);
      inner.choice("mask_borders", all.data.batches.mask_borders, borders);
      inner.choice("reduction", all.loss.reduction, reductions);
      inner.field("dropout", all.loss.dropout);
    });
    fields.group("optimiser", c, [](auto& inner, Configuration& all) {
      inner.field("learning_rate", all.schedule.initial);
      inner.field("constant_epochs", all.schedule.constant_epochs);
      inner.field("decay_epochs", all.schedule.decay_epochs);
      inner.field("steps_per_epoch", all.steps_per_epoch);
      inner.field("beta1", all.beta1);
      inner.field("beta2", all.beta2);
    });
    fields.group("data", c.data, *this);
    fields.group("validation", c.validation, *this);
    fields.field("checkpoint_steps", c.checkpoint_steps);
    fields.field("seed", c.seed);
    fields.group("compute", c, [](auto& inner, Configuration& all) {
      inner.field("device", all.compute.device);
      inner.choice("precision", all.loss.precision, precisions);
      inner.field("threads", all.compute.threads);
      inner.field("timeout_seconds", all.compute.timeout_seconds);
    });
  }
};

/// Checks one value of a configuration.
struct Range {
  const std::string& file;

  template <typename Value>
  void operator()(const char* key, Value value, Value low, Value high) const {
    if (!(value >= low && value <= high)) {
      throw Error{ErrorCode::configuration, file, fmt::format("\"{}\" is {}", key, value),
                  fmt::format("give {} to {}", low, high)};
    }
  }
};

void check_data(const DataOptions& data, const Range& range) {
  range("data.batch", data.batch, std::uint64_t{1}, std::uint64_t{4096});
  range("data.crop", data.batches.augmentation.crop, std::size_t{16}, std::size_t{4096});
  range("data.max_bad_fraction", data.max_bad_fraction, 0.0, 1.0);
  range("data.prefetch_threads", data.prefetch_threads, 1, 64);
  range("data.cache_megabytes", data.cache_megabytes, std::uint64_t{0}, std::uint64_t{1} << 30);
  for (const SourceOptions& source : data.sources) {
    range("data.sources.validation_fraction", source.validation_fraction, 0.0, 0.9);
    range("data.sources.repeat", source.repeat, std::uint64_t{1}, std::uint64_t{10000});
  }
}

void check(const Configuration& c, const std::string& file) {
  const Range range{file};
  constexpr std::int64_t many = 1'000'000'000;
  range("loss.l1_weight", c.loss.l1_weight, 0.0, 1e6);
  range("loss.gan_weight", c.loss.gan_weight, 0.0, 1e6);
  range("loss.dropout", c.loss.dropout, 0.0, 0.99);
  range("optimiser.learning_rate", c.schedule.initial, 0.0, 1.0);
  range("optimiser.constant_epochs", c.schedule.constant_epochs, std::int64_t{0}, many);
  range("optimiser.decay_epochs", c.schedule.decay_epochs, std::int64_t{0}, many);
  range("the number of epochs", c.schedule.epochs(), std::int64_t{1}, many);
  range("optimiser.steps_per_epoch", c.steps_per_epoch, std::int64_t{0}, many);
  range("optimiser.beta1", c.beta1, 0.0, 0.9999999);
  range("optimiser.beta2", c.beta2, 0.0, 0.9999999);
  range("validation.every_epochs", c.validation.every_epochs, std::int64_t{1}, many);
  range("checkpoint_steps", c.checkpoint_steps, std::int64_t{1}, many);
  range("compute.threads", c.compute.threads, 0, 4096);
  range("compute.timeout_seconds", c.compute.timeout_seconds, std::int64_t{1}, many);
  check_data(c.data, range);
  const auto multiple = static_cast<std::size_t>(model::window_multiple(c.network));
  if (c.data.batches.augmentation.crop % multiple != 0) {
    throw Error{ErrorCode::configuration, file,
                fmt::format("\"data.crop\" is {}", c.data.batches.augmentation.crop),
                fmt::format("give a multiple of {} for this network", multiple)};
  }
}

/// Replaces an architecture by what stands under its key, if anything does.
template <typename Architecture>
void read_architecture(FieldReader& fields, const std::string& key, Architecture& architecture,
                       Architecture (*from_json)(const json& record)) {
  const json* const record = fields.take(key);
  if (record == nullptr) {
    return;
  }
  try {
    architecture = from_json(*record);
  } catch (const std::invalid_argument& error) {
    fields.require(false, key, *record, error.what());
  }
}

void read_networks(FieldReader& fields, Configuration& c) {
  read_architecture(fields, "network", c.network, model::architecture_from_json);
  read_architecture(fields, "discriminator", c.discriminator, model::discriminator_from_json);
  c.adversarial = std::holds_alternative<model::GeneratorArchitecture>(c.network);
}

} // namespace

json to_json(const Configuration& configuration) {
  Configuration copy = configuration;
  FieldWriter writer;
  Visitor{}(writer, copy);
  json record = writer.object();
  record["network"] = model::to_json(configuration.network);
  record["discriminator"] = model::to_json(configuration.discriminator);
  return record;
}

Configuration configuration_from_json(const json& record, const std::string& file) {
  Configuration configuration;
  FieldReader reader{record, file, ""};
  read_networks(reader, configuration);
  Visitor{}(reader, configuration);
  reader.finish();
  std::visit([&](auto& network) { network.dynamic = configuration.strategy == Strategy::dynamic; },
             configuration.network);
  check(configuration, file);
  return configuration;
}

Configuration read_configuration(const std::filesystem::path& file) {
  try {
    return configuration_from_json(read_json_file(file), file.string());
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::configuration, file.string(), error.what(),
                "start from a complete one: lmc train --print-config > config.json"};
  }
}

} // namespace lmc::training
