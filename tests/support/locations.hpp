// SPDX-License-Identifier: Apache-2.0
// Where tests find things. Compiled into one file, so that the others compile alike in every
// checkout.
#pragma once

#include <filesystem>

namespace lmc::test {

/// The project's top folder.
[[nodiscard]] std::filesystem::path source_folder();

/// tests/reference
[[nodiscard]] std::filesystem::path reference_folder();

/// Where the build puts its programs.
[[nodiscard]] std::filesystem::path program_folder();

} // namespace lmc::test
