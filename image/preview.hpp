// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"
#include "common/temporary_file.hpp"
#include "image/image.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <variant>

namespace lmc::image {

/// One prediction in a preview.
struct PreviewPanel {
  Organelle organelle = Organelle::mitochondria;
  /// [height, width] of the transmitted light, row-major
  std::variant<std::span<const std::uint16_t>, std::span<const float>> pixels;
};

/// Writes one PNG with the transmitted light and its predictions side by side: labelled, each with
/// a contrast of its own, organelles tinted, with a scale bar. For looking at, not for measuring.
/// @throws Error output_unwritable, output_exists, output_failed
/// @throws std::invalid_argument when a panel's size is not that of the transmitted light
void write_preview(const std::filesystem::path& path, const TransmittedLight& light,
                   std::span<const PreviewPanel> predictions, Existing existing);

} // namespace lmc::image
