// SPDX-License-Identifier: Apache-2.0
// The way of a GPU with kernels for windows, which run on the host here, against the plain way.
#include "engine/cuda/cuda_windows.hpp"

#include "fixture.hpp"
#include "inference/predictor.hpp"
#include "stub_networks.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/frexp.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>
#include <catch2/catch.hpp>

#include <limits>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

using namespace lmc;
using namespace lmc::inference;
using namespace lmc::inference::test;

namespace {

constexpr std::uint64_t plenty = std::uint64_t{1} << 40;
constexpr std::int64_t window = 32;
const c10::Device host{c10::DeviceType::CPU};
const compute::HostWindows plain{host};
const c10::Device other{c10::DeviceType::Meta}; // stands for a GPU

/// Predictions that are powers of two: their products with weights are exact, so that it does not
/// matter whether a processor rounds them before it adds them.
at::Tensor powers_of_two(const at::Tensor& windows) {
  const at::Tensor x = position_dependent(windows);
  const at::Tensor not_zero = at::where(x == 0, at::Scalar(1.0F), x);
  return not_zero / std::get<0>(at::frexp(not_zero)).abs();
}

/// The CUDA engine's kernels for windows, run on the host, with what was started.
class HostKernels {
public:
  explicit HostKernels(bool backwards = false)
      : kernels{std::make_shared<engine::cuda::CudaWindows>(
            host, [this, backwards](const engine::cuda::KernelCall& call) {
              if (const auto* gather = std::get_if<engine::cuda::GatherWindows>(&call)) {
                gathered.push_back(gather->places.count);
              } else {
                blended.push_back(std::get<engine::cuda::BlendWindows>(call).places.count);
              }
              std::visit([&](const auto& kernel) { engine::cuda::run_on_host(kernel, backwards); },
                         call);
            })} {}

  mutable std::vector<int> gathered; ///< windows of each launch
  mutable std::vector<int> blended;
  std::shared_ptr<const compute::WindowKernels> kernels;
};

/// A network that also keeps the windows it was given.
class Watched {
public:
  explicit Watched(const StubNetwork::Function& function = powers_of_two)
      : network{[this, function](const at::Tensor& batch) {
          windows.push_back(batch.clone());
          return function(batch);
        }} {}

  std::vector<at::Tensor> windows;
  StubNetwork network;
};

at::Tensor slide(const TablePlane& plane, std::int64_t quarter_turns, BatchRunner& runner,
                 const WindowOptions& options, const compute::WindowKernels& kernels,
                 std::span<const Organelle> organelles = std::span(all_organelles)) {
  return slide_windows(kernels, kernels.turn(kernels.place(plane.view()), quarter_turns), options,
                       organelles, runner);
}

BatchRunner runner_of(const NetworkEntry& entry, std::int64_t batch = 5) {
  return {entry, Modality::dic, window, batch, plenty};
}

WindowOptions options_of(std::int64_t batch) {
  return {.window = window, .overlap = 0.6, .batch = batch};
}

/// Windows and blended planes are the same, whatever the kernels' threads do first.
void check_same(const TablePlane& plane, std::int64_t quarter_turns, std::int64_t batch,
                std::span<const Organelle> organelles = std::span(all_organelles)) {
  const auto run = [&](const compute::WindowKernels& kernels) {
    Watched watched;
    BatchRunner runner = runner_of({.network = &watched.network}, batch);
    const at::Tensor blended =
        slide(plane, quarter_turns, runner, options_of(batch), kernels, organelles);
    return std::pair{blended, at::cat(watched.windows)};
  };
  const auto [expected, expected_windows] = run(plain);
  for (const bool backwards : {false, true}) {
    const HostKernels cuda{backwards};
    const auto [blended, windows] = run(*cuda.kernels);
    CATCH_CHECK(windows.equal(expected_windows));
    CATCH_CHECK(blended.equal(expected));
  }
}

} // namespace

CATCH_TEST_CASE("kernels for windows give the plain way's bits, whatever size, turn and batch") {
  struct Size {
    std::int64_t height, width;
  };
  for (const Size& size : {Size{1, 1}, {20, 90}, {64, 64}, {100, 71}, {90, 20}}) {
    const TablePlane plane{noise_image(size.height, size.width)};
    for (std::int64_t quarter_turns = 0; quarter_turns < 4; ++quarter_turns) {
      CATCH_INFO(size.height << " x " << size.width << ", " << quarter_turns);
      check_same(plane, quarter_turns, 7);
    }
  }
}

CATCH_TEST_CASE("kernels for windows keep only the organelles that are wanted") {
  const std::array some{Organelle::actin, Organelle::nucleus};
  check_same(TablePlane{noise_image(50, 70)}, 1, 4, some);
}

CATCH_TEST_CASE("a batch is one kernel, of more windows than its arguments hold several") {
  const TablePlane plane{noise_image(150, 160)};
  const auto launches = [&](std::int64_t batch) {
    const HostKernels cuda;
    Watched watched;
    BatchRunner runner = runner_of({.network = &watched.network}, batch);
    static_cast<void>(slide(plane, 0, runner, options_of(batch), *cuda.kernels));
    CATCH_CHECK(cuda.gathered == cuda.blended);
    return cuda.gathered;
  };
  // 11 x 12 windows.
  CATCH_CHECK(launches(64) == std::vector{44, 44, 44});
  CATCH_CHECK(launches(1000) == std::vector{64, 64, 4});
  check_same(plane, 3, 1000);
}

