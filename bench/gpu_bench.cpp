// SPDX-License-Identifier: Apache-2.0
// Measures the native engine on a device against the plain module there: differences to float32,
// times, and the kernels that the time goes to. Prints JSON. Run by bench/gpu.sh; with --device cpu
// it measures the CPU engine, which shows on any machine that the program works.

#include "bench/kernel_profile.hpp"
#include "common/records/json.hpp"
#include "compute/build_identity.hpp"
#include "compute/device.hpp"
#include "engine/cpu_network.hpp"
#include "engine/cuda_engine.hpp"
#include "inference/predictor.hpp"
#include "model/torch_network.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/Context.h>
#include <ATen/ops/empty.h>
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace lmc;

struct Options {
  std::string network = "generator";
  model::GeneratorArchitecture generator{.filters = 64, .blocks = 12};
  model::UnetPlusPlusArchitecture unet; ///< resnext101 32x16d
  std::string device = "cuda";
  std::string task = "differences";
  std::vector<std::int64_t> batches{1, 4, 16};
  std::int64_t window = 512;
  std::int64_t image = 2048; ///< side of the whole image
  int rounds = 5;
  int calls = 10; ///< of a network between two readings of the clock
};

std::unique_ptr<model::Network> native_network(const model::Weights& weights, c10::Device device) {
  if (device.is_cpu()) {
    return std::make_unique<engine::CpuNetwork>(weights);
  }
  return engine::make_cuda_network(weights, device.index());
}

