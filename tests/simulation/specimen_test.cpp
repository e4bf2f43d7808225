// SPDX-License-Identifier: Apache-2.0
#include "simulation/specimen.hpp"

#include <ATen/TensorOperators.h>
#include <catch2/catch.hpp>

#include <numbers>

namespace {

using namespace lmc::simulation;
using lmc::Organelle;

constexpr std::int64_t side = 320;
constexpr double pixel_um = 0.15;

Specimen grown(const CellSettings& settings) {
  Random random{21, 1};
  return grow_specimen(settings, side, pixel_um, random);
}

at::Tensor total_path(const Specimen& specimen) {
  at::Tensor sum = specimen.layers.front().path_um.clone();
  for (std::size_t i = 1; i < specimen.layers.size(); ++i) {
    sum += specimen.layers[i].path_um;
  }
  return sum;
}

at::Tensor total(const std::vector<at::Tensor>& layers) {
  at::Tensor sum = layers.front().clone();
  for (std::size_t i = 1; i < layers.size(); ++i) {
    sum += layers[i];
  }
  return sum;
}

/// Mean of a map where another is bright.
double mean_where(const at::Tensor& map, const at::Tensor& mask) {
  return map.masked_select(mask).mean().item<double>();
}

} // namespace

CATCH_TEST_CASE("layers lie bottom to top around the focus") {
  const Specimen specimen = grown({});
  CATCH_REQUIRE(specimen.layers.size() == layer_count);
  CATCH_CHECK(specimen.layers.front().height_um < 0);
  for (std::size_t i = 1; i < layer_count; ++i) {
    CATCH_CHECK(specimen.layers[i].height_um > specimen.layers[i - 1].height_um);
  }
  for (const auto& densities : specimen.density) {
    CATCH_CHECK(densities.size() == layer_count);
  }
}

CATCH_TEST_CASE("a cell's phase is the one that quantitative phase microscopy measures") {
  // One to a few radians: Barer, Nature 169, 1952, and every later instrument.
  const at::Tensor phase = total_path(grown({})) * (2 * std::numbers::pi / 0.55);
  CATCH_CHECK(phase.max().item<double>() > 1);
  CATCH_CHECK(phase.max().item<double>() < 6);
  CATCH_CHECK(phase.min().item<double>() > -0.1);
}

CATCH_TEST_CASE("each organelle leaves its trace in the phase") {
  const CellSettings with;
  const at::Tensor path = total_path(grown(with));
  const auto without = [&](double CellSettings::*index, double value, Organelle organelle) {
    CellSettings same = with;
    same.*index = value;
    const Specimen specimen = grown(same);
    const at::Tensor density = total(specimen.density.at(channel_of(organelle)));
    const at::Tensor bright = density > 0.5 * density.max();
    return mean_where(path - total_path(specimen), bright);
  };
  // Without its own refractive index, an organelle vanishes among what surrounds it.
  CATCH_CHECK(without(&CellSettings::mitochondria_index, with.cytoplasm_index,
                      Organelle::mitochondria) > 0.008);
  CATCH_CHECK(without(&CellSettings::nucleus_index, with.cytoplasm_index, Organelle::nucleus) <
              -0.01);
  CATCH_CHECK(without(&CellSettings::actin_index, with.cytoplasm_index, Organelle::actin) > 0.003);
}

CATCH_TEST_CASE("mitochondria lie outside the nucleus, in the cell") {
  const Specimen specimen = grown({});
  const at::Tensor nucleus = total(specimen.density.at(channel_of(Organelle::nucleus)));
  const at::Tensor mitochondria = total(specimen.density.at(channel_of(Organelle::mitochondria)));
  const at::Tensor bright = mitochondria > 0.5;
  CATCH_REQUIRE(bright.sum().item<std::int64_t>() > 500);
  CATCH_CHECK(mean_where(nucleus, bright) < 0.1 * nucleus.max().item<double>());
  CATCH_CHECK(mean_where(total_path(specimen), bright) > 0.02);
}

CATCH_TEST_CASE("an empty field is empty") {
  CellSettings settings;
  settings.confluence = 0;
  settings.debris = 0;
  const Specimen specimen = grown(settings);
  CATCH_CHECK(total_path(specimen).abs().max().item<double>() < 1e-5);
  for (const auto& densities : specimen.density) {
    CATCH_CHECK(total(densities).abs().max().item<double>() < 1e-5);
  }
}
