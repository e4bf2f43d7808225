// SPDX-License-Identifier: Apache-2.0
#include "model/import/zip_archive.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>

using namespace lmc::model;
using Catch::Matchers::Contains;

namespace {

std::string number(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) {
    text += static_cast<char>(value >> 8 * i & 0xff);
  }
  return text;
}

struct Entry {
  std::string name;
  std::string data;
  std::uint64_t method = 0;
  std::uint64_t flags = 0;
  std::int64_t more_size = 0; ///< added to the size in the directory
};

/// A zip archive by PKWARE's APPNOTE.
std::string zip_of(const std::vector<Entry>& entries) {
  std::string archive;
  std::string directory;
  for (const Entry& entry : entries) {
    const std::size_t offset = archive.size();
    const std::string middle = number(entry.flags, 2) + number(entry.method, 2) + number(0, 8);
    const std::uint64_t size = entry.data.size() + static_cast<std::uint64_t>(entry.more_size);
    const std::string sizes = number(size, 4) + number(size, 4) + number(entry.name.size(), 2);
    archive += "PK\x03\x04" + number(20, 2) + middle + sizes + number(3, 2) + entry.name + "pad" +
               entry.data;
    directory += "PK\x01\x02" + number(20, 2) + number(20, 2) + middle + sizes + number(0, 2) +
                 number(0, 10) + number(offset, 4) + entry.name;
  }
  return archive + directory + "PK\x05\x06" + number(0, 4) + number(entries.size(), 2) +
         number(entries.size(), 2) + number(directory.size(), 4) + number(archive.size(), 4) +
         number(0, 2);
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void read(const std::string& archive) {
  static_cast<void>(read_zip(std::as_bytes(std::span{archive})));
}

} // namespace

CATCH_TEST_CASE("plain entries are parts of the archive") {
  const std::string archive = zip_of({{"a/data.pkl", "hello"}, {"a/data/0", "numbers"}});
  const ZipEntries entries = read_zip(std::as_bytes(std::span{archive}));
  CATCH_REQUIRE(entries.size() == 2);
  CATCH_CHECK(text_of(entries.at("a/data.pkl")) == "hello");
  CATCH_CHECK(text_of(entries.at("a/data/0")) == "numbers");
}

CATCH_TEST_CASE("archives that are damaged or hostile are refused with their cause") {
  const std::string good = zip_of({{"a", "hello"}});
  CATCH_CHECK_THROWS_WITH(read("PK"), Contains("directory is missing"));
  CATCH_CHECK_THROWS_WITH(read(good.substr(0, good.size() - 5)), Contains("truncated"));
  CATCH_CHECK_THROWS_WITH(read(zip_of({{"a", "hello", 8}})), Contains("compressed or encrypted"));
  CATCH_CHECK_THROWS_WITH(read(zip_of({{"a", "hello", 0, 1}})),
                          Contains("compressed or encrypted"));
  CATCH_CHECK_THROWS_WITH(read(zip_of({{"a", "x"}, {"a", "y"}})),
                          Contains("two entries are named"));
  CATCH_CHECK_THROWS_WITH(read(zip_of({{"a", "hello", 0, 0, 1000}})), Contains("out of the file"));
}

CATCH_TEST_CASE("an archive cut or changed anywhere is read or refused, never a crash") {
  const std::string good = zip_of({{"a", "hello"}, {"b", "you"}});
  for (std::size_t at = 0; at < good.size(); ++at) {
    CATCH_CHECK_THROWS_AS(read(good.substr(0, at)), std::invalid_argument);
    std::string changed = good;
    changed[at] = '\xff';
    try {
      read(changed);
    } catch (const std::invalid_argument& error) {
      CATCH_CHECK(std::string{error.what()}.size() > 10);
    }
  }
}
