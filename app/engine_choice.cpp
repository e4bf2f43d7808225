// SPDX-License-Identifier: Apache-2.0
#include "app/engine_choice.hpp"

#include "common/error.hpp"
#include "common/text.hpp"
#include "engine/cpu_network.hpp"
#include "engine/cuda_engine.hpp"
#include "model/torch_network.hpp"

#include <fmt/format.h>

#include <optional>

namespace lmc::app {

namespace {

bool is_native(EngineChoice choice, const model::Architecture& architecture, c10::Device device) {
  if (choice == EngineChoice::torch) {
    return false;
  }
  if (device.is_cpu()) {
    return true;
  }
  const std::optional<std::string> reason = engine::why_not_native_on_cuda(architecture);
  if (reason && choice == EngineChoice::native) {
    throw Error{ErrorCode::usage, "--engine native", "the native engine " + *reason,
                "give --engine auto, which takes LibTorch where it has to"};
  }
  return !reason;
}

} // namespace

EngineChoice parse_engine(std::string_view text) {
  if (text == "auto") {
    return EngineChoice::automatic;
  }
  if (text == "native" || text == "fast") { // as it was called before
    return EngineChoice::native;
  }
  if (text == "torch") {
    return EngineChoice::torch;
  }
  throw Error{ErrorCode::usage, "--engine", fmt::format("\"{}\" is no engine", printable(text)),
              "give auto, native or torch"};
}

std::string engine_name(EngineChoice choice, const model::Architecture& architecture,
                        c10::Device device) {
  if (!is_native(choice, architecture, device)) {
    return torch_engine_name;
  }
  return device.is_cpu() ? fmt::format("native ({})", engine::instruction_set())
                         : "native (CUDA, fp16)";
}

std::unique_ptr<model::Network> make_network(EngineChoice choice, const model::Weights& weights,
                                             c10::Device device) {
  if (!is_native(choice, weights.architecture, device)) {
    return std::make_unique<model::TorchNetwork>(weights, device);
  }
  if (device.is_cpu()) {
    return std::make_unique<engine::CpuNetwork>(weights);
  }
  return engine::make_cuda_network(weights, device.index());
}

} // namespace lmc::app
