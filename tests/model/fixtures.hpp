// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model/state_dict.hpp"
#include "tests/support/reference_files.hpp"
#include "tests/support/temporary_folder.hpp"

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace lmc::model::test {

using lmc::test::reference_folder;
using lmc::test::TemporaryFolder;

/// The manifest's record of a fixture of `nets`.
[[nodiscard]] nlohmann::json net_record(const std::string& fixture);

/// The manifest's record of a file of `checkpoints`.
[[nodiscard]] nlohmann::json checkpoint_record(const std::string& file);

/// The tensors of a fixture of `nets`.
[[nodiscard]] StateDict net_tensors(const std::string& fixture);

/// A window [y, x, height, width] of an image of `images`, scaled to [-1, 1], as [1, 1, height,
/// width].
[[nodiscard]] at::Tensor image_window(const std::string& image,
                                      const std::array<std::int64_t, 4>& window);

/// The windows of a fixture as a batch [n, 1, height, width].
[[nodiscard]] at::Tensor fixture_windows(const nlohmann::json& record,
                                         const std::string& image = "phase_contrast_512");

/// Largest absolute difference; the shapes must agree.
[[nodiscard]] double max_difference(const at::Tensor& a, const at::Tensor& b);

/// The fixture's noise floor: largest difference of float32 from double, times ten.
[[nodiscard]] double tolerance_of(const nlohmann::json& record);

} // namespace lmc::model::test
