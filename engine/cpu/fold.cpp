// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/fold.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

constexpr Index nine = 9; // taps

void require(bool suits) {
  if (!suits) {
    throw std::invalid_argument{"a weight's size does not suit the network's channels"};
  }
}

std::vector<float> padded(const std::vector<float>& values) {
  std::vector<float> longer = values;
  longer.resize(static_cast<std::size_t>(padded_channels(std::ssize(values))), 0.0F);
  return longer;
}

/// target <- source * factor
void scale_into(float* target, const float* source, Index count, float factor) {
  std::transform(source, source + count, target, [factor](float w) { return w * factor; });
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

} // namespace

FoldedConv folded(const NormedConv& conv, std::span<const Index> parts, Index taps) {
  const Index inputs = std::accumulate(parts.begin(), parts.end(), Index{0});
  require(std::ssize(conv.weight) == conv.outputs() * inputs * taps);
  const Index padded_inputs =
      std::accumulate(parts.begin(), parts.end(), Index{0},
                      [](Index sum, Index channels) { return sum + padded_channels(channels); });
  FoldedConv result{.weight = {}, .bias = padded(conv.shift)};
  result.weight.resize(result.bias.size() * static_cast<std::size_t>(padded_inputs * taps));
  const float* source = conv.weight.data();
  for (Index output = 0; output < conv.outputs(); ++output) {
    float* target = result.weight.data() + output * padded_inputs * taps;
    for (const Index channels : parts) {
      const float factor = conv.factor[static_cast<std::size_t>(output)];
      scale_into(target, source, channels * taps, factor);
      source += channels * taps;
      target += padded_channels(channels) * taps;
    }
  }
  return result;
}

FoldedConv folded_groups(const NormedConv& conv, Index groups) {
  const Index width = conv.outputs() / groups;
  require(width * groups == conv.outputs() &&
          std::ssize(conv.weight) == conv.outputs() * width * nine);
  const Index merged = merged_groups(groups, width);
  const Index inputs = padded_channels(merged * width);
  FoldedConv result{.weight = {}, .bias = padded(conv.shift), .groups = groups / merged};
  result.weight.resize(result.bias.size() * static_cast<std::size_t>(inputs * nine));
  for (Index output = 0; output < conv.outputs(); ++output) {
    const Index first_input = output / width % merged * width; // within the merged group
    scale_into(result.weight.data() + (output * inputs + first_input) * nine,
               conv.weight.data() + output * width * nine, width * nine,
               conv.factor[static_cast<std::size_t>(output)]);
  }
  return result;
}

} // namespace lmc::engine::cpu
