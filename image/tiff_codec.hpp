// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lmc::image {

/// A TIFF compression scheme.
struct TiffCodec {
  std::string name;
  bool readable = false;
  bool predicts = false; ///< the Predictor tag has a meaning with it
  /// libtiff 4.5 may report success without having decoded the end of a damaged strip.
  bool hides_short_data = false;
  /// libtiff warns of damage and goes on with pixels of its own.
  bool invents_after_warning = false;
  /// Most decoded bytes that one stored byte can stand for; nothing where there is no bound.
  std::optional<std::uint64_t> max_expansion = std::nullopt;
};

/// The scheme with this number (the Compression tag); unknown numbers get a name that states the
/// number.
[[nodiscard]] TiffCodec codec_of(std::uint16_t compression);

} // namespace lmc::image
