// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace lmc {

/// Rows, columns, channels and counts of pixels: signed, as ATen's sizes are, so that differences
/// of places need no care.
using Index = std::int64_t;

/// A plane [height, width], row-major, in somebody else's memory.
/// @tparam T `const` for a plane that is only read
template <class T> class PlaneView {
public:
  PlaneView() = default;
  PlaneView(T* pixels, Index height, Index width) noexcept
      : pixels_{pixels}, height_{height}, width_{width} {}
  /// Reading what may be written.
  template <class Writable>
  requires std::is_same_v<const Writable, T> PlaneView(PlaneView<Writable> plane)
  noexcept // NOLINT(google-explicit-constructor)
      : PlaneView{plane.data(), plane.height(), plane.width()} {}

  [[nodiscard]] Index height() const noexcept { return height_; }
  [[nodiscard]] Index width() const noexcept { return width_; }
  [[nodiscard]] Index size() const noexcept { return height_ * width_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] T* data() const noexcept { return pixels_; }
  [[nodiscard]] std::span<T> pixels() const noexcept {
    return {pixels_, static_cast<std::size_t>(size())};
  }
  [[nodiscard]] std::span<T> row(Index y) const noexcept {
    return {pixels_ + y * width_, static_cast<std::size_t>(width_)};
  }
  [[nodiscard]] T& operator()(Index y, Index x) const noexcept { return pixels_[y * width_ + x]; }

private:
  T* pixels_ = nullptr;
  Index height_ = 0;
  Index width_ = 0;
};

/// A plane [height, width], row-major, with memory of its own.
template <class T> class Plane {
public:
  Plane() = default;
  Plane(Index height, Index width, T value = {})
      : Plane{height, width,
              std::vector<T>(static_cast<std::size_t>(height * width), std::move(value))} {}
  /// @throws std::invalid_argument when there are not height * width pixels
  Plane(Index height, Index width, std::vector<T> pixels)
      : pixels_(std::move(pixels)), height_{height}, width_{width} {
    if (height < 0 || width < 0 || static_cast<Index>(pixels_.size()) != height * width) {
      throw std::invalid_argument("the pixels of a plane are not height * width");
    }
  }

  [[nodiscard]] Index height() const noexcept { return height_; }
  [[nodiscard]] Index width() const noexcept { return width_; }
  [[nodiscard]] Index size() const noexcept { return height_ * width_; }
  [[nodiscard]] bool empty() const noexcept { return pixels_.empty(); }
  [[nodiscard]] const std::vector<T>& pixels() const noexcept { return pixels_; }
  [[nodiscard]] std::vector<T>& pixels() noexcept { return pixels_; }
  [[nodiscard]] T& operator()(Index y, Index x) noexcept { return view()(y, x); }
  [[nodiscard]] const T& operator()(Index y, Index x) const noexcept { return view()(y, x); }
  [[nodiscard]] PlaneView<T> view() noexcept { return {pixels_.data(), height_, width_}; }
  [[nodiscard]] PlaneView<const T> view() const noexcept {
    return {pixels_.data(), height_, width_};
  }
  friend bool operator==(const Plane&, const Plane&) = default;

private:
  std::vector<T> pixels_;
  Index height_ = 0;
  Index width_ = 0;
};

} // namespace lmc
