// SPDX-License-Identifier: Apache-2.0
#include "training/trainer.hpp"

#include "common/error.hpp"
#include "common/interrupt.hpp"
#include "common/json.hpp"
#include "common/log.hpp"
#include "common/output_folder.hpp"
#include "common/temporary_file.hpp"
#include "common/version.hpp"
#include "inference/device.hpp"
#include "model/formula_weights.hpp"
#include "training/batch_loader.hpp"
#include "training/checkpoint.hpp"
#include "training/data_check.hpp"
#include "training/progress_line.hpp"
#include "training/run_log.hpp"
#include "training/trainee.hpp"
#include "training/training_data.hpp"
#include "training/validation.hpp"

#include <ATen/Context.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace lmc::training {

namespace {

using nlohmann::json;

constexpr std::size_t shown_samples = 4;

Batch moved_to(Batch batch, c10::Device device) {
  if (!device.is_cpu()) {
    batch.light = batch.light.to(device);
    batch.labels = batch.labels.to(device);
    batch.masks = batch.masks.to(device);
    batch.codes = batch.codes.to(device);
  }
  return batch;
}

class Trainer {
public:
  Trainer(const Configuration& configuration, const RunOptions& options,
          const ProcessGroup& processes, c10::Device device)
      : configuration_{configuration}, options_{options}, processes_{processes}, device_{device},
        cache_{static_cast<std::size_t>(configuration.data.cache_megabytes) << 20U,
               configuration.input_normalization},
        split_{prepare_data(configuration, cache_, data_record(), options.resume)},
        sampler_{split_.training, configuration.data.balanced, configuration.seed},
        maker_{split_.training, cache_, configuration.data.batches}, trainees_{make_trainees(
                                                                         configuration, device)} {
    const std::uint64_t batch_of_all =
        configuration.data.batch * static_cast<std::uint64_t>(processes.size);
    steps_per_epoch_ = configuration.steps_per_epoch > 0
                           ? configuration.steps_per_epoch
                           : static_cast<std::int64_t>(
                                 std::max<std::uint64_t>(1, sampler_.planes() / batch_of_all));
    if (split_.validation.size() > configuration.validation.max_fields) {
      split_.validation.resize(configuration.validation.max_fields);
    }
  }

  void run() {
    if (options_.resume) {
      state_ = load_checkpoint(checkpoint_file(), trainees_).state;
    }
    RunLog run_log{leading() ? options_.folder / "log.jsonl" : "/dev/null", state_.step};
    log().info("{} fields to learn from ({} planes), {} to validate on, {} steps in each of {} "
               "epochs",
               split_.training.size(), sampler_.planes(), split_.validation.size(),
               steps_per_epoch_, configuration_.schedule.epochs());
    const std::int64_t steps = steps_per_epoch_ * configuration_.schedule.epochs();
    ProgressLine progress{state_.step, steps, steps_per_epoch_};
    BatchLoader loader{[this](std::int64_t step) { return batch_of(step); }, state_.step,
                       configuration_.data.prefetch_threads};
    try {
      while (state_.step < steps) {
        throw_if_interrupted();
        train_step(loader.next(), run_log, progress);
        if (state_.step % steps_per_epoch_ == 0) {
          end_epoch(run_log, progress);
        } else if (state_.step % configuration_.checkpoint_steps == 0) {
          save();
        }
      }
    } catch (const Interrupted&) {
      save();
      throw;
    }
    report_problems(maker_.problems(), sampler_.planes(), 1);
  }

private:
  [[nodiscard]] bool leading() const { return processes_.rank == 0; }
  [[nodiscard]] std::filesystem::path checkpoint_file() const {
    return options_.folder / "checkpoint.safetensors";
  }
  [[nodiscard]] std::filesystem::path data_record() const { return options_.folder / "data.json"; }

  /// This process's part of a step's batch.
  Batch batch_of(std::int64_t step) {
    const std::uint64_t part =
        static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(processes_.size) +
        static_cast<std::uint64_t>(processes_.rank);
    return maker_.random_batch(sampler_, part * configuration_.data.batch,
                               configuration_.data.batch);
  }

  void train_step(Batch batch, RunLog& run_log, ProgressLine& progress) {
    const std::int64_t epoch = state_.step / steps_per_epoch_ + 1;
    const double rate = learning_rate(configuration_.schedule, epoch);
    trainees_.predictor.adam.set_learning_rate(rate);
    for (Trainee& discriminator : trainees_.discriminators) {
      discriminator.adam.set_learning_rate(rate);
    }
    // Dropout of a step is a function of seed, step and process, whatever came before.
    at::manual_seed(model::splitmix64(
        model::splitmix64(configuration_.seed ^ static_cast<std::uint64_t>(state_.step)) +
        static_cast<std::uint64_t>(processes_.rank)));
    const StepLosses losses = optimise(trainees_, moved_to(std::move(batch), device_),
                                       configuration_.loss, processes_.exchange.get());
    if (!std::isfinite(losses.total)) {
      throw Error{ErrorCode::not_a_number, options_.folder.string(),
                  fmt::format("the loss of step {} is {}", state_.step + 1, losses.total),
                  "lower \"learning_rate\" and go on from the last checkpoint with --resume "
                  "--force"};
    }
    ++state_.step;
    json record = to_json(losses, configuration_.adversarial);
    record["step"] = state_.step;
    record["epoch"] = epoch;
    record["learning_rate"] = rate;
    run_log.add(record);
    progress.update(state_.step, losses);
  }

