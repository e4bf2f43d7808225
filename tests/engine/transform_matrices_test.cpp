// SPDX-License-Identifier: Apache-2.0
#include "engine/cpu/winograd/transform_matrices.hpp"

#include <catch2/catch.hpp>

#include <array>

using namespace lmc::engine::cpu;

namespace {

/// A^T ((G g) * (B^T d)) of one axis.
template <std::size_t Outputs, std::size_t Taps, std::size_t Products, std::size_t Samples>
std::array<double, Outputs> fast(const FastConvolution<Outputs, Taps, Products, Samples>& f,
                                 const std::array<double, Taps>& g,
                                 const std::array<double, Samples>& d) {
  std::array<double, Outputs> y{};
  for (std::size_t p = 0; p < Products; ++p) {
    double kernel = 0;
    for (std::size_t k = 0; k < Taps; ++k) {
      kernel += f.kernel[p][k] * g[k];
    }
    double sample = 0;
    for (std::size_t n = 0; n < Samples; ++n) {
      sample += f.input[p][n] * d[n];
    }
    for (std::size_t i = 0; i < Outputs; ++i) {
      y[i] += f.output[i][p] * kernel * sample;
    }
  }
  return y;
}

constexpr std::array<double, 3> g{0.3, -1.7, 0.9};

} // namespace

CATCH_TEST_CASE("a convolution of stride one is computed exactly") {
  constexpr std::array<double, 6> d{0.5, -2, 3, 1, -0.25, 4};
  const auto y = fast(Same::axis, g, d);
  for (std::size_t i = 0; i < 4; ++i) {
    CATCH_CHECK(y[i] == Approx(g[0] * d[i] + g[1] * d[i + 1] + g[2] * d[i + 2]));
  }
}

CATCH_TEST_CASE("a convolution of stride two is computed exactly") {
  // The first sample is the one before the first pixel.
  constexpr std::array<double, 9> d{0.5, -2, 3, 1, -0.25, 4, -1, 2, 0.75};
  const auto y = fast(StrideTwo::axis, g, d);
  for (std::size_t i = 0; i < 4; ++i) {
    CATCH_CHECK(y[i] == Approx(g[0] * d[2 * i] + g[1] * d[2 * i + 1] + g[2] * d[2 * i + 2]));
  }
}

CATCH_TEST_CASE("a transposed convolution is computed exactly") {
  constexpr std::array<double, 5> d{0.5, -2, 3, 1, -0.25};
  const auto y = fast(Transposed::axis, g, d);
  for (std::size_t i = 0; i < 4; ++i) {
    CATCH_CHECK(y[2 * i] == Approx(g[1] * d[i]));
    CATCH_CHECK(y[2 * i + 1] == Approx(g[2] * d[i] + g[0] * d[i + 1]));
  }
}