/// Uniform noise: every frequency, every layer is busy.
at::Tensor noise(std::int64_t count, std::int64_t side) {
  at::Tensor windows = at::empty({count, 1, side, side}, at::kFloat);
  std::mt19937 generator{1};
  std::uniform_real_distribution<float> grey{-1, 1};
  std::generate_n(windows.mutable_data_ptr<float>(), windows.numel(),
                  [&] { return grey(generator); });
  return windows;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Reading one number waits for the device.
void wait_for(const at::Tensor& tensor) {
  static_cast<void>(tensor.flatten()[0].item<float>());
}

/// Milliseconds a window over several calls.
double milliseconds(const model::Network& network, const at::Tensor& windows, int calls) {
  wait_for(network.predict(windows, Modality::bright_field));
  const auto start = std::chrono::steady_clock::now();
  at::Tensor result;
  for (int call = 0; call < calls; ++call) {
    result = network.predict(windows, Modality::bright_field);
  }
  wait_for(result);
  const std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
  return passed.count() / static_cast<double>(calls * windows.size(0));
}

/// Both networks of a run, on one device.
struct Networks {
  Networks(const Options& options, c10::Device on) : device{on} {
    if (options.network == "generator") {
      weights.architecture = options.generator;
    } else {
      weights.architecture = options.unet;
    }
    weights.state = lmc::test::formula_weights(weights.architecture);
    native = native_network(weights, device);
    plain = std::make_unique<model::TorchNetwork>(weights, device);
  }

  c10::Device device;
  model::Weights weights;
  std::unique_ptr<model::Network> native;
  std::unique_ptr<model::Network> plain;
};

nlohmann::json quantiles(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor difference = a.sub(b).abs().cpu().flatten();
  const auto at_level = [sorted = std::get<0>(difference.sort())](double level) {
    const auto last = static_cast<double>(sorted.numel() - 1);
    return sorted[static_cast<std::int64_t>(level * last)].item<double>();
  };
  return {{"rms", difference.square().mean().sqrt().item<double>()},
          {"50", at_level(0.5)},
          {"90", at_level(0.9)},
          {"99", at_level(0.99)},
          {"max", at_level(1)},
          {"finite", a.isfinite().all().item<bool>()}};
}

/// Differences to float32: of the native engine, first run and graph, and of TF32 as the yardstick.
nlohmann::json differences(const Options& options, const Networks& networks) {
  const at::Tensor windows = noise(2, options.window).to(networks.device);
  const auto run = [&](const model::Network& network) {
    return network.predict(windows, Modality::bright_field);
  };
  compute::configure_compute({});
  const at::Tensor exact = run(*networks.plain);
  const at::Tensor first = run(*networks.native);
  const at::Tensor second = run(*networks.native);
  compute::configure_compute({.allow_tf32 = true});
  const at::Tensor tf32 = run(*networks.plain);
  compute::configure_compute({});
  const at::Tensor dark = windows.mul(1e-3).sub(0.99);
  return {{"native", quantiles(first, exact)},
          {"native_replayed_equals_first", first.equal(second)},
          {"tf32", quantiles(tf32, exact)},
          {"native_dark", quantiles(networks.native->predict(dark, Modality::bright_field),
                                    networks.plain->predict(dark, Modality::bright_field))}};
}

/// Interleaved, so that both meet the same clock rates.
nlohmann::json times(const Options& options, const Networks& networks) {
  nlohmann::json rows = nlohmann::json::array();
  compute::configure_compute({.allow_tf32 = true});
  for (const std::int64_t batch : options.batches) {
    const at::Tensor windows = noise(batch, options.window).to(networks.device);
    std::vector<double> native;
    std::vector<double> plain;
    for (int round = 0; round < options.rounds; ++round) {
      native.push_back(milliseconds(*networks.native, windows, options.calls));
      plain.push_back(milliseconds(*networks.plain, windows, std::max(1, options.calls / 3)));
    }
    rows.push_back(
        {{"batch", batch}, {"native_ms", median(native)}, {"plain_tf32_ms", median(plain)}});
  }
  return rows;
}

nlohmann::json profile(const Options& options, const Networks& networks) {
  const at::Tensor windows = noise(options.batches.back(), options.window).to(networks.device);
  const auto run = [&] { wait_for(networks.native->predict(windows, Modality::bright_field)); };
  run();
  run(); // captures the graph
  nlohmann::json rows = nlohmann::json::array();
  for (const bench::KernelTime& kernel : bench::profile_kernels(run, networks.device.is_cuda())) {
    rows.push_back({{"kernel", kernel.name},
                    {"calls", kernel.calls},
                    {"ms_per_window", kernel.milliseconds / static_cast<double>(windows.size(0))}});
  }
  return {{"batch", windows.size(0)}, {"kernels", rows}};
}

image::TransmittedLight noise_image(std::int64_t side) {
  image::TransmittedLight image;
  image.pixels = {side, side};
  image.modality = Modality::bright_field;
  std::mt19937 generator{2};
  std::uniform_int_distribution<int> grey{0, 65535};
  std::ranges::generate(image.pixels.pixels(),
                        [&] { return static_cast<std::uint16_t>(grey(generator)); });
  return image;
}

/// A whole image with the paper's windows and rotations, without reading and writing files.
nlohmann::json whole_image(const Options& options, const Networks& networks) {
  compute::configure_compute({});
  const image::TransmittedLight image = noise_image(options.image);
  inference::PredictOptions predict_options;
  predict_options.windows = inference::preset_options("paper");
  predict_options.windows.window = options.window;
  const auto seconds = [&] {
    const auto start = std::chrono::steady_clock::now();
    static_cast<void>(inference::predict(
        image, inference::route(image.modality),
        [&](inference::Role) {
          return inference::NetworkEntry{.network = networks.native.get(), .name = "native"};
        },
        predict_options));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double first = seconds();
  std::vector<double> later;
  for (int round = 0; round < std::min(options.rounds, 3); ++round) {
    later.push_back(seconds());
  }
  return {{"side", options.image},
          {"windows",
           inference::network_windows(options.image, options.image, predict_options.windows)},
          {"first_s", first},
          {"native_s", median(later)}};
}

nlohmann::json run(const Options& options) {
  const c10::Device device = compute::choose_device(compute::parse_device(options.device)).device;
  compute::configure_compute({});
  const Networks networks{options, device};
  nlohmann::json json{{"task", options.task},
                      {"architecture", model::describe(networks.weights.architecture)},
                      {"device", device.str()},
                      {"build", compute::build_identity()},
                      {"window", options.window}};
  if (options.task == "differences") {
    json["result"] = differences(options, networks);
  } else if (options.task == "times") {
    json["result"] = times(options, networks);
  } else if (options.task == "profile") {
    json["result"] = profile(options, networks);
  } else {
    json["result"] = whole_image(options, networks);
  }
  return json;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"Native engine on a device against the plain module there"};
  Options options;
  program.add_option("task", options.task, "differences, times, profile or image")
      ->check(CLI::IsMember({"differences", "times", "profile", "image"}));
  program.add_option("--network", options.network, "generator or unet++")
      ->check(CLI::IsMember({"generator", "unet++"}));
  program.add_option("--filters", options.generator.filters, "Of the generator");
  program.add_option("--blocks", options.generator.blocks, "Of the generator");
  program.add_option("--layers", options.unet.layers, "Of the UNet++'s encoder")->delimiter(',');
  program.add_option("--device", options.device);
  program.add_option("--batches", options.batches)->delimiter(',');
  program.add_option("--window", options.window);
  program.add_option("--image", options.image, "Side of the whole image");
  program.add_option("--rounds", options.rounds);
  program.add_option("--calls", options.calls, "Calls between two readings of the clock");
  CLI11_PARSE(program, argc, argv);
  try {
    fmt::print("{}", to_text(run(options)));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
