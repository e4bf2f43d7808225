// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/stem.hpp"

#include "engine/cpu/winograd/winograd_block.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

void pad_into(Buffer& padded, const float* window, Size size, Border outside, float offset) {
  const Index width = size.width + 2 * border;
  padded.reserve((size.height + 2 * border) * width);
  float* out = padded.data();
  for (Index y = -border; y < size.height + border; ++y) {
    for (Index x = -border; x < size.width + border; ++x) {
      const bool inside = y >= 0 && y < size.height && x >= 0 && x < size.width;
      *out++ =
          inside || outside == Border::reflected
              ? window[reflected(y, size.height) * size.width + reflected(x, size.width)] - offset
              : 0.0F;
    }
  }
}

} // namespace

Stem::Stem(Index outputs, std::span<const float> weights)
    : outputs_{outputs}, kernels_{taps * outputs} {
  if (outputs % channel_multiple != 0 || std::ssize(weights) != outputs * taps) {
    throw std::invalid_argument{"a stem's weights are not [outputs, 7, 7], outputs in 16s"};
  }
  float* packed = kernels_.data();
  for (Index first = 0; first < outputs; first += panel_channels()) {
    const Index end = std::min(outputs, first + panel_channels());
    for (Index tap = 0; tap < taps; ++tap) {
      for (Index output = first; output < end; ++output) {
        *packed++ = weights[static_cast<std::size_t>(output * taps + tap)];
      }
    }
  }
}

void Stem::run(const float* window, Size size, bool centred, float* result, Buffer& padded,
               BlockSums& sums, Team& team) const {
  const double mean = centred ? std::accumulate(window, window + size.pixels(), 0.0) /
                                    static_cast<double>(size.pixels())
                              : 0.0;
  pad_into(padded, window, size, Border::reflected, static_cast<float>(mean));
  sums.reserve(size.height, outputs_);
  const Index stride = size.width + 2 * border;
  team.run(size.height, [&](Index y, int) {
    run_stem_row({.input = padded.data() + y * stride,
                  .input_stride = stride,
                  .kernels = kernels_.data(),
                  .width = size.width,
                  .outputs = outputs_,
                  .result = result + y * size.width * outputs_,
                  .sums = sums.block(y)});
    sums.set_count(y, size.width);
  });
}

void Stem::run_strided(const float* window, Size size, const NormParameters& norm, float* result,
                       Buffer& padded, Team& team) const {
  pad_into(padded, window, size, Border::zero, 0);
  const Index stride = size.width + 2 * border;
  const Index width = size.width / 2;
  team.run(size.height / 2, [&](Index y, int) {
    run_stem_row({.input = padded.data() + 2 * y * stride,
                  .input_stride = stride,
                  .kernels = kernels_.data(),
                  .step = 2,
                  .width = width,
                  .outputs = outputs_,
                  .result = result + y * width * outputs_,
                  .factor = norm.factor.data(),
                  .shift = norm.shift.data()});
  });
}

} // namespace lmc::engine::cpu
