// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace lmc {

/// How the entry of every plug-in library begins, which its one C function returns. C++ types cross
/// this border, so both sides must come from the same build.
struct PluginEntry {
  std::string (*build)(); ///< identity of the library's build
};

/// An opened plug-in, which stays loaded until the process ends, or why there is none.
struct Plugin {
  const PluginEntry* entry = nullptr;
  std::string why_not = {}; ///< as the end of "the plug-in ..."; empty when `entry` is set
};

/// Where a plug-in belongs: ../lib/<file> beside the program's folder.
[[nodiscard]] std::filesystem::path plugin_library(const std::string& file);

/// Opens a plug-in.
/// @param symbol name of its function, `const PluginEntry* symbol()`
/// @param build identity of this program's build
[[nodiscard]] Plugin open_plugin(const std::filesystem::path& library, const char* symbol,
                                 const std::string& build);

} // namespace lmc
