// SPDX-License-Identifier: Apache-2.0
#include "common/files/hash.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <new>
#include <system_error>
#include <vector>

namespace lmc {

Sha256::Sha256() : context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free} {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc{};
  }
}

void Sha256::add(std::span<const std::byte> bytes) {
  if (EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) {
    throw std::bad_alloc{};
  }
}

std::string Sha256::finish() {
  std::array<unsigned char, 32> digest{};
  if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) {
    throw std::bad_alloc{};
  }
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string sha256_of(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::string sha256_of_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    throw std::system_error{errno, std::generic_category(), path.string()};
  }
  Sha256 hash;
  std::vector<char> block(std::size_t{1} << 20);
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    hash.add(std::as_bytes(std::span{block}).first(static_cast<std::size_t>(file.gcount())));
  }
  if (file.bad()) {
    throw std::system_error{EIO, std::generic_category(), path.string()};
  }
  return hash.finish();
}

} // namespace lmc
