// SPDX-License-Identifier: Apache-2.0
#include "image/grey.hpp"

#include "common/error.hpp"
#include "image/pixel_type.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace lmc::image {
namespace {

double luma(double red, double green, double blue) {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

[[noreturn]] void unsupported(const std::filesystem::path& path, std::string cause,
                              std::string remedy) {
  throw Error(ErrorCode::input_unsupported, path.string(), std::move(cause), std::move(remedy));
}

std::size_t pixels_of(const RawPlane& plane) {
  return static_cast<std::size_t>(plane.height * plane.width);
}

std::size_t samples_of(const RawPlane& plane) {
  return static_cast<std::size_t>(plane.samples);
}

RawPlane like(const RawPlane& plane, PixelType type, int bits) {
  RawPlane result{plane.height, plane.width, 1, type, bits, {}};
  result.bytes.resize(pixels_of(plane) * size_of(type));
  return result;
}

RawPlane widen_half(const RawPlane& plane) {
  RawPlane result{plane.height, plane.width, plane.samples, PixelType::float32, plane.bits, {}};
  const std::size_t values = pixels_of(plane) * samples_of(plane);
  result.bytes.resize(values * sizeof(float));
  for (std::size_t i = 0; i < values; ++i) {
    put_value(std::span{result.bytes}, i, static_cast<float>(value_at<_Float16>(plane.bytes, i)));
  }
  return result;
}

void invert(RawPlane& plane, const std::filesystem::path& path) {
  visit_type(plane.type, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_unsigned_v<T>) {
      const T largest = static_cast<T>(static_cast<T>(~T{0}) >>
                                       (sizeof(T) * 8 - static_cast<unsigned>(plane.bits)));
      for (std::size_t i = 0; i < pixels_of(plane); ++i) {
        put_value(std::span{plane.bytes}, i, static_cast<T>(largest - value_at<T>(plane.bytes, i)));
      }
    } else {
      unsupported(path,
                  fmt::format("its {} values are MINISWHITE, whose meaning is undefined",
                              name_of(plane.type)),
                  "export it as MINISBLACK");
    }
  });
}

/// Whether the first `count` samples of every pixel are the same.
bool samples_equal(const RawPlane& plane, std::size_t count) {
  const std::size_t size = size_of(plane.type);
  const std::size_t pixel = samples_of(plane) * size;
  for (std::size_t at = 0; at < plane.bytes.size(); at += pixel) {
    const auto first = std::span{plane.bytes}.subspan(at, size);
    for (std::size_t sample = 1; sample < count; ++sample) {
      if (!std::ranges::equal(first, std::span{plane.bytes}.subspan(at + sample * size, size))) {
        return false;
      }
    }
  }
  return true;
}

RawPlane first_sample(const RawPlane& plane) {
  RawPlane result = like(plane, plane.type, plane.bits);
  const std::size_t size = size_of(plane.type);
  for (std::size_t i = 0; i < pixels_of(plane); ++i) {
    std::copy_n(plane.bytes.data() + i * samples_of(plane) * size, size,
                result.bytes.data() + i * size);
  }
  return result;
}

RawPlane to_luminance(const RawPlane& plane) {
  RawPlane result = like(plane, plane.type, plane.bits);
  visit_type(plane.type, [&]<class T>(std::type_identity<T>) {
    for (std::size_t i = 0; i < pixels_of(plane); ++i) {
      const auto sample = [&](std::size_t s) {
        return static_cast<double>(value_at<T>(plane.bytes, i * samples_of(plane) + s));
      };
      const double value = luma(sample(0), sample(1), sample(2));
      put_value(std::span{result.bytes}, i,
                static_cast<T>(std::is_integral_v<T> ? std::round(value) : value));
    }
  });
  return result;
}

RawPlane merge_samples(RawPlane plane, const ColourModel& model, bool luminance,
                       const std::filesystem::path& path) {
  if (plane.samples == 1) {
    return plane;
  }
  if (samples_equal(plane, model.colour_samples)) {
    return first_sample(plane);
  }
  if (luminance && model.colour_samples == 3) {
    return to_luminance(plane);
  }
  unsupported(path,
              fmt::format("its pixels have {} samples ({}) that differ, not one grey value",
                          model.colour_samples, model.name),
              model.colour_samples == 3
                  ? "export one grey channel, or allow grey values made of the colours with "
                    "--rgb-luminance"
                  : "export one channel as a grey image");
}

/// Grey value of each palette entry.
std::vector<std::uint16_t> grey_palette(const ColourModel& model, bool luminance,
                                        const std::filesystem::path& path) {
  const std::size_t entries = model.palette.size() / 3;
  std::vector<std::uint16_t> greys(entries);
  for (std::size_t i = 0; i < entries; ++i) {
    const auto red = model.palette[i];
    const auto green = model.palette[entries + i];
    const auto blue = model.palette[2 * entries + i];
    if ((red != green || green != blue) && !luminance) {
      unsupported(path, "its pixels are indices into a palette of colours",
                  "export it as a grey image, or allow grey values made of the colours with "
                  "--rgb-luminance");
    }
    greys[i] = static_cast<std::uint16_t>(std::lround(luma(red, green, blue)));
  }
  return greys;
}

RawPlane look_up(const RawPlane& plane, const ColourModel& model, bool luminance,
                 const std::filesystem::path& path) {
  const std::vector<std::uint16_t> greys = grey_palette(model, luminance, path);
  RawPlane result = like(plane, PixelType::uint16, 16);
  for (std::size_t i = 0; i < pixels_of(plane); ++i) {
    const std::size_t index = plane.type == PixelType::uint8
                                  ? value_at<std::uint8_t>(plane.bytes, i * samples_of(plane))
                                  : value_at<std::uint16_t>(plane.bytes, i * samples_of(plane));
    put_value(std::span{result.bytes}, i, greys.at(index));
  }
  return result;
}

} // namespace

RawPlane to_grey(RawPlane plane, const ColourModel& model, bool luminance,
                 const std::filesystem::path& path) {
  if (model.colour == Colour::other) {
    unsupported(path, fmt::format("its pixels are {}, not grey values", model.name),
                "export it as a grey image");
  }
  if (model.colour == Colour::palette) {
    return look_up(plane, model, luminance, path);
  }
  if (plane.type == PixelType::float16) {
    plane = widen_half(plane);
  }
  RawPlane grey = merge_samples(std::move(plane), model, luminance, path);
  if (model.colour == Colour::inverted_grey) {
    invert(grey, path);
  }
  return grey;
}

} // namespace lmc::image
