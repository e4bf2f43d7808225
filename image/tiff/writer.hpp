// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/files/temporary_file.hpp"
#include "image/ome/writer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace lmc::image {

class TiffStream;

/// Resolution that a file gets whose pixel size is unknown: importers want one, so a pixel counts
/// as one micrometre. The OME-XML then has no PhysicalSize.
inline constexpr PixelSize unknown_pixel_um{1.0, 1.0};

/// Writes one OME-TIFF of one channel: 256x256 tiles, one page per plane. The file gets its final
/// name in `commit` only, when it is complete and on the disk.
///
///     OmeTiffWriter writer{"cell_nucleus.ome.tiff", {.height = 512, .width = 512, ...}};
///     writer.write_plane(pixels);
///     writer.commit(Existing::refuse);
class OmeTiffWriter {
public:
  /// @throws Error output_unwritable, output_failed
  /// @throws std::invalid_argument for an empty size, another type than uint16 and float32, or a
  ///   pixel size that is not positive
  OmeTiffWriter(std::filesystem::path final_path, OmeTiffDescription description);
  ~OmeTiffWriter();
  OmeTiffWriter(const OmeTiffWriter&) = delete;
  OmeTiffWriter& operator=(const OmeTiffWriter&) = delete;

  /// Appends the next plane, z fastest, then t.
  /// @param pixels [height, width], row-major; the overload must be that of the description's type
  /// @throws Error output_failed; not_a_number for NaN or infinity
  /// @throws std::logic_error for a wrong size or type, or one plane too many
  void write_plane(std::span<const std::uint16_t> pixels);
  void write_plane(std::span<const float> pixels);

  /// Completes the file, flushes it to the disk, and names it.
  /// @throws Error output_failed, output_exists
  /// @throws std::logic_error when planes are missing
  void commit(Existing existing);

private:
  void write_page(std::span<const std::byte> pixels, PixelType type);
  void write_tags();

  OmeTiffDescription description_;
  TemporaryFile file_;
  std::unique_ptr<TiffStream> stream_;
  std::size_t planes_written_ = 0;
};

} // namespace lmc::image
