// SPDX-License-Identifier: Apache-2.0
#include "engine/generator_weights.hpp"

#include "engine/state_values.hpp"
#include "model/layers.hpp"
#include "model/networks.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

namespace lmc::engine {

namespace {

constexpr int first_block = 10; // encoder.10, see model/generator.cpp

/// Collects a generator's weights and, of batch norms, their parameters.
struct Reader {
  const model::GeneratorArchitecture& architecture;
  const model::StateDict& state;
  cpu::GeneratorWeights weights{};

  std::span<const float> conv(const std::string& prefix, int index) const {
    return values_of(state, fmt::format("{}.{}.weight", prefix, index));
  }

  void norm(const std::string& prefix, int index) {
    if (architecture.norm == model::Norm::batch) {
      BatchNormValues norm = batch_norm_values(state, fmt::format("{}.{}", prefix, index));
      weights.batch_norms.push_back({.mean = std::move(norm.mean),
                                     .factor = std::move(norm.factor),
                                     .shift = std::move(norm.shift)});
    }
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
    decoder.head_bias = values_of(state, name + ".7.bias")[0];
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
