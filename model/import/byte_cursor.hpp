// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string_view>

namespace lmc::model {

/// Reads a stream of bytes from front to back. Every function throws std::invalid_argument at its
/// end.
class ByteCursor {
public:
  explicit ByteCursor(std::span<const std::byte> stream) : stream_{stream} {}

  [[nodiscard]] std::size_t position() const { return position_; }

  /// The next `count` bytes.
  std::string_view take(std::uint64_t count) {
    if (count > stream_.size() - position_) {
      throw std::invalid_argument{fmt::format("it ends early, at byte {}", stream_.size())};
    }
    const char* begin = reinterpret_cast<const char*>(stream_.data()) + position_;
    position_ += count;
    return {begin, static_cast<std::size_t>(count)};
  }

  /// A little-endian number.
  template <typename T> T number() {
    T value{};
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }

  /// The text up to a line feed, which is taken too.
  std::string_view line() {
    const std::size_t begin = position_;
    while (take(1) != "\n") {
    }
    return {reinterpret_cast<const char*>(stream_.data()) + begin, position_ - begin - 1};
  }

private:
  std::span<const std::byte> stream_;
  std::size_t position_ = 0;
};

} // namespace lmc::model
