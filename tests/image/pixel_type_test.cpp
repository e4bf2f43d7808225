// SPDX-License-Identifier: Apache-2.0
#include "image/pixel_type.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <cstring>
#include <vector>

using namespace lmc::image;

CATCH_TEST_CASE("Packed sizes are rounded up to bytes") {
  CATCH_CHECK(packed_bytes(3, 12) == 5);
  CATCH_CHECK(packed_bytes(8, 1) == 1);
  CATCH_CHECK(packed_bytes(9, 1) == 2);
  CATCH_CHECK(packed_bytes(0, 5) == 0);
}

CATCH_TEST_CASE("Values of any width survive packing and unpacking") {
  for (int bits = 1; bits <= 16; ++bits) {
    const PixelType type = bits <= 8 ? PixelType::uint8 : PixelType::uint16;
    constexpr std::size_t count = 37;
    std::vector<std::uint32_t> values;
    std::vector<std::byte> packed(packed_bytes(count, bits));
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back((static_cast<std::uint32_t>(i) * 2654435761U) >> (32 - bits));
      for (int bit = bits - 1; bit >= 0; --bit, ++at) { // most significant bit first
        if (bits != 16 && (values.back() >> bit & 1U) != 0) {
          packed[at / 8] |= std::byte{0x80} >> (at % 8);
        }
      }
      if (bits == 16) { // fills its type: this machine's byte order
        const auto value = static_cast<std::uint16_t>(values.back());
        std::memcpy(&packed[2 * i], &value, 2);
      }
      if (bits == 8) {
        packed[i] = static_cast<std::byte>(values.back());
      }
    }
    std::vector<std::byte> target(count * size_of(type));
    unpack(packed, bits, type, target);
    CATCH_CAPTURE(bits);
    for (std::size_t i = 0; i < count; ++i) {
      std::uint16_t value = 0;
      std::memcpy(&value, &target[i * size_of(type)], size_of(type));
      CATCH_CHECK(value == values[i]);
    }
  }
}
