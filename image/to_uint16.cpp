// SPDX-License-Identifier: Apache-2.0
#include "image/to_uint16.hpp"

#include "common/error.hpp"
#include "image/pixel_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <type_traits>
#include <utility>

namespace lmc::image {
namespace {

constexpr double full_scale = 65535;
constexpr double largest_invalid_share = 0.01;

[[noreturn]] void reject(const std::filesystem::path& path, std::string cause) {
  throw Error(ErrorCode::input_pixels, path.string(), std::move(cause),
              "export it as 16-bit unsigned integers");
}

void scale_uint8(const RawPlane& grey, Uint16Plane& plane) {
  std::ranges::transform(grey.bytes, plane.pixels.pixels().begin(), [](std::byte value) {
    return static_cast<std::uint16_t>(std::to_integer<unsigned>(value) * 257);
  });
  plane.warnings.emplace_back("8-bit image: its values are multiplied by 257");
}

template <class T>
void take_integers(const RawPlane& grey, const std::filesystem::path& path, Uint16Plane& plane) {
  T smallest = std::numeric_limits<T>::max();
  T largest = std::numeric_limits<T>::lowest();
  std::vector<std::uint16_t>& pixels = plane.pixels.pixels();
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const T value = value_at<T>(grey.bytes, i);
    smallest = std::min(smallest, value);
    largest = std::max(largest, value);
    pixels[i] = static_cast<std::uint16_t>(static_cast<std::make_unsigned_t<T>>(value));
  }
  if (std::cmp_less(smallest, 0) || std::cmp_greater(largest, 65535)) {
    reject(path, fmt::format("its {} values range from {} to {}; 0 to 65535 are possible",
                             name_of(grey.type), smallest, largest));
  }
  if (grey.type != PixelType::uint16 || grey.bits != 16) {
    plane.warnings.push_back(
        fmt::format("{}-bit image: its values are taken as they are", grey.bits));
  }
  plane.full_scale = static_cast<std::uint16_t>(grey.bits < 16 ? (1U << grey.bits) - 1 : 65535U);
}

/// Replaces NaN and infinity by the median of the other values.
void repair(std::vector<double>& values, const std::filesystem::path& path,
            std::vector<std::string>& warnings) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double value) { return std::isfinite(value); });
  const std::size_t invalid = values.size() - finite.size();
  if (invalid == 0) {
    return;
  }
  if (static_cast<double>(invalid) > largest_invalid_share * static_cast<double>(values.size())) {
    reject(path, fmt::format("{} of its {} pixels are NaN or infinite; at most 1 % are repaired",
                             invalid, values.size()));
  }
  const auto middle = finite.begin() + static_cast<std::ptrdiff_t>(finite.size() / 2);
  std::ranges::nth_element(finite, middle);
  std::ranges::replace_if(
      values, [](double value) { return !std::isfinite(value); }, *middle);
  warnings.push_back(fmt::format("{} NaN or infinite pixels are replaced by the median", invalid));
}

template <class T>
void take_floats(const RawPlane& grey, const std::filesystem::path& path, Uint16Plane& plane) {
  std::vector<double> values(plane.pixels.pixels().size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<double>(value_at<T>(grey.bytes, i));
  }
  repair(values, path, plane.warnings);
  const auto [smallest, largest] = std::ranges::minmax(values);
  const bool fractions = largest <= 1 && std::ranges::any_of(values, [](double value) {
                           return value != std::floor(value);
                         });
  const double scale = fractions ? full_scale : 1;
  // What rounding mends is no fault: blended predictions end a rounding error beyond their range.
  if (smallest * scale <= -0.5 || largest * scale >= full_scale + 0.5) {
    reject(path, fmt::format("its {} values range from {:g} to {:g}; 0 to 65535, or 0 to 1, are "
                             "possible",
                             name_of(grey.type), smallest, largest));
  }
  std::ranges::transform(values, plane.pixels.pixels().begin(), [&](double value) {
    return static_cast<std::uint16_t>(std::nearbyint(value * scale)); // as predictions are
  });
  plane.warnings.push_back(
      fmt::format("{} image: its values are {}", name_of(grey.type),
                  fractions ? "between 0 and 1 and multiplied by 65535" : "rounded"));
}

} // namespace

Uint16Plane to_uint16(const RawPlane& grey, const std::filesystem::path& path) {
  Uint16Plane plane;
  plane.pixels = {grey.height, grey.width};
  plane.input_bits = grey.bits;
  if (grey.type == PixelType::uint8 && grey.bits == 8) {
    scale_uint8(grey, plane);
    return plane;
  }
  visit_type(grey.type, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_floating_point_v<T>) {
      take_floats<T>(grey, path, plane);
    } else {
      take_integers<T>(grey, path, plane);
    }
  });
  return plane;
}

} // namespace lmc::image
