// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace lmc {

/// Makes a folder and those above it. @throws Error output_unwritable
void make_output_folder(const std::filesystem::path& folder);

} // namespace lmc
