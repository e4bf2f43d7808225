// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace lmc {

/// What to do when the final name is taken.
enum class Existing { refuse, replace };

/// A file that gets its final name only when it is complete.
///
/// On file systems that can (O_TMPFILE), it has no name until `commit`, so that not even SIGKILL
/// leaves anything behind; elsewhere it is a hidden file `.<name>.<pid>.tmp` beside the final one,
/// removed by the destructor.
class TemporaryFile {
public:
  /// Opens an empty file for reading and writing on the file system of `final_path`'s folder.
  /// @throws Error output_unwritable when the folder is missing or not writable
  explicit TemporaryFile(std::filesystem::path final_path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// The open file descriptor; owned by this object.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

  /// A path that opens this file (`/proc/self/fd/N`, or the hidden name), for libraries
  /// that want a name.
  [[nodiscard]] std::filesystem::path path() const;

  [[nodiscard]] const std::filesystem::path& final_path() const noexcept { return final_path_; }

  /// Flushes to the disk and gives the file its final name.
  /// @throws Error output_exists (with Existing::refuse), output_failed
  void commit(Existing existing);

private:
  void link_as(const std::filesystem::path& name) const;
  void rename_to_final(Existing existing) const;

  std::filesystem::path final_path_;
  std::filesystem::path hidden_path_; ///< empty while the file has no name
  int descriptor_ = -1;
};

/// Writes `content` as a whole file, crash-safe.
void write_file(const std::filesystem::path& path, std::string_view content, Existing existing);

} // namespace lmc
