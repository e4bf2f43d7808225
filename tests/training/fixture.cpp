// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "model/discriminator.hpp"
#include "model/networks.hpp"
#include "tests/support/formula_weights.hpp"
#include "tests/support/reference_files.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include <array>
#include <vector>

namespace lmc::training::test {

namespace {

constexpr std::array names{"Mitochondria", "Nucleus", "Tubulin", "Actin"};

template <typename Architecture>
Trainee<Architecture> trainee(const Architecture& architecture, const std::string& prefix) {
  const model::TensorSpecs specs = tensor_specs(architecture);
  model::StateDict state;
  for (const auto& [name, tensor] : lmc::test::formula_weights(specs, prefix)) {
    state.add(name, tensor.to(at::kDouble));
  }
  Adam adam{specs, state, {}};
  return {architecture, std::move(state), std::move(adam)};
}

} // namespace

Configuration small_configuration(std::int64_t filters, std::int64_t blocks) {
  Configuration configuration;
  configuration.network = model::GeneratorArchitecture{.filters = filters, .blocks = blocks};
  configuration.discriminator = model::DiscriminatorArchitecture{.filters = filters};
  return configuration;
}

nlohmann::json reference_json(const std::string& file) {
  return lmc::test::reference_json(std::filesystem::path{"training"} / file);
}

model::StateDict reference_tensors(const std::string& file) {
  model::StateDict copies;
  for (const auto& [name, tensor] :
       lmc::test::reference_tensors(std::filesystem::path{"training"} / file)) {
    copies.add(name, tensor.clone());
  }
  return copies;
}

Batch reference_batch(int step) {
  const model::StateDict data = reference_tensors("steps_data.safetensors");
  const std::string prefix = fmt::format("step{}/", step);
  Batch batch;
  batch.light = data.at(prefix + "input").to(at::kDouble);
  std::vector<at::Tensor> labels;
  std::vector<at::Tensor> masks;
  const at::Tensor& codes = data.at(prefix + "output_code");
  for (std::size_t k = 0; k < names.size(); ++k) {
    labels.push_back(data.at(prefix + names.at(k)));
    masks.push_back(data.at(prefix + names.at(k) + "_mask"));
    for (std::int64_t i = 0; i < codes.size(0); ++i) {
      if (codes[i][static_cast<std::int64_t>(k)].item<std::int64_t>() == 1) {
        batch.labelled[k].push_back(i);
      }
    }
  }
  batch.labels = at::cat(labels, 1).to(at::kDouble);
  batch.masks = at::cat(masks, 1).to(at::kDouble);
  return batch;
}

Trainees reference_trainees() {
  Trainees trainees{
      trainee<model::Architecture>(model::GeneratorArchitecture{.filters = 8, .blocks = 2}, ""),
      {}};
  for (std::size_t k = 1; k <= organelle_count; ++k) {
    trainees.discriminators.push_back(
        trainee(model::DiscriminatorArchitecture{.filters = 8}, fmt::format("D{}.", k)));
  }
  return trainees;
}

model::StateDict all_tensors(const Trainees& trainees) {
  model::StateDict all;
  const auto add = [&all](const std::string& prefix, const auto& trainee) {
    for (const auto& [name, tensor] : trainee.state) {
      all.add(prefix + name, tensor.detach());
    }
  };
  add("G.", trainees.predictor);
  for (std::size_t k = 0; k < trainees.discriminators.size(); ++k) {
    add(fmt::format("D{}.", k + 1), trainees.discriminators[k]);
  }
  return all;
}

Batch part_of(const Batch& batch, std::int64_t begin, std::int64_t end) {
  Batch part{.light = batch.light.slice(0, begin, end),
             .labels = batch.labels.slice(0, begin, end),
             .masks = batch.masks.slice(0, begin, end),
             .codes = batch.codes.defined() ? batch.codes.slice(0, begin, end) : at::Tensor{},
             .labelled = {}};
  for (std::size_t k = 0; k < organelle_count; ++k) {
    for (const std::int64_t sample : batch.labelled[k]) {
      if (sample >= begin && sample < end) {
        part.labelled[k].push_back(sample - begin);
      }
    }
  }
  return part;
}

} // namespace lmc::training::test
