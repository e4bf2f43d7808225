// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/winograd/winograd_conv.hpp"

#include "engine/cpu/winograd/transform_matrices.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

// How many tiles and output channels are computed at a time depends on what a layer's kernels leave
// of the L2 cache (1 or 2 MB).
//
// Few kernels stay in it, beside the transformed input of some tiles and the products of a narrow
// chunk of output channels. Many push everything else out on their way through. Then they should
// pass rarely, for many tiles, and the transformed input only once, for a wide chunk. ms on one
// thread of an Intel Xeon with AVX-512 and 2 MB of L2 cache, tiles a block in brackets:
//   kernels  convolution                     narrow    wide
//    1.2 MB  stride two, 64 to 128, 512x512  60 (36)   62 (24), 63 (36)
//    1.2 MB  transposed, 128 to 64, 256x256  58 (12)   65 (24)
//    4.7 MB  stride two, 128 to 256, 256x256 50 (12)   47 (32)
//    9.4 MB  256 to 256, 128x128             39.5 (24) 37.7 (24), 36.9 (32), 36.9 (43)
//   18.9 MB  transposed, 256 to 512, 128x128 204 (12)  177 (24), 170 (32), 173 (43)
struct Blocking {
  Index chunk = 0;             ///< output channels
  Index transformed_bytes = 0; ///< of the inputs
  Index most_tiles = 0;
};

constexpr Blocking narrow{.chunk = 64, .transformed_bytes = 1'000'000, .most_tiles = 48};
constexpr Blocking wide{.chunk = 256, .transformed_bytes = 3'200'000, .most_tiles = 36};
constexpr Index many_kernel_bytes = 3'000'000;

constexpr Index tile_multiple = 12; // rows of the micro-kernel

// Few blocks are made equally large, so that two or four threads finish together.
constexpr Index few_blocks = 64;
constexpr Index block_multiple = 4;

// Blocks of a grouped convolution, which its groups are shared out among.
constexpr Index least_blocks = 16;

// Inputs that are transformed at a time. Convolutions of many inputs then take 1.4 times their
// products' time at the peak: 3072 to 256 channels at 32x32 45 ms against 32, 1536 to 512 at 64x64
// 181 against 127, one thread of an AMD EPYC with AVX-512.
constexpr Index most_slice_channels = 256;

// Inputs of groups that are transformed together; wider groups alone. ms of a resnext101 32x16d's
// grouped convolutions, here and by oneDNN's direct kernel (NHWC), which could not be below 21:
//   16 channels a group at 128x128   28   81
//   32              at 64x64         18   29
//   64              at 32x32         12   24
//   128             at 16x16         12   30
// So all of them go through the tiles; a direct kernel at its peak would gain 7 ms three times.
constexpr Index most_grouped_channels = 64;

/// A kind's numbers, along one axis.
struct KindNumbers {
  Index step = 0;
  Index first = 0;
  Index samples = 0;
  Index products = 0;
  Index outputs = 0;
};

template <class Kind> constexpr KindNumbers numbers() {
  return {.step = Kind::step,
          .first = Kind::first,
          .samples = Kind::axis.input[0].size(),
          .products = Kind::axis.input.size(),
          .outputs = Kind::axis.output.size()};
}

KindNumbers numbers_of(ConvKind kind) {
  switch (kind) {
  case ConvKind::same:
    return numbers<Same>();
  case ConvKind::stride_two:
    return numbers<StrideTwo>();
  case ConvKind::transposed:
    break;
  }
  return numbers<Transposed>();
}

Index output_length(ConvKind kind, Index length) {
  switch (kind) {
  case ConvKind::same:
    return length;
  case ConvKind::stride_two:
    return divide_up(length, 2);
  case ConvKind::transposed:
    break;
  }
  return 2 * length;
}

/// Sample `i` of an axis of `n`: reflected or zero outside. Reflection goes one pixel beyond the
/// border; what lies further only reaches outputs that are not stored.
Index sample_at(Border border, Index i, Index n) {
  if (i >= 0 && i < n) {
    return i;
  }
  return border == Border::reflected && i >= -1 && i <= n ? reflected(i, n) : -1;
}

