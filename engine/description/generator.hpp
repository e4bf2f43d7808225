// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "common/organelle.hpp"
#include "engine/description/convolution.hpp"
#include "engine/description/mapped.hpp"
#include "model/architecture.hpp"

#include <array>
#include <map>
#include <utility>
#include <vector>

namespace lmc::model {
class StateDict;
}

namespace lmc::engine {

/// A generator's layers, as they are described or as an engine has packed them.
template <class Stem, class Conv, class Head> struct GeneratorLayers {
  Stem stem;
  std::array<Conv, 2> down;
  std::vector<std::array<Conv, 2>> blocks;
  Conv first; ///< up-sampling of the trunk: all decoders read it, so that they are one convolution
  std::array<Conv, organelle_count> second;
  std::array<Head, organelle_count> heads;

  /// The same with `pack` of each layer in its place.
  template <class Pack> [[nodiscard]] auto packed(const Pack& pack) const {
    const auto pair = [&](const std::array<Conv, 2>& convs) { return mapped(convs, pack); };
    return GeneratorLayers<decltype(pack(stem)), decltype(pack(first)), decltype(pack(heads[0]))>{
        .stem = pack(stem),
        .down = mapped(down, pack),
        .blocks = mapped(blocks, pair),
        .first = pack(first),
        .second = mapped(second, pack),
        .heads = mapped(heads, pack)};
  }
};

/// The one schedule of a generator. `Run` executes it on images whose norm, ReLU and residual are
/// still to be applied: each convolution applies them to what it reads.
/// - stem(stem): the first image;
/// - conv(image, conv): the next one;
/// - conv_keeping(image, conv): the same; the image is left with what was read, for a residual;
/// - sum(image, kept): norm(image) + kept, without ReLU;
/// - part(image, i): the channels of decoder i;
/// - head(image, head, i): writes the plane of organelle i.
template <class Layers, class Run> void run_generator(const Layers& layers, Run& run) {
  auto x = run.stem(layers.stem);
  for (const auto& conv : layers.down) {
    x = run.conv(std::move(x), conv);
  }
  // x <- x + norm(conv(relu(norm(conv(x)))))
  for (const auto& [first, second] : layers.blocks) {
    auto y = run.conv_keeping(x, first);
    y = run.conv(std::move(y), second);
    x = run.sum(std::move(y), std::move(x));
  }
  const auto halves = run.conv(std::move(x), layers.first);
  for (std::size_t i = 0; i < organelle_count; ++i) {
    run.head(run.conv(run.part(halves, i), layers.second[i]), layers.heads[i], i);
  }
}

/// The norms that a modality steers in a dynamic generator: the stem's and the two behind it.
using SteeredNorms = std::array<NormParameters, 3>;

template <class Layers> void steer(Layers& layers, const SteeredNorms& norms) {
  layers.stem.norm = norms[0];
  layers.down[0].norm = norms[1];
  layers.down[1].norm = norms[2];
}

/// A generator by the names of model/generator_names.hpp. Biases in front of an instance norm
/// cancel and are left out.
struct GeneratorDescription {
  GeneratorLayers<StemDescription, ConvDescription, HeadDescription> layers;
  /// Of a dynamic generator, whose layers have those of an unknown modality; else empty.
  std::map<Modality, SteeredNorms> steered;
};

/// @param state contiguous float32 in host memory, alive as long as the description
[[nodiscard]] GeneratorDescription describe_layers(const model::GeneratorArchitecture& a,
                                                   const model::StateDict& state);

} // namespace lmc::engine
