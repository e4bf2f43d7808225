// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/padding.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

void require(bool suits) {
  if (!suits) {
    throw std::invalid_argument{"a weight's size does not suit the network's channels"};
  }
}

Index padded_sum(std::span<const Index> parts) {
  return std::accumulate(parts.begin(), parts.end(), Index{0},
                         [](Index sum, Index channels) { return sum + padded_channels(channels); });
}

/// Values of several images' channels, each filled up; nothing of nothing.
std::vector<float> padded_values(const std::vector<float>& values, std::span<const Index> parts) {
  std::vector<float> padded;
  if (values.empty()) {
    return padded;
  }
  auto value = values.begin();
  for (const Index channels : parts) {
    padded.insert(padded.end(), value, value + channels);
    padded.insert(padded.end(), static_cast<std::size_t>(padded_channels(channels) - channels),
                  0.0F);
    value += channels;
  }
  return padded;
}

/// Groups that become one.
Index merged_groups(Index groups, Index width) {
  for (Index merged = 1; merged < groups; ++merged) {
    if (groups % merged == 0 && merged * width % channel_multiple == 0) {
      return merged;
    }
  }
  return groups;
}

/// Fills in the weights of one part of the outputs.
class Spreader {
public:
  /// @param merged groups that become one
  Spreader(const ConvDescription& conv, Index merged)
      : conv_{conv}, width_{conv.input_channels() / conv.groups}, merged_{merged},
        inputs_{conv.groups == 1 ? padded_sum(conv.inputs) : padded_channels(merged * width_)} {}

  /// Of a group.
  [[nodiscard]] Index inputs() const { return inputs_; }

  /// @param first output of the whole convolution that is the part's first
  void spread(std::size_t part, Index first, float* target) const {
    const Index outputs = conv_.outputs[part];
    require(std::ssize(conv_.weights[part]) == outputs * width_ * conv_.taps());
    for (Index output = 0; output < outputs; ++output) {
      const float factor =
          conv_.factor.empty() ? 1 : conv_.factor[static_cast<std::size_t>(first + output)];
      // Within the merged group.
      const Index first_input = output / (outputs / conv_.groups) % merged_ * width_;
      spread_output(part, output, factor, target + (output * inputs_ + first_input) * conv_.taps());
    }
  }

private:
  void spread_output(std::size_t part, Index output, float factor, float* target) const {
    const Index taps = conv_.taps();
    const float* const weight = conv_.weights[part].data();
    const auto scaled = [factor](float w) { return w * factor; };
    if (conv_.transposed) {
      for (Index input = 0; input < width_; ++input) {
        const float* const kernel = weight + (input * conv_.outputs[part] + output) * taps;
        std::transform(kernel, kernel + taps, target + input * taps, scaled);
      }
      return;
    }
    const float* source = weight + output * width_ * taps;
    for (const Index channels : conv_.inputs) {
      const Index count = std::min(channels, width_) * taps;
      std::transform(source, source + count, target, scaled);
      source += count;
      target += padded_channels(channels) * taps;
    }
  }

  const ConvDescription& conv_;
  Index width_; ///< inputs of a group
  Index merged_;
  Index inputs_;
};

} // namespace

PaddedConv padded(const ConvDescription& conv) {
  require(conv.input_channels() % conv.groups == 0 && conv.output_channels() % conv.groups == 0 &&
          conv.weights.size() == conv.outputs.size());
  const Index merged = merged_groups(conv.groups, conv.input_channels() / conv.groups);
  const Spreader spreader{conv, merged};
  PaddedConv result{.inputs = conv.groups / merged * spreader.inputs(),
                    .outputs = padded_sum(conv.outputs),
                    .groups = conv.groups / merged,
                    .weight = {},
                    .bias = padded_values(conv.bias, conv.outputs),
                    .norm = {.mean = padded_values(conv.norm.mean, conv.outputs),
                             .factor = padded_values(conv.norm.factor, conv.outputs),
                             .shift = padded_values(conv.norm.shift, conv.outputs)}};
  const Index floats = spreader.inputs() * conv.taps(); // of an output
  result.weight.resize(static_cast<std::size_t>(result.outputs * floats));
  Index first = 0;
  float* target = result.weight.data();
  for (std::size_t part = 0; part < conv.outputs.size(); ++part) {
    spreader.spread(part, first, target);
    first += conv.outputs[part];
    target += padded_channels(conv.outputs[part]) * floats;
  }
  return result;
}

std::vector<float> padded_kernels(std::span<const float> weight, Index channels, Index taps) {
  require(std::ssize(weight) == channels * taps);
  std::vector<float> padded{weight.begin(), weight.end()};
  padded.resize(static_cast<std::size_t>(padded_channels(channels) * taps));
  return padded;
}

NormParameters padded(const NormParameters& norm) {
  const auto one = [](const std::vector<float>& values) {
    const Index channels = std::ssize(values);
    return padded_values(values, {&channels, 1});
  };
  return {.mean = one(norm.mean), .factor = one(norm.factor), .shift = one(norm.shift)};
}

} // namespace lmc::engine::cpu