std::vector<Index> sample_table(const KindNumbers& k, Border border, Index n, Index tiles) {
  std::vector<Index> table;
  table.reserve(static_cast<std::size_t>(tiles * k.samples));
  for (Index tile = 0; tile < tiles; ++tile) {
    for (Index sample = 0; sample < k.samples; ++sample) {
      table.push_back(sample_at(border, tile * k.step + k.first + sample, n));
    }
  }
  return table;
}

/// Inputs whose transforms lie in the scratch together: some whole groups, or a slice of one.
Index slice_channels(const ConvSizes& sizes) {
  const Index group = sizes.group_inputs();
  return sizes.groups == 1
             ? std::min(group, most_slice_channels)
             : group * std::clamp(most_grouped_channels / group, Index{1}, sizes.groups);
}

const Blocking& blocking(const ConvSizes& sizes) {
  const Index kernels =
      kernel_count * std::min(sizes.group_inputs(), slice_channels(sizes)) * sizes.group_outputs();
  return kernels * Index{sizeof(float)} > many_kernel_bytes ? wide : narrow;
}

using Kernels = std::array<double, std::size_t{kernel_count}>;

/// G of a kind without the repeated rows of its one-tap products.
template <class Kind> constexpr Matrix<kernels_per_axis, 3> kernel_matrix() {
  Matrix<kernels_per_axis, 3> g{};
  for (std::size_t p = 0; p < Kind::kernel_of.size(); ++p) {
    g[Kind::kernel_of[p]] = Kind::axis.kernel[p];
  }
  return g;
}

const Matrix<kernels_per_axis, 3>& kernel_matrix_of(ConvKind kind) {
  static constexpr auto same = kernel_matrix<Same>();
  static constexpr auto stride_two = kernel_matrix<StrideTwo>();
  static constexpr auto transposed = kernel_matrix<Transposed>();
  switch (kind) {
  case ConvKind::same:
    return same;
  case ConvKind::stride_two:
    return stride_two;
  case ConvKind::transposed:
    break;
  }
  return transposed;
}

/// U = G g G^T, in double.
Kernels transformed(const Matrix<kernels_per_axis, 3>& g, const float* taps) {
  Kernels u{};
  for (std::size_t i = 0; i < kernels_per_axis; ++i) {
    std::array<double, 3> row{};
    for (std::size_t x = 0; x < 3; ++x) {
      row[x] = g[i][0] * taps[x] + g[i][1] * taps[3 + x] + g[i][2] * taps[6 + x];
    }
    for (std::size_t j = 0; j < kernels_per_axis; ++j) {
      u[i * kernels_per_axis + j] = row[0] * g[j][0] + row[1] * g[j][1] + row[2] * g[j][2];
    }
  }
  return u;
}

/// One panel of output channels and a slice of their inputs, for all 36 kernels.
struct Panel {
  Index output = 0; ///< its first channel
  Index width = 0;  ///< channels
  Index input = 0;  ///< first one of the group's
  Index depth = 0;  ///< inputs
  Index offset = 0; ///< of kernel 0 in the packed kernels
  Index stride = 0; ///< from kernel to kernel
};

/// Panels in the order in which a block needs them.
std::vector<Panel> panels_of(const ConvSizes& sizes) {
  const Index inputs = sizes.group_inputs();
  const Index slice = std::min(inputs, slice_channels(sizes));
  const Index chunk = blocking(sizes).chunk;
  std::vector<Panel> panels;
  Index offset = 0;
  for (Index group = 0; group < sizes.groups; ++group) {
    for (Index input = 0; input < inputs; input += slice) {
      const Index depth = std::min(slice, inputs - input);
      for (Index c = 0; c < sizes.group_outputs(); c += chunk) {
        const Index channels = std::min(chunk, sizes.group_outputs() - c);
        for (Index within = 0; within < channels; within += panel_channels()) {
          panels.push_back({.output = group * sizes.group_outputs() + c + within,
                            .width = std::min(panel_channels(), channels - within),
                            .input = input,
                            .depth = depth,
                            .offset = offset + within * depth,
                            .stride = channels * depth});
        }
        offset += kernel_count * channels * depth;
      }
    }
  }
  return panels;
}

