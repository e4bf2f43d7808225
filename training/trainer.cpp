// SPDX-License-Identifier: Apache-2.0
#include "training/trainer.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"
#include "common/random.hpp"
#include "common/running/interrupt.hpp"
#include "common/running/log.hpp"
#include "common/running/resources.hpp"
#include "common/version.hpp"
#include "compute/device.hpp"
#include "training/data/batch_loader.hpp"
#include "training/data/data_check.hpp"
#include "training/data/training_data.hpp"
#include "training/run/run_record.hpp"
#include "training/run/run_state.hpp"
#include "training/trainee.hpp"
#include "training/validation.hpp"

#include <ATen/Context.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <optional>
#include <string>
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

/// Process 0 checks the files; the others take its record.
Split shared_data(const Configuration& configuration, PlaneCache& cache, const RunOptions& options,
                  const ProcessGroup& processes) {
  if (!processes.leading()) {
    wait_for_all(processes);
    return prepare_data(configuration, cache, data_record_file(options), true);
  }
  Split split = prepare_data(configuration, cache, data_record_file(options), options.resume);
  wait_for_all(processes);
  return split;
}

class Trainer {
public:
  /// @param split, cache stay alive as long as the trainer
  Trainer(const Configuration& configuration, const RunOptions& options,
          const ProcessGroup& processes, const Split& split, PlaneCache& cache, Trainees trainees)
      : configuration_{configuration}, options_{options}, processes_{processes}, split_{split},
        sampler_{split.training, configuration.data.balanced, configuration.seed},
        maker_{split.training, cache, configuration.data.batches}, trainees_{std::move(trainees)},
        steps_per_epoch_{steps_per_epoch()}, state_{.processes = processes.size} {}

  /// Goes on from the folder's checkpoint.
  void resume() {
    const RunState found = resume_run(checkpoint_file(options_), trainees_);
    if (found.processes != state_.processes && !options_.force) {
      throw Error{ErrorCode::configuration, options_.folder.string(),
                  fmt::format("was trained by {} processes, now there are {}", found.processes,
                              state_.processes),
                  "start as many, or pass --force: every step then takes other crops"};
    }
    state_ = found;
    state_.processes = processes_.size;
  }

  void run() {
    const std::int64_t steps = steps_per_epoch_ * configuration_.schedule.epochs();
    if (processes_.leading()) {
      log().info("{} fields to learn from ({} planes), {} to validate on, {} steps in each of {} "
                 "epochs",
                 split_.training.size(), sampler_.planes(), split_.validation.size(),
                 steps_per_epoch_, configuration_.schedule.epochs());
      record_.emplace(options_.folder, RunLength{.first_step = state_.step,
                                                 .steps = steps,
                                                 .steps_per_epoch = steps_per_epoch_});
    }
    BatchLoader loader{[this](std::int64_t step) { return batch_of(step); }, state_.step,
                       configuration_.data.prefetch_threads};
    const std::int64_t first_step = state_.step;
    std::chrono::duration<double> in_steps{};
    try {
      while (state_.step < steps) {
        throw_if_any_interrupted(processes_);
        const auto start = std::chrono::steady_clock::now();
        train_step(loader.next());
        in_steps += std::chrono::steady_clock::now() - start;
        if (state_.step % steps_per_epoch_ == 0) {
          end_epoch();
        } else if (state_.step % configuration_.checkpoint_steps == 0) {
          save();
        }
      }
    } catch (const Interrupted&) {
      save();
      throw;
    }
    report_problems(maker_.problems(), sampler_.planes(), 1);
    if (processes_.leading() && steps > first_step) {
      report_speed(steps - first_step, in_steps.count(), loader.waited().count());
    }
  }

private:
  [[nodiscard]] std::int64_t steps_per_epoch() const {
    const std::uint64_t batch_of_all =
        configuration_.data.batch * static_cast<std::uint64_t>(processes_.size);
    return configuration_.steps_per_epoch > 0 ? configuration_.steps_per_epoch
                                              : static_cast<std::int64_t>(std::max<std::uint64_t>(
                                                    1, sampler_.planes() / batch_of_all));
  }

  void report_speed(std::int64_t steps, double seconds, double waited) const {
    const double crops = static_cast<double>(steps) *
                         static_cast<double>(configuration_.data.batch) * processes_.size;
    log().info("{} steps took {:.1f} s, {:.2f} crops a second, {:.1f} % of it waiting for data",
               steps, seconds, crops / seconds, 100 * waited / seconds);
  }

