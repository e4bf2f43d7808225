// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>

namespace lmc::image {

/// What went wrong: the first of each kind; those that follow are its consequences.
struct TiffMessages {
  int system_error = 0; ///< errno of a read or write
  std::string error;    ///< libtiff's
  std::string warning;

  [[nodiscard]] std::string text() const;
};

/// A TIFF on an open file descriptor, for reading and for writing. What libtiff has to say is kept
/// for a message instead of printed. The descriptor stays open and its file offset is not used.
class TiffStream {
public:
  /// @param mode as TIFFOpen's: "r", "w4" classic, "w8" BigTIFF
  /// @param largest_allocation that libtiff may make, bytes; 0: any. A header's promise must not
  ///   make it allocate more than the file can fill.
  /// @throws std::runtime_error with libtiff's or the system's reason
  TiffStream(int descriptor, const char* mode, std::uint64_t largest_allocation = 0);
  ~TiffStream();
  TiffStream(const TiffStream&) = delete;
  TiffStream& operator=(const TiffStream&) = delete;

  [[nodiscard]] TIFF* handle() const noexcept { return handle_; }

  /// Since the beginning, or since they were cleared: `messages() = {}`.
  [[nodiscard]] TiffMessages& messages() const noexcept;

  /// @throws std::runtime_error with the system's reason or libtiff's error, unless `succeeded`
  void require(bool succeeded) const;

  /// Writes what is buffered. @throws std::runtime_error when any write failed
  void close();

private:
  struct State;
  std::unique_ptr<State> state_;
  TIFF* handle_ = nullptr;
};

} // namespace lmc::image
