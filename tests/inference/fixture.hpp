// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compute/window_kernels.hpp"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lmc::inference::test {

/// Folder of the reference values.
[[nodiscard]] std::filesystem::path reference_folder();

/// A tensor of tests/reference/inference/<file>.safetensors, in memory of its own.
[[nodiscard]] at::Tensor fixture(const std::string& file, const std::string& name);

/// Largest absolute difference. @throws std::invalid_argument when the shapes differ
[[nodiscard]] double largest_difference(const at::Tensor& a, const at::Tensor& b);

/// Every `stride`-th row and column of the last two axes, where `stride` makes `planes` as large as
/// `like`.
[[nodiscard]] at::Tensor strided_like(const at::Tensor& planes, const at::Tensor& like);

/// A reproducible float32 image [height, width] of values in [-1, 1].
[[nodiscard]] at::Tensor noise_image(std::int64_t height, std::int64_t width);

/// A plane of floats as grey values: its values are the table, its pixels their places in it.
class TablePlane {
public:
  /// @param plane float32 [height, width] of at most 65536 different values
  /// @throws std::invalid_argument when there are more
  explicit TablePlane(const at::Tensor& plane);

  /// Valid as long as this object.
  [[nodiscard]] compute::InputPlane view() const;

private:
  std::int64_t height_;
  std::int64_t width_;
  std::vector<std::uint16_t> pixels_;
  std::vector<float> table_;
};

} // namespace lmc::inference::test
