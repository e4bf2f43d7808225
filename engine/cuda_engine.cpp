// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda_engine.hpp"

#include "common/version.hpp"

#include <fmt/format.h>
#if __has_include(<torch/headeronly/version.h>)
#include <torch/headeronly/version.h>
#else
#include <torch/version.h>
#endif

#include <stdexcept>

#include <dlfcn.h>

namespace lmc::engine {

namespace {

using EntryFunction = const CudaEngineEntry* (*)();

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

const CudaEngine& installed_cuda_engine() {
  static const CudaEngine engine = open_cuda_engine(cuda_engine_library());
  return engine;
}

} // namespace

std::string build_identity() {
  return fmt::format("{} {} with LibTorch {}", version(), git_revision(), TORCH_VERSION);
}

std::filesystem::path cuda_engine_library() {
  const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  return programs.parent_path() / "lib" / "liblmc_cuda_engine.so";
}

CudaEngine open_cuda_engine(const std::filesystem::path& library) {
  const auto failed = [](std::string why) { return CudaEngine{.why_not = std::move(why)}; };
  if (!std::filesystem::exists(library)) {
    return failed(fmt::format("for CUDA is not installed (no {}; ./run.sh --cuda builds it)",
                              library.string()));
  }
  void* const handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return failed(fmt::format("for CUDA cannot be loaded: {}", dlerror()));
  }
  const auto entry_of = reinterpret_cast<EntryFunction>(dlsym(handle, cuda_engine_symbol));
  if (entry_of == nullptr) {
    return failed(fmt::format("for CUDA is another library: {} has no function {}",
                              library.string(), cuda_engine_symbol));
  }
  const CudaEngineEntry* const entry = entry_of();
  if (entry->build() != build_identity()) {
    return failed(fmt::format("for CUDA is of another build: {} is {}, this program {}",
                              library.string(), entry->build(), build_identity()));
  }
  return {.entry = entry};
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
