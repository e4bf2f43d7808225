// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/winograd/winograd_block.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/winograd/winograd_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/layers/micro_kernel-inl.hpp"
#include "engine/cpu/winograd/winograd_transform-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// One product of some tiles with one panel of one kernel.
struct PanelProduct {
  const float* left; ///< V[p][tile], `left_stride` apart
  Index left_stride;
  const float* right; ///< [depth][panel]
  float* result;      ///< M[p][tile][panel], `result_stride` apart
  Index result_stride;
  Index depth;     ///< inputs
  bool accumulate; ///< add to the result instead of replacing it
};

template <bool Accumulate, int Rows, int Vectors>
HWY_INLINE void store_rows(const PanelProduct& product, const Vector (&sums)[Rows][Vectors]) {
  const Floats d;
  float* const first = product.result;
  const Index stride = product.result_stride;
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 2
    for (int v = 0; v < Vectors; ++v) {
      float* const out = first + r * stride + v * lanes;
      hn::Store(Accumulate ? hn::Add(hn::Load(d, out), sums[r][v]) : sums[r][v], d, out);
    }
  }
}

template <int Rows, int Vectors>
void multiply_rows(const PanelProduct& product, const float* ahead) {
  Vector sums[Rows][Vectors];
  multiply(
      sums, product.depth, [left = product.left](Index k) { return left + k; }, product.left_stride,
      product.right, ahead);
  // Asked once, not for each vector: of 256 to 256 channels at 128x128 1 % on an AMD EPYC (AVX2).
  product.accumulate ? store_rows<true>(product, sums) : store_rows<false>(product, sums);
}

/// Tiles are shared out evenly: 16 as 8 + 8, not as 12 + 4, which would wait for the kernels.
void multiply_panel(PanelProduct product, Index tiles, Index channels) {
  const Index blocks = divide_up(tiles, Index{kernel_rows});
  for (Index block = 0; block < blocks; ++block) {
    const Index rows = divide_up(tiles, blocks - block);
    const float* const ahead = lines_ahead(product.right, product.depth, block);
    with_rows<kernel_rows>(rows, [&]<int Rows>() {
      if (channels == panel_lanes) {
        multiply_rows<Rows, panel_vectors>(product, ahead);
      } else {
        multiply_rows<Rows, 1>(product, ahead);
      }
    });
    product.left += rows * product.left_stride;
    product.result += rows * product.result_stride;
    tiles -= rows;
  }
}

/// A chunk of output channels and the transformed inputs that it is made from.
struct Chunk {
  const float* inputs;  ///< V, at the first of `depth` channels
  ScratchLayout layout; ///< of V
  Index depth;
  const float* kernels; ///< [kernel][panel][depth][channel of the panel]
  Index channels;
  float* products; ///< M
  bool accumulate;
};

/// M[p] = V[p] U[kernel of p] of a chunk, for all products p.
template <class Kind> void multiply_chunk(const WinogradBlock& b, const Chunk& chunk) {
  constexpr auto side = static_cast<Index>(Axis<Kind>::products);
  const ScratchLayout m{b.chunk_channels, b.capacity};
  for (Index p = 0; p < side * side; ++p) {
    const auto kernel_row = Kind::kernel_of[static_cast<std::size_t>(p / side)];
    const auto kernel =
        kernel_row * kernels_per_axis + Kind::kernel_of[static_cast<std::size_t>(p % side)];
    const float* right = chunk.kernels + static_cast<Index>(kernel) * chunk.depth * chunk.channels;
    for (Index c = 0; c < chunk.channels; c += panel_lanes) {
      multiply_panel({.left = chunk.inputs + p * chunk.layout.plane,
                      .left_stride = chunk.layout.row,
                      .right = right + c * chunk.depth,
                      .result = chunk.products + p * m.plane + c,
                      .result_stride = m.row,
                      .depth = chunk.depth,
                      .accumulate = chunk.accumulate},
                     b.tiles, HWY_MIN(panel_lanes, chunk.channels - c));
    }
  }
}

template <class Kind>
void transform_source(const WinogradBlock& b, const SourceChannels& channels) {
  const Source& s = channels.source;
  if (s.mean == nullptr) {
    transform_inputs<Kind, LoadRule<false, false, false, false>>(b, b.samples, channels);
  } else if (s.relu) {
    s.store != nullptr
        ? transform_inputs<Kind, LoadRule<true, true, false, true>>(b, b.samples, channels)
        : transform_inputs<Kind, LoadRule<true, true, false, false>>(b, b.samples, channels);
  } else if (s.residual != nullptr) {
    s.store != nullptr
        ? transform_inputs<Kind, LoadRule<true, false, true, true>>(b, b.samples, channels)
        : transform_inputs<Kind, LoadRule<true, false, true, false>>(b, b.samples, channels);
  } else {
    transform_inputs<Kind, LoadRule<true, false, false, false>>(b, b.samples, channels);
  }
}

