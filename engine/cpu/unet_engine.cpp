// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/unet_engine.hpp"

#include "engine/cpu/padding.hpp"
#include "engine/cpu/unet_blocks.hpp"
#include "engine/cpu/unet_layers.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace lmc::engine::cpu {

namespace {

constexpr Index nine = 9; // taps
constexpr Index organelles = 4;

PointwiseConv pointwise(const NormedConv& conv, Index inputs, Index stride, Team& team) {
  const FoldedConv f = folded(conv, {&inputs, 1}, 1);
  return PointwiseConv{
      {padded_channels(inputs), std::ssize(f.bias), stride}, f.weight, f.bias, team};
}

TileConv grouped(const NormedConv& conv, Index groups, Index stride, Team& team) {
  const FoldedConv f = folded_groups(conv, groups);
  const Index channels = std::ssize(f.bias);
  return TileConv{{.kind = stride == 2 ? ConvKind::stride_two : ConvKind::same,
                   .inputs = channels,
                   .outputs = channels,
                   .groups = f.groups,
                   .border = Border::zero},
                  f.weight,
                  f.bias,
                  team};
}

TileConv dense(const NormedConv& conv, std::span<const Index> parts, Team& team) {
  const FoldedConv f = folded(conv, parts, nine);
  const Index inputs = std::ssize(f.weight) / nine / std::ssize(f.bias);
  return TileConv{{.kind = ConvKind::same,
                   .inputs = inputs,
                   .outputs = std::ssize(f.bias),
                   .border = Border::zero},
                  f.weight,
                  f.bias,
                  team};
}

Size divided(Size size, Index by) {
  return {size.height / by, size.width / by};
}

/// Stride of feature `i` of the encoder.
Index stride_of(std::size_t i) {
  return Index{2} << i;
}

Index stride_of_block(std::size_t stage, std::size_t block) {
  return stage > 0 && block == 0 ? 2 : 1;
}

Source plain(const Buffer& pixels, Index channels) {
  return {.pixels = pixels.data(), .stride = channels, .channels = channels};
}

} // namespace

struct UnetEngine::Floats {
  std::array<Index, unet_depth + 1> features{};
  Index pooled = 0;
  Index wide = 0; ///< inside of a bottleneck, later of a decoder block
  std::array<std::array<Index, unet_depth>, 2> dense{}; ///< of even and of odd columns, by row

  [[nodiscard]] Index sum() const {
    Index all = pooled + 2 * wide + std::accumulate(features.begin(), features.end(), Index{0});
    for (const auto& column : dense) {
      all = std::accumulate(column.begin(), column.end(), all);
    }
    return all;
  }
};

struct UnetEngine::Plan {
  struct Block {
    TilePlan conv1;
    TilePlan conv2;
  };

  Plan(const UnetEngine& engine, Size window)
      : size{window}, head{engine.head_[0].sizes(), window} {
    for (std::size_t stage = 0; stage < unet_depth; ++stage) {
      for (std::size_t i = 0; i < engine.stages_[stage].size(); ++i) {
        const Size output = divided(window, stride_of(stage + 1));
        const Index stride = stride_of_block(stage, i);
        grouped[stage].emplace_back(engine.stages_[stage][i].conv2.sizes(),
                                    Size{stride * output.height, stride * output.width});
      }
    }
    const auto add = [&](std::size_t index, Index stride) {
      const Size at = divided(window, stride);
      blocks.push_back(
          {{engine.decoder_[index].conv1.sizes(), at}, {engine.decoder_[index].conv2.sizes(), at}});
    };
    for_each_block([&](std::size_t index, std::size_t,
                       std::size_t column) { add(index, stride_of(unet_depth - 1 - column)); },
                   [] {});
    add(last_block, 1);
  }

  void make_buffers(const Floats& floats) {
    std::transform(floats.features.begin(), floats.features.end(), features.begin(),
                   [](Index count) { return Buffer{count}; });
    pooled = Buffer{floats.pooled};
    wide = {Buffer{floats.wide}, Buffer{floats.wide}};
    for (std::size_t parity = 0; parity < 2; ++parity) {
      std::transform(floats.dense[parity].begin(), floats.dense[parity].end(),
                     dense[parity].begin(), [](Index count) { return Buffer{count}; });
    }
  }

  Size size;
  std::array<std::vector<TilePlan>, unet_depth> grouped;
  std::vector<Block> blocks;
  TilePlan head;
  std::array<Buffer, unet_depth + 1> features; ///< each stage adds to its own in place
  Buffer pooled;
  std::array<Buffer, 2> wide;
  std::array<std::array<Buffer, unet_depth>, 2> dense;
  Buffer padded; ///< the window with its border
};

