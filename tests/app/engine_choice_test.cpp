// SPDX-License-Identifier: Apache-2.0
#include "app/engine_choice.hpp"

#include "common/error.hpp"
#include "engine/cpu_network.hpp"
#include "engine/cuda_engine.hpp"
#include "model/torch_network.hpp"
#include "tests/support/formula_weights.hpp"

#include <catch2/catch.hpp>

using namespace lmc;
using namespace lmc::app;

namespace {

const c10::Device cpu{c10::DeviceType::CPU};
const c10::Device cuda{c10::DeviceType::CUDA, 0};
const model::Architecture generator = model::GeneratorArchitecture{.filters = 4, .blocks = 1};

model::Weights weights_of(const model::Architecture& architecture) {
  model::Weights weights;
  weights.architecture = architecture;
  weights.state = lmc::test::formula_weights(architecture);
  return weights;
}

} // namespace

CATCH_TEST_CASE("auto takes the native engine where it can and LibTorch elsewhere") {
  const std::string native = "native (" + engine::instruction_set() + ")";
  CATCH_CHECK(engine_name(EngineChoice::automatic, generator, cpu) == native);
  CATCH_CHECK(engine_name(EngineChoice::automatic, generator, cuda) == "torch");
  CATCH_CHECK(engine_name(EngineChoice::torch, generator, cpu) == "torch");
  const auto made = make_network(EngineChoice::automatic, weights_of(generator), cpu);
  CATCH_CHECK(dynamic_cast<engine::CpuNetwork*>(made.get()) != nullptr);
  const auto plain = make_network(EngineChoice::torch, weights_of(generator), cpu);
  CATCH_CHECK(dynamic_cast<model::TorchNetwork*>(plain.get()) != nullptr);
}

CATCH_TEST_CASE("an engine that cannot run a network says so instead of another one running") {
  CATCH_CHECK_THROWS_WITH(
      engine_name(EngineChoice::native, generator, cuda),
      Catch::Matchers::Contains("takes multiples of 8 up to 256 filters on CUDA, this "
                                "generator has 4") &&
          Catch::Matchers::Contains("--engine auto"));
}

CATCH_TEST_CASE("the native engine on CUDA needs its library") {
  const model::Architecture suited = model::GeneratorArchitecture{.filters = 8, .blocks = 1};
  if (std::filesystem::exists(engine::cuda_engine_library())) {
    CATCH_CHECK(engine_name(EngineChoice::automatic, suited, cuda) == "native (CUDA, fp16)");
    return;
  }
  CATCH_CHECK(engine_name(EngineChoice::automatic, suited, cuda) == "torch");
  CATCH_CHECK_THROWS_WITH(
      engine_name(EngineChoice::native, suited, cuda),
      Catch::Matchers::Contains("the native engine for CUDA is not installed") &&
          Catch::Matchers::Contains("./run.sh --cuda builds it"));
}

CATCH_TEST_CASE("an unknown engine is refused with those there are") {
  CATCH_CHECK(parse_engine("auto") == EngineChoice::automatic);
  CATCH_CHECK(parse_engine("native") == EngineChoice::native);
  CATCH_CHECK(parse_engine("fast") == EngineChoice::native);
  CATCH_CHECK(parse_engine("torch") == EngineChoice::torch);
  CATCH_CHECK_THROWS_WITH(parse_engine("quick"),
                          Catch::Matchers::Contains("\"quick\" is no engine") &&
                              Catch::Matchers::Contains("auto, native or torch"));
}
