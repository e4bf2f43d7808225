// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/commands/expected_case.hpp"

#include <filesystem>

namespace lmc::app {

/// Reads what a run of light-my-cells left for one organelle of a case, as the platform's importer
/// would: exactly one .tiff in the socket's folder, of the case's size.
/// @param output the folder that was mounted at /output
/// @return grey values
/// @throws Error input_ambiguous for no file, several or another suffix; input_corrupt for another
///   size; what reading an image throws
[[nodiscard]] Plane<float> read_case_output(const std::filesystem::path& output,
                                            Organelle organelle, const ExpectedCase& expected);

} // namespace lmc::app
