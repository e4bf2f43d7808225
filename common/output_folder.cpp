// SPDX-License-Identifier: Apache-2.0
#include "common/output_folder.hpp"

#include "common/error.hpp"

#include <fmt/format.h>

#include <system_error>

namespace lmc {

void make_output_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw Error{ErrorCode::output_unwritable, folder.string(),
                fmt::format("the folder cannot be made ({})", error.message()),
                "choose a folder that you may write to"};
  }
}

} // namespace lmc
