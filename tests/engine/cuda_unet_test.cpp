// SPDX-License-Identifier: Apache-2.0
// The whole CUDA engine's way through a UNet++, with the kernels and convolutions on the host.
#include "engine/cuda/half_unetpp.hpp"

#include "model/storage/weights.hpp"
#include "tests/engine/cuda_host.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>
#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string>

using namespace lmc;
using namespace lmc::engine::cuda;
using namespace lmc::engine::cuda::test;

namespace {

const c10::Device cpu_device{c10::DeviceType::CPU};

// The demo's: groups of 2, 4, 8 and 16 channels.
constexpr model::UnetPlusPlusArchitecture small{.layers = {1, 1, 1, 1},
                                                .groups = 8,
                                                .width_per_group = 16,
                                                .stem_channels = 8,
                                                .decoder_channels = {64, 32, 16, 16, 8}};

model::Weights weights_of(const model::UnetPlusPlusArchitecture& architecture) {
  model::Weights weights;
  weights.architecture = architecture;
  weights.state = lmc::test::formula_weights(architecture);
  return weights;
}

HalfUnetPlusPlus network_of(const model::Weights& weights) {
  const auto& architecture = std::get<model::UnetPlusPlusArchitecture>(weights.architecture);
  return {engine::describe_layers(architecture, weights.state), cpu_device};
}

at::Tensor run_on_cpu(const model::Weights& weights, const at::Tensor& windows,
                      Modality modality = Modality::unknown) {
  HalfUnetPlusPlus network = network_of(weights);
  network.steer(modality);
  HostBackend backend;
  return network.run(windows, backend);
}

// Half precision rounds every activation by 2^-12 on average of its size. Measured here: 1.5e-4 to
// 5.9e-4, largest 3.9e-3.
constexpr Allowed allowed{.rms = 1e-3, .largest = 8e-3};

} // namespace

CATCH_TEST_CASE("the CUDA engine agrees with float64 for every UNet++") {
  const auto architecture =
      GENERATE(model::UnetPlusPlusArchitecture{small},
               // Groups of 4 to 32, several blocks a stage.
               model::UnetPlusPlusArchitecture{.layers = {2, 1, 3, 2},
                                               .groups = 4,
                                               .width_per_group = 8,
                                               .stem_channels = 32,
                                               .decoder_channels = {64, 32, 16, 16, 8}},
               // Groups that are no power of two, channels that share nothing but eight.
               model::UnetPlusPlusArchitecture{.layers = {1, 2, 1, 1},
                                               .groups = 3,
                                               .width_per_group = 24,
                                               .stem_channels = 64,
                                               .decoder_channels = {40, 8, 24, 16, 56}},
               // A plain ResNet.
               model::UnetPlusPlusArchitecture{.layers = {1, 1, 2, 1},
                                               .groups = 1,
                                               .width_per_group = 64,
                                               .stem_channels = 16,
                                               .decoder_channels = {32, 32, 16, 16, 16}});
  CATCH_INFO(model::describe(architecture));
  const model::Weights weights = weights_of(architecture);
  const at::Tensor windows = normal_tensor({2, 1, 64, 96}, 1, 0.4F);
  check_close(run_on_cpu(weights, windows), exact_prediction(architecture, weights.state, windows),
              allowed);
}

CATCH_TEST_CASE("the CUDA engine agrees with float64 at the depth of a resnext101") {
  const model::UnetPlusPlusArchitecture architecture{.layers = {3, 4, 23, 3},
                                                     .groups = 8,
                                                     .width_per_group = 16,
                                                     .stem_channels = 16,
                                                     .decoder_channels = {64, 32, 16, 16, 16}};
  const model::Weights weights = weights_of(architecture);
  const at::Tensor windows = normal_tensor({1, 1, 96, 64}, 1, 0.4F);
  check_close(run_on_cpu(weights, windows), exact_prediction(architecture, weights.state, windows),
              allowed);
}

CATCH_TEST_CASE("a dynamic UNet++ follows the modality on CUDA") {
  model::UnetPlusPlusArchitecture architecture = small;
  architecture.dynamic = true;
  const model::Weights weights = weights_of(architecture);
  const at::Tensor windows = normal_tensor({1, 1, 32, 64}, 1, 0.4F);
  HalfUnetPlusPlus network = network_of(weights);
  HostBackend backend;
  at::Tensor before = at::zeros({1, 4, 32, 64});
  for (const Modality modality :
       {Modality::bright_field, Modality::dic, Modality::phase_contrast, Modality::unknown}) {
    network.steer(modality);
    const at::Tensor result = network.run(windows, backend);
    check_close(result, exact_prediction(architecture, weights.state, windows, modality), allowed);
    CATCH_CHECK(result.sub(before).abs().max().item<float>() > 1e-2F);
    before = result;
  }
}

