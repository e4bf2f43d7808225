// SPDX-License-Identifier: Apache-2.0
#include "inference/predictor.hpp"

#include "inference/plan.hpp"

#include "common/error.hpp"
#include "fixture.hpp"
#include "inference/normalisation.hpp"
#include "model/networks.hpp"
#include "stub_networks.hpp"
#include "tests/support/formula_weights.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/stack.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <limits>

using namespace lmc;
using namespace lmc::inference;
using namespace lmc::inference::test;

namespace {

image::TransmittedLight image_of(Index height, Index width) {
  image::TransmittedLight image;
  image.pixels = {height, width};
  image.modality = Modality::phase_contrast;
  for (std::uint16_t next = 0; std::uint16_t & grey : image.pixels.pixels()) {
    grey = static_cast<std::uint16_t>(next++ * 40503U);
  }
  return image;
}

NetworkSource always(const StubNetwork& network) {
  return [&network](Role) { return NetworkEntry{.network = &network}; };
}

WindowOptions small_windows(int rotations) {
  return {.window = 32, .rotations = rotations};
}

OrganellePrediction predict_with(const StubNetwork& network, const image::TransmittedLight& image,
                                 const WindowOptions& windows) {
  return predict(image, route(image.modality), always(network), {.windows = windows});
}

at::Tensor tensor_of(const OrganellePrediction& prediction) {
  std::vector<at::Tensor> planes;
  for (const auto& plane : prediction.planes) {
    planes.push_back(at::from_blob(const_cast<float*>(plane.value().view().data()),
                                   {plane->height(), plane->width()}, at::kFloat));
  }
  return at::stack(planes);
}

} // namespace

CATCH_TEST_CASE("the identity network returns the image, for every preset's rotations") {
  const StubNetwork network(identity);
  const image::TransmittedLight image = image_of(45, 70);
  for (const int rotations : {1, 2, 4}) {
    const OrganellePrediction prediction = predict_with(network, image, small_windows(rotations));
    for (const auto& plane : prediction.planes) {
      CATCH_REQUIRE(plane);
      const RoundedPlane result = rounded(*plane);
      CATCH_CHECK(result.pixels == image.pixels);
      CATCH_CHECK(result.clamped == 0);
    }
  }
}

CATCH_TEST_CASE("an image of one pixel and constant images are predicted") {
  const StubNetwork network(identity);
  for (const std::uint16_t grey : {std::uint16_t{0}, std::uint16_t{65535}}) {
    image::TransmittedLight image = image_of(1, 1);
    image.pixels = {1, 1, grey};
    const OrganellePrediction prediction = predict_with(network, image, small_windows(4));
    CATCH_CHECK(rounded(prediction.planes[Organelle::nucleus].value()).pixels == image.pixels);
  }
}

CATCH_TEST_CASE("an equivariant network predicts the same with and without rotations") {
  const StubNetwork square([](const at::Tensor& windows) { return identity(windows * windows); });
  const image::TransmittedLight image = image_of(50, 81);
  const at::Tensor without = tensor_of(predict_with(square, image, small_windows(1)));
  CATCH_CHECK(without.std().item<double>() > 1000);
  for (const int rotations : {2, 4}) {
    const at::Tensor with = tensor_of(predict_with(square, image, small_windows(rotations)));
    CATCH_CHECK(largest_difference(with, without) < 0.05);
  }
}

CATCH_TEST_CASE("rotating the image by a half turn rotates the augmented prediction") {
  const StubNetwork network(position_dependent);
  image::TransmittedLight image = image_of(48, 61);
  const at::Tensor plain = tensor_of(predict_with(network, image, small_windows(4)));
  std::ranges::reverse(image.pixels.pixels());
  const at::Tensor turned = tensor_of(predict_with(network, image, small_windows(4)));
  CATCH_CHECK(largest_difference(turned.flip({1, 2}), plain) < 0.05);
}

