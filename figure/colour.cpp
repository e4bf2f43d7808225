// SPDX-License-Identifier: Apache-2.0
#include "figure/colour.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace lmc::figure {

namespace {

// Stefan van der Walt and Nathaniel Smith's viridis as matplotlib has it (CC0), 0xrrggbb, every
// fifth of its 256 colours: what lies between is at most one level of 255 from the mean of its
// neighbours.
// clang-format off
constexpr std::array<std::uint32_t, 52> viridis_points{
    0x440154, 0x45085b, 0x470f62, 0x471669, 0x481d6f, 0x482374, 0x472a79, 0x46307d, 0x453681,
    0x433c84, 0x414286, 0x3e4888, 0x3c4d8a, 0x3a538b, 0x37588c, 0x355d8c, 0x32628d, 0x30678d,
    0x2e6c8e, 0x2c718e, 0x2a768e, 0x287a8e, 0x267f8e, 0x24848d, 0x23898d, 0x218d8c, 0x1f928c,
    0x1e978a, 0x1e9b89, 0x1ea087, 0x20a585, 0x23a982, 0x28ae7f, 0x2eb27c, 0x35b778, 0x3dbb74,
    0x45bf6f, 0x4fc369, 0x59c764, 0x64cb5d, 0x70ce56, 0x7cd24f, 0x88d547, 0x95d73f, 0xa2da37,
    0xafdc2e, 0xbdde26, 0xcae01e, 0xd7e219, 0xe4e318, 0xf1e51c, 0xfde724,
};
// clang-format on

} // namespace

Colour mixed(Colour from, Colour to, float part) {
  const auto channel = [&](std::uint8_t low, std::uint8_t high) {
    const float value = static_cast<float>(low) + part * static_cast<float>(high - low);
    return static_cast<std::uint8_t>(std::lround(value));
  };
  return {channel(from.red, to.red), channel(from.green, to.green), channel(from.blue, to.blue)};
}

Colour tint_of(Organelle organelle) {
  static constexpr std::array<Colour, organelle_count> tints{
      {{255, 176, 32}, {96, 190, 255}, {40, 220, 160}, {255, 135, 200}}};
  return tints.at(channel_of(organelle));
}

std::string_view chart_colour(std::size_t index) {
  // Without yellow and black, which vanish beside white and text.
  static constexpr std::array<std::string_view, 6> colours{"#0072b2", "#d55e00", "#009e73",
                                                           "#cc79a7", "#e69f00", "#56b4e9"};
  return colours.at(index % colours.size());
}

Colour viridis(double value) {
  if (std::isnan(value)) {
    return {};
  }
  const double place = std::clamp(value, 0.0, 1.0) * (viridis_points.size() - 1);
  const double below = std::floor(place);
  const auto colour = [](double index) {
    const std::uint32_t rgb = viridis_points.at(static_cast<std::size_t>(index));
    return Colour{static_cast<std::uint8_t>(rgb >> 16), static_cast<std::uint8_t>(rgb >> 8 & 0xffU),
                  static_cast<std::uint8_t>(rgb & 0xffU)};
  };
  return mixed(colour(below), colour(std::ceil(place)), static_cast<float>(place - below));
}

std::string viridis_gradient() {
  constexpr int stops = 16;
  std::string gradient = "linear-gradient(to right";
  for (int i = 0; i <= stops; ++i) {
    const Colour colour = viridis(static_cast<double>(i) / stops);
    gradient += fmt::format(", #{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
  }
  return gradient + ")";
}

} // namespace lmc::figure
