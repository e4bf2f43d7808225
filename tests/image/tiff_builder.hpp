// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lmc::test {

/// A directory entry whose values fit wherever they must go. Types: 2 ASCII, 3 SHORT, 4 LONG, 16
/// LONG8.
struct TestTag {
  std::uint16_t number;
  std::uint16_t type;
  std::vector<std::uint64_t> values;
};

/// One page with one uncompressed strip, unless `tags` say otherwise (they replace tags of the same
/// number).
struct TestPage {
  std::uint64_t width = 4;
  std::uint64_t height = 3;
  std::uint16_t bits = 16;
  std::uint16_t samples = 1;
  std::uint16_t photometric = 1;
  std::uint16_t sample_format = 1;
  std::string description = {};
  std::vector<std::uint64_t> values = {}; ///< of `bits` bits (8, 16, 32 or 64); none: 0, 1, 2 ...
  std::string raw = {};                   ///< the strip's bytes instead of `values`
  std::vector<TestTag> tags = {};
};

struct TestFormat {
  bool big_endian = false;
  bool big_tiff = false;
  bool loop = false; ///< the last page points to the first one
};

/// The bytes of a TIFF file, written without any library.
class TiffBuilder {
public:
  explicit TiffBuilder(TestFormat format) : format_{format} {}

  std::string build(const std::vector<TestPage>& pages) {
    bytes_ = format_.big_endian ? "MM" : "II";
    number(format_.big_tiff ? 43 : 42, 2);
    if (format_.big_tiff) {
      number(8, 2);
      number(0, 2);
    }
    std::size_t link = bytes_.size();
    const std::size_t first_link = link;
    number(0, pointer());
    for (const TestPage& page : pages) {
      link = add(page, link);
    }
    if (format_.loop) {
      bytes_.replace(link, pointer(), bytes_.substr(first_link, pointer()));
    }
    return bytes_;
  }

private:
  [[nodiscard]] std::size_t pointer() const { return format_.big_tiff ? 8 : 4; }

  static std::size_t size_of_type(std::uint16_t type) {
    return type == 3 ? 2 : type == 4 ? 4 : type == 16 || type == 12 || type == 5 ? 8 : 1;
  }

  [[nodiscard]] std::string encoded(std::uint64_t value, std::size_t size) const {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t shift = 8 * (format_.big_endian ? size - 1 - i : i);
      text += static_cast<char>(value >> shift & 0xff);
    }
    return text;
  }

  void number(std::uint64_t value, std::size_t size) { bytes_ += encoded(value, size); }

  [[nodiscard]] std::string strip_of(const TestPage& page) const {
    if (!page.raw.empty()) {
      return page.raw;
    }
    std::string strip;
    for (std::uint64_t i = 0; i < page.width * page.height * page.samples; ++i) {
      strip += encoded(page.values.empty() ? i : page.values.at(i), page.bits / 8U);
    }
    return strip;
  }

  [[nodiscard]] std::vector<TestTag> tags_of(const TestPage& page, std::uint64_t strip_at,
                                             std::uint64_t strip_bytes) const {
    std::vector<TestTag> tags{
        {256, 4, {page.width}},
        {257, 4, {page.height}},
        {258, 3, std::vector<std::uint64_t>(page.samples, page.bits)},
        {259, 3, {1}},
        {262, 3, {page.photometric}},
        {273, 4, {strip_at}},
        {277, 3, {page.samples}},
        {278, 4, {page.height}},
        {279, 4, {strip_bytes}},
        {284, 3, {1}},
        {339, 3, std::vector<std::uint64_t>(page.samples, page.sample_format)}};
    if (!page.description.empty()) {
      TestTag text{270, 2, {}};
      for (const char c : page.description + '\0') {
        text.values.push_back(static_cast<unsigned char>(c));
      }
      put(tags, text);
    }
    for (const TestTag& tag : page.tags) {
      put(tags, tag);
    }
    return tags;
  }

  static void put(std::vector<TestTag>& tags, const TestTag& tag) {
    for (auto at = tags.begin(); at != tags.end(); ++at) {
      if (at->number == tag.number) {
        *at = tag;
        return;
      }
      if (at->number > tag.number) {
        tags.insert(at, tag);
        return;
      }
    }
    tags.push_back(tag);
  }

  /// Appends a page; returns where its link to the next one is.
  std::size_t add(const TestPage& page, std::size_t link) {
    const std::string strip = strip_of(page);
    const std::size_t strip_at = bytes_.size();
    bytes_ += strip;
    const std::vector<TestTag> tags = tags_of(page, strip_at, strip.size());
    std::vector<std::string> fields;
    for (const TestTag& tag : tags) {
      std::string field;
      for (const std::uint64_t value : tag.values) {
        field += encoded(value, size_of_type(tag.type));
      }
      if (field.size() > pointer()) {
        const std::size_t at = bytes_.size();
        bytes_ += field;
        field = encoded(at, pointer());
      }
      field.resize(pointer());
      fields.push_back(field);
    }
    bytes_.replace(link, pointer(), encoded(bytes_.size(), pointer()));
    number(tags.size(), format_.big_tiff ? 8 : 2);
    for (std::size_t i = 0; i < tags.size(); ++i) {
      number(tags[i].number, 2);
      number(tags[i].type, 2);
      number(tags[i].values.size(), pointer());
      bytes_ += fields[i];
    }
    number(0, pointer());
    return bytes_.size() - pointer();
  }

  TestFormat format_;
  std::string bytes_;
};

[[nodiscard]] inline std::string tiff_of(const std::vector<TestPage>& pages,
                                         TestFormat format = {}) {
  return TiffBuilder{format}.build(pages);
}

} // namespace lmc::test
