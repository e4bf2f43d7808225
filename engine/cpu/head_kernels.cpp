// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/head.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/head_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/norm_vectors-inl.hpp"

#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

// Sums in registers: rows x pixels vectors, 24 of 32 registers (AVX-512) or 12 of 16.
inline constexpr int dot_rows = lanes == 16 ? 4 : 2;
inline constexpr int dot_pixels = 6;
static_assert(head_block.height % dot_rows == 0 && head_block.width % dot_pixels == 0);

inline constexpr Index padded_width = head_block.width + 2 * border;

/// The block's input with its border, normalised; zero beyond the reflected border.
void normalise_input(const HeadBlock& b) {
  const Floats d;
  const Index height = HWY_MIN(head_block.height, b.image.height - b.y) + 2 * border;
  const Index width = HWY_MIN(head_block.width, b.image.width - b.x) + 2 * border;
  for (Index c = 0; c < b.channels; c += lanes) {
    const NormVectors norm{b.source, c};
    for (Index y = 0; y < height; ++y) {
      const Index row = reflected(b.y + y - border, b.image.height) * b.image.width;
      float* out = b.scratch + y * padded_width * b.channels + c;
      for (Index x = 0; x < width; ++x, out += b.channels) {
        const Index pixel = row + reflected(b.x + x - border, b.image.width);
        const float* const in = b.source.pixels + pixel * b.source.stride + c;
        hn::Store(norm.template apply<true>(hn::LoadU(d, in)), d, out);
      }
    }
  }
}

/// The dot products of dot_rows x dot_pixels pixels from (y, x) of the block.
void dot_products(const HeadBlock& b, Index y, Index x, float (&results)[dot_rows][dot_pixels]) {
  const Floats d;
  Vector sums[dot_rows][dot_pixels];
#pragma GCC unroll 8
  for (int r = 0; r < dot_rows; ++r) {
#pragma GCC unroll 8
    for (int p = 0; p < dot_pixels; ++p) {
      sums[r][p] = hn::Zero(d);
    }
  }
  const Index row_stride = padded_width * b.channels;
  for (Index c = 0; c < b.channels; c += lanes) {
    const float* HWY_RESTRICT kernel = b.kernel + c;
    for (Index tap_y = 0; tap_y < seven; ++tap_y) {
      const float* HWY_RESTRICT in = b.scratch + (y + tap_y) * row_stride + x * b.channels + c;
      for (Index tap_x = 0; tap_x < seven; ++tap_x) {
        const Vector w = hn::Load(d, kernel);
#pragma GCC unroll 8
        for (int r = 0; r < dot_rows; ++r) {
#pragma GCC unroll 8
          for (int p = 0; p < dot_pixels; ++p) {
            const Vector value = hn::Load(d, in + r * row_stride + p * b.channels);
            sums[r][p] = hn::MulAdd(value, w, sums[r][p]);
          }
        }
        kernel += b.channels;
        in += b.channels;
      }
    }
  }
  for (int r = 0; r < dot_rows; ++r) {
    for (int p = 0; p < dot_pixels; ++p) {
      results[r][p] = hn::GetLane(hn::SumOfLanes(d, sums[r][p]));
    }
  }
}

/// tanh(values + bias) in place; `count` is a multiple of the lanes.
void add_bias_and_tanh(float* values, Index count, float bias) {
  const Floats d;
  for (Index i = 0; i < count; i += lanes) {
    hn::Store(hn::Tanh(d, hn::Add(hn::Load(d, values + i), hn::Set(d, bias))), d, values + i);
  }
}

/// Computes dot_rows rows of the block from row y and stores what lies inside the image.
void head_rows(const HeadBlock& b, Index y) {
  HWY_ALIGN float rows[dot_rows][head_block.width] = {};
  const Index width = HWY_MIN(head_block.width, b.image.width - b.x);
  for (Index x = 0; x < width; x += dot_pixels) {
    float results[dot_rows][dot_pixels];
    dot_products(b, y, x, results);
    for (int r = 0; r < dot_rows; ++r) {
      hwy::CopyBytes<sizeof(results[0])>(results[r], rows[r] + x);
    }
  }
  const Index height = HWY_MIN(Index{dot_rows}, b.image.height - b.y - y);
  for (Index r = 0; r < height; ++r) {
    add_bias_and_tanh(rows[r], head_block.width, b.bias);
    float* const out = b.result + (b.y + y + r) * b.image.width + b.x;
    for (Index x = 0; x < width; ++x) {
      out[x] = rows[r][x];
    }
  }
}

void RunHeadBlock(const HeadBlock& b) {
  normalise_input(b);
  const Index height = HWY_MIN(head_block.height, b.image.height - b.y);
  for (Index y = 0; y < height; y += dot_rows) {
    head_rows(b, y);
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
