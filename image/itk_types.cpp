// SPDX-License-Identifier: Apache-2.0
#include "image/itk_types.hpp"

namespace lmc::image {
namespace {

std::optional<PixelType> integer_of(std::size_t bytes, bool is_signed) {
  switch (bytes) {
  case 1:
    return is_signed ? PixelType::int8 : PixelType::uint8;
  case 2:
    return is_signed ? PixelType::int16 : PixelType::uint16;
  case 4:
    return is_signed ? PixelType::int32 : PixelType::uint32;
  case 8:
    return is_signed ? PixelType::int64 : PixelType::uint64;
  default:
    return std::nullopt;
  }
}

} // namespace

std::optional<PixelType> pixel_type_of(const itk::ImageIOBase& io) {
  using itk::IOComponentEnum;
  if (io.GetPixelType() == itk::IOPixelEnum::COMPLEX) {
    return std::nullopt;
  }
  switch (io.GetComponentType()) {
  case IOComponentEnum::UCHAR:
  case IOComponentEnum::USHORT:
  case IOComponentEnum::UINT:
  case IOComponentEnum::ULONG:
  case IOComponentEnum::ULONGLONG:
    return integer_of(io.GetComponentSize(), false);
  case IOComponentEnum::CHAR:
  case IOComponentEnum::SHORT:
  case IOComponentEnum::INT:
  case IOComponentEnum::LONG:
  case IOComponentEnum::LONGLONG:
    return integer_of(io.GetComponentSize(), true);
  case IOComponentEnum::FLOAT:
    return PixelType::float32;
  case IOComponentEnum::DOUBLE:
    return PixelType::float64;
  default:
    return std::nullopt;
  }
}

itk::IOComponentEnum component_of(PixelType type) {
  using itk::IOComponentEnum;
  switch (type) {
  case PixelType::uint8:
    return IOComponentEnum::UCHAR;
  case PixelType::int8:
    return IOComponentEnum::CHAR;
  case PixelType::uint16:
    return IOComponentEnum::USHORT;
  case PixelType::int16:
    return IOComponentEnum::SHORT;
  case PixelType::uint32:
    return IOComponentEnum::UINT;
  case PixelType::int32:
    return IOComponentEnum::INT;
  case PixelType::uint64:
    return IOComponentEnum::ULONG;
  case PixelType::int64:
    return IOComponentEnum::LONG;
  case PixelType::float16:
  case PixelType::float32:
    return IOComponentEnum::FLOAT;
  case PixelType::float64:
    return IOComponentEnum::DOUBLE;
  }
  return IOComponentEnum::UNKNOWNCOMPONENTTYPE;
}

} // namespace lmc::image
