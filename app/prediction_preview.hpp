// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/image_job.hpp"
#include "common/temporary_file.hpp"
#include "image/read_options.hpp"

#include <filesystem>

namespace lmc::app {

/// Writes one PNG of an image beside its prediction files; of stacks the middle Z of the first T.
/// @param predictions files by organelle; empty paths are left out
/// @throws Error for files that cannot be read or a picture that cannot be written; usage when
/// sizes differ
void write_prediction_preview(const image::ReadOptions& read, const std::filesystem::path& input,
                              const OutputFiles& predictions, const std::filesystem::path& picture,
                              Existing existing);

} // namespace lmc::app
