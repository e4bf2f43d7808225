// SPDX-License-Identifier: Apache-2.0
// Times the CPU engine's convolutions one by one on one thread, as they are in the full-size
// networks: what chose the constants in engine/cpu.

#include "bench/instruction_set.hpp"
#include "bench/peer_protocol.hpp"
#include "engine/cpu/layers/head.hpp"
#include "engine/cpu/layers/pointwise.hpp"
#include "engine/cpu/layers/stem.hpp"
#include "engine/cpu/winograd/winograd_conv.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace lmc::engine::cpu;
using lmc::engine::Activation;

struct Options {
  int rounds = 5;
  std::string only;
  std::string instruction_set;
};

Buffer random_values(Index count, float scale = 1) {
  static std::mt19937 generator{1};
  std::uniform_real_distribution<float> value{-scale, scale};
  Buffer buffer{count};
  std::generate_n(buffer.data(), count, [&] { return value(generator); });
  return buffer;
}

std::vector<float> random_weights(Index count) {
  const Buffer values = random_values(count, 0.1F);
  return {values.data(), values.data() + count};
}

class Bench {
public:
  explicit Bench(const Options& options) : options_{options} {}

  /// @param multiplications as the layer is computed
  void time(const std::string& name, double multiplications, const std::function<void()>& run) {
    std::vector<double> times;
    for (int round = 0; round <= options_.rounds; ++round) {
      const double start = lmc::bench::cpu_milliseconds();
      run();
      times.push_back(lmc::bench::cpu_milliseconds() - start);
    }
    std::sort(times.begin() + 1, times.end()); // the first one warms up
    const double median = times[times.size() / 2];
    fmt::print("{:<58}{:9.2f} ms{:9.2f} ms at least{:8.1f} Gflop/s\n", name, median, times[1],
               2e-6 * multiplications / times[1]);
    std::fflush(stdout);
  }

  [[nodiscard]] bool wants(const std::string& name) const {
    return name.find(options_.only) != std::string::npos;
  }

private:
  const Options& options_;
};

enum class Reading { plain, norm_relu, residual, residual_store };

struct Layer {
  std::string name;
  ConvSizes sizes;
  Size size;
  Reading reading = Reading::plain;
  Index stride = 0;    ///< floats from pixel to pixel of the input; 0: its channels
  double products = 0; ///< for one output
};

void time_tiles(Bench& bench, const Layer& layer) {
  if (!bench.wants(layer.name)) {
    return;
  }
  SerialTeam team;
  const ConvSizes& s = layer.sizes;
  const Index stride = layer.stride > 0 ? layer.stride : s.inputs;
  const std::vector<float> bias = random_weights(layer.reading == Reading::plain ? s.outputs : 0);
  const WinogradConv conv{s, random_weights(s.outputs * s.group_inputs() * 9), bias, team};
  const WinogradPlan plan{s, layer.size};
  const Buffer pixels = random_values(layer.size.pixels() * stride);
  const Buffer residual = random_values(layer.size.pixels() * s.inputs);
  const Buffer norm = random_values(s.inputs);
  Buffer store{layer.size.pixels() * s.inputs};
  Buffer result{plan.output.pixels() * s.outputs};
  Source source{.pixels = pixels.data(), .stride = stride, .channels = s.inputs};
  if (layer.reading != Reading::plain) {
    source.mean = source.factor = source.shift = norm.data();
    source.relu = layer.reading == Reading::norm_relu;
  }
  if (layer.reading == Reading::residual || layer.reading == Reading::residual_store) {
    source.residual = residual.data();
  }
  if (layer.reading == Reading::residual_store) {
    source.store = store.data();
  }
  Workspace workspace;
  bench.time(layer.name,
             layer.products *
                 static_cast<double>(plan.output.pixels() * s.outputs * s.group_inputs()),
             [&] {
               if (bias.empty()) {
                 conv.run(layer.size, source, result.data(), workspace, team);
               } else {
                 conv.run(layer.size, std::span{&source, 1}, Activation::relu, result.data(),
                          workspace, team);
               }
             });
}

void time_pointwise(Bench& bench, const PointwiseSizes& sizes, Size size) {
  const std::string name =
      fmt::format("1x1, {} to {}, {} x {}", sizes.inputs, sizes.outputs, size.height, size.width);
  if (!bench.wants(name)) {
    return;
  }
  SerialTeam team;
  const PointwiseConv conv{sizes, random_weights(sizes.outputs * sizes.inputs),
                           random_weights(sizes.outputs), team};
  const Buffer input = random_values(size.pixels() * sizes.inputs);
  Buffer result{size.pixels() * sizes.outputs};
  Workspace workspace;
  bench.time(name, static_cast<double>(size.pixels() * sizes.inputs * sizes.outputs), [&] {
    conv.run(size, {.input = input.data(), .residual = nullptr, .result = result.data()},
             Activation::relu, workspace, team);
  });
}

