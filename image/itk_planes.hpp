// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/file_kind.hpp"
#include "image/plane_source.hpp"

#include <filesystem>
#include <memory>

namespace lmc::image {

/// Opens a MetaImage, NRRD, NIfTI or PNG file with ITK. Axes are x, y, z, t; spacing counts as
/// millimetres, as these formats define it. A single file that could not hold what it declares is
/// rejected.
/// @throws Error input_corrupt, input_unsupported, input_too_large, input_ambiguous (a channel is
/// wanted)
[[nodiscard]] std::unique_ptr<PlaneSource> open_itk_planes(const std::filesystem::path& path,
                                                           const FileKind& kind,
                                                           const ReadOptions& options);

} // namespace lmc::image
