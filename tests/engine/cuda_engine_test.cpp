// SPDX-License-Identifier: Apache-2.0
#include "engine/cuda_engine.hpp"

#include "compute/build_identity.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include <stdlib.h>

using namespace lmc;
using namespace lmc::engine;
using Catch::Matchers::Contains;

CATCH_TEST_CASE("a plug-in of the same build makes networks") {
  setenv("LMC_STUB_BUILD", compute::build_identity().c_str(), 1);
  const CudaEngine engine = open_cuda_engine(LMC_STUB_PLUGIN);
  CATCH_REQUIRE(engine.why_not.empty());
  CATCH_REQUIRE(engine.entry != nullptr);
  const auto network = engine.entry->make({}, 0);
  const at::Tensor result = network->predict(at::zeros({1, 1, 16, 16}), Modality::dic);
  CATCH_CHECK(result.sizes() == at::IntArrayRef{1, 4, 16, 16});
}

CATCH_TEST_CASE("a plug-in that is missing, no library, another one or of another build is named") {
  const test::TemporaryFolder folder;
  const auto why_not = [](const std::filesystem::path& library) {
    const CudaEngine engine = open_cuda_engine(library);
    CATCH_CHECK(engine.entry == nullptr);
    return engine.why_not;
  };
  CATCH_CHECK_THAT(why_not(folder.path() / "none.so"), Contains("for CUDA is not installed") &&
                                                           Contains("none.so") &&
                                                           Contains("./run.sh --cuda"));
  CATCH_CHECK_THAT(why_not(folder.file("text.so", "no library")),
                   Contains("for CUDA cannot be loaded") && Contains("text.so"));
  CATCH_CHECK_THAT(why_not(LMC_EMPTY_PLUGIN), Contains("has no function lmc_cuda_engine"));
  setenv("LMC_STUB_BUILD", "0.0.1 abc", 1);
  CATCH_CHECK_THAT(why_not(LMC_STUB_PLUGIN), Contains("is of another build") &&
                                                 Contains("is 0.0.1 abc") &&
                                                 Contains(compute::build_identity()));
}

CATCH_TEST_CASE("the CUDA engine that was built with these tests, if any, can be opened") {
  const CudaEngine engine = open_cuda_engine(cuda_engine_library());
  const bool built = std::filesystem::exists(cuda_engine_library());
  CATCH_CHECK(engine.why_not.empty() == built);
  CATCH_CHECK((engine.entry != nullptr) == built);
}

CATCH_TEST_CASE("networks that the CUDA engine does not run are named") {
  CATCH_CHECK(why_not_native_on_cuda(model::GeneratorArchitecture{.filters = 12}) ==
              "takes multiples of 8 up to 256 filters on CUDA, this generator has 12");
}

CATCH_TEST_CASE("a UNet++ whose channels are not multiples of eight is named with its layer") {
  const auto why_not = [](const model::UnetPlusPlusArchitecture& architecture) {
    return why_not_native_on_cuda(architecture).value_or("");
  };
  const std::string reason =
      "takes channels in multiples of 8 on CUDA, this UNet++ has a layer of ";
  CATCH_CHECK(why_not({.groups = 32, .width_per_group = 16, .stem_channels = 12}) == reason + "12");
  CATCH_CHECK(why_not({.groups = 3, .width_per_group = 4, .stem_channels = 64}) == reason + "12");
  CATCH_CHECK(why_not({.decoder_channels = {256, 128, 64, 33, 16}}) == reason + "33");
}

CATCH_TEST_CASE("every other UNet++ is the CUDA engine's, where there is one") {
  const std::string missing = installed_cuda_engine().why_not;
  for (const auto& architecture :
       {model::UnetPlusPlusArchitecture{}, model::UnetPlusPlusArchitecture{.dynamic = true},
        model::UnetPlusPlusArchitecture{.layers = {3, 4, 6, 3}, .width_per_group = 4},
        model::UnetPlusPlusArchitecture{.width_per_group = 48}}) {
    CATCH_CHECK(why_not_native_on_cuda(architecture).value_or("") == missing);
  }
}
