// SPDX-License-Identifier: Apache-2.0
// The one function that the library exports, see engine/cuda_engine.hpp.
#include "compute/build_identity.hpp"
#include "engine/cuda/cuda_network.hpp"
#include "engine/cuda_engine.hpp"

namespace {

std::unique_ptr<lmc::model::Network> make(const lmc::model::Weights& weights,
                                          c10::DeviceIndex index) {
  return std::make_unique<lmc::engine::cuda::CudaNetwork>(weights, index);
}

} // namespace

extern "C" __attribute__((visibility("default"))) const lmc::PluginEntry* lmc_cuda_engine() {
  static const lmc::engine::CudaEngineEntry entry{{lmc::compute::build_identity}, make};
  return &entry;
}
