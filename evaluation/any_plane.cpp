// SPDX-License-Identifier: Apache-2.0
#include "evaluation/any_plane.hpp"

#include "common/error.hpp"
#include "image/pixel_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

namespace lmc::evaluation {

namespace {

template <class From, class To>
Plane<To> widened(const image::RawPlane& raw, const std::filesystem::path& path) {
  Plane<To> plane{static_cast<Index>(raw.height), static_cast<Index>(raw.width)};
  std::size_t i = 0;
  for (To& value : plane.pixels()) {
    value = static_cast<To>(image::value_at<From>(raw.bytes, i++));
  }
  const auto count = std::ranges::count_if(
      plane.pixels(), [](To value) { return !std::isfinite(static_cast<double>(value)); });
  if (count > 0) {
    throw Error{ErrorCode::input_pixels, path.string(),
                fmt::format("{} of its {} pixels are NaN or infinite", count, plane.size()),
                "write the image again with finite values"};
  }
  return plane;
}

} // namespace

AnyView view_of(const AnyPlane& plane) {
  return std::visit([](const auto& owned) { return AnyView{owned.view()}; }, plane);
}

AnyPlane plane_of(const image::RawPlane& raw, const std::filesystem::path& path) {
  return image::visit_type(raw.type, [&]<class T>(std::type_identity<T>) -> AnyPlane {
    if constexpr (std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t>) {
      return widened<T, std::uint16_t>(raw, path);
    } else if constexpr (std::is_same_v<T, float>) {
      return widened<T, float>(raw, path);
    } else {
      return widened<T, double>(raw, path);
    }
  });
}

} // namespace lmc::evaluation
