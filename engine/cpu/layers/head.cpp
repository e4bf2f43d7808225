// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/head.hpp"

#include <stdexcept>

namespace lmc::engine::cpu {

Head::Head(Index channels, std::span<const float> weights, float bias)
    : channels_{channels}, bias_{bias}, kernel_{taps * channels} {
  if (channels % channel_multiple != 0 || std::ssize(weights) != channels * taps) {
    throw std::invalid_argument{"a head's weights are not [channels, 7, 7], channels in 16s"};
  }
  for (Index channel = 0; channel < channels; ++channel) {
    for (Index tap = 0; tap < taps; ++tap) {
      kernel_.data()[tap * channels + channel] =
          weights[static_cast<std::size_t>(channel * taps + tap)];
    }
  }
}

void Head::run(const Source& source, Size size, float* result, std::vector<Buffer>& scratch,
               Team& team) const {
  const Index across = divide_up(size.width, head_block.width);
  const Index down = divide_up(size.height, head_block.height);
  team.run(across * down, [&](Index block, int member) {
    run_head_block({.source = source,
                    .image = size,
                    .channels = channels_,
                    .y = block / across * head_block.height,
                    .x = block % across * head_block.width,
                    .kernel = kernel_.data(),
                    .bias = bias_,
                    .scratch = scratch[static_cast<std::size_t>(member)].data(),
                    .result = result});
  });
}

} // namespace lmc::engine::cpu
