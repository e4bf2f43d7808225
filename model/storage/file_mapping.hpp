// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace lmc::model {

/// A whole file mapped for reading. Pages are read when they are touched and may be dropped again,
/// so a large weights file costs no private memory.
class FileMapping {
public:
  /// @throws Error model_missing when there is no such regular file or it cannot be read,
  /// model_corrupt when it is empty
  explicit FileMapping(const std::filesystem::path& path);
  ~FileMapping();
  FileMapping(const FileMapping&) = delete;
  FileMapping& operator=(const FileMapping&) = delete;

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

private:
  std::span<const std::byte> bytes_;
};

} // namespace lmc::model
