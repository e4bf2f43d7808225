// SPDX-License-Identifier: Apache-2.0
// A plug-in in the CUDA engine's place; LMC_STUB_BUILD says which build it claims to be of. It
// links none of our libraries, which are not position independent in an ordinary build.
#include "engine/cuda_engine.hpp"

#include <ATen/ops/zeros.h>

#include <cstdlib>
#include <stdexcept>

namespace {

using namespace lmc;

class StubNetwork final : public model::Network {
public:
  at::Tensor predict(const at::Tensor& windows, Modality /*modality*/) const override {
    return at::zeros({windows.size(0), 4, windows.size(2), windows.size(3)});
  }
  std::uint64_t memory_estimate(std::int64_t batch, std::int64_t /*height*/,
                                std::int64_t /*width*/) const override {
    return static_cast<std::uint64_t>(batch);
  }
  std::int64_t window_multiple() const override { return 4; }
  c10::Device device() const override { return c10::Device{c10::DeviceType::CPU}; }
  const compute::WindowKernels& window_kernels() const override {
    throw std::logic_error{"a stub has none"};
  }
};

std::string build() {
  const char* const claimed = std::getenv("LMC_STUB_BUILD");
  return claimed == nullptr ? "" : claimed;
}

std::unique_ptr<model::Network> make(const model::Weights& /*weights*/,
                                     c10::DeviceIndex /*index*/) {
  return std::make_unique<StubNetwork>();
}

} // namespace

extern "C" const PluginEntry* lmc_cuda_engine() {
  static const engine::CudaEngineEntry entry{{build}, make};
  return &entry;
}
