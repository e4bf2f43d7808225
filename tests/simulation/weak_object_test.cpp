// SPDX-License-Identifier: Apache-2.0
// Bright-field contrast against the weak-object transfer function of an independent package.
#include "simulation/transmitted_light.hpp"

#include "common/records/json.hpp"
#include "tests/simulation/optics_case.hpp"
#include "tests/support/locations.hpp"

#include <ATen/ops/fft_fft2.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numbers>
#include <string>
#include <vector>

namespace {

using namespace lmc::simulation;

OpticsSettings optics_of(const nlohmann::json& record) {
  OpticsSettings optics;
  optics.pixel_um = record.at("pixel_um");
  optics.wavelength_um = record.at("wavelength_um");
  optics.immersion_index = record.at("immersion_index");
  optics.objective_na = record.at("objective_na");
  optics.condenser_na = record.at("condenser_na");
  optics.source_points = 1024;
  return optics;
}

} // namespace

CATCH_TEST_CASE("the contrast of a weak phase object is waveorder's transfer function") {
  const auto record =
      lmc::read_json_file(lmc::test::reference_folder() / "simulation/weak_object.json");
  const OpticsSettings optics = optics_of(record);
  // So weak that the second order is below the tolerance; a tenth of a pixel wide, so that it holds
  // every frequency.
  const at::Tensor path = test::spot(record.at("side"), optics.pixel_um, 0.08, 1e-4);
  const at::Tensor phase = path * (2 * std::numbers::pi / optics.wavelength_um);
  const auto focus = record.at("focus_um").get<std::vector<double>>();
  const at::Tensor images =
      transmitted_images(test::one_layer(path), lmc::Modality::bright_field, optics, focus);
  double worst = 0;
  double largest = 0;
  for (std::size_t plane = 0; plane < focus.size(); ++plane) {
    const at::Tensor transfer =
        at::fft_fft2(images[static_cast<std::int64_t>(plane)] - 1) / at::fft_fft2(phase);
    for (std::size_t i = 0; i < record.at("frequency_steps").size(); ++i) {
      const auto& step = record.at("frequency_steps")[i];
      const auto ours = transfer[step[0].get<std::int64_t>()][step[1].get<std::int64_t>()]
                            .item<c10::complex<double>>();
      const double theirs = record.at("phase_transfer")[plane][i];
      worst = std::max(worst, std::abs(ours - c10::complex<double>{theirs, 0}));
      largest = std::max(largest, std::abs(theirs));
    }
  }
  CATCH_CAPTURE(worst, largest);
  CATCH_CHECK(largest > 1);
  // Both sample the source, ours by 1024 points, theirs by a grid of 37 steps in its radius.
  CATCH_CHECK(worst < 0.02 * largest);
}
