// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/generator.hpp"

#include "engine/cpu/padding.hpp"

namespace lmc::engine::cpu {

namespace {

ConvKind kind_of(const ConvDescription& conv) {
  if (conv.transposed) {
    return ConvKind::transposed;
  }
  return conv.stride == 2 ? ConvKind::stride_two : ConvKind::same;
}

} // namespace

struct Generator::Packer {
  Team& team;

  NormedStem operator()(const StemDescription& stem) const {
    return {.conv = Stem{padded_channels(stem.channels),
                         padded_kernels(stem.weight, stem.channels, taps)},
            .norm = stem.norm};
  }
  NormedConv operator()(const ConvDescription& conv) const {
    PaddedConv p = padded(conv);
    return {.conv = WinogradConv{{kind_of(conv), p.inputs, p.outputs}, p.weight, team},
            .norm = std::move(p.norm)};
  }
  Head operator()(const HeadDescription& head) const {
    const Index channels = std::ssize(head.weight) / taps;
    return Head{padded_channels(channels), padded_kernels(head.weight, channels, taps), head.bias};
  }
};

/// One window on its way; see run_generator().
class Generator::Run {
public:
  /// What a convolution has left behind and the norm that belongs to it.
  struct Image {
    Size size;
    Index channels = 0; ///< from pixel to pixel
    std::shared_ptr<float> pixels = {};
    std::shared_ptr<ChannelNorm> norm = {}; ///< none: the pixels are complete
    bool relu = true;
    std::shared_ptr<float> residual = {};
    Index first = 0; ///< channel that is the first of these

    [[nodiscard]] Source source() const {
      return {.pixels = pixels.get() + first,
              .stride = channels,
              .mean = norm->mean.data() + first,
              .factor = norm->factor.data() + first,
              .shift = norm->shift.data() + first,
              .relu = relu,
              .residual = residual.get()};
    }
  };

  explicit Run(WindowRun& run) : run_{run} {}

  [[nodiscard]] Image stem(const NormedStem& stem) {
    Image y = image(run_.size, stem.conv.outputs());
    run_.layer(0, [&] {
      const bool centred = stem.norm.mean.empty(); // an instance norm removes any mean
      stem.conv.run(run_.window, run_.size, centred, y.pixels.get(), run_.workspace.padded,
                    run_.workspace.sums, run_.team);
      finish_norm(y, stem.norm);
    });
    return y;
  }

  [[nodiscard]] Image conv(const Image& x, const NormedConv& conv) {
    return conv_storing(x, conv, nullptr);
  }

  /// The sum that a block reads is stored by whoever forms it: as the residual of the block after.
  [[nodiscard]] Image conv_keeping(Image& x, const NormedConv& conv) {
    std::shared_ptr<float> kept = run_.memory.take(x.size.pixels() * x.channels);
    Image y = conv_storing(x, conv, kept.get());
    x = {.size = x.size, .channels = x.channels, .pixels = std::move(kept)};
    return y;
  }

  [[nodiscard]] static Image sum(Image x, const Image& kept) {
    x.relu = false;
    x.residual = kept.pixels;
    return x;
  }

  [[nodiscard]] static Image part(Image x, std::size_t index) {
    x.first = static_cast<Index>(index) * (x.channels / Index{organelle_count});
    return x;
  }

  void head(const Image& x, const Head& head, std::size_t organelle) {
    const Index scratch = head_scratch_floats(x.channels);
    run_.layer(scratch, [&] {
      run_.workspace.reserve(run_.team.size(), scratch);
      head.run(x.source(), x.size, run_.result + static_cast<Index>(organelle) * run_.size.pixels(),
               run_.workspace.scratch, run_.team);
    });
  }

private:
  [[nodiscard]] Image image(Size size, Index channels) {
    return {
        .size = size, .channels = channels, .pixels = run_.memory.take(size.pixels() * channels)};
  }

  [[nodiscard]] Image conv_storing(const Image& x, const NormedConv& conv, float* store) {
    Image y = image(conv.conv.output_size(x.size), conv.conv.sizes().outputs);
    run_.layer(conv.conv.scratch_floats(x.size), [&] {
      Source source = x.source();
      source.store = store;
      conv.conv.run(x.size, source, y.pixels.get(), run_.workspace, run_.team);
      finish_norm(y, conv.norm);
    });
    return y;
  }

  void finish_norm(Image& y, const NormParameters& parameters) {
    y.norm = std::make_shared<ChannelNorm>(y.channels);
    run_.workspace.sums.finish(*y.norm, parameters);
  }

  WindowRun& run_;
};

Generator::Generator(const GeneratorDescription& description, Team& team)
    : layers_{description.layers.packed(Packer{team})}, steered_{description.steered} {}

void Generator::steer(Modality modality) {
  if (!steered_.empty()) {
    engine::steer(layers_, steered_.at(modality));
  }
}

void Generator::run(WindowRun& run) const {
  Run pass{run};
  run_generator(layers_, pass);
}

} // namespace lmc::engine::cpu
