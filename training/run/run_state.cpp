// SPDX-License-Identifier: Apache-2.0
#include "training/run/run_state.hpp"

#include "common/error.hpp"
#include "common/records/fields.hpp"
#include "common/records/json.hpp"
#include "model/discriminator.hpp"
#include "model/networks.hpp"
#include "model/storage/state_check.hpp"
#include "model/storage/tensor_file.hpp"
#include "training/trainee.hpp"

#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <stdexcept>

namespace lmc::training {

using nlohmann::json;

template <class Fields> void visit_fields(Fields& fields, RunState& state) {
  fields.required("step", state.step);
  fields.record(
      "best_score", state.best_score,
      [](const auto& score) { return score ? json(*score) : json(nullptr); },
      [](const json& score) {
        return score.is_number() ? std::optional{score.get<double>()} : std::nullopt;
      });
  fields.required("best_epoch", state.best_epoch);
  fields.field("processes", state.processes);
}

template <class Fields> void visit_fields(Fields& fields, LossScale& scale) {
  fields.field("factor", scale.factor);
  fields.field("good_steps", scale.good_steps);
}

template <class Fields> void visit_fields(Fields& fields, SavedRun& run) {
  constexpr int format = 1;
  int written = format;
  const auto as_it_is = [](const json& record) { return record; };
  fields.required("format", written, format, format);
  fields.required("state", run.state);
  fields.field("loss_scale", run.loss_scale);
  fields.record("configuration", run.configuration, as_it_is, as_it_is);
}

namespace {

constexpr const char* record_key = "light_my_cells_checkpoint";

void add_all(const std::string& prefix, const model::StateDict& from, model::StateDict& to) {
  for (const auto& [name, tensor] : copied_to(from, c10::Device{c10::DeviceType::CPU})) {
    to.add(prefix + name, tensor);
  }
}

template <typename Architecture>
void add_trainee(const std::string& name, const Trainee<Architecture>& trainee,
                 model::StateDict& tensors) {
  add_all(name + "/", trainee.state, tensors);
  add_all(name + ".adam/", trainee.adam.moments(), tensors);
}

std::string discriminator_name(std::size_t index) {
  return fmt::format("discriminator{}", index + 1);
}

/// The tensors of a prefix, without it.
model::StateDict part_of(const model::StateDict& tensors, const std::string& prefix) {
  model::StateDict part;
  for (const auto& [name, tensor] : tensors) {
    if (name.starts_with(prefix)) {
      part.add(name.substr(prefix.size()), tensor);
    }
  }
  return part;
}

template <typename Architecture>
void load_trainee(const std::string& name, const model::StateDict& tensors,
                  Trainee<Architecture>& trainee, const std::filesystem::path& file) {
  const model::StateDict stored = part_of(tensors, name + "/");
  model::check_state(tensor_specs(trainee.architecture), stored, describe(trainee.architecture),
                     file.string() + " (" + name + ")");
  const at::NoGradGuard no_gradients;
  for (const auto& [tensor_name, tensor] : trainee.state) {
    at::Tensor target = tensor;
    target.copy_(stored.at(tensor_name));
  }
  try {
    trainee.adam.restore(part_of(tensors, name + ".adam/"));
  } catch (const std::out_of_range& error) {
    throw Error{ErrorCode::model_corrupt, file.string(), error.what(),
                "start the run again, or from an older checkpoint"};
  }
}

SavedRun saved_run_in(const model::TensorFile& content, const std::filesystem::path& file) {
  const auto text = content.metadata.find(record_key);
  if (text == content.metadata.end()) {
    throw Error{ErrorCode::model_mismatch, file.string(), "is no checkpoint of a training run",
                "name the folder of a run; weights are fine-tuned with \"initial_weights\""};
  }
  try {
    SavedRun run;
    read_fields(parse_json(text->second), run);
    return run;
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::model_corrupt, file.string(), error.what(), "start the run again"};
  }
}

} // namespace

void save_run(const std::filesystem::path& file, const Trainees& trainees, const RunState& state,
              const json& configuration) {
  model::TensorFile content;
  add_trainee("predictor", trainees.predictor, content.tensors);
  for (std::size_t k = 0; k < trainees.discriminators.size(); ++k) {
    add_trainee(discriminator_name(k), trainees.discriminators[k], content.tensors);
  }
  content.metadata[record_key] = fields_of(SavedRun{state, trainees.scale, configuration}).dump();
  model::write_tensor_file(file, content, Existing::replace);
}

RunState resume_run(const std::filesystem::path& file, Trainees& trainees) {
  const model::TensorFile content = model::read_tensor_file(file);
  const SavedRun run = saved_run_in(content, file);
  trainees.scale.factor = run.loss_scale.factor;
  trainees.scale.good_steps = run.loss_scale.good_steps;
  load_trainee("predictor", content.tensors, trainees.predictor, file);
  for (std::size_t k = 0; k < trainees.discriminators.size(); ++k) {
    load_trainee(discriminator_name(k), content.tensors, trainees.discriminators[k], file);
  }
  return run.state;
}

SavedRun read_saved_run(const std::filesystem::path& file) {
  return saved_run_in(model::read_tensor_file(file), file);
}

} // namespace lmc::training
