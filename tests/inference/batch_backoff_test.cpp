// SPDX-License-Identifier: Apache-2.0
#include "inference/batch_backoff.hpp"

#include "common/error.hpp"
#include "stub_networks.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/where.h>
#include <c10/util/Exception.h>
#include <catch2/catch.hpp>

#include <limits>

using namespace lmc;
using namespace lmc::inference;
using namespace lmc::inference::test;

namespace {

constexpr std::uint64_t plenty = std::uint64_t{1} << 40;

// Window i holds the number i, which tells whether the order survived.
at::Tensor numbered_windows(std::int64_t count) {
  return at::arange(count, at::kFloat).view({count, 1, 1, 1}).expand({count, 1, 8, 8}).contiguous();
}

bool is_identity(const std::vector<at::Tensor>& parts, const at::Tensor& windows) {
  return at::cat(parts).equal(identity(windows));
}

BatchRunner runner_of(const NetworkEntry& entry, std::int64_t batch,
                      std::uint64_t host_memory = plenty) {
  return {entry, Modality::dic, 8, batch, host_memory};
}

// Half precision cannot represent windows of more than 2; fp32 can.
at::Tensor overflow_above_two(const at::Tensor& windows) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  return identity(at::where(windows > 2, at::Scalar(nan), windows));
}

} // namespace

CATCH_TEST_CASE("the batch follows the memory") {
  const StubNetwork network(identity);
  CATCH_CHECK(batch_that_fits(network, 8, 16, plenty) == 16);
  CATCH_CHECK(batch_that_fits(network, 8, 16, 16000) == 16);
  CATCH_CHECK(batch_that_fits(network, 8, 16, 15999) == 8);
  CATCH_CHECK(batch_that_fits(network, 8, 16, 1500) == 1);
  CATCH_CHECK(batch_that_fits(network, 8, 16, 0) == 1);
}

CATCH_TEST_CASE("windows go through the network in batches, in order, with the modality") {
  const StubNetwork network(identity);
  BatchRunner runner = runner_of({.network = &network}, 4);
  const at::Tensor windows = numbered_windows(10);
  CATCH_CHECK(is_identity(runner.predict(windows), windows));
  CATCH_CHECK(network.batches == std::vector<std::int64_t>{4, 4, 2});
  CATCH_CHECK((network.modalities == std::vector(3, Modality::dic)));
  CATCH_CHECK(runner.record().steps.empty());
}

CATCH_TEST_CASE("the batch is halved until it fits, and nothing is lost or repeated") {
  StubNetwork network(identity);
  network.largest_batch = 3;
  BatchRunner runner = runner_of({.network = &network}, 16);
  const at::Tensor windows = numbered_windows(11);
  CATCH_CHECK(is_identity(runner.predict(windows), windows));
  CATCH_CHECK(runner.batch() == 2);
  CATCH_CHECK(network.batches == std::vector<std::int64_t>{2, 2, 2, 2, 2, 1});
  CATCH_REQUIRE(runner.record().steps.size() == 3);
  CATCH_CHECK(runner.record().steps[0] ==
              "the device is out of memory with a batch of 16 on cpu: trying 8");
  CATCH_CHECK(runner.record().steps[2] ==
              "the device is out of memory with a batch of 4 on cpu: trying 2");
}

CATCH_TEST_CASE("a device that cannot hold one window hands over to the CPU") {
  StubNetwork device_network(identity);
  device_network.on = c10::Device(c10::DeviceType::Meta); // stands for a device other than the CPU
  device_network.largest_batch = 0;
  const StubNetwork cpu_network(identity);
  BatchRunner runner = runner_of({.network = &device_network,
                                  .on_cpu = [&]() -> const model::Network& { return cpu_network; }},
                                 2);
  const at::Tensor windows = numbered_windows(3);
  CATCH_CHECK(is_identity(runner.predict(windows), windows));
  CATCH_CHECK(device_network.batches.empty());
  CATCH_CHECK(cpu_network.batches == std::vector<std::int64_t>{1, 1, 1});
  CATCH_REQUIRE(runner.record().steps.size() == 2);
  CATCH_CHECK(runner.record().steps[1] ==
              "the device is out of memory with a single window on meta: going on with the CPU");
}

CATCH_TEST_CASE("without another way out the error names the window and a remedy") {
  StubNetwork network(identity);
  network.largest_batch = 0;
  BatchRunner runner = runner_of({.network = &network, .name = "unified"}, 2);
  try {
    static_cast<void>(runner.predict(numbered_windows(2)));
    CATCH_FAIL("no error");
  } catch (const Error& error) {
    CATCH_CHECK(error.exit_code() == ExitCode::memory);
    CATCH_CHECK(error.subject() == "unified");
    CATCH_CHECK(error.cause() ==
                "the device is out of memory with a single window of 8 x 8 pixels on cpu");
    CATCH_CHECK_THAT(error.remedy(), Catch::Contains("raise the memory limit"));
  }
}

CATCH_TEST_CASE("a window that cannot fit the host fails before anything runs") {
  const StubNetwork network(identity);
  CATCH_CHECK_THROWS_WITH(runner_of({.network = &network}, 0, 999),
                          Catch::Contains("error[E501]") &&
                              Catch::Contains("one window of 8 x 8 pixels needs about"));
  CATCH_CHECK(network.batches.empty());
}

CATCH_TEST_CASE("a batch the user asked for is reduced only with a note") {
  const StubNetwork network(identity);
  const BatchRunner runner = runner_of({.network = &network}, 8, 5000);
  CATCH_CHECK(runner.batch() == 4);
  CATCH_REQUIRE(runner.record().steps.size() == 1);
  CATCH_CHECK_THAT(runner.record().steps[0],
                   Catch::StartsWith("a batch of 8 needs about") && Catch::EndsWith("using 4"));
}

CATCH_TEST_CASE("failures that are not about memory are not retried") {
  const StubNetwork network([](const at::Tensor& windows) -> at::Tensor {
    TORCH_CHECK(false, "wrong shape ", windows.dim());
  });
  BatchRunner runner = runner_of({.network = &network}, 4);
  CATCH_CHECK_THROWS_AS(runner.predict(numbered_windows(4)), c10::Error);
  CATCH_CHECK(network.batches.size() == 1);
}

CATCH_TEST_CASE("windows that half precision cannot represent are redone in fp32, and only they") {
  const StubNetwork half(overflow_above_two);
  const StubNetwork exact(identity);
  BatchRunner runner =
      runner_of({.network = &half, .in_fp32 = [&]() -> const model::Network& { return exact; }}, 4);
  const at::Tensor windows = numbered_windows(5);
  CATCH_CHECK(is_identity(runner.predict(windows), windows));
  CATCH_CHECK(exact.batches == std::vector<std::int64_t>{1, 1});
  CATCH_CHECK(runner.record().windows_in_fp32 == 2);
}

CATCH_TEST_CASE("NaN from fp32 is an error that names the network") {
  const StubNetwork network(overflow_above_two);
  BatchRunner runner = runner_of({.network = &network, .name = "dic"}, 4);
  CATCH_CHECK_NOTHROW(runner.predict(numbered_windows(3)));
  CATCH_CHECK_THROWS_WITH(runner.predict(numbered_windows(4)),
                          Catch::Contains("error[E102] dic: its prediction holds NaN or infinity"));
}
