// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

struct tiff;

namespace lmc::image {

/// A TIFF file opened for reading with libtiff. What libtiff has to say is kept here, not printed.
class TiffHandle {
public:
  /// @throws Error input_corrupt when libtiff cannot read the first directory
  explicit TiffHandle(const std::filesystem::path& path);

  [[nodiscard]] ::tiff* get() const noexcept { return tiff_.get(); }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  /// Goes to the page whose directory is at `offset`. @throws Error input_corrupt
  void select_page(std::uint64_t offset);

  /// Forgets the messages so far.
  void clear_messages() { *messages_ = {}; }
  /// libtiff's first error since `clear_messages`, else its first warning, else empty.
  [[nodiscard]] std::string message() const;
  [[nodiscard]] bool has_error() const noexcept { return !messages_->error.empty(); }
  [[nodiscard]] bool has_warning() const noexcept { return !messages_->warning.empty(); }

  /// The first of each kind.
  struct Messages {
    std::string error;
    std::string warning;
  };

private:
  struct Close {
    void operator()(::tiff* file) const noexcept;
  };
  std::filesystem::path path_;
  std::unique_ptr<Messages> messages_; ///< outlives tiff_, whose callbacks write into it
  std::unique_ptr<::tiff, Close> tiff_;
};

} // namespace lmc::image
