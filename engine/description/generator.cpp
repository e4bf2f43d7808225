// SPDX-License-Identifier: Apache-2.0
#include "engine/description/generator.hpp"

#include "engine/description/state_values.hpp"
#include "model/generator_names.hpp"
#include "model/layers.hpp"
#include "model/networks.hpp"

namespace lmc::engine {

namespace {

void append(std::vector<float>& values, const std::vector<float>& more) {
  values.insert(values.end(), more.begin(), more.end());
}

/// Looks a generator's layers up by name.
struct Reader {
  const model::GeneratorArchitecture& architecture;
  const model::StateDict& state;
  Index filters = architecture.filters;

  [[nodiscard]] std::span<const float> weight(const std::string& conv) const {
    return values_of(state, conv + ".weight");
  }

  [[nodiscard]] NormParameters norm(const std::string& name) const {
    return architecture.norm == model::Norm::batch ? batch_norm_values(state, name)
                                                   : NormParameters{};
  }

  /// 3x3, from and to multiples of the filters.
  [[nodiscard]] ConvDescription conv(const model::NamedConv& name, Index inputs,
                                     Index outputs) const {
    ConvDescription conv;
    conv.weights = {weight(name.conv)};
    conv.inputs = {inputs * filters};
    conv.outputs = {outputs * filters};
    conv.norm = norm(name.norm);
    return conv;
  }

  [[nodiscard]] ConvDescription down(const model::NamedConv& name, Index inputs) const {
    ConvDescription halving = conv(name, inputs, 2 * inputs);
    halving.stride = 2;
    return halving;
  }

  [[nodiscard]] ConvDescription up(const model::NamedConv& name, Index inputs,
                                   Index outputs) const {
    ConvDescription doubling = conv(name, inputs, outputs);
    doubling.transposed = true;
    return doubling;
  }

  [[nodiscard]] ConvDescription first(std::span<const model::NamedDecoder> decoders) const {
    ConvDescription all = up(decoders.front().first, 4, 2);
    for (const model::NamedDecoder& decoder : decoders.subspan(1)) {
      const ConvDescription one = up(decoder.first, 4, 2);
      all.weights.push_back(one.weights.front());
      all.outputs.push_back(one.outputs.front());
      append(all.norm.mean, one.norm.mean);
      append(all.norm.factor, one.norm.factor);
      append(all.norm.shift, one.norm.shift);
    }
    return all;
  }
};

SteeredNorms steered_norms(const model::GeneratorNames& names, const model::StateDict& state,
                           Modality modality) {
  const at::Tensor code = model::modality_code(modality);
  const auto norm = [&](const model::NamedConv& name) {
    const auto halves = model::controller(state, name.norm + ".controller", code).chunk(2, 1);
    return NormParameters{.mean = {}, .factor = copied(halves[0]), .shift = copied(halves[1])};
  };
  return {norm(names.stem), norm(names.down[0]), norm(names.down[1])};
}

} // namespace

GeneratorDescription describe_layers(const model::GeneratorArchitecture& a,
                                     const model::StateDict& state) {
  const model::GeneratorNames names{a};
  const Reader reader{.architecture = a, .state = state};
  GeneratorDescription description{
      .layers = {.stem = {.weight = reader.weight(names.stem.conv),
                          .channels = a.filters,
                          .norm = reader.norm(names.stem.norm)},
                 .down = {reader.down(names.down[0], 1), reader.down(names.down[1], 2)},
                 .blocks = mapped(names.blocks,
                                  [&](const auto& block) {
                                    return mapped(block, [&](const model::NamedConv& name) {
                                      return reader.conv(name, 4, 4);
                                    });
                                  }),
                 .first = reader.first(names.decoders),
                 .second = mapped(names.decoders,
                                  [&](const model::NamedDecoder& decoder) {
                                    return reader.up(decoder.second, 2, 1);
                                  }),
                 .heads = mapped(names.decoders,
                                 [&](const model::NamedDecoder& decoder) {
                                   return HeadDescription{
                                       .weight = reader.weight(decoder.head),
                                       .bias = values_of(state, decoder.head + ".bias")[0]};
                                 })},
      .steered = {}};
  if (a.dynamic) {
    description.steered =
        by_modality([&](Modality modality) { return steered_norms(names, state, modality); });
    steer(description.layers, description.steered.at(Modality::unknown));
  }
  return description;
}

} // namespace lmc::engine
