// SPDX-License-Identifier: Apache-2.0
#include "common/files/output_folder.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <cerrno>
#include <cstring>
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

void check_output(const std::filesystem::path& path, Existing existing) {
  if (existing == Existing::refuse &&
      std::filesystem::exists(std::filesystem::symlink_status(path))) {
    throw output_exists(path);
  }
}

void write_all(int descriptor, std::span<const std::byte> bytes,
               const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) {
      throw output_failed(path, errno);
    }
    bytes = bytes.subspan(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
}

Error output_exists(const std::filesystem::path& path) {
  return Error{ErrorCode::output_exists, path.string(), "the file exists",
               "pass --overwrite to replace it, or choose another output"};
}

Error output_failed(const std::filesystem::path& path, int error) {
  return Error{ErrorCode::output_failed, path.string(),
               fmt::format("writing failed ({})", std::strerror(error)),
               error == ENOSPC ? "free disk space and run again"
                               : "check the output folder's file system"};
}

} // namespace lmc
