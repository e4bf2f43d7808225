// SPDX-License-Identifier: Apache-2.0
#include "model/networks.hpp"

#include "common/records/json.hpp"
#include "model/discriminator.hpp"
#include "tests/model/fixtures.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/ops/cat.h>
#include <c10/core/InferenceMode.h>
#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace lmc;
using namespace lmc::model;
using lmc::model::test::fixture_windows;
using lmc::model::test::max_difference;
using lmc::model::test::net_record;
using lmc::model::test::net_tensors;
using lmc::model::test::tolerance_of;

namespace {

const std::map<std::string, Architecture> architectures{
    {"generator_small", GeneratorArchitecture{.filters = 8, .blocks = 2}},
    {"generator_small_built_without_dropout",
     GeneratorArchitecture{.filters = 8, .blocks = 2, .dropout_layer = false}},
    {"generator_small_batchnorm",
     GeneratorArchitecture{.filters = 8, .blocks = 2, .norm = Norm::batch}},
    {"generator_dynamic_small", GeneratorArchitecture{.filters = 8, .blocks = 2, .dynamic = true}},
    {"generator_9blocks", GeneratorArchitecture{.filters = 64, .blocks = 9}},
    {"generator_12blocks", GeneratorArchitecture{.filters = 64, .blocks = 12}},
    {"unetpp_small",
     UnetPlusPlusArchitecture{.layers = {1, 1, 1, 1}, .groups = 32, .width_per_group = 4}},
    {"unetpp_full", UnetPlusPlusArchitecture{}},
    {"unetpp_dynamic_small",
     UnetPlusPlusArchitecture{
         .layers = {1, 1, 1, 1}, .groups = 32, .width_per_group = 4, .dynamic = true}},
    {"unetpp_dynamic_full", UnetPlusPlusArchitecture{.dynamic = true}},
};

std::string fill_name(Fill fill) {
  constexpr std::array names{"conv_weight", "deconv_weight", "bias",   "bn_weight",
                             "bn_bias",     "bn_mean",       "bn_var", "bn_count"};
  return names.at(static_cast<std::size_t>(fill));
}

void check_specs(const std::string& name, const TensorSpecs& specs) {
  CATCH_INFO(name);
  const nlohmann::json expected =
      read_json_file(model::test::reference_folder() / "state_dicts" / (name + ".json"));
  CATCH_REQUIRE(specs.size() == expected.size());
  for (const TensorSpec& spec : specs) {
    CATCH_INFO(spec.name);
    const nlohmann::json& record = expected.at(spec.name);
    CATCH_CHECK(record.at("shape") == nlohmann::json(spec.shape));
    CATCH_CHECK(record.at("fill") == fill_name(spec.fill));
    CATCH_CHECK(record.at("fan_in").get<double>() == spec.fan_in);
    CATCH_CHECK(record.at("gain").get<double>() == spec.gain);
  }
}

/// The part of `output` that a fixture stores under a name that ends in _sub, _row or _corner.
at::Tensor stored_part(const at::Tensor& output, const std::string& part,
                       const nlohmann::json& record) {
  const nlohmann::json& stride = record.at("strides").at(part);
  if (stride.is_array()) {
    at::Tensor x = output;
    for (std::int64_t i = 0; i < 4; ++i) {
      x = x.slice(i, 0, std::nullopt, stride[static_cast<std::size_t>(i)].get<std::int64_t>());
    }
    return x;
  }
  return part.ends_with("_row") ? output.select(2, output.size(2) / 2)
                                : output.slice(2, 0, 16).slice(3, 0, 16);
}

void check_stats(const at::Tensor& values, const nlohmann::json& stats, double tolerance) {
  const at::Tensor x = values.to(at::kDouble);
  CATCH_CHECK(x.numel() == stats.at("numel").get<std::int64_t>());
  CATCH_CHECK(x.mean().item<double>() == Approx(stats.at("mean").get<double>()).margin(tolerance));
  CATCH_CHECK(x.std(false).item<double>() ==
              Approx(stats.at("std").get<double>()).margin(tolerance));
  CATCH_CHECK(x.min().item<double>() == Approx(stats.at("min").get<double>()).margin(tolerance));
  CATCH_CHECK(x.max().item<double>() == Approx(stats.at("max").get<double>()).margin(tolerance));
  CATCH_CHECK(x.norm().item<double>() == Approx(stats.at("l2").get<double>()).epsilon(1e-5));
}

/// Compares everything that a fixture stores of the output: complete, strided, a row, a corner,
/// statistics.
void check_output(const at::Tensor& output, const nlohmann::json& record,
                  const StateDict& expected) {
  const double tolerance = tolerance_of(record);
  int compared = 0;
  for (const auto& [name, tensor] : expected) {
    if (name.starts_with("output")) {
      CATCH_INFO(name);
      const at::Tensor part = name == "output" ? output : stored_part(output, name, record);
      CATCH_CHECK(max_difference(part, tensor) <= tolerance);
      ++compared;
    }
  }
  CATCH_CHECK(compared > 0);
}

void check_channel_stats(const at::Tensor& output, const nlohmann::json& stats, double tolerance) {
  CATCH_REQUIRE(stats.size() == static_cast<std::size_t>(output.size(1)));
  for (std::size_t channel = 0; channel < stats.size(); ++channel) {
    CATCH_INFO("channel " << channel);
    check_stats(output.select(1, static_cast<std::int64_t>(channel)), stats[channel], tolerance);
  }
}

void check_fixture(const std::string& fixture) {
  CATCH_INFO(fixture);
  const c10::InferenceMode guard;
  const nlohmann::json record = net_record(fixture);
  const Architecture& architecture = architectures.at(record.at("net"));
  const StateDict expected = net_tensors(fixture);
  const at::Tensor windows = fixture_windows(record);
  if (expected.contains("input")) {
    CATCH_REQUIRE(max_difference(windows, expected.at("input")) == 0);
  }
  const at::Tensor output =
      forward(architecture, lmc::test::formula_weights(architecture), windows);
  check_output(output, record, expected);
  check_channel_stats(output, record.at("output_stats"), tolerance_of(record));
}

/// Each of the fixture's modality codes by itself.
void check_dynamic_fixture(const std::string& fixture) {
  CATCH_INFO(fixture);
  const c10::InferenceMode guard;
  const nlohmann::json record = net_record(fixture);
  const Architecture& architecture = architectures.at(record.at("net"));
  const StateDict state = lmc::test::formula_weights(architecture);
  const StateDict expected = net_tensors(fixture);
  const at::Tensor windows = fixture_windows(record);
  constexpr std::array modalities{Modality::bright_field, Modality::phase_contrast, Modality::dic};
  std::vector<at::Tensor> outputs;
  for (std::size_t i = 0; i < modalities.size(); ++i) {
    const at::Tensor code = modality_code(modalities.at(i));
    CATCH_REQUIRE(max_difference(code, expected.at("codes")
                                           .slice(0, static_cast<std::int64_t>(i),
                                                  static_cast<std::int64_t>(i) + 1)
                                           .to(at::kFloat)) == 0);
    outputs.push_back(forward(architecture, state, windows, code));
    check_channel_stats(outputs.back(), record.at("output_stats")[i], tolerance_of(record));
  }
  check_output(at::cat(outputs), record, expected);
}

} // namespace

