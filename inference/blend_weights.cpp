// SPDX-License-Identifier: Apache-2.0
#include "inference/blend_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace lmc::inference {

namespace {

// MONAI's floor under the weights, which keeps the division by their sum well conditioned.
constexpr float smallest_weight = 1e-3F;

// erf of a float32 argument, rounded once: the C library's own erff is an ulp off now and then, and
// differently on every system, which the small differences below would magnify to 1e-5.
float rounded_erf(float x) {
  return static_cast<float>(std::erf(static_cast<double>(x)));
}

// Integral of the Gaussian over a pixel. Float32 arguments and a float32 subtraction, as the
// published map has them: in double the map differs by up to 7e-6 and the blended image by up to
// 2e-5. The constant is MONAI's 1/sqrt(2).
float pixel_integral(float offset, float sigma) {
  const float t = 0.70710678F / sigma;
  const float integral =
      0.5F * (rounded_erf(t * (offset + 0.5F)) - rounded_erf(t * (offset - 0.5F)));
  return std::max(integral, 0.0F);
}

float point_value(float offset, float sigma) {
  return std::exp(offset * offset / (-2.0F * sigma * sigma));
}

std::vector<float> outer_product(const std::vector<float>& profile) {
  std::vector<float> map;
  map.reserve(profile.size() * profile.size());
  for (const float row : profile) {
    for (const float column : profile) {
      map.push_back(row * column);
    }
  }
  return map;
}

void raise_small_weights(std::vector<float>& map) {
  float smallest_non_zero = std::numeric_limits<float>::max();
  for (const float weight : map) {
    if (weight != 0) {
      smallest_non_zero = std::min(smallest_non_zero, weight);
    }
  }
  const float floor = std::max(smallest_non_zero, smallest_weight);
  for (float& weight : map) {
    weight = std::max(weight, floor);
  }
}

} // namespace

std::string_view name_of(Blending blending) {
  switch (blending) {
  case Blending::monai_0_9:
    return "monai-0.9";
  case Blending::monai_1:
    return "monai-1";
  case Blending::constant:
    return "constant";
  }
  return "unknown";
}

std::vector<float> blend_profile(std::int64_t window, double sigma, Blending blending) {
  const auto sigma_pixels = static_cast<float>(sigma);
  std::vector<float> profile;
  profile.reserve(static_cast<std::size_t>(window));
  const std::int64_t middle = window / 2;
  for (std::int64_t i = 0; i < window; ++i) {
    if (blending == Blending::monai_0_9) {
      profile.push_back(pixel_integral(static_cast<float>(i - middle), sigma_pixels));
    } else {
      const float centre = static_cast<float>(window - 1) / 2;
      profile.push_back(point_value(static_cast<float>(i) - centre, sigma_pixels));
    }
  }
  return profile;
}

std::vector<float> blend_weights(std::int64_t window, double sigma, Blending blending) {
  const auto side = static_cast<std::size_t>(window);
  if (blending == Blending::constant) {
    return std::vector<float>(side * side, 1.0F);
  }
  const double sigma_pixels = sigma * static_cast<double>(window);
  std::vector<float> map = outer_product(blend_profile(window, sigma_pixels, blending));
  if (blending == Blending::monai_0_9) {
    const float largest = *std::max_element(map.begin(), map.end());
    for (float& weight : map) {
      weight /= largest;
    }
  }
  raise_small_weights(map);
  return map;
}

} // namespace lmc::inference
