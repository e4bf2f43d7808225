// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace lmc::app {

/// A folder that comes with the program: "weights" or "test_inputs". Looked for beside an installed
/// program
/// (../share/lightmycells/NAME) and in the checkout that it was built in (../../NAME).
/// @throws Error model_missing when it is at neither place
[[nodiscard]] std::filesystem::path bundled_folder(const std::filesystem::path& name);

} // namespace lmc::app
