// SPDX-License-Identifier: Apache-2.0
#include "training/processes/process_group.hpp"

#include "common/error.hpp"
#include "common/running/interrupt.hpp"
#include "common/running/log.hpp"
#include "common/text.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <fmt/format.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <csignal>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace lmc::training {

namespace {

constexpr const char* failure_key = "failure";

/// All tensors in one, so that one exchange carries them.
at::Tensor packed(std::span<const at::Tensor> tensors) {
  std::vector<at::Tensor> flat;
  flat.reserve(tensors.size());
  for (const at::Tensor& tensor : tensors) {
    flat.push_back(tensor.detach().reshape({-1}));
  }
  return at::cat(flat);
}

void unpack(const at::Tensor& all, std::span<const at::Tensor> tensors) {
  std::int64_t begin = 0;
  for (const at::Tensor& tensor : tensors) {
    tensor.detach().copy_(all.narrow(0, begin, tensor.numel()).view(tensor.sizes()));
    begin += tensor.numel();
  }
}

/// Sums in place, and waits for the sum.
void all_reduce(c10d::Backend& backend, at::Tensor tensor) {
  std::vector<at::Tensor> tensors{std::move(tensor)};
  backend.allreduce(tensors)->wait();
}

class C10dExchange final : public GradientExchange {
public:
  C10dExchange(c10::intrusive_ptr<c10d::Store> store, const Rendezvous& rendezvous,
               std::chrono::seconds timeout)
      : store_{std::move(store)}, rank_{rendezvous.rank}, size_{rendezvous.size}, timeout_{
                                                                                      timeout} {
    // Gloo's classes are only named here: Debian's headers are older than the library's code.
    const auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    const auto interface = environment_variable("GLOO_SOCKET_IFNAME");
    options->devices.push_back(
        interface ? c10d::ProcessGroupGloo::createDeviceForInterface(*interface)
                  : c10d::ProcessGroupGloo::createDefaultDevice());
    gloo_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store_, rendezvous.rank, rendezvous.size,
                                                        options);
  }

  ~C10dExchange() override { leave_nccl(&c10d::Backend::shutdown); }
  C10dExchange(const C10dExchange&) = delete;
  C10dExchange& operator=(const C10dExchange&) = delete;

  void sum(std::span<const at::Tensor> tensors) override {
    const bool by_nccl = nccl_ != nullptr && tensors.front().device() == nccl_device_;
    at::Tensor all = packed(tensors);
    all = by_nccl ? all : all.cpu();
    try {
      all_reduce(by_nccl ? *nccl_ : *gloo_, all);
    } catch (const std::exception& exception) {
      leave_nccl(&c10d::Backend::abort);
      throw_if_interrupted(); // a launcher stops all its processes at about the same time
      throw peer_lost(first_line(exception.what()));
    }
    unpack(all, tensors);
  }

  void use_nccl(const NcclPlugin& plugin, c10::Device device) override {
    const at::Tensor able = at::full({1}, plugin.entry == nullptr ? 0 : 1, at::kLong);
    sum(std::array{able});
    if (able.item<std::int64_t>() < size_) {
      const std::string why_not =
          plugin.entry == nullptr ? plugin.why_not : "is missing in another process";
      if (!why_not.empty()) {
        log().info("process {} sums gradients by Gloo on the CPU: NCCL {}", rank_, why_not);
      }
      return;
    }
    try {
      nccl_ = plugin.entry->make(c10::make_intrusive<c10d::PrefixStore>("nccl", store_), rank_,
                                 size_, timeout_);
      all_reduce(*nccl_, at::ones({1}, at::TensorOptions{device})); // connects
    } catch (const std::exception& exception) {
      leave_nccl(&c10d::Backend::abort);
      throw_if_interrupted();
      throw Error{ErrorCode::device, fmt::format("process {}", rank_),
                  fmt::format("NCCL cannot start: {}", first_line(exception.what())),
                  "set NCCL_DEBUG=INFO to see why; without lib/liblmc_nccl.so gradients are summed "
                  "by Gloo on the CPU"};
    }
    nccl_device_ = device;
    log().info("process {} sums gradients by NCCL on {}", rank_, device.str());
  }

