// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_generator.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

namespace lmc::engine::cuda {

namespace {

constexpr Border reflected_border{.before = 1, .after = 1};
// What a 2x2 convolution reads behind the last row and column.
constexpr Border zeros_behind{.before = 0, .after = 1, .zeros = true};
constexpr ConvShape halving{.stride = 2, .padding = 1};

} // namespace

/// Layers on their way to the device.
struct HalfGenerator::Packer {
  c10::Device device;

  Stem operator()(const StemDescription& stem) const {
    return {.weight = stem_weight(stem, device), .norm = norm(stem.norm)};
  }

  Conv operator()(const ConvDescription& conv) const {
    Conv packed{.weight = weight_of(conv), .norm = norm(conv.norm)};
    if (conv.transposed) {
      packed.weight = shuffled_weight(packed.weight);
      packed.shuffled = true;
      packed.border = zeros_behind;
    } else if (conv.stride == 2) {
      packed.shape = halving;
    } else {
      packed.border = reflected_border;
    }
    packed.weight = half_precision(packed.weight, device);
    return packed;
  }

  Head operator()(const HeadDescription& head) const {
    const Index filters = std::ssize(head.weight) / 49;
    at::Tensor padded =
        at::zeros({7, cuda::Head::padded(static_cast<int>(filters)), 8}, at::kFloat);
    padded.narrow(1, 0, filters)
        .narrow(2, 0, 7)
        .copy_(view_of(head.weight, {filters, 7, 7}).permute({1, 0, 2}));
    return {.weight = padded.to(device, at::kHalf), .bias = head.bias};
  }

  [[nodiscard]] Norm norm(const NormParameters& p) const {
    if (!p.mean.empty()) {
      return {.batch = rows_of({p.mean, p.factor, p.shift}).unsqueeze(0).to(device),
              .steering = {}};
    }
    return {.batch = {},
            .steering = p.factor.empty() ? at::Tensor{} : rows_of({p.factor, p.shift}).to(device)};
  }
};

/// A batch of windows on its way; see run_generator().
class HalfGenerator::Run {
public:
  /// What a convolution left behind, or some of its channels, and what whoever reads it applies.
  struct Image {
    at::Tensor pixels = {};
    int channels = 0;
    Activation activation{};
    at::Tensor norm = {}; ///< float32 [n or 1, 3, channels]
    NormView view{};
    bool relu = true;
    at::Tensor residual = {}; ///< with a border of one
  };

  Run(const at::Tensor& windows, Backend& backend)
      : windows_{windows}, backend_{backend}, count_{static_cast<int>(windows.size(0))},
        height_{static_cast<int>(windows.size(2))}, width_{static_cast<int>(windows.size(3))},
        result_{empty({count_, organelles, height_, width_})} {}

  [[nodiscard]] const at::Tensor& result() const { return result_; }

  [[nodiscard]] Image stem(const Stem& stem) {
    const int channels = static_cast<int>(stem.weight.size(2));
    const at::Tensor contrasts = contrast(stem);
    Image y{.pixels = empty_image(channels, height_, width_), .channels = channels};
    backend_.run(cuda::Stem{.windows = windows_.const_data_ptr<float>(),
                            .contrast = contrast_in(contrasts),
                            .weights = stem.weight.const_data_ptr<float>(),
                            .count = count_,
                            .height = height_,
                            .width = width_,
                            .channels = channels,
                            .result = mutable_halves(y.pixels)});
    add_norm(y, stem.norm, contrast_in(contrasts));
    return y;
  }

  [[nodiscard]] Image conv(Image x, const Conv& conv) {
    const at::Tensor input = applied(x, conv.border);
    x = {}; // before the result is there, for the memory
    return convolved(input, conv);
  }

  [[nodiscard]] Image conv_keeping(Image& x, const Conv& conv) {
    at::Tensor input = applied(x, conv.border);
    x = {.residual = input};
    return convolved(input, conv);
  }

  [[nodiscard]] static Image sum(Image x, const Image& kept) {
    x.relu = false;
    x.residual = kept.residual;
    return x;
  }

  [[nodiscard]] static Image part(Image x, std::size_t index) {
    x.channels /= organelles;
    const int first = static_cast<int>(index) * x.channels;
    x.activation.first = first;
    x.view.first = first;
    return x;
  }

  void head(const Image& x, const Head& head, std::size_t organelle) {
    backend_.run(cuda::Head{.source = x.activation,
                            .norm = x.view,
                            .weights = halves(head.weight),
                            .bias = head.bias,
                            .count = count_,
                            .channels = x.channels,
                            .organelle = static_cast<int>(organelle),
                            .organelles = organelles,
                            .result = result_.mutable_data_ptr<float>()});
  }

private:
  static constexpr int organelles = static_cast<int>(organelle_count);

  [[nodiscard]] at::Tensor empty(at::IntArrayRef sizes) const {
    return at::empty(sizes, windows_.options());
  }
  [[nodiscard]] at::Tensor empty_image(int channels, int height, int width) const {
    return at::empty({count_, channels, height, width}, windows_.options().dtype(at::kHalf),
                     at::MemoryFormat::ChannelsLast);
  }

