// SPDX-License-Identifier: Apache-2.0
#include "app/locations.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

namespace lmc::app {

std::filesystem::path bundled_folder(const std::filesystem::path& name) {
  const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const auto installed = programs.parent_path() / "share" / "lightmycells" / name;
  const auto checkout = programs.parent_path().parent_path() / name;
  for (const auto& folder : {installed, checkout}) {
    if (std::filesystem::is_directory(folder)) {
      return folder;
    }
  }
  throw Error{ErrorCode::model_missing, installed.string(),
              fmt::format("the folder is missing, and so is {}", checkout.string()),
              "name a folder of models with --model, or install the program again"};
}

} // namespace lmc::app
