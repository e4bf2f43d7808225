// SPDX-License-Identifier: Apache-2.0
#include "inference/batch_backoff.hpp"

#include "common/error.hpp"
#include "common/running/log.hpp"
#include "common/text.hpp"
#include "compute/device.hpp"
#include "compute/out_of_memory.hpp"

#include <ATen/ops/isfinite.h>
#include <ATen/ops/sum.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace lmc::inference {

namespace {

// More windows per call only cost memory: a 512 window occupies the cores of a CPU by itself.
constexpr std::int64_t most_on_cpu = 4;
constexpr std::int64_t most_on_cuda = 16;
// Host memory is not refused but overcommitted, and its end is a kill: leave room for an estimate
// that is too low.
constexpr std::uint64_t host_share = 2;

// One number per window: NaN and infinity survive a sum, and a sum of values in [-1, 1] cannot
// overflow.
at::Tensor finite_windows(const at::Tensor& organelles) {
  return at::isfinite(at::sum(organelles, {1, 2, 3})).cpu();
}

} // namespace

std::int64_t batch_that_fits(const model::Network& network, std::int64_t window, std::int64_t most,
                             std::uint64_t available) {
  std::int64_t batch = most;
  while (batch > 1 && network.memory_estimate(batch, window, window) > available) {
    batch /= 2;
  }
  return std::max<std::int64_t>(1, batch);
}

BatchRunner::BatchRunner(NetworkEntry entry, Modality modality, std::int64_t window,
                         std::int64_t batch, std::uint64_t host_memory)
    : entry_{std::move(entry)}, modality_{modality}, window_{window}, host_memory_{host_memory} {
  const std::int64_t multiple = entry_.network->window_multiple();
  if (window % multiple != 0) {
    throw Error(ErrorCode::configuration, "window",
                fmt::format("{} pixels, {} takes multiples of {}", window, entry_.name, multiple),
                fmt::format("give {}", std::max(multiple, window / multiple * multiple)));
  }
  choose_batch(batch);
}

void BatchRunner::choose_batch(std::int64_t wanted) {
  const c10::Device device = entry_.network->device();
  if (device.is_cpu()) {
    choose_batch_on_cpu(wanted);
  } else if (wanted > 0) {
    record_.batch = wanted;
  } else {
    const std::optional<std::uint64_t> available = compute::free_cuda_memory(device.index());
    record_.batch = available ? batch_that_fits(*entry_.network, window_, most_on_cuda, *available)
                              : most_on_cuda;
  }
}

void BatchRunner::choose_batch_on_cpu(std::int64_t wanted) {
  const std::uint64_t for_one = entry_.network->memory_estimate(1, window_, window_);
  if (for_one > host_memory_) {
    throw Error(ErrorCode::memory, entry_.name,
                fmt::format("one window of {0} x {0} pixels needs about {1}, {2} are left", window_,
                            human_bytes(for_one), human_bytes(host_memory_)),
                "raise the memory limit, close other programs, or use a smaller network");
  }
  if (wanted == 0) {
    record_.batch =
        batch_that_fits(*entry_.network, window_, most_on_cpu, host_memory_ / host_share);
    return;
  }
  record_.batch = batch_that_fits(*entry_.network, window_, wanted, host_memory_);
  if (record_.batch < wanted) {
    note(fmt::format("a batch of {} needs about {}, {} are left: using {}", wanted,
                     human_bytes(entry_.network->memory_estimate(wanted, window_, window_)),
                     human_bytes(host_memory_), record_.batch));
  }
}

std::vector<at::Tensor> BatchRunner::predict(const at::Tensor& windows) {
  std::vector<at::Tensor> parts;
  for (std::int64_t first = 0; first < windows.size(0);) {
    const std::int64_t count = std::min(record_.batch, windows.size(0) - first);
    const std::optional<std::string> problem = compute::out_of_memory_in(
        [&] { parts.push_back(predict_finite(windows.narrow(0, first, count))); });
    if (problem) {
      back_off(*problem);
    } else {
      first += count;
    }
  }
  return parts;
}

at::Tensor BatchRunner::predict_finite(const at::Tensor& windows) {
  const model::Network& network = *entry_.network;
  at::Tensor organelles = network.predict(windows.to(network.device()), modality_);
  if (!finite_windows(organelles).all().item<bool>()) {
    redo_in_fp32(windows, organelles);
  }
  return organelles.to(windows.device());
}

void BatchRunner::redo_in_fp32(const at::Tensor& windows, at::Tensor& organelles) {
  const at::Tensor finite = finite_windows(organelles);
  for (std::int64_t i = 0; i < windows.size(0); ++i) {
    if (finite[i].item<bool>()) {
      continue;
    }
    if (entry_.in_fp32) {
      const model::Network& exact = entry_.in_fp32();
      const at::Tensor redone =
          exact.predict(windows.narrow(0, i, 1).to(exact.device()), modality_);
      organelles.narrow(0, i, 1).copy_(redone);
      ++record_.windows_in_fp32;
    }
    if (!finite_windows(organelles.narrow(0, i, 1)).item<bool>()) {
      throw Error(ErrorCode::not_a_number, entry_.name,
                  "its prediction holds NaN or infinity, even in fp32",
                  "check the weights with lmc selftest, or use other weights");
    }
  }
}

void BatchRunner::back_off(const std::string& cause) {
  const c10::Device device = entry_.network->device();
  if (device.is_cuda()) {
    compute::empty_cuda_cache();
  }
  if (record_.batch > 1) {
    record_.batch /= 2;
    note(fmt::format("{} with a batch of {} on {}: trying {}", cause, record_.batch * 2,
                     device.str(), record_.batch));
  } else if (!device.is_cpu() && entry_.on_cpu) {
    note(fmt::format("{} with a single window on {}: going on with the CPU", cause, device.str()));
    move_to_cpu();
  } else {
    throw Error(ErrorCode::memory, entry_.name,
                fmt::format("{0} with a single window of {1} x {1} pixels on {2}", cause, window_,
                            device.str()),
                "close other programs, raise the memory limit, or use a smaller network");
  }
}

void BatchRunner::move_to_cpu() {
  entry_.network = &entry_.on_cpu();
  entry_.on_cpu = {};
  entry_.in_fp32 = {};
  choose_batch_on_cpu(1);
}

void BatchRunner::note(std::string step) {
  log().warn("{}", step);
  record_.steps.push_back(std::move(step));
}

} // namespace lmc::inference