UnetEngine::UnetEngine(const UnetWeights& w, Team& team)
    : stem_{padded_channels(std::ssize(w.stem) / taps),
            padded_kernels(w.stem, std::ssize(w.stem) / taps, taps)},
      stem_channels_{padded_channels(std::ssize(w.stem) / taps)} {
  add_stages(w, team);
  add_decoder(w, team);
}

UnetEngine::~UnetEngine() = default;

void UnetEngine::add_stages(const UnetWeights& w, Team& team) {
  Index inputs = std::ssize(w.stem) / taps;
  for (std::size_t stage = 0; stage < unet_depth; ++stage) {
    for (const BottleneckWeights& b : w.stages[stage]) {
      const Index stride = stride_of_block(stage, stages_[stage].size());
      const Index width = b.conv1.outputs();
      stages_[stage].push_back(
          {.conv1 = pointwise(b.conv1, inputs, 1, team),
           .conv2 = grouped(b.conv2, w.groups, stride, team),
           .conv3 = pointwise(b.conv3, width, 1, team),
           .projection = b.projection
                             ? std::optional{pointwise(*b.projection, inputs, stride, team)}
                             : std::nullopt});
      inputs = b.conv3.outputs();
    }
  }
}

void UnetEngine::add_decoder(const UnetWeights& w, Team& team) {
  UnetItems<Index> channels;
  channels.features[0] = std::ssize(w.stem) / taps;
  for (std::size_t stage = 0; stage < unet_depth; ++stage) {
    channels.features[stage + 1] = w.stages[stage].back().conv3.outputs();
  }
  const auto add = [&](const UnetBlockWeights& block, std::span<const Index> parts) {
    const Index outputs = block.conv1.outputs();
    decoder_.push_back({dense(block.conv1, parts, team), dense(block.conv2, {&outputs, 1}, team)});
    return outputs;
  };
  for_each_block(
      [&](std::size_t index, std::size_t row, std::size_t column) {
        channels.current[row] = add(w.decoder.at(index), channels.inputs(row, column).span());
      },
      [&] { channels.previous = channels.current; });
  const Index outputs = add(w.decoder.at(last_block), {channels.previous.data(), 1});
  head_.push_back(dense(w.head, {&outputs, 1}, team));
}

UnetEngine::Floats UnetEngine::buffer_floats(Size size) const {
  const auto pixels = [size](Index stride) { return divided(size, stride).pixels(); };
  Floats floats;
  floats.features[0] = pixels(2) * stem_channels_;
  floats.pooled = pixels(4) * stem_channels_;
  for (std::size_t stage = 0; stage < unet_depth; ++stage) {
    const Index here = pixels(stride_of(stage + 1));
    floats.features[stage + 1] = here * stages_[stage][0].conv3.sizes().outputs;
    // The first block of a stage widens its input before it halves it.
    const Index before = stage > 0 ? 4 * here : here;
    floats.wide = std::max(floats.wide, before * stages_[stage][0].conv1.sizes().outputs);
  }
  for_each_block(
      [&](std::size_t index, std::size_t row, std::size_t column) {
        const Index count =
            pixels(stride_of(unet_depth - 1 - column)) * decoder_[index].conv2.sizes().outputs;
        Index& buffer = floats.dense[column % 2][row];
        buffer = std::max(buffer, count);
        floats.wide = std::max(floats.wide, count);
      },
      [] {});
  const Index last = decoder_[last_block].conv2.sizes().outputs;
  floats.wide = std::max({floats.wide, pixels(1) * last, pixels(1) * head_[0].sizes().outputs});
  floats.dense[0][0] = std::max(floats.dense[0][0], pixels(1) * last);
  return floats;
}

void UnetEngine::run(const float* window, Size size, const ChannelScale& stem_scale, float* result,
                     Team& team) {
  if (plan_ == nullptr || !(plan_->size == size)) {
    plan_.reset(); // before the new one is made, for the memory
    auto plan = std::make_unique<Plan>(*this, size);
    plan->make_buffers(buffer_floats(size));
    workspace_.reserve(team.size(), scratch_floats(*plan));
    plan_ = std::move(plan);
  }
  encode(window, stem_scale, team);
  decode(result, team);
}

