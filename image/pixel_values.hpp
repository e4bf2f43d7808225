// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "image/pixel_type.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <type_traits>

namespace lmc::image {

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

} // namespace lmc::image
