// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/pointwise.hpp"

#include <algorithm>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

// Rows of copied pixels may lie beyond the L2 cache: each float of them meets a whole panel of
// outputs, so little of it has to come. What has to stay is the panel, 512 kB of 4096 inputs.
// ms on one thread of an AMD EPYC with AVX-512, here, by oneDNN, and at the peak of
// multiplications: 256 to 512 channels at 128x128 47, 69, 38; 1024 to 2048 at 32x32 44.5, 45, 38;
// 4096 to 2048 at 16x16 42, 47, 38.
constexpr Index copied_bytes = 2'048'000;
constexpr Index pixel_multiple = 12; // rows of the micro-kernel
constexpr Index most_pixels = 384;

// Enough to share out among some threads.
constexpr Index least_blocks = 16;
constexpr Index least_outputs = 64;

/// How the output is cut; independent of the number of threads.
struct Cut {
  Index pixels = 0; ///< of a block
  Index pixel_blocks = 0;
  Index outputs = 0; ///< of a block
  Index blocks = 0;
};

Cut cut(const PointwiseSizes& sizes, Index pixels) {
  const Index bytes = (sizes.inputs + line_floats) * Index{sizeof(float)};
  Cut c;
  c.pixels = std::clamp(copied_bytes / bytes / pixel_multiple * pixel_multiple, pixel_multiple,
                        most_pixels);
  c.pixel_blocks = divide_up(pixels, c.pixels);
  c.pixels = divide_up(pixels, c.pixel_blocks);
  const Index shares = std::clamp(divide_up(least_blocks, c.pixel_blocks), Index{1},
                                  divide_up(sizes.outputs, least_outputs));
  c.outputs = divide_up(divide_up(sizes.outputs, shares), panel_channels()) * panel_channels();
  c.blocks = c.pixel_blocks * divide_up(sizes.outputs, c.outputs);
  return c;
}

Index output_pixels(const PointwiseSizes& sizes, Size input) {
  return input.height / sizes.stride * (input.width / sizes.stride);
}

} // namespace

PointwiseConv::PointwiseConv(const PointwiseSizes& sizes, std::span<const float> weights,
                             std::span<const float> bias, Team& team)
    : sizes_{sizes}, kernels_{Buffer::uninitialised(sizes.inputs * sizes.outputs)},
      bias_{sizes.outputs} {
  const bool fits = sizes.inputs % channel_multiple == 0 && sizes.outputs % channel_multiple == 0 &&
                    std::ssize(weights) == sizes.inputs * sizes.outputs &&
                    std::ssize(bias) == sizes.outputs;
  if (!fits) {
    throw std::invalid_argument{"channels of a PointwiseConv are no multiples of 16 or its weights "
                                "are not [outputs, inputs] and [outputs]"};
  }
  std::copy(bias.begin(), bias.end(), bias_.data());
  const Index panel = panel_channels();
  team.run(divide_up(sizes.outputs, panel), [&](Index block, int) {
    const Index width = std::min(panel, sizes.outputs - block * panel);
    float* packed = kernels_.data() + block * panel * sizes.inputs;
    for (Index input = 0; input < sizes.inputs; ++input) {
      for (Index output = 0; output < width; ++output) {
        *packed++ =
            weights[static_cast<std::size_t>((block * panel + output) * sizes.inputs + input)];
      }
    }
  });
}

Index PointwiseConv::scratch_floats(Size input_size) const {
  return cut(sizes_, output_pixels(sizes_, input_size)).pixels * (sizes_.inputs + line_floats);
}

void PointwiseConv::run(Size input_size, const PointwiseImages& images, Activation activation,
                        Workspace& workspace, Team& team) const {
  const Index pixels = output_pixels(sizes_, input_size);
  const Cut c = cut(sizes_, pixels);
  workspace.reserve(team.size(), scratch_floats(input_size));
  team.run(c.blocks, [&](Index block, int member) {
    const Index first_pixel = block % c.pixel_blocks * c.pixels;
    const Index first_output = block / c.pixel_blocks * c.outputs;
    run_pointwise_block({.sizes = sizes_,
                         .images = images,
                         .output_width = input_size.width / sizes_.stride,
                         .input_width = input_size.width,
                         .first_pixel = first_pixel,
                         .pixels = std::min(c.pixels, pixels - first_pixel),
                         .first_output = first_output,
                         .outputs = std::min(c.outputs, sizes_.outputs - first_output),
                         .kernels = kernels_.data(),
                         .bias = bias_.data(),
                         .relu = activation == Activation::relu,
                         .scratch = workspace.scratch[static_cast<std::size_t>(member)].data()});
  });
}

} // namespace lmc::engine::cpu
