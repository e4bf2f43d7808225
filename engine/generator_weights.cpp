// SPDX-License-Identifier: Apache-2.0
#include "engine/generator_weights.hpp"

#include "model/layers.hpp"
#include "model/networks.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace lmc::engine {

namespace {

constexpr double epsilon = 1e-5;
constexpr int first_block = 10; // encoder.10, see model/generator.cpp

std::span<const float> values(const model::StateDict& state, const std::string& name) {
  const at::Tensor& tensor = state.at(name);
  if (!tensor.is_contiguous() || tensor.scalar_type() != at::kFloat || !tensor.is_cpu()) {
    throw std::invalid_argument{name + " is not contiguous float32 in host memory"};
  }
  return {tensor.const_data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

std::vector<float> copied(const at::Tensor& tensor) {
  const at::Tensor contiguous = tensor.contiguous();
  const float* const first = contiguous.const_data_ptr<float>();
  return {first, first + contiguous.numel()};
}

/// Collects a generator's weights and, of batch norms, their parameters.
struct Reader {
  const model::GeneratorArchitecture& architecture;
  const model::StateDict& state;
  cpu::GeneratorWeights weights{};

  std::span<const float> conv(const std::string& prefix, int index) const {
    return values(state, fmt::format("{}.{}.weight", prefix, index));
  }

  /// y = (x - mean) * weight / sqrt(variance + epsilon) + bias
  void norm(const std::string& prefix, int index) {
    if (architecture.norm != model::Norm::batch) {
      return;
    }
    const std::string name = fmt::format("{}.{}", prefix, index);
    const at::Tensor scale = state.at(name + ".running_var").add(epsilon).rsqrt();
    weights.batch_norms.push_back({.mean = copied(state.at(name + ".running_mean")),
                                   .factor = copied(scale.mul(state.at(name + ".weight"))),
                                   .shift = copied(state.at(name + ".bias"))});
  }

  void encoder() {
    weights.stem = conv("encoder", 1);
    norm("encoder", 2);
    weights.down = {conv("encoder", 4), conv("encoder", 7)};
    norm("encoder", 5);
    norm("encoder", 8);
    const int second = architecture.dropout_layer ? 6 : 5;
    for (std::int64_t block = 0; block < architecture.blocks; ++block) {
      const std::string name = fmt::format("encoder.{}.conv_block", first_block + block);
      weights.blocks.push_back(conv(name, 1));
      norm(name, 2);
      weights.blocks.push_back(conv(name, second));
      norm(name, second + 1);
    }
  }

  void decoder(std::size_t organelle) {
    const std::string name = fmt::format("decoder{}.decoder", organelle + 1);
    cpu::DecoderWeights& decoder = weights.decoders.at(organelle);
    decoder.first = conv(name, 0);
    norm(name, 1);
    decoder.second = conv(name, 3);
    norm(name, 4);
    decoder.head = conv(name, 7);
    decoder.head_bias = values(state, name + ".7.bias")[0];
  }
};

} // namespace

cpu::GeneratorWeights generator_weights(const model::GeneratorArchitecture& a,
                                        const model::StateDict& state) {
  Reader reader{.architecture = a, .state = state};
  reader.weights.filters = a.filters;
  reader.encoder();
  for (std::size_t organelle = 0; organelle < reader.weights.decoders.size(); ++organelle) {
    reader.decoder(organelle);
  }
  return reader.weights;
}

cpu::SteeredNorms steered_norms(const model::GeneratorArchitecture& a,
                                const model::StateDict& state, Modality modality) {
  cpu::SteeredNorms norms;
  if (!a.dynamic) {
    return norms;
  }
  const at::Tensor code = model::modality_code(modality);
  for (std::size_t i = 0; i < norms.size(); ++i) {
    const std::string name = fmt::format("encoder.{}.controller", 2 + 3 * i);
    const std::vector<at::Tensor> halves = model::controller(state, name, code).chunk(2, 1);
    norms[i] = {.mean = {}, .factor = copied(halves[0]), .shift = copied(halves[1])};
  }
  return norms;
}

} // namespace lmc::engine
