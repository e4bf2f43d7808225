// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common/plane.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <type_traits>
#include <vector>

namespace lmc::image {

/// How one value lies in memory, in this machine's byte order. `float16` is IEEE binary16.
enum class PixelType {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  uint64,
  int64,
  float16,
  float32,
  float64
};

enum class NumberKind { unsigned_integer, signed_integer, floating };

/// Bytes per value.
[[nodiscard]] std::size_t size_of(PixelType type);

/// "uint8" ... "float64", as numpy names them.
[[nodiscard]] std::string_view name_of(PixelType type);

/// The type of this kind with this many bytes; nothing when there is none.
[[nodiscard]] std::optional<PixelType> pixel_type_of(NumberKind kind, std::size_t bytes);

/// Values of one plane as they are in the file.
struct RawPlane {
  Index height = 0;
  Index width = 0;
  Index samples = 1;
  PixelType type = PixelType::uint16;
  int bits = 16;                ///< significant bits per value in the file
  std::vector<std::byte> bytes; ///< [height, width, samples] of `type`, row-major
};

/// Calls `function` with a std::type_identity of the C++ type of `type`. float16 has none.
template <class Function> decltype(auto) visit_type(PixelType type, Function&& function) {
  switch (type) {
  case PixelType::uint8:
    return function(std::type_identity<std::uint8_t>{});
  case PixelType::int8:
    return function(std::type_identity<std::int8_t>{});
  case PixelType::uint16:
    return function(std::type_identity<std::uint16_t>{});
  case PixelType::int16:
    return function(std::type_identity<std::int16_t>{});
  case PixelType::uint32:
    return function(std::type_identity<std::uint32_t>{});
  case PixelType::int32:
    return function(std::type_identity<std::int32_t>{});
  case PixelType::uint64:
    return function(std::type_identity<std::uint64_t>{});
  case PixelType::int64:
    return function(std::type_identity<std::int64_t>{});
  case PixelType::float32:
    return function(std::type_identity<float>{});
  case PixelType::float64:
    return function(std::type_identity<double>{});
  case PixelType::float16:
    break;
  }
  throw std::logic_error("float16 must be widened first");
}

/// Value `index` of a buffer of T.
template <class T> [[nodiscard]] T value_at(std::span<const std::byte> bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

template <class T> void put_value(std::span<std::byte> bytes, std::size_t index, T value) {
  std::memcpy(bytes.data() + index * sizeof(T), &value, sizeof(T));
}

/// Bytes that `count` values of `bits` bits fill when packed without gaps, rounded up.
[[nodiscard]] std::size_t packed_bytes(std::size_t count, int bits);

/// Unpacks values of 1 to 16 bits, most significant bit first as TIFF packs them, into values of
/// `type`; values that fill their type are copied.
/// @param packed at least `packed_bytes(target.size() / size_of(type), bits)` bytes
void unpack(std::span<const std::byte> packed, int bits, PixelType type,
            std::span<std::byte> target);

} // namespace lmc::image
