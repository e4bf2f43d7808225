// SPDX-License-Identifier: Apache-2.0
#include "training/initialisation.hpp"

#include "model/networks.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace lmc;
using namespace lmc::training;

CATCH_TEST_CASE("new weights are spread as PyTorch's layers spread them") {
  const model::GeneratorArchitecture architecture{.filters = 16, .blocks = 1};
  const auto state = initial_weights(tensor_specs(architecture), 1, "generator");
  const auto check = [&](const std::string& name, double fan_in) {
    CATCH_CAPTURE(name);
    const double bound = 1 / std::sqrt(fan_in);
    const at::Tensor& tensor = state.at(name);
    CATCH_CHECK(tensor.abs().max().item<double>() <= bound);
    CATCH_CHECK(tensor.abs().max().item<double>() >= 0.8 * bound);
    if (tensor.numel() > 1000) { // the deviation of a uniform distribution
      CATCH_CHECK(tensor.std().item<double>() == Approx(bound / std::sqrt(3)).epsilon(0.05));
      CATCH_CHECK(std::abs(tensor.mean().item<double>()) < 0.05 * bound);
    }
  };
  check("encoder.4.weight", 16 * 9);
  check("encoder.4.bias", 16 * 9);
  check("encoder.10.conv_block.1.weight", 64 * 9);
  check("decoder1.decoder.0.weight", 32 * 9); // a transposed convolution counts its outputs
}

CATCH_TEST_CASE("new weights depend on the seed and the network's name and on nothing else") {
  const model::UnetPlusPlusArchitecture architecture{.layers = {1, 1, 1, 1},
                                                     .groups = 4,
                                                     .width_per_group = 4,
                                                     .stem_channels = 16,
                                                     .decoder_channels = {16, 8, 8, 4, 4}};
  const auto specs = tensor_specs(architecture);
  const auto first = initial_weights(specs, 1, "unet++");
  const std::string name = "encoder.layer1.0.conv2.weight";
  CATCH_CHECK(first.at(name).equal(initial_weights(specs, 1, "unet++").at(name)));
  CATCH_CHECK_FALSE(first.at(name).equal(initial_weights(specs, 2, "unet++").at(name)));
  CATCH_CHECK_FALSE(first.at(name).equal(initial_weights(specs, 1, "other").at(name)));
  CATCH_CHECK(first.at("encoder.bn1.weight").min().item<float>() == 1.0F);
  CATCH_CHECK(first.at("encoder.bn1.running_mean").abs().max().item<float>() == 0.0F);
  CATCH_CHECK(first.size() == specs.size());
}
