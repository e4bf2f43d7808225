// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"

#include <cstddef>
#include <span>

namespace lmc::image {

/// Bytes that `count` values of `bits` bits fill when packed without gaps, rounded up.
[[nodiscard]] std::size_t packed_bytes(std::size_t count, int bits);

/// Unpacks values of 1 to 16 bits, most significant bit first as TIFF packs them, into values of
/// `type`; values that fill their type are copied.
/// @param packed at least `packed_bytes(target.size() / size_of(type), bits)` bytes
void unpack(std::span<const std::byte> packed, int bits, PixelType type,
            std::span<std::byte> target);

} // namespace lmc::image
