// SPDX-License-Identifier: Apache-2.0
#include "image/pixel_type.hpp"

#include <array>

namespace lmc::image {
namespace {

struct Entry {
  std::size_t size;
  std::string_view name;
};

// In the order of PixelType.
constexpr std::array<Entry, 11> entries{{{1, "uint8"},
                                         {1, "int8"},
                                         {2, "uint16"},
                                         {2, "int16"},
                                         {4, "uint32"},
                                         {4, "int32"},
                                         {8, "uint64"},
                                         {8, "int64"},
                                         {2, "float16"},
                                         {4, "float32"},
                                         {8, "float64"}}};

const Entry& entry_of(PixelType type) {
  return entries.at(static_cast<std::size_t>(type));
}

} // namespace

std::size_t size_of(PixelType type) {
  return entry_of(type).size;
}

std::string_view name_of(PixelType type) {
  return entry_of(type).name;
}

bool is_float(PixelType type) {
  return type == PixelType::float16 || type == PixelType::float32 || type == PixelType::float64;
}

} // namespace lmc::image
