// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/tile_block.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/tile_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/micro_kernel-inl.hpp"
#include "engine/cpu/tile_transform-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// One product of some tiles with one panel of one kernel.
struct PanelProduct {
  const float* left; ///< V[p][tile], `left_stride` apart
  Index left_stride;
  const float* right; ///< [inputs][panel]
  float* result;      ///< M[p][tile][panel], `result_stride` apart
  Index result_stride;
  Index inputs;
};

template <int Rows, int Vectors> void multiply_rows(const PanelProduct& product) {
  Vector sums[Rows][Vectors];
  multiply(
      sums, product.inputs, [left = product.left](Index k) { return left + k; },
      product.left_stride, product.right);
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Vectors; ++v) {
      hn::Store(sums[r][v], Floats{}, product.result + r * product.result_stride + v * lanes);
    }
  }
}

void multiply_panel(PanelProduct product, Index tiles, Index channels) {
  for (Index tile = 0; tile < tiles; tile += kernel_rows) {
    with_rows<kernel_rows>(HWY_MIN(tiles - tile, Index{kernel_rows}), [&]<int Rows>() {
      if (channels == panel_lanes) {
        multiply_rows<Rows, panel_vectors>(product);
      } else {
        multiply_rows<Rows, 1>(product);
      }
    });
    product.left += kernel_rows * product.left_stride;
    product.result += kernel_rows * product.result_stride;
  }
}

/// M[p] = V[p] U[kernel of p] of a group of output channels, for all products p.
template <class Kind>
void multiply_group(const TileBlock& b, const float* kernels, Index channels, float* products) {
  constexpr auto side = static_cast<Index>(Axis<Kind>::products);
  const ScratchLayout v{b.inputs, b.capacity};
  const ScratchLayout m{group_channels, b.capacity};
  for (Index p = 0; p < side * side; ++p) {
    const auto kernel_row = Kind::kernel_of[static_cast<std::size_t>(p / side)];
    const auto kernel =
        kernel_row * kernels_per_axis + Kind::kernel_of[static_cast<std::size_t>(p % side)];
    const float* right = kernels + static_cast<Index>(kernel) * b.inputs * channels;
    for (Index c = 0; c < channels; c += panel_lanes) {
      const Index width = HWY_MIN(panel_lanes, channels - c);
      multiply_panel({.left = b.scratch + p * v.plane,
                      .left_stride = v.row,
                      .right = right + c * b.inputs,
                      .result = products + p * m.plane + c,
                      .result_stride = m.row,
                      .inputs = b.inputs},
                     b.tiles, width);
    }
  }
}

template <class Kind> void transform_inputs_by_rule(const TileBlock& b) {
  const Source& s = b.source;
  if (s.relu) {
    s.store != nullptr ? transform_inputs<Kind, LoadRule<true, false, true>>(b)
                       : transform_inputs<Kind, LoadRule<true, false, false>>(b);
  } else if (s.residual != nullptr) {
    s.store != nullptr ? transform_inputs<Kind, LoadRule<false, true, true>>(b)
                       : transform_inputs<Kind, LoadRule<false, true, false>>(b);
  } else {
    transform_inputs<Kind, LoadRule<false, false, false>>(b);
  }
}

template <class Kind> void run_block(const TileBlock& b) {
  constexpr auto product_count = static_cast<Index>(Axis<Kind>::products * Axis<Kind>::products);
  transform_inputs_by_rule<Kind>(b);
  float* const products = b.scratch + product_count * ScratchLayout{b.inputs, b.capacity}.plane;
  const float* kernels = b.kernels;
  for (Index c = 0; c < b.outputs; c += group_channels) {
    const Index channels = HWY_MIN(group_channels, b.outputs - c);
    multiply_group<Kind>(b, kernels, channels, products);
    transform_outputs<Kind>(b, products, c, channels);
    kernels += static_cast<Index>(kernels_per_axis * kernels_per_axis) * b.inputs * channels;
  }
}

void RunTileBlock(const TileBlock& b) {
  switch (b.kind) {
  case ConvKind::same:
    return run_block<Same>(b);
  case ConvKind::stride_two:
    return run_block<StrideTwo>(b);
  case ConvKind::transposed:
    return run_block<Transposed>(b);
  }
}

Index PanelChannels() {
  return panel_lanes;
}

const char* InstructionSet() {
  return hwy::TargetName(HWY_TARGET);
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lmc::engine::cpu {

HWY_EXPORT(RunTileBlock);
HWY_EXPORT(PanelChannels);
HWY_EXPORT(InstructionSet);

void run_tile_block(const TileBlock& block) {
  HWY_DYNAMIC_DISPATCH(RunTileBlock)(block);
}

Index panel_channels() {
  return HWY_DYNAMIC_DISPATCH(PanelChannels)();
}

const char* instruction_set() {
  return HWY_DYNAMIC_DISPATCH(InstructionSet)();
}

} // namespace lmc::engine::cpu
#endif
