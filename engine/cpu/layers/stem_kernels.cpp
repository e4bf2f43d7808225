// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/layers/stem.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/layers/stem_kernels.cpp"
#include <hwy/foreach_target.h>

#include "engine/cpu/layers/micro_kernel-inl.hpp"
#include "engine/cpu/layers/sum_vectors-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// Where tap k of the first pixel lies.
struct TapAddress {
  const float* first;
  Index stride;

  HWY_INLINE const float* operator()(Index k) const {
    return first + k / seven * stride + k % seven;
  }
};

/// Stores pixels of an instance-normed stem and adds them to the sums of the row.
template <int Rows, int Vectors>
void store_and_sum(const StemRow& row, Index x, Index channel, Vector (&values)[Rows][Vectors],
                   SumVectors* panel_sums) {
  for (int v = 0; v < Vectors; ++v) {
    SumVectors sums = panel_sums[v];
    if (x == 0) {
      sums.pivot = values[0][v];
    }
    for (int r = 0; r < Rows; ++r) {
      hn::Store(values[r][v], Floats{}, row.result + (x + r) * row.outputs + channel + v * lanes);
      sums.add(values[r][v]);
    }
    panel_sums[v] = sums;
  }
}

/// Stores pixels of a batch-normed stem.
template <int Rows, int Vectors>
void store_scaled(const StemRow& row, Index x, Index channel, Vector (&values)[Rows][Vectors]) {
  const Floats d;
  for (int v = 0; v < Vectors; ++v) {
    const Index c = channel + v * lanes;
    const Vector factor = hn::LoadU(d, row.factor + c);
    const Vector shift = hn::LoadU(d, row.shift + c);
    for (int r = 0; r < Rows; ++r) {
      hn::Store(hn::Max(hn::MulAdd(values[r][v], factor, shift), hn::Zero(d)), d,
                row.result + (x + r) * row.outputs + c);
    }
  }
}

template <int Rows, int Vectors>
void stem_pixels(const StemRow& row, Index x, Index channel, const float* kernels,
                 SumVectors* panel_sums) {
  Vector values[Rows][Vectors];
  multiply(values, taps, TapAddress{row.input + x * row.step, row.input_stride}, row.step, kernels,
           kernels); // near already
  if (row.sums != nullptr) {
    store_and_sum(row, x, channel, values, panel_sums);
  } else {
    store_scaled(row, x, channel, values);
  }
}

template <int Vectors> void stem_panel(const StemRow& row, Index channel, const float* kernels) {
  SumVectors sums[Vectors];
  for (Index x = 0; x < row.width; x += kernel_rows) {
    with_rows<kernel_rows>(HWY_MIN(row.width - x, Index{kernel_rows}), [&]<int Rows>() {
      stem_pixels<Rows, Vectors>(row, x, channel, kernels, sums);
    });
  }
  for (int v = 0; v < Vectors && row.sums != nullptr; ++v) {
    sums[v].store(row.sums + channel + v * lanes, row.outputs);
  }
}

void RunStemRow(const StemRow& row) {
  for (Index channel = 0; channel < row.outputs; channel += panel_lanes) {
    const float* const kernels = row.kernels + channel * taps;
    if (row.outputs - channel >= panel_lanes) {
      stem_panel<panel_vectors>(row, channel, kernels);
    } else {
      stem_panel<1>(row, channel, kernels);
    }
  }
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lmc::engine::cpu {

HWY_EXPORT(RunStemRow);

void run_stem_row(const StemRow& row) {
  HWY_DYNAMIC_DISPATCH(RunStemRow)(row);
}

} // namespace lmc::engine::cpu
#endif