CATCH_TEST_CASE("each network runs once and gives only its organelles") {
  const StubNetwork dic([](const at::Tensor& windows) { return identity(windows * 0); });
  const StubNetwork unified([](const at::Tensor& windows) { return identity(windows * 0 + 1); });
  std::vector<Role> asked;
  const NetworkSource networks = [&](Role role) {
    asked.push_back(role);
    return NetworkEntry{.network = role == Role::dic ? &dic : &unified};
  };
  const OrganellePrediction prediction =
      predict(image_of(20, 20), route(Modality::dic), networks, {.windows = small_windows(1)});
  CATCH_CHECK((asked == std::vector{Role::dic, Role::unified}));
  CATCH_CHECK(dic.batches.size() == 1);
  CATCH_CHECK(unified.batches.size() == 1);
  CATCH_CHECK(prediction.runs.size() == 2);
  CATCH_CHECK(prediction.planes[Organelle::nucleus].value()(0, 0) == 32767.5F);
  CATCH_CHECK(prediction.planes[Organelle::tubulin].value()(0, 0) == 32767.5F);
  CATCH_CHECK(prediction.planes[Organelle::actin].value()(0, 0) == 65535.0F);
}

CATCH_TEST_CASE("networks are told the route's modality, which may overrule the file's") {
  const StubNetwork network(identity);
  image::TransmittedLight image = image_of(20, 20);
  image.modality = Modality::unknown;
  static_cast<void>(predict(image, route(Modality::bright_field), always(network),
                            {.windows = small_windows(1)}));
  CATCH_CHECK((network.modalities == std::vector{Modality::bright_field}));
}

CATCH_TEST_CASE("organelles that are not wanted have no plane") {
  const StubNetwork network(identity);
  const std::array wanted{Organelle::nucleus};
  const OrganellePrediction prediction =
      predict(image_of(20, 20), route(Modality::bright_field, wanted), always(network),
              {.windows = small_windows(1)});
  CATCH_CHECK(prediction.planes[Organelle::nucleus]);
  CATCH_CHECK_FALSE(prediction.planes[Organelle::mitochondria]);
  CATCH_CHECK_FALSE(prediction.planes[Organelle::actin]);
}

CATCH_TEST_CASE("a network's input normalisation is applied before its windows are cut") {
  at::Tensor seen;
  const StubNetwork network([&](const at::Tensor& windows) {
    seen = windows.clone();
    return identity(windows * 0);
  });
  const NetworkSource networks = [&](Role) {
    return NetworkEntry{.network = &network, .normalisation = model::InputNormalization::z_score};
  };
  const image::TransmittedLight image = image_of(32, 32);
  static_cast<void>(predict(image, route(image.modality), networks, {.windows = small_windows(1)}));
  const std::vector<float> table =
      input_table(image.pixels.pixels(), model::InputNormalization::z_score);
  std::vector<float> expected;
  std::ranges::transform(image.pixels.pixels(), std::back_inserter(expected),
                         [&](std::uint16_t grey) { return table[grey]; });
  const at::Tensor plane = at::from_blob(expected.data(), {1, 1, 32, 32}, at::kFloat);
  CATCH_CHECK(seen.equal(plane));
}

CATCH_TEST_CASE("progress ends at the number of network windows") {
  const StubNetwork network(identity);
  const image::TransmittedLight image = image_of(40, 70);
  std::vector<std::pair<std::int64_t, std::int64_t>> calls;
  PredictOptions options{.windows = small_windows(4)};
  options.progress = [&](std::int64_t done, std::int64_t total) {
    calls.emplace_back(done, total);
  };
  static_cast<void>(predict(image, route(Modality::dic), always(network), options));
  CATCH_REQUIRE(calls.size() > 2);
  const std::int64_t total = 2 * network_windows(40, 70, options.windows);
  CATCH_CHECK(calls.front().second == total);
  CATCH_CHECK(calls.back() == std::pair{total, total});
  CATCH_CHECK(std::is_sorted(calls.begin(), calls.end()));
}

CATCH_TEST_CASE("no gradient is recorded while predicting") {
  bool recording = true;
  const StubNetwork network([&](const at::Tensor& windows) {
    recording = at::GradMode::is_enabled() || !windows.is_inference();
    return identity(windows);
  });
  static_cast<void>(predict_with(network, image_of(8, 8), small_windows(1)));
  CATCH_CHECK_FALSE(recording);
}

