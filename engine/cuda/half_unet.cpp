// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_unet.hpp"

#include "common/organelle.hpp"
#include "engine/cpu/unet_blocks.hpp"
#include "engine/cuda/half_tensor.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/max_pool2d.h>

#include <algorithm>
#include <memory>
#include <span>

namespace lmc::engine::cuda {

namespace {

constexpr auto organelles = static_cast<std::int64_t>(organelle_count);

/// The network as a sequence of layers. `Layers` computes them, or counts what they allocate: so
/// that the count follows what is alive, whatever the order is.
template <class Layers> class UnetPass {
public:
  using Image = typename Layers::Image;

  UnetPass(const HalfUnetWeights& weights, Layers& layers) : weights_{weights}, layers_{layers} {}

  [[nodiscard]] auto run() {
    cpu::UnetItems<Image> items;
    items.features = encode();
    cpu::for_each_block(
        [&](std::size_t index, std::size_t row, std::size_t column) {
          items.current[row] = block(index, items.inputs(row, column).span());
        },
        [&] { items.previous = items.current; });
    const Image finest = items.previous[0];
    items = {}; // before the full size, for the memory
    Image x = block(cpu::last_block, {&finest, 1});
    x = layers_.convolve(x, weights_.head);
    layers_.add_bias(x, weights_.head.bias, false);
    return layers_.organelles_of(x);
  }

private:
  [[nodiscard]] std::array<Image, cpu::unet_depth + 1> encode() {
    std::array<Image, cpu::unet_depth + 1> features;
    features[0] = layers_.stem(weights_.stem, weights_.steering);
    Image x = layers_.max_pool(features[0]);
    for (std::size_t stage = 0; stage < cpu::unet_depth; ++stage) {
      for (const HalfBottleneck& bottleneck : weights_.stages[stage]) {
        x = run_bottleneck(x, bottleneck);
      }
      features[stage + 1] = x;
    }
    return features;
  }

  /// relu(conv3(relu(conv2(relu(conv1(x))))) + x)
  [[nodiscard]] Image run_bottleneck(const Image& x, const HalfBottleneck& b) {
    Image y = conv_relu(x, b.conv1);
    y = conv_relu(y, b.conv2);
    y = layers_.convolve(y, b.conv3);
    const Image shortcut = b.projection ? layers_.convolve(x, *b.projection) : x;
    layers_.add_bias(y, b.conv3.bias, true, &shortcut);
    return y;
  }

  /// @param inputs the first is doubled in size
  [[nodiscard]] Image block(std::size_t index, std::span<const Image> inputs) {
    const HalfUnetBlock& weights = weights_.decoder.at(index);
    Image y = layers_.join(inputs);
    y = conv_relu(y, weights.conv1);
    return conv_relu(y, weights.conv2);
  }

  [[nodiscard]] Image conv_relu(const Image& x, const HalfConv& conv) {
    Image y = layers_.convolve(x, conv);
    layers_.add_bias(y, conv.bias, true);
    return y;
  }

  const HalfUnetWeights& weights_;
  Layers& layers_;
};

/// Computes on a backend.
class ComputedLayers {
public:
  using Image = at::Tensor; ///< half precision, NHWC

  ComputedLayers(const at::Tensor& windows, Backend& backend)
      : windows_{windows}, backend_{backend}, count_{static_cast<int>(windows.size(0))} {}

  [[nodiscard]] Image stem(const at::Tensor& weight, const at::Tensor& scale) const {
    const std::int64_t height = windows_.size(2);
    const std::int64_t width = windows_.size(3);
    Image y = empty(weight.size(2), height / 2, width / 2);
    backend_.run(StridedStem{.windows = windows_.const_data_ptr<float>(),
                             .weights = weight.const_data_ptr<float>(),
                             .scale = scale.const_data_ptr<float>(),
                             .count = count_,
                             .height = static_cast<int>(height),
                             .width = static_cast<int>(width),
                             .channels = channels(y),
                             .result = mutable_halves(y)});
    return y;
  }

  /// NaN stays NaN.
  [[nodiscard]] static Image max_pool(const Image& x) {
    return at::max_pool2d(x, 3, 2, 1).contiguous(at::MemoryFormat::ChannelsLast);
  }

  [[nodiscard]] Image convolve(const Image& x, const HalfConv& conv) const {
    return backend_.convolve(x, conv.weight, conv.shape);
  }

  /// In place.
  void add_bias(Image& x, const at::Tensor& bias, bool relu,
                const Image* residual = nullptr) const {
    backend_.run(AddBias{.source = halves(x),
                         .bias = bias.const_data_ptr<float>(),
                         .residual = residual == nullptr ? nullptr : halves(*residual),
                         .relu = relu,
                         .count = count_,
                         .pixels = static_cast<int>(x.size(2) * x.size(3)),
                         .channels = channels(x),
                         .result = mutable_halves(x)});
  }

