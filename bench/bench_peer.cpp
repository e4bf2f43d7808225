// SPDX-License-Identifier: Apache-2.0
// One side of a benchmark: runs a network on one window whenever it is asked to. bench/compare.py
// asks several such programs in turn; bench/peer.py is the same for programs in Python.
//
// Standard input: "run", "save FILE" (the last result, float32), "memory". Every answer is one line
// of JSON; the first, unasked, says that the network is loaded.

#include "bench/instruction_set.hpp"
#include "bench/peer_protocol.hpp"
#include "common/error.hpp"
#include "common/running/resources.hpp"
#include "compute/build_identity.hpp"
#include "compute/device.hpp"
#include "engine/cpu_network.hpp"
#include "model/storage/weights.hpp"
#include "model/torch_network.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/empty.h>
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

namespace {

using namespace lmc;
using bench::answer;
using bench::timed;
namespace fs = std::filesystem;

struct Options {
  std::string weights;      ///< safetensors
  std::string architecture; ///< JSON; writes `weights` by formula and ends
  std::string window;       ///< float32 [height, width]
  std::int64_t height = 512;
  std::int64_t width = 512;
  int threads = 0;
  bool torch = false;
  std::string instruction_set;
};

at::Tensor read_window(const Options& options) {
  at::Tensor window = at::empty({1, 1, options.height, options.width}, at::kFloat);
  std::ifstream file{options.window, std::ios::binary};
  const auto bytes = static_cast<std::streamsize>(window.nbytes());
  if (!file.read(static_cast<char*>(window.mutable_data_ptr()), bytes)) {
    throw Error{ErrorCode::usage, options.window, "the window has too few values",
                "give float32 values, row by row"};
  }
  return window;
}

std::unique_ptr<model::Network> load(const Options& options) {
  const model::Weights weights = model::load_weights(options.weights);
  if (options.torch) {
    return std::make_unique<model::TorchNetwork>(weights, c10::Device{c10::DeviceType::CPU});
  }
  return std::make_unique<engine::CpuNetwork>(weights);
}

void save(const at::Tensor& result, const std::string& path) {
  std::ofstream file{path, std::ios::binary};
  file.write(static_cast<const char*>(result.const_data_ptr()),
             static_cast<std::streamsize>(result.nbytes()));
}

void serve(const Options& options, int threads) {
  const at::Tensor window = read_window(options);
  const auto network = load(options);
  answer({{"engine", options.torch ? "LibTorch" : "native (" + engine::instruction_set() + ")"},
          {"version", options.torch ? compute::libtorch_version : ""},
          {"threads", threads}});
  at::Tensor result;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      answer(timed([&] { result = network->predict(window, Modality::bright_field); }));
    } else if (line == "memory") {
      answer({{"peak_bytes", bench::peak_bytes()}});
    } else if (line.starts_with("save ")) {
      save(result, line.substr(5));
      answer({{"saved", line.substr(5)}});
    }
  }
}

void write_by_formula(const Options& options) {
  model::Weights weights;
  read_fields(nlohmann::json::parse(options.architecture), weights.architecture);
  weights.state = lmc::test::formula_weights(weights.architecture);
  weights.trained = false;
  model::save_weights(options.weights, weights, Existing::replace);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"One side of a benchmark (see bench/compare.py)"};
  Options options;
  program.add_option("--weights", options.weights, "safetensors")->required();
  program.add_option("--write", options.architecture,
                     "Write --weights by formula for this architecture (JSON) and end");
  program.add_option("--window", options.window, "float32 values");
  program.add_option("--height", options.height);
  program.add_option("--width", options.width);
  program.add_option("--threads", options.threads, "0: as many as this process may use");
  program.add_flag("--torch", options.torch, "LibTorch's layers instead of the engine");
  program.add_option("--instruction-set", options.instruction_set, "AVX3, AVX2, SSE4");
  CLI11_PARSE(program, argc, argv);
  try {
    bench::restrict_instruction_sets(options.instruction_set);
    if (!options.architecture.empty()) {
      write_by_formula(options);
      return 0;
    }
    serve(options, compute::configure_compute({.threads = options.threads}));
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return static_cast<int>(error.exit_code());
  }
}
