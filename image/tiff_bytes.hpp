// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>

namespace lmc::image {

/// A TIFF file's bytes without libtiff: integers of the file's byte order at any place; a place
/// outside the file is nothing.
class TiffBytes {
public:
  explicit TiffBytes(const std::filesystem::path& path)
      : stream_{path, std::ios::binary}, bytes_{std::filesystem::file_size(path)} {
    std::array<char, 4> head{};
    stream_.read(head.data(), head.size());
    big_endian_ = head[0] == 'M';
    big_tiff_ = head[2] == 43 || head[3] == 43;
  }

  [[nodiscard]] bool big_tiff() const { return big_tiff_; }

  [[nodiscard]] std::optional<std::uint64_t> integer(std::uint64_t offset, std::size_t size) {
    std::array<unsigned char, 8> raw{};
    if (!fill(offset, std::span{raw}.first(size))) {
      return std::nullopt;
    }
    return decode(std::span{raw}.first(size));
  }

  [[nodiscard]] bool fill(std::uint64_t offset, std::span<unsigned char> target) {
    if (offset > bytes_ || target.size() > bytes_ - offset) {
      return false;
    }
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(reinterpret_cast<char*>(target.data()),
                 static_cast<std::streamsize>(target.size()));
    return stream_.gcount() == static_cast<std::streamsize>(target.size());
  }

  /// Whether `count` values of `size` bytes at this place are inside the file.
  [[nodiscard]] bool contains(std::uint64_t offset, std::uint64_t count, std::size_t size) const {
    return offset <= bytes_ && count <= (bytes_ - offset) / size;
  }

  [[nodiscard]] std::uint64_t decode(std::span<const unsigned char> raw) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      value = value << 8 | raw[big_endian_ ? i : raw.size() - 1 - i];
    }
    return value;
  }

private:
  std::ifstream stream_;
  std::uint64_t bytes_;
  bool big_endian_ = false;
  bool big_tiff_ = false;
};

} // namespace lmc::image