void UnetEngine::encode(const float* window, const ChannelScale& stem_scale, Team& team) {
  Plan& p = *plan_;
  stem_.run_strided(window, p.size, stem_scale, p.features[0].data(), p.padded, team);
  max_pool(p.features[0].data(), divided(p.size, 2), stem_channels_, p.pooled.data(), team);
  for (std::size_t stage = 0; stage < unet_depth; ++stage) {
    for (std::size_t block = 0; block < stages_[stage].size(); ++block) {
      run_bottleneck(stage, block, team);
    }
  }
}

// relu(conv3(relu(conv2(relu(conv1(x))))) + x). The sum is formed in the place of x, in the first
// block of a stage in the place of the projected x.
void UnetEngine::run_bottleneck(std::size_t stage, std::size_t index, Team& team) {
  Plan& p = *plan_;
  const Bottleneck& b = stages_[stage][index];
  float* const result = p.features[stage + 1].data();
  const float* input = result;
  const TilePlan& plan = p.grouped[stage][index];
  if (b.projection) {
    input = stage == 0 ? p.pooled.data() : p.features[stage].data();
    b.projection->run(plan.input, {.input = input, .result = result}, Activation::none, workspace_,
                      team);
  }
  b.conv1.run(plan.input, {.input = input, .result = p.wide[0].data()}, Activation::relu,
              workspace_, team);
  const Source hidden = plain(p.wide[0], b.conv2.sizes().inputs);
  b.conv2.run(plan, {&hidden, 1}, Activation::relu, p.wide[1].data(), workspace_, team);
  b.conv3.run(plan.output, {.input = p.wide[1].data(), .residual = result, .result = result},
              Activation::relu, workspace_, team);
}

void UnetEngine::run_block(std::size_t index, std::span<const Source> sources, Buffer& result,
                           Team& team) {
  Plan& p = *plan_;
  const Block& block = decoder_[index];
  block.conv1.run(p.blocks[index].conv1, sources, Activation::relu, p.wide[0].data(), workspace_,
                  team);
  const Source hidden = plain(p.wide[0], block.conv2.sizes().inputs);
  block.conv2.run(p.blocks[index].conv2, {&hidden, 1}, Activation::relu, result.data(), workspace_,
                  team);
}

void UnetEngine::decode(float* result, Team& team) {
  Plan& p = *plan_;
  UnetItems<Source> sources;
  sources.features[0] = plain(p.features[0], stem_channels_);
  for (std::size_t stage = 0; stage < unet_depth; ++stage) {
    sources.features[stage + 1] =
        plain(p.features[stage + 1], stages_[stage][0].conv3.sizes().outputs);
  }
  for_each_block(
      [&](std::size_t index, std::size_t row, std::size_t column) {
        BlockInputs<Source> inputs = sources.inputs(row, column);
        inputs.items[0].doubled = true;
        Buffer& output = p.dense[column % 2][row];
        run_block(index, inputs.span(), output, team);
        sources.current[row] = plain(output, decoder_[index].conv2.sizes().outputs);
      },
      [&] { sources.previous = sources.current; });
  Source finest = sources.previous[0];
  finest.doubled = true;
  run_block(last_block, {&finest, 1}, p.dense[0][0], team);
  const Source features = plain(p.dense[0][0], head_[0].sizes().inputs);
  head_[0].run(p.head, {&features, 1}, Activation::none, p.wide[0].data(), workspace_, team);
  tanh_planes(
      p.wide[0].data(),
      {.pixels = p.size.pixels(), .channels = head_[0].sizes().outputs, .planes = organelles},
      result, team);
}

Index UnetEngine::scratch_floats(const Plan& plan) const {
  Index most = plan.head.scratch_floats;
  for (std::size_t stage = 0; stage < unet_depth; ++stage) {
    for (std::size_t i = 0; i < stages_[stage].size(); ++i) {
      const TilePlan& tiles = plan.grouped[stage][i];
      const Bottleneck& b = stages_[stage][i];
      most = std::max({most, tiles.scratch_floats, b.conv1.scratch_floats(tiles.input),
                       b.conv3.scratch_floats(tiles.output)});
    }
  }
  for (const Plan::Block& block : plan.blocks) {
    most = std::max({most, block.conv1.scratch_floats, block.conv2.scratch_floats});
  }
  return most;
}

std::uint64_t UnetEngine::bytes(Size size, int members) const {
  const Plan tables{*this, size};
  const Index floats = buffer_floats(size).sum() + members * scratch_floats(tables);
  return static_cast<std::uint64_t>(floats) * sizeof(float);
}

} // namespace lmc::engine::cpu