  [[nodiscard]] Image join(std::span<const Image> images) const {
    std::int64_t sum = 0;
    for (const Image& image : images) {
      sum += image.size(1);
    }
    const Image& coarse = images.front();
    Image y = empty(sum, 2 * coarse.size(2), 2 * coarse.size(3));
    int first = 0;
    for (const Image& image : images) {
      backend_.run(JoinChannels{.source = halves(image),
                                .doubled = first == 0,
                                .count = count_,
                                .height = static_cast<int>(y.size(2)),
                                .width = static_cast<int>(y.size(3)),
                                .channels = channels(image),
                                .first = first,
                                .stride = channels(y),
                                .result = mutable_halves(y)});
      first += channels(image);
    }
    return y;
  }

  /// tanh of the first channels, as planes.
  [[nodiscard]] at::Tensor organelles_of(const Image& x) const {
    at::Tensor planes = at::empty({count_, organelles, x.size(2), x.size(3)}, windows_.options());
    return planes.copy_(x.narrow(1, 0, organelles)).tanh_();
  }

private:
  [[nodiscard]] static int channels(const Image& x) { return static_cast<int>(x.size(1)); }

  [[nodiscard]] Image empty(std::int64_t channels, std::int64_t height, std::int64_t width) const {
    return at::empty({count_, channels, height, width}, windows_.options().dtype(at::kHalf),
                     at::MemoryFormat::ChannelsLast);
  }

  const at::Tensor& windows_;
  Backend& backend_;
  int count_;
};

/// Bytes that are allocated, now and at most.
struct Ledger {
  std::uint64_t now = 0;
  std::uint64_t most = 0;
};

/// An allocation in a ledger, until it ends.
class Allocation {
public:
  Allocation(Ledger& ledger, std::uint64_t bytes) : ledger_{ledger}, bytes_{bytes} {
    ledger_.now += bytes_;
    ledger_.most = std::max(ledger_.most, ledger_.now);
  }
  Allocation(const Allocation&) = delete;
  Allocation& operator=(const Allocation&) = delete;
  ~Allocation() { ledger_.now -= bytes_; }

private:
  Ledger& ledger_;
  std::uint64_t bytes_;
};

/// Allocates in a ledger what ComputedLayers allocates in memory.
class CountedLayers {
public:
  struct Image {
    std::int64_t channels = 0;
    std::int64_t pixels = 0; ///< of all windows
    std::shared_ptr<Allocation> memory = {};
  };

  explicit CountedLayers(std::int64_t pixels) : pixels_{pixels} {}

  [[nodiscard]] std::uint64_t most() const { return ledger_.most; }

  [[nodiscard]] Image stem(const at::Tensor& weight, const at::Tensor& /*scale*/) {
    return image(weight.size(2), pixels_ / 4);
  }
  [[nodiscard]] Image max_pool(const Image& x) {
    Image y = image(x.channels, x.pixels / 4);
    // LibTorch makes the places of the maxima too.
    const Allocation places{ledger_, bytes(x.channels * x.pixels / 4, sizeof(std::int64_t))};
    return y;
  }
  [[nodiscard]] Image convolve(const Image& x, const HalfConv& conv) {
    return image(conv.weight.size(0), x.pixels / (conv.shape.stride * conv.shape.stride));
  }
  static void add_bias(Image& /*x*/, const at::Tensor& /*bias*/, bool /*relu*/,
                       const Image* /*residual*/ = nullptr) {}
  [[nodiscard]] Image join(std::span<const Image> images) {
    std::int64_t channels = 0;
    for (const Image& image : images) {
      channels += image.channels;
    }
    return image(channels, 4 * images.front().pixels);
  }
  [[nodiscard]] std::shared_ptr<Allocation> organelles_of(const Image& x) {
    return std::make_shared<Allocation>(ledger_, bytes(organelles * x.pixels, sizeof(float)));
  }

private:
  [[nodiscard]] static std::uint64_t bytes(std::int64_t numbers, std::size_t of) {
    return static_cast<std::uint64_t>(numbers) * of;
  }
  [[nodiscard]] Image image(std::int64_t channels, std::int64_t pixels) {
    return {.channels = channels,
            .pixels = pixels,
            .memory =
                std::make_shared<Allocation>(ledger_, bytes(channels * pixels, sizeof(Half)))};
  }

  std::int64_t pixels_;
  Ledger ledger_;
};

} // namespace

at::Tensor run_unet(const HalfUnetWeights& weights, const at::Tensor& windows, Backend& backend) {
  ComputedLayers layers{windows, backend};
  return UnetPass{weights, layers}.run();
}

std::uint64_t unet_bytes(const HalfUnetWeights& weights, std::int64_t count, std::int64_t height,
                         std::int64_t width) {
  CountedLayers layers{count * height * width};
  static_cast<void>(UnetPass{weights, layers}.run());
  return layers.most();
}

} // namespace lmc::engine::cuda
