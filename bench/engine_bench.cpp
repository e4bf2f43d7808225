// SPDX-License-Identifier: Apache-2.0
// Times the CPU engine and the plain module on the same windows, one after the other, and compares
// their outputs. Prints JSON. Run by bench/cpu.sh.

#include "common/json.hpp"
#include "common/resources.hpp"
#include "engine/fast_network.hpp"
#include "inference/device.hpp"
#include "model/formula_weights.hpp"
#include "model/torch_network.hpp"

#include <ATen/ops/empty.h>
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <hwy/targets.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace lmc;

struct Options {
  model::GeneratorArchitecture architecture{.filters = 64, .blocks = 12};
  bool unet = false;
  std::int64_t height = 512;
  std::int64_t width = 512;
  int rounds = 5;
  int threads = 0;
  std::string instruction_set;
  bool eager = true;
};

double cpu_milliseconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

/// Durations of the runs of one network, and its last output.
struct Runs {
  std::vector<double> wall_ms;
  std::vector<double> cpu_ms; ///< of all threads; means little with several, which wait spinning
  at::Tensor result;

  void add(const model::Network& network, const at::Tensor& windows) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu_start = cpu_milliseconds();
    result = network.predict(windows, Modality::bright_field);
    const std::chrono::duration<double, std::milli> passed =
        std::chrono::steady_clock::now() - start;
    wall_ms.push_back(passed.count());
    cpu_ms.push_back(cpu_milliseconds() - cpu_start);
  }

  /// Forgets the runs that only warmed up.
  void start_over() {
    wall_ms.clear();
    cpu_ms.clear();
  }
};

at::Tensor random_window(std::int64_t height, std::int64_t width) {
  at::Tensor window = at::empty({1, 1, height, width}, at::kFloat);
  std::mt19937 generator{1};
  std::uniform_real_distribution<float> grey{-1, 1};
  std::generate_n(window.mutable_data_ptr<float>(), window.numel(),
                  [&] { return grey(generator); });
  return window;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::vector<double> ratios(const std::vector<double>& above, const std::vector<double>& below) {
  std::vector<double> quotients(above.size());
  std::transform(above.begin(), above.end(), below.begin(), quotients.begin(), std::divides{});
  return quotients;
}

/// Leaves only the instruction set asked for, for measuring as on a machine without the others.
void restrict_instruction_sets(const std::string& name) {
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    if (name == hwy::TargetName(target)) {
      hwy::SetSupportedTargetsForTest(target);
    }
  }
}

nlohmann::json compare(const Options& options) {
  model::Weights weights;
  weights.architecture = options.architecture;
  if (options.unet) {
    weights.architecture = model::UnetPlusPlusArchitecture{};
  }
  weights.state = model::formula_weights(weights.architecture);
  const model::TorchNetwork plain{weights, c10::Device{c10::DeviceType::CPU}};
  const engine::FastNetwork fast{weights};
  const at::Tensor windows = random_window(options.height, options.width);
  Runs fast_runs;
  Runs eager_runs;
  for (int round = 0; round <= options.rounds; ++round) {
    if (round == 1) {
      fast_runs.start_over();
      eager_runs.start_over();
    }
    fast_runs.add(fast, windows);
    if (options.eager) {
      eager_runs.add(plain, windows);
    }
  }
  nlohmann::json json{{"architecture", model::describe(weights.architecture)},
                      {"window", {options.height, options.width}},
                      {"instruction_set", engine::instruction_set()},
                      {"libtorch", TORCH_VERSION},
                      {"threads", options.threads},
                      {"rounds", options.rounds},
                      {"fast_ms", median(fast_runs.wall_ms)},
                      {"fast_cpu_ms", median(fast_runs.cpu_ms)}};
  if (options.eager) {
    json["eager_ms"] = median(eager_runs.wall_ms);
    json["eager_cpu_ms"] = median(eager_runs.cpu_ms);
    json["ratio"] = median(ratios(eager_runs.wall_ms, fast_runs.wall_ms));
    json["cpu_ratio"] = median(ratios(eager_runs.cpu_ms, fast_runs.cpu_ms));
    json["max_difference"] = fast_runs.result.sub(eager_runs.result).abs().max().item<float>();
  }
  return json;
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"CPU engine against the plain LibTorch module, interleaved"};
  Options options;
  program.add_option("--filters", options.architecture.filters);
  program.add_option("--blocks", options.architecture.blocks);
  program.add_flag("--unet", options.unet);
  program.add_option("--height", options.height);
  program.add_option("--width", options.width);
  program.add_option("--rounds", options.rounds);
  program.add_option("--threads", options.threads, "0: as many as this process may use");
  program.add_option("--instruction-set", options.instruction_set, "AVX3, AVX2, SSE4");
  program.add_flag("!--no-eager", options.eager, "Time the engine alone");
  CLI11_PARSE(program, argc, argv);
  restrict_instruction_sets(options.instruction_set);
  options.threads = inference::configure_compute({.threads = options.threads});
  fmt::print("{}", to_text(compare(options)));
  return 0;
}