void time_stem_and_head(Bench& bench) {
  constexpr Size size{512, 512};
  constexpr Index channels = 64;
  SerialTeam team;
  const Buffer window = random_values(size.pixels());
  const Buffer norm = random_values(channels);
  Buffer activation = random_values(size.pixels() * channels);
  const auto multiplications = static_cast<double>(size.pixels() * channels * taps);
  if (bench.wants("stem")) {
    const Stem stem{channels, random_weights(channels * taps)};
    Buffer padded;
    BlockSums sums;
    bench.time("stem, 7x7, 1 to 64, 512 x 512", multiplications,
               [&] { stem.run(window.data(), size, true, activation.data(), padded, sums, team); });
  }
  if (bench.wants("head")) {
    const Head head{channels, random_weights(channels * taps), 0};
    const Source source{.pixels = activation.data(),
                        .stride = channels,
                        .channels = channels,
                        .mean = norm.data(),
                        .factor = norm.data(),
                        .shift = norm.data(),
                        .relu = true};
    Buffer result{size.pixels()};
    std::vector<Buffer> scratch;
    scratch.emplace_back(head_scratch_floats(channels));
    bench.time("head, 7x7, 64 to 1, 512 x 512", multiplications,
               [&] { head.run(source, size, result.data(), scratch, team); });
  }
}

constexpr Size full{512, 512};
constexpr Size half{256, 256};
constexpr Size quarter{128, 128};

// Products of one output.
constexpr double same = 36.0 / 16;
constexpr double stride_two = 81.0 / 16;
constexpr double transposed = 81.0 / 64;

std::vector<Layer> generator_layers() {
  return {{.name = "down, 64 to 128, 512 x 512",
           .sizes = {ConvKind::stride_two, 64, 128},
           .size = full,
           .reading = Reading::norm_relu,
           .products = stride_two},
          {.name = "down, 128 to 256, 256 x 256",
           .sizes = {ConvKind::stride_two, 128, 256},
           .size = half,
           .reading = Reading::norm_relu,
           .products = stride_two},
          {.name = "block's first, 256 to 256, 128 x 128",
           .sizes = {ConvKind::same, 256, 256},
           .size = quarter,
           .reading = Reading::residual_store,
           .products = same},
          {.name = "block's second, 256 to 256, 128 x 128",
           .sizes = {ConvKind::same, 256, 256},
           .size = quarter,
           .reading = Reading::norm_relu,
           .products = same},
          {.name = "up, 256 to 4 x 128, 128 x 128",
           .sizes = {ConvKind::transposed, 256, 512},
           .size = quarter,
           .reading = Reading::residual,
           .products = transposed},
          {.name = "up, 128 to 64, 256 x 256",
           .sizes = {ConvKind::transposed, 128, 64},
           .size = half,
           .reading = Reading::norm_relu,
           .stride = 512,
           .products = transposed},
          {.name = "demo's block, 64 to 64, 128 x 128",
           .sizes = {ConvKind::same, 64, 64},
           .size = quarter,
           .reading = Reading::residual_store,
           .products = same}};
}

Layer unet_layer(Index inputs, Index outputs, Index groups, Index side) {
  return {.name = fmt::format("3x3, {} to {} in {} groups, {} x {}", inputs, outputs, groups, side,
                              side),
          .sizes = {ConvKind::same, inputs, outputs, groups, Border::zero},
          .size = {side, side},
          .products = same};
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"Times the CPU engine's convolutions one by one on one thread"};
  Options options;
  program.add_option("--rounds", options.rounds, "of which the median is printed")
      ->check(CLI::PositiveNumber);
  program.add_option("--only", options.only, "Part of the names of the layers to time");
  program.add_option("--instruction-set", options.instruction_set, "AVX3, AVX2, SSE4");
  CLI11_PARSE(program, argc, argv);
  lmc::bench::restrict_instruction_sets(options.instruction_set);
  fmt::print("one thread, {}, processor time\n", instruction_set());
  Bench bench{options};
  time_stem_and_head(bench);
  for (const Layer& layer : generator_layers()) {
    time_tiles(bench, layer);
  }
  for (const Layer& layer : {unet_layer(1536, 512, 1, 64), unet_layer(3072, 256, 1, 32),
                             unet_layer(512, 512, 32, 128), unet_layer(1024, 1024, 32, 64),
                             unet_layer(2048, 2048, 32, 32), unet_layer(4096, 4096, 32, 16)}) {
    time_tiles(bench, layer);
  }
  time_pointwise(bench, {256, 512, 1}, {128, 128});
  time_pointwise(bench, {1024, 2048, 1}, {32, 32});
  time_pointwise(bench, {4096, 2048, 1}, {16, 16});
}
