// SPDX-License-Identifier: Apache-2.0
// Samples to transformed samples (norm on load), products to outputs (sums on store).
// Included once per instruction set (Highway's foreach_target).

#if defined(LMC_ENGINE_TILE_TRANSFORM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LMC_ENGINE_TILE_TRANSFORM_INL
#undef LMC_ENGINE_TILE_TRANSFORM_INL
#else
#define LMC_ENGINE_TILE_TRANSFORM_INL
#endif

#include "engine/cpu/micro_kernel-inl.hpp"
#include "engine/cpu/norm_vectors-inl.hpp"
#include "engine/cpu/sum_vectors-inl.hpp"
#include "engine/cpu/tile_block.hpp"
#include "engine/cpu/transform_matrices.hpp"

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace lmc::engine::cpu::HWY_NAMESPACE {

/// sum + (row `Row` of the matrix, from column `Column`) times values[column * Stride].
template <const auto& matrix, std::size_t Row, std::size_t Stride, std::size_t Column = 0,
          bool Started = false>
HWY_INLINE Vector combine(const Vector* values, Vector sum) {
  const Floats d;
  if constexpr (Column == matrix[Row].size()) {
    return sum;
  } else {
    constexpr auto c = static_cast<float>(matrix[Row][Column]);
    // A zero of the construction may come out as a rounding error.
    constexpr bool is_zero = c < 1e-6F && c > -1e-6F;
    const Vector& value = values[Column * Stride];
    if constexpr (!is_zero && !Started) {
      if constexpr (c == 1.0F) {
        sum = value;
      } else {
        sum = hn::Mul(hn::Set(d, c), value);
      }
    } else if constexpr (!is_zero && c == 1.0F) {
      sum = hn::Add(sum, value);
    } else if constexpr (!is_zero) {
      sum = hn::MulAdd(hn::Set(d, c), value, sum);
    }
    return combine < matrix, Row, Stride, Column + 1, Started || !is_zero > (values, sum);
  }
}

/// results[row * ResultStride] = matrix times values[column * Stride].
template <const auto& matrix, std::size_t Stride, std::size_t ResultStride, std::size_t Row = 0>
HWY_INLINE void transform(const Vector* values, Vector* results) {
  if constexpr (Row < matrix.size()) {
    results[Row * ResultStride] = combine<matrix, Row, Stride>(values, hn::Zero(Floats{}));
    transform<matrix, Stride, ResultStride, Row + 1>(values, results);
  }
}

/// The matrices of a kind as objects that a template can take.
template <class Kind> struct Axis {
  static constexpr auto input = Kind::axis.input;
  static constexpr auto output = Kind::axis.output;
  static constexpr std::size_t samples = input[0].size();
  static constexpr std::size_t products = input.size();
  static constexpr std::size_t outputs = output.size();
};

/// How samples become values; constants, so that the inner loop has no branches.
template <bool Relu, bool Residual, bool Store> struct LoadRule {
  static constexpr bool relu = Relu;
  static constexpr bool residual = Residual;
  static constexpr bool store = Store;
};

/// Where the samples of one tile lie.
template <class Kind> struct TileSamples {
  static constexpr std::size_t side = Axis<Kind>::samples;
  static constexpr std::size_t count = side * side;
  Index pixel[count]; ///< index of the pixel, -1 for zero
  bool owned[count];  ///< inside the tile's own step x step pixels: this tile stores it

  TileSamples(const TileBlock& b, Index tile) {
    const Index y = tile / b.tiles_across;
    const Index x = tile % b.tiles_across;
    for (std::size_t i = 0; i < count; ++i) {
      const Index row = b.rows[y * static_cast<Index>(side) + static_cast<Index>(i / side)];
      const Index column = b.columns[x * static_cast<Index>(side) + static_cast<Index>(i % side)];
      pixel[i] = row < 0 || column < 0 ? -1 : row * b.input.width + column;
      owned[i] = owns(y, i / side, row) && owns(x, i % side, column);
    }
  }

private:
  /// False also for reflections: the mirrored pixel is another sample.
  static bool owns(Index tile, std::size_t sample, Index position) {
    const Index within = static_cast<Index>(sample) + Kind::first;
    constexpr auto step = static_cast<Index>(Kind::step);
    return within >= 0 && within < step && position == tile * step + within;
  }
};

template <class Kind, class Rule>
HWY_INLINE void load_samples(const TileBlock& b, const TileSamples<Kind>& samples, Index channel,
                             Vector* HWY_RESTRICT values) {
  const Floats d;
  const NormVectors norm{b.source, channel};
  for (std::size_t i = 0; i < samples.count; ++i) {
    const Index pixel = samples.pixel[i];
    if (pixel < 0) {
      values[i] = hn::Zero(d);
      continue;
    }
    Vector value = norm.template apply<Rule::relu>(
        hn::LoadU(d, b.source.pixels + pixel * b.source.stride + channel));
    if constexpr (Rule::residual) {
      value = hn::Add(value, hn::LoadU(d, b.source.residual + pixel * b.inputs + channel));
    }
    if constexpr (Rule::store) {
      if (samples.owned[i]) {
        hn::Store(value, d, b.source.store + pixel * b.inputs + channel);
      }
    }
    values[i] = value;
  }
}

/// V[p][tile][channel] = (B^T d B)[p] for every tile of the block.
template <class Kind, class Rule> void transform_inputs(const TileBlock& b) {
  using A = Axis<Kind>;
  const ScratchLayout v{b.inputs, b.capacity};
  const Floats d;
  for (Index tile = 0; tile < b.tiles; ++tile) {
    const TileSamples<Kind> samples{b, b.first_tile + tile};
    for (Index channel = 0; channel < b.inputs; channel += lanes) {
      Vector values[A::samples * A::samples];
      load_samples<Kind, Rule>(b, samples, channel, values);
      Vector half[A::products * A::samples];
      for (std::size_t column = 0; column < A::samples; ++column) {
        transform<Axis<Kind>::input, A::samples, A::samples>(values + column, half + column);
      }
      float* out = b.scratch + tile * v.row + channel;
      for (std::size_t row = 0; row < A::products; ++row) {
        Vector done[A::products];
        transform<Axis<Kind>::input, 1, 1>(half + row * A::samples, done);
        for (std::size_t p = 0; p < A::products; ++p, out += v.plane) {
          hn::Store(done[p], d, out);
        }
      }
    }
  }
}

/// Writes the outputs of a tile that lie inside the image and adds them to the sums.
template <class Kind, bool First>
HWY_INLINE void store_outputs(const TileBlock& b, Index tile, Index channel, const Vector* values,
                              SumVectors& sums) {
  constexpr auto side = static_cast<Index>(Axis<Kind>::outputs);
  const Index y = tile / b.tiles_across * side;
  const Index x = tile % b.tiles_across * side;
  const Index rows = HWY_MIN(side, b.output.height - y);
  const Index columns = HWY_MIN(side, b.output.width - x);
  if constexpr (First) {
    sums.pivot = values[0];
  }
  for (Index row = 0; row < rows; ++row) {
    float* out = b.result + ((y + row) * b.output.width + x) * b.outputs + channel;
    for (Index column = 0; column < columns; ++column, out += b.outputs) {
      const Vector value = values[row * side + column];
      hn::Store(value, Floats{}, out);
      sums.add(value);
    }
  }
}

template <class Kind, bool First>
HWY_INLINE void transform_output(const TileBlock& b, const float* products, Index plane, Index tile,
                                 Index channel, SumVectors& sums) {
  using A = Axis<Kind>;
  const Floats d;
  Vector half[A::outputs * A::products];
  for (std::size_t column = 0; column < A::products; ++column) {
    Vector values[A::products];
    for (std::size_t row = 0; row < A::products; ++row) {
      values[row] = hn::Load(d, products + static_cast<Index>(row * A::products + column) * plane);
    }
    transform<Axis<Kind>::output, 1, A::products>(values, half + column);
  }
  Vector outputs[A::outputs * A::outputs];
  for (std::size_t row = 0; row < A::outputs; ++row) {
    transform<Axis<Kind>::output, 1, 1>(half + row * A::products, outputs + row * A::outputs);
  }
  store_outputs<Kind, First>(b, tile, channel, outputs, sums);
}

/// Y = A^T M A of a group of channels, for every tile of the block.
/// @param products M[p][tile][channel of the group]
template <class Kind>
void transform_outputs(const TileBlock& b, const float* products, Index first_channel,
                       Index channels) {
  const ScratchLayout m{group_channels, b.capacity};
  for (Index c = 0; c < channels; c += lanes) {
    SumVectors sums;
    const Index channel = first_channel + c;
    transform_output<Kind, true>(b, products + c, m.plane, b.first_tile, channel, sums);
    for (Index tile = 1; tile < b.tiles; ++tile) {
      transform_output<Kind, false>(b, products + c + tile * m.row, m.plane, b.first_tile + tile,
                                    channel, sums);
    }
    if (b.sums != nullptr) {
      sums.store(b.sums + channel, b.outputs);
    }
  }
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
