// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace lmc::image {

/// A regular file that is opened once: what it is, its pixels and its checksum are read from the
/// same file, whatever happens to its name meanwhile. Copies share the descriptor, which is closed
/// with the last one; reading moves no common position.
class OpenFile {
public:
  /// @throws Error input_missing (no such file, a directory, no permission)
  explicit OpenFile(std::filesystem::path path);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// The open file descriptor; owned by this object and its copies.
  [[nodiscard]] int descriptor() const noexcept;
  /// Bytes in it when it was opened.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

  /// Reads the bytes from `offset` on.
  /// @returns how many of `target` were filled; fewer than asked for where the file ends
  /// @throws Error input_missing when the system cannot read
  std::size_t read(std::uint64_t offset, std::span<std::byte> target) const;

  /// SHA-256 of its content, in hexadecimal, in one pass. A file of at most 16 MiB is kept in
  /// memory by it: whatever this object and later copies of it read comes from there.
  /// @throws Error input_missing
  [[nodiscard]] std::string hash_and_keep();

private:
  class Descriptor;
  std::filesystem::path path_;
  std::shared_ptr<const Descriptor> descriptor_;
  std::uint64_t size_ = 0;
};

} // namespace lmc::image