  void report_failure(const std::string& reason) override {
    leave_nccl(&c10d::Backend::abort);
    try {
      store_->set(failure_key, fmt::format("process {}: {}", rank_, reason));
    } catch (const std::exception& exception) {
      log().debug("the others cannot be told: {}", first_line(exception.what()));
    }
  }

private:
  /// @param how waiting for what is still going on (shutdown), or not (abort)
  void leave_nccl(void (c10d::Backend::*how)()) {
    try {
      if (const auto nccl = std::exchange(nccl_, nullptr)) {
        (nccl.get()->*how)();
      }
    } catch (const std::exception& exception) {
      log().debug("NCCL does not end: {}", first_line(exception.what()));
    }
  }

  /// What another process said before it ended, if it could.
  [[nodiscard]] std::optional<std::string> reported_failure() const {
    try {
      if (store_->check({failure_key})) {
        const auto bytes = store_->get(failure_key);
        return std::string{bytes.begin(), bytes.end()};
      }
    } catch (const std::exception& exception) {
      log().debug("the store is gone: {}", first_line(exception.what()));
    }
    return std::nullopt;
  }

  [[nodiscard]] Error peer_lost(const std::string& cause) const {
    return Error{
        ErrorCode::peer_lost, fmt::format("process {}", rank_),
        reported_failure().value_or("another process has ended or does not answer: " + cause),
        "see what the other processes said; go on from the last checkpoint with --resume"};
  }

  c10::intrusive_ptr<c10d::Store> store_;
  c10::intrusive_ptr<c10d::Backend> gloo_;
  c10::intrusive_ptr<c10d::Backend> nccl_; ///< once it is used
  c10::Device nccl_device_{c10::DeviceType::CUDA, 0};
  int rank_;
  int size_;
  std::chrono::milliseconds timeout_;
};

c10::intrusive_ptr<c10d::Store> meet(const Rendezvous& rendezvous, std::chrono::seconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = rendezvous.port;
  options.isServer = rendezvous.rank == 0 && !rendezvous.launcher_serves;
  options.timeout = timeout;
  if (!rendezvous.launcher_serves) {
    options.numWorkers = static_cast<std::size_t>(rendezvous.size);
  }
  // The launcher keeps its own entries in the store, and those of attempts that failed.
  return c10::make_intrusive<c10d::PrefixStore>(
      fmt::format("light_my_cells/{}", rendezvous.attempt),
      c10::make_intrusive<c10d::TCPStore>(rendezvous.host, options));
}

} // namespace

ProcessGroup join_processes(const Rendezvous& rendezvous, std::chrono::seconds timeout) {
  try {
    const auto store = meet(rendezvous, timeout);
    return {.rank = rendezvous.rank,
            .size = rendezvous.size,
            .local_rank = rendezvous.local_rank,
            .local_size = rendezvous.local_size,
            .exchange = std::make_shared<C10dExchange>(store, rendezvous, timeout)};
  } catch (const std::exception& exception) {
    throw_if_interrupted();
    throw Error{ErrorCode::peer_lost, fmt::format("process {}", rendezvous.rank),
                fmt::format("the {} processes did not meet at {}:{} within {} s: {}",
                            rendezvous.size, rendezvous.host, rendezvous.port, timeout.count(),
                            first_line(exception.what())),
                "start all of them, with the same MASTER_ADDR and MASTER_PORT; "
                "\"compute.timeout_seconds\" is how long each waits"};
  }
}

void wait_for_all(const ProcessGroup& processes) {
  if (processes.exchange != nullptr) {
    processes.exchange->sum(std::array{at::full({1}, 0, at::kLong)});
  }
}

void throw_if_any_interrupted(const ProcessGroup& processes) {
  if (processes.exchange == nullptr) {
    throw_if_interrupted();
    return;
  }
  std::optional<Interrupted> interrupted;
  try {
    throw_if_interrupted();
  } catch (const Interrupted& signalled) {
    interrupted = signalled;
  }
  const at::Tensor count = at::full({1}, interrupted ? 1 : 0, at::kLong);
  processes.exchange->sum(std::array{count});
  if (count.item<std::int64_t>() > 0) {
    throw interrupted.value_or(Interrupted{SIGTERM});
  }
}

} // namespace lmc::training
