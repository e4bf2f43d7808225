// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"
#include "image/pixel_type.hpp"
#include "image/read_options.hpp"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>

namespace lmc::image {

/// What is known of an image before its pixels are read.
struct StackInfo {
  std::size_t height = 0;
  std::size_t width = 0;
  std::size_t z_planes = 1;
  std::size_t t_planes = 1;
  bool axes_known = true;             ///< false: the file only says that there are several planes
  PixelType type = PixelType::uint16; ///< of `read_grey`
  std::size_t planes_held = 1;        ///< that the source holds when it reads one
  Modality modality = Modality::unknown; ///< as the file says
  std::optional<PixelSize> pixel_um;
  Provenance provenance; ///< without `source` and `sha256`
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

/// Opens an image of any format that is read. @throws Error E301 to E309
[[nodiscard]] std::unique_ptr<PlaneSource> open_planes(const std::filesystem::path& path,
                                                       const ReadOptions& options);

/// Opens a TIFF or OME-TIFF.
[[nodiscard]] std::unique_ptr<PlaneSource> open_tiff_planes(const std::filesystem::path& path,
                                                            const ReadOptions& options);

} // namespace lmc::image
