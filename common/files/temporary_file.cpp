// SPDX-License-Identifier: Apache-2.0
#include "common/files/temporary_file.hpp"

#include "common/error.hpp"
#include "common/files/output_folder.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

namespace lmc {

namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
}

std::filesystem::path hidden_name(const std::filesystem::path& path) {
  return folder_of(path) /
         fmt::format(".{}.{}.tmp", path.filename().string(), static_cast<long>(getpid()));
}

std::string reason(int error) {
  return std::strerror(error);
}

void sync_folder(const std::filesystem::path& folder) {
  // Some file systems cannot sync a folder; the file itself has been synced already.
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::fsync(descriptor);
    ::close(descriptor);
  }
}

} // namespace

TemporaryFile::TemporaryFile(std::filesystem::path final_path)
    : final_path_{std::move(final_path)} {
  const std::filesystem::path folder = folder_of(final_path_);
  descriptor_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0644);
  if (descriptor_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    hidden_path_ = hidden_name(final_path_);
    descriptor_ =
        ::open(hidden_path_.c_str(), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0644);
  }
  if (descriptor_ < 0) {
    const std::string cause = reason(errno);
    hidden_path_.clear();
    throw Error{ErrorCode::output_unwritable, folder.string(),
                "cannot create a file in this folder (" + cause + ")",
                "create the folder or choose one that you may write to"};
  }
}

TemporaryFile::~TemporaryFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
  if (!hidden_path_.empty()) {
    ::unlink(hidden_path_.c_str());
  }
}

std::filesystem::path TemporaryFile::path() const {
  return hidden_path_.empty() ? std::filesystem::path{fmt::format("/proc/self/fd/{}", descriptor_)}
                              : hidden_path_;
}

void TemporaryFile::commit(Existing existing) {
  if (::fsync(descriptor_) != 0) {
    throw output_failed(final_path_, errno);
  }
  if (hidden_path_.empty() && existing == Existing::refuse) {
    link_as(final_path_);
  } else {
    if (hidden_path_.empty()) {
      // A link never replaces, so a file without a name is renamed in two steps.
      const std::filesystem::path hidden = hidden_name(final_path_);
      ::unlink(hidden.c_str());
      link_as(hidden);
      hidden_path_ = hidden;
    }
    rename_to_final(existing);
    hidden_path_.clear();
  }
  sync_folder(folder_of(final_path_));
}

void TemporaryFile::link_as(const std::filesystem::path& name) const {
  if (::linkat(AT_FDCWD, path().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
    throw errno == EEXIST ? output_exists(name) : output_failed(final_path_, errno);
  }
}

void TemporaryFile::rename_to_final(Existing existing) const {
  const unsigned flags = existing == Existing::refuse ? RENAME_NOREPLACE : 0U;
  if (::renameat2(AT_FDCWD, hidden_path_.c_str(), AT_FDCWD, final_path_.c_str(), flags) == 0) {
    return;
  }
  if (errno == EEXIST) {
    throw output_exists(final_path_);
  }
  // Network file systems may know no flags: then look first, which leaves a small gap.
  if (errno != EINVAL || flags == 0U) {
    throw output_failed(final_path_, errno);
  }
  if (std::filesystem::exists(final_path_)) {
    throw output_exists(final_path_);
  }
  if (::rename(hidden_path_.c_str(), final_path_.c_str()) != 0) {
    throw output_failed(final_path_, errno);
  }
}

void write_file(const std::filesystem::path& path, std::string_view content, Existing existing) {
  TemporaryFile file{path};
  write_all(file.descriptor(), std::as_bytes(std::span{content}), path);
  file.commit(existing);
}

} // namespace lmc
