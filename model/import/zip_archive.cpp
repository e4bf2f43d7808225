// SPDX-License-Identifier: Apache-2.0
#include "model/import/zip_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace lmc::model {

namespace {

// PKWARE APPNOTE 6.3: signatures and sizes of the fixed parts.
constexpr std::uint32_t end_signature = 0x06054b50;
constexpr std::uint32_t end64_signature = 0x06064b50;
constexpr std::uint32_t locator_signature = 0x07064b50;
constexpr std::uint32_t entry_signature = 0x02014b50;
constexpr std::uint32_t local_signature = 0x04034b50;
constexpr std::size_t end_size = 22;
constexpr std::size_t locator_size = 20;
constexpr std::size_t entry_size = 46;
constexpr std::size_t local_size = 30;
constexpr std::size_t max_comment = 65535;
constexpr std::uint64_t max_entries = 100'000;
constexpr std::uint32_t in_zip64 = 0xFFFFFFFF; // the value stands in the zip64 field
constexpr std::uint16_t zip64_field = 1;

using Bytes = std::span<const std::byte>;

Bytes part(Bytes bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size() || size > bytes.size() - offset) {
    throw std::invalid_argument{"the zip directory points out of the file"};
  }
  return bytes.subspan(offset, size);
}

template <typename T> T number(Bytes bytes, std::uint64_t offset) {
  T value{};
  std::memcpy(&value, part(bytes, offset, sizeof(T)).data(), sizeof(T));
  return value;
}

struct Directory {
  std::uint64_t entries = 0;
  std::uint64_t offset = 0;
};

std::size_t find_end(Bytes archive) {
  if (archive.size() >= end_size) {
    const std::size_t last = archive.size() - end_size;
    for (std::size_t back = 0; back <= std::min(last, max_comment); ++back) {
      if (number<std::uint32_t>(archive, last - back) == end_signature) {
        return last - back;
      }
    }
  }
  throw std::invalid_argument{"the zip directory is missing: the file is truncated"};
}

Directory find_directory(Bytes archive) {
  const std::size_t end = find_end(archive);
  Directory directory{.entries = number<std::uint16_t>(archive, end + 10),
                      .offset = number<std::uint32_t>(archive, end + 16)};
  if (end >= locator_size &&
      number<std::uint32_t>(archive, end - locator_size) == locator_signature) {
    const auto end64 = number<std::uint64_t>(archive, end - locator_size + 8);
    if (number<std::uint32_t>(archive, end64) != end64_signature) {
      throw std::invalid_argument{"the zip64 directory is damaged"};
    }
    const Bytes record = part(archive, end64, 56);
    directory = {.entries = number<std::uint64_t>(record, 32),
                 .offset = number<std::uint64_t>(record, 48)};
  }
  return directory;
}

/// Sizes and place of an entry, from its directory record.
struct Entry {
  std::uint64_t compressed = 0;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;
};

/// Takes the values that do not fit 32 bits from the zip64 field, in the order in which they are
/// missing.
Entry widened(Entry entry, Bytes extra) {
  for (std::uint64_t at = 0; at + 4 <= extra.size();) {
    const auto id = number<std::uint16_t>(extra, at);
    const auto size = number<std::uint16_t>(extra, at + 2);
    const Bytes field = part(extra, at + 4, size);
    if (id == zip64_field) {
      std::uint64_t next = 0;
      for (std::uint64_t* value : {&entry.size, &entry.compressed, &entry.offset}) {
        if (*value == in_zip64) {
          *value = number<std::uint64_t>(field, next);
          next += sizeof(std::uint64_t);
        }
      }
    }
    at += 4 + std::uint64_t{size};
  }
  return entry;
}

Bytes data_of(Bytes archive, const Entry& entry, std::string_view name) {
  if (entry.compressed != entry.size) {
    throw std::invalid_argument{fmt::format("entry \"{}\" has two sizes", name)};
  }
  const Bytes local = part(archive, entry.offset, local_size);
  if (number<std::uint32_t>(local, 0) != local_signature) {
    throw std::invalid_argument{fmt::format("entry \"{}\" is damaged", name)};
  }
  // The local name and extra field may be longer than the directory's: PyTorch aligns its data with
  // them.
  const std::uint64_t head = local_size + number<std::uint16_t>(local, 26) +
                             std::uint64_t{number<std::uint16_t>(local, 28)};
  return part(archive.subspan(entry.offset), head, entry.size);
}

void check_plain(Bytes record, std::string_view name) {
  constexpr std::uint16_t encrypted = 1;
  if ((number<std::uint16_t>(record, 8) & encrypted) != 0 ||
      number<std::uint16_t>(record, 10) != 0) {
    throw std::invalid_argument{
        fmt::format("entry \"{}\" is compressed or encrypted, PyTorch stores it plain", name)};
  }
}

} // namespace

ZipEntries read_zip(Bytes archive) {
  const Directory directory = find_directory(archive);
  if (directory.entries > max_entries) {
    throw std::invalid_argument{
        fmt::format("the zip names {} entries, allowed {}", directory.entries, max_entries)};
  }
  ZipEntries entries;
  std::uint64_t offset = directory.offset;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    const Bytes record = part(archive, offset, entry_size);
    if (number<std::uint32_t>(record, 0) != entry_signature) {
      throw std::invalid_argument{"the zip directory is damaged"};
    }
    const std::uint64_t name_size = number<std::uint16_t>(record, 28);
    const std::uint64_t extra_size = number<std::uint16_t>(record, 30);
    const Bytes name_bytes = part(archive, offset + entry_size, name_size);
    const std::string name{reinterpret_cast<const char*>(name_bytes.data()), name_bytes.size()};
    check_plain(record, name);
    const Entry entry = widened({.compressed = number<std::uint32_t>(record, 20),
                                 .size = number<std::uint32_t>(record, 24),
                                 .offset = number<std::uint32_t>(record, 42)},
                                part(archive, offset + entry_size + name_size, extra_size));
    if (!entries.try_emplace(name, data_of(archive, entry, name)).second) {
      throw std::invalid_argument{fmt::format("two entries are named \"{}\"", name)};
    }
    offset += entry_size + name_size + extra_size + number<std::uint16_t>(record, 32);
  }
  return entries;
}

} // namespace lmc::model
