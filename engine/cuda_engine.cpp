// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda_engine.hpp"

#include "model/build_identity.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace lmc::engine {

namespace {

// The kernels read and write eight channels at once; those of the sums, for eight times as many
// channels as filters, have 256 threads.
constexpr std::int64_t filter_multiple = 8;
constexpr std::int64_t most_filters = 256;

std::optional<std::string> why_unsuited(const model::Architecture& architecture) {
  const auto* const generator = std::get_if<model::GeneratorArchitecture>(&architecture);
  if (generator == nullptr) {
    return "runs generators only, this is a " + model::network_name(architecture);
  }
  if (generator->filters % filter_multiple != 0 || generator->filters > most_filters) {
    return fmt::format("takes multiples of {} up to {} filters on CUDA, this generator has {}",
                       filter_multiple, most_filters, generator->filters);
  }
  return std::nullopt;
}

} // namespace

std::filesystem::path cuda_engine_library() {
  return plugin_library("liblmc_cuda_engine.so");
}

CudaEngine open_cuda_engine(const std::filesystem::path& library) {
  const Plugin plugin = open_plugin(library, cuda_engine_symbol, model::build_identity());
  return plugin.entry == nullptr
             ? CudaEngine{.why_not = "for CUDA " + plugin.why_not}
             : CudaEngine{.entry = static_cast<const CudaEngineEntry*>(plugin.entry)};
}

const CudaEngine& installed_cuda_engine() {
  static const CudaEngine engine = open_cuda_engine(cuda_engine_library());
  return engine;
}

std::optional<std::string> why_not_fast_on_cuda(const model::Architecture& architecture) {
  if (auto reason = why_unsuited(architecture)) {
    return reason;
  }
  const CudaEngine& engine = installed_cuda_engine();
  return engine.entry == nullptr ? std::optional{engine.why_not} : std::nullopt;
}

std::unique_ptr<model::Network> make_cuda_network(const model::Weights& weights,
                                                  c10::DeviceIndex index,
                                                  const CudaEngineOptions& options) {
  if (const auto reason = why_not_fast_on_cuda(weights.architecture)) {
    throw std::invalid_argument{"the fast engine " + *reason};
  }
  return installed_cuda_engine().entry->make(weights, index, options);
}

} // namespace lmc::engine
