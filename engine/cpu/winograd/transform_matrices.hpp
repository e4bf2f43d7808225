// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

namespace lmc::engine::cpu {

/// Rows of coefficients, known to the compiler so that zeros and ones cost nothing.
template <std::size_t Rows, std::size_t Columns>
using Matrix = std::array<std::array<double, Columns>, Rows>;

/// Matrices of a fast convolution along one axis: with samples d and taps g,
/// `y = A^T ((G g) * (B^T d))`, * element by element. In two dimensions each is applied to rows and
/// to columns: `Y = A^T ((G g G^T) * (B^T d B)) A` (Winograd; Lavin and Gray 2016).
template <std::size_t Outputs, std::size_t Taps, std::size_t Products, std::size_t Samples>
struct FastConvolution {
  Matrix<Outputs, Products> output{}; ///< A^T
  Matrix<Products, Taps> kernel{};    ///< G
  Matrix<Products, Samples> input{};  ///< B^T
};

/// Cook-Toom construction of F(Outputs, Taps): y[i] = sum over k of g[k] d[i + k] in
/// Outputs + Taps - 1 products, by interpolation at `points` and at infinity.
template <std::size_t Outputs, std::size_t Taps>
constexpr auto cook_toom(const std::array<double, Outputs + Taps - 2>& points) {
  constexpr std::size_t n = Outputs + Taps - 1;
  FastConvolution<Outputs, Taps, n, n> f;
  // Coefficients, lowest first, of the product of (x - points[l]) over all l but `left_out`.
  const auto polynomial = [&](std::size_t left_out) {
    std::array<double, n> product{1};
    for (std::size_t l = 0; l + 1 < n; ++l) {
      for (std::size_t degree = n; l != left_out && degree-- > 0;) {
        product[degree] = (degree > 0 ? product[degree - 1] : 0.0) - points[l] * product[degree];
      }
    }
    return product;
  };
  for (std::size_t j = 0; j + 1 < n; ++j) {
    f.input[j] = polynomial(j);
    double scale = 1;
    for (std::size_t l = 0; l + 1 < n; ++l) {
      scale *= l == j ? 1.0 : points[j] - points[l];
    }
    double power = 1;
    for (std::size_t i = 0; i < Outputs || i < Taps; ++i, power *= points[j]) {
      if (i < Outputs) {
        f.output[i][j] = power;
      }
      if (i < Taps) {
        f.kernel[j][i] = power / scale;
      }
    }
  }
  f.input[n - 1] = polynomial(n);
  f.output[Outputs - 1][n - 1] = 1;
  f.kernel[n - 1][Taps - 1] = 1;
  return f;
}

/// F(4, 3). RMS error of a 256-channel 3x3 convolution against float64, outputs of deviation 0.57:
/// points 0, +-2/3, +-3/2 8.3e-7; 0, +-sqrt 1/2, +-sqrt 2 8.7e-7; the usual 0, +-1, +-2 17.9e-7.
inline constexpr auto f43 = cook_toom<4, 3>({0.0, 2.0 / 3, -2.0 / 3, 1.5, -1.5});

/// F(4, 2). RMS error, measured alike: 0, +-2/3, 3/2 8.4e-7; 0, +-1, 1/2 10.8e-7.
inline constexpr auto f42 = cook_toom<4, 2>({0.0, 2.0 / 3, -2.0 / 3, 1.5});

/// A 3x3 convolution, stride 1: 4x4 outputs from 6x6 samples in 36 products instead of 144.
struct Same {
  static constexpr std::size_t step = 4;      ///< samples from tile to tile
  static constexpr std::ptrdiff_t first = -1; ///< first sample of tile 0
  static constexpr FastConvolution<4, 3, 6, 6> axis = f43;
  static constexpr std::array<std::size_t, 6> kernel_of{0, 1, 2, 3, 4, 5};
};

/// Same, read from an image of half the height and width whose pixels are repeated (nearest
/// neighbour): of a tile's six samples along an axis, the second and third are one pixel, and the
/// fourth and fifth. Their columns of B^T are added once and for all; 16 pixels are read instead
/// of 36.
struct SameDoubled {
  static constexpr std::size_t step = 2;
  static constexpr std::ptrdiff_t first = -1;
  static constexpr auto axis = [] {
    FastConvolution<4, 3, 6, 4> f{.output = f43.output, .kernel = f43.kernel, .input = {}};
    for (std::size_t p = 0; p < 6; ++p) {
      for (std::size_t n = 0; n < 6; ++n) {
        f.input[p][(n + 1) / 2] += f43.input[p][n];
      }
    }
    return f;
  }();
  static constexpr std::array<std::size_t, 6> kernel_of = Same::kernel_of;
};

/// A 3x3 convolution, stride 2, padding 1: y[i] = g0 x[2i-1] + g1 x[2i] + g2 x[2i+1]. Its even
/// samples meet one tap (4 products for 4 outputs), its odd ones two (F(4, 2), 5 products): 4x4
/// outputs from 9x9 samples in 81 products instead of 144.
struct StrideTwo {
  static constexpr std::size_t step = 8;
  static constexpr std::ptrdiff_t first = -1;
  static constexpr auto axis = [] {
    FastConvolution<4, 3, 9, 9> f;
    for (std::size_t i = 0; i < 4; ++i) {
      f.input[i][2 * i + 1] = 1;
      f.kernel[i][1] = 1;
      f.output[i][i] = 1;
    }
    for (std::size_t j = 0; j < 5; ++j) {
      f.kernel[4 + j][0] = f42.kernel[j][0];
      f.kernel[4 + j][2] = f42.kernel[j][1];
      for (std::size_t i = 0; i < 5; ++i) {
        f.input[4 + j][2 * i] = f42.input[j][i];
      }
      for (std::size_t i = 0; i < 4; ++i) {
        f.output[i][4 + j] = f42.output[i][j];
      }
    }
    return f;
  }();
  /// The four one-tap products share a transformed kernel: 36 kernels for 81 products.
  static constexpr std::array<std::size_t, 9> kernel_of{0, 0, 0, 0, 1, 2, 3, 4, 5};
};

/// A 3x3 transposed convolution, stride 2, padding 1, output padding 1: y[2i] = g1 x[i],
/// y[2i+1] = g2 x[i] + g0 x[i+1]. 8x8 outputs from 5x5 samples in 81 products instead of 144.
struct Transposed {
  static constexpr std::size_t step = 4;
  static constexpr std::ptrdiff_t first = 0;
  static constexpr auto axis = [] {
    FastConvolution<8, 3, 9, 5> f;
    for (std::size_t i = 0; i < 4; ++i) {
      f.input[i][i] = 1;
      f.kernel[i][1] = 1;
      f.output[2 * i][i] = 1;
    }
    for (std::size_t j = 0; j < 5; ++j) {
      f.kernel[4 + j][2] = f42.kernel[j][0];
      f.kernel[4 + j][0] = f42.kernel[j][1];
      f.input[4 + j] = f42.input[j];
      for (std::size_t i = 0; i < 4; ++i) {
        f.output[2 * i + 1][4 + j] = f42.output[i][j];
      }
    }
    return f;
  }();
  static constexpr std::array<std::size_t, 9> kernel_of{0, 0, 0, 0, 1, 2, 3, 4, 5};
};

/// Transformed kernels of each kind: 6 along an axis.
inline constexpr std::size_t kernels_per_axis = 6;
inline constexpr std::ptrdiff_t kernel_count = kernels_per_axis * kernels_per_axis;

} // namespace lmc::engine::cpu
