// SPDX-License-Identifier: Apache-2.0
#include "common/files/plugin.hpp"

#include <fmt/format.h>

#include <utility>

#include <dlfcn.h>

namespace lmc {

std::filesystem::path plugin_library(const std::string& file) {
  const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  return programs.parent_path() / "lib" / file;
}

Plugin open_plugin(const std::filesystem::path& library, const char* symbol,
                   const std::string& build) {
  const auto failed = [](std::string why) { return Plugin{.why_not = std::move(why)}; };
  if (!std::filesystem::exists(library)) {
    return failed(
        fmt::format("is not installed (no {}; ./run.sh --cuda builds it)", library.string()));
  }
  void* const handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    return failed(fmt::format("cannot be loaded: {}", dlerror()));
  }
  const auto entry_of = reinterpret_cast<const PluginEntry* (*)()>(dlsym(handle, symbol));
  if (entry_of == nullptr) {
    return failed(
        fmt::format("is another library: {} has no function {}", library.string(), symbol));
  }
  const PluginEntry* const entry = entry_of();
  if (entry->build() != build) {
    return failed(fmt::format("is of another build: {} is {}, this program {}", library.string(),
                              entry->build(), build));
  }
  return {.entry = entry};
}

} // namespace lmc
