// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace lmc {

/// SHA-256 of bytes that come in parts.
class Sha256 {
public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  /// 64 lower-case hexadecimal digits; nothing may be added after it.
  [[nodiscard]] std::string finish();

private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

/// SHA-256 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_of(std::span<const std::byte> bytes);

/// SHA-256 of a file's content. @throws std::system_error when it cannot be read
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

} // namespace lmc
