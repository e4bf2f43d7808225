// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/generator_engine.hpp"

#include "engine/cpu/padding.hpp"

#include <algorithm>

namespace lmc::engine::cpu {

namespace {

constexpr Index decoder_count = 4;

// Norms in the order of computation: stem, two down, two a block, the first deconvolutions as one,
// the second ones of each decoder.
constexpr std::size_t first_block_norm = 3;

TileConv conv(ConvKind kind, std::span<const float> weight, Index outputs, Index inputs,
              Team& team) {
  return TileConv{{kind, padded_channels(inputs), padded_channels(outputs)},
                  padded_weight(weight, {.outputs = outputs, .inputs = inputs}),
                  team};
}

std::vector<TileConv> down_convs(const GeneratorWeights& w, Team& team) {
  std::vector<TileConv> convs;
  convs.push_back(conv(ConvKind::stride_two, w.down[0], 2 * w.filters, w.filters, team));
  convs.push_back(conv(ConvKind::stride_two, w.down[1], 4 * w.filters, 2 * w.filters, team));
  return convs;
}

std::vector<TileConv> block_convs(const GeneratorWeights& w, Team& team) {
  std::vector<TileConv> convs;
  for (const std::span<const float> weight : w.blocks) {
    convs.push_back(conv(ConvKind::same, weight, 4 * w.filters, 4 * w.filters, team));
  }
  return convs;
}

/// The decoders' first deconvolutions read the same trunk: one convolution with all their outputs.
std::vector<TileConv> first_deconvs(const GeneratorWeights& w, Team& team) {
  std::vector<float> all;
  const WeightShape shape{.outputs = 2 * w.filters, .inputs = 4 * w.filters};
  for (const DecoderWeights& decoder : w.decoders) {
    const std::vector<float> one = padded_transposed_weight(decoder.first, shape);
    all.insert(all.end(), one.begin(), one.end());
  }
  std::vector<TileConv> convs;
  convs.emplace_back(ConvSizes{ConvKind::transposed, padded_channels(shape.inputs),
                               decoder_count * padded_channels(shape.outputs)},
                     all, team);
  return convs;
}

std::vector<TileConv> second_deconvs(const GeneratorWeights& w, Team& team) {
  const WeightShape shape{.outputs = w.filters, .inputs = 2 * w.filters};
  std::vector<TileConv> convs;
  for (const DecoderWeights& decoder : w.decoders) {
    convs.emplace_back(ConvSizes{ConvKind::transposed, padded_channels(shape.inputs),
                                 padded_channels(shape.outputs)},
                       padded_transposed_weight(decoder.second, shape), team);
  }
  return convs;
}

std::vector<Head> heads_of(const GeneratorWeights& w) {
  std::vector<Head> heads;
  for (const DecoderWeights& decoder : w.decoders) {
    heads.emplace_back(padded_channels(w.filters), padded_kernels(decoder.head, w.filters, taps),
                       decoder.head_bias);
  }
  return heads;
}

/// Parameters in the order of computation; of nothing for instance norms.
std::vector<NormParameters> norm_parameters(const GeneratorWeights& w) {
  const std::size_t blocks = first_block_norm + w.blocks.size();
  std::vector<NormParameters> norms(blocks + 1 + decoder_count);
  if (w.batch_norms.empty()) {
    return norms;
  }
  const std::span<const NormParameters> given{w.batch_norms};
  std::copy_n(given.begin(), blocks, norms.begin());
  std::vector<NormParameters> firsts;
  for (std::size_t decoder = 0; decoder < decoder_count; ++decoder) {
    firsts.push_back(given[blocks + 2 * decoder]);
    norms[blocks + 1 + decoder] = given[blocks + 2 * decoder + 1];
  }
  norms[blocks] = concatenated(firsts, 2 * w.filters);
  return norms;
}

Source normalised(const Buffer& pixels, Index stride, const ChannelNorm& norm) {
  return {.pixels = pixels.data(),
          .stride = stride,
          .mean = norm.mean.data(),
          .factor = norm.factor.data(),
          .shift = norm.shift.data(),
          .relu = true};
}

/// Channels from `first` on.
Source sliced(Source source, Index first) {
  source.pixels += first;
  source.mean += first;
  source.factor += first;
  source.shift += first;
  return source;
}

Size halved(Size size) {
  return {size.height / 2, size.width / 2};
}

} // namespace

struct GeneratorEngine::Plan {
  Plan(const GeneratorEngine& engine, Size window)
      : size{window}, down{TilePlan{engine.down_[0].sizes(), window},
                           TilePlan{engine.down_[1].sizes(), halved(window)}},
        same{{ConvKind::same, engine.widths_.quarter, engine.widths_.quarter},
             halved(halved(window))},
        first_deconv{engine.first_deconv_[0].sizes(), halved(halved(window))},
        second_deconv{engine.second_deconv_[0].sizes(), halved(window)},
        full{window.pixels() * engine.widths_.full}, half{halved(window).pixels() * decoder_count *
                                                          engine.widths_.half} {
    const Widths& widths = engine.widths_;
    for (Buffer* const buffer : {&raw, &hidden, &trunk[0], &trunk[1]}) {
      *buffer = Buffer{same.input.pixels() * widths.quarter};
    }
    norms.emplace_back(widths.full);
    norms.emplace_back(widths.half);
    for (std::size_t i = 0; i < 1 + engine.blocks_.size(); ++i) {
      norms.emplace_back(widths.quarter);
    }
    norms.emplace_back(decoder_count * widths.half);
    for (Index decoder = 0; decoder < decoder_count; ++decoder) {
      norms.emplace_back(widths.full);
    }
  }

