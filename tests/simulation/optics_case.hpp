// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/transmitted_light.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>

namespace lmc::simulation::test {

/// A Gaussian spot of optical path in the middle of a field, double precision.
[[nodiscard]] inline at::Tensor spot(std::int64_t side, double pixel_um, double sigma_um,
                                     double height_um) {
  const at::Tensor line =
      (at::arange(side, at::TensorOptions{at::kDouble}) - static_cast<double>(side / 2)) * pixel_um;
  const at::Tensor squared = line.square().unsqueeze(1) + line.square().unsqueeze(0);
  return (squared * (-0.5 / (sigma_um * sigma_um))).exp() * height_um;
}

[[nodiscard]] inline std::vector<Layer> one_layer(const at::Tensor& path_um) {
  return {{.height_um = 0, .path_um = path_um, .absorption = {}}};
}

} // namespace lmc::simulation::test