  /// Mean and scale of each window, for instance norms only: they undo them.
  [[nodiscard]] at::Tensor contrast(const Stem& stem) {
    at::Tensor contrast = empty({count_, 2});
    if (!stem.norm.batch.defined()) {
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

  [[nodiscard]] Image convolved(const at::Tensor& input, const Conv& conv) {
    Image y{.pixels = backend_.convolve(input, conv.weight, conv.shape)};
    y.channels = static_cast<int>(y.pixels.size(1)) / (conv.shuffled ? 4 : 1);
    y.activation.order = conv.shuffled ? PixelOrder::shuffled : PixelOrder::rows;
    add_norm(y, conv.norm, nullptr);
    return y;
  }

  void add_norm(Image& y, const Norm& norm, const Contrast* contrast) {
    const int scale = y.activation.order == PixelOrder::shuffled ? 2 : 1;
    y.activation.pixels = halves(y.pixels);
    y.activation.height = scale * static_cast<int>(y.pixels.size(2));
    y.activation.width = scale * static_cast<int>(y.pixels.size(3));
    y.activation.stride = y.channels;
    y.norm = norm.batch.defined() ? norm.batch : instance_norm(y, norm.steering, contrast);
    y.view = {.values = y.norm.const_data_ptr<float>(),
              .channels = y.channels,
              .first = 0,
              .per_window = !norm.batch.defined()};
  }

  [[nodiscard]] at::Tensor instance_norm(const Image& y, const at::Tensor& steering,
                                         const Contrast* contrast) {
    const int pixels = y.activation.height * y.activation.width;
    const int chunks = ChannelSums::chunks_for(pixels);
    const at::Tensor sums = empty({count_, chunks, 2, y.channels});
    const ChannelSums data{.pixels = y.activation.pixels,
                           .count = count_,
                           .pixels_per_window = pixels,
                           .channels = y.channels,
                           .chunks = chunks,
                           .sums = sums.mutable_data_ptr<float>()};
    at::Tensor norm = empty({count_, 3, y.channels});
    backend_.run(SumChannels{data});
    backend_.run(
        FinishNorm{.data = data,
                   .contrast = contrast,
                   .steering = steering.defined() ? steering.const_data_ptr<float>() : nullptr,
                   .norm = norm.mutable_data_ptr<float>()});
    return norm;
  }

  /// As the next convolution reads it.
  [[nodiscard]] at::Tensor applied(const Image& x, const Border& border) {
    const int edges = border.before + border.after;
    at::Tensor result =
        empty_image(x.channels, x.activation.height + edges, x.activation.width + edges);
    backend_.run(ApplyNorm{
        .source = x.activation,
        .norm = x.view,
        .relu = x.relu,
        .residual = {.pixels = x.residual.defined() ? halves(x.residual) : nullptr, .border = 1},
        .border = border,
        .count = count_,
        .channels = x.channels,
        .result = mutable_halves(result)});
    return result;
  }

  const at::Tensor& windows_;
  Backend& backend_;
  int count_;
  int height_;
  int width_;
  at::Tensor result_;
};

HalfGenerator::HalfGenerator(const GeneratorDescription& description, c10::Device device)
    : layers_{description.layers.packed(Packer{device})} {
  for (const auto& [modality, norms] : description.steered) {
    steered_.emplace(modality, mapped(norms, [](const NormParameters& p) {
                       return rows_of({p.factor, p.shift});
                     }));
  }
}

void HalfGenerator::steer(Modality modality) {
  if (!steered_.empty()) {
    const std::array<at::Tensor, 3>& steering = steered_.at(modality);
    layers_.stem.norm.steering.copy_(steering[0]);
    layers_.down[0].norm.steering.copy_(steering[1]);
    layers_.down[1].norm.steering.copy_(steering[2]);
  }
}

at::Tensor HalfGenerator::run(const at::Tensor& windows, Backend& backend) const {
  Run run{windows, backend};
  run_generator(layers_, run);
  return run.result();
}

std::uint64_t HalfGenerator::bytes(std::int64_t count, std::int64_t height,
                                   std::int64_t width) const {
  // In filters x pixels: the first up-sampling of all decoders takes 2, a decoder's second one 1,
  // its input 1/2, the trunk 1/4; the rest is room for cuDNN: together 5, of two bytes.
  constexpr std::int64_t bytes_per_filter_and_pixel = 10;
  const std::int64_t filters = layers_.stem.weight.size(2);
  return static_cast<std::uint64_t>(count * height * width * filters * bytes_per_filter_and_pixel);
}

at::Tensor shuffled_weight(const at::Tensor& weight) {
  // Tap of the 3x3 kernel for [odd output][input i or i + 1]; -1: none.
  constexpr std::array<std::array<std::int64_t, 2>, 2> taps{{{1, -1}, {2, 0}}};
  const std::int64_t inputs = weight.size(0);
  const std::int64_t outputs = weight.size(1);
  at::Tensor children = at::zeros({2, 2, outputs, inputs, 2, 2}, weight.options());
  for (std::size_t place = 0; place < 16; ++place) {
    const std::size_t odd_y = place / 8;
    const std::size_t odd_x = place / 4 % 2;
    const std::size_t y = place / 2 % 2;
    const std::size_t x = place % 2;
    const std::int64_t tap_y = taps[odd_y][y];
    const std::int64_t tap_x = taps[odd_x][x];
    if (tap_y >= 0 && tap_x >= 0) {
      children[static_cast<Index>(odd_y)][static_cast<Index>(odd_x)]
          .select(-2, static_cast<Index>(y))
          .select(-1, static_cast<Index>(x))
          .copy_(weight.select(-2, tap_y).select(-1, tap_x).t());
    }
  }
  return children.reshape({4 * outputs, inputs, 2, 2});
}

} // namespace lmc::engine::cuda
