// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"
#include "engine/description/convolution.hpp"
#include "engine/description/mapped.hpp"
#include "model/architecture.hpp"
#include "model/unetpp_wiring.hpp"

#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace lmc::model {
class StateDict;
}

namespace lmc::engine {

using model::unetpp_depth;

/// A ResNeXt block: 1x1, grouped 3x3, 1x1, and a 1x1 projection of its input in the first block of
/// a stage.
template <class Conv> struct Bottleneck {
  Conv conv1;
  Conv conv2;
  Conv conv3;
  std::optional<Conv> projection;
};

/// A UNet++'s layers, as they are described or as an engine has packed them.
template <class Stem, class Conv> struct UnetPlusPlusLayers {
  Stem stem;
  std::array<std::vector<Bottleneck<Conv>>, unetpp_depth> stages;
  std::vector<std::array<Conv, 2>> decoder; ///< two to a block, in the order of computation
  Conv head;

  /// The same with `pack` of each layer in its place.
  template <class Pack> [[nodiscard]] auto packed(const Pack& pack) const {
    using Packed = decltype(pack(head));
    const auto bottleneck = [&](const Bottleneck<Conv>& b) {
      return Bottleneck<Packed>{.conv1 = pack(b.conv1),
                                .conv2 = pack(b.conv2),
                                .conv3 = pack(b.conv3),
                                .projection = b.projection ? std::optional{pack(*b.projection)}
                                                           : std::nullopt};
    };
    return UnetPlusPlusLayers<decltype(pack(stem)), Packed>{
        .stem = pack(stem),
        .stages = mapped(stages, [&](const auto& stage) { return mapped(stage, bottleneck); }),
        .decoder = mapped(decoder, [&](const auto& block) { return mapped(block, pack); }),
        .head = pack(head)};
  }
};

/// The one schedule of a UNet++. `Run` executes it, or counts what it allocates: so that the count
/// follows what is alive, whatever the order is.
/// - stem(stem), max_pool(image): the images that they make;
/// - conv(image, conv, activation): the next image;
/// - conv_joined(images, conv, activation): of several, read as one; the first is doubled in size;
/// - conv_add(image, conv, shortcut): relu(conv(image) + shortcut);
/// - organelles(image): writes tanh of the first channels as planes.
template <class Layers, class Run> class UnetPlusPlusPass {
public:
  using Image = typename Run::Image;

  UnetPlusPlusPass(const Layers& layers, Run& run) : layers_{layers}, run_{run} {}

  void run() {
    std::size_t index = 0;
    const auto block = [&](std::size_t, std::size_t, std::span<const Image> inputs) {
      const auto& [first, second] = layers_.decoder.at(index++);
      Image y = run_.conv_joined(inputs, first, Activation::relu);
      return run_.conv(std::move(y), second, Activation::relu);
    };
    Image finest = model::decode_nested(encode(), block);
    run_.organelles(run_.conv(std::move(finest), layers_.head, Activation::none));
  }

private:
  [[nodiscard]] model::UnetPlusPlusItems<Image> encode() {
    model::UnetPlusPlusItems<Image> items;
    items.features[0] = run_.stem(layers_.stem);
    Image x = run_.max_pool(items.features[0]);
    for (std::size_t stage = 0; stage < unetpp_depth; ++stage) {
      for (const auto& bottleneck : layers_.stages[stage]) {
        x = run_bottleneck(std::move(x), bottleneck);
      }
      items.features[stage + 1] = x;
    }
    return items;
  }

  /// relu(conv3(relu(conv2(relu(conv1(x))))) + x)
  template <class Block> [[nodiscard]] Image run_bottleneck(Image x, const Block& b) {
    Image y = run_.conv(x, b.conv1, Activation::relu);
    y = run_.conv(std::move(y), b.conv2, Activation::relu);
    if (b.projection) {
      x = run_.conv(std::move(x), *b.projection, Activation::none);
    }
    return run_.conv_add(std::move(y), b.conv3, std::move(x));
  }

  const Layers& layers_;
  Run& run_;
};

/// A UNet++ by the names of its state dict, batch norms folded into the convolutions. That of the
/// stem is its whole norm: factor, and shift without a mean.
struct UnetPlusPlusDescription {
  UnetPlusPlusLayers<StemDescription, ConvDescription> layers;
  /// The stem's norms in a dynamic UNet++, whose stem has that of an unknown modality; else empty.
  std::map<Modality, NormParameters> steered;
};

/// @param state contiguous float32 in host memory, alive as long as the description
[[nodiscard]] UnetPlusPlusDescription describe_layers(const model::UnetPlusPlusArchitecture& a,
                                                      const model::StateDict& state);

} // namespace lmc::engine
