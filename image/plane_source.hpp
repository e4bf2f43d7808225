// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/file_format.hpp"
#include "image/image.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace lmc::image {

/// What is known of an image before its pixels are read.
struct StackInfo {
  Index height = 0;
  Index width = 0;
  std::size_t z_planes = 1;
  std::size_t t_planes = 1;
  bool axes_known = true;             ///< false: the file only says that there are several planes
  PixelType type = PixelType::uint16; ///< of `read_grey`
  std::size_t planes_held = 1;        ///< that the source holds when it reads one
  Modality modality = Modality::unknown; ///< as the file says
  std::optional<PixelSize> pixel_um;
  Provenance provenance; ///< without `source`
};

/// The planes of one channel of a file, as grey values of the file's own type.
class PlaneSource {
public:
  PlaneSource() = default;
  PlaneSource(const PlaneSource&) = delete;
  PlaneSource& operator=(const PlaneSource&) = delete;
  virtual ~PlaneSource() = default;

  [[nodiscard]] virtual const StackInfo& info() const = 0;

  /// @param t, z inside the stack
  /// @throws Error input_corrupt, input_unsupported, input_elsewhere
  [[nodiscard]] virtual RawPlane read_grey(std::size_t t, std::size_t z) = 0;
};

/// Opens an image of any format that is read. What it is and, of TIFF and PNG files, its pixels are
/// read from `file`; ITK opens the others by their names.
/// @throws Error E302 to E309
[[nodiscard]] std::unique_ptr<PlaneSource> open_planes(const OpenFile& file,
                                                       const ReadOptions& options);

/// The same of a path. @throws Error as well E301
[[nodiscard]] std::unique_ptr<PlaneSource> open_planes(const std::filesystem::path& path,
                                                       const ReadOptions& options);

/// Opens a TIFF or OME-TIFF.
[[nodiscard]] std::unique_ptr<PlaneSource> open_tiff_planes(const OpenFile& file,
                                                            const ReadOptions& options);

/// Opens a PNG with libpng: one plane of uint8 or uint16; grey values of fewer bits are scaled to
/// eight, palettes looked up, alpha is left out.
[[nodiscard]] std::unique_ptr<PlaneSource> open_png_planes(const OpenFile& file,
                                                           const ReadOptions& options);

/// Opens a MetaImage, NRRD or NIfTI with ITK. Axes are x, y, z, t; spacing counts as millimetres,
/// as these formats define it. A single file that could not hold what it declares is rejected.
[[nodiscard]] std::unique_ptr<PlaneSource> open_itk_planes(const OpenFile& file, FileFormat format,
                                                           const ReadOptions& options);

/// Rejects what is too large before it is decoded: more pixels than the options allow, or more
/// bytes than a file compressed by deflate can hold.
/// @param bytes declared, decoded; 0 for a header whose pixels are in another file
/// @throws Error input_too_large
void check_declared_size(const OpenFile& file, const StackInfo& info, std::uint64_t bytes,
                         const ReadOptions& options);

} // namespace lmc::image
