// SPDX-License-Identifier: Apache-2.0
#include "image/pixel_type.hpp"

#include <algorithm>
#include <array>

namespace lmc::image {
namespace {

struct Entry {
  PixelType type;
  NumberKind kind;
  std::size_t size;
  std::string_view name;
};

// In the order of PixelType.
constexpr std::array entries{Entry{PixelType::uint8, NumberKind::unsigned_integer, 1, "uint8"},
                             Entry{PixelType::int8, NumberKind::signed_integer, 1, "int8"},
                             Entry{PixelType::uint16, NumberKind::unsigned_integer, 2, "uint16"},
                             Entry{PixelType::int16, NumberKind::signed_integer, 2, "int16"},
                             Entry{PixelType::uint32, NumberKind::unsigned_integer, 4, "uint32"},
                             Entry{PixelType::int32, NumberKind::signed_integer, 4, "int32"},
                             Entry{PixelType::uint64, NumberKind::unsigned_integer, 8, "uint64"},
                             Entry{PixelType::int64, NumberKind::signed_integer, 8, "int64"},
                             Entry{PixelType::float16, NumberKind::floating, 2, "float16"},
                             Entry{PixelType::float32, NumberKind::floating, 4, "float32"},
                             Entry{PixelType::float64, NumberKind::floating, 8, "float64"}};

const Entry& entry_of(PixelType type) {
  return entries.at(static_cast<std::size_t>(type));
}

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

std::size_t size_of(PixelType type) {
  return entry_of(type).size;
}

std::string_view name_of(PixelType type) {
  return entry_of(type).name;
}

std::optional<PixelType> pixel_type_of(NumberKind kind, std::size_t bytes) {
  const auto* const found = std::ranges::find_if(
      entries, [&](const Entry& entry) { return entry.kind == kind && entry.size == bytes; });
  return found == entries.end() ? std::nullopt : std::optional{found->type};
}

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