CATCH_TEST_CASE("tensor names, shapes and fill rules are the published ones in their order") {
  for (const auto& [name, architecture] : architectures) {
    check_specs(name, tensor_specs(architecture));
  }
  check_specs("discriminator_ndf8", tensor_specs(DiscriminatorArchitecture{.filters = 8}));
  check_specs("discriminator_ndf64", tensor_specs(DiscriminatorArchitecture{}));
}

CATCH_TEST_CASE("small generators agree with the reference") {
  check_fixture("generator_small_64");
  check_fixture("generator_small_96x128");
  check_fixture("generator_small_batchnorm_64");
}

CATCH_TEST_CASE("the dynamic generator agrees with the reference for every modality") {
  check_dynamic_fixture("generator_dynamic_small_64");
}

CATCH_TEST_CASE("full-size generators agree with the reference at 256") {
  check_fixture("generator_9blocks_256");
  check_fixture("generator_12blocks_256");
}

CATCH_TEST_CASE("the 12-block generator agrees with the reference at 512") {
  check_fixture("generator_12blocks_512");
}

CATCH_TEST_CASE("UNet++ agrees with the reference") {
  check_fixture("unetpp_small_64x96");
}

CATCH_TEST_CASE("UNet++ with resnext101_32x16d agrees with the reference") {
  check_fixture("unetpp_full_256");
}

