// SPDX-License-Identifier: Apache-2.0
#include "training/trainee.hpp"

#include "common/error.hpp"
#include "model/discriminator.hpp"
#include "model/networks.hpp"
#include "model/storage/state_check.hpp"
#include "training/initialisation.hpp"

#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include <utility>

namespace lmc::training {

namespace {

template <typename Architecture>
Trainee<Architecture> trainee(const Architecture& architecture, model::StateDict state,
                              const AdamOptions& options) {
  Adam adam{tensor_specs(architecture), state, options};
  return {architecture, std::move(state), std::move(adam)};
}

/// The file's weights, which must be of the architecture and normalisation that are to be trained.
model::StateDict weights_to_tune(const Configuration& configuration) {
  const std::string& file = configuration.initial_weights;
  const model::Weights weights = model::load_weights(file);
  if (weights.architecture != configuration.network) {
    throw Error{ErrorCode::model_mismatch, file,
                fmt::format("is a {}, the configuration wants a {}",
                            model::describe(weights.architecture),
                            model::describe(configuration.network)),
                "give \"network\" the values of the weights, or choose other \"initial_weights\""};
  }
  if (weights.normalization != configuration.input_normalization) {
    throw Error{ErrorCode::model_mismatch, file,
                fmt::format("was trained with input normalisation {}, the configuration has {}",
                            model::input_normalizations.name(weights.normalization),
                            model::input_normalizations.name(configuration.input_normalization)),
                fmt::format("set \"input_normalization\" to \"{}\"",
                            model::input_normalizations.name(weights.normalization))};
  }
  return weights.state;
}

} // namespace

model::StateDict copied_to(const model::StateDict& state, c10::Device device) {
  model::StateDict copies;
  for (const auto& [name, tensor] : state) {
    copies.add(name, tensor.detach().to(device, false, true).contiguous());
  }
  return copies;
}

Trainees make_trainees(const Configuration& configuration, c10::Device device) {
  const AdamOptions adam{.learning_rate = configuration.schedule.initial,
                         .beta1 = configuration.beta1,
                         .beta2 = configuration.beta2};
  const model::StateDict state =
      configuration.initial_weights.empty()
          ? initial_weights(tensor_specs(configuration.network), configuration.seed, "predictor")
          : weights_to_tune(configuration);
  Trainees trainees{trainee(configuration.network, copied_to(state, device), adam), {}};
  trainees.scale.active = configuration.loss.precision == Precision::fp16;
  for (std::size_t k = 0; configuration.adversarial && k < organelle_count; ++k) {
    const std::string name = fmt::format("discriminator{}", k + 1);
    trainees.discriminators.push_back(
        trainee(configuration.discriminator,
                copied_to(initial_weights(tensor_specs(configuration.discriminator),
                                          configuration.seed, name),
                          device),
                adam));
  }
  return trainees;
}

} // namespace lmc::training
