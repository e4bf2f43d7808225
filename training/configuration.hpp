// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "model/architecture.hpp"
#include "model/discriminator.hpp"
#include "model/storage/weights.hpp"
#include "training/adaptive_loss.hpp"
#include "training/data/batch_maker.hpp"
#include "training/data/field.hpp"
#include "training/learning_rate.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lmc::training {

/// How the three modalities are shared among networks (arXiv 2406.15716).
enum class Strategy {
  separate, ///< this network learns one modality
  unified,  ///< one network for all
  dynamic,  ///< one network for all that is told the modality
};

/// Where fields come from.
struct SourceOptions {
  std::string path;                 ///< folder of the public set's layout, or a .csv file of pairs
  double validation_fraction = 0.1; ///< of the fields
  HoldOut hold_out = HoldOut::none; ///< part of every field that training never sees
  std::uint64_t repeat = 1;         ///< times that every field counts in the sampling
};

/// Data and how they are drawn.
struct DataOptions {
  std::vector<SourceOptions> sources;
  std::uint64_t batch = 4; ///< crops a step, in each process
  bool balanced = true;    ///< a batch takes equally many crops for each organelle
  BatchOptions batches;
  double max_bad_fraction = 0.01;       ///< of the files; three always may be bad
  bool check = true;                    ///< read every file once before training
  std::uint64_t cache_megabytes = 4096; ///< decoded planes kept in memory
  int prefetch_threads = 1;
};

/// Where and in which number format the network runs.
struct ComputeChoice {
  std::string device = "auto";         ///< auto, cpu, cuda, cuda:N
  int threads = 0;                     ///< 0: as many as this process may use
  std::int64_t timeout_seconds = 1800; ///< that several processes wait for each other
};

/// Watching the progress.
struct ValidationOptions {
  std::int64_t every_epochs = 1;
  std::uint64_t max_fields = 32; ///< the middle of the middle plane of each
};

/// One training run. The defaults are the paper's.
struct Configuration {
  model::Architecture network = model::GeneratorArchitecture{};
  Strategy strategy = Strategy::separate;
  Modality modality = Modality::bright_field; ///< with Strategy::separate
  bool adversarial = true;                    ///< default: for the generator, not for UNet++
  model::DiscriminatorArchitecture discriminator;
  model::InputNormalization input_normalization = model::InputNormalization::none;
  std::string initial_weights; ///< weights file to fine-tune; empty: new weights
  StepOptions loss;
  LearningRateSchedule schedule;
  double beta1 = 0.5;
  double beta2 = 0.999;
  std::int64_t steps_per_epoch = 0; ///< 0: as many as go through all planes once
  DataOptions data;
  ValidationOptions validation;
  std::int64_t checkpoint_steps = 500; ///< steps between checkpoints, besides one per epoch
  std::uint64_t seed = 1;
  ComputeChoice compute;
};

/// Complete, with every key.
[[nodiscard]] nlohmann::json to_json(const Configuration& configuration);

/// Missing keys keep their defaults. With Strategy::dynamic the network becomes dynamic.
/// @param file for messages
/// @throws Error configuration naming the key, the value seen and what is allowed
[[nodiscard]] Configuration configuration_from_json(const nlohmann::json& record,
                                                    const std::string& file);

/// @throws Error configuration, also when the file cannot be read or is no JSON
[[nodiscard]] Configuration read_configuration(const std::filesystem::path& file);

} // namespace lmc::training
