// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/ome/reader.hpp"
#include "image/tiff/directory.hpp"

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace lmc::image {

/// Which page of a TIFF holds which plane.
struct PlaneMap {
  std::map<std::array<std::size_t, 3>, std::size_t> page_of; ///< {channel, z, t} -> page
  bool axes_known = true; ///< false: several pages without OME-XML, taken for Z
  std::vector<std::string> warnings;

  /// The channels that are in this file, ascending.
  [[nodiscard]] std::vector<std::size_t> channels() const;
  /// The z (or t) positions of a channel that are in this file, ascending.
  [[nodiscard]] std::vector<std::size_t> z_of(std::size_t channel) const;
  [[nodiscard]] std::vector<std::size_t> t_of(std::size_t channel) const;
};

/// Pages without OME-XML: those as large as the first one, thumbnails and masks left out, are Z.
[[nodiscard]] PlaneMap map_pages(const std::vector<PageEntry>& pages);

/// Pages as OME's TiffData say. Planes that are in sibling files are left out: only this file is
/// read. Where the XML and the number of pages contradict each other, the pages count. A TiffData
/// is this file's if it names no file, this file's UUID or name, or if all of them name the same
/// file (a renamed one).
/// @param samples per pixel of a page; they share one plane
/// @param path this file
/// @throws Error input_elsewhere when no plane is in this file, naming the file that holds the
/// first
[[nodiscard]] PlaneMap map_planes(const OmeMetadata& metadata, const std::vector<PageEntry>& pages,
                                  std::size_t samples, const std::filesystem::path& path);

} // namespace lmc::image