CATCH_TEST_CASE("the dynamic UNet++ agrees with the reference for every modality") {
  check_dynamic_fixture("unetpp_dynamic_small_64x96");
}

CATCH_TEST_CASE("the dynamic UNet++ with resnext101_32x16d agrees with the reference") {
  check_dynamic_fixture("unetpp_dynamic_full_256");
}

CATCH_TEST_CASE("an unknown modality's code is the mean of the three") {
  const at::Tensor mean = modality_code(Modality::bright_field)
                              .add(modality_code(Modality::phase_contrast))
                              .add(modality_code(Modality::dic))
                              .div(3);
  CATCH_CHECK(max_difference(modality_code(Modality::unknown), mean) < 1e-7);
}

CATCH_TEST_CASE("window sides are multiples of the networks' total stride") {
  CATCH_CHECK(window_multiple(GeneratorArchitecture{}) == 4);
  CATCH_CHECK(window_multiple(UnetPlusPlusArchitecture{}) == 32);
}

CATCH_TEST_CASE("a gradient reaches every parameter of a network") {
  for (const std::string name : {"generator_small", "generator_small_batchnorm",
                                 "generator_dynamic_small", "unetpp_dynamic_small"}) {
    const Architecture& architecture = architectures.at(name);
    const StateDict state = lmc::test::formula_weights(architecture);
    std::set<std::string> parameters;
    for (const TensorSpec& spec : tensor_specs(architecture)) {
      if (spec.fill != Fill::bn_mean && spec.fill != Fill::bn_var && spec.fill != Fill::bn_count) {
        at::Tensor parameter = state.at(spec.name);
        parameter.set_requires_grad(true);
        parameters.insert(spec.name);
      }
    }
    const at::Tensor before = name == "generator_small_batchnorm"
                                  ? state.at("encoder.2.running_mean").clone()
                                  : at::Tensor{};
    const at::Tensor windows = fixture_windows(net_record("generator_small_64"));
    const at::Tensor codes =
        at::cat({modality_code(Modality::dic), modality_code(Modality::bright_field)});
    forward(architecture, state, windows, codes, {.training = true}).sum().backward();
    CATCH_CHECK(!parameters.empty());
    for (const std::string& parameter : parameters) {
      CATCH_INFO(name << ' ' << parameter);
      CATCH_CHECK(state.at(parameter).grad().defined());
    }
    if (before.defined()) {
      CATCH_CHECK(max_difference(before, state.at("encoder.2.running_mean")) > 0);
      CATCH_CHECK(state.at("encoder.2.num_batches_tracked").item<std::int64_t>() == 1);
    }
  }
}

CATCH_TEST_CASE("windows of several modalities in one batch get their own codes") {
  const c10::InferenceMode guard;
  for (const std::string name : {"generator_dynamic_small", "unetpp_dynamic_small"}) {
    CATCH_INFO(name);
    const Architecture& architecture = architectures.at(name);
    const StateDict state = lmc::test::formula_weights(architecture);
    const at::Tensor windows = fixture_windows(net_record("generator_small_64"));
    const at::Tensor first = modality_code(Modality::dic);
    const at::Tensor second = modality_code(Modality::bright_field);
    const at::Tensor together = forward(architecture, state, windows, at::cat({first, second}));
    const at::Tensor apart =
        at::cat({forward(architecture, state, windows.slice(0, 0, 1), first),
                 forward(architecture, state, windows.slice(0, 1, 2), second)});
    CATCH_CHECK(max_difference(together, apart) < 1e-4);
    CATCH_CHECK(max_difference(together, forward(architecture, state, windows, first)) > 1e-3);
  }
}
