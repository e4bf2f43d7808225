// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/modality.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace lmc::image {

/// How an image file is read.
struct ReadOptions {
  std::optional<std::string> channel =
      std::nullopt;           ///< name (any case) or index from 0 of the wanted OME channel
  bool rgb_luminance = false; ///< make grey of colour images (ITU-R BT.601 luma)
  std::uint64_t max_pixels = std::uint64_t{1} << 30; ///< per plane; larger images are rejected
  std::size_t max_pages = 100'000;                   ///< pages beyond this are not looked at
  std::optional<Modality> modality = std::nullopt;   ///< overrides what the file says
  bool checksum = false; ///< take the whole file's checksum, which outputs record
};

} // namespace lmc::image
