// SPDX-License-Identifier: Apache-2.0
#include "app/model_set.hpp"

#include "common/error.hpp"
#include "model/storage/manifest.hpp"
#include "model/storage/weights.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace lmc::app {

using inference::Role;

namespace {

/// One weights file and the networks made of it so far.
struct Model {
  ModelInfo info;
  model::Weights weights;
  EngineChoice engine = EngineChoice::automatic;
  std::unique_ptr<model::Network> on_device;
  std::unique_ptr<model::Network> on_cpu;
  std::unique_ptr<model::Network> in_fp32;

  const model::Network& network(c10::Device device) {
    auto& made = device.is_cpu() ? on_cpu : on_device;
    if (!made) {
      made = make_network(engine, weights, device);
    }
    return *made;
  }

  /// LibTorch's layers on the device, beside an engine in half precision.
  const model::Network& exact_network(c10::Device device) {
    if (!in_fp32) {
      in_fp32 = make_network(EngineChoice::torch, weights, device);
    }
    return *in_fp32;
  }
};

/// What the networks of a set run on.
struct Execution {
  c10::Device device;
  EngineChoice engine;
};

std::shared_ptr<Model> make_model(std::string role, std::string file, model::Weights weights,
                                  const Execution& execution) {
  auto made = std::make_shared<Model>();
  made->info = {.role = std::move(role),
                .file = std::move(file),
                .sha256 = weights.sha256,
                .architecture = model::describe(weights.architecture),
                .trained = weights.trained,
                .engine = engine_name(execution.engine, weights.architecture, execution.device)};
  made->engine = execution.engine;
  made->weights = std::move(weights);
  return made;
}

} // namespace

struct ModelSet::State {
  std::filesystem::path source;
  c10::Device device{c10::DeviceType::CPU};
  std::map<Role, std::shared_ptr<Model>> models;

  Model& at(Role role) const {
    const auto found = models.find(role);
    if (found == models.end()) {
      throw Error{ErrorCode::model_missing, source.string(),
                  fmt::format("it has no {} model", name_of(role)),
                  "add one to manifest.json, or give a single weights file with --model"};
    }
    return *found->second;
  }
};

nlohmann::json to_json(const ModelInfo& info) {
  return {{"role", info.role},       {"file", info.file},
          {"sha256", info.sha256},   {"architecture", info.architecture},
          {"trained", info.trained}, {"engine", info.engine}};
}

ModelSet ModelSet::open(const std::filesystem::path& models, const compute::DeviceChoice& device,
                        EngineChoice engine) {
  const Execution execution{device.device, engine};
  auto state = std::make_unique<State>();
  state->source = models;
  state->device = device.device;
  if (std::filesystem::is_directory(models)) {
    const model::Manifest manifest = model::read_manifest(models);
    for (const auto& [role, entry] : manifest.models) {
      state->models[role] = make_model(std::string{name_of(role)}, entry.file,
                                       model::load_model(manifest, role), execution);
    }
  } else {
    const auto only =
        make_model("any", models.filename().string(), model::load_weights(models), execution);
    for (const Role role : model::all_roles) {
      state->models[role] = only;
    }
  }
  return ModelSet{std::move(state)};
}

ModelSet::ModelSet(std::unique_ptr<State> state) : state_{std::move(state)} {}
ModelSet::ModelSet(ModelSet&&) noexcept = default;
ModelSet& ModelSet::operator=(ModelSet&&) noexcept = default;
ModelSet::~ModelSet() = default;

inference::NetworkSource ModelSet::networks() {
  return [state = state_.get()](Role role) {
    Model& model = state->at(role);
    inference::NetworkEntry entry{.network = &model.network(state->device),
                                  .name = model.info.file,
                                  .normalisation = model.weights.normalization};
    if (!state->device.is_cpu()) {
      entry.on_cpu = [&model]() -> const model::Network& {
        return model.network(c10::Device{c10::DeviceType::CPU});
      };
      if (model.info.engine != torch_engine_name) {
        entry.in_fp32 = [&model, device = state->device]() -> const model::Network& {
          return model.exact_network(device);
        };
      }
    }
    return entry;
  };
}

void ModelSet::build_all() {
  for (const auto& [role, model] : state_->models) {
    static_cast<void>(model->network(state_->device));
  }
}

const ModelInfo& ModelSet::info(Role role) const {
  return state_->at(role).info;
}

std::vector<ModelInfo> ModelSet::all() const {
  std::vector<ModelInfo> infos;
  for (const auto& [role, model] : state_->models) {
    const ModelInfo& own = model->info;
    const bool listed = std::any_of(infos.begin(), infos.end(), [&own](const ModelInfo& info) {
      return info.sha256 == own.sha256 && info.role == own.role;
    });
    if (!listed) {
      infos.push_back(own);
    }
  }
  return infos;
}

} // namespace lmc::app
