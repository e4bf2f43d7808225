// SPDX-License-Identifier: Apache-2.0
#include "compute/device.hpp"

#include "common/error.hpp"
#include "common/running/resources.hpp"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::compute;
using Kind = DeviceRequest::Kind;

namespace {

std::optional<std::string> broken(c10::DeviceIndex /*index*/) {
  return "the driver is too old";
}
std::optional<std::string> working(c10::DeviceIndex /*index*/) {
  return std::nullopt;
}

} // namespace

CATCH_TEST_CASE("devices are read as written on the command line") {
  CATCH_CHECK(parse_device("auto").kind == Kind::automatic);
  CATCH_CHECK(parse_device("cpu").kind == Kind::cpu);
  CATCH_CHECK(parse_device("cuda").kind == Kind::cuda);
  CATCH_CHECK(parse_device("cuda").index == 0);
  CATCH_CHECK(parse_device("cuda:3").kind == Kind::cuda);
  CATCH_CHECK(parse_device("cuda:3").index == 3);
}

CATCH_TEST_CASE("other devices are refused with the possible ones") {
  for (const char* text : {"", "gpu", "CPU", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda:999"}) {
    CATCH_INFO(text);
    CATCH_CHECK_THROWS_WITH(parse_device(text), Catch::Contains("error[E201]") &&
                                                    Catch::Contains("is no device") &&
                                                    Catch::Contains("auto, cpu, cuda or cuda:N"));
  }
}

CATCH_TEST_CASE("auto takes a working CUDA device and says why it takes the CPU otherwise") {
  const DeviceChoice cuda = choose_device(parse_device("auto"), working);
  CATCH_CHECK(cuda.device.is_cuda());
  CATCH_CHECK_FALSE(cuda.why_not_cuda);
  const DeviceChoice cpu = choose_device(parse_device("auto"), broken);
  CATCH_CHECK(cpu.device.is_cpu());
  CATCH_CHECK(cpu.why_not_cuda == "the driver is too old");
}

CATCH_TEST_CASE("cpu never asks for CUDA") {
  const CudaProbe never = [](c10::DeviceIndex) -> std::optional<std::string> {
    throw std::logic_error("probed");
  };
  CATCH_CHECK(choose_device(parse_device("cpu"), never).device.is_cpu());
}

CATCH_TEST_CASE("a CUDA device asked for by name is used or an error") {
  CATCH_CHECK(choose_device(parse_device("cuda:1"), working).device.index() == 1);
  try {
    static_cast<void>(choose_device(parse_device("cuda:1"), broken));
    CATCH_FAIL("no error");
  } catch (const Error& error) {
    CATCH_CHECK(error.code() == ErrorCode::device);
    CATCH_CHECK(error.subject() == "--device cuda:1");
    CATCH_CHECK(error.cause() == "the driver is too old");
    CATCH_CHECK_THAT(error.remedy(), Catch::Contains("--device cpu"));
  }
}

CATCH_TEST_CASE("the probe gives a reason of one line, or the device works") {
  const std::optional<std::string> reason = probe_cuda(0);
  if (reason) {
    CATCH_CHECK_FALSE(reason->empty());
    CATCH_CHECK(reason->find('\n') == std::string::npos);
    CATCH_CHECK_FALSE(free_cuda_memory(0));
    CATCH_CHECK_NOTHROW(empty_cuda_cache());
  } else {
    CATCH_CHECK(free_cuda_memory(0).value_or(0) > 0);
  }
}

CATCH_TEST_CASE("computing is deterministic, exact and within the quota unless asked otherwise") {
  CATCH_CHECK(configure_compute({}) == available_threads());
  CATCH_CHECK(at::get_num_threads() == available_threads());
  CATCH_CHECK_FALSE(at::globalContext().allowTF32CuBLAS());
  CATCH_CHECK_FALSE(at::globalContext().allowTF32CuDNN());
  CATCH_CHECK(at::globalContext().deterministicCuDNN());
  configure_compute({.threads = 1, .allow_tf32 = true});
  CATCH_CHECK(at::get_num_threads() == 1);
  CATCH_CHECK(at::globalContext().allowTF32CuBLAS());
  CATCH_CHECK(at::globalContext().allowTF32CuDNN());
  configure_compute({});
}
