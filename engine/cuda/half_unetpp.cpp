// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda/half_unetpp.hpp"

#include "common/organelle.hpp"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/max_pool2d.h>

#include <algorithm>
#include <memory>
#include <span>

namespace lmc::engine::cuda {

namespace {

using Stem = HalfUnetPlusPlus::Stem;
using Conv = HalfUnetPlusPlus::Conv;

constexpr Index organelles = organelle_count;

/// Layers on their way to the device.
struct Packer {
  c10::Device device;

  Stem operator()(const StemDescription& stem) const {
    return {.weight = stem_weight(stem, device),
            .steering = rows_of({stem.norm.factor, stem.norm.shift}).to(device)};
  }

  Conv operator()(const ConvDescription& conv) const {
    at::Tensor weight = weight_of(conv);
    at::Tensor bias = rows_of({conv.bias})[0];
    if (!conv.factor.empty()) {
      weight = weight.mul(rows_of({conv.factor}).view({-1, 1, 1, 1}));
    }
    // Kernels write eight channels at once.
    if (const Index missing = -conv.output_channels() & Index{vector_channels - 1}; missing > 0) {
      weight = at::constant_pad_nd(weight, {0, 0, 0, 0, 0, 0, 0, missing});
      bias = at::constant_pad_nd(bias, {0, missing});
    }
    return {.weight = half_precision(weight, device),
            .bias = bias.to(device),
            // Zeros keep the size.
            .shape = {.stride = conv.stride, .padding = conv.kernel / 2, .groups = conv.groups}};
  }
};

HalfUnetPlusPlus::Layers packed(const UnetPlusPlusDescription& description, c10::Device device) {
  HalfUnetPlusPlus::Layers layers = description.layers.packed(Packer{device});
  for (auto& stage : layers.stages) {
    for (Bottleneck<Conv>& block : stage) {
      if (block.projection) {
        block.conv3.bias.add_(block.projection->bias);
        block.projection->bias = at::Tensor{};
      }
    }
  }
  return layers;
}

/// A batch of windows on its way, see UnetPlusPlusPass.
class ComputedRun {
public:
  using Image = at::Tensor; ///< half precision, NHWC

  ComputedRun(const at::Tensor& windows, Backend& backend)
      : windows_{windows}, backend_{backend}, count_{static_cast<int>(windows.size(0))} {}

  [[nodiscard]] const at::Tensor& result() const { return result_; }

