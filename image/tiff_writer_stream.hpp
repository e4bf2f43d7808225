// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <memory>
#include <string>

namespace lmc::image {

/// A TIFF on an open file descriptor, with libtiff's errors kept for a message instead of printed.
/// The descriptor stays open and its file offset is not used.
class TiffStream {
public:
  /// @param mode as TIFFOpen's: "w4" classic, "w8" BigTIFF, "r"
  /// @throws std::runtime_error with libtiff's or the system's reason
  TiffStream(int descriptor, const char* mode);
  ~TiffStream();
  TiffStream(const TiffStream&) = delete;
  TiffStream& operator=(const TiffStream&) = delete;

  [[nodiscard]] TIFF* handle() const noexcept { return handle_; }

  /// @throws std::runtime_error with the reason of the last failure, unless `succeeded`
  void require(bool succeeded) const;

  /// Writes what is buffered. @throws std::runtime_error when any write failed
  void close();

  /// errno of the first failed read or write, 0 if none.
  [[nodiscard]] int system_error() const noexcept;

private:
  struct State;
  std::unique_ptr<State> state_;
  TIFF* handle_ = nullptr;
};

} // namespace lmc::image