CATCH_TEST_CASE("the parts of a batch that was too large are blended where they belong") {
  const TablePlane plane{noise_image(100, 131)};
  const auto run = [&](const compute::WindowKernels& kernels) {
    Watched watched;
    watched.network.largest_batch = 3;
    BatchRunner runner = runner_of({.network = &watched.network}, 16);
    return slide(plane, 0, runner, options_of(16), kernels);
  };
  const HostKernels cuda;
  CATCH_CHECK(run(*cuda.kernels).equal(run(plain)));
  // The first batch is cut once and comes back in parts of two windows.
  CATCH_CHECK(cuda.gathered.front() > 2);
  CATCH_CHECK(cuda.blended.front() == 2);
}

CATCH_TEST_CASE("kernels for windows go on when the CPU takes over in the middle") {
  const TablePlane plane{noise_image(100, 131)};
  const auto run = [&](const compute::WindowKernels& kernels) {
    StubNetwork* on_device = nullptr;
    StubNetwork device_network([&](const at::Tensor& windows) {
      // What comes back from the other device has no values: this stands for its prediction.
      on_device->largest_batch = on_device->batches.size() == 3 ? 0 : 4;
      return at::ones({windows.size(0), 4, window, window}) * 0.5;
    });
    on_device = &device_network;
    device_network.on = other;
    const StubNetwork cpu_network(powers_of_two);
    BatchRunner runner =
        runner_of({.network = &device_network,
                   .on_cpu = [&]() -> const model::Network& { return cpu_network; }},
                  4);
    const at::Tensor blended = slide(plane, 2, runner, options_of(4), kernels);
    CATCH_CHECK(device_network.batches.size() == 3);
    CATCH_CHECK(cpu_network.batches.size() > 3);
    return blended;
  };
  const HostKernels cuda;
  CATCH_CHECK(run(*cuda.kernels).equal(run(plain)));
}

CATCH_TEST_CASE("windows redone in fp32 are blended by the kernels too") {
  const TablePlane plane{noise_image(100, 131)};
  const auto run = [&](const compute::WindowKernels& kernels) {
    const StubNetwork half([](const at::Tensor& windows) {
      const at::Tensor high = windows.amax({1, 2, 3}, true) > 0.999;
      const double nan = std::numeric_limits<double>::quiet_NaN();
      return at::where(high, at::Scalar(nan), powers_of_two(windows));
    });
    const StubNetwork exact(powers_of_two);
    BatchRunner runner =
        runner_of({.network = &half, .in_fp32 = [&]() -> const model::Network& { return exact; }});
    const at::Tensor blended = slide(plane, 0, runner, options_of(5), kernels);
    CATCH_CHECK(runner.record().windows_in_fp32 > 1);
    CATCH_CHECK_FALSE(half.batches.size() == exact.batches.size());
    return blended;
  };
  const HostKernels cuda;
  CATCH_CHECK(run(*cuda.kernels).equal(run(plain)));
}

CATCH_TEST_CASE("an image is predicted the same by a network with kernels for windows") {
  image::TransmittedLight image;
  image.pixels = {45, 70};
  for (std::uint16_t next = 0; std::uint16_t & grey : image.pixels.pixels()) {
    grey = static_cast<std::uint16_t>(next++ * 40503U);
  }
  const auto run = [&](model::InputNormalization normalisation,
                       std::shared_ptr<const compute::WindowKernels> kernels) {
    StubNetwork network(powers_of_two);
    network.kernels = std::move(kernels);
    return predict(image, route(Modality::dic),
                   [&](Role) {
                     return NetworkEntry{.network = &network, .normalisation = normalisation};
                   },
                   {.windows = {.window = window}})
        .planes;
  };
  for (const auto normalisation :
       {model::InputNormalization::none, model::InputNormalization::z_score,
        model::InputNormalization::percentile}) {
    const HostKernels cuda;
    CATCH_CHECK(run(normalisation, cuda.kernels) ==
                run(normalisation, std::make_shared<compute::HostWindows>(host)));
    CATCH_CHECK_FALSE(cuda.blended.empty());
  }
}

CATCH_TEST_CASE("windows are cut and blended on the host where a device's memory is not known") {
  const TablePlane plane{noise_image(100, 131)};
  const HostKernels cuda;
  StubNetwork network([](const at::Tensor& windows) {
    return at::ones({windows.size(0), 4, window, window}) * 0.5;
  });
  network.on = other;
  network.kernels = cuda.kernels;
  BatchRunner runner = runner_of({.network = &network});
  const at::Tensor blended =
      predict_plane(plane.view(), options_of(5), std::span(all_organelles), runner);
  CATCH_CHECK(blended.equal(at::ones({4, 100, 131}) * 0.5));
  CATCH_CHECK(cuda.gathered.empty());
  CATCH_CHECK(cuda.blended.empty());
}
