// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_generator.hpp"

#include "common/organelle.hpp"
#include "engine/cuda/half_tensor.hpp"

#include <ATen/ops/empty.h>

namespace lmc::engine::cuda {

namespace {

constexpr Border no_border{};
constexpr Border reflected_border{.before = 1, .after = 1};
// What a 2x2 convolution reads behind the last row and column.
constexpr Border zeros_behind{.before = 0, .after = 1, .zeros = true};
constexpr ConvShape halving{.stride = 2, .padding = 1};

/// What a convolution left behind and the norm that belongs to it.
struct Raw {
  at::Tensor pixels = {};
  int channels = 0;
  Activation activation{};
  at::Tensor norm = {}; ///< float32 [n or 1, 3, channels]
  NormView view{};

  /// Some of the channels.
  [[nodiscard]] Raw slice(int first, int count) const {
    Raw part = *this;
    part.channels = count;
    part.activation.first += first;
    part.view.first += first;
    return part;
  }
};

/// One run over a batch of windows.
class Pass {
public:
  Pass(const HalfWeights& weights, const at::Tensor& windows, Backend& backend)
      : weights_{weights}, windows_{windows}, backend_{backend}, count_{static_cast<int>(
                                                                     windows.size(0))},
        height_{static_cast<int>(windows.size(2))}, width_{static_cast<int>(windows.size(3))} {}

  [[nodiscard]] at::Tensor run() {
    at::Tensor x = applied(stem(), true, no_border);
    x = applied(conv(x, weights_.down[0], halving, 1), true, no_border);
    const std::size_t blocks = weights_.blocks.size() / 2;
    x = applied(conv(x, weights_.down[1], halving, 2), true, trunk_border(0, blocks));
    for (std::size_t block = 0; block < blocks; ++block) {
      x = residual_block(x, block, trunk_border(block + 1, blocks));
    }
    return decoders(x);
  }

private:
  /// The trunk goes into another block, or into the decoders.
  [[nodiscard]] Border trunk_border(std::size_t block, std::size_t blocks) const {
    return block < blocks ? reflected_border : up_border();
  }
  [[nodiscard]] Border up_border() const { return weights_.transposed ? no_border : zeros_behind; }

  [[nodiscard]] at::Tensor empty(at::IntArrayRef sizes, at::ScalarType type) const {
    return at::empty(sizes, windows_.options().dtype(type));
  }
  [[nodiscard]] at::Tensor empty_image(int channels, int height, int width) const {
    return at::empty({count_, channels, height, width}, windows_.options().dtype(at::kHalf),
                     at::MemoryFormat::ChannelsLast);
  }

  /// Mean and scale of each window, for instance norms only: they undo them.
  [[nodiscard]] at::Tensor contrast() {
    at::Tensor contrast = empty({count_, 2}, at::kFloat);
    if (weights_.batch_norms.empty()) {
      backend_.run(MeasureContrast{.windows = windows_.const_data_ptr<float>(),
                                   .count = count_,
                                   .pixels = height_ * width_,
                                   .contrast = contrast_in(contrast)});
    } else {
      contrast.select(1, 0).zero_();
      contrast.select(1, 1).fill_(1);
    }
    return contrast;
  }
  [[nodiscard]] static Contrast* contrast_in(const at::Tensor& contrast) {
    return reinterpret_cast<Contrast*>(contrast.mutable_data_ptr<float>());
  }

  [[nodiscard]] Raw stem() {
    const at::Tensor contrasts = contrast();
    const int channels = static_cast<int>(weights_.filters);
    Raw raw{.pixels = empty_image(channels, height_, width_), .channels = channels};
    backend_.run(Stem{.windows = windows_.const_data_ptr<float>(),
                      .contrast = contrast_in(contrasts),
                      .weights = weights_.stem.const_data_ptr<float>(),
                      .count = count_,
                      .height = height_,
                      .width = width_,
                      .channels = channels,
                      .result = mutable_halves(raw.pixels)});
    raw.activation = activation_of(raw, height_, width_, PixelOrder::rows);
    add_norm(raw, 0, contrast_in(contrasts));
    return raw;
  }

  [[nodiscard]] Raw conv(const at::Tensor& x, const at::Tensor& weight, const ConvShape& shape,
                         std::size_t layer) {
    Raw raw{.pixels = backend_.convolve(x, weight, shape),
            .channels = static_cast<int>(weight.size(0))};
    raw.activation = activation_of(raw, static_cast<int>(raw.pixels.size(2)),
                                   static_cast<int>(raw.pixels.size(3)), PixelOrder::rows);
    add_norm(raw, layer, nullptr);
    return raw;
  }