CATCH_TEST_CASE("steering changes a UNet++'s numbers where they lie") {
  // Graphs read them there.
  model::UnetPlusPlusArchitecture architecture = small;
  architecture.dynamic = true;
  HalfUnetPlusPlus network = network_of(weights_of(architecture));
  const at::Tensor steering = network.layers().stem.steering;
  const at::Tensor unknown = steering.clone();
  CATCH_CHECK(steering.sizes() == at::IntArrayRef{2, 8});
  network.steer(Modality::dic);
  CATCH_CHECK_FALSE(at::equal(steering, unknown));
  network.steer(Modality::unknown);
  CATCH_CHECK(at::equal(steering, unknown));
}

namespace {

/// A batch norm as a factor and a shift, in float64.
struct ExactNorm {
  ExactNorm(const model::StateDict& state, const std::string& name) {
    const auto values = [&](const char* what) { return state.at(name + what).to(at::kDouble); };
    factor = values(".weight").div(values(".running_var").add(1e-5).sqrt());
    shift = values(".bias").sub(values(".running_mean").mul(factor));
  }

  at::Tensor factor;
  at::Tensor shift;
};

double largest(const at::Tensor& values) {
  return values.abs().max().to(at::kDouble).item<double>();
}

} // namespace

CATCH_TEST_CASE("batch norms are folded before weights are rounded to half precision") {
  const model::StateDict state = lmc::test::formula_weights(small);
  const HalfUnetPlusPlus network{engine::describe_layers(small, state), cpu_device};
  const auto& block = network.layers().stages[1][0];
  const std::string name = "encoder.layer2.0";
  const at::Tensor exact = state.at(name + ".conv2.weight")
                               .to(at::kDouble)
                               .mul(ExactNorm{state, name + ".bn2"}.factor.view({-1, 1, 1, 1}));
  CATCH_REQUIRE(block.conv2.weight.sizes() == exact.sizes());
  CATCH_CHECK(block.conv2.weight.is_contiguous(at::MemoryFormat::ChannelsLast));
  CATCH_CHECK(block.conv2.shape.stride == 2);
  CATCH_CHECK(block.conv2.shape.groups == 8);
  // Rounded once: half a unit, and a little for float32.
  const at::Tensor error = block.conv2.weight.to(at::kDouble).sub(exact).abs();
  CATCH_CHECK(largest(error.sub(exact.abs().mul(0x1.002p-11)).clamp_min(0)) <= 0x1p-25);
  // What the block and its projection add is one bias.
  const at::Tensor bias =
      ExactNorm{state, name + ".bn3"}.shift.add(ExactNorm{state, name + ".downsample.1"}.shift);
  CATCH_CHECK(largest(block.conv3.bias.sub(bias)) < 1e-6);
  CATCH_REQUIRE(block.projection.has_value());
  CATCH_CHECK(block.projection->shape.stride == 2);
}

CATCH_TEST_CASE("a UNet++'s head is filled up to eight channels with zeros") {
  const model::StateDict state = lmc::test::formula_weights(small);
  const HalfUnetPlusPlus network{engine::describe_layers(small, state), cpu_device};
  const HalfUnetPlusPlus::Conv& head = network.layers().head;
  CATCH_REQUIRE(head.weight.sizes() == at::IntArrayRef{8, 8, 3, 3});
  CATCH_CHECK(largest(head.weight.narrow(0, 4, 4)) == 0);
  CATCH_CHECK(largest(head.weight.narrow(0, 3, 1)) > 0);
  CATCH_CHECK(at::equal(head.bias.narrow(0, 0, 4), state.at("segmentation_head.0.bias")));
}

