// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "simulation/random.hpp"
#include "simulation/settings.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace lmc::simulation {

/// How counts come from light.
struct Exposure {
  double counts = 10000;          ///< for an intensity of 1, above the offset
  double electrons_per_count = 1; ///< sets the photon noise
  double offset_counts = 100;
  double read_noise_counts = 2; ///< standard deviation
};

/// Counts of one plane: photon noise (Poisson, of the electrons), read noise (Gaussian), offset;
/// rounded and cut to uint16.
/// @param intensity float32 [height, width], not negative
/// @return [height, width], row-major
[[nodiscard]] std::vector<std::uint16_t> expose(const at::Tensor& intensity,
                                                const Exposure& exposure, Random& random);

/// Illumination over a field: a tilted, vignetted plane and the out-of-focus shadows of dust on the
/// optics, mean about 1. The same for every plane of a field.
/// @param unevenness peak to peak
/// @return float32 [side, side]
[[nodiscard]] at::Tensor illumination(std::int64_t side, double unevenness, Random& random);

} // namespace lmc::simulation