  Size size;
  std::array<TilePlan, 2> down;
  TilePlan same;
  TilePlan first_deconv;
  TilePlan second_deconv;
  Buffer full;   ///< stem, later the second deconvolution of one decoder after the other
  Buffer half;   ///< first down convolution, later the first deconvolutions
  Buffer raw;    ///< second down convolution, later the second one of each block
  Buffer hidden; ///< the first one of each block
  std::array<Buffer, 2> trunk;    ///< input of a block and of the next one
  std::vector<ChannelNorm> norms; ///< in the order of computation
  Buffer padded;                  ///< the window with its border
};

GeneratorEngine::GeneratorEngine(const GeneratorWeights& w, Team& team)
    : widths_{w.filters}, parameters_{norm_parameters(w)},
      stem_{widths_.full, padded_kernels(w.stem, w.filters, taps)}, down_{down_convs(w, team)},
      blocks_{block_convs(w, team)}, first_deconv_{first_deconvs(w, team)},
      second_deconv_{second_deconvs(w, team)}, heads_{heads_of(w)} {}

GeneratorEngine::~GeneratorEngine() = default;

void GeneratorEngine::run(const float* window, Size size, const SteeredNorms& steered,
                          float* result, Team& team) {
  if (plan_ == nullptr || !(plan_->size == size)) {
    plan_ = std::make_unique<Plan>(*this, size);
  }
  encode(window, steered, team);
  decode(residual_blocks(team), result, team);
}

void GeneratorEngine::finish_norm(std::size_t layer, const NormParameters& steered) {
  const NormParameters& own = parameters_[layer];
  workspace_.sums.finish(plan_->norms[layer], own.mean.empty() ? steered : own);
}

void GeneratorEngine::encode(const float* window, const SteeredNorms& steered, Team& team) {
  Plan& p = *plan_;
  const bool centred = parameters_[0].mean.empty();
  stem_.run(window, p.size, centred, p.full.data(), p.padded, workspace_.sums, team);
  finish_norm(0, steered[0]);
  down_[0].run(p.down[0], normalised(p.full, widths_.full, p.norms[0]), p.half.data(), workspace_,
               team);
  finish_norm(1, steered[1]);
  down_[1].run(p.down[1], normalised(p.half, widths_.half, p.norms[1]), p.raw.data(), workspace_,
               team);
  finish_norm(2, steered[2]);
}

// x <- x + norm(conv(relu(norm(conv(x))))). The sum is formed where the next convolution reads it,
// which also stores it: as the residual of the block after that.
Source GeneratorEngine::residual_blocks(Team& team) {
  Plan& p = *plan_;
  Source x = normalised(p.raw, widths_.quarter, p.norms[2]);
  for (std::size_t i = 0; i < blocks_.size(); i += 2) {
    Buffer& input = p.trunk[i / 2 % 2];
    x.store = input.data();
    blocks_[i].run(p.same, x, p.hidden.data(), workspace_, team);
    finish_norm(first_block_norm + i);
    blocks_[i + 1].run(p.same, normalised(p.hidden, widths_.quarter, p.norms[first_block_norm + i]),
                       p.raw.data(), workspace_, team);
    finish_norm(first_block_norm + i + 1);
    x = normalised(p.raw, widths_.quarter, p.norms[first_block_norm + i + 1]);
    x.relu = false;
    x.residual = input.data();
  }
  return x;
}

void GeneratorEngine::decode(const Source& trunk, float* result, Team& team) {
  Plan& p = *plan_;
  const std::size_t first = first_block_norm + blocks_.size();
  first_deconv_[0].run(p.first_deconv, trunk, p.half.data(), workspace_, team);
  finish_norm(first);
  const Source halves = normalised(p.half, decoder_count * widths_.half, p.norms[first]);
  for (std::size_t i = 0; i < decoder_count; ++i) {
    second_deconv_[i].run(p.second_deconv, sliced(halves, static_cast<Index>(i) * widths_.half),
                          p.full.data(), workspace_, team);
    finish_norm(first + 1 + i);
    workspace_.reserve(team.size(), head_scratch_floats(widths_.full));
    heads_[i].run(normalised(p.full, widths_.full, p.norms[first + 1 + i]), p.size,
                  result + static_cast<Index>(i) * p.size.pixels(), workspace_.scratch, team);
  }
}

std::uint64_t GeneratorEngine::bytes(Size size, int members) const {
  const Index activations = size.pixels() * widths_.full +
                            size.pixels() / 4 * decoder_count * widths_.half +
                            size.pixels() / 4 * widths_.quarter;
  const TilePlan widest{first_deconv_[0].sizes(), halved(halved(size))};
  return static_cast<std::uint64_t>(activations + members * widest.scratch_floats) * sizeof(float);
}

} // namespace lmc::engine::cpu
