// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/head.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/layers/head_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/layers/norm_vectors-inl.hpp"

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

// Pixels whose sums are in registers beside the seven taps of a row and one value: 24 of 32
// registers (AVX-512) or all 16.
inline constexpr int dot_pixels = lanes == 16 ? 16 : 8;
static_assert(head_block.width % dot_pixels == 0);

inline constexpr Index padded_height = head_block.height + 2 * border;
inline constexpr Index padded_width = head_block.width + 2 * border;

inline constexpr Index plane_floats = padded_height * padded_width * lanes;

// Pixels from the one that is normalised to the one that is asked for. ms of a head of 64 channels
// at 512x512 on one thread of an Intel Xeon with AVX-512: 19.9 with 8, 20.1 with 16 or a whole row,
// 22.5 without.
inline constexpr Index pixels_ahead = 8;

/// The block's input with its border, normalised: [channels / lanes, y, x, lane]. All channels of a
/// pixel are read at once, as they lie in memory (reading `lanes` at a time took half as long
/// again).
void normalise_input(const HeadBlock& b) {
  const Floats d;
  const Index height = HWY_MIN(head_block.height, b.image.height - b.y) + 2 * border;
  const Index width = HWY_MIN(head_block.width, b.image.width - b.x) + 2 * border;
  for (Index y = 0; y < height; ++y) {
    const Index row = reflected(b.y + y - border, b.image.height) * b.image.width;
    for (Index x = 0; x < width; ++x) {
      const Index pixel = row + reflected(b.x + x - border, b.image.width);
      const float* const in = b.source.pixels + pixel * b.source.stride;
      const Index next = HWY_MIN(pixel + pixels_ahead, b.image.pixels() - 1);
      const float* const ahead = b.source.pixels + next * b.source.stride;
      float* out = b.scratch + (y * padded_width + x) * lanes;
      for (Index c = 0; c < b.channels; c += lanes, out += plane_floats) {
        fetch_soon(ahead + c);
        const NormVectors norm{b.source, c};
        hn::Store(norm.template apply<true>(hn::LoadU(d, in + c)), d, out);
      }
    }
  }
}

/// Adds the products of `lanes` channels from `c` to the sums of dot_pixels pixels from (y, x) of
/// the block: [x, lane].
///
/// A value that has been read serves all taps of its row, up to seven sums. ms of a head of 64
/// channels at 512x512 on one thread of an AMD EPYC with AVX-512: 22.8, of which this is 14.4, the
/// peak; 24.8 when a value was read for each multiplication.
void add_products(const HeadBlock& b, Index y, Index x, Index c, float* HWY_RESTRICT block_sums) {
  const Floats d;
  Vector sums[dot_pixels];
#pragma GCC unroll 16
  for (int p = 0; p < dot_pixels; ++p) {
    sums[p] = hn::Load(d, block_sums + p * lanes);
  }
  const float* HWY_RESTRICT kernel = b.kernel + c;
  const float* HWY_RESTRICT in =
      b.scratch + c * padded_height * padded_width + (y * padded_width + x) * lanes;
  for (Index tap_y = 0; tap_y < seven; ++tap_y) {
    Vector weights[seven];
#pragma GCC unroll 7
    for (int tap_x = 0; tap_x < seven; ++tap_x) {
      weights[tap_x] = hn::Load(d, kernel + tap_x * b.channels);
    }
#pragma GCC unroll 22
    for (int i = 0; i < dot_pixels + 2 * border; ++i) {
      const Vector value = hn::Load(d, in + i * lanes);
#pragma GCC unroll 7
      for (int tap_x = 0; tap_x < seven; ++tap_x) {
        if (const int p = i - tap_x; p >= 0 && p < dot_pixels) {
          sums[p] = hn::MulAdd(value, weights[tap_x], sums[p]);
        }
      }
    }
    kernel += seven * b.channels;
    in += padded_width * lanes;
  }
#pragma GCC unroll 16
  for (int p = 0; p < dot_pixels; ++p) {
    hn::Store(sums[p], d, block_sums + p * lanes);
  }
}

/// tanh(values + bias) in place; `count` is a multiple of the lanes.
void add_bias_and_tanh(float* values, Index count, float bias) {
  const Floats d;
  for (Index i = 0; i < count; i += lanes) {
    hn::Store(hn::Tanh(d, hn::Add(hn::Load(d, values + i), hn::Set(d, bias))), d, values + i);
  }
}

/// Adds up the lanes of a row's sums and stores what lies inside the image.
void store_row(const HeadBlock& b, Index y, const float* block_sums) {
  const Floats d;
  HWY_ALIGN float row[head_block.width];
  for (Index x = 0; x < head_block.width; ++x) {
    row[x] = hn::GetLane(hn::SumOfLanes(d, hn::Load(d, block_sums + x * lanes)));
  }
  add_bias_and_tanh(row, head_block.width, b.bias);
  float* const out = b.result + (b.y + y) * b.image.width + b.x;
  const Index width = HWY_MIN(head_block.width, b.image.width - b.x);
  for (Index x = 0; x < width; ++x) {
    out[x] = row[x];
  }
}

void RunHeadBlock(const HeadBlock& b) {
  const Index height = HWY_MIN(head_block.height, b.image.height - b.y);
  const Index width = HWY_MIN(head_block.width, b.image.width - b.x);
  float* const sums = b.scratch + padded_height * padded_width * b.channels;
  for (Index i = 0; i < head_block.pixels() * lanes; i += lanes) {
    hn::Store(hn::Zero(Floats{}), Floats{}, sums + i);
  }
  normalise_input(b);
  for (Index c = 0; c < b.channels; c += lanes) {
    for (Index y = 0; y < height; ++y) {
      for (Index x = 0; x < width; x += dot_pixels) {
        add_products(b, y, x, c, sums + (y * head_block.width + x) * lanes);
      }
    }
  }
  for (Index y = 0; y < height; ++y) {
    store_row(b, y, sums + y * head_block.width * lanes);
  }
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lmc::engine::cpu {

HWY_EXPORT(RunHeadBlock);

void run_head_block(const HeadBlock& block) {
  HWY_DYNAMIC_DISPATCH(RunHeadBlock)(block);
}

} // namespace lmc::engine::cpu
#endif
