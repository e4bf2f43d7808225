// SPDX-License-Identifier: Apache-2.0
#include "image/tiff/reader.hpp"
#include "tests/image/failure.hpp"
#include "tests/image/tiff_builder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

using namespace lmc::image;
using namespace lmc::test;
using Catch::Matchers::Contains;
using lmc::ErrorCode;

namespace {

/// Why the page, 4 x 3 pixels of 2 bytes at byte 8, is rejected with these tags.
std::string rejection(std::vector<TestTag> tags, std::uint64_t height = 3) {
  const TemporaryFolder folder;
  const auto path = folder.file("a.tiff", tiff_of({{.height = height, .tags = std::move(tags)}}));
  return cause_of(ErrorCode::input_corrupt, [&] {
    static_cast<void>(TiffReader{OpenFile{path}, {}}.read_page(0));
  });
}

} // namespace

CATCH_TEST_CASE("Strips and tiles that the directory does not list are not guessed") {
  CATCH_CHECK_THAT(rejection({{279, 4, {}}}), Contains("the sizes of 0 of its 1 strips"));
  CATCH_CHECK_THAT(rejection({{278, 4, {1}}}),
                   Contains("the places of 1 and the sizes of 1 of its 3"));
  CATCH_CHECK_THAT(rejection({{324, 4, {8}}}), Contains("lists both strips and tiles"));
  // Signed and floating point places are none.
  CATCH_CHECK_THAT(rejection({{273, 9, {8}}}), Contains("the places of 0"));
}

CATCH_TEST_CASE("A table that claims more than the file holds is rejected") {
  const TemporaryFolder folder;
  std::string content = tiff_of({{}});
  // The count of StripByteCounts: 1 becomes 256, which makes its value a place in the file.
  const std::size_t entry = content.rfind(std::string("\x17\x01\x04\x00\x01\x00\x00\x00", 8));
  CATCH_REQUIRE(entry != std::string::npos);
  content.replace(entry + 4, 2, std::string("\x00\x01", 2));
  const auto path = folder.file("a.tiff", content);
  CATCH_CHECK_THAT(cause_of(ErrorCode::input_corrupt,
                            [&] {
                              static_cast<void>(TiffReader{OpenFile{path}, {}}.read_page(0));
                            }),
                   Contains("not inside the file"));
}

CATCH_TEST_CASE("Strips at no place, of no size or too short are missing") {
  CATCH_CHECK_THAT(rejection({{273, 4, {0}}}),
                   Contains("strip 0 is missing: it has 24 bytes at 0"));
  CATCH_CHECK_THAT(rejection({{279, 4, {0}}}), Contains("strip 0 is missing: it has 0 bytes"));
  CATCH_CHECK_THAT(rejection({{279, 4, {23}}}),
                   Contains("strip 0 is truncated: it has 23 of 24 bytes"));
  // A last strip ends with the image: 8 bytes a row.
  CATCH_CHECK_THAT(rejection({{273, 4, {8, 24}}, {278, 4, {2}}, {279, 4, {16, 7}}}),
                   Contains("strip 1 is truncated: it has 7 of 8 bytes"));
  CATCH_CHECK_THAT(rejection({{278, 4, {2}}, {273, 4, {8, 24}}, {279, 4, {15, 8}}}),
                   Contains("strip 0 is truncated"));
}

CATCH_TEST_CASE("A tag that stands twice is rejected") {
  const TemporaryFolder folder;
  std::string content = tiff_of({{.tags = {{285, 3, {1}}}}});
  const std::size_t entry = content.rfind(std::string("\x1d\x01\x03\x00", 4));
  CATCH_REQUIRE(entry != std::string::npos);
  content[entry] = '\x1c'; // PageName becomes a second PlanarConfiguration
  const auto path = folder.file("a.tiff", content);
  CATCH_CHECK_THAT(cause_of(ErrorCode::input_corrupt,
                            [&] {
                              static_cast<void>(TiffReader{OpenFile{path}, {}}.read_page(0));
                            }),
                   Contains("tag 284 twice"));
}

CATCH_TEST_CASE("A large strip that libtiff chops is one strip all the same") {
  const TemporaryFolder folder;
  const auto path = folder.file("a.tiff", tiff_of({{.width = 300, .height = 200}}));
  CATCH_CHECK(TiffReader{OpenFile{path}, {}}.read_page(0).bytes.size() == 120'000);
}
