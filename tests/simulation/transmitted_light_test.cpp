// SPDX-License-Identifier: Apache-2.0
#include "simulation/transmitted_light.hpp"

#include "tests/simulation/optics_case.hpp"

#include <ATen/ops/roll.h>
#include <ATen/ops/zeros.h>
#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <numbers>

namespace {

using namespace lmc::simulation;
using lmc::Modality;

constexpr std::int64_t side = 96;
constexpr std::array<double, 1> in_focus{0};

/// The image of an optical path at one focus, [side, side].
at::Tensor image_of(const at::Tensor& path_um, Modality modality, const OpticsSettings& optics,
                    double focus_um = 0) {
  const std::array<double, 1> focus{focus_um};
  return transmitted_images(test::one_layer(path_um), modality, optics, focus)[0];
}

/// An objective that resolves the spots of these tests wholly.
OpticsSettings sharp_optics() {
  OpticsSettings optics;
  optics.objective_na = 1.3;
  optics.condenser_na = 0.3;
  return optics;
}

double deviation(const at::Tensor& image) {
  return (image - 1).abs().max().item<double>();
}

double middle(const at::Tensor& image) {
  return image[side / 2][side / 2].item<double>();
}

/// A cell-like spot, 0.9 um wide.
at::Tensor cell(double height_um) {
  return test::spot(side, OpticsSettings{}.pixel_um, 0.9, height_um);
}

} // namespace

CATCH_TEST_CASE("the background is 1 in every modality and focus") {
  const at::Tensor nothing = at::zeros({side, side}, at::TensorOptions{at::kDouble});
  for (const Modality modality :
       {Modality::bright_field, Modality::phase_contrast, Modality::dic}) {
    CATCH_CHECK(deviation(image_of(nothing, modality, {})) < 1e-12);
    CATCH_CHECK(deviation(image_of(nothing, modality, {}, 3.0)) < 1e-12);
  }
}

CATCH_TEST_CASE("a phase object in focus is invisible in bright field, out of focus it is not") {
  const at::Tensor path = cell(0.08);
  CATCH_CHECK(deviation(image_of(path, Modality::bright_field, sharp_optics())) < 1e-3);
  CATCH_CHECK(deviation(image_of(path, Modality::bright_field, sharp_optics(), 2.0)) > 0.1);
}

CATCH_TEST_CASE("a thicker place focuses light above it, and its contrast turns with the focus") {
  const at::Tensor path = cell(0.02);
  const double above = middle(image_of(path, Modality::bright_field, sharp_optics(), 1.5));
  const double below = middle(image_of(path, Modality::bright_field, sharp_optics(), -1.5));
  CATCH_CHECK(above > 1.02);
  CATCH_CHECK(below < 0.98);
  CATCH_CHECK(above - 1 == Approx(1 - below).epsilon(0.2));
}

CATCH_TEST_CASE("absorption darkens the image in focus") {
  auto layers = test::one_layer(cell(0));
  layers.front().absorption = cell(0.1);
  const at::Tensor image =
      transmitted_images(layers, Modality::bright_field, sharp_optics(), in_focus)[0];
  CATCH_CHECK(middle(image) == Approx(std::exp(-0.2)).margin(2e-3));
}

CATCH_TEST_CASE("bright field redistributes the light, it makes none") {
  OpticsSettings all_light = sharp_optics();
  all_light.objective_na = all_light.immersion_index;
  for (const double focus : {-3.0, 0.0, 3.0}) {
    const at::Tensor image = image_of(cell(0.08), Modality::bright_field, all_light, focus);
    CATCH_CHECK(image.mean().item<double>() == Approx(1).epsilon(1e-4));
  }
}

CATCH_TEST_CASE("thicker is darker in positive phase contrast, brighter in negative, with a halo") {
  OpticsSettings optics;
  const at::Tensor positive = image_of(cell(0.02), Modality::phase_contrast, optics);
  optics.positive_phase = false;
  const at::Tensor negative = image_of(cell(0.02), Modality::phase_contrast, optics);
  CATCH_CHECK(middle(positive) < 0.9);
  CATCH_CHECK(middle(negative) > 1.1);
  // The ring also weakens the lowest frequencies of the diffracted light: the surroundings turn the
  // other way.
  CATCH_CHECK(positive.max().item<double>() > 1.01);
  CATCH_CHECK(negative.min().item<double>() < 0.99);
}

