// SPDX-License-Identifier: Apache-2.0
// Samples to transformed samples (norm on load), products to outputs (sums on store).
// Included once per instruction set (Highway's foreach_target).

#if defined(LMC_ENGINE_TILE_TRANSFORM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef LMC_ENGINE_TILE_TRANSFORM_INL
#undef LMC_ENGINE_TILE_TRANSFORM_INL
#else
#define LMC_ENGINE_TILE_TRANSFORM_INL
#endif

#include "engine/cpu/layers/micro_kernel-inl.hpp"
#include "engine/cpu/layers/norm_vectors-inl.hpp"
#include "engine/cpu/layers/sum_vectors-inl.hpp"
#include "engine/cpu/winograd/transform_matrices.hpp"
#include "engine/cpu/winograd/winograd_block.hpp"

#include <cfloat>
#include <cstddef>
#include <type_traits>

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
template <bool Norm, bool Relu, bool Residual, bool Store> struct LoadRule {
  static constexpr bool norm = Norm;
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

  TileSamples(const WinogradBlock& b, const SampleMap& map, Index tile) {
    const Index y = tile / b.tiles_across;
    const Index x = tile % b.tiles_across;
    for (std::size_t i = 0; i < count; ++i) {
      const Index row = map.rows[y * static_cast<Index>(side) + static_cast<Index>(i / side)];
      const Index column = map.columns[x * static_cast<Index>(side) + static_cast<Index>(i % side)];
      pixel[i] = row < 0 || column < 0 ? -1 : row * map.width + column;
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
HWY_INLINE void load_samples(const Source& source, const TileSamples<Kind>& samples, Index channel,
                             Vector* HWY_RESTRICT values) {
  const Floats d;
  const std::conditional_t<Rule::norm, NormVectors, NoNorm> norm{source, channel};
  for (std::size_t i = 0; i < samples.count; ++i) {
    const Index pixel = samples.pixel[i];
    if (pixel < 0) {
      values[i] = hn::Zero(d);
      continue;
    }
    Vector value = norm.template apply<Rule::relu>(
        hn::LoadU(d, source.pixels + pixel * source.stride + channel));
    if constexpr (Rule::residual) {
      value = hn::Add(value, hn::LoadU(d, source.residual + pixel * source.channels + channel));
    }
    if constexpr (Rule::store) {
      if (samples.owned[i]) {
        hn::Store(value, d, source.store + pixel * source.channels + channel);
      }
    }
    values[i] = value;
  }
}

/// Asks for the cache lines that load_samples() touches. A tile's pixels lie in many rows, too many
/// for the processor to foresee. ms of the convolutions of a residual block (256 channels, 128x128)
/// without and with it on one thread of an Intel Xeon with AVX-512: 46.5 and 43.2, 41.2 and 39.0.
/// Two or four lines ahead instead of one: 44.2, 39.4.
template <class Rule, class Kind>
HWY_INLINE void fetch_samples(const Source& source, const TileSamples<Kind>& samples,
                              Index channel) {
  for (std::size_t i = 0; i < samples.count; ++i) {
    const Index pixel = HWY_MAX(samples.pixel[i], Index{0});
    fetch_soon(source.pixels + pixel * source.stride + channel);
    if constexpr (Rule::residual) {
      fetch_soon(source.residual + pixel * source.channels + channel);
    }
    if constexpr (Rule::store) {
      if (samples.owned[i]) {
        fetch_soon(source.store + pixel * source.channels + channel);
      }
    }
  }
}

/// Some channels of a source, or none, and where they go in the scratch.
struct SourceChannels {
  const Source& source;
  Index first;
  Index count;
  float* target;
  ScratchLayout layout;
};

/// V[p][tile][channel] = (B^T d B)[p] for every tile of the block.
template <class Kind, class Rule>
void transform_inputs(const WinogradBlock& b, const SampleMap& map,
                      const SourceChannels& channels) {
  using A = Axis<Kind>;
  const Floats d;
  if (channels.count == 0) {
    return;
  }
  TileSamples<Kind> samples{b, map, b.first_tile};
  for (Index tile = 0; tile < b.tiles; ++tile) {
    const TileSamples<Kind> next{b, map, b.first_tile + HWY_MIN(tile + 1, b.tiles - 1)};
    for (Index channel = 0; channel < channels.count; channel += lanes) {
      if (channel % line_floats == 0) {
        const Index ahead = channel + line_floats;
        ahead < channels.count
            ? fetch_samples<Rule>(channels.source, samples, channels.first + ahead)
            : fetch_samples<Rule>(channels.source, next, channels.first);
      }
      Vector values[A::samples * A::samples];
      load_samples<Kind, Rule>(channels.source, samples, channels.first + channel, values);
      Vector half[A::products * A::samples];
      for (std::size_t column = 0; column < A::samples; ++column) {
        transform<Axis<Kind>::input, A::samples, A::samples>(values + column, half + column);
      }
      float* out = channels.target + tile * channels.layout.row + channel;
      for (std::size_t row = 0; row < A::products; ++row) {
        Vector done[A::products];
        transform<Axis<Kind>::input, 1, 1>(half + row * A::samples, done);
        for (std::size_t p = 0; p < A::products; ++p, out += channels.layout.plane) {
          hn::Store(done[p], d, out);
        }
      }
    }
    samples = next;
  }
}

/// Sums on store, for the instance norm behind the convolution: those of a block, tile by tile.
struct SumOnStore {
  SumVectors sums;
  bool started = false;

  /// @param first whether these are the block's first outputs
  HWY_INLINE SumOnStore(const WinogradBlock& b, Index channel, bool first) : started{!first} {
    if (started && b.sums != nullptr) {
      sums.load(b.sums + channel, b.sizes.outputs);
    }
  }
  HWY_INLINE Vector value(Vector x) {
    sums.add(x);
    return x;
  }
  HWY_INLINE void start(Vector x) {
    if (!started) {
      sums.pivot = x;
    }
  }
  HWY_INLINE void finish(const WinogradBlock& b, Index channel) const {
    if (b.sums != nullptr) {
      sums.store(b.sums + channel, b.sizes.outputs);
    }
  }
};

/// Bias and ReLU on store.
struct BiasOnStore {
  Vector bias;
  Vector least;

  HWY_INLINE BiasOnStore(const WinogradBlock& b, Index channel, bool)
      : bias{hn::LoadU(Floats{}, b.bias + channel)}, least{hn::Set(Floats{},
                                                                   b.relu ? 0.0F : -FLT_MAX)} {}
  HWY_INLINE Vector value(Vector x) const { return hn::Max(hn::Add(x, bias), least); }
  HWY_INLINE void start(Vector) const {}
  HWY_INLINE void finish(const WinogradBlock&, Index) const {}
};

/// The outputs of a tile that lie inside the image.
template <class Kind> struct TileOutputs {
  static constexpr auto side = static_cast<Index>(Axis<Kind>::outputs);
  Index rows;
  Index columns;
  Index stride; ///< floats from pixel to pixel
  Index row_stride;
  float* first; ///< channel 0 of the first pixel

  TileOutputs(const WinogradBlock& b, Index tile)
      : stride{b.sizes.outputs}, row_stride{b.output.width * stride} {
    const Index y = tile / b.tiles_across * side;
    const Index x = tile % b.tiles_across * side;
    rows = HWY_MIN(side, b.output.height - y);
    columns = HWY_MIN(side, b.output.width - x);
    first = b.result + y * row_stride + x * stride;
  }

  /// Asks for the cache lines of a channel, which are about to be written. ms of the same
  /// convolutions as above without and with it: 48.0 and 46.7, 42.0 and 41.0; 237 and 206 of the
  /// first deconvolutions.
  HWY_INLINE void fetch(Index channel) const {
    for (Index row = 0; row < rows; ++row) {
      for (Index column = 0; column < columns; ++column) {
        fetch_soon(first + row * row_stride + column * stride + channel);
      }
    }
  }
};

/// Writes the outputs of a tile that lie inside the image.
template <class Kind, class OnStore>
HWY_INLINE void store_outputs(const TileOutputs<Kind>& outputs, Index channel, const Vector* values,
                              OnStore& on_store) {
  on_store.start(values[0]);
  for (Index row = 0; row < outputs.rows; ++row) {
    float* out = outputs.first + row * outputs.row_stride + channel;
    for (Index column = 0; column < outputs.columns; ++column, out += outputs.stride) {
      hn::Store(on_store.value(values[row * outputs.side + column]), Floats{}, out);
    }
  }
}

/// Y = A^T M A of one tile and as many channels as a vector has.
template <class Kind>
HWY_INLINE void transform_output(const float* products, Index plane, Vector* outputs) {
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
  for (std::size_t row = 0; row < A::outputs; ++row) {
    transform<Axis<Kind>::output, 1, 1>(half + row * A::products, outputs + row * A::outputs);
  }
}

/// The outputs of a chunk of channels, for every tile of the block. All channels of a pixel are
/// written one after the other, as they lie in memory.
/// @param products M[p][tile][channel of the chunk]
template <class Kind, class OnStore>
void transform_outputs(const WinogradBlock& b, const float* products, Index first_channel,
                       Index channels) {
  const ScratchLayout m{b.chunk_channels, b.capacity};
  TileOutputs<Kind> outputs{b, b.first_tile};
  for (Index tile = 0; tile < b.tiles; ++tile) {
    const TileOutputs<Kind> next{b, b.first_tile + HWY_MIN(tile + 1, b.tiles - 1)};
    for (Index c = 0; c < channels; c += lanes) {
      const Index channel = first_channel + c;
      next.fetch(channel);
      Vector values[Axis<Kind>::outputs * Axis<Kind>::outputs];
      transform_output<Kind>(products + c + tile * m.row, m.plane, values);
      OnStore on_store{b, channel, tile == 0};
      store_outputs<Kind>(outputs, channel, values, on_store);
      on_store.finish(b, channel);
    }
    outputs = next;
  }
}

} // namespace lmc::engine::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
