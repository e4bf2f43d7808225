// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda_engine.hpp"

#include "compute/build_identity.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <variant>
#include <vector>

namespace lmc::engine {

namespace {

// The kernels read and write eight channels at once; those of the generators' sums, for eight times
// as many channels as filters, have 256 threads.
constexpr std::int64_t channel_multiple = 8;
constexpr std::int64_t most_filters = 256;

std::optional<std::string> why_unsuited(const model::GeneratorArchitecture& a) {
  if (a.filters % channel_multiple != 0 || a.filters > most_filters) {
    return fmt::format("takes multiples of {} up to {} filters on CUDA, this generator has {}",
                       channel_multiple, most_filters, a.filters);
  }
  return std::nullopt;
}

std::optional<std::string> why_unsuited(const model::UnetPlusPlusArchitecture& a) {
  // All others are multiples of these: stages double the first one's width and the stem.
  std::vector<std::int64_t> channels{a.stem_channels,
                                     a.stem_channels * a.width_per_group / 64 * a.groups};
  channels.insert(channels.end(), a.decoder_channels.begin(), a.decoder_channels.end());
  for (const std::int64_t count : channels) {
    if (count % channel_multiple != 0) {
      return fmt::format("takes channels in multiples of {} on CUDA, this UNet++ has a layer of {}",
                         channel_multiple, count);
    }
  }
  return std::nullopt;
}

} // namespace

std::filesystem::path cuda_engine_library() {
  return plugin_library("liblmc_cuda_engine.so");
}

CudaEngine open_cuda_engine(const std::filesystem::path& library) {
  const Plugin plugin = open_plugin(library, cuda_engine_symbol, compute::build_identity());
  return plugin.entry == nullptr
             ? CudaEngine{.why_not = "for CUDA " + plugin.why_not}
             : CudaEngine{.entry = static_cast<const CudaEngineEntry*>(plugin.entry)};
}

const CudaEngine& installed_cuda_engine() {
  static const CudaEngine engine = open_cuda_engine(cuda_engine_library());
  return engine;
}

std::optional<std::string> why_not_native_on_cuda(const model::Architecture& architecture) {
  if (auto reason = std::visit([](const auto& a) { return why_unsuited(a); }, architecture)) {
    return reason;
  }
  const CudaEngine& engine = installed_cuda_engine();
  return engine.entry == nullptr ? std::optional{engine.why_not} : std::nullopt;
}

std::unique_ptr<model::Network> make_cuda_network(const model::Weights& weights,
                                                  c10::DeviceIndex index) {
  if (const auto reason = why_not_native_on_cuda(weights.architecture)) {
    throw std::invalid_argument{"the native engine " + *reason};
  }
  return installed_cuda_engine().entry->make(weights, index);
}

} // namespace lmc::engine
