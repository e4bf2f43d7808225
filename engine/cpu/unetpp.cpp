// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/unetpp.hpp"

#include "engine/cpu/layers/unet_layers.hpp"
#include "engine/cpu/padding.hpp"

namespace lmc::engine::cpu {

namespace {

constexpr Index organelles = 4;

} // namespace

struct UnetPlusPlus::Packer {
  Team& team;

  NormedStem operator()(const StemDescription& stem) const {
    return {.conv = Stem{padded_channels(stem.channels),
                         padded_kernels(stem.weight, stem.channels, taps)},
            .norm = padded(stem.norm)};
  }

  Conv operator()(const ConvDescription& conv) const {
    const PaddedConv p = padded(conv);
    if (conv.kernel == 1) {
      return PointwiseConv{{p.inputs, p.outputs, conv.stride}, p.weight, p.bias, team};
    }
    return WinogradConv{{.kind = conv.stride == 2 ? ConvKind::stride_two : ConvKind::same,
                         .inputs = p.inputs,
                         .outputs = p.outputs,
                         .groups = p.groups,
                         .border = Border::zero},
                        p.weight,
                        p.bias,
                        team};
  }
};

/// One window on its way; see UnetPlusPlusPass.
class UnetPlusPlus::Run {
public:
  struct Image {
    Size size;
    Index channels = 0;
    std::shared_ptr<float> pixels = {};
  };

  explicit Run(WindowRun& run) : run_{run} {}

  [[nodiscard]] Image stem(const NormedStem& stem) {
    Image y = image({run_.size.height / 2, run_.size.width / 2}, stem.conv.outputs());
    run_.layer(0, [&] {
      stem.conv.run_strided(run_.window, run_.size, stem.norm, y.pixels.get(),
                            run_.workspace.padded, run_.team);
    });
    return y;
  }

  [[nodiscard]] Image max_pool(const Image& x) {
    Image y = image({x.size.height / 2, x.size.width / 2}, x.channels);
    run_.layer(
        0, [&] { cpu::max_pool(x.pixels.get(), x.size, x.channels, y.pixels.get(), run_.team); });
    return y;
  }

  [[nodiscard]] Image conv(const Image& x, const Conv& conv, Activation activation) {
    if (std::holds_alternative<WinogradConv>(conv)) {
      return winograd(source(x, false), x.size, conv, activation);
    }
    const auto& pointwise = std::get<PointwiseConv>(conv);
    const Index stride = pointwise.sizes().stride;
    Image y = image({x.size.height / stride, x.size.width / stride}, pointwise.sizes().outputs);
    run_pointwise(pointwise, x, nullptr, y, activation);
    return y;
  }

  [[nodiscard]] Image conv_joined(std::span<const Image> images, const Conv& conv,
                                  Activation activation) {
    model::BlockInputs<Source> sources;
    for (const Image& image : images) {
      sources.add(source(image, sources.count == 0));
    }
    const Size coarse = images.front().size;
    return winograd(sources.span(), {2 * coarse.height, 2 * coarse.width}, conv, activation);
  }

  /// In the shortcut's place.
  [[nodiscard]] Image conv_add(const Image& x, const Conv& conv, Image shortcut) {
    run_pointwise(std::get<PointwiseConv>(conv), x, shortcut.pixels.get(), shortcut,
                  Activation::relu);
    return shortcut;
  }

  void organelles(const Image& x) {
    run_.layer(0, [&] {
      tanh_planes(x.pixels.get(),
                  {.pixels = x.size.pixels(), .channels = x.channels, .planes = cpu::organelles},
                  run_.result, run_.team);
    });
  }

private:
  [[nodiscard]] Image image(Size size, Index channels) {
    return {
        .size = size, .channels = channels, .pixels = run_.memory.take(size.pixels() * channels)};
  }

  [[nodiscard]] static Source source(const Image& x, bool doubled) {
    return {
        .pixels = x.pixels.get(), .stride = x.channels, .channels = x.channels, .doubled = doubled};
  }

  [[nodiscard]] Image winograd(std::span<const Source> sources, Size size, const Conv& conv,
                               Activation activation) {
    const auto& winograd = std::get<WinogradConv>(conv);
    Image y = image(winograd.output_size(size), winograd.sizes().outputs);
    run_.layer(winograd.scratch_floats(size), [&] {
      winograd.run(size, sources, activation, y.pixels.get(), run_.workspace, run_.team);
    });
    return y;
  }
  [[nodiscard]] Image winograd(const Source& source, Size size, const Conv& conv,
                               Activation activation) {
    return winograd(std::span{&source, 1}, size, conv, activation);
  }

  void run_pointwise(const PointwiseConv& conv, const Image& x, const float* residual,
                     const Image& y, Activation activation) {
    run_.layer(conv.scratch_floats(x.size), [&] {
      conv.run(x.size, {.input = x.pixels.get(), .residual = residual, .result = y.pixels.get()},
               activation, run_.workspace, run_.team);
    });
  }

  WindowRun& run_;
};

UnetPlusPlus::UnetPlusPlus(const UnetPlusPlusDescription& description, Team& team)
    : layers_{description.layers.packed(Packer{team})} {
  for (const auto& [modality, norm] : description.steered) {
    steered_.emplace(modality, padded(norm));
  }
}

void UnetPlusPlus::steer(Modality modality) {
  if (!steered_.empty()) {
    layers_.stem.norm = steered_.at(modality);
  }
}

void UnetPlusPlus::run(WindowRun& run) const {
  Run pass{run};
  UnetPlusPlusPass{layers_, pass}.run();
}

} // namespace lmc::engine::cpu