CATCH_TEST_CASE("an overflow in any layer of a UNet++ makes its window NaN") {
  const char* const layer = GENERATE(
      "encoder.bn1", "encoder.layer1.0.bn1", "encoder.layer1.0.bn2", "encoder.layer2.0.bn3",
      "encoder.layer3.0.downsample.1", "encoder.layer4.0.bn3", "decoder.blocks.x_0_0.conv1.1",
      "decoder.blocks.x_1_2.conv2.1", "decoder.blocks.x_0_4.conv2.1");
  CATCH_INFO(layer);
  const model::Weights weights = weights_of(small);
  const at::Tensor windows = normal_tensor({1, 1, 32, 32}, 1, 0.4F);
  CATCH_REQUIRE(run_on_cpu(weights, windows).isfinite().all().item<bool>());
  at::Tensor gain = weights.state.at(std::string{layer} + ".weight");
  gain.mul_(1e6);
  CATCH_CHECK(run_on_cpu(weights, windows).isnan().any().item<bool>());
  // It is half precision's, not the network's.
  CATCH_CHECK(
      exact_prediction(weights.architecture, weights.state, windows).isfinite().all().item<bool>());
}

CATCH_TEST_CASE("tanh does not hide an overflow of a UNet++'s last sums") {
  const model::Weights weights = weights_of(small);
  at::Tensor head = weights.state.at("segmentation_head.0.weight");
  head.mul_(6e4 / largest(head)); // still half precision, but what it multiplies is not small
  const at::Tensor windows = normal_tensor({1, 1, 32, 32}, 1, 0.4F);
  const at::Tensor expected = exact_prediction(weights.architecture, weights.state, windows);
  CATCH_REQUIRE(expected.isfinite().all().item<bool>());
  CATCH_CHECK(run_on_cpu(weights, windows).isnan().any().item<bool>());
}

CATCH_TEST_CASE("a window that overflows in a UNet++ leaves its neighbour alone") {
  const model::Weights weights = weights_of(small);
  at::Tensor windows = normal_tensor({2, 1, 32, 64}, 1, 0.4F);
  windows[1].mul_(1e7);
  const at::Tensor result = run_on_cpu(weights, windows);
  check_close(result.narrow(0, 0, 1),
              exact_prediction(weights.architecture, weights.state, windows.narrow(0, 0, 1)),
              allowed);
  CATCH_CHECK(result[1].isnan().any().item<bool>());
}

namespace {

/// Follows what is allocated on the CPU, convolutions' own work space apart.
class Meter final : public c10::MemoryReportingInfoBase {
public:
  void reportMemoryUsage(void* place, std::int64_t bytes, std::size_t /*allocated*/,
                         std::size_t /*reserved*/, c10::Device /*device*/) override {
    if (bytes > 0 && !paused) {
      add(place, static_cast<std::uint64_t>(bytes));
    } else if (bytes < 0) {
      if (const auto found = alive_.find(place); found != alive_.end()) {
        now_ -= found->second;
        alive_.erase(found);
      }
    }
  }
  [[nodiscard]] bool memoryProfilingEnabled() const override { return true; }

  void add(void* place, std::uint64_t bytes) {
    alive_[place] = bytes;
    now_ += bytes;
    most = std::max(most, now_);
  }

  bool paused = false;
  std::uint64_t most = 0;

private:
  std::uint64_t now_ = 0;
  std::map<void*, std::uint64_t> alive_;
};

/// Counts of a convolution its result only.
class MeteredBackend final : public Backend {
public:
  explicit MeteredBackend(Meter& meter) : meter_{meter} {}

  void run(const KernelCall& call) override { host_.run(call); }

  at::Tensor convolve(const at::Tensor& input, const at::Tensor& weight,
                      const ConvShape& shape) override {
    meter_.paused = true;
    at::Tensor result = host_.convolve(input, weight, shape);
    meter_.paused = false;
    meter_.add(result.mutable_data_ptr(), result.nbytes());
    return result;
  }

private:
  HostBackend host_;
  Meter& meter_;
};

} // namespace

CATCH_TEST_CASE("the memory of a UNet++ is what it allocates at most at one time") {
  // The largest sum is in the decoder of the first, in the encoder of the second.
  model::UnetPlusPlusArchitecture wide = small;
  wide.groups = 64;
  for (const auto& architecture : {small, wide}) {
    const model::Weights weights = weights_of(architecture);
    HalfUnetPlusPlus network = network_of(weights);
    const at::Tensor windows = normal_tensor({2, 1, 64, 32}, 1, 0.4F);
    const auto meter = std::make_shared<Meter>();
    MeteredBackend backend{*meter};
    {
      const c10::DebugInfoGuard guard{c10::DebugInfoKind::PROFILER_STATE, meter};
      static_cast<void>(network.run(windows, backend));
    }
    CATCH_CHECK(network.bytes(2, 64, 32) == meter->most);
  }
}