  [[nodiscard]] Image stem(const Stem& stem) const {
    const Index height = windows_.size(2);
    const Index width = windows_.size(3);
    Image y = empty(stem.weight.size(2), height / 2, width / 2);
    backend_.run(StridedStem{.windows = windows_.const_data_ptr<float>(),
                             .weights = stem.weight.const_data_ptr<float>(),
                             .scale = stem.steering.const_data_ptr<float>(),
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

  [[nodiscard]] Image conv(const Image& x, const Conv& conv, engine::Activation activation) const {
    Image y = backend_.convolve(x, conv.weight, conv.shape);
    if (conv.bias.defined()) {
      add_bias(y, conv.bias, activation, nullptr);
    }
    return y;
  }

  [[nodiscard]] Image conv_joined(std::span<const Image> images, const Conv& conv,
                                  engine::Activation activation) const {
    return this->conv(join(images), conv, activation);
  }

  [[nodiscard]] Image conv_add(const Image& x, const Conv& conv, const Image& shortcut) const {
    Image y = backend_.convolve(x, conv.weight, conv.shape);
    add_bias(y, conv.bias, engine::Activation::relu, halves(shortcut));
    return y;
  }

  void organelles(const Image& x) {
    result_ = at::empty({count_, cuda::organelles, x.size(2), x.size(3)}, windows_.options());
    result_.copy_(x.narrow(1, 0, cuda::organelles)).tanh_();
  }

private:
  [[nodiscard]] static int channels(const Image& x) { return static_cast<int>(x.size(1)); }

  [[nodiscard]] Image empty(Index channels, Index height, Index width) const {
    return at::empty({count_, channels, height, width}, windows_.options().dtype(at::kHalf),
                     at::MemoryFormat::ChannelsLast);
  }

  /// In place.
  void add_bias(Image& x, const at::Tensor& bias, engine::Activation activation,
                const Half* residual) const {
    backend_.run(AddBias{.source = halves(x),
                         .bias = bias.const_data_ptr<float>(),
                         .residual = residual,
                         .relu = activation == engine::Activation::relu,
                         .count = count_,
                         .pixels = static_cast<int>(x.size(2) * x.size(3)),
                         .channels = channels(x),
                         .result = mutable_halves(x)});
  }

  [[nodiscard]] Image join(std::span<const Image> images) const {
    Index sum = 0;
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

  const at::Tensor& windows_;
  Backend& backend_;
  int count_;
  at::Tensor result_;
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

/// Allocates in a ledger what ComputedRun allocates in memory.
class CountedRun {
public:
  struct Image {
    Index channels = 0;
    Index pixels = 0; ///< of all windows
    std::shared_ptr<Allocation> memory = {};
  };

  explicit CountedRun(Index pixels) : pixels_{pixels} {}

  [[nodiscard]] std::uint64_t most() const { return ledger_.most; }

  [[nodiscard]] Image stem(const Stem& stem) { return image(stem.weight.size(2), pixels_ / 4); }
  [[nodiscard]] Image max_pool(const Image& x) {
    Image y = image(x.channels, x.pixels / 4);
    // LibTorch makes the places of the maxima too.
    const Allocation places{ledger_, bytes(x.channels * x.pixels / 4, sizeof(std::int64_t))};
    return y;
  }
  [[nodiscard]] Image conv(const Image& x, const Conv& conv, engine::Activation /*activation*/) {
    return image(conv.weight.size(0), x.pixels / (conv.shape.stride * conv.shape.stride));
  }
  [[nodiscard]] Image conv_joined(std::span<const Image> images, const Conv& conv,
                                  engine::Activation activation) {
    Index channels = 0;
    for (const Image& image : images) {
      channels += image.channels;
    }
    return this->conv(image(channels, 4 * images.front().pixels), conv, activation);
  }
  [[nodiscard]] Image conv_add(const Image& x, const Conv& conv, const Image& /*shortcut*/) {
    return this->conv(x, conv, engine::Activation::relu);
  }
  void organelles(const Image& x) {
    const Allocation planes{ledger_, bytes(cuda::organelles * x.pixels, sizeof(float))};
  }

private:
  [[nodiscard]] static std::uint64_t bytes(Index numbers, std::size_t of) {
    return static_cast<std::uint64_t>(numbers) * of;
  }
  [[nodiscard]] Image image(Index channels, Index pixels) {
    return {.channels = channels,
            .pixels = pixels,
            .memory =
                std::make_shared<Allocation>(ledger_, bytes(channels * pixels, sizeof(Half)))};
  }

  Index pixels_;
  Ledger ledger_;
};

} // namespace

HalfUnetPlusPlus::HalfUnetPlusPlus(const UnetPlusPlusDescription& description, c10::Device device)
    : layers_{packed(description, device)} {
  for (const auto& [modality, norm] : description.steered) {
    steered_.emplace(modality, rows_of({norm.factor, norm.shift}));
  }
}

void HalfUnetPlusPlus::steer(Modality modality) {
  if (!steered_.empty()) {
    layers_.stem.steering.copy_(steered_.at(modality));
  }
}

at::Tensor HalfUnetPlusPlus::run(const at::Tensor& windows, Backend& backend) const {
  ComputedRun run{windows, backend};
  UnetPlusPlusPass{layers_, run}.run();
  return run.result();
}

std::uint64_t HalfUnetPlusPlus::bytes(std::int64_t count, std::int64_t height,
                                      std::int64_t width) const {
  CountedRun run{count * height * width};
  UnetPlusPlusPass{layers_, run}.run();
  return run.most();
}

} // namespace lmc::engine::cuda
