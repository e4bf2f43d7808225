// SPDX-License-Identifier: Apache-2.0
#include "compute/device.hpp"

#include "common/error.hpp"
#include "common/running/log.hpp"
#include "common/running/resources.hpp"
#include "common/text.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/ops/ones.h>
#include <c10/core/DeviceGuard.h>
#include <fmt/format.h>

#if __has_include(<torch/headeronly/version.h>)
#include <ATen/DeviceAccelerator.h>
#define LMC_HAS_EMPTY_CACHE 1
#endif

#include <filesystem>

#include <dlfcn.h>

namespace lmc::compute {

namespace {

std::filesystem::path folder_of_libtorch() {
  Dl_info info{};
  // Any function of libtorch_cpu will do.
  const auto address = reinterpret_cast<void*>(&at::get_num_threads);
  return dladdr(address, &info) != 0 ? std::filesystem::path(info.dli_fname).parent_path()
                                     : std::filesystem::path();
}

// A program that is linked to libtorch_cpu alone gets the CUDA back end by opening its library: it
// registers itself. Returns why that is impossible.
std::optional<std::string> load_cuda_backend() {
  if (at::globalContext().hasCUDA()) {
    return std::nullopt;
  }
  const std::filesystem::path library = folder_of_libtorch() / "libtorch_cuda.so";
  if (!std::filesystem::exists(library)) {
    return "this installation has no CUDA libraries (no libtorch_cuda.so beside libtorch_cpu.so; "
           "./run.sh --cuda fetches them)";
  }
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    return fmt::format("libtorch_cuda.so cannot be loaded: {}", dlerror());
  }
  if (!at::globalContext().hasCUDA()) {
    return "libtorch_cuda.so finds no CUDA device or driver";
  }
  return std::nullopt;
}

} // namespace

DeviceRequest parse_device(std::string_view text) {
  using Kind = DeviceRequest::Kind;
  if (text == "auto" || text == "cpu") {
    return {.kind = text == "auto" ? Kind::automatic : Kind::cpu};
  }
  if (text == "cuda") {
    return {.kind = Kind::cuda};
  }
  constexpr std::string_view prefix = "cuda:";
  if (text.starts_with(prefix)) {
    const auto index = number_from<int>(std::string_view{text}.substr(prefix.size()));
    if (index && *index >= 0 && *index < 128) {
      return {.kind = Kind::cuda, .index = static_cast<c10::DeviceIndex>(*index)};
    }
  }
  throw Error(ErrorCode::usage, "--device", fmt::format("\"{}\" is no device", printable(text)),
              "give auto, cpu, cuda or cuda:N with N from 0");
}

std::optional<std::string> probe_cuda(c10::DeviceIndex index) {
  if (std::optional<std::string> reason = load_cuda_backend()) {
    return reason;
  }
  try {
    const c10::Device device(c10::DeviceType::CUDA, index);
    const at::Tensor two = at::ones({2}, at::TensorOptions().device(device)).sum();
    return two.item<float>() == 2 ? std::nullopt
                                  : std::optional<std::string>("the device computes wrongly");
  } catch (const c10::Error& error) {
    return first_line(error.what_without_backtrace());
  }
}

DeviceChoice choose_device(const DeviceRequest& request, const CudaProbe& probe) {
  DeviceChoice choice;
  if (request.kind == DeviceRequest::Kind::cpu) {
    return choice;
  }
  std::optional<std::string> reason = probe(request.index);
  if (!reason) {
    choice.device = c10::Device(c10::DeviceType::CUDA, request.index);
    return choice;
  }
  if (request.kind == DeviceRequest::Kind::cuda) {
    throw Error(ErrorCode::device, fmt::format("--device cuda:{}", static_cast<int>(request.index)),
                *reason, "mend the CUDA installation, or use --device cpu or --device auto");
  }
  log().info("using the CPU: {}", printable(*reason));
  choice.why_not_cuda = std::move(reason);
  return choice;
}

int configure_compute(const ComputeOptions& options) {
  const int threads = options.threads > 0 ? options.threads : available_threads();
  at::set_num_threads(threads);
  at::Context& context = at::globalContext();
  context.setAllowTF32CuBLAS(options.allow_tf32);
  context.setAllowTF32CuDNN(options.allow_tf32);
  context.setDeterministicCuDNN(true);
  // Its trials may choose another algorithm on every run.
  context.setBenchmarkCuDNN(false);
  return threads;
}

std::optional<std::uint64_t> free_cuda_memory(c10::DeviceIndex index) {
  // Through the runtime's stable C interface, so that a CPU build needs no CUDA header.
  using CudaMemGetInfo = int (*)(std::size_t*, std::size_t*);
  const auto mem_get_info = reinterpret_cast<CudaMemGetInfo>(dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
  if (mem_get_info == nullptr || !at::globalContext().hasCUDA()) {
    return std::nullopt;
  }
  const c10::DeviceGuard guard(c10::Device(c10::DeviceType::CUDA, index));
  std::size_t free_bytes = 0;
  std::size_t total_bytes = 0;
  if (mem_get_info(&free_bytes, &total_bytes) != 0) {
    return std::nullopt;
  }
  return free_bytes;
}

void empty_cuda_cache() {
// Before LibTorch 2.9 only CUDA's own headers reach the cache, and its allocator empties it by
// itself before it reports that memory is out.
#ifdef LMC_HAS_EMPTY_CACHE
  if (at::globalContext().hasCUDA()) {
    at::accelerator::emptyCache();
  }
#endif
}

} // namespace lmc::compute
