// SPDX-License-Identifier: Apache-2.0
#include "evaluation/grey_plane.hpp"

#include "common/error.hpp"
#include "image/pixel_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace lmc::evaluation {

namespace {

template <class From, class To> void widen(const image::RawPlane& raw, std::vector<To>& values) {
  values.resize(raw.height * raw.width);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<To>(image::value_at<From>(raw.bytes, i));
  }
}

template <class T>
void refuse_not_finite(const std::vector<T>& values, const std::filesystem::path& path) {
  const auto count =
      std::ranges::count_if(values, [](double value) { return !std::isfinite(value); });
  if (count > 0) {
    throw Error{ErrorCode::input_pixels, path.string(),
                fmt::format("{} of its {} pixels are NaN or infinite", count, values.size()),
                "write the image again with finite values"};
  }
}

} // namespace

PlaneView GreyPlane::view() const {
  return std::visit(
      [&]<class T>(const std::vector<T>& owned) {
        return PlaneView{std::span<const T>{owned}, height, width};
      },
      values);
}

GreyPlane grey_plane_of(const image::RawPlane& raw, const std::filesystem::path& path) {
  GreyPlane plane;
  plane.height = raw.height;
  plane.width = raw.width;
  image::visit_type(raw.type, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, std::uint8_t> || std::is_same_v<T, std::uint16_t>) {
      widen<T>(raw, plane.values.emplace<std::vector<std::uint16_t>>());
    } else if constexpr (std::is_same_v<T, float>) {
      widen<T>(raw, plane.values.emplace<std::vector<float>>());
      refuse_not_finite(std::get<std::vector<float>>(plane.values), path);
    } else {
      widen<T>(raw, plane.values.emplace<std::vector<double>>());
      refuse_not_finite(std::get<std::vector<double>>(plane.values), path);
    }
  });
  return plane;
}

} // namespace lmc::evaluation
