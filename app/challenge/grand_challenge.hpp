// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/organelle.hpp"

#include <filesystem>
#include <string>

namespace lmc::app {

// The only code that knows the platform's folders and sockets (docs/container.md).

/// The one image of a case.
struct ChallengeCase {
  std::filesystem::path image; ///< below the input folder
  std::string uploaded_name;   ///< inputs.json image.name, the file's name without it
};

/// Finds the case's image through inputs.json, or by the folder when there is no inputs.json.
/// @param input the folder mounted at /input; may be a symlink
/// @throws Error input_ambiguous with a listing when there is no image or more than one;
/// input_corrupt for a
///   malformed inputs.json
[[nodiscard]] ChallengeCase find_case(const std::filesystem::path& input);

/// The four output files of a case; the folders are made and must be
/// empty, because the platform imports exactly one file from each.
/// @throws Error output_unwritable, output_exists
[[nodiscard]] PerOrganelle<std::filesystem::path>
prepare_outputs(const std::filesystem::path& output, const std::filesystem::path& image);

/// The folder of models: `uploaded` if it holds anything, else `built_in`.
[[nodiscard]] std::filesystem::path choose_models(const std::filesystem::path& uploaded,
                                                  const std::filesystem::path& built_in);

} // namespace lmc::app
