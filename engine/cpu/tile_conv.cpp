// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/tile_conv.hpp"

#include "engine/cpu/transform_matrices.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace lmc::engine::cpu {

namespace {

// Bytes of transformed input that stay near the core while all kernels pass by: 24 tiles of 256
// channels. With 12, 24, 36, 48 tiles such a convolution took 54, 57, 58, 55 ms on one busy core
// with 1 MB of L2 cache: no difference beyond noise. Fewer tiles read the kernels more often.
constexpr Index transformed_bytes = 1000 * 1024;
constexpr Index tile_multiple = 12; // rows of the micro-kernel
constexpr Index most_tiles = 48;

constexpr Index kernel_count = kernels_per_axis * kernels_per_axis;

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
Index sample_at(ConvKind kind, Index i, Index n) {
  if (i >= 0 && i < n) {
    return i;
  }
  return kind == ConvKind::same && i >= -1 && i <= n ? reflected(i, n) : -1;
}

std::vector<Index> sample_table(ConvKind kind, Index n, Index tiles) {
  const KindNumbers k = numbers_of(kind);
  std::vector<Index> table;
  for (Index tile = 0; tile < tiles; ++tile) {
    for (Index sample = 0; sample < k.samples; ++sample) {
      table.push_back(sample_at(kind, tile * k.step + k.first + sample, n));
    }
  }
  return table;
}

using Kernels = std::array<double, kernel_count>;

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

/// One panel of output channels, for all 36 kernels.
struct Panel {
  Index first = 0;  ///< its first channel
  Index width = 0;  ///< channels
  Index offset = 0; ///< of kernel 0 in the packed kernels
  Index stride = 0; ///< from kernel to kernel
};

Panel panel_at(const ConvSizes& sizes, Index first) {
  const Index group = first / group_channels * group_channels;
  const Index channels = std::min(group_channels, sizes.outputs - group);
  return {.first = first,
          .width = std::min(panel_channels(), group + channels - first),
          .offset = (group * kernel_count + (first - group)) * sizes.inputs,
          .stride = channels * sizes.inputs};
}

void pack(const ConvSizes& sizes, const float* weights, const Panel& panel, float* packed) {
  const auto& g = kernel_matrix_of(sizes.kind);
  for (Index input = 0; input < sizes.inputs; ++input) {
    for (Index output = 0; output < panel.width; ++output) {
      const Kernels u =
          transformed(g, weights + ((panel.first + output) * sizes.inputs + input) * 9);
      float* target = packed + panel.offset + input * panel.width + output;
      for (const double value : u) {
        *target = static_cast<float>(value);
        target += panel.stride;
      }
    }
  }
}

/// Output pixels of a block's tiles that lie inside the image.
Index pixels_in(const TilePlan& plan, Index side, Index first_tile, Index tiles) {
  Index pixels = 0;
  for (Index tile = first_tile; tile < first_tile + tiles; ++tile) {
    const Index y = tile / plan.tiles_across * side;
    const Index x = tile % plan.tiles_across * side;
    pixels += std::min(side, plan.output.height - y) * std::min(side, plan.output.width - x);
  }
  return pixels;
}

} // namespace

TilePlan::TilePlan(const ConvSizes& sizes, Size input_size)
    : input{input_size}, output{output_length(sizes.kind, input_size.height),
                                output_length(sizes.kind, input_size.width)} {
  const KindNumbers k = numbers_of(sizes.kind);
  const Index tiles_down = divide_up(output.height, k.outputs);
  tiles_across = divide_up(output.width, k.outputs);
  rows = sample_table(sizes.kind, input.height, tiles_down);
  columns = sample_table(sizes.kind, input.width, tiles_across);
  tiles = tiles_down * tiles_across;
  const Index products = k.products * k.products;
  const Index tile_bytes = products * (sizes.inputs + line_floats) * Index{sizeof(float)};
  tiles_per_block = std::clamp(transformed_bytes / tile_bytes / tile_multiple * tile_multiple,
                               tile_multiple, most_tiles);
  blocks = divide_up(tiles, tiles_per_block);
  scratch_floats = products * (ScratchLayout{sizes.inputs, tiles_per_block}.plane +
                               ScratchLayout{group_channels, tiles_per_block}.plane);
}

void Workspace::reserve(int members, Index floats) {
  scratch.resize(std::max(scratch.size(), static_cast<std::size_t>(members)));
  for (Buffer& buffer : scratch) {
    buffer.reserve(floats);
  }
}

TileConv::TileConv(const ConvSizes& sizes, std::span<const float> weights, Team& team)
    : sizes_{sizes}, kernels_{kernel_count * sizes.inputs * sizes.outputs} {
  const bool fits = sizes.inputs % channel_multiple == 0 && sizes.outputs % channel_multiple == 0 &&
                    std::ssize(weights) == sizes.inputs * sizes.outputs * 9;
  if (!fits) {
    throw std::invalid_argument{"channels of a TileConv are no multiples of 16 or its weights are "
                                "not [outputs, inputs, 3, 3]"};
  }
  const Index width = panel_channels();
  team.run(divide_up(sizes.outputs, width), [&](Index block, int) {
    pack(sizes_, weights.data(), panel_at(sizes_, block * width), kernels_.data());
  });
}

void TileConv::run(const TilePlan& plan, const Source& source, float* result, Workspace& workspace,
                   Team& team) const {
  workspace.reserve(team.size(), plan.scratch_floats);
  workspace.sums.reserve(plan.blocks, sizes_.outputs);
  TileBlock common{.kind = sizes_.kind,
                   .source = source,
                   .input = plan.input,
                   .output = plan.output,
                   .inputs = sizes_.inputs,
                   .outputs = sizes_.outputs,
                   .rows = plan.rows.data(),
                   .columns = plan.columns.data(),
                   .tiles_across = plan.tiles_across,
                   .capacity = plan.tiles_per_block,
                   .kernels = kernels_.data(),
                   .result = result};
  const Index side = numbers_of(sizes_.kind).outputs;
  team.run(plan.blocks, [&](Index block, int member) {
    TileBlock b = common;
    b.first_tile = block * plan.tiles_per_block;
    b.tiles = std::min(plan.tiles_per_block, plan.tiles - b.first_tile);
    b.scratch = workspace.scratch[static_cast<std::size_t>(member)].data();
    b.sums = workspace.sums.block(block);
    run_tile_block(b);
    workspace.sums.set_count(block, pixels_in(plan, side, b.first_tile, b.tiles));
  });
}

} // namespace lmc::engine::cpu
