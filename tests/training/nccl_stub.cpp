// SPDX-License-Identifier: Apache-2.0
// A plug-in in NCCL's place that sums by Gloo. LMC_STUB_BUILD says which build it claims to be of,
// LMC_STUB whether it "sums" or "fails". It links none of our libraries, which
// are not position independent in an ordinary build.
#include "training/processes/nccl_plugin.hpp"

#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class StubBackend final : public c10d::ProcessGroupGloo {
public:
  using ProcessGroupGloo::ProcessGroupGloo;

  c10::intrusive_ptr<c10d::Work> allreduce(std::vector<at::Tensor>& tensors,
                                           const c10d::AllreduceOptions& options) override {
    std::fputs("the stub sums\n", stderr);
    return ProcessGroupGloo::allreduce(tensors, options);
  }
};

std::string build() {
  return variable("LMC_STUB_BUILD");
}

c10::intrusive_ptr<c10d::Backend> make(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                       int size, std::chrono::milliseconds timeout) {
  if (variable("LMC_STUB") == "fails") {
    throw std::runtime_error{"the stub has no GPU\nand says so in two lines"};
  }
  const auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
  return c10::make_intrusive<StubBackend>(store, rank, size, options);
}

} // namespace

extern "C" const lmc::PluginEntry* lmc_nccl() {
  static const lmc::training::NcclEntry entry{{build}, make};
  return &entry;
}
