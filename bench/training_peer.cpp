// SPDX-License-Identifier: Apache-2.0
// One side of the training benchmark: an optimisation step on one batch whenever it is asked to.
// bench/training_compare.py asks it and bench/training_peer.py, the same step in Python, in turn.
//
// Standard input: "run", "memory". Every answer is one line of JSON; the first, unasked, says that
// the networks are there.

#include "bench/peer_protocol.hpp"
#include "common/error.hpp"
#include "compute/build_identity.hpp"
#include "compute/device.hpp"
#include "model/storage/tensor_file.hpp"
#include "training/configuration.hpp"
#include "training/run/run_log.hpp"
#include "training/trainee.hpp"

#include <ATen/Context.h>
#include <ATen/ops/nonzero.h>
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

namespace {

using namespace lmc;
using bench::answer;
namespace fs = std::filesystem;

struct Options {
  std::string configuration; ///< of lmc train
  std::string weights;       ///< safetensors; the networks' first weights, which this writes
  std::string batch;         ///< safetensors: light, labels, masks, codes, labelled
  int threads = 0;
};

training::Batch read_batch(const fs::path& file) {
  const model::StateDict tensors = model::read_tensor_file(file).tensors;
  training::Batch batch{.light = tensors.at("light").clone(),
                        .labels = tensors.at("labels").clone(),
                        .masks = tensors.at("masks").clone(),
                        .codes = tensors.at("codes").clone(),
                        .labelled = {}};
  for (std::size_t k = 0; k < organelle_count; ++k) {
    const at::Tensor samples =
        tensors.at("labelled").select(1, static_cast<std::int64_t>(k)).nonzero().flatten();
    const auto* const values = samples.const_data_ptr<std::int64_t>();
    batch.labelled[k].assign(values, values + samples.numel());
  }
  return batch;
}

/// All networks in one file: "predictor.<name>", "discriminator1.<name>", ...
void write_weights(const training::Trainees& trainees, const fs::path& file) {
  model::TensorFile content;
  const auto add = [&content](const std::string& prefix, const auto& trainee) {
    for (const auto& [name, tensor] : trainee.state) {
      content.tensors.add(prefix + name, tensor.detach());
    }
  };
  add("predictor.", trainees.predictor);
  for (std::size_t k = 0; k < trainees.discriminators.size(); ++k) {
    add(fmt::format("discriminator{}.", k + 1), trainees.discriminators[k]);
  }
  model::write_tensor_file(file, content, Existing::replace);
}

void serve(const Options& options) {
  const training::Configuration configuration = training::read_configuration(options.configuration);
  training::Trainees trainees =
      training::make_trainees(configuration, c10::Device{c10::DeviceType::CPU});
  if (!options.weights.empty()) {
    write_weights(trainees, options.weights);
    return;
  }
  const training::Batch batch = read_batch(options.batch);
  answer({{"engine", "lmc"}, {"version", compute::libtorch_version}, {"threads", options.threads}});
  std::uint64_t step = 0;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "run") {
      training::StepLosses losses;
      nlohmann::json run = bench::timed([&] {
        at::manual_seed(step); // both sides then drop the same values
        losses = training::optimise(trainees, batch, configuration.loss);
      });
      ++step;
      run["losses"] = training::to_json(losses, configuration.adversarial);
      answer(run);
    } else if (line == "memory") {
      answer({{"peak_bytes", bench::peak_bytes()}});
    }
  }
}

} // namespace

int main(int argc, char** argv) {
  CLI::App program{"One side of the training benchmark (see bench/training_compare.py)"};
  Options options;
  program.add_option("--configuration", options.configuration, "JSON, of lmc train")->required();
  program.add_option("--write-weights", options.weights,
                     "Write the first weights of all networks (safetensors) and end");
  program.add_option("--batch", options.batch, "safetensors");
  program.add_option("--threads", options.threads, "0: as many as this process may use");
  CLI11_PARSE(program, argc, argv);
  try {
    options.threads = compute::configure_compute({.threads = options.threads});
    serve(options);
    return 0;
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return static_cast<int>(error.exit_code());
  }
}