  void end_epoch(RunLog& run_log, ProgressLine& progress) {
    const std::int64_t epoch = state_.step / steps_per_epoch_;
    const bool last = epoch == configuration_.schedule.epochs();
    if (!leading()) {
      return;
    }
    bool best = split_.validation.empty();
    if (!split_.validation.empty() &&
        (last || epoch % configuration_.validation.every_epochs == 0)) {
      const ValidationResult result = validate(trainees_.predictor, split_.validation, maker_,
                                               configuration_.loss, shown_samples);
      run_log.add({{"step", state_.step}, {"epoch", epoch}, {"validation", to_json(result)}});
      progress.end_epoch(epoch, result.score());
      best = result.score() && (!state_.best_score || *result.score() > *state_.best_score);
      if (best) {
        state_.best_score = result.score();
      }
    } else {
      progress.end_epoch(epoch, std::nullopt);
    }
    save_network("last", epoch);
    if (best) {
      state_.best_epoch = epoch;
      save_network("best", epoch);
    }
    save();
  }

  void save() {
    if (leading()) {
      save_checkpoint(checkpoint_file(), trainees_, state_, to_json(configuration_));
    }
  }

  void save_network(const std::string& name, std::int64_t epoch) {
    model::Weights weights;
    weights.architecture = configuration_.network;
    weights.state = copied_to(trainees_.predictor.state, c10::Device{c10::DeviceType::CPU});
    weights.normalization = configuration_.input_normalization;
    weights.trained = true;
    weights.provenance = {{"configuration", to_json(configuration_).dump()},
                          {"seed", std::to_string(configuration_.seed)},
                          {"step", std::to_string(state_.step)},
                          {"epoch", std::to_string(epoch)},
                          {"training_commit", std::string{git_revision()}},
                          {"version", std::string{version()}}};
    if (state_.best_score) {
      weights.provenance["best_validation_pcc"] = fmt::format("{}", *state_.best_score);
    }
    model::save_weights(options_.folder / (name + ".safetensors"), weights, Existing::replace);
  }

  Configuration configuration_;
  RunOptions options_;
  ProcessGroup processes_;
  c10::Device device_;
  PlaneCache cache_;
  Split split_;
  Sampler sampler_;
  BatchMaker maker_;
  Trainees trainees_;
  std::int64_t steps_per_epoch_ = 1;
  RunState state_;
};

/// Keys whose values differ, without those that cannot change the result.
std::vector<std::string> changed_keys(json before, json now) {
  for (json* const record : {&before, &now}) {
    for (const char* const key : {"cache_megabytes", "prefetch_threads"}) {
      record->at("data").erase(key);
    }
    *record = record->flatten();
  }
  std::vector<std::string> changed;
  for (const auto& [key, value] : now.items()) {
    if (before.value(key, json{}) != value) {
      changed.push_back(key);
    }
  }
  return changed;
}

void check_unchanged(const Configuration& configuration, const RunOptions& options) {
  const json before =
      read_checkpoint_record(options.folder / "checkpoint.safetensors").configuration;
  const std::vector<std::string> changed = changed_keys(before, to_json(configuration));
  if (!changed.empty() && !options.force) {
    throw Error{
        ErrorCode::configuration, options.folder.string(),
        fmt::format("the configuration differs from the run's in {}", fmt::join(changed, ", ")),
        "resume with the run's own config.json, or pass --force"};
  }
}

void prepare_folder(const Configuration& configuration, const RunOptions& options) {
  make_output_folder(options.folder);
  if (!options.resume && !options.overwrite &&
      std::filesystem::exists(options.folder / "config.json")) {
    throw Error{ErrorCode::output_exists, options.folder.string(), "holds a training run",
                "go on with --resume, choose another folder, or pass --overwrite"};
  }
  if (options.resume) {
    check_unchanged(configuration, options);
  } else {
    std::filesystem::remove(options.folder / "checkpoint.safetensors");
  }
  write_file(options.folder / "config.json", to_text(to_json(configuration)), Existing::replace);
}

} // namespace

void train(const Configuration& configuration, const RunOptions& options,
           const ProcessGroup& processes) {
  if (processes.rank == 0) {
    prepare_folder(configuration, options);
  }
  inference::configure_compute({.threads = configuration.compute.threads});
  const auto choice =
      inference::choose_device(inference::parse_device(configuration.compute.device));
  Trainer{configuration, options, processes, choice.device}.run();
}

} // namespace lmc::training
