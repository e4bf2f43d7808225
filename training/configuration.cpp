// SPDX-License-Identifier: Apache-2.0
#include "training/configuration.hpp"

#include "common/error.hpp"
#include "common/records/fields.hpp"
#include "common/records/json.hpp"
#include "model/networks.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace lmc::training {

namespace {

using nlohmann::json;

constexpr auto strategies = name_table<Strategy>({{Strategy::separate, "separate"},
                                                  {Strategy::unified, "unified"},
                                                  {Strategy::dynamic, "dynamic"}});
constexpr auto hold_outs =
    name_table<HoldOut>({{HoldOut::none, "none"}, {HoldOut::right_quarter, "right_quarter"}});
constexpr auto l1_masks =
    name_table<L1Mask>({{L1Mask::per_pixel, "per_pixel"},
                        {L1Mask::upstream_scalar_mask, "upstream_scalar_mask"},
                        {L1Mask::none, "none"}});
constexpr auto borders = name_table<MaskBorders>(
    {{MaskBorders::exclusive, "exclusive"}, {MaskBorders::inclusive, "inclusive"}});
constexpr auto reductions =
    name_table<Reduction>({{Reduction::sum_of_organelles, "sum_of_organelles"},
                           {Reduction::mean_of_planes, "mean_of_planes"}});
constexpr auto label_normalizations = name_table<LabelNormalization>(
    {{LabelNormalization::none, "none"}, {LabelNormalization::percentile, "percentile"}});
constexpr auto missing_labels =
    name_table<MissingLabels>({{MissingLabels::skip, "skip"}, {MissingLabels::zero, "zero"}});
constexpr auto precisions = name_table<Precision>(
    {{Precision::fp32, "fp32"}, {Precision::bf16, "bf16"}, {Precision::fp16, "fp16"}});

constexpr std::int64_t many = 1'000'000'000;

} // namespace

// One description of each group, for reading and writing.

template <class Fields> void visit_fields(Fields& fields, SourceOptions& source) {
  fields.field("path", source.path);
  fields.field("validation_fraction", source.validation_fraction, 0, 0.9);
  fields.field("hold_out", source.hold_out, hold_outs);
  fields.field("repeat", source.repeat, 1, 10000);
}

template <class Fields> void visit_fields(Fields& fields, DataOptions& data) {
  fields.field("sources", data.sources);
  fields.field("batch", data.batch, 1, 4096);
  fields.field("crop", data.batches.augmentation.crop, 16, 4096);
  fields.field("balanced", data.balanced);
  fields.field("rotations", data.batches.augmentation.rotations);
  fields.field("flips", data.batches.augmentation.flips);
  fields.field("label_normalization", data.batches.label_normalization, label_normalizations);
  fields.field("missing_labels", data.batches.missing_labels, missing_labels);
  fields.field("max_bad_fraction", data.max_bad_fraction, 0, 1);
  fields.field("check", data.check);
  fields.field("cache_megabytes", data.cache_megabytes, 0, 1 << 30);
  fields.field("prefetch_threads", data.prefetch_threads, 1, 64);
}

template <class Fields> void visit_fields(Fields& fields, ValidationOptions& options) {
  fields.field("every_epochs", options.every_epochs, 1, many);
  fields.field("max_fields", options.max_fields);
}

template <class Fields> void visit_fields(Fields& fields, Configuration& c) {
  fields.field("network", c.network);
  fields.field("discriminator", c.discriminator);
  if constexpr (Fields::reading) {
    c.adversarial = std::holds_alternative<model::GeneratorArchitecture>(c.network);
  }
  fields.field("strategy", c.strategy, strategies);
  fields.field("modality", c.modality, modality_names);
  fields.field("adversarial", c.adversarial);
  fields.field("input_normalization", c.input_normalization, model::input_normalizations);
  fields.field("initial_weights", c.initial_weights);
  fields.group("loss", [&c](auto& loss) {
    loss.field("l1_weight", c.loss.l1_weight, 0, 1e6);
    loss.field("gan_weight", c.loss.gan_weight, 0, 1e6);
    loss.field("l1_mask", c.loss.l1_mask, l1_masks);
    loss.field("mask_borders", c.data.batches.mask_borders, borders);
    loss.field("reduction", c.loss.reduction, reductions);
    loss.field("dropout", c.loss.dropout, 0, 0.99);
  });
  fields.group("optimiser", [&c](auto& optimiser) {
    optimiser.field("learning_rate", c.schedule.initial, 0, 1);
    optimiser.field("constant_epochs", c.schedule.constant_epochs, 0, many);
    optimiser.field("decay_epochs", c.schedule.decay_epochs, 0, many);
    optimiser.field("steps_per_epoch", c.steps_per_epoch, 0, many);
    optimiser.field("beta1", c.beta1, 0, 0.9999999);
    optimiser.field("beta2", c.beta2, 0, 0.9999999);
  });
  fields.field("data", c.data);
  fields.field("validation", c.validation);
  fields.field("checkpoint_steps", c.checkpoint_steps, 1, many);
  fields.field("seed", c.seed);
  fields.group("compute", [&c](auto& compute) {
    compute.field("device", c.compute.device);
    compute.field("precision", c.loss.precision, precisions);
    compute.field("threads", c.compute.threads, 0, 4096);
    compute.field("timeout_seconds", c.compute.timeout_seconds, 1, many);
  });
}

namespace {

/// What no single field decides. @throws std::invalid_argument
void check_together(const Configuration& c) {
  if (c.schedule.epochs() < 1 || c.schedule.epochs() > many) {
    throw std::invalid_argument{
        fmt::format("the number of epochs is {}, allowed is 1 to {}", c.schedule.epochs(), many)};
  }
  const std::size_t crop = c.data.batches.augmentation.crop;
  const auto multiple = static_cast<std::size_t>(model::window_multiple(c.network));
  if (crop % multiple != 0) {
    throw std::invalid_argument{fmt::format(
        "\"data.crop\" is {}, allowed are multiples of {} for this network", crop, multiple)};
  }
}

[[noreturn]] void refuse(const std::string& file, const std::invalid_argument& cause) {
  throw Error{ErrorCode::configuration, file, cause.what(),
              "start from a complete one: lmc train --print-config > config.json"};
}

} // namespace

json to_json(const Configuration& configuration) {
  return fields_of(configuration);
}

Configuration configuration_from_json(const json& record, const std::string& file) {
  Configuration configuration;
  try {
    read_fields(record, configuration);
    check_together(configuration);
  } catch (const std::invalid_argument& cause) {
    refuse(file, cause);
  }
  std::visit([&](auto& network) { network.dynamic = configuration.strategy == Strategy::dynamic; },
             configuration.network);
  return configuration;
}

Configuration read_configuration(const std::filesystem::path& file) {
  json record;
  try {
    record = read_json_file(file);
  } catch (const std::invalid_argument& cause) {
    refuse(file.string(), cause);
  }
  return configuration_from_json(record, file.string());
}

} // namespace lmc::training