/// V of the inputs [first, first + count), which may lie in several sources.
template <class Kind> void transform_section(const WinogradBlock& b, Index first, Index count) {
  Index begin = 0; // the source's first channel among the inputs
  for (const Source& source : b.sources) {
    const Index low = HWY_MAX(first, begin);
    const Index high = HWY_MIN(first + count, begin + source.channels);
    const SourceChannels channels{.source = source,
                                  .first = low - begin,
                                  .count = high - low,
                                  .target = b.scratch + (low - first),
                                  .layout = {count, b.capacity}};
    if (source.doubled) { // only in convolutions of stride 1
      transform_inputs<SameDoubled, LoadRule<false, false, false, false>>(b, b.doubled_samples,
                                                                          channels);
    } else {
      transform_source<Kind>(b, channels);
    }
    begin += source.channels;
  }
}

template <class Kind>
void store_chunk(const WinogradBlock& b, const float* products, Index first, Index channels) {
  b.bias != nullptr ? transform_outputs<Kind, BiasOnStore>(b, products, first, channels)
                    : transform_outputs<Kind, SumOnStore>(b, products, first, channels);
}

/// Every output sees every input: slice after slice of the inputs is transformed and multiplied.
/// The products of several slices are added up, so those of all outputs have to be kept.
template <class Kind> void run_dense(const WinogradBlock& b) {
  const ConvSizes& s = b.sizes;
  constexpr auto planes = static_cast<Index>(Axis<Kind>::products * Axis<Kind>::products);
  const Index slice = HWY_MIN(b.slice_channels, s.inputs);
  float* const all_products = b.scratch + planes * ScratchLayout{slice, b.capacity}.plane;
  const Index chunk_floats =
      slice < s.inputs ? planes * ScratchLayout{b.chunk_channels, b.capacity}.plane : 0;
  const float* kernels = b.kernels;
  for (Index first = 0; first < s.inputs; first += slice) {
    const Index depth = HWY_MIN(slice, s.inputs - first);
    transform_section<Kind>(b, first, depth);
    float* products = all_products;
    for (Index c = 0; c < s.outputs; c += b.chunk_channels, products += chunk_floats) {
      const Index channels = HWY_MIN(b.chunk_channels, s.outputs - c);
      multiply_chunk<Kind>(b, {.inputs = b.scratch,
                               .layout = {depth, b.capacity},
                               .depth = depth,
                               .kernels = kernels,
                               .channels = channels,
                               .products = products,
                               .accumulate = first > 0});
      if (first + depth == s.inputs) {
        store_chunk<Kind>(b, products, c, channels);
      }
      kernels += kernel_count * depth * channels;
    }
  }
}

/// Some groups at a time are transformed, then multiplied one by one.
template <class Kind> void run_grouped(const WinogradBlock& b) {
  const Index inputs = b.sizes.group_inputs();
  const Index outputs = b.sizes.group_outputs();
  constexpr auto planes = static_cast<Index>(Axis<Kind>::products * Axis<Kind>::products);
  const Index together = b.slice_channels / inputs;
  float* const products = b.scratch + planes * ScratchLayout{b.slice_channels, b.capacity}.plane;
  const float* kernels = b.kernels + kernel_count * b.first_group * inputs * outputs;
  const Index end = b.first_group + b.groups;
  for (Index first = b.first_group; first < end; first += together) {
    const Index count = HWY_MIN(together, end - first);
    transform_section<Kind>(b, first * inputs, count * inputs);
    for (Index g = 0; g < count; ++g) {
      for (Index c = 0; c < outputs; c += b.chunk_channels) {
        const Index channels = HWY_MIN(b.chunk_channels, outputs - c);
        multiply_chunk<Kind>(b, {.inputs = b.scratch + g * inputs,
                                 .layout = {count * inputs, b.capacity},
                                 .depth = inputs,
                                 .kernels = kernels,
                                 .channels = channels,
                                 .products = products,
                                 .accumulate = false});
        store_chunk<Kind>(b, products, (first + g) * outputs + c, channels);
        kernels += kernel_count * inputs * channels;
      }
    }
  }
}

template <class Kind> void run_block(const WinogradBlock& b) {
  b.sizes.groups == 1 ? run_dense<Kind>(b) : run_grouped<Kind>(b);
}

void RunTileBlock(const WinogradBlock& b) {
  switch (b.sizes.kind) {
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

void run_winograd_block(const WinogradBlock& block) {
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