/// Transforms and packs the kernels of a panel. All outputs of an input come first into a small
/// block, since the 36 places where they belong are far apart.
void pack(const ConvSizes& sizes, const float* weights, const Panel& panel, float* packed) {
  const auto& g = kernel_matrix_of(sizes.kind);
  std::vector<float> block(static_cast<std::size_t>(kernel_count * panel.width));
  for (Index input = 0; input < panel.depth; ++input) {
    for (Index output = 0; output < panel.width; ++output) {
      const Index kernel = (panel.output + output) * sizes.group_inputs() + panel.input + input;
      float* target = block.data() + output;
      for (const double value : transformed(g, weights + kernel * 9)) {
        *target = static_cast<float>(value);
        target += panel.width;
      }
    }
    const float* row = block.data();
    for (Index kernel = 0; kernel < kernel_count; ++kernel, row += panel.width) {
      std::copy_n(row, panel.width,
                  packed + panel.offset + kernel * panel.stride + input * panel.width);
    }
  }
}

/// `most` tiles a block, or fewer when there would be few blocks of unequal size.
Index even_share(Index tiles, Index most) {
  const Index blocks = divide_up(tiles, most);
  return blocks >= few_blocks
             ? most
             : divide_up(tiles, divide_up(blocks, block_multiple) * block_multiple);
}

/// Output pixels of a block's tiles that lie inside the image.
Index pixels_in(const WinogradPlan& plan, Index side, Index first_tile, Index tiles) {
  Index pixels = 0;
  for (Index tile = first_tile; tile < first_tile + tiles; ++tile) {
    const Index y = tile / plan.tiles_across * side;
    const Index x = tile % plan.tiles_across * side;
    pixels += std::min(side, plan.output.height - y) * std::min(side, plan.output.width - x);
  }
  return pixels;
}

} // namespace

WinogradPlan::WinogradPlan(const ConvSizes& sizes, Size input_size)
    : input{input_size}, output{output_length(sizes.kind, input_size.height),
                                output_length(sizes.kind, input_size.width)} {
  const KindNumbers k = numbers_of(sizes.kind);
  const Border border = sizes.kind == ConvKind::same ? sizes.border : Border::zero;
  const Index tiles_down = divide_up(output.height, k.outputs);
  tiles_across = divide_up(output.width, k.outputs);
  rows = sample_table(k, border, input.height, tiles_down);
  columns = sample_table(k, border, input.width, tiles_across);
  if (sizes.kind == ConvKind::same) {
    doubled_rows = sample_table(numbers<SameDoubled>(), border, input.height / 2, tiles_down);
    doubled_columns = sample_table(numbers<SameDoubled>(), border, input.width / 2, tiles_across);
  }
  tiles = tiles_down * tiles_across;
  const Index slice = slice_channels(sizes);
  const Index products = k.products * k.products;
  const Index tile_bytes = products * (slice + line_floats) * Index{sizeof(float)};
  const Blocking& most = blocking(sizes);
  const Index fitting = most.transformed_bytes / tile_bytes / tile_multiple * tile_multiple;
  tiles_per_block = even_share(tiles, std::clamp(fitting, tile_multiple, most.most_tiles));
  tile_blocks = divide_up(tiles, tiles_per_block);
  groups_per_block = divide_up(sizes.groups, divide_up(least_blocks, tile_blocks));
  blocks = tile_blocks * divide_up(sizes.groups, groups_per_block);
  chunk_channels = std::min(most.chunk, sizes.group_outputs());
  const Index kept_chunks =
      slice < sizes.group_inputs() ? divide_up(sizes.outputs, chunk_channels) : 1;
  scratch_floats = products * (ScratchLayout{slice, tiles_per_block}.plane +
                               kept_chunks * ScratchLayout{chunk_channels, tiles_per_block}.plane);
}

