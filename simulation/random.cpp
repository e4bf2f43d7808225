// SPDX-License-Identifier: Apache-2.0
#include "simulation/random.hpp"

#include "common/random.hpp"

#include <cmath>
#include <numbers>

namespace lmc::simulation {

Random::Random(std::uint64_t seed, std::uint64_t stream)
    : engine_{splitmix64(splitmix64(seed) ^ stream)} {}

double Random::uniform() {
  return static_cast<double>(engine_() >> 11U) * 0x1.0p-53;
}

double Random::uniform(double low, double high) {
  return low + (high - low) * uniform();
}

double Random::normal() {
  // Box and Muller; 1 - u keeps the logarithm finite.
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::size_t Random::index(std::size_t count) {
  return static_cast<std::size_t>(uniform() * static_cast<double>(count));
}

double Random::poisson(double mean) {
  if (!(mean > 0)) {
    return 0;
  }
  return mean < 30 ? poisson_by_multiplication(mean) : poisson_by_rejection(mean);
}

double Random::poisson_by_multiplication(double mean) {
  const double limit = std::exp(-mean);
  double product = uniform();
  double count = 0;
  while (product > limit) {
    product *= uniform();
    ++count;
  }
  return count;
}

double Random::poisson_by_rejection(double mean) {
  const double log_mean = std::log(mean);
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double quick = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform() - 0.5;
    const double v = uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= quick) {
      return k;
    }
    if (k < 0 || (us < 0.013 && v > us)) {
      continue;
    }
    // std::lgamma writes a global sign, so threads that call it together race; C's lgamma_r does
    // not.
    int sign = 0;
    const double log_density = -mean + k * log_mean - ::lgamma_r(k + 1, &sign);
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= log_density) {
      return k;
    }
  }
}

} // namespace lmc::simulation
