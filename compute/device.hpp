// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace lmc::compute {

/// What `--device` asks for.
struct DeviceRequest {
  enum class Kind { automatic, cpu, cuda };
  Kind kind = Kind::automatic;
  c10::DeviceIndex index = 0; ///< of the CUDA device
};

/// Reads `auto`, `cpu`, `cuda` or `cuda:N`. @throws Error usage for other text
[[nodiscard]] DeviceRequest parse_device(std::string_view text);

/// The device that networks are to run on.
struct DeviceChoice {
  c10::Device device{c10::DeviceType::CPU};
  std::optional<std::string> why_not_cuda; ///< set when `auto` ended on the CPU
};

/// Why CUDA device `index` cannot be used; nothing when it can.
using CudaProbe = std::function<std::optional<std::string>(c10::DeviceIndex index)>;

/// Opens libtorch_cuda.so beside libtorch_cpu.so if it is there and not loaded yet, then computes
/// one number on the device: a driver that is too old, or a device that is taken, fails only then.
[[nodiscard]] std::optional<std::string> probe_cuda(c10::DeviceIndex index);

/// `auto` takes CUDA if the probe can use it and the CPU otherwise, and logs why not.
/// @throws Error device when `cuda` is asked for and cannot be used
[[nodiscard]] DeviceChoice choose_device(const DeviceRequest& request,
                                         const CudaProbe& probe = probe_cuda);

/// How LibTorch computes.
struct ComputeOptions {
  int threads = 0;         ///< 0: as many as this process may use
  bool allow_tf32 = false; ///< TF32 on CUDA: faster, and 1000 times less exact than float32
};

/// Sets LibTorch's threads and precision for the whole process; the same input gives the same bits
/// on every run. LibTorch's own default is one thread on small virtual machines and ignores quotas.
/// @return the number of threads
int configure_compute(const ComputeOptions& options);

/// Free bytes on a CUDA device; nothing when CUDA's runtime is not loaded or does not answer.
[[nodiscard]] std::optional<std::uint64_t> free_cuda_memory(c10::DeviceIndex index);

/// Gives cached blocks of CUDA memory back. Does nothing where CUDA is not loaded.
void empty_cuda_cache();

} // namespace lmc::compute