CATCH_TEST_CASE("a fainter ring gives more phase contrast") {
  OpticsSettings optics;
  optics.ring_transmission = 0.6;
  const double weak = middle(image_of(cell(0.02), Modality::phase_contrast, optics));
  optics.ring_transmission = 0.2;
  CATCH_CHECK(middle(image_of(cell(0.02), Modality::phase_contrast, optics)) < weak);
}

CATCH_TEST_CASE("DIC is antisymmetric about its background under reversal of the shear") {
  OpticsSettings optics = sharp_optics();
  optics.shear_degrees = 30;
  const at::Tensor path = cell(0.06);
  const at::Tensor there = image_of(path, Modality::dic, optics);
  optics.shear_degrees = 210;
  const at::Tensor back = image_of(path, Modality::dic, optics);
  CATCH_CHECK(deviation(there) > 0.05);
  CATCH_CHECK((there + back - 2).abs().max().item<double>() < 1e-3);
}

CATCH_TEST_CASE(
    "out of focus, DIC and its reversal sum up to the mean of the sheared bright fields") {
  // |A - B exp(ib)|^2 + |B - A exp(ib)|^2 = 2 |A|^2 + 2 |B|^2 at a bias b of 90 degrees.
  OpticsSettings optics = sharp_optics();
  optics.shear_um = 0.2;
  optics.shear_degrees = 0;
  const at::Tensor path = cell(0.06);
  const at::Tensor there = image_of(path, Modality::dic, optics, 1.5);
  optics.shear_degrees = 180;
  const at::Tensor back = image_of(path, Modality::dic, optics, 1.5);
  const at::Tensor plain = image_of(path, Modality::bright_field, optics, 1.5);
  // Half a shear is one pixel.
  const at::Tensor sheared = at::roll(plain, 1, 1) + at::roll(plain, -1, 1);
  CATCH_CHECK((there + back - sheared).abs().max().item<double>() < 1e-9);
}

CATCH_TEST_CASE(
    "DIC shows 1 + sin of the phase's step over the shear, in focus at 90 degrees bias") {
  OpticsSettings optics = sharp_optics();
  optics.shear_degrees = 0;
  optics.shear_um = 0.2;
  const at::Tensor path = cell(0.03);
  const at::Tensor phase = path * (2 * std::numbers::pi / optics.wavelength_um);
  const at::Tensor step = at::roll(phase, -1, 1) - at::roll(phase, 1, 1);
  const at::Tensor image = image_of(path, Modality::dic, optics);
  CATCH_CHECK((image - 1 - step.sin()).abs().max().item<double>() < 2e-3);
}

CATCH_TEST_CASE("layers at one height act as their sum") {
  const at::Tensor path = cell(0.05);
  const std::vector<Layer> layers{{.height_um = 0, .path_um = path * 0.3, .absorption = {}},
                                  {.height_um = 0, .path_um = path * 0.7, .absorption = {}}};
  const std::array<double, 1> focus{1.0};
  const at::Tensor both = transmitted_images(layers, Modality::bright_field, {}, focus)[0];
  const at::Tensor one = image_of(path, Modality::bright_field, {}, 1.0);
  CATCH_CHECK((both - one).abs().max().item<double>() < 1e-9);
}

CATCH_TEST_CASE("focusing on a raised layer is the focus of a layer at height 0") {
  std::vector<Layer> layers = test::one_layer(cell(0.05));
  layers.front().height_um = 2;
  const std::array<double, 1> focus{3.0};
  const at::Tensor raised = transmitted_images(layers, Modality::bright_field, {}, focus)[0];
  const at::Tensor one = image_of(cell(0.05), Modality::bright_field, {}, 1.0);
  CATCH_CHECK((raised - one).abs().max().item<double>() < 1e-9);
}

CATCH_TEST_CASE("the source fills its aperture in opposite pairs") {
  OpticsSettings optics;
  optics.source_points = 64;
  for (const Modality modality : {Modality::bright_field, Modality::phase_contrast}) {
    const auto directions = source_directions(modality, optics);
    CATCH_REQUIRE(directions.size() == 64);
    double sum = 0;
    double squares = 0;
    for (const Direction d : directions) {
      sum += d.fy + 2 * d.fx;
      squares += d.fy * d.fy + d.fx * d.fx;
    }
    CATCH_CHECK(std::abs(sum) < 1e-9);
    const double na = std::sqrt(squares / 64) * optics.wavelength_um;
    // The root mean square radius of a disc is its radius over sqrt 2.
    CATCH_CHECK(na == Approx(modality == Modality::bright_field ? optics.condenser_na / std::sqrt(2)
                                                                : optics.ring_na));
  }
}