void Workspace::reserve(int members, Index floats) {
  scratch.resize(std::max(scratch.size(), static_cast<std::size_t>(members)));
  for (Buffer& buffer : scratch) {
    buffer.reserve(floats);
  }
}

WinogradConv::WinogradConv(const ConvSizes& sizes, std::span<const float> weights,
                           std::span<const float> bias, Team& team)
    : sizes_{sizes}, kernels_{Buffer::uninitialised(kernel_count * sizes.group_inputs() *
                                                    sizes.outputs)},
      bias_{std::ssize(bias)} {
  const bool fits = sizes.inputs % (channel_multiple * sizes.groups) == 0 &&
                    sizes.outputs % (channel_multiple * sizes.groups) == 0 &&
                    std::ssize(weights) == sizes.group_inputs() * sizes.outputs * 9 &&
                    (bias.empty() || std::ssize(bias) == sizes.outputs);
  if (!fits) {
    throw std::invalid_argument{
        "channels of a WinogradConv are no multiples of 16 or its weights are "
        "not [outputs, inputs, 3, 3]"};
  }
  std::copy(bias.begin(), bias.end(), bias_.data());
  const std::vector<Panel> panels = panels_of(sizes);
  team.run(std::ssize(panels), [&](Index block, int) {
    pack(sizes_, weights.data(), panels[static_cast<std::size_t>(block)], kernels_.data());
  });
}

WinogradBlock WinogradConv::whole(const WinogradPlan& plan, std::span<const Source> sources,
                                  float* result) const {
  return {.sizes = sizes_,
          .sources = sources,
          .slice_channels = slice_channels(sizes_),
          .output = plan.output,
          .samples = {.rows = plan.rows.data(),
                      .columns = plan.columns.data(),
                      .width = plan.input.width},
          .doubled_samples = {.rows = plan.doubled_rows.data(),
                              .columns = plan.doubled_columns.data(),
                              .width = plan.input.width / 2},
          .tiles_across = plan.tiles_across,
          .capacity = plan.tiles_per_block,
          .chunk_channels = plan.chunk_channels,
          .kernels = kernels_.data(),
          .result = result};
}

WinogradBlock WinogradConv::part(const WinogradPlan& plan, WinogradBlock block, Index index) const {
  block.first_tile = index % plan.tile_blocks * plan.tiles_per_block;
  block.tiles = std::min(plan.tiles_per_block, plan.tiles - block.first_tile);
  block.first_group = index / plan.tile_blocks * plan.groups_per_block;
  block.groups = std::min(plan.groups_per_block, sizes_.groups - block.first_group);
  return block;
}

void WinogradConv::run(Size input_size, const Source& source, float* result, Workspace& workspace,
                       Team& team) const {
  const WinogradPlan plan{sizes_, input_size};
  workspace.reserve(team.size(), plan.scratch_floats);
  workspace.sums.reserve(plan.blocks, sizes_.outputs);
  Source all = source;
  all.channels = sizes_.inputs;
  const WinogradBlock common = whole(plan, {&all, 1}, result);
  const Index side = numbers_of(sizes_.kind).outputs;
  team.run(plan.blocks, [&](Index index, int member) {
    WinogradBlock b = part(plan, common, index);
    b.scratch = workspace.scratch[static_cast<std::size_t>(member)].data();
    b.sums = workspace.sums.block(index);
    run_winograd_block(b);
    workspace.sums.set_count(index, pixels_in(plan, side, b.first_tile, b.tiles));
  });
}

void WinogradConv::run(Size input_size, std::span<const Source> sources, Activation activation,
                       float* result, Workspace& workspace, Team& team) const {
  const WinogradPlan plan{sizes_, input_size};
  workspace.reserve(team.size(), plan.scratch_floats);
  WinogradBlock common = whole(plan, sources, result);
  common.bias = bias_.data();
  common.relu = activation == Activation::relu;
  team.run(plan.blocks, [&](Index index, int member) {
    WinogradBlock b = part(plan, common, index);
    b.scratch = workspace.scratch[static_cast<std::size_t>(member)].data();
    run_winograd_block(b);
  });
}

} // namespace lmc::engine::cpu
