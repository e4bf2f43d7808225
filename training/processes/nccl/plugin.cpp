// SPDX-License-Identifier: Apache-2.0
// The one function that the library exports, see training/processes/nccl_plugin.hpp.
#include "compute/build_identity.hpp"
#include "training/processes/nccl_plugin.hpp"

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include <stdlib.h>

namespace {

c10::intrusive_ptr<c10d::Backend> make(const c10::intrusive_ptr<c10d::Store>& store, int rank,
                                       int size, std::chrono::milliseconds timeout) {
  // Without it a lost process is an abort in a thread of LibTorch's, not an error that can be told.
  setenv("TORCH_NCCL_BLOCKING_WAIT", "1", 0);
  const auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, rank, size, options);
}

} // namespace

extern "C" __attribute__((visibility("default"))) const lmc::PluginEntry* lmc_nccl() {
  static const lmc::training::NcclEntry entry{{lmc::compute::build_identity}, make};
  return &entry;
}
