// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "inference/network_source.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lmc::inference {

/// Largest batch up to `most` whose memory estimate is at most `available` bytes, at least 1.
[[nodiscard]] std::int64_t batch_that_fits(const model::Network& network, std::int64_t window,
                                           std::int64_t most, std::uint64_t available);

/// What had to be done besides calling the network.
struct BackoffRecord {
  std::int64_t batch = 0;            ///< the last one used
  std::vector<std::string> steps;    ///< one sentence per step taken; each has been logged
  std::uint64_t windows_in_fp32 = 0; ///< windows that half precision could not represent
};

/// Runs a network on windows, in batches that fit: when memory is out it halves the batch, then
/// goes to the CPU, then fails with Error memory. Windows with NaN or infinity are redone in fp32.
class BatchRunner {
public:
  /// @param entry its network stays alive as long as this object
  /// @param window side length, pixels
  /// @param batch windows per call; 0: chosen from the memory
  /// @param host_memory bytes that networks on the CPU may use
  /// @throws Error configuration when the network does not take windows of this size; memory when
  ///   the estimate for one window on the CPU exceeds `host_memory`
  BatchRunner(NetworkEntry entry, Modality modality, std::int64_t window, std::int64_t batch,
              std::uint64_t host_memory);

  /// Windows per call at present; never grows.
  [[nodiscard]] std::int64_t batch() const noexcept { return record_.batch; }
  [[nodiscard]] const BackoffRecord& record() const noexcept { return record_; }
  /// Where the network runs at present.
  [[nodiscard]] c10::Device device() const { return entry_.network->device(); }
  /// What cuts and blends windows there.
  [[nodiscard]] const compute::WindowKernels& window_kernels() const {
    return entry_.network->window_kernels();
  }

  /// @param windows float32 [n, 1, window, window] on any device
  /// @return float32 [m, 4, window, window] on the same device each, together n windows in order
  /// @throws Error memory, Error not_a_number (when fp32 is not finite either)
  [[nodiscard]] std::vector<at::Tensor> predict(const at::Tensor& windows);

private:
  void choose_batch(std::int64_t wanted);
  void choose_batch_on_cpu(std::int64_t wanted);
  [[nodiscard]] at::Tensor predict_finite(const at::Tensor& windows);
  void redo_in_fp32(const at::Tensor& windows, at::Tensor& organelles);
  void back_off(const std::string& cause);
  void move_to_cpu();
  void note(std::string step);

  NetworkEntry entry_;
  Modality modality_;
  std::int64_t window_;
  std::uint64_t host_memory_;
  BackoffRecord record_;
};

} // namespace lmc::inference