  /// Twice the height and width.
  [[nodiscard]] Raw up(const at::Tensor& x, const at::Tensor& weight, std::size_t layer) {
    Raw raw;
    if (weights_.transposed) {
      raw.pixels = backend_.convolve_transposed(x, weight);
      raw.channels = static_cast<int>(weight.size(1));
      raw.activation = activation_of(raw, static_cast<int>(raw.pixels.size(2)),
                                     static_cast<int>(raw.pixels.size(3)), PixelOrder::rows);
    } else {
      raw.pixels = backend_.convolve(x, weight, {});
      raw.channels = static_cast<int>(weight.size(0)) / 4;
      raw.activation =
          activation_of(raw, 2 * static_cast<int>(raw.pixels.size(2)),
                        2 * static_cast<int>(raw.pixels.size(3)), PixelOrder::shuffled);
    }
    add_norm(raw, layer, nullptr);
    return raw;
  }

  [[nodiscard]] static Activation activation_of(const Raw& raw, int height, int width,
                                                PixelOrder order) {
    return {.pixels = halves(raw.pixels),
            .height = height,
            .width = width,
            .stride = raw.channels,
            .first = 0,
            .order = order};
  }

  void add_norm(Raw& raw, std::size_t layer, const Contrast* contrast) {
    const bool per_window = weights_.batch_norms.empty();
    raw.norm = per_window ? instance_norm(raw, layer, contrast) : weights_.batch_norms[layer];
    raw.view = {.values = raw.norm.const_data_ptr<float>(),
                .channels = raw.channels,
                .first = 0,
                .per_window = per_window};
  }

  [[nodiscard]] at::Tensor instance_norm(const Raw& raw, std::size_t layer,
                                         const Contrast* contrast) {
    const int pixels = raw.activation.height * raw.activation.width;
    const int chunks = ChannelSums::chunks_for(pixels);
    const at::Tensor sums = empty({count_, chunks, 2, raw.channels}, at::kFloat);
    const ChannelSums data{.pixels = raw.activation.pixels,
                           .count = count_,
                           .pixels_per_window = pixels,
                           .channels = raw.channels,
                           .chunks = chunks,
                           .sums = sums.mutable_data_ptr<float>()};
    at::Tensor norm = empty({count_, 3, raw.channels}, at::kFloat);
    const bool steered = layer < weights_.steering.size() && weights_.steering[layer].defined();
    backend_.run(SumChannels{data});
    backend_.run(
        FinishNorm{.data = data,
                   .contrast = contrast,
                   .steering = steered ? weights_.steering[layer].const_data_ptr<float>() : nullptr,
                   .norm = norm.mutable_data_ptr<float>()});
    return norm;
  }

  /// @param residual with a border of one, or undefined
  [[nodiscard]] at::Tensor applied(const Raw& raw, bool relu, const Border& border,
                                   const at::Tensor& residual = {}) {
    const int edges = border.before + border.after;
    at::Tensor result =
        empty_image(raw.channels, raw.activation.height + edges, raw.activation.width + edges);
    backend_.run(ApplyNorm{
        .source = raw.activation,
        .norm = raw.view,
        .relu = relu,
        .residual = {.pixels = residual.defined() ? halves(residual) : nullptr, .border = 1},
        .border = border,
        .count = count_,
        .channels = raw.channels,
        .result = mutable_halves(result)});
    return result;
  }

  /// x + norm(conv(relu(norm(conv(x)))))
  [[nodiscard]] at::Tensor residual_block(const at::Tensor& x, std::size_t block,
                                          const Border& border) {
    const std::size_t layer = 3 + 2 * block;
    const at::Tensor hidden =
        applied(conv(x, weights_.blocks[2 * block], {}, layer), true, reflected_border);
    return applied(conv(hidden, weights_.blocks[2 * block + 1], {}, layer + 1), false, border, x);
  }

  [[nodiscard]] at::Tensor decoders(const at::Tensor& trunk) {
    constexpr int organelles = static_cast<int>(organelle_count);
    const std::size_t layer = 3 + weights_.blocks.size();
    at::Tensor result = empty({count_, organelles, height_, width_}, at::kFloat);
    const Raw firsts = up(trunk, weights_.first, layer);
    const int channels = firsts.channels / organelles;
    for (int i = 0; i < organelles; ++i) {
      const auto organelle = static_cast<std::size_t>(i);
      const at::Tensor half = applied(firsts.slice(i * channels, channels), true, up_border());
      const Raw full = up(half, weights_.second.at(organelle), layer + 1 + organelle);
      backend_.run(Head{.source = full.activation,
                        .norm = full.view,
                        .weights = halves(weights_.heads.at(organelle)),
                        .bias = weights_.head_biases.at(organelle),
                        .count = count_,
                        .channels = full.channels,
                        .organelle = i,
                        .organelles = organelles,
                        .result = result.mutable_data_ptr<float>()});
    }
    return result;
  }

  const HalfWeights& weights_;
  const at::Tensor& windows_;
  Backend& backend_;
  int count_;
  int height_;
  int width_;
};

} // namespace

at::Tensor run_generator(const HalfWeights& weights, const at::Tensor& windows, Backend& backend) {
  return Pass{weights, windows, backend}.run();
}

} // namespace lmc::engine::cuda
