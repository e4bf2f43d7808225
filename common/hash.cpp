// SPDX-License-Identifier: Apache-2.0
#include "common/hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <memory>
#include <new>
#include <system_error>
#include <vector>

namespace lmc {

namespace {

class Sha256 {
public:
  Sha256() : context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free} {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
      throw std::bad_alloc{};
    }
  }

  void add(const void* data, std::size_t size) {
    if (EVP_DigestUpdate(context_.get(), data, size) != 1) {
      throw std::bad_alloc{};
    }
  }

  [[nodiscard]] std::string finish() {
    std::array<unsigned char, 32> digest{};
    if (EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) != 1) {
      throw std::bad_alloc{};
    }
    std::string text;
    for (const unsigned char byte : digest) {
      text += fmt::format("{:02x}", byte);
    }
    return text;
  }

private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

} // namespace

std::string sha256_of(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.add(bytes.data(), bytes.size());
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
    hash.add(block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) {
    throw std::system_error{EIO, std::generic_category(), path.string()};
  }
  return hash.finish();
}

} // namespace lmc
