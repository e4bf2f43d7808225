// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/image.hpp"
#include "image/read_options.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace lmc::image {

class PlaneSource;

/// Side lengths of a pixel beyond which a warning is given: half the smallest and twice the largest
/// of the challenge's training images (0.060 to 0.162 um).
inline constexpr double smallest_usual_um = 0.03;
inline constexpr double largest_usual_um = 0.33;

/// A transmitted-light image on disk: TIFF, OME-TIFF, MetaImage, NRRD, NIfTI or PNG, told apart by
/// content. One channel of it, with its focal planes (z) and time points (t).
///
/// Modality: from the options, else the OME channel's Name, else its Fluor, else unknown with a
/// warning. Pixel size: from OME, else XResolution; only between 0.01 and 100 um; else none with a
/// warning. Of an OME-TIFF spread over several files, only the planes in this file are there.
class InputImage {
public:
  /// Reads the metadata and, if its checksum is wanted, the whole file. @throws Error E301 to E309
  [[nodiscard]] static InputImage open(const std::filesystem::path& path,
                                       const ReadOptions& options);

  InputImage(InputImage&&) noexcept;
  InputImage& operator=(InputImage&&) noexcept;
  ~InputImage();

  [[nodiscard]] Index height() const;
  [[nodiscard]] Index width() const;
  [[nodiscard]] std::size_t z_planes() const;
  [[nodiscard]] std::size_t t_planes() const;
  /// False for several pages without OME-XML: they count as Z, and `read_transmitted_light` takes
  /// the middle one.
  [[nodiscard]] bool axes_known() const;
  [[nodiscard]] Modality modality() const { return modality_; }
  [[nodiscard]] std::optional<PixelSize> pixel_um() const;
  [[nodiscard]] const Provenance& provenance() const { return provenance_; }
  /// About the most memory that `read_plane` takes, bytes.
  [[nodiscard]] std::uint64_t reading_bytes() const;

  /// One plane as uint16 (see `to_uint16`), its provenance with the warnings about its pixels
  /// added.
  /// @param t, z below `t_planes()`, `z_planes()`
  /// @throws Error input_corrupt, input_unsupported, input_pixels, input_elsewhere
  [[nodiscard]] TransmittedLight read_plane(std::size_t t, std::size_t z) const;

private:
  explicit InputImage(std::unique_ptr<PlaneSource> source);

  std::unique_ptr<PlaneSource> source_;
  Modality modality_ = Modality::unknown;
  Provenance provenance_;
};

/// The plane of an image that is predicted when one is wanted: the only one, or the middle focal
/// plane (index z_planes / 2) of the first time point, with a warning.
/// @throws Error as InputImage
[[nodiscard]] TransmittedLight read_transmitted_light(const std::filesystem::path& path,
                                                      const ReadOptions& options = {});

} // namespace lmc::image