  /// This process's part of a step's batch.
  Batch batch_of(std::int64_t step) {
    const std::uint64_t part =
        static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(processes_.size) +
        static_cast<std::uint64_t>(processes_.rank);
    return maker_.random_batch(sampler_, part * configuration_.data.batch,
                               configuration_.data.batch);
  }

  void train_step(Batch batch) {
    const std::int64_t epoch = state_.step / steps_per_epoch_ + 1;
    const double rate = learning_rate(configuration_.schedule, epoch);
    trainees_.predictor.adam.set_learning_rate(rate);
    for (Discriminator& discriminator : trainees_.discriminators) {
      discriminator.adam.set_learning_rate(rate);
    }
    // Dropout of a step is a function of seed, step and process, whatever came before.
    at::manual_seed(
        splitmix64(splitmix64(configuration_.seed ^ static_cast<std::uint64_t>(state_.step)) +
                   static_cast<std::uint64_t>(processes_.rank)));
    const StepLosses losses = optimise(trainees_, moved_to(std::move(batch), trainees_.device()),
                                       configuration_.loss, processes_.exchange.get());
    if (!std::isfinite(losses.total) && !trainees_.scale.active) {
      throw Error{ErrorCode::not_a_number, options_.folder.string(),
                  fmt::format("the loss of step {} is {}", state_.step + 1, losses.total),
                  "lower \"learning_rate\" and go on from the last checkpoint with --resume "
                  "--force"};
    }
    ++state_.step;
    if (record_) {
      record_->add_step(state_.step, epoch, rate, losses, configuration_.adversarial);
    }
  }

  void end_epoch() {
    if (!record_) {
      return;
    }
    const std::int64_t epoch = state_.step / steps_per_epoch_;
    const bool last = epoch == configuration_.schedule.epochs();
    std::optional<ValidationResult> result;
    bool best = split_.validation.empty();
    if (!split_.validation.empty() &&
        (last || epoch % configuration_.validation.every_epochs == 0)) {
      result = validate(trainees_.predictor, split_.validation, maker_, configuration_.loss,
                        shown_samples);
      best = result->score() && (!state_.best_score || *result->score() > *state_.best_score);
      if (best) {
        state_.best_score = result->score();
      }
    }
    record_->end_epoch(state_.step, epoch, result);
    save_network("last", epoch);
    if (best) {
      state_.best_epoch = epoch;
      save_network("best", epoch);
    }
    save();
  }

  void save() {
    if (processes_.leading()) {
      save_run(checkpoint_file(options_), trainees_, state_, to_json(configuration_));
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

  const Configuration& configuration_;
  const RunOptions& options_;
  const ProcessGroup& processes_;
  const Split& split_;
  Sampler sampler_;
  BatchMaker maker_;
  Trainees trainees_;
  std::int64_t steps_per_epoch_;
  RunState state_;
  std::optional<RunRecord> record_; ///< of process 0
};

/// Processes on one machine share its processors and take a GPU each.
int threads_of(const Configuration& configuration, const ProcessGroup& processes) {
  return configuration.compute.threads > 0
             ? configuration.compute.threads
             : std::max(1, available_threads() / processes.local_size);
}

compute::DeviceRequest device_of(const Configuration& configuration,
                                 const ProcessGroup& processes) {
  const std::string& name = configuration.compute.device;
  compute::DeviceRequest request = compute::parse_device(name);
  if (name == "auto" || name == "cuda") {
    request.index = static_cast<c10::DeviceIndex>(processes.local_rank);
  }
  return request;
}

} // namespace

void train(const Configuration& configuration, const RunOptions& options,
           const ProcessGroup& processes) {
  try {
    compute::configure_compute({.threads = threads_of(configuration, processes)});
    const auto choice = compute::choose_device(device_of(configuration, processes));
    require_precision(configuration.loss.precision, choice.device);
    if (processes.leading()) {
      prepare_folder(configuration, options);
    }
    wait_for_all(processes);
    if (processes.exchange != nullptr) {
      processes.exchange->use_nccl(choice.device.is_cuda() ? open_nccl() : NcclPlugin{},
                                   choice.device);
    }
    PlaneCache cache{static_cast<std::size_t>(configuration.data.cache_megabytes) << 20U,
                     configuration.input_normalization};
    Split split = shared_data(configuration, cache, options, processes);
    split.validation.resize(
        std::min<std::size_t>(split.validation.size(), configuration.validation.max_fields));
    Trainer trainer{configuration, options, processes,
                    split,         cache,   make_trainees(configuration, choice.device)};
    if (options.resume) {
      trainer.resume();
    }
    trainer.run();
  } catch (const std::exception& exception) {
    if (processes.exchange != nullptr) {
      processes.exchange->report_failure(exception.what());
    }
    throw;
  }
}

} // namespace lmc::training
