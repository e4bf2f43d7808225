// SPDX-License-Identifier: Apache-2.0
#include "image/bit_unpack.hpp"

#include <cstdint>
#include <cstring>

namespace lmc::image {
namespace {

template <class T>
void unpack_bits(std::span<const std::byte> packed, int bits, std::span<std::byte> target) {
  const std::uint32_t mask = (std::uint32_t{1} << bits) - 1;
  std::uint32_t window = 0;
  int available = 0;
  std::size_t next = 0;
  for (std::size_t at = 0; at < target.size(); at += sizeof(T)) {
    for (; available < bits; available += 8) {
      window = window << 8 | std::to_integer<std::uint32_t>(packed[next++]);
    }
    available -= bits;
    const T value = static_cast<T>(window >> available & mask);
    std::memcpy(&target[at], &value, sizeof value);
  }
}

} // namespace

std::size_t packed_bytes(std::size_t count, int bits) {
  return (count * static_cast<std::size_t>(bits) + 7) / 8;
}

void unpack(std::span<const std::byte> packed, int bits, PixelType type,
            std::span<std::byte> target) {
  if (static_cast<std::size_t>(bits) == size_of(type) * 8) {
    std::memcpy(target.data(), packed.data(), target.size());
  } else if (size_of(type) == 1) {
    unpack_bits<std::uint8_t>(packed, bits, target);
  } else {
    unpack_bits<std::uint16_t>(packed, bits, target);
  }
}

} // namespace lmc::image