CATCH_TEST_CASE("the memory of the planes is bounded by the documented formula") {
  const Route all = route(Modality::bright_field);
  CATCH_CHECK(memory_needed(10000, 10000, all, {}) == 3'800'000'000U);
  CATCH_CHECK(memory_needed(10000, 10000, all, {.rotations = 1}) == 3'600'000'000U);
  // Padded: 4 (4 n + 4 p + p) + 2 n, n = 100 * 1000, p = 512 * 1000.
  CATCH_CHECK(memory_needed(100, 1000, all, {}) == 4U * (4 * 100'000 + 5 * 512'000) + 200'000);
  // DIC: three organelles in the larger of its two uses.
  CATCH_CHECK(memory_needed(1000, 1000, route(Modality::dic), {}) == 34'000'000U);
}

CATCH_TEST_CASE("an image that cannot fit the memory is refused before anything runs") {
  const StubNetwork network(identity);
  image::TransmittedLight image = image_of(64, 64);
  image.provenance.source = "cells.tiff";
  PredictOptions options{.windows = small_windows(1), .memory_limit = 1000};
  try {
    static_cast<void>(predict(image, route(image.modality), always(network), options));
    CATCH_FAIL("no error");
  } catch (const Error& error) {
    CATCH_CHECK(error.exit_code() == ExitCode::memory);
    CATCH_CHECK(error.subject() == "cells.tiff");
    CATCH_CHECK_THAT(error.cause(), Catch::StartsWith("predicting 64 x 64 pixels needs"));
    CATCH_CHECK_THAT(error.remedy(), Catch::Contains("raise the memory limit"));
  }
  CATCH_CHECK(network.batches.empty());
  options.memory_limit = memory_needed(64, 64, route(image.modality), options.windows) + 4000;
  CATCH_CHECK_NOTHROW(predict(image, route(image.modality), always(network), options));
}

CATCH_TEST_CASE("a window that the network cannot take is refused with one that it can") {
  StubNetwork network(identity);
  network.multiple = 20;
  CATCH_CHECK_THROWS_WITH(
      predict_with(network, image_of(64, 64), small_windows(1)),
      Catch::Contains("window: 32 pixels, network takes multiples of 20; give 20"));
}

CATCH_TEST_CASE("NaN from a network ends the prediction with an error, not with a plane") {
  const StubNetwork network([](const at::Tensor& windows) {
    return identity(at::full_like(windows, std::numeric_limits<double>::quiet_NaN()));
  });
  CATCH_CHECK_THROWS_WITH(predict_with(network, image_of(64, 64), small_windows(1)),
                          Catch::Contains("error[E102]"));
}

CATCH_TEST_CASE("the mean over four rotations equals the reference") {
  const StubNetwork network(position_dependent);
  for (const std::string size : {"50x90", "64x64", "65x64", "100x131", "200x150"}) {
    CATCH_INFO(size);
    BatchRunner runner({.network = &network}, Modality::bright_field, 64, 0,
                       std::uint64_t{1} << 40);
    const TablePlane plane{fixture("sliding_window", "image_" + size)};
    const at::Tensor predicted =
        predict_plane(plane.view(), {.window = 64}, std::span(all_organelles), runner);
    const at::Tensor expected = fixture("tta", "tta_" + size);
    CATCH_CHECK(largest_difference(strided_like(predicted, expected), expected) < 2e-6);
  }
}

CATCH_TEST_CASE("the whole pipeline equals the reference, from grey values to grey values") {
  const model::Architecture generator = model::GeneratorArchitecture{.filters = 8, .blocks = 2};
  const model::StateDict weights = lmc::test::formula_weights(generator);
  const StubNetwork network(
      [&](const at::Tensor& windows) { return model::forward(generator, weights, windows); });
  for (const std::string name : {"smaller_than_roi", "nonsquare"}) {
    CATCH_INFO(name);
    const at::Tensor greys = fixture("pipeline_small", name + "_input_u16");
    image::TransmittedLight image = image_of(0, 0);
    const auto* const first = greys.const_data_ptr<std::uint16_t>();
    image.pixels = {greys.size(0), greys.size(1), {first, first + greys.numel()}};
    const at::Tensor predicted = tensor_of(predict_with(network, image, {.window = 64}));
    // 1e-5 of the networks' range [-1, 1].
    const double tolerance = 1e-5 * 65535 / 2;
    CATCH_CHECK(largest_difference(predicted, fixture("pipeline_small", name + "_output")) <
                tolerance);
  }
}
