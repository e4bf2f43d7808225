// SPDX-License-Identifier: Apache-2.0
#include "training/checkpoint.hpp"

#include "common/error.hpp"
#include "common/json.hpp"
#include "model/discriminator.hpp"
#include "model/networks.hpp"
#include "model/state_check.hpp"
#include "model/tensor_file.hpp"
#include "training/trainee.hpp"

#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <stdexcept>

namespace lmc::training {

namespace {

using nlohmann::json;

constexpr const char* record_key = "light_my_cells_checkpoint";
constexpr int record_format = 1;

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

json to_json(const LossScale& scale) {
  return {{"factor", scale.factor}, {"good_steps", scale.good_steps}};
}

json to_json(const RunState& state) {
  return {{"step", state.step},
          {"best_score", state.best_score ? json(*state.best_score) : json(nullptr)},
          {"best_epoch", state.best_epoch},
          {"processes", state.processes}};
}

CheckpointRecord record_of(const model::TensorFile& content, const std::filesystem::path& file) {
  const auto text = content.metadata.find(record_key);
  if (text == content.metadata.end()) {
    throw Error{ErrorCode::model_mismatch, file.string(), "is no checkpoint of a training run",
                "name the folder of a run; weights are fine-tuned with \"initial_weights\""};
  }
  try {
    const json record = parse_json(text->second);
    CheckpointRecord result;
    if (record.at("format") != record_format) {
      throw std::invalid_argument{fmt::format("format {}, this version reads {}",
                                              record.at("format").dump(), record_format)};
    }
    result.state.step = record.at("state").at("step").get<std::int64_t>();
    result.state.best_epoch = record.at("state").at("best_epoch").get<std::int64_t>();
    result.state.processes = record.at("state").value("processes", 1);
    if (const json& best = record.at("state").at("best_score"); !best.is_null()) {
      result.state.best_score = best.get<double>();
    }
    result.configuration = record.at("configuration");
    if (record.contains("loss_scale")) {
      result.loss_scale.factor = record.at("loss_scale").at("factor").get<double>();
      result.loss_scale.good_steps = record.at("loss_scale").at("good_steps").get<std::int64_t>();
    }
    return result;
  } catch (const json::exception& error) {
    throw Error{ErrorCode::model_corrupt, file.string(), error.what(), "start the run again"};
  } catch (const std::invalid_argument& error) {
    throw Error{ErrorCode::model_corrupt, file.string(), error.what(), "start the run again"};
  }
}

} // namespace

void save_checkpoint(const std::filesystem::path& file, const Trainees& trainees,
                     const RunState& state, const json& configuration) {
  model::TensorFile content;
  add_trainee("predictor", trainees.predictor, content.tensors);
  for (std::size_t k = 0; k < trainees.discriminators.size(); ++k) {
    add_trainee(discriminator_name(k), trainees.discriminators[k], content.tensors);
  }
  const json record{{"format", record_format},
                    {"state", to_json(state)},
                    {"loss_scale", to_json(trainees.scale)},
                    {"configuration", configuration}};
  content.metadata[record_key] = record.dump();
  model::write_tensor_file(file, content, Existing::replace);
}

CheckpointRecord load_checkpoint(const std::filesystem::path& file, Trainees& trainees) {
  const model::TensorFile content = model::read_tensor_file(file);
  CheckpointRecord record = record_of(content, file);
  trainees.scale.factor = record.loss_scale.factor;
  trainees.scale.good_steps = record.loss_scale.good_steps;
  load_trainee("predictor", content.tensors, trainees.predictor, file);
  for (std::size_t k = 0; k < trainees.discriminators.size(); ++k) {
    load_trainee(discriminator_name(k), content.tensors, trainees.discriminators[k], file);
  }
  return record;
}

CheckpointRecord read_checkpoint_record(const std::filesystem::path& file) {
  return record_of(model::read_tensor_file(file), file);
}

} // namespace lmc::training
