// SPDX-License-Identifier: Apache-2.0
#include "simulation/camera.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace {

using namespace lmc::simulation;

struct Statistics {
  double mean = 0;
  double variance = 0;
};

Statistics statistics_of(const std::vector<std::uint16_t>& counts) {
  const auto n = static_cast<double>(counts.size());
  const double mean = std::accumulate(counts.begin(), counts.end(), 0.0) / n;
  double squares = 0;
  for (const std::uint16_t count : counts) {
    squares += (count - mean) * (count - mean);
  }
  return {mean, squares / n};
}

std::vector<std::uint16_t> exposed(double intensity, const Exposure& exposure) {
  Random random{11, 1};
  return expose(at::full({200, 200}, intensity, at::TensorOptions{at::kFloat}), exposure, random);
}

} // namespace

CATCH_TEST_CASE("counts have the photons' noise, the read noise and the offset") {
  const Exposure exposure{
      .counts = 8000, .electrons_per_count = 0.5, .offset_counts = 100, .read_noise_counts = 20};
  for (const double intensity : {0.1, 1.0, 3.0}) {
    const Statistics s = statistics_of(exposed(intensity, exposure));
    const double light = 8000 * intensity;
    // Electrons are Poisson distributed, so counts vary by light / gain; rounding adds 1/12.
    const double variance = light / 0.5 + 400 + 1.0 / 12;
    CATCH_CHECK(s.mean == Approx(light + 100).margin(5 * std::sqrt(variance / 40000)));
    CATCH_CHECK(s.variance == Approx(variance).epsilon(5 * std::sqrt(2.0 / 40000)));
  }
}

CATCH_TEST_CASE("darkness is the offset, and too much light is the largest count") {
  const Exposure exposure{
      .counts = 1000, .electrons_per_count = 1, .offset_counts = 70, .read_noise_counts = 0};
  const auto dark = exposed(0, exposure);
  CATCH_CHECK(std::all_of(dark.begin(), dark.end(), [](auto count) { return count == 70; }));
  const auto bright = exposed(1e6, exposure);
  CATCH_CHECK(std::all_of(bright.begin(), bright.end(), [](auto count) { return count == 65535; }));
}

CATCH_TEST_CASE("the illumination is as uneven as asked, and flat when asked") {
  Random random{3, 1};
  const at::Tensor uneven = illumination(256, 0.1, random);
  const double spread = (uneven.max() - uneven.min()).item<double>();
  CATCH_CHECK(spread > 0.02);
  CATCH_CHECK(spread < 0.2);
  CATCH_CHECK(uneven.mean().item<double>() == Approx(1).margin(0.05));
  Random clean{4, 1};
  const at::Tensor flat = illumination(256, 0, clean);
  // What is left are the dust's shadows.
  CATCH_CHECK(flat.max().item<double>() == Approx(1).margin(1e-6));
}
